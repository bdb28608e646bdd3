#include "services/registry/book_writer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <future>
#include <latch>
#include <memory>
#include <string>
#include <thread>

#include "services/registry/book_testing.h"
#include "services/registry/journal.h"
#include "storage/lying_engine.h"

namespace landbook::registry {
namespace {

using testing::ElementsAre;

constexpr char kFence[] = "book 1";

// A book on an engine that fails the writer's writes as planned.
class BookWriterTest : public testing::Test {
 protected:
  // Registers an organisation; the title is the request id too.
  common::Outcome<v1::CommitResponse> Register(const std::string& title, bool validate = false) {
    return book_.CommitAs(ActorOf("registrar", v1::ROLE_REGISTRAR), CommitOf(title), validate);
  }
  static v1::Commit CommitOf(const std::string& title) {
    v1::Commit commit;
    commit.set_request_id(title);
    auto& party = *commit.add_acts()->mutable_register_party()->mutable_party();
    party.mutable_organisation()->set_title(title);
    party.mutable_organisation()->set_organisation_kind(v1::ORGANISATION_KIND_ENTERPRISE);
    return commit;
  }
  // What was refused, or would be.
  static std::vector<std::string> Reasons(const common::Outcome<v1::CommitResponse>& outcome) {
    if (!outcome.ok()) return ReasonsOf(outcome.refusals());
    return ReasonsOf({outcome->refusals().begin(), outcome->refusals().end()});
  }
  void Fail(storage::LiePlan plan) {
    plan.failing_fence = kFence;
    engine_->SetPlan(plan);
  }
  // Fails writes as planned, of which the first waits until Release and tells that it has begun.
  void Hold(storage::LiePlan plan) {
    plan.before_write = [this](std::uint64_t write) {
      if (write != 1) return;
      begun_.count_down();
      released_.wait();
    };
    Fail(plan);
  }
  void Release() { released_.count_down(); }
  // Sends a commit of one organisation and does not wait for the answer.
  std::future<common::Outcome<v1::CommitResponse>> Send(const std::string& title) {
    auto promise = std::make_shared<std::promise<common::Outcome<v1::CommitResponse>>>();
    ProposedCommit proposed;
    proposed.commit = CommitOf(title);
    proposed.actor = ActorOf("registrar", v1::ROLE_REGISTRAR);
    proposed.request_hash = title;
    book_.book().writer().Submit(std::move(proposed), BookWriter::Lane::kClerk,
                                 [promise](common::Outcome<v1::CommitResponse> outcome) {
                                   promise->set_value(std::move(outcome));
                                 });
    return promise->get_future();
  }
  std::uint64_t sequence() { return book_.book().writer().position().sequence; }

  // That journal, state and tree agree up to where the writer says the book stands.
  void ExpectWhole() {
    const Position position = book_.book().writer().position();
    const auto last = ReadLastHeader(*engine_, 1);
    ASSERT_TRUE(last.ok() && last->has_value());
    EXPECT_EQ((*last)->sequence(), position.sequence);
    const auto root = book_.book().log().RootAt(position.tree_size);
    ASSERT_TRUE(root.ok()) << root.status();
    EXPECT_EQ(*root, position.root);
    const auto refolded = book_.Refolded();
    for (const Space space : {Space::kCurrent, Space::kPast, Space::kCounter, Space::kRequest}) {
      EXPECT_EQ(ItemsOf(*engine_, 1, space), ItemsOf(*refolded, 1, space));
    }
    EXPECT_TRUE(book_.Reopen().ok());
  }

