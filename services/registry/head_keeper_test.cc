#include "services/registry/head_keeper.h"

#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <thread>

#include "services/registry/book_testing.h"
#include "storage/lying_engine.h"
#include "storage/rocksdb/store_testing.h"

namespace landbook::registry {
namespace {

// The clock of a test's book is a trial clock, so nothing may ever be built on the book.
TEST(HeadKeeper, EveryHeadOfABookUnderATrialClockIsATrial) {
  TestBook book;
  const auto preparing = book.book().heads().Get(0);
  ASSERT_TRUE(preparing.ok()) << preparing.status();
  EXPECT_EQ(preparing->head.state, storage::BookState::kPreparing);
  EXPECT_TRUE(preparing->head.trial);

  v1::Commit open;
  open.add_acts()->mutable_open_book();
  open.set_document_number("鲁自然资函〔2026〕1号");
  ASSERT_TRUE(book.CommitAs(ActorOf("admin", v1::ROLE_ADMINISTRATOR), open).ok());
  const auto opened = book.book().heads().Get(0);
  ASSERT_TRUE(opened.ok()) << opened.status();
  EXPECT_EQ(opened->head.state, storage::BookState::kOpen);
  EXPECT_TRUE(opened->head.trial);
  EXPECT_TRUE(book.book().heads().ToWire(*opened).trial());
  EXPECT_TRUE(book.book().keys().VerifyHead(*opened).ok());
}

TEST(HeadKeeper, TheLastHeadOfABookThatGoesQuietIsKept) {
  TestBook book;
  storage::ScratchDirectory scratch;
  HeadKeeper keeper({.engine = &book.engine(),
                     .book = book.book().number(),
                     .county = book.book().code(),
                     .keys = &book.book().keys(),
                     .writer = &book.book().writer(),
                     .outside_path = scratch.File("head"),
                     .outside_every = std::chrono::milliseconds(1),
                     .kept_every = std::chrono::milliseconds(100)});
  const auto is_kept = [&](std::uint64_t sequence) {
    const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(30);
    while (std::chrono::steady_clock::now() < until) {
      const auto heads = keeper.List(sequence, 1);
      if (heads.ok() && !heads->empty()) return true;
      std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
    return false;
  };
  ASSERT_TRUE(is_kept(book.book().writer().position().sequence));
  // The first of these is signed before its time to be kept has come, and nothing follows the last.
  for (int i = 0; i < 3; ++i) {
    v1::Commit commit;
    commit.add_acts()->mutable_register_party()->mutable_party()->mutable_authority()->set_title(
        "样例县自然资源局");
    ASSERT_TRUE(book.Commit(std::move(commit)).ok());
  }
  EXPECT_TRUE(is_kept(book.book().writer().position().sequence));
}

TEST(HeadKeeper, AHeadThatIsKeptIsGivenAgainOnAFullDisk) {
  auto* engine = new storage::LyingEngine;
  TestBook book{std::unique_ptr<storage::Engine>(engine)};
  const auto kept = book.book().heads().Get(0);
  ASSERT_TRUE(kept.ok()) << kept.status();
  engine->SetPlan({.failing_write = 1, .failing_writes = 1'000'000});
  const auto again = book.book().heads().Get(0);
  ASSERT_TRUE(again.ok()) << again.status();
  EXPECT_EQ(*again, *kept);
}

TEST(HeadKeeper, RefusesAnEntryThatTheBookDoesNotHave) {
  TestBook book;
  EXPECT_EQ(book.book().heads().Get(1'000).status().code(), absl::StatusCode::kOutOfRange);
}

}  // namespace
}  // namespace landbook::registry
