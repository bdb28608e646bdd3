// The engine that keeps everything in memory: the twin that tests and rehearsals run on, and the
// model that the others are compared with.
#ifndef LANDBOOK_STORAGE_MEMORY_ENGINE_H_
#define LANDBOOK_STORAGE_MEMORY_ENGINE_H_

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>

#include "storage/engine.h"
#include "storage/mutex.h"

namespace landbook::storage {

class ScanProgress;

// The twin of the engine on disk: the same answers and the same errors of a wrong call, and none of
// a disk's. For tests, and for folds that fit in memory. Nothing outlives the object, so both
// durabilities are alike; Flush and Purge have nothing to do and Checkpoint refuses. One mutex is
// held through each call, a scan's visits included.
class MemoryEngine final : public Engine {
 public:
  // Another engine with the same keys, fences and sequence.
  std::unique_ptr<MemoryEngine> Copy() const LANDBOOK_EXCLUDES(mutex_);

  absl::StatusOr<std::vector<std::optional<std::string>>> Read(
      std::span<const std::string> keys) const override LANDBOOK_EXCLUDES(mutex_);
  absl::StatusOr<RemainingRanges> Scan(std::span<const KeyRange> ranges, const ScanLimit& limit,
                                       Visitor visitor) const override LANDBOOK_EXCLUDES(mutex_);
  absl::Status Write(const WriteBatch& batch, const Fence& fence, Durability durability) override
      LANDBOOK_EXCLUDES(mutex_);
  absl::StatusOr<Fence> AcquireFence(std::string_view name) override LANDBOOK_EXCLUDES(mutex_);
  absl::Status Purge(const KeyRange& range) override;
  absl::Status Flush() override;
  absl::Status Checkpoint(const std::string& directory) const override;
  absl::StatusOr<std::uint64_t> ApproximateSizeBytes(const KeyRange& range) const override
      LANDBOOK_EXCLUDES(mutex_);
  std::uint64_t Sequence() const override LANDBOOK_EXCLUDES(mutex_);

 private:
  using Items = std::map<std::string, std::string, std::less<>>;

  void Apply(const WriteBatch::Operation& operation) LANDBOOK_REQUIRES(mutex_);
  // The first item of the range, and the one behind its last.
  std::pair<Items::const_iterator, Items::const_iterator> Bounds(const KeyRange& range) const
      LANDBOOK_REQUIRES(mutex_);
  // Visits the range of that index; false when the scan is to stop.
  bool ScanRange(const KeyRange& range, std::size_t index, ScanProgress& progress) const
      LANDBOOK_REQUIRES(mutex_);

  mutable Mutex mutex_;
  Items items_ LANDBOOK_GUARDED_BY(mutex_);
  std::map<std::string, std::uint64_t, std::less<>> epochs_ LANDBOOK_GUARDED_BY(mutex_);
  std::uint64_t sequence_ LANDBOOK_GUARDED_BY(mutex_) = 0;
};

}  // namespace landbook::storage

#endif  // LANDBOOK_STORAGE_MEMORY_ENGINE_H_
