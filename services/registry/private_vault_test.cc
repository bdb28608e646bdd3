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

  // All keys and values that the vault has left.
  std::map<std::string, std::string> Everything() const {
    std::map<std::string, std::string> all;
    overlay_.Scan(storage::PrefixRange(BookPrefix(1)),
                  [&](std::string_view key, std::string_view value) {
                    all.emplace(key, value);
                    return true;
                  });
    return all;
  }
};

TEST_P(PrivateVaultTest, OpensWhatItSealed) {
  ASSERT_TRUE(vault_->Seal(&overlay_, {5, 1}, Values()).ok());
  const auto opened = vault_->Open(overlay_, {5, 1});
  ASSERT_TRUE(opened.has_value());
  EXPECT_EQ(opened->values.SerializeAsString(), Values().SerializeAsString());
  EXPECT_FALSE(vault_->Open(overlay_, {5, 2}).has_value());
  EXPECT_FALSE(vault_->Open(overlay_, {6, 1}).has_value());
}

TEST_P(PrivateVaultTest, CommitmentsAreThoseOfTheOpenedSaltsAndValues) {
  const auto commitments = vault_->Seal(&overlay_, {5, 1}, Values());
  ASSERT_TRUE(commitments.ok());
  ASSERT_EQ(commitments->size(), 4U);
  const auto opened = vault_->Open(overlay_, {5, 1});
  ASSERT_TRUE(opened.has_value());
  const std::string values[] = {"张三", kNumber, "1949-12-31", "2"};
  for (std::size_t i = 0; i < 4; ++i) {
    storage::PrivateField field{static_cast<std::uint16_t>(i + 1), {}, values[i]};
    EXPECT_EQ(opened->salts[i].first, i + 1);
    std::copy(opened->salts[i].second.begin(), opened->salts[i].second.end(), field.salt.begin());
    const auto commitment = storage::HashFromBytes((*commitments)[i].commitment());
    ASSERT_TRUE(commitment.ok());
    EXPECT_TRUE(storage::VerifyCommitment(*GetParam(), field, *commitment).ok());
  }
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
  ASSERT_TRUE(vault_->Seal(&overlay_, {5, 1}, Values()).ok());
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
  EXPECT_EQ(vault_->Open(overlay_, {5, 1})->values.identity_number(), kNumber);
}

TEST_P(PrivateVaultTest, DestroyingLeavesNothingOfTheParty) {
  ASSERT_TRUE(vault_->Seal(&overlay_, {4, 1}, Values()).ok());
  const auto before = Everything();
  ASSERT_TRUE(vault_->Seal(&overlay_, {5, 1}, Values()).ok());
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
  EXPECT_FALSE(vault_->Open(overlay_, {5, 1}).has_value());
  EXPECT_THAT(vault_->FindByIdentityNumber(overlay_, kNumber), ElementsAre(4));
}

TEST_P(PrivateVaultTest, OpensNothingThatWasTamperedWith) {
  ASSERT_TRUE(vault_->Seal(&overlay_, {5, 1}, Values()).ok());
  for (const auto& [key, value] : Everything()) {
    if (value.empty()) continue;
    std::string damaged = value;
    damaged.back() = static_cast<char>(damaged.back() ^ 1);
    overlay_.Put(key, damaged);
    EXPECT_FALSE(vault_->Open(overlay_, {5, 1}).has_value());
    overlay_.Put(key, value);
  }
  EXPECT_TRUE(vault_->Open(overlay_, {5, 1}).has_value());
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
    proposed.actor = ActorOf("registrar", v1::ROLE_REGISTRAR);
    std::promise<bool> accepted;
    book_.book().writer().Submit(std::move(proposed), BookWriter::Lane::kClerk,
                                 [&](const auto& outcome) { accepted.set_value(outcome.ok()); });
    return accepted.get_future().get();
  }
  // Whether any file of the store holds the end of the sealed values.
  bool LiesOnDisk() const {
    using Directory = std::filesystem::recursive_directory_iterator;
    return std::any_of(Directory(store_.File("store")), Directory(), [&](const auto& entry) {
      return entry.is_regular_file() &&
             storage::ReadFile(entry.path().string()).find(sealed_) != std::string::npos;
    });
  }

  storage::ScratchDirectory store_;
  TestBook book_{storage::OpenStore(store_.File("store"))};
  std::uint64_t party_ = 0;
  std::string sealed_;
};

TEST_F(ErasureOnDisk, IsFinishedWhenItIsAnswered) {
  ASSERT_TRUE(LiesOnDisk());
  ASSERT_TRUE(book_.Commit(Erase()).ok());
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
