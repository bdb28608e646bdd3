#include "storage/status_tree.h"

#include <atomic>
#include <cstdint>
#include <string>
#include <thread>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "rapidcheck/gtest.h"
#include "storage/memory_engine.h"

namespace landbook::storage {
namespace {

const Suite& kSuite = Suite::Sha256Ed25519();
const std::string kPrefix = "book/7/status/";

StatusTree TreeOf(const Engine& engine) { return {engine, kSuite, kPrefix}; }

// The tree by its definition: the Merkle tree of all leaves, made anew.
StatusSummary Model(const std::vector<CertificateState>& states) {
  MerkleFrontier frontier(kSuite);
  for (std::size_t i = 0; i < states.size(); ++i) {
    frontier.Append(StatusLeafHash(kSuite, i + 1, states[i]));
  }
  return {.size = states.size(), .root = frontier.Root()};
}

StatusSummary Written(StatusTree::Stage& stage, Engine& engine) {
  WriteBatch batch;
  const StatusSummary summary = stage.WriteTo(batch).value();
  EXPECT_TRUE(engine.Write(batch, kUnfenced, Durability::kBuffered).ok());
  return summary;
}

StatusSummary IssueMany(Engine& engine, std::uint64_t count) {
  StatusTree::Stage stage = TreeOf(engine).Begin().value();
  for (std::uint64_t i = 0; i < count; ++i) EXPECT_TRUE(stage.Issue().ok());
  return Written(stage, engine);
}

std::vector<KeyValue> Stored(const Engine& engine) {
  return ScanPage(engine, PrefixRange(kPrefix), ScanLimit{}).value().items;
}

TEST(StatusTree, OfNoCertificatesHasTheRootOfNoLeaves) {
  MemoryEngine engine;
  EXPECT_EQ(TreeOf(engine).Summary().value(), (StatusSummary{0, EmptyRoot(kSuite)}));
}

TEST(StatusTree, NumbersCertificatesFromOne) {
  MemoryEngine engine;
  StatusTree::Stage stage = TreeOf(engine).Begin().value();
  EXPECT_EQ(stage.Issue().value(), 1u);
  EXPECT_EQ(stage.Issue().value(), 2u);
  EXPECT_EQ(stage.size(), 2u);
}

TEST(StatusTree, ALeafHasTheseBytes) {
  const std::string live = BytesFromHex("0000000000000007010000000000000000").value();
  const std::string ended = BytesFromHex("0000000000000007020000000000000102").value();
  EXPECT_EQ(StatusLeafHash(kSuite, 7, CertificateState::Live()), LeafHash(kSuite, live));
  EXPECT_EQ(StatusLeafHash(kSuite, 7, CertificateState::Ended(258)), LeafHash(kSuite, ended));
}

TEST(StatusTree, HasTheseKeys) {
  MemoryEngine engine;
  IssueMany(engine, 17);
  std::vector<std::string> items;
  for (const KeyValue& item : Stored(engine)) {
    items.push_back(HexOf(std::string_view(item.key).substr(kPrefix.size())) + " " +
                    std::to_string(item.value.size()));
  }
  EXPECT_THAT(items, ::testing::ElementsAre("000000000000000000 144", "000000000000000001 9",
                                            "040000000000000000 32", "ff 8"));
}

TEST(StatusTree, AnUnwrittenStageLeavesNothing) {
  MemoryEngine engine;
  const StatusSummary before = IssueMany(engine, 20);
  StatusTree::Stage stage = TreeOf(engine).Begin().value();
  ASSERT_TRUE(stage.Issue().ok());
  ASSERT_TRUE(stage.End(3, 9).ok());
  EXPECT_EQ(TreeOf(engine).Summary().value(), before);
}

TEST(StatusTree, EndsACertificateOnce) {
  MemoryEngine engine;
  IssueMany(engine, 3);
  StatusTree::Stage stage = TreeOf(engine).Begin().value();
  EXPECT_EQ(stage.End(0, 5).code(), absl::StatusCode::kNotFound);
  EXPECT_EQ(stage.End(4, 5).code(), absl::StatusCode::kNotFound);
  EXPECT_EQ(stage.End(2, 0).code(), absl::StatusCode::kInvalidArgument);
  EXPECT_TRUE(stage.End(2, 5).ok());
  EXPECT_EQ(stage.End(2, 6).code(), absl::StatusCode::kFailedPrecondition);
  Written(stage, engine);
  EXPECT_EQ(TreeOf(engine).Prove(2).value().state, CertificateState::Ended(5));
  EXPECT_EQ(TreeOf(engine).Begin().value().End(2, 7).code(), absl::StatusCode::kFailedPrecondition);
}

TEST(StatusTree, ProvesNothingOfCertificatesThatAreNot) {
  MemoryEngine engine;
  EXPECT_EQ(TreeOf(engine).Prove(1).status().code(), absl::StatusCode::kNotFound);
  IssueMany(engine, 3);
  EXPECT_EQ(TreeOf(engine).Prove(0).status().code(), absl::StatusCode::kNotFound);
  EXPECT_EQ(TreeOf(engine).Prove(4).status().code(), absl::StatusCode::kNotFound);
}

TEST(StatusTree, AProofHoldsForWhatItSaysOnly) {
  MemoryEngine engine;
  IssueMany(engine, 40);
  const StatusProof good = TreeOf(engine).Prove(33).value();
  ASSERT_TRUE(VerifyStatus(kSuite, good).ok());
  StatusProof bad = good;
  bad.state = CertificateState::Ended(1);
  EXPECT_FALSE(VerifyStatus(kSuite, bad).ok());
  bad = good;
  bad.certificate_number = 34;
  EXPECT_FALSE(VerifyStatus(kSuite, bad).ok());
  bad.inclusion.leaf_index = 33;
  EXPECT_FALSE(VerifyStatus(kSuite, bad).ok());
  bad = good;
  bad.certificate_number = 0;
  EXPECT_FALSE(VerifyStatus(kSuite, bad).ok());
}

RC_GTEST_PROP(StatusTree, AgreesWithTheTreeMadeAnew, ()) {
  MemoryEngine engine;
  std::vector<CertificateState> states;
  const auto writes = *rc::gen::inRange(1, 6);
  for (int write = 0; write < writes; ++write) {
    StatusTree::Stage stage = TreeOf(engine).Begin().value();
    const auto issued = *rc::gen::weightedOneOf<int>(
        {{3, rc::gen::inRange(0, 20)}, {1, rc::gen::inRange(200, 320)}});
    for (int i = 0; i < issued; ++i) {
      RC_ASSERT(stage.Issue().value() == states.size() + 1);
      states.push_back(CertificateState::Live());
    }
    const auto endings = *rc::gen::inRange(0, 5);
    for (int i = 0; i < endings && !states.empty(); ++i) {
      const auto number = *rc::gen::inRange<std::uint64_t>(1, states.size() + 1);
      const bool live = states[number - 1] == CertificateState::Live();
      RC_ASSERT(stage.End(number, 1000 + write).ok() == live);
      if (live) states[number - 1] = CertificateState::Ended(1000 + write);
    }
    RC_ASSERT(Written(stage, engine) == Model(states));
  }
  RC_ASSERT(TreeOf(engine).Summary().value() == Model(states));
  RC_PRE(!states.empty());
  const auto number = *rc::gen::inRange<std::uint64_t>(1, states.size() + 1);
  const StatusProof proof = TreeOf(engine).Prove(number).value();
  RC_ASSERT(proof.state == states[number - 1]);
  RC_ASSERT(proof.root == Model(states).root);
  RC_ASSERT(VerifyStatus(kSuite, proof).ok());
}

TEST(StatusTree, OneEndingRewritesOneTileALevel) {
  MemoryEngine engine;
  IssueMany(engine, 5000);
  StatusTree::Stage stage = TreeOf(engine).Begin().value();
  ASSERT_TRUE(stage.End(100, 7).ok());
  std::uint64_t tiles_of_leaf = 0;
  WriteBatch batch;
  ASSERT_TRUE(stage.WriteTo(batch).ok());
  for (const auto& operation : batch.Operations()) tiles_of_leaf += operation.value.size() <= 512;
  EXPECT_LE(batch.Operations().size(), 9u);
  EXPECT_EQ(tiles_of_leaf, batch.Operations().size());
}

TEST(StatusTree, ProofsStayWholeWhileCertificatesAreIssued) {
  MemoryEngine engine;
  IssueMany(engine, 10);
  std::atomic<bool> done = false;
  std::thread writer([&] {
    for (int i = 0; i < 100; ++i) IssueMany(engine, 7);
    done = true;
  });
  int proofs = 0;
  do {
    const auto proof = TreeOf(engine).Prove(5);
    EXPECT_TRUE(proof.ok() && VerifyStatus(kSuite, *proof).ok());
    ++proofs;
  } while (!done);
  writer.join();
  EXPECT_GT(proofs, 0);
}

TEST(StatusTree, SaysWhenStoredBytesContradictThemselves) {
  MemoryEngine engine;
  IssueMany(engine, 300);
  for (const KeyValue& item : Stored(engine)) {
    WriteBatch harm, repair;
    harm.Put(item.key, item.value.substr(1));
    repair.Put(item.key, item.value);
    ASSERT_TRUE(engine.Write(harm, kUnfenced, Durability::kBuffered).ok());
    bool noticed = false;
    for (std::uint64_t number = 1; number <= 300; ++number) {
      const auto proof = TreeOf(engine).Prove(number);
      noticed = noticed || proof.status().code() == absl::StatusCode::kDataLoss;
    }
    EXPECT_TRUE(noticed) << HexOf(item.key);
    ASSERT_TRUE(engine.Write(repair, kUnfenced, Durability::kBuffered).ok());
  }
}

}  // namespace
}  // namespace landbook::storage
