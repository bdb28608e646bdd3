#include "services/registry/private_vault.h"

#include <algorithm>
#include <filesystem>
#include <future>
#include <map>
#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/registry/act_testing.h"
#include "services/registry/book_testing.h"
#include "storage/check.h"
#include "storage/lying_engine.h"
#include "storage/rocksdb/store_testing.h"
#include "storage/sealed.h"

namespace landbook::registry {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

constexpr char kNumber[] = "11010519491231002X";

storage::BookSecrets Secrets() {
  const auto secret = [](std::uint8_t byte) {
    std::array<std::uint8_t, storage::Secret::kSize> bytes{};
    bytes.fill(byte);
    return storage::Secret(bytes);
  };
  return {secret(1), secret(2), secret(3)};
}

v1::PersonPrivate Values() {
  v1::PersonPrivate values;
  values.set_full_name("张三");
  values.set_identity_number(kNumber);
  values.set_birth_date("1949-12-31");
  values.set_sex(v1::SEX_FEMALE);
  return values;
}

class PrivateVaultTest : public testing::TestWithParam<const storage::Suite*> {
 protected:
  storage::MemoryEngine engine_;
  EngineView base_{&engine_};
  Overlay overlay_{&base_};
  storage::SeededRandom random_{7};
  storage::BookSecrets secrets_ = Secrets();
  std::unique_ptr<PrivateVault> vault_ = MakePrivateVault(1, *GetParam(), secrets_, random_);

  Commitments Seal(const PrivateVersion& version, const v1::PersonPrivate& values) {
    const auto sealed = vault_->Seal(&overlay_, version, values);
    EXPECT_TRUE(sealed.ok()) << sealed.status();
    return sealed.ok() ? Commitments(sealed->begin(), sealed->end()) : Commitments();
  }
  // The bytes of the values, "none" without a key, or the failure.
  std::string Opened(const PrivateVersion& version, const Commitments& commitments) const {
    const auto opened = vault_->Open(overlay_, version, commitments);
    if (!opened.ok()) return opened.status().ToString();
    return *opened ? (*opened)->SerializeAsString() : "none";
  }

