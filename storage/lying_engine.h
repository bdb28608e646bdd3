// An engine that lies on a plan, so that tests see what the book does when storage misbehaves.
#ifndef LANDBOOK_STORAGE_LYING_ENGINE_H_
#define LANDBOOK_STORAGE_LYING_ENGINE_H_

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "storage/engine.h"
#include "storage/memory_engine.h"
#include "storage/mutex.h"

namespace landbook::storage {

// Which lies to tell, and when. Calls are counted from one; nothing set, nothing told.
struct LiePlan {
  // The write of this number fails with UNAVAILABLE, as on a full disk, and so do the ones after it
  // until `failing_writes` have failed.
  std::optional<std::uint64_t> failing_write = std::nullopt;
  std::uint64_t failing_writes = 1;
  // A failing write is applied all the same: its answer is lost, not its effect.
  bool failing_write_applies = false;
  // Only writes under the fence of this name are counted and fail; all of them when it is empty.
  std::string failing_fence = {};
  // The read or scan of this number has the lowest bit of the first byte of its first value
  // flipped, as by a disk without checksums. A read or scan that finds no value that is not empty
  // is not counted.
  std::optional<std::uint64_t> flipped_read = std::nullopt;
  // Is called before each write that is counted, with its number, and may wait.
  std::function<void(std::uint64_t write)> before_write = nullptr;
  // Every round trip takes this much longer.
  std::chrono::microseconds delay{0};
};

// How many round trips were made, and with how many keys or ranges or operations.
struct RoundTrips {
  std::uint64_t reads = 0;
  std::uint64_t keys = 0;
  std::uint64_t scans = 0;
  std::uint64_t ranges = 0;
  std::uint64_t writes = 0;
  std::uint64_t operations = 0;
  std::uint64_t purges = 0;
};

// Keeps everything in memory, twice: as readers see it, and as a power cut would leave it.
class LyingEngine final : public Engine {
 public:
  LyingEngine();
  explicit LyingEngine(const LiePlan& plan);

  // Takes up another plan; calls are counted anew.
  void SetPlan(const LiePlan& plan) LANDBOOK_EXCLUDES(plan_mutex_);

  // The round trips since the engine was made, or since they were last cleared.
  RoundTrips Counted() const LANDBOOK_EXCLUDES(plan_mutex_);
  void ClearCounted() LANDBOOK_EXCLUDES(plan_mutex_);

  // What a power cut now would leave: an engine, with no lies planned, that holds what was durable
  // and nothing later. This engine stays as it was.
  std::unique_ptr<LyingEngine> Crash() const LANDBOOK_EXCLUDES(write_mutex_);

  absl::StatusOr<std::vector<std::optional<std::string>>> Read(
      std::span<const std::string> keys) const override LANDBOOK_EXCLUDES(plan_mutex_);
  absl::StatusOr<RemainingRanges> Scan(std::span<const KeyRange> ranges, const ScanLimit& limit,
                                       Visitor visitor) const override
      LANDBOOK_EXCLUDES(plan_mutex_);
  absl::Status Write(const WriteBatch& batch, const Fence& fence, Durability durability) override
      LANDBOOK_EXCLUDES(write_mutex_, plan_mutex_);
  absl::StatusOr<Fence> AcquireFence(std::string_view name) override
      LANDBOOK_EXCLUDES(write_mutex_, plan_mutex_);
  absl::Status Purge(const KeyRange& range) override LANDBOOK_EXCLUDES(plan_mutex_);
  absl::Status Flush() override LANDBOOK_EXCLUDES(write_mutex_);
  absl::Status Checkpoint(const std::string& directory) const override;
  absl::StatusOr<std::uint64_t> ApproximateSizeBytes(const KeyRange& range) const override;
  std::uint64_t Sequence() const override;

 private:
  explicit LyingEngine(std::unique_ptr<MemoryEngine> kept);

  // Counts a read or scan that found a value; true when the plan has it flip a bit.
  bool TakesFlip() const LANDBOOK_EXCLUDES(plan_mutex_);
  // What the plan has a write do.
  struct Failure {
    bool fails = false;
    bool applies = false;
  };
  // Counts a write under that fence.
  void AwaitWrite(const Fence& fence) LANDBOOK_EXCLUDES(plan_mutex_);
  Failure TakesFailure(const Fence& fence) LANDBOOK_EXCLUDES(plan_mutex_);
  // Makes the buffered writes durable.
  void Settle() LANDBOOK_REQUIRES(write_mutex_);
  absl::Status Apply(const WriteBatch& batch, const Fence& fence, Durability durability)
      LANDBOOK_REQUIRES(write_mutex_);
  // Adds to the counters by `count` and waits as the plan says.
  void Travel(absl::FunctionRef<void(RoundTrips&)> count) const LANDBOOK_EXCLUDES(plan_mutex_);

  // A visitor takes up the plan while the live engine holds its own lock, and a write holds its
  // lock while it asks the live engine for that one: so the plan has a lock of its own, under which
  // nothing else is locked. One lock for both let a scan and a write wait for each other.
  mutable Mutex plan_mutex_;
  LiePlan plan_ LANDBOOK_GUARDED_BY(plan_mutex_);
  mutable RoundTrips counted_ LANDBOOK_GUARDED_BY(plan_mutex_);
  mutable std::uint64_t found_values_ LANDBOOK_GUARDED_BY(plan_mutex_) = 0;
  std::uint64_t tried_writes_ LANDBOOK_GUARDED_BY(plan_mutex_) = 0;
  // Held over a whole write, so that both engines take writes in one order.
  mutable Mutex write_mutex_;
  WriteBatch buffered_ LANDBOOK_GUARDED_BY(write_mutex_);
  // Both are safe from any thread by themselves.
  const std::unique_ptr<MemoryEngine> live_;
  const std::unique_ptr<MemoryEngine> durable_;
};

}  // namespace landbook::storage

#endif  // LANDBOOK_STORAGE_LYING_ENGINE_H_
