#include "storage/merkle_log.h"

#include <cstdint>
#include <set>
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "rapidcheck/gtest.h"
#include "storage/memory_engine.h"

namespace landbook::storage {
namespace {

const Suite& kSuite = Suite::Sha256Ed25519();
const std::string kPrefix = "book/7/tree/";

MerkleLogReader ReaderOf(const Engine& engine) { return {engine, kSuite, kPrefix}; }

Hash NumberedLeaf(std::uint64_t index) { return LeafHash(kSuite, std::to_string(index)); }

// The tree of numbered leaves, straight from the frontier that merkle_tree_test.cc proves.
Hash WantedRoot(std::uint64_t size) {
  MerkleFrontier frontier(kSuite);
  for (std::uint64_t i = 0; i < size; ++i) frontier.Append(NumberedLeaf(i));
  return frontier.Root();
}

void AppendNumbered(MerkleLog::Stage& stage, std::uint64_t count) {
  for (std::uint64_t i = 0; i < count; ++i) stage.Append(NumberedLeaf(stage.size()));
}

void WriteNumbered(MerkleLog& log, Engine& engine, std::uint64_t count) {
  MerkleLog::Stage stage = log.Begin();
  AppendNumbered(stage, count);
  WriteBatch batch;
  stage.WriteTo(batch);
  ASSERT_TRUE(engine.Write(batch, kUnfenced, Durability::kBuffered).ok());
  log.Commit(stage);
}

MerkleLog EmptyLog(const Engine& engine) { return MerkleLog::Open(ReaderOf(engine), 0).value(); }

std::vector<KeyValue> Stored(const Engine& engine) {
  return ScanPage(engine, PrefixRange(kPrefix), ScanLimit{}).value().items;
}

TEST(MerkleLog, AnEmptyLogHasTheRootOfNoLeaves) {
  MemoryEngine engine;
  const MerkleLog log = EmptyLog(engine);
  EXPECT_EQ(log.size(), 0u);
  EXPECT_EQ(log.Root(), EmptyRoot(kSuite));
  EXPECT_EQ(log.reader().RootAt(0).value(), EmptyRoot(kSuite));
}

TEST(MerkleLog, OneWriteCostsOnePutATile) {
  MemoryEngine engine;
  MerkleLog log = EmptyLog(engine);
  MerkleLog::Stage stage = log.Begin();
  AppendNumbered(stage, 200);
  WriteBatch batch;
  stage.WriteTo(batch);
  EXPECT_EQ(batch.Operations().size(), 1u);
}

TEST(MerkleLog, AThrownAwayStageLeavesNothing) {
  MemoryEngine engine;
  MerkleLog log = EmptyLog(engine);
  WriteNumbered(log, engine, 3);
  MerkleLog::Stage lost = log.Begin();
  lost.Append(LeafHash(kSuite, "lost"));
  EXPECT_EQ(log.size(), 3u);
  EXPECT_EQ(log.Root(), WantedRoot(3));
  WriteNumbered(log, engine, 2);
  EXPECT_EQ(log.Root(), WantedRoot(5));
  EXPECT_EQ(log.reader().RootAt(5).value(), WantedRoot(5));
}

TEST(MerkleLogDeathTest, AStageIsCommittedOnce) {
  MemoryEngine engine;
  MerkleLog log = EmptyLog(engine);
  MerkleLog::Stage stage = log.Begin();
  AppendNumbered(stage, 1);
  log.Commit(stage);
  EXPECT_DEATH(log.Commit(stage), "broken invariant");
}

TEST(MerkleLog, HasTheseKeys) {
  MemoryEngine engine;
  MerkleLog log = EmptyLog(engine);
  WriteNumbered(log, engine, 2);
  WriteNumbered(log, engine, 256);
  std::vector<std::string> keys;
  for (const KeyValue& item : Stored(engine)) {
    keys.push_back(HexOf(std::string_view(item.key).substr(kPrefix.size())) + " " +
                   std::to_string(item.value.size()));
  }
  EXPECT_THAT(keys, ::testing::ElementsAre("000000000000000000 64", "000000000000000002 8128",
                                           "000000000000000100 64", "080000000000000000 32"));
  EXPECT_EQ(HexOf(Stored(engine).front().value.substr(0, 32)), HexOf(NumberedLeaf(0)));
  EXPECT_EQ(HexOf(Stored(engine).back().value), HexOf(WantedRoot(256)));
}

TEST(MerkleLog, ProvesAcrossTilesAndLevels) {
  constexpr std::uint64_t kSize = 66000;  // more than one complete subtree of level 16
  MemoryEngine engine;
  MerkleLog log = EmptyLog(engine);
  MerkleLog::Stage stage = log.Begin();
  std::vector<Hash> root_at(kSize + 1);
  for (std::uint64_t i = 0; i < kSize; ++i) {
    root_at[i] = i % 251 == 0 || i > 65000 ? stage.Root() : Hash{};
    stage.Append(NumberedLeaf(i));
  }
  root_at[kSize] = stage.Root();
  WriteBatch batch;
  stage.WriteTo(batch);
  ASSERT_TRUE(engine.Write(batch, kUnfenced, Durability::kBuffered).ok());
  log.Commit(stage);

  const MerkleLogReader reader = ReaderOf(engine);
  for (const std::uint64_t index : {0ul, 255ul, 256ul, 32767ul, 65535ul, 65536ul, 65999ul}) {
    const InclusionProof proof = reader.Inclusion({index, kSize}).value();
    EXPECT_TRUE(VerifyInclusion(kSuite, proof, {NumberedLeaf(index), root_at[kSize]}).ok())
        << index;
  }
  for (const std::uint64_t old_size : {251ul, 251ul * 250, 65535ul, 65536ul, 65537ul, 65999ul}) {
    EXPECT_EQ(reader.RootAt(old_size).value(), root_at[old_size]) << old_size;
    const ConsistencyProof proof = reader.Consistency({old_size, kSize}).value();
    EXPECT_TRUE(VerifyConsistency(kSuite, proof, {root_at[old_size], root_at[kSize]}).ok())
        << old_size;
  }
  EXPECT_EQ(MerkleLog::Open(reader, kSize).value().Root(), root_at[kSize]);
}

RC_GTEST_PROP(MerkleLog, AnyWritesGiveTheSameTree, ()) {
  const auto counts = *rc::gen::container<std::vector<std::uint64_t>>(
      rc::gen::weightedOneOf<std::uint64_t>({{4, rc::gen::inRange<std::uint64_t>(1, 6)},
                                             {1, rc::gen::inRange<std::uint64_t>(200, 600)}}));
  MemoryEngine engine;
  MerkleLog log = EmptyLog(engine);
  for (const std::uint64_t count : counts) {
    WriteNumbered(log, engine, count);
    if (*rc::gen::arbitrary<bool>()) log = MerkleLog::Open(ReaderOf(engine), log.size()).value();
  }
  const std::uint64_t size = log.size();
  RC_ASSERT(log.Root() == WantedRoot(size));
  RC_PRE(size > 0);

  const auto tree_size = *rc::gen::inRange<std::uint64_t>(1, size + 1);
  const auto index = *rc::gen::inRange<std::uint64_t>(0, tree_size);
  const Hash root = WantedRoot(tree_size);
  RC_ASSERT(log.reader().RootAt(tree_size).value() == root);
  const InclusionProof inclusion = log.reader().Inclusion({index, tree_size}).value();
  RC_ASSERT(VerifyInclusion(kSuite, inclusion, {NumberedLeaf(index), root}).ok());
  const ConsistencyProof consistency = log.reader().Consistency({tree_size, size}).value();
  RC_ASSERT(VerifyConsistency(kSuite, consistency, {root, log.Root()}).ok());
}

TEST(MerkleLog, RefusesPlacesOutsideTheTree) {
  MemoryEngine engine;
  MerkleLog log = EmptyLog(engine);
  WriteNumbered(log, engine, 4);
  EXPECT_EQ(log.reader().Inclusion({4, 4}).status().code(), absl::StatusCode::kOutOfRange);
  EXPECT_EQ(log.reader().Consistency({5, 4}).status().code(), absl::StatusCode::kOutOfRange);
}

TEST(MerkleLog, SaysWhenLeavesAreMissing) {
  MemoryEngine engine;
  MerkleLog log = EmptyLog(engine);
  WriteNumbered(log, engine, 4);
  EXPECT_EQ(MerkleLog::Open(ReaderOf(engine), 5).status().code(), absl::StatusCode::kDataLoss);
  EXPECT_EQ(log.reader().RootAt(5).status().code(), absl::StatusCode::kDataLoss);
}

TEST(MerkleLog, SaysWhenAnyStoredKeyIsGoneOrCutShort) {
  MemoryEngine engine;
  MerkleLog log = EmptyLog(engine);
  for (const std::uint64_t count : {3u, 300u, 230u}) WriteNumbered(log, engine, count);
  const std::uint64_t size = log.size();
  // Every leaf is read as another's sibling: whatever key is damaged, some proof must notice.
  const auto read_all = [&]() -> absl::Status {
    if (auto root = log.reader().RootAt(size); !root.ok()) return root.status();
    for (std::uint64_t i = 0; i < size; ++i) {
      const auto proof = log.reader().Inclusion({i, size});
      if (!proof.ok()) return proof.status();
    }
    return absl::OkStatus();
  };
  ASSERT_TRUE(read_all().ok());
  for (const KeyValue& item : Stored(engine)) {
    for (const std::string& damage : {std::string(), item.value.substr(1), item.value + "x",
                                      item.value.substr(0, item.value.size() - kHashSize)}) {
      WriteBatch harm, repair;
      harm.Put(item.key, damage);
      repair.Put(item.key, item.value);
      ASSERT_TRUE(engine.Write(harm, kUnfenced, Durability::kBuffered).ok());
      EXPECT_EQ(read_all().code(), absl::StatusCode::kDataLoss)
          << HexOf(item.key) << " with " << damage.size() << " bytes";
      ASSERT_TRUE(engine.Write(repair, kUnfenced, Durability::kBuffered).ok());
    }
    WriteBatch harm, repair;
    harm.Delete(item.key);
    repair.Put(item.key, item.value);
    ASSERT_TRUE(engine.Write(harm, kUnfenced, Durability::kBuffered).ok());
    EXPECT_EQ(read_all().code(), absl::StatusCode::kDataLoss) << HexOf(item.key);
    ASSERT_TRUE(engine.Write(repair, kUnfenced, Durability::kBuffered).ok());
  }
}

}  // namespace
}  // namespace landbook::storage
