#include "tools/exchange/side_text.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <string>

#include "tools/exchange/table_loader.h"

namespace landbook::exchange {
namespace {

TEST(SideTextTest, PiecesAreSmallAndKeepBlanks) {
  std::string text;
  for (int i = 0; i < 59; ++i) text += "县";
  const auto pieces = PiecesOf(text + " 村");
  ASSERT_EQ(pieces.size(), 2u);
  EXPECT_EQ(pieces[0], "|" + text + " |");
  EXPECT_EQ(pieces[1], "|村|");
  EXPECT_EQ(TextOfPieces(pieces), text + " 村");
  EXPECT_TRUE(PiecesOf("").empty());
}

RC_GTEST_PROP(SideTextTest, ComeBackAsTheyWere, ()) {
  std::string text;
  for (const int character : *rc::gen::container<std::vector<int>>(rc::gen::inRange(0, 4))) {
    constexpr const char* kCharacters[] = {"a", " ", "|", "𠮷"};
    text += kCharacters[character];
  }
  RC_ASSERT(TextOfPieces(PiecesOf(text)) == text);
}

TEST(SideTextTest, IsFoundByRow) {
  auto scratch = Scratch::Open();
  ASSERT_TRUE(scratch.ok());
  ASSERT_TRUE(MakeTables(**scratch).ok());
  ASSERT_TRUE(
      (*scratch)
          ->Run("INSERT INTO LANDBOOK_TEXT(row, bad, TAB, ROWNO, FIELD, PART, WORDS) VALUES"
                "(0, 0, 'CBF', '7', 'CBFDZ', '10', '|c|'), (1, 0, 'CBF', '7', 'CBFDZ', '9', "
                "'|b|'), (2, 0, 'CBF', '7', 'GSJS', '0', '|x|'), (3, 0, 'FBF', '7', 'FBFDZ', "
                "'0', '|y|')")
          .ok());
  const auto texts = SideTextOf(**scratch, "CBF", 7);
  ASSERT_TRUE(texts.ok());
  EXPECT_EQ(*texts, (std::map<std::string, std::string>{{"CBFDZ", "bc"}, {"GSJS", "x"}}));
}

}  // namespace
}  // namespace landbook::exchange
