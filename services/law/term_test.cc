#include "services/law/term.h"

#include "gtest/gtest.h"
#include "rapidcheck/gtest.h"

namespace landbook::law {
namespace {

using common::AddDays;
using common::AddMonths;
using common::CivilDate;

v1::Term TermOf(const std::string& start, const std::string& end) {
  v1::Term term;
  term.set_start_date(start);
  if (end == "none") {
    term.set_no_end(true);
  } else {
    term.set_end_date(end);
  }
  return term;
}

TEST(ReadTerm, TakesOneDayAndNoEnd) {
  const auto day = ReadTerm(TermOf("2026-03-02", "2026-03-02"));
  ASSERT_TRUE(day.has_value());
  EXPECT_EQ(day->end, (CivilDate{2026, 3, 2}));
  const auto endless = ReadTerm(TermOf("2026-03-02", "none"));
  ASSERT_TRUE(endless.has_value());
  EXPECT_FALSE(endless->end.has_value());
}

TEST(ReadTerm, RefusesBackwardMalformedAndUnsaidEnds) {
  EXPECT_FALSE(ReadTerm(TermOf("2026-03-02", "2026-03-01")).has_value());
  EXPECT_FALSE(ReadTerm(TermOf("2026-02-30", "2026-03-01")).has_value());
  EXPECT_FALSE(ReadTerm(TermOf("2026-03-02", "")).has_value());
  v1::Term denied = TermOf("2026-03-02", "none");
  denied.set_no_end(false);
  EXPECT_FALSE(ReadTerm(denied).has_value());
}

TEST(IsExpired, CountsTheLastDayIn) {
  v1::Right right;
  EXPECT_FALSE(IsExpired(right, {9999, 12, 31}));  // ownership has no term
  *right.mutable_term() = TermOf("1998-10-01", "2028-09-30");
  EXPECT_FALSE(IsExpired(right, {2028, 9, 30}));
  EXPECT_TRUE(IsExpired(right, {2028, 10, 1}));
  *right.mutable_term() = TermOf("1998-10-01", "none");
  EXPECT_FALSE(IsExpired(right, {9999, 12, 31}));
}

TEST(LiesWithin, TakesTheBoundsAndNoDayMore) {
  const TermSpan outer{{2020, 1, 1}, CivilDate{2029, 12, 31}};
  EXPECT_TRUE(LiesWithin(outer, outer));
  EXPECT_FALSE(LiesWithin({{2019, 12, 31}, CivilDate{2029, 12, 31}}, outer));
  EXPECT_FALSE(LiesWithin({{2020, 1, 1}, CivilDate{2030, 1, 1}}, outer));
  EXPECT_FALSE(LiesWithin({{2020, 1, 1}, std::nullopt}, outer));
  EXPECT_TRUE(LiesWithin(outer, {{2020, 1, 1}, std::nullopt}));
  EXPECT_TRUE(LiesWithin({{2020, 1, 1}, std::nullopt}, {{2020, 1, 1}, std::nullopt}));
}

RC_GTEST_PROP(LiesWithin, IsTransitive, ()) {
  const auto span = [] {
    const CivilDate start = AddDays({2020, 1, 1}, *rc::gen::inRange(0, 20));
    const int length = *rc::gen::inRange(-1, 20);
    return TermSpan{start, length < 0 ? std::nullopt : std::optional(AddDays(start, length))};
  };
  const TermSpan a = span();
  const TermSpan b = span();
  const TermSpan c = span();
  RC_ASSERT(!(LiesWithin(a, b) && LiesWithin(b, c)) || LiesWithin(a, c));
}

TEST(Years, AreCountedToTheDayBeforeOrToTheDay) {
  const TermSpan before{{2026, 1, 1}, CivilDate{2030, 12, 31}};
  const TermSpan same{{2026, 1, 1}, CivilDate{2031, 1, 1}};
  EXPECT_TRUE(HasAtLeastYears(before, 5));
  EXPECT_TRUE(HasAtMostYears(before, 5));
  EXPECT_TRUE(HasAtLeastYears(same, 5));
  EXPECT_TRUE(HasAtMostYears(same, 5));
  EXPECT_FALSE(HasAtLeastYears({{2026, 1, 1}, CivilDate{2030, 12, 30}}, 5));
  EXPECT_FALSE(HasAtMostYears({{2026, 1, 1}, CivilDate{2031, 1, 2}}, 5));
  EXPECT_FALSE(HasAtMostYears({{2026, 1, 1}, std::nullopt}, 5));
  EXPECT_TRUE(HasAtLeastYears({{2026, 1, 1}, std::nullopt}, 5));
}

TEST(LastsAtMostYears, CountsTheFirstDayAndTheLast) {
  EXPECT_TRUE(LastsAtMostYears({{2026, 3, 2}, CivilDate{2046, 3, 1}}, 20));
  EXPECT_FALSE(LastsAtMostYears({{2026, 3, 2}, CivilDate{2046, 3, 2}}, 20));
  EXPECT_FALSE(LastsAtMostYears({{2026, 3, 2}, std::nullopt}, 20));
}

}  // namespace
}  // namespace landbook::law
