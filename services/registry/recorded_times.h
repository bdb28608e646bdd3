// When a book's last read entries were recorded: most records of a county come from few entries,
// those of its import, and a header is not worth reading again for each of them.
#ifndef LANDBOOK_SERVICES_REGISTRY_RECORDED_TIMES_H_
#define LANDBOOK_SERVICES_REGISTRY_RECORDED_TIMES_H_

#include <array>
#include <cstdint>
#include <optional>

#include "storage/mutex.h"

namespace landbook::registry {

// A cache of fixed size: an entry takes the place of another that falls on the same slot. Entries
// never change once written, so it is never wrong. Thread-safe.
class RecordedTimes {
 public:
  // Microseconds since 1970 UTC; nullopt when the entry is not known here.
  std::optional<std::int64_t> Find(std::uint64_t sequence) const LANDBOOK_EXCLUDES(mutex_) {
    storage::MutexLock lock(mutex_);
    const Slot& slot = slots_[sequence % kSlots];
    return slot.sequence == sequence ? std::optional(slot.micros) : std::nullopt;
  }
  // REQUIRES: sequence > 0.
  void Keep(std::uint64_t sequence, std::int64_t micros) LANDBOOK_EXCLUDES(mutex_) {
    storage::MutexLock lock(mutex_);
    slots_[sequence % kSlots] = {sequence, micros};
  }

 private:
  static constexpr std::size_t kSlots = 4'096;
  struct Slot {
    std::uint64_t sequence = 0;  // no entry has 0
    std::int64_t micros = 0;
  };
  mutable storage::Mutex mutex_;
  std::array<Slot, kSlots> slots_ LANDBOOK_GUARDED_BY(mutex_);
};

}  // namespace landbook::registry

#endif  // LANDBOOK_SERVICES_REGISTRY_RECORDED_TIMES_H_
