// When each part of a book's newest state last changed, for what its readers keep of it in memory.
//
// A part is what is kept in one piece (part_cache.h): the lines of one cell of the window index, or
// what is known of a run of plots. The writer stamps the parts that an entry changed after the
// entry was written and before it becomes the book's position. So, for whoever has read a position:
//
//   the stamp of a part is at least the last entry, up to that position, that changed the part.
//
// It may be more: stamps lie in a table of fixed size, and parts that fall on one place share it.
// Then a part is taken for changed when only another was, and is read again.
#ifndef LANDBOOK_SERVICES_REGISTRY_CHANGE_STAMPS_H_
#define LANDBOOK_SERVICES_REGISTRY_CHANGE_STAMPS_H_

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace landbook::registry {

// Names a part of one book; who makes the names sees to it that no two parts share one.
using PartName = std::uint64_t;

// One thread stamps; any thread asks.
class ChangeStamps {
 public:
  // Half a megabyte a book.
  static constexpr int kPlacesBits = 16;

  // REQUIRES: the book stands at `sequence`. What changed before is not known, so every part counts
  // as changed then.
  explicit ChangeStamps(std::uint64_t sequence) : stamps_(std::size_t{1} << kPlacesBits) {
    for (auto& stamp : stamps_) stamp.store(sequence, std::memory_order_relaxed);
  }

  // The part changed in `sequence` at the latest. REQUIRES: no earlier call named a later entry.
  void Stamp(PartName part, std::uint64_t sequence) {
    stamps_[PlaceOf(part)].store(sequence, std::memory_order_release);
  }

  std::uint64_t Of(PartName part) const {
    return stamps_[PlaceOf(part)].load(std::memory_order_acquire);
  }

 private:
  // Fibonacci hashing: neighbours in number are spread over the table.
  static std::size_t PlaceOf(PartName part) {
    return static_cast<std::size_t>((part * 0x9e37'79b9'7f4a'7c15U) >> (64 - kPlacesBits));
  }

  std::vector<std::atomic<std::uint64_t>> stamps_;
};

}  // namespace landbook::registry

#endif  // LANDBOOK_SERVICES_REGISTRY_CHANGE_STAMPS_H_
