#include "services/conveyance/draft_store.h"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <filesystem>
#include <map>
#include <memory>
#include <string>

#include "services/conveyance/office_testing.h"
#include "services/conveyance/store_key.h"
#include "storage/memory_engine.h"
#include "storage/rocksdb/rocksdb_engine.h"

namespace landbook::conveyance {
namespace {

storage::Secret KeyOf(std::uint8_t first) {
  std::array<std::uint8_t, storage::Secret::kSize> bytes{};
  bytes[0] = first;
  return storage::Secret(bytes);
}

v1::Actor Officer(const std::string& name, v1::Role role = v1::ROLE_INTAKE) {
  v1::Actor actor;
  actor.set_principal(name);
  actor.set_role(role);
  return actor;
}

v1::CreateDraftRequest Request(const std::string& id, const std::string& kind = "contract-first") {
  v1::CreateDraftRequest request;
  request.set_county("370303");
  request.set_request_id(id);
  request.mutable_application()->set_kind(kind);
  return request;
}

class DraftStoreTest : public testing::Test {
 protected:
  std::unique_ptr<DraftStore> Open(std::uint8_t key = 1) {
    auto opened = DraftStore::Open(engine_, KeyOf(key), clock_, storage::SystemRandom());
    EXPECT_TRUE(opened.ok()) << opened.status();
    return *std::move(opened);
  }
  Outcome<KeptDraft> Get(const DraftStore& store, std::uint64_t number) {
    return store.Get(Officer("li"), {"370303", number});
  }