  // All keys and values that the vault has left.
  std::map<std::string, std::string> Everything() const { return ItemsUnder(BookPrefix(1)); }
  std::map<std::string, std::string> ItemsUnder(const std::string& prefix) const {
    std::map<std::string, std::string> all;
    overlay_.Scan(storage::PrefixRange(prefix), [&](std::string_view key, std::string_view value) {
      all.emplace(key, value);
      return true;
    });
    return all;
  }
};

TEST_P(PrivateVaultTest, OpensWhatItSealed) {
  const Commitments commitments = Seal({5, 1}, Values());
  EXPECT_EQ(Opened({5, 1}, commitments), Values().SerializeAsString());
  EXPECT_EQ(vault_->Open(overlay_, {5, 2}, commitments).status().code(),
            absl::StatusCode::kDataLoss);
  // A party without a key was erased, or never had private fields.
  EXPECT_EQ(Opened({6, 1}, commitments), "none");
}

TEST_P(PrivateVaultTest, CommitmentsAreByFieldNumber) {
  const Commitments commitments = Seal({5, 1}, Values());
  ASSERT_EQ(commitments.size(), 4);
  for (int i = 0; i < 4; ++i) EXPECT_EQ(commitments[i].field(), static_cast<std::uint32_t>(i + 1));
}

TEST_P(PrivateVaultTest, OpensOnlyWhatTheJournalCommittedTo) {
  const Commitments commitments = Seal({5, 1}, Values());
  const auto refused = [&](const Commitments& other) {
    return vault_->Open(overlay_, {5, 1}, other).status().code();
  };
  Commitments fewer = commitments;
  fewer.RemoveLast();
  EXPECT_EQ(refused(fewer), absl::StatusCode::kDataLoss);
  Commitments more = commitments;
  *more.Add() = commitments[0];
  EXPECT_EQ(refused(more), absl::StatusCode::kDataLoss);
  Commitments swapped = commitments;
  swapped.SwapElements(0, 1);
  EXPECT_EQ(refused(swapped), absl::StatusCode::kDataLoss);
  Commitments changed = commitments;
  changed.Mutable(2)->mutable_commitment()->back() ^= 1;
  EXPECT_EQ(refused(changed), absl::StatusCode::kDataLoss);
  Commitments cut = commitments;
  cut.Mutable(2)->mutable_commitment()->pop_back();
  EXPECT_EQ(refused(cut), absl::StatusCode::kDataLoss);
}

TEST_P(PrivateVaultTest, EqualValuesOfTwoPeopleLookDifferent) {
  const auto one = vault_->Seal(&overlay_, {5, 1}, Values());
  const auto other = vault_->Seal(&overlay_, {6, 1}, Values());
  ASSERT_TRUE(one.ok() && other.ok());
  EXPECT_NE((*one)[0].commitment(), (*other)[0].commitment());
}

TEST_P(PrivateVaultTest, KeepsNoValueInClear) {
  ASSERT_TRUE(vault_->Seal(&overlay_, {5, 1}, Values()).ok());
  for (const auto& [key, value] : Everything()) {
    EXPECT_EQ((key + value).find("张三"), std::string::npos);
    EXPECT_EQ((key + value).find(kNumber), std::string::npos);
  }
}

TEST_P(PrivateVaultTest, FindsByTheNewestIdentityNumber) {
  const Commitments first = Seal({5, 1}, Values());
  ASSERT_TRUE(vault_->Seal(&overlay_, {4, 1}, Values()).ok());
  EXPECT_THAT(vault_->FindByIdentityNumber(overlay_, kNumber), ElementsAre(4, 5));
  EXPECT_THAT(vault_->FindByIdentityNumber(overlay_, "11010519491231002x"), ElementsAre(4, 5));
  EXPECT_THAT(vault_->FindByIdentityNumber(overlay_, ""), IsEmpty());
  v1::PersonPrivate corrected = Values();
  corrected.set_identity_number("990101197005010017");
  ASSERT_TRUE(vault_->Seal(&overlay_, {5, 2}, corrected).ok());
  EXPECT_THAT(vault_->FindByIdentityNumber(overlay_, kNumber), ElementsAre(4));
  EXPECT_THAT(vault_->FindByIdentityNumber(overlay_, "990101197005010017"), ElementsAre(5));
  // The old version still opens, for reads of the past.
  EXPECT_EQ(Opened({5, 1}, first), Values().SerializeAsString());
}

TEST_P(PrivateVaultTest, DestroyingLeavesNothingOfTheParty) {
  ASSERT_TRUE(vault_->Seal(&overlay_, {4, 1}, Values()).ok());
  const auto before = Everything();
  const Commitments commitments = Seal({5, 1}, Values());
  ASSERT_TRUE(vault_->Seal(&overlay_, {5, 2}, Values()).ok());
  vault_->Destroy(&overlay_, 5);
  std::map<std::string, std::string> after = Everything();
  EXPECT_EQ(std::erase_if(after,
                          [](const auto& item) {
                            return item.first.starts_with(SpacePrefix(1, Space::kErasure));
                          }),
            1u)
      << "what has to be purged is not noted";
  EXPECT_EQ(after, before);
  EXPECT_EQ(Opened({5, 1}, commitments), "none");
  EXPECT_THAT(vault_->FindByIdentityNumber(overlay_, kNumber), ElementsAre(4));
}

TEST_P(PrivateVaultTest, OpensNothingThatWasTamperedWith) {
  const Commitments commitments = Seal({5, 1}, Values());
  for (const auto& [key, value] : Everything()) {
    if (key.starts_with(SpacePrefix(1, Space::kBlindIndex))) continue;
    std::string damaged = value;
    damaged.back() = static_cast<char>(damaged.back() ^ 1);
    overlay_.Put(key, damaged);
    EXPECT_EQ(vault_->Open(overlay_, {5, 1}, commitments).status().code(),
              absl::StatusCode::kDataLoss);
    overlay_.Put(key, value);
  }
  EXPECT_EQ(Opened({5, 1}, commitments), Values().SerializeAsString());
}

// Keys that were deleted may stay in an engine's files as their bounds.
TEST_P(PrivateVaultTest, AKeySaysAByteOfTheIdentityNumberAtMost) {
  Seal({5, 1}, Values());
  const auto index = ItemsUnder(SpacePrefix(1, Space::kBlindIndex));
  ASSERT_EQ(index.size(), 1u);
  EXPECT_EQ(index.begin()->first.size(), SpacePrefix(1, Space::kBlindIndex).size() + 1 + 8);
  EXPECT_EQ(index.begin()->second.size(), 32u);
}

TEST_P(PrivateVaultTest, NumbersThatShareAByteAreToldApart) {
  // Of 257 numbers two begin alike.
  for (std::uint64_t party = 1; party <= 257; ++party) {
    v1::PersonPrivate values = Values();
    values.set_identity_number(std::to_string(990101197005010000 + party));
    Seal({party, 1}, values);
  }
  for (std::uint64_t party = 1; party <= 257; ++party) {
    EXPECT_THAT(vault_->FindByIdentityNumber(overlay_, std::to_string(990101197005010000 + party)),
                ElementsAre(party));
  }
}

TEST_P(PrivateVaultTest, RefusesWithoutRandomness) {
  storage::EmptyRandom empty;
  const auto vault = MakePrivateVault(1, *GetParam(), secrets_, empty);
  EXPECT_EQ(vault->Seal(&overlay_, {5, 1}, Values()).status().code(),
            absl::StatusCode::kUnavailable);
}

INSTANTIATE_TEST_SUITE_P(BothSuites, PrivateVaultTest,
                         testing::Values(&storage::Suite::Sha256Ed25519(),
                                         &storage::Suite::Sm3Sm2()));

// A book on disk, in which a person is registered and erased.
class ErasureOnDisk : public testing::Test {
 protected:
  ErasureOnDisk() {
    v1::Commit commit;
    v1::Person& person =
        *commit.add_acts()->mutable_register_party()->mutable_party()->mutable_person();
    person.set_identity_document(v1::IDENTITY_DOCUMENT_RESIDENT_CARD);
    *person.mutable_private_() = Values();
    const auto registered = book_.Commit(std::move(commit));
    LANDBOOK_CHECK(registered.ok());
    party_ = NumberIn(*registered, 0, v1::RECORD_KIND_PARTY);
    LANDBOOK_CHECK(book_.engine().Flush().ok());
    const auto sealed = ItemsOf(book_.engine(), 1, Space::kPrivate);
    LANDBOOK_CHECK(sealed.size() == 1);
    sealed_ = sealed.front().value.substr(sealed.front().value.size() - 32);
    const auto indexed = ItemsOf(book_.engine(), 1, Space::kBlindIndex);
    LANDBOOK_CHECK(indexed.size() == 1);
    blind_ = indexed.front().value;
  }

