// Days as the law counts them: working days on the book's calendar, and the deadlines that follow.
//
// The day of an event is not counted; the day after it is day one (Civil Code 201). A period of
// calendar days whose last day is no working day ends with the next working day (Civil Code 203).
// Deadlines are computed from days, packs and calendar whenever they are asked for and stored
// nowhere, so that a calendar put right puts right what follows from it.
#ifndef LANDBOOK_SERVICES_LAW_CALENDAR_H_
#define LANDBOOK_SERVICES_LAW_CALENDAR_H_

#include <cstdint>
#include <optional>

#include "landbook/v1/case.pb.h"
#include "landbook/v1/policy.pb.h"
#include "landbook/v1/right.pb.h"
#include "services/common/civil_date.h"
#include "services/law/pack_rules.h"
#include "services/law/state.h"

namespace landbook::law {

// The number under which a book keeps a calendar day: 20261001.
std::uint64_t CalendarDayNumber(common::CivilDate date);

// Monday to Friday, less and plus what the book's calendar says otherwise (工作日历).
class Calendar {
 public:
  // Reads from `state`, which has to outlive it.
  explicit Calendar(const State& state) : state_(&state) {}
  bool IsWorkingDay(common::CivilDate date) const;
  // The day itself when it is a working day, otherwise the next one.
  common::CivilDate WorkingDayFrom(common::CivilDate date) const;

 private:
  const State* state_;
};

// A number of days, and how they are counted.
struct Period {
  std::uint32_t days = 0;
  bool working = false;
};
Period PeriodOf(const v1::DeadlineRule& rule);

// The last day of a period that an event on `event` starts.
common::CivilDate LastDayOf(common::CivilDate event, const Period& period,
                            const Calendar& calendar);

// How long a case still has for its registration (办理时限).
struct CaseClock {
  // The last day; while the clock stands it is what it would be if it went on tomorrow.
  common::CivilDate due;
  // True while a stop lasts.
  bool stopped = false;
  // Days that are left after today, counted as the limit counts them.
  int days_left = 0;
  // True when the last day is over and no stop lasts.
  bool overdue = false;
};

// The clock of a case that was accepted: the limit on "registration" for its kind, days of stops
// left out, the first and the last of them included. nullopt when the case has ended or no pack
// sets a limit.
std::optional<CaseClock> ClockOf(const v1::Case& the_case, const PackRules& pack,
                                 const Calendar& calendar, common::CivilDate today);

// The last day that law leaves a caution without the step that it asks for: 15 days after an
// objection's entry without a lawsuit (Civil Code 220), 90 after registration could be asked for
// without an application for an advance notice (Civil Code 221). nullopt for other causes, once the
// step was shown, while registration cannot be asked for, and when no pack has the period.
std::optional<common::CivilDate> LapseDayOf(const v1::Caution& caution, const PackRules& pack,
                                            const Calendar& calendar);

// True when the caution has its effect on the day: it stands, the day lies between its first and
// its last, and it has not lapsed.
bool IsInForce(const v1::Caution& caution, const PackRules& pack, const Calendar& calendar,
               common::CivilDate day);

}  // namespace landbook::law

#endif  // LANDBOOK_SERVICES_LAW_CALENDAR_H_
