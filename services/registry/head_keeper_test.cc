#include "services/registry/head_keeper.h"

#include <gtest/gtest.h>

#include "services/registry/book_testing.h"

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

}  // namespace
}  // namespace landbook::registry
