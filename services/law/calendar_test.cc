#include "services/law/calendar.h"

#include "gtest/gtest.h"
#include "rapidcheck/gtest.h"
#include "services/law/state_testing.h"

namespace landbook::law {
namespace {

using common::AddDays;

class CalendarOfVillage : public Village {
 protected:
  void PutDay(CivilDate date, bool working) {
    v1::CalendarDay day;
    day.set_date(common::FormatCivilDate(date));
    day.set_working(working);
    state_.Put(v1::RECORD_KIND_CALENDAR_DAY, CalendarDayNumber(date), day.SerializeAsString());
  }
  v1::Case CaseOf(const std::string& text) {
    v1::Case the_case;
    EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(
        "code: '990101202603020001' kind: 'contract-transfer' state: CASE_STATE_ACCEPTED "
        "accepted_date: '2026-03-02' " +
            text,
        &the_case));
    return the_case;
  }
  CaseClock Clock(const v1::Case& the_case, CivilDate today) {
    return ClockOf(the_case, pack_, calendar_, today).value();
  }
  v1::Caution CautionOf(const std::string& text) {
    v1::Caution caution;
    EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString("state: RECORD_STATE_LIVE " + text,
                                                              &caution));
    return caution;
  }
  Calendar calendar_{state_};
};

TEST_F(CalendarOfVillage, CountsMondayToFridayAndWhatTheBookSays) {
  EXPECT_TRUE(calendar_.IsWorkingDay({2026, 10, 1}));
  EXPECT_FALSE(calendar_.IsWorkingDay({2026, 10, 3}));
  PutDay({2026, 10, 1}, false);
  PutDay({2026, 10, 10}, true);
  EXPECT_FALSE(calendar_.IsWorkingDay({2026, 10, 1}));
  EXPECT_TRUE(calendar_.IsWorkingDay({2026, 10, 10}));
  EXPECT_EQ(calendar_.WorkingDayFrom({2026, 10, 3}), (CivilDate{2026, 10, 5}));
}

TEST_F(CalendarOfVillage, TheDayAfterTheEventIsDayOne) {
  EXPECT_EQ(LastDayOf({2026, 3, 2}, {15, false}, calendar_), (CivilDate{2026, 3, 17}));
  EXPECT_EQ(LastDayOf({2026, 3, 3}, {15, true}, calendar_), (CivilDate{2026, 3, 24}));
  EXPECT_EQ(LastDayOf({2026, 3, 2}, {0, true}, calendar_), (CivilDate{2026, 3, 2}));
}

// Civil Code 203.
TEST_F(CalendarOfVillage, APeriodThatWouldEndOnARestDayEndsWithTheNextWorkingDay) {
  EXPECT_EQ(LastDayOf({2026, 3, 6}, {15, false}, calendar_), (CivilDate{2026, 3, 23}));
}

RC_GTEST_FIXTURE_PROP(CalendarOfVillage, EndsOnAWorkingDayWithThatManyBehindIt, ()) {
  const CivilDate event = AddDays({2026, 1, 1}, *rc::gen::inRange(0, 400));
  for (const int day : *rc::gen::container<std::vector<int>>(rc::gen::inRange(0, 430))) {
    PutDay(AddDays({2026, 1, 1}, day), *rc::gen::arbitrary<bool>());
  }
  const auto days = *rc::gen::inRange<std::uint32_t>(1, 30);
  const CivilDate last = LastDayOf(event, {days, true}, calendar_);
  std::uint32_t counted = 0;
  for (CivilDate day = AddDays(event, 1); day <= last; day = AddDays(day, 1)) {
    if (calendar_.IsWorkingDay(day)) ++counted;
  }
  RC_ASSERT(calendar_.IsWorkingDay(last));
  RC_ASSERT(counted == days);
}

TEST_F(CalendarOfVillage, ACaseHasThirtyWorkingDays) {
  PutDay({2026, 4, 6}, false);
  const CaseClock clock = Clock(CaseOf(""), {2026, 3, 2});
  EXPECT_EQ(clock.due, (CivilDate{2026, 4, 14}));
  EXPECT_EQ(clock.days_left, 30);
  EXPECT_FALSE(clock.stopped);
  EXPECT_FALSE(Clock(CaseOf(""), {2026, 4, 14}).overdue);
  EXPECT_EQ(Clock(CaseOf(""), {2026, 4, 14}).days_left, 0);
  EXPECT_TRUE(Clock(CaseOf(""), {2026, 4, 15}).overdue);
}

