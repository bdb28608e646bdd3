#include "services/common/civil_date.h"

#include <gtest/gtest.h>
#include <rapidcheck.h>

namespace landbook::common {
namespace {

CivilDate AnyDate() {
  const int year = *rc::gen::inRange(1, 10'000);
  const int month = *rc::gen::inRange(1, 13);
  return {year, month, *rc::gen::inRange(1, DaysInMonth(year, month) + 1)};
}

TEST(CivilDateTest, ReadsDaysOfTheCalendar) {
  EXPECT_EQ(ParseCivilDate("2024-02-29"), (CivilDate{2024, 2, 29}));
  EXPECT_EQ(ParseCivilDate("2000-02-29"), (CivilDate{2000, 2, 29}));
  EXPECT_EQ(ParseCivilDate("9999-12-31"), (CivilDate{9999, 12, 31}));
}

TEST(CivilDateTest, RefusesWhatIsNoDay) {
  for (const char* text : {"", "2023-02-29", "1900-02-29", "2024-00-10", "2024-13-01", "2024-04-31",
                           "2024-01-00", "0000-01-01", "2024-1-01", "2024/01/01", "20240101",
                           "2024-01-01 ", "+024-01-01", "2024-01-0x", "２０２４-01-01"}) {
    EXPECT_EQ(ParseCivilDate(text), std::nullopt) << text;
  }
}

TEST(CivilDateTest, WritingAndReadingAgree) {
  EXPECT_TRUE(rc::check([] {
    const CivilDate date = AnyDate();
    RC_ASSERT(ParseCivilDate(FormatCivilDate(date)) == date);
  }));
}

TEST(CivilDateTest, OrderIsThatOfItsText) {
  EXPECT_TRUE(rc::check([] {
    const CivilDate a = AnyDate();
    const CivilDate b = AnyDate();
    RC_ASSERT((a < b) == (FormatCivilDate(a) < FormatCivilDate(b)));
  }));
}

TEST(CivilDateTest, MonthsEndAtTheLastDayOfAShorterMonth) {
  EXPECT_EQ(AddMonths({2024, 1, 31}, 1), (CivilDate{2024, 2, 29}));
  EXPECT_EQ(AddMonths({2023, 8, 31}, 6), (CivilDate{2024, 2, 29}));
  EXPECT_EQ(AddMonths({2024, 3, 31}, -1), (CivilDate{2024, 2, 29}));
  EXPECT_EQ(AddMonths({2024, 12, 15}, 1), (CivilDate{2025, 1, 15}));
  EXPECT_EQ(AddMonths({9999, 12, 15}, 1), (CivilDate{9999, 12, 31}));
  EXPECT_EQ(AddMonths({1, 1, 15}, -1), (CivilDate{1, 1, 1}));
}

TEST(CivilDateTest, DaysCrossMonthsAndYears) {
  EXPECT_EQ(AddDays({2024, 2, 28}, 2), (CivilDate{2024, 3, 1}));
  EXPECT_EQ(AddDays({2025, 1, 1}, -1), (CivilDate{2024, 12, 31}));
  EXPECT_EQ(AddDays({2024, 1, 1}, 366), (CivilDate{2025, 1, 1}));
  EXPECT_TRUE(rc::check([] {
    const CivilDate date = AnyDate();
    const int days = *rc::gen::inRange(-100, 100);
    if (date.year > 1 && date.year < 9999) RC_ASSERT(AddDays(AddDays(date, days), -days) == date);
  }));
}

TEST(CivilDateTest, AgeIsFullOnTheBirthday) {
  EXPECT_EQ(AgeYears({{2008, 6, 15}, {2026, 6, 14}}), 17);
  EXPECT_EQ(AgeYears({{2008, 6, 15}, {2026, 6, 15}}), 18);
  EXPECT_EQ(AgeYears({{2008, 2, 29}, {2026, 2, 28}}), 17);
  EXPECT_EQ(AgeYears({{2008, 2, 29}, {2026, 3, 1}}), 18);
  EXPECT_EQ(AgeYears({{2026, 6, 15}, {2026, 6, 14}}), -1);
}

}  // namespace
}  // namespace landbook::common
