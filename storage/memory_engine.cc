#include "storage/memory_engine.h"

#include "storage/engine_internal.h"

namespace landbook::storage {

std::unique_ptr<MemoryEngine> MemoryEngine::Copy() const {
  auto copy = std::make_unique<MemoryEngine>();
  MutexLock lock(mutex_);
  MutexLock copy_lock(copy->mutex_);
  copy->items_ = items_;
  copy->epochs_ = epochs_;
  copy->sequence_ = sequence_;
  return copy;
}

absl::StatusOr<std::vector<std::optional<std::string>>> MemoryEngine::Read(
    std::span<const std::string> keys) const {
  if (absl::Status status = ValidateKeys(keys); !status.ok()) return status;
  std::vector<std::optional<std::string>> values(keys.size());
  MutexLock lock(mutex_);
  for (std::size_t i = 0; i < keys.size(); ++i) {
    if (auto found = items_.find(keys[i]); found != items_.end()) values[i] = found->second;
  }
  return values;
}

std::pair<MemoryEngine::Items::const_iterator, MemoryEngine::Items::const_iterator>
MemoryEngine::Bounds(const KeyRange& range) const {
  return {items_.lower_bound(range.begin), items_.lower_bound(EndBound(range.end))};
}

bool MemoryEngine::ScanRange(const KeyRange& range, std::size_t index,
                             ScanProgress& progress) const {
  auto [begin, end] = Bounds(range);
  while (begin != end) {
    auto item = range.reverse ? --end : begin++;
    if (!progress.Visit(index, item->first, item->second)) return false;
  }
  return true;
}

absl::StatusOr<RemainingRanges> MemoryEngine::Scan(std::span<const KeyRange> ranges,
                                                   const ScanLimit& limit, Visitor visitor) const {
  if (absl::Status status = ValidateRanges(ranges); !status.ok()) return status;
  ScanProgress progress(ranges, limit, visitor);
  MutexLock lock(mutex_);
  for (std::size_t i = 0; i < ranges.size(); ++i) {
    if (!ScanRange(ranges[i], i, progress)) break;
  }
  return progress.TakeRemaining();
}

void MemoryEngine::Apply(const WriteBatch::Operation& operation) {
  switch (operation.kind) {
    case WriteBatch::Kind::kPut:
      items_.insert_or_assign(std::string(operation.key), std::string(operation.value));
      return;
    case WriteBatch::Kind::kDelete:
      items_.erase(std::string(operation.key));
      return;
    case WriteBatch::Kind::kDeleteRange: {
      auto [begin, end] =
          Bounds({.begin = std::string(operation.key), .end = std::string(operation.value)});
      items_.erase(begin, end);
      return;
    }
  }
}

absl::Status MemoryEngine::Write(const WriteBatch& batch, const Fence& fence, Durability) {
  if (absl::Status status = ValidateBatch(batch); !status.ok()) return status;
  MutexLock lock(mutex_);
  if (!fence.name.empty()) {
    auto held = epochs_.find(fence.name);
    const std::uint64_t current_epoch = held == epochs_.end() ? 0 : held->second;
    if (current_epoch == 0 || fence.epoch != current_epoch) {
      return FenceRefusal(fence, current_epoch);
    }
  }
  for (const WriteBatch::Operation& operation : batch.Operations()) Apply(operation);
  sequence_ += batch.Operations().size();
  return absl::OkStatus();
}

absl::StatusOr<Fence> MemoryEngine::AcquireFence(std::string_view name) {
  if (absl::Status status = ValidateFenceName(name); !status.ok()) return status;
  MutexLock lock(mutex_);
  ++sequence_;
  return Fence{.name = std::string(name), .epoch = ++epochs_[std::string(name)]};
}

absl::Status MemoryEngine::Purge(const KeyRange& range) { return ValidateRange(range); }

absl::Status MemoryEngine::Flush() { return absl::OkStatus(); }

absl::Status MemoryEngine::Checkpoint(const std::string&) const {
  return absl::FailedPreconditionError(
      "this store is kept in memory only and cannot be copied to a directory; use a store on disk");
}

absl::StatusOr<std::uint64_t> MemoryEngine::ApproximateSizeBytes(const KeyRange& range) const {
  if (absl::Status status = ValidateRange(range); !status.ok()) return status;
  MutexLock lock(mutex_);
  auto [begin, end] = Bounds(range);
  std::uint64_t size_bytes = 0;
  for (; begin != end; ++begin) size_bytes += begin->first.size() + begin->second.size();
  return size_bytes;
}

std::uint64_t MemoryEngine::Sequence() const {
  MutexLock lock(mutex_);
  return sequence_;
}

}  // namespace landbook::storage
