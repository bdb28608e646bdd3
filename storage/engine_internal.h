// What every engine shares behind engine.h: the checks at its door and the progress of a scan.
#ifndef LANDBOOK_STORAGE_ENGINE_INTERNAL_H_
#define LANDBOOK_STORAGE_ENGINE_INTERNAL_H_

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "storage/engine.h"

namespace landbook::storage {

// The checks that every engine makes before it acts. INVALID_ARGUMENT says what came and what was
// wanted.
absl::Status ValidateKeys(std::span<const std::string> keys);
absl::Status ValidateRange(const KeyRange& range);
absl::Status ValidateRanges(std::span<const KeyRange> ranges);
absl::Status ValidateBatch(const WriteBatch& batch);
absl::Status ValidateFenceName(std::string_view name);

// The refusal of a write whose fence is not the current one. `current_epoch` is zero when the fence
// was never acquired.
absl::Status FenceRefusal(const Fence& fence, std::uint64_t current_epoch);

// The key before which the range ends: its own end, or the first reserved key when it is open.
std::string_view EndBound(std::string_view end);

// Follows one scan: hands items to the visitor, keeps the limit, and knows what was left.
class ScanProgress {
 public:
  // REQUIRES: `ranges` and what `visitor` refers to outlive the object.
  ScanProgress(std::span<const KeyRange> ranges, const ScanLimit& limit, Visitor visitor)
      : ranges_(ranges), limit_(limit), visitor_(visitor) {}

  // Takes the next item, found in the range of that index, and tells whether to go on.
  bool Visit(std::size_t range_index, std::string_view key, std::string_view value);

  // What was left when Visit said stop; empty when it never did.
  RemainingRanges TakeRemaining() { return std::move(remaining_); }

 private:
  bool LimitReached(std::size_t item_bytes) const;
  // Stops at `key`, which was visited or is the first that was not.
  void Stop(std::size_t range_index, std::string_view key, bool visited);

  std::span<const KeyRange> ranges_;
  ScanLimit limit_;
  Visitor visitor_;
  std::size_t items_ = 0;
  std::size_t bytes_ = 0;
  RemainingRanges remaining_;
};

}  // namespace landbook::storage

#endif  // LANDBOOK_STORAGE_ENGINE_INTERNAL_H_