  std::latch begun_{1};
  std::latch released_{1};
  storage::LyingEngine* engine_ = new storage::LyingEngine;
  TestBook book_{std::unique_ptr<storage::Engine>(engine_)};
};

TEST_F(BookWriterTest, AWriteThatFailedLeavesNothingAndIsMadeAgain) {
  const std::uint64_t before = sequence();
  Fail({.failing_write = 1});
  EXPECT_THAT(Reasons(Register("甲")), ElementsAre("STORE_FULL"));
  EXPECT_EQ(sequence(), before);
  const auto again = Register("甲");
  ASSERT_TRUE(again.ok());
  EXPECT_EQ(again->sequence(), before + 1);
  ExpectWhole();
}

TEST_F(BookWriterTest, AnEntryThatIsThereIsAnsweredThoughItsAnswerWasLost) {
  const std::uint64_t before = sequence();
  Fail({.failing_write = 1, .failing_write_applies = true});
  const auto lost = Register("甲");
  ASSERT_TRUE(lost.ok());
  EXPECT_EQ(lost->sequence(), before + 1);
  const auto next = Register("乙");
  ASSERT_TRUE(next.ok());
  EXPECT_EQ(next->sequence(), before + 2);
  ExpectWhole();
}

TEST_F(BookWriterTest, NothingIsAcceptedUntilALostAnswerIsKnown) {
  const std::uint64_t before = sequence();
  Fail({.failing_write = 1, .failing_writes = 4, .failing_write_applies = true});
  EXPECT_THAT(Reasons(Register("甲")), ElementsAre("STORE_FULL"));
  EXPECT_THAT(Reasons(Register("乙")), ElementsAre("STORE_FULL"));
  EXPECT_THAT(Reasons(Register("丙", /*validate=*/true)), ElementsAre("STORE_FULL"));
  EXPECT_EQ(sequence(), before) << "readers see what may not be durable";
  const auto first = Register("甲");
  ASSERT_TRUE(first.ok());
  EXPECT_EQ(first->sequence(), before + 1) << "made twice";
  const auto second = Register("乙");
  ASSERT_TRUE(second.ok());
  EXPECT_EQ(second->sequence(), before + 2);
  ExpectWhole();
}

TEST_F(BookWriterTest, ListenersHearOfAnEntryThatIsFoundLater) {
  std::vector<std::uint64_t> heard;
  storage::Mutex mutex;
  const std::uint64_t listener = book_.book().writer().AddListener([&](const Position& position) {
    storage::MutexLock lock(mutex);
    heard.push_back(position.sequence);
  });
  const std::uint64_t before = sequence();
  Fail({.failing_write = 1, .failing_writes = 2, .failing_write_applies = true});
  EXPECT_FALSE(Register("甲").ok());
  EXPECT_TRUE(Register("乙", /*validate=*/true).ok());
  EXPECT_TRUE(book_.book().writer().WaitFor(
      before + 1, std::chrono::steady_clock::now() + std::chrono::seconds(30)));
  EXPECT_TRUE(Register("丙").ok());
  book_.book().writer().RemoveListener(listener);
  storage::MutexLock lock(mutex);
  EXPECT_THAT(heard, testing::Contains(before + 1));
}

TEST_F(BookWriterTest, WhatComesDuringAWriteIsAppliedOverItAndGoesOn) {
  const std::uint64_t before = sequence();
  Hold({});
  auto first = Send("甲");
  begun_.wait();
  auto second = Send("乙");
  auto third = Send("丙");
  Release();
  EXPECT_EQ(first.get()->sequence(), before + 1);
  EXPECT_EQ(second.get()->sequence(), before + 2);
  EXPECT_EQ(third.get()->sequence(), before + 3);
  ExpectWhole();
}

TEST_F(BookWriterTest, ARequestThatIsBeingWrittenIsAnsweredOnceWhenItComesAgain) {
  const std::uint64_t before = sequence();
  Hold({});
  auto first = Send("甲");
  begun_.wait();
  auto again = Send("甲");
  Release();
  EXPECT_EQ(first.get()->sequence(), before + 1);
  EXPECT_EQ(again.get()->sequence(), before + 1);
  EXPECT_EQ(sequence(), before + 1);
  ExpectWhole();
}

TEST_F(BookWriterTest, WhatStoodOnAWriteThatFailedIsRefusedAndMadeAgain) {
  const std::uint64_t before = sequence();
  Hold({.failing_write = 1});
  auto first = Send("甲");
  begun_.wait();
  // Two of one request: the second is answered from what the first has left, which never was.
  auto second = Send("乙");
  auto again = Send("乙");
  // Time for the writer to apply them over the write that waits; had it not, they would be
  // accepted below, and this would show nothing.
  while (book_.book().writer().waiting() > 0) std::this_thread::yield();
  Release();
  EXPECT_THAT(Reasons(first.get()), ElementsAre("STORE_FULL"));
  EXPECT_THAT(Reasons(second.get()), ElementsAre("STORE_FULL"));
  EXPECT_THAT(Reasons(again.get()), ElementsAre("STORE_FULL"));
  EXPECT_EQ(sequence(), before);
  EXPECT_EQ(Register("乙")->sequence(), before + 1);
  EXPECT_EQ(Register("甲")->sequence(), before + 2);
  ExpectWhole();
}

TEST_F(BookWriterTest, AWriterThatEndsDuringAWriteAnswersEverything) {
  Hold({});
  auto first = Send("甲");
  begun_.wait();
  auto second = Send("乙");
  std::thread closing([&] { EXPECT_TRUE(book_.Reopen().ok()); });
  Release();
  closing.join();
  EXPECT_TRUE(first.get().ok());
  const auto answer = second.get();
  EXPECT_TRUE(answer.ok() || Reasons(answer) == std::vector<std::string>{"SHUTTING_DOWN"});
  ExpectWhole();
}

// Codes are parts of keys, and the engine's keys end at 1,024 bytes.
TEST_F(BookWriterTest, ATextThatNoKeyHoldsIsRefusedByNameWhereverItStands) {
  const std::string text(1'024, 'J');
  v1::Commit amend;
  amend.add_acts()->mutable_amend_party()->mutable_party()->set_code(text);
  EXPECT_THAT(Reasons(book_.Commit(amend)), ElementsAre("REFERENCE_UNRESOLVED"));
  v1::Commit retire;
  retire.add_acts()->mutable_retire_plot()->mutable_plot()->set_code(text);
  EXPECT_THAT(Reasons(book_.Commit(retire)), ElementsAre("REFERENCE_UNRESOLVED"));
  v1::Commit appoint;
  auto& officer = *appoint.add_acts()->mutable_appoint_officer();
  officer.set_principal(text);
  officer.set_role(v1::ROLE_INTAKE);
  EXPECT_THAT(Reasons(book_.CommitAs(ActorOf("admin", v1::ROLE_ADMINISTRATOR), appoint)),
              testing::Contains("FIELD_TOO_LONG"));
  EXPECT_TRUE(Register("甲").ok());
}

TEST_F(BookWriterTest, AJournalThatAnotherWroteOnIsRefusedByName) {
  v1::EntryHeader foreign;
  foreign.set_sequence(sequence() + 1);
  storage::WriteBatch batch;
  batch.Put(JournalKey(1, foreign.sequence(), 0), foreign.SerializeAsString());
  ASSERT_TRUE(engine_->Write(batch, storage::kUnfenced, storage::Durability::kDurable).ok());
  Fail({.failing_write = 1});
  EXPECT_THAT(Reasons(Register("甲")), ElementsAre("STORE_FULL"));
  EXPECT_THAT(Reasons(Register("甲")), ElementsAre("WRITER_REPLACED"));
  EXPECT_THAT(Reasons(Register("乙")), ElementsAre("WRITER_REPLACED"));
}

TEST_F(BookWriterTest, AWriterWhoseFenceWasTakenRefusesByName) {
  ASSERT_TRUE(engine_->AcquireFence(kFence).ok());
  EXPECT_THAT(Reasons(Register("甲")), ElementsAre("WRITER_REPLACED"));
  EXPECT_THAT(Reasons(Register("乙")), ElementsAre("WRITER_REPLACED"));
}

}  // namespace
}  // namespace landbook::registry
