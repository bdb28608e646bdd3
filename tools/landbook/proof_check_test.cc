#include "tools/landbook/proof_check.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "storage/merkle_tree.h"
#include "storage/status_tree.h"

namespace landbook::tools {
namespace {

using storage::Suite;

// A book of five leaves and one certificate, with a signed head.
class ProofCheckTest : public testing::TestWithParam<std::string> {
 protected:
  void SetUp() override {
    suite_ = *Suite::WithName(GetParam());
    for (int i = 0; i < 5; ++i) leaves_.push_back("leaf " + std::to_string(i));
    const auto key = storage::SigningKey::Generate(*suite_);
    ASSERT_TRUE(key.ok());
    storage::Head head;
    head.book = "990101 1";
    head.suite = suite_->id();
    head.format_version = 1;
    head.state = storage::BookState::kOpen;
    head.trial = false;
    head.sequence = 2;
    head.tree_size = leaves_.size();
    head.root = *storage::RootOf(*suite_, leaves_.size(), Source());
    head.status_size = 1;
    head.status_root = storage::StatusLeafHash(*suite_, 1, storage::CertificateState::Live());
    const auto signed_head = storage::SignHead(head, *key);
    ASSERT_TRUE(signed_head.ok()) << signed_head.status();
    sent_.set_book(head.book);
    sent_.set_sequence(head.sequence);
    sent_.set_tree_size(head.tree_size);
    sent_.set_root(std::string(storage::BytesOf(head.root)));
    sent_.set_status_size(head.status_size);
    sent_.set_status_root(std::string(storage::BytesOf(head.status_root)));
    sent_.set_suite(GetParam());
    sent_.set_public_key(key->public_key().der());
    sent_.set_signed_bytes(storage::CanonicalBytes(signed_head->head));
    sent_.set_signature(signed_head->signature);
    key_id_ = storage::HexOf(key->public_key().id());
  }

  storage::SubtreeSource Source() const {
    return [this](const storage::Subtree& subtree) -> absl::StatusOr<storage::Hash> {
      storage::MerkleFrontier frontier(*suite_);
      const std::uint64_t width = std::uint64_t{1} << subtree.level;
      for (std::uint64_t i = 0; i < width; ++i) {
        frontier.Append(storage::LeafHash(*suite_, leaves_[subtree.index * width + i]));
      }
      return frontier.Root();
    };
  }

  v1::InclusionProof ProofOf(std::uint64_t leaf) const {
    const auto proof = storage::ProveInclusion(*suite_, {leaf, leaves_.size()}, Source());
    v1::InclusionProof message;
    message.set_leaf_index(leaf);
    message.set_tree_size(leaves_.size());
    message.set_leaf(leaves_[leaf]);
    for (const auto& hash : proof->path) {
      message.add_path(std::string(storage::BytesOf(hash)));
    }
    return message;
  }

  const Suite* suite_ = nullptr;
  std::vector<std::string> leaves_;
  v1::Head sent_;
  std::string key_id_;
};

TEST_P(ProofCheckTest, AHeadHoldsOnlyAsItWasSigned) {
  ASSERT_TRUE(CheckHead(sent_, "").ok());
  ASSERT_TRUE(CheckHead(sent_, key_id_).ok());
  EXPECT_FALSE(CheckHead(sent_, "0000000000000000").ok()) << "another key is trusted";
  v1::Head other = sent_;
  other.set_tree_size(6);
  EXPECT_FALSE(CheckHead(other, "").ok()) << "a field differs from what was signed";
  other = sent_;
  other.mutable_signature()->back() ^= 1;
  EXPECT_FALSE(CheckHead(other, "").ok());
  other = sent_;
  other.mutable_signed_bytes()->back() ^= 1;
  EXPECT_FALSE(CheckHead(other, "").ok());
  other.clear_public_key();
  EXPECT_FALSE(CheckHead(other, "").ok());
}

TEST_P(ProofCheckTest, EveryLeafIsIncludedAndNoOther) {
  const auto head = CheckHead(sent_, "");
  ASSERT_TRUE(head.ok());
  for (std::uint64_t leaf = 0; leaf < leaves_.size(); ++leaf) {
    EXPECT_TRUE(CheckInclusion(ProofOf(leaf), *head).ok()) << leaf;
  }
  v1::InclusionProof proof = ProofOf(2);
  proof.set_leaf("another leaf");
  EXPECT_FALSE(CheckInclusion(proof, *head).ok());
  proof = ProofOf(2);
  proof.set_tree_size(4);
  EXPECT_FALSE(CheckInclusion(proof, *head).ok());
  proof = ProofOf(2);
  proof.set_path(0, "short");
  EXPECT_FALSE(CheckInclusion(proof, *head).ok());
}

TEST_P(ProofCheckTest, ConsistencyHoldsBetweenTheRealRootsOnly) {
  const auto path = storage::ProveConsistency(*suite_, {3, 5}, Source());
  ASSERT_TRUE(path.ok());
  v1::ConsistencyProof proof;
  proof.set_old_size(3);
  proof.set_new_size(5);
  for (const auto& hash : path->path) proof.add_path(std::string(storage::BytesOf(hash)));
  const storage::Hash old_root = *storage::RootOf(*suite_, 3, Source());
  proof.set_old_root(std::string(storage::BytesOf(old_root)));
  proof.set_new_root(sent_.root());
  EXPECT_TRUE(CheckConsistency(proof, *suite_).ok());
  proof.set_old_root(sent_.root());
  EXPECT_FALSE(CheckConsistency(proof, *suite_).ok());
}

TEST_P(ProofCheckTest, AStatusHoldsOnlyAsTheHeadCommitsToIt) {
  const auto head = CheckHead(sent_, "");
  ASSERT_TRUE(head.ok());
  v1::StatusProof proof;
  proof.set_certificate(1);
  proof.set_status("live");
  EXPECT_TRUE(CheckStatus(proof, *head).ok());
  proof.set_status("ended");
  proof.set_ended_sequence(2);
  EXPECT_FALSE(CheckStatus(proof, *head).ok());
  proof.set_status("sold");
  EXPECT_FALSE(CheckStatus(proof, *head).ok());
  proof.set_status("live");
  proof.set_certificate(2);
  EXPECT_FALSE(CheckStatus(proof, *head).ok());
}

INSTANTIATE_TEST_SUITE_P(Suites, ProofCheckTest, testing::Values("sha256-ed25519", "sm3-sm2"),
                         [](const auto& suite) { return suite.param == "sm3-sm2" ? "Sm" : "Sha"; });

TEST(ActLeftTest, ComparesWhatTheBookKeepsOnly) {
  v1::Certificate certificate;
  certificate.set_number(4);
  certificate.set_certificate_number("样(2026)样本县不动产权第0000001号");
  certificate.mutable_right()->set_unit(9);
  v1::ActRecord record;
  v1::Effect& effect = *record.add_effects();
  effect.set_kind(v1::RECORD_KIND_CERTIFICATE);
  effect.set_number(4);
  certificate.clear_number();
  effect.set_record(certificate.SerializeAsString());
  certificate.set_number(4);
  certificate.set_name("counties/990101/certificates/4");
  certificate.mutable_right()->set_etag("17");
  EXPECT_TRUE(ActLeft(record, certificate));
  certificate.mutable_right()->set_unit(10);
  EXPECT_FALSE(ActLeft(record, certificate));
  certificate.mutable_right()->set_unit(9);
  certificate.set_number(5);
  EXPECT_FALSE(ActLeft(record, certificate));
}

}  // namespace
}  // namespace landbook::tools