  v1::Commit Erase() const {
    v1::Commit commit;
    commit.set_request_id("erase");
    v1::ErasePrivateFields& erase = *commit.add_acts()->mutable_erase_private_fields();
    erase.mutable_party()->set_number(party_);
    erase.set_ground("个人信息保护法第47条");
    return commit;
  }
  // Commits past the handler, which purges: as a process that ends when the act is durable.
  bool EraseWithoutPurging() {
    ProposedCommit proposed;
    proposed.commit = Erase();
    proposed.actor = ActorOf("admin", v1::ROLE_ADMINISTRATOR);
    std::promise<bool> accepted;
    book_.book().writer().Submit(std::move(proposed), BookWriter::Lane::kClerk,
                                 [&](const auto& outcome) { accepted.set_value(outcome.ok()); });
    return accepted.get_future().get();
  }
  // Whether any file of the store holds the end of the sealed values, or what the identity number
  // is found by.
  bool LiesOnDisk() const {
    using Directory = std::filesystem::recursive_directory_iterator;
    return std::any_of(Directory(store_.File("store")), Directory(), [&](const auto& entry) {
      if (!entry.is_regular_file()) return false;
      const std::string bytes = storage::ReadFile(entry.path().string());
      return bytes.find(sealed_) != std::string::npos || bytes.find(blind_) != std::string::npos;
    });
  }

  storage::ScratchDirectory store_;
  TestBook book_{storage::OpenStore(store_.File("store"))};
  std::uint64_t party_ = 0;
  std::string sealed_;
  std::string blind_;
};

TEST_F(ErasureOnDisk, IsFinishedWhenItIsAnswered) {
  ASSERT_TRUE(LiesOnDisk());
  ASSERT_TRUE(book_.CommitAs(ActorOf("admin", v1::ROLE_ADMINISTRATOR), Erase()).ok());
  EXPECT_FALSE(LiesOnDisk());
  EXPECT_THAT(ItemsOf(book_.engine(), 1, Space::kErasure), IsEmpty());
}

TEST_F(ErasureOnDisk, IsFinishedAtOpeningWhenTheProcessEndedBefore) {
  ASSERT_TRUE(EraseWithoutPurging());
  ASSERT_TRUE(LiesOnDisk());
  ASSERT_TRUE(book_.Reopen().ok());
  EXPECT_FALSE(LiesOnDisk());
  EXPECT_THAT(ItemsOf(book_.engine(), 1, Space::kErasure), IsEmpty());
  ASSERT_TRUE(book_.Reopen().ok());
}

TEST(Erasure, APurgeThatFailedIsMadeAgainAtOpeningAndThenNoMore) {
  auto* engine = new storage::LyingEngine;
  TestBook book{std::unique_ptr<storage::Engine>(engine)};
  EngineView base(engine);
  Overlay overlay(&base);
  book.book().vault().Destroy(&overlay, 5);
  storage::WriteBatch batch;
  overlay.MoveTo(&batch);
  ASSERT_TRUE(engine->Write(batch, storage::kUnfenced, storage::Durability::kDurable).ok());
  engine->ClearCounted();
  ASSERT_TRUE(book.Reopen().ok());
  const std::uint64_t purges = engine->Counted().purges;
  EXPECT_GT(purges, 0u);
  ASSERT_TRUE(book.Reopen().ok());
  EXPECT_EQ(engine->Counted().purges, purges);
}

// What the acts leave in the journal of a person, whatever the person is called.
TEST(PrivateFieldsInTheJournal, AreNowhereInAnEntry) {
  ActBench bench;
  v1::Act act;
  v1::Person& person = *act.mutable_register_party()->mutable_party()->mutable_person();
  person.set_identity_document(v1::IDENTITY_DOCUMENT_RESIDENT_CARD);
  *person.mutable_private_() = Values();
  const Decided decided = bench.Do(act);
  ASSERT_TRUE(decided.accepted());
  const std::string bytes = decided.records[0].SerializeAsString();
  for (const char* value : {"张三", kNumber, "1949-12-31"}) {
    EXPECT_EQ(bytes.find(value), std::string::npos);
  }
  EXPECT_EQ(bench.Read<v1::Party>(1).person().commitments_size(), 4);
}

}  // namespace
}  // namespace landbook::registry
