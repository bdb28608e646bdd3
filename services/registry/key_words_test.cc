#include "services/registry/key_words.h"

#include <gtest/gtest.h>

#include <string>

#include "services/registry/keys.h"

namespace landbook::registry {
namespace {

std::string WordsOf(const TableKey& key) {
  const std::string words =
      KeyInWords(SpacePrefix(1, Space::kCurrent).substr(sizeof(BookNumber)) + key.bytes());
  return words;
}

TEST(KeyWordsTest, SaysWhichRecordAKeyIsOf) {
  EXPECT_EQ(WordsOf(RecordKey(v1::RECORD_KIND_RIGHT, 5)), "right 5");
  EXPECT_EQ(WordsOf(RecordKey(v1::RECORD_KIND_CASE, 5)), "case 5");
  EXPECT_EQ(WordsOf(RecordKey(v1::RECORD_KIND_APPLICATION, 5)), "the application of case 5");
  EXPECT_EQ(WordsOf(RecordKey(v1::RECORD_KIND_CALENDAR_DAY, 20260406)), "calendar day 20260406");
}

// Every kind of record and every derived table has words of its own.
TEST(KeyWordsTest, KnowsEveryKindOfRecord) {
  for (int kind = v1::RECORD_KIND_BOOK; kind <= v1::RecordKind_MAX; ++kind) {
    const std::string words = WordsOf(RecordKey(static_cast<v1::RecordKind>(kind), 5));
    EXPECT_FALSE(words.starts_with("record ")) << kind;
  }
}

TEST(KeyWordsTest, SaysWhatALinkIsBetween) {
  EXPECT_EQ(WordsOf(TableKey(Table::kCasesOfUnit).U64(2).U64(7)), "the link from unit 2 to case 7");
  EXPECT_EQ(WordsOf(TableKey(Table::kFilingsWith).U64(2).U64(7)),
            "the link from party 2 to filing 7");
  EXPECT_EQ(WordsOf(TableKey(Table::kStandingCases).U8(3).U64(7)),
            "the link from state 3 to case 7");
  EXPECT_EQ(WordsOf(TableKey(Table::kLapsingCautions).U8(3).U64(7)),
            "the link from cause 3 to caution 7, which can lapse");
}

TEST(KeyWordsTest, TellsInDigitsWhatItDoesNotUnderstand) {
  EXPECT_EQ(KeyInWords(""), "an empty key");
  EXPECT_EQ(KeyInWords("zz"), "key 7a7a");
  EXPECT_EQ(WordsOf(TableKey(Table::kCasesOfUnit).U64(2)),
            "key 6330"
            "0000000000000002");
}

}  // namespace
}  // namespace landbook::registry
