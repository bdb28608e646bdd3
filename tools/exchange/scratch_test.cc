#include "tools/exchange/scratch.h"

#include <gtest/gtest.h>

#include <string>

namespace landbook::exchange {
namespace {

TEST(ScratchTest, GivesBackWhatWasPut) {
  auto scratch = Scratch::Open();
  ASSERT_TRUE(scratch.ok()) << scratch.status();
  ASSERT_TRUE((*scratch)->Run("CREATE TABLE t(a TEXT, b INTEGER)").ok());
  auto put = (*scratch)->Prepare("INSERT INTO t VALUES(?, ?)");
  ASSERT_TRUE(put.ok());
  const std::string zero("张\0三", 7);
  for (const std::string& text : {zero, std::string()}) {
    ASSERT_TRUE(put->Bind(text).Bind(std::int64_t{7}).Step().ok());
    put->Reset();
  }
  auto get = (*scratch)->Prepare("SELECT a, b, a IS NULL FROM t ORDER BY rowid");
  ASSERT_TRUE(get.ok());
  ASSERT_TRUE(*get->Step());
  EXPECT_EQ(get->Text(0), zero);
  EXPECT_EQ(get->Integer(1), 7);
  ASSERT_TRUE(*get->Step());
  EXPECT_EQ(get->Text(0), "");
  EXPECT_EQ(get->Integer(2), 1) << "an empty text is null";
  EXPECT_FALSE(*get->Step());
  EXPECT_EQ(*(*scratch)->Count("SELECT count(*) FROM t"), 2);
}

TEST(ScratchTest, TellsWhatItCouldNotRun) {
  auto scratch = Scratch::Open();
  ASSERT_TRUE(scratch.ok());
  EXPECT_FALSE((*scratch)->Run("SELECT nothing FROM nowhere").ok());
  EXPECT_FALSE((*scratch)->Prepare("NONSENSE").ok());
}

TEST(ScratchTest, QuotesWhatItQuotes) {
  EXPECT_EQ(Quoted("a\"b"), "\"a\"\"b\"");
  EXPECT_EQ(TextLiteral("a'b"), "'a''b'");
}

}  // namespace
}  // namespace landbook::exchange
