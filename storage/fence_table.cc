#include "storage/fence_table.h"

#include "storage/check.h"
#include "storage/engine_internal.h"

namespace landbook::storage {

void FenceTable::Load(std::string_view name, std::uint64_t epoch) {
  MutexLock lock(mutex_);
  entries_[std::string(name)].epoch = epoch;
}

absl::Status FenceTable::Enter(const Fence& fence) {
  if (fence.name.empty()) return absl::OkStatus();
  MutexLock lock(mutex_);
  auto entry = entries_.find(fence.name);
  if (entry == entries_.end()) return FenceRefusal(fence, 0);
  if (fence.epoch != entry->second.epoch) return FenceRefusal(fence, entry->second.epoch);
  ++entry->second.writes_under_way;
  return absl::OkStatus();
}

void FenceTable::Leave(const Fence& fence) {
  if (fence.name.empty()) return;
  MutexLock lock(mutex_);
  auto entry = entries_.find(fence.name);
  LANDBOOK_CHECK(entry != entries_.end() && entry->second.writes_under_way > 0);
  if (--entry->second.writes_under_way == 0) drained_.NotifyAll();
}

Fence FenceTable::Advance(std::string_view name) {
  MutexLock lock(mutex_);
  Entry& entry = entries_[std::string(name)];
  const std::uint64_t epoch = ++entry.epoch;
  while (entry.writes_under_way > 0) drained_.Wait(mutex_);
  return {.name = std::string(name), .epoch = epoch};
}

}  // namespace landbook::storage