  storage::MemoryEngine engine_;
  SetClock clock_{"2026-03-02T08:00:00+08:00"};
};

TEST_F(DraftStoreTest, ARequestMakesOneDraft) {
  const auto store = Open();
  const auto first = store->Create(Request("r"), "li");
  ASSERT_TRUE(first.ok());
  EXPECT_EQ(first->number(), 1u);
  EXPECT_EQ(first->name(), "counties/370303/drafts/1");
  EXPECT_EQ(first->etag(), "1");
  EXPECT_EQ(first->state(), v1::DRAFT_STATE_OPEN);
  EXPECT_EQ(first->created_by(), "li");
  EXPECT_EQ(store->Create(Request("r"), "li")->number(), 1u);
  EXPECT_EQ(store->Create(Request("r"), "wang")->number(), 2u);
  const auto other = store->Create(Request("r", "contract-transfer"), "li");
  ASSERT_FALSE(other.ok());
  EXPECT_EQ(other.refusals()[0].reason(), "REQUEST_ID_REUSED");
}

TEST_F(DraftStoreTest, NumbersAreACountysOwn) {
  const auto store = Open();
  EXPECT_EQ(store->Create(Request("r"), "li")->number(), 1u);
  auto elsewhere = Request("r");
  elsewhere.set_county("370304");
  EXPECT_EQ(store->Create(elsewhere, "li")->number(), 1u);
  EXPECT_EQ(store->List({"370303", 1}, 10)->size(), 1u);
}

TEST_F(DraftStoreTest, ACitizenSeesTheirOwn) {
  const auto store = Open();
  ASSERT_TRUE(store->Create(Request("r"), "zhang").ok());
  EXPECT_TRUE(store->Get(Officer("zhang", v1::ROLE_CITIZEN), {"370303", 1}).ok());
  EXPECT_TRUE(store->Get(Officer("li", v1::ROLE_INTAKE), {"370303", 1}).ok());
  for (const auto role : {v1::ROLE_CITIZEN, v1::ROLE_TRADING_CENTRE}) {
    const auto other = store->Get(Officer("wang", role), {"370303", 1});
    ASSERT_FALSE(other.ok());
    EXPECT_EQ(other.refusals()[0].reason(), "RECORD_NOT_FOUND");
  }
}

TEST_F(DraftStoreTest, AChangeMovesTheEtagAndAnUnansweredAcceptanceDoesNot) {
  const auto store = Open();
  ASSERT_TRUE(store->Create(Request("r"), "li").ok());
  auto kept = *Get(*store, 1);
  const auto before = kept;
  kept.asked = KeptDraft::Asked{Officer("li"), {}};
  kept.asked->request.mutable_commit()->set_request_id("a");
  kept = *store->Replace({"370303", 1}, kept);
  EXPECT_EQ(kept.draft.etag(), "1");
  EXPECT_EQ(Get(*store, 1)->asked->request.commit().request_id(), "a");
  EXPECT_EQ(Get(*store, 1)->asked->officer.principal(), "li");

  kept.asked.reset();
  kept.draft.mutable_application()->set_kind("contract-transfer");
  kept = *store->Replace({"370303", 1}, kept);
  EXPECT_EQ(kept.draft.etag(), "2");
  EXPECT_EQ(Get(*store, 1)->draft.application().kind(), "contract-transfer");
  EXPECT_FALSE(Get(*store, 1)->asked.has_value());

  const auto late = store->Replace({"370303", 1}, before);
  ASSERT_FALSE(late.ok());
  EXPECT_EQ(late.refusals()[0].reason(), "RECORD_MOVED");
}

TEST_F(DraftStoreTest, ADeletedDraftIsGoneWithItsRequest) {
  const auto store = Open();
  ASSERT_TRUE(store->Create(Request("r"), "li").ok());
  EXPECT_FALSE(store->Delete({"370303", 1}, 7).ok());
  ASSERT_TRUE(store->Delete({"370303", 1}, 1).ok());
  EXPECT_EQ(Get(*store, 1).refusals()[0].reason(), "RECORD_NOT_FOUND");
  // Its number is not given again.
  EXPECT_EQ(store->Create(Request("r"), "li")->number(), 2u);
}

TEST_F(DraftStoreTest, WhatNobodyTouchedGoes) {
  const auto store = Open();
  ASSERT_TRUE(store->Create(Request("old"), "li").ok());
  ASSERT_TRUE(store->Create(Request("touched"), "li").ok());
  clock_.Set("2026-12-01T08:00:00+08:00");
  auto touched = *Get(*store, 2);
  touched.draft.mutable_application()->set_by_post(true);
  ASSERT_TRUE(store->Replace({"370303", 2}, touched).ok());
  EXPECT_EQ(*store->RemoveUntouched(*common::ParseTime("2026-06-01T00:00:00Z")), 1u);
  EXPECT_FALSE(Get(*store, 1).ok());
  EXPECT_TRUE(Get(*store, 2).ok());
}

TEST_F(DraftStoreTest, NothingOfADraftLiesInTheClear) {
  const auto store = Open();
  auto request = Request("r");
  const std::string number = "370303199001011234";
  request.mutable_application()->set_legal_basis(number);
  ASSERT_TRUE(store->Create(request, number).ok());
  const storage::KeyRange all;
  const auto scanned =
      engine_.Scan(std::span(&all, 1), {}, [&](std::string_view key, std::string_view value) {
        EXPECT_EQ(key.find(number), std::string_view::npos);
        EXPECT_EQ(value.find(number), std::string_view::npos);
        return true;
      });
  EXPECT_TRUE(scanned.ok());
}

TEST_F(DraftStoreTest, AnotherKeyDoesNotOpenTheStore) {
  EXPECT_TRUE(*IsNewStore(engine_));
  { const auto store = Open(1); }
  EXPECT_FALSE(*IsNewStore(engine_));
  const auto refused = DraftStore::Open(engine_, KeyOf(2), clock_, storage::SystemRandom());
  EXPECT_TRUE(absl::IsInvalidArgument(refused.status())) << refused.status();
  EXPECT_TRUE(DraftStore::Open(engine_, KeyOf(1), clock_, storage::SystemRandom()).ok());
}

TEST_F(DraftStoreTest, AValueUnderAnotherKeyIsNotTaken) {
  const auto store = Open();
  ASSERT_TRUE(store->Create(Request("a"), "li").ok());
  ASSERT_TRUE(store->Create(Request("b"), "li").ok());
  std::string first_key("d370303\0\0\0\0\0\0\0\1", 15);
  std::string second_key("d370303\0\0\0\0\0\0\0\2", 15);
  storage::WriteBatch batch;
  batch.Put(first_key, **storage::ReadOne(engine_, second_key));
  ASSERT_TRUE(engine_.Write(batch, storage::kUnfenced, storage::Durability::kDurable).ok());
  EXPECT_EQ(Get(*store, 1).refusals()[0].reason(), "STORE_CORRUPT");
}

TEST_F(DraftStoreTest, AssignmentsAndReminders) {
  const auto store = Open();
  v1::Assignment assignment;
  assignment.set_case_(4);
  assignment.set_principal("wang");
  assignment.set_assigned_by("li");
  ASSERT_TRUE(store->Assign("370303", assignment).ok());
  ASSERT_EQ(store->Assignments("370303")->size(), 1u);
  EXPECT_EQ((*store->Assignments("370303"))[0].principal(), "wang");
  EXPECT_TRUE(store->Assignments("370304")->empty());
  assignment.clear_principal();
  ASSERT_TRUE(store->Assign("370303", assignment).ok());
  EXPECT_TRUE(store->Assignments("370303")->empty());

  const Reminder reminder{v1::DEADLINE_KIND_REGISTRATION, 4, 0, "2026-03-10"};
  ASSERT_TRUE(store->Acknowledge("370303", reminder).ok());
  ASSERT_EQ(store->Acknowledged("370303")->size(), 1u);
  EXPECT_EQ((*store->Acknowledged("370303"))[0], reminder);
}

// Any run of changes leaves what a map would hold.
TEST(DraftStoreModelTest, IsAMapOfDrafts) {
  EXPECT_TRUE(rc::check([] {
    storage::MemoryEngine engine;
    SetClock clock("2026-03-02T08:00:00+08:00");
    const auto store = *DraftStore::Open(engine, KeyOf(1), clock, storage::SystemRandom());
    std::map<std::uint64_t, std::string> model;
    const auto steps = *rc::gen::inRange(1, 30);
    for (int i = 0; i < steps; ++i) {
      const auto number = *rc::gen::inRange<std::uint64_t>(1, 6);
      const auto word = *rc::gen::element<std::string>("a", "b", "c");
      const auto kept = store->Get(Officer("li"), {"370303", number});
      RC_ASSERT(kept.ok() == model.contains(number));
      switch (*rc::gen::inRange(0, 3)) {
        case 0: {
          const auto made = store->Create(Request(std::to_string(i), word), "li");
          RC_ASSERT(made.ok());
          model[made->number()] = word;
          break;
        }
        case 1:
          if (kept.ok()) {
            KeptDraft by = *kept;
            by.draft.mutable_application()->set_kind(word);
            RC_ASSERT(store->Replace({"370303", number}, by).ok());
            model[number] = word;
          }
          break;
        default:
          if (kept.ok()) {
            RC_ASSERT(store->Delete({"370303", number}, kept->revision).ok());
            model.erase(number);
          }
      }
    }
    const auto drafts = store->List({"370303", 1}, 100);
    std::map<std::uint64_t, std::string> held;
    for (const v1::Draft& draft : *drafts) held[draft.number()] = draft.application().kind();
    RC_ASSERT(held == model);
  }));
}

class DraftStoreOnDiskTest : public testing::Test {
 protected:
  DraftStoreOnDiskTest() {
    std::filesystem::remove_all(folder_);
    std::filesystem::create_directories(folder_ / "keys");
  }
  ~DraftStoreOnDiskTest() override { std::filesystem::remove_all(folder_); }
  std::string keys() const { return (folder_ / "keys").string(); }

