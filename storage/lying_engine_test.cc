#include "storage/lying_engine.h"

#include "storage/engine_conformance_testing.h"
#include "storage/engine_model_testing.h"

namespace landbook::storage {
namespace {

// Without a plan it is as good an engine as any. Reopening is a power cut after a flush.
struct TruthfulStore {
  Engine& Get() { return *engine; }
  void Reopen() {
    ASSERT_TRUE(engine->Flush().ok());
    engine = engine->Crash();
  }
  std::unique_ptr<LyingEngine> engine = std::make_unique<LyingEngine>();
};

INSTANTIATE_TYPED_TEST_SUITE_P(Lying, EngineConformance, TruthfulStore);
INSTANTIATE_TYPED_TEST_SUITE_P(Lying, EngineModel, TruthfulStore);

absl::Status Put(Engine& engine, const std::string& key, Durability durability) {
  WriteBatch batch;
  batch.Put(key, "1");
  return engine.Write(batch, kUnfenced, durability);
}

std::string Get(const Engine& engine, const std::string& key) {
  return ReadOne(engine, key)->value_or("(absent)");
}

TEST(LyingEngine, ACrashDropsWhatWasNotDurable) {
  LyingEngine engine;
  ASSERT_TRUE(Put(engine, "durable", Durability::kDurable).ok());
  ASSERT_TRUE(Put(engine, "buffered", Durability::kBuffered).ok());
  const auto crashed = engine.Crash();
  EXPECT_EQ(Get(*crashed, "durable"), "1");
  EXPECT_EQ(Get(*crashed, "buffered"), "(absent)");
}

TEST(LyingEngine, ADurableWriteMakesEarlierOnesDurable) {
  LyingEngine engine;
  ASSERT_TRUE(Put(engine, "buffered", Durability::kBuffered).ok());
  ASSERT_TRUE(Put(engine, "durable", Durability::kDurable).ok());
  EXPECT_EQ(Get(*engine.Crash(), "buffered"), "1");
}

TEST(LyingEngine, AFenceSurvivesTheCrash) {
  LyingEngine engine;
  auto fence = engine.AcquireFence("county");
  ASSERT_TRUE(fence.ok());
  const auto crashed = engine.Crash();
  EXPECT_TRUE(crashed->Write({}, *fence, Durability::kDurable).ok());
  EXPECT_EQ(crashed->AcquireFence("county")->epoch, fence->epoch + 1);
}

TEST(LyingEngine, FailsThePlannedWriteBeforeApplyingIt) {
  LyingEngine engine({.failing_write = 2});
  EXPECT_TRUE(Put(engine, "a", Durability::kDurable).ok());
  EXPECT_EQ(Put(engine, "b", Durability::kDurable).code(), absl::StatusCode::kUnavailable);
  EXPECT_TRUE(Put(engine, "c", Durability::kDurable).ok());
  EXPECT_EQ(Get(engine, "b"), "(absent)");
}

TEST(LyingEngine, FailsThePlannedWriteAfterApplyingIt) {
  LyingEngine engine({.failing_write = 1, .failing_write_applies = true});
  EXPECT_EQ(Put(engine, "a", Durability::kDurable).code(), absl::StatusCode::kUnavailable);
  EXPECT_EQ(Get(engine, "a"), "1");
  EXPECT_EQ(Get(*engine.Crash(), "a"), "1");
}

TEST(LyingEngine, FailsAsManyWritesUnderAFenceAsPlanned) {
  LyingEngine engine;
  const auto fence = engine.AcquireFence("county");
  ASSERT_TRUE(fence.ok());
  engine.SetPlan({.failing_write = 2, .failing_writes = 2, .failing_fence = "county"});
  const auto fenced = [&] { return engine.Write({}, *fence, Durability::kDurable).ok(); };
  EXPECT_TRUE(fenced());
  EXPECT_TRUE(Put(engine, "a", Durability::kDurable).ok());
  EXPECT_FALSE(fenced());
  EXPECT_TRUE(Put(engine, "b", Durability::kDurable).ok());
  EXPECT_FALSE(fenced());
  EXPECT_TRUE(fenced());
}

TEST(LyingEngine, FlipsOneBitOfThePlannedReadOnly) {
  LyingEngine engine;
  ASSERT_TRUE(Put(engine, "a", Durability::kDurable).ok());
  engine.SetPlan({.flipped_read = 2});
  EXPECT_EQ(Get(engine, "missing"), "(absent)");
  EXPECT_EQ(Get(engine, "a"), "1");
  EXPECT_EQ(Get(engine, "a"), "0");
  EXPECT_EQ(Get(engine, "a"), "1");
}

TEST(LyingEngine, FlipsOneBitOfThePlannedScan) {
  LyingEngine engine;
  ASSERT_TRUE(Put(engine, "a", Durability::kDurable).ok());
  ASSERT_TRUE(Put(engine, "b", Durability::kDurable).ok());
  engine.SetPlan({.flipped_read = 1});
  EXPECT_THAT(ScanPage(engine, {}, {})->items,
              testing::ElementsAre(KeyValue{"a", "0"}, KeyValue{"b", "1"}));
  EXPECT_EQ(ScanPage(engine, {}, {})->items[0].value, "1");
}

TEST(LyingEngine, CountsRoundTrips) {
  LyingEngine engine;
  ASSERT_TRUE(Put(engine, "a", Durability::kDurable).ok());
  ASSERT_TRUE(engine.Read(std::vector<std::string>{"a", "b"}).ok());
  ASSERT_TRUE(ScanPage(engine, {}, {}).ok());
  ASSERT_TRUE(engine.Purge({}).ok());
  const RoundTrips counted = engine.Counted();
  EXPECT_EQ(counted.reads, 1u);
  EXPECT_EQ(counted.keys, 2u);
  EXPECT_EQ(counted.scans, 1u);
  EXPECT_EQ(counted.ranges, 1u);
  EXPECT_EQ(counted.writes, 1u);
  EXPECT_EQ(counted.operations, 1u);
  EXPECT_EQ(counted.purges, 1u);
  engine.ClearCounted();
  EXPECT_EQ(engine.Counted().reads, 0u);
}

}  // namespace
}  // namespace landbook::storage
