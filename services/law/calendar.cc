#include "services/law/calendar.h"

#include <absl/time/civil_time.h>

#include <algorithm>
#include <string>

namespace landbook::law {

using common::AddDays;
using common::CivilDate;
using common::ParseCivilDate;

namespace {

bool IsWeekend(CivilDate date) {
  const auto day = absl::GetWeekday(absl::CivilDay(date.year, date.month, date.day));
  return day == absl::Weekday::saturday || day == absl::Weekday::sunday;
}

// No period of law is longer; a calendar that holds no working day at all ends a search here.
constexpr int kSearchDaysMax = 4000;

bool LiesIn(CivilDate day, const v1::ClockStop& stop) {
  const auto from = ParseCivilDate(stop.from_date());
  const auto until = ParseCivilDate(stop.until_date());
  return from && day >= *from && (!until || day <= *until);
}

bool IsStopped(const v1::Case& the_case, CivilDate day) {
  return std::any_of(the_case.stops().begin(), the_case.stops().end(),
                     [&](const v1::ClockStop& stop) { return LiesIn(day, stop); });
}

bool HasOpenStop(const v1::Case& the_case) {
  return std::any_of(the_case.stops().begin(), the_case.stops().end(),
                     [](const v1::ClockStop& stop) { return stop.until_date().empty(); });
}

bool HasEnded(v1::CaseState state) {
  return state != v1::CASE_STATE_ACCEPTED && state != v1::CASE_STATE_IN_NOTICE &&
         state != v1::CASE_STATE_REVIEWED;
}

bool Counts(const Period& period, const Calendar& calendar, CivilDate day) {
  return !period.working || calendar.IsWorkingDay(day);
}

// How many days of a case's limit are used up when `today` is over, at most the limit.
int DaysUsed(const v1::Case& the_case, const Period& period, const Calendar& calendar,
             CivilDate today) {
  int used = 0;
  const auto accepted = *ParseCivilDate(the_case.accepted_date());
  for (CivilDate day = AddDays(accepted, 1); day <= today; day = AddDays(day, 1)) {
    const bool counted = Counts(period, calendar, day) && !IsStopped(the_case, day);
    if (counted && ++used == static_cast<int>(period.days)) break;
  }
  return used;
}

// The day on which the limit is used up, no stop beginning any more; stops that last count as
// ending with `today`.
CivilDate DueDay(const v1::Case& the_case, const Period& period, const Calendar& calendar,
                 CivilDate today) {
  CivilDate day = *ParseCivilDate(the_case.accepted_date());
  std::uint32_t counted = 0;
  for (int i = 0; counted < period.days && i < kSearchDaysMax; ++i) {
    day = AddDays(day, 1);
    const bool stopped = IsStopped(the_case, day) && (day <= today || !HasOpenStop(the_case));
    if (Counts(period, calendar, day) && !stopped) ++counted;
  }
  return day;
}

// From which day, and by which limit, a caution lapses.
struct LapseClock {
  std::string from_date;
  const char* matter;
};

std::optional<LapseClock> LapseClockOf(const v1::Caution& caution) {
  switch (caution.cause()) {
    case v1::CAUTION_CAUSE_OBJECTION:
      return LapseClock{caution.effective_date(), "objection-lawsuit"};
    case v1::CAUTION_CAUSE_ADVANCE_NOTICE:
      return LapseClock{caution.registrable_date(), "advance-notice"};
    default:
      return std::nullopt;
  }
}

}  // namespace

std::uint64_t CalendarDayNumber(CivilDate date) {
  return static_cast<std::uint64_t>(date.year) * 10000 +
         static_cast<std::uint64_t>(date.month) * 100 + static_cast<std::uint64_t>(date.day);
}

bool Calendar::IsWorkingDay(CivilDate date) const {
  const auto said = Find<v1::CalendarDay>(*state_, CalendarDayNumber(date));
  return said ? said->working() : !IsWeekend(date);
}

CivilDate Calendar::WorkingDayFrom(CivilDate date) const {
  for (int i = 0; i < kSearchDaysMax && !IsWorkingDay(date); ++i) date = AddDays(date, 1);
  return date;
}

Period PeriodOf(const v1::DeadlineRule& rule) { return {rule.days(), rule.working()}; }

CivilDate LastDayOf(CivilDate event, const Period& period, const Calendar& calendar) {
  if (!period.working) return calendar.WorkingDayFrom(AddDays(event, period.days));
  CivilDate day = event;
  for (std::uint32_t i = 0; i < period.days; ++i) day = calendar.WorkingDayFrom(AddDays(day, 1));
  return day;
}

std::optional<CaseClock> ClockOf(const v1::Case& the_case, const PackRules& pack,
                                 const Calendar& calendar, CivilDate today) {
  const auto accepted = ParseCivilDate(the_case.accepted_date());
  if (!accepted || HasEnded(the_case.state())) return std::nullopt;
  // A case's code begins with its county's.
  const auto rule = pack.DeadlineRuleFor("registration", the_case.kind(),
                                         {.day = *accepted, .division = the_case.code()});
  if (!rule) return std::nullopt;
  const Period period = PeriodOf(*rule);
  CaseClock clock;
  clock.due = DueDay(the_case, period, calendar, today);
  clock.stopped = HasOpenStop(the_case);
  clock.days_left = static_cast<int>(period.days) - DaysUsed(the_case, period, calendar, today);
  clock.overdue = !clock.stopped && clock.due < today;
  return clock;
}

std::optional<CivilDate> LapseDayOf(const v1::Caution& caution, const PackRules& pack,
                                    const Calendar& calendar) {
  const auto clock = LapseClockOf(caution);
  if (!clock || !caution.step_date().empty()) return std::nullopt;
  const auto from = ParseCivilDate(clock->from_date);
  if (!from) return std::nullopt;
  const auto rule = pack.DeadlineRuleFor(clock->matter, "", {.day = *from});
  if (!rule) return std::nullopt;
  return LastDayOf(*from, PeriodOf(*rule), calendar);
}

bool IsInForce(const v1::Caution& caution, const PackRules& pack, const Calendar& calendar,
               CivilDate day) {
  if (!Stands(caution)) return false;
  const auto first = ParseCivilDate(caution.effective_date());
  const auto last = ParseCivilDate(caution.expiry_date());
  if ((first && day < *first) || (last && day > *last)) return false;
  const auto lapse = LapseDayOf(caution, pack, calendar);
  return !lapse || day <= *lapse;
}

}  // namespace landbook::law