  std::filesystem::path folder_ =
      std::filesystem::path(testing::TempDir()) / "landbook-draft-store";
  SetClock clock_{"2026-03-02T08:00:00+08:00"};
};

TEST_F(DraftStoreOnDiskTest, DraftsAreThereAfterReopening) {
  for (const bool again : {false, true}) {
    auto engine =
        storage::OpenRocksdb((folder_ / "conveyance").string(), {.create_if_missing = true});
    ASSERT_TRUE(engine.ok()) << engine.status();
    const auto is_new = IsNewStore(**engine);
    ASSERT_TRUE(is_new.ok());
    EXPECT_EQ(*is_new, !again);
    const auto key = LoadStoreKey(keys(), *is_new, storage::SystemRandom());
    ASSERT_TRUE(key.ok()) << key.status();
    const auto store = DraftStore::Open(**engine, *key, clock_, storage::SystemRandom());
    ASSERT_TRUE(store.ok()) << store.status();
    if (!again) {
      ASSERT_TRUE((*store)->Create(Request("r"), "li").ok());
    } else {
      EXPECT_EQ((*store)->Get(Officer("li"), {"370303", 1})->draft.application().kind(),
                "contract-first");
    }
  }
}

TEST_F(DraftStoreOnDiskTest, TheKeyIsItsOwnersAlone) {
  EXPECT_TRUE(absl::IsNotFound(LoadStoreKey(keys(), false, storage::SystemRandom()).status()));
  const auto made = LoadStoreKey(keys(), true, storage::SystemRandom());
  ASSERT_TRUE(made.ok());
  const auto loaded = LoadStoreKey(keys(), true, storage::SystemRandom());
  ASSERT_TRUE(loaded.ok());
  EXPECT_TRUE(*made == *loaded);
  const std::filesystem::path file = folder_ / "keys" / "conveyance.key";
  std::filesystem::permissions(file, std::filesystem::perms::group_read,
                               std::filesystem::perm_options::add);
  const auto open = LoadStoreKey(keys(), false, storage::SystemRandom());
  EXPECT_TRUE(absl::IsFailedPrecondition(open.status())) << open.status();
  std::filesystem::resize_file(file, 30);
  std::filesystem::permissions(
      file, std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
  EXPECT_TRUE(absl::IsDataLoss(LoadStoreKey(keys(), false, storage::SystemRandom()).status()));
}

}  // namespace
}  // namespace landbook::conveyance
