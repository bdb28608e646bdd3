#include "storage/lying_engine.h"

#include <thread>
#include <utility>

#include "storage/check.h"

namespace landbook::storage {
namespace {

std::string WithFlippedBit(std::string_view value) {
  std::string flipped(value);
  flipped.front() = static_cast<char>(flipped.front() ^ 1);
  return flipped;
}

}  // namespace

LyingEngine::LyingEngine() : LyingEngine(std::make_unique<MemoryEngine>()) {}

LyingEngine::LyingEngine(const LiePlan& plan) : LyingEngine() { SetPlan(plan); }

LyingEngine::LyingEngine(std::unique_ptr<MemoryEngine> kept)
    : live_(kept->Copy()), durable_(std::move(kept)) {}

void LyingEngine::SetPlan(const LiePlan& plan) {
  MutexLock lock(plan_mutex_);
  plan_ = plan;
  found_values_ = 0;
  tried_writes_ = 0;
}

RoundTrips LyingEngine::Counted() const {
  MutexLock lock(plan_mutex_);
  return counted_;
}

void LyingEngine::ClearCounted() {
  MutexLock lock(plan_mutex_);
  counted_ = {};
}

std::unique_ptr<LyingEngine> LyingEngine::Crash() const {
  MutexLock lock(write_mutex_);
  return std::unique_ptr<LyingEngine>(new LyingEngine(durable_->Copy()));
}

void LyingEngine::Travel(absl::FunctionRef<void(RoundTrips&)> count) const {
  std::chrono::microseconds delay;
  {
    MutexLock lock(plan_mutex_);
    count(counted_);
    delay = plan_.delay;
  }
  if (delay.count() > 0) std::this_thread::sleep_for(delay);
}

bool LyingEngine::TakesFlip() const {
  MutexLock lock(plan_mutex_);
  return ++found_values_ == plan_.flipped_read;
}

void LyingEngine::AwaitWrite(const Fence& fence) {
  std::function<void(std::uint64_t)> before;
  std::uint64_t number = 0;
  {
    MutexLock lock(plan_mutex_);
    if (!plan_.failing_fence.empty() && plan_.failing_fence != fence.name) return;
    before = plan_.before_write;
    number = tried_writes_ + 1;
  }
  if (before) before(number);
}

LyingEngine::Failure LyingEngine::TakesFailure(const Fence& fence) {
  MutexLock lock(plan_mutex_);
  if (!plan_.failing_fence.empty() && plan_.failing_fence != fence.name) return {};
  const std::uint64_t number = ++tried_writes_;
  const bool fails = plan_.failing_write && number >= *plan_.failing_write &&
                     number - *plan_.failing_write < plan_.failing_writes;
  return {.fails = fails, .applies = plan_.failing_write_applies};
}

absl::StatusOr<std::vector<std::optional<std::string>>> LyingEngine::Read(
    std::span<const std::string> keys) const {
  Travel([&](RoundTrips& counted) {
    ++counted.reads;
    counted.keys += keys.size();
  });
  auto values = live_->Read(keys);
  if (!values.ok()) return values;
  for (std::optional<std::string>& value : *values) {
    if (!value || value->empty()) continue;
    if (TakesFlip()) *value = WithFlippedBit(*value);
    break;
  }
  return values;
}

absl::StatusOr<RemainingRanges> LyingEngine::Scan(std::span<const KeyRange> ranges,
                                                  const ScanLimit& limit, Visitor visitor) const {
  Travel([&](RoundTrips& counted) {
    ++counted.scans;
    counted.ranges += ranges.size();
  });
  bool found_value = false;
  return live_->Scan(ranges, limit, [&](std::string_view key, std::string_view value) {
    if (found_value || value.empty()) return visitor(key, value);
    found_value = true;
    return TakesFlip() ? visitor(key, WithFlippedBit(value)) : visitor(key, value);
  });
}

void LyingEngine::Settle() {
  const absl::Status status = durable_->Write(buffered_, kUnfenced, Durability::kDurable);
  LANDBOOK_CHECK(status.ok());
  buffered_.Clear();
}

absl::Status LyingEngine::Apply(const WriteBatch& batch, const Fence& fence,
                                Durability durability) {
  if (absl::Status status = live_->Write(batch, fence, durability); !status.ok()) return status;
  buffered_.Append(batch);
  if (durability == Durability::kDurable) Settle();
  return absl::OkStatus();
}

absl::Status LyingEngine::Write(const WriteBatch& batch, const Fence& fence,
                                Durability durability) {
  Travel([&](RoundTrips& counted) {
    ++counted.writes;
    counted.operations += batch.Operations().size();
  });
  AwaitWrite(fence);
  MutexLock lock(write_mutex_);
  const Failure failure = TakesFailure(fence);
  if (!failure.fails || failure.applies) {
    if (absl::Status status = Apply(batch, fence, durability); !status.ok()) return status;
  }
  return failure.fails ? absl::UnavailableError("the disk is full, as planned") : absl::OkStatus();
}

absl::StatusOr<Fence> LyingEngine::AcquireFence(std::string_view name) {
  Travel([](RoundTrips& counted) { ++counted.writes; });
  MutexLock lock(write_mutex_);
  auto fence = live_->AcquireFence(name);
  if (!fence.ok()) return fence;
  Settle();
  const auto kept = durable_->AcquireFence(name);
  LANDBOOK_CHECK(kept.ok() && kept->epoch == fence->epoch);
  return fence;
}

absl::Status LyingEngine::Purge(const KeyRange& range) {
  Travel([](RoundTrips& counted) { ++counted.purges; });
  return live_->Purge(range);
}

absl::Status LyingEngine::Flush() {
  MutexLock lock(write_mutex_);
  Settle();
  return absl::OkStatus();
}

absl::Status LyingEngine::Checkpoint(const std::string& directory) const {
  return live_->Checkpoint(directory);
}

absl::StatusOr<std::uint64_t> LyingEngine::ApproximateSizeBytes(const KeyRange& range) const {
  return live_->ApproximateSizeBytes(range);
}

std::uint64_t LyingEngine::Sequence() const { return live_->Sequence(); }

}  // namespace landbook::storage