TEST_F(CalendarOfVillage, StopsAreLeftOut) {
  PutDay({2026, 4, 6}, false);
  const v1::Case supplemented =
      CaseOf("stops { from_date: '2026-03-02' until_date: '2026-03-16' }");
  EXPECT_EQ(Clock(supplemented, {2026, 3, 16}).due, (CivilDate{2026, 4, 28}));
  const v1::Case resumed = CaseOf("stops { from_date: '2026-03-02' until_date: '2026-03-10' }");
  EXPECT_EQ(Clock(resumed, {2026, 3, 10}).due, (CivilDate{2026, 4, 22}));
}

TEST_F(CalendarOfVillage, WhileItStandsAClockIsNotOverdue) {
  const v1::Case stopped = CaseOf("stops { from_date: '2026-03-10' }");
  const CaseClock clock = Clock(stopped, {2026, 9, 1});
  EXPECT_TRUE(clock.stopped);
  EXPECT_FALSE(clock.overdue);
  EXPECT_EQ(clock.days_left, 25);  // of 30, those of 3 to 9 March are used up
  EXPECT_EQ(clock.due, LastDayOf({2026, 9, 1}, {25, true}, calendar_));
}

TEST_F(CalendarOfVillage, AnEndedCaseAndAnUnknownDayHaveNoClock) {
  v1::Case ended = CaseOf("");
  ended.set_state(v1::CASE_STATE_REFUSED);
  EXPECT_FALSE(ClockOf(ended, pack_, calendar_, {2026, 3, 3}).has_value());
  v1::Case dateless = CaseOf("");
  dateless.clear_accepted_date();
  EXPECT_FALSE(ClockOf(dateless, pack_, calendar_, {2026, 3, 3}).has_value());
}

TEST_F(CalendarOfVillage, AnObjectionLapsesAfterFifteenDaysWithoutALawsuit) {
  v1::Caution objection = CautionOf("cause: CAUTION_CAUSE_OBJECTION effective_date: '2026-03-02'");
  EXPECT_EQ(LapseDayOf(objection, pack_, calendar_), (CivilDate{2026, 3, 17}));
  EXPECT_TRUE(IsInForce(objection, pack_, calendar_, {2026, 3, 17}));
  EXPECT_FALSE(IsInForce(objection, pack_, calendar_, {2026, 3, 18}));
  objection.set_step_date("2026-03-16");
  EXPECT_FALSE(LapseDayOf(objection, pack_, calendar_).has_value());
  EXPECT_TRUE(IsInForce(objection, pack_, calendar_, {2027, 3, 18}));
}

TEST_F(CalendarOfVillage, AnAdvanceNoticeLapsesNinetyDaysAfterRegistrationCouldBeAskedFor) {
  v1::Caution notice =
      CautionOf("cause: CAUTION_CAUSE_ADVANCE_NOTICE effective_date: '2026-03-02'");
  EXPECT_FALSE(LapseDayOf(notice, pack_, calendar_).has_value());
  notice.set_registrable_date("2026-12-01");
  EXPECT_EQ(LapseDayOf(notice, pack_, calendar_), (CivilDate{2027, 3, 1}));
}

TEST_F(CalendarOfVillage, ASeizureStandsFromItsFirstDayToItsLast) {
  const v1::Caution seizure = CautionOf(
      "cause: CAUTION_CAUSE_SEIZURE effective_date: '2026-03-02' expiry_date: '2026-09-01'");
  EXPECT_FALSE(IsInForce(seizure, pack_, calendar_, {2026, 3, 1}));
  EXPECT_TRUE(IsInForce(seizure, pack_, calendar_, {2026, 9, 1}));
  EXPECT_FALSE(IsInForce(seizure, pack_, calendar_, {2026, 9, 2}));
  EXPECT_FALSE(LapseDayOf(seizure, pack_, calendar_).has_value());
}

}  // namespace
}  // namespace landbook::law
