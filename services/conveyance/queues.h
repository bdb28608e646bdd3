// What comes next for a case, who may do it, and by when: pure functions of the case, the law that
// it was accepted under, the calendar and the day.
#ifndef LANDBOOK_SERVICES_CONVEYANCE_QUEUES_H_
#define LANDBOOK_SERVICES_CONVEYANCE_QUEUES_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "landbook/v1/conveyance_service.pb.h"
#include "services/common/civil_date.h"
#include "services/conveyance/draft_store.h"
#include "services/law/calendar.h"
#include "services/law/pack_rules.h"

namespace landbook::conveyance {

// By what law and on which day something is looked at. Borrowed for the time of the call.
struct Outlook {
  const law::PackRules& rules;
  const law::Calendar& calendar;
  common::CivilDate today;
};

// The next step of a case, as a verb of ConveyanceService.
struct NextStep {
  std::string_view verb;
  // For ReviewCase: which step, from 1; 0 for other verbs.
  std::uint32_t review_step = 0;
  friend bool operator==(const NextStep&, const NextStep&) = default;
};

// What the case waits for an officer to do: nullopt when it waits for a day (a notice that runs) or
// for nobody any more (archived). A case that waits for a supplement waits for intake to take it.
std::optional<NextStep> NextStepOf(const v1::Case& the_case, const Outlook& outlook);

// True when the officer's role takes the step, by the access that the proto gives the verb, and the
// officer's own part in the case does not bar it: who accepted does not review, nobody reviews
// twice, and who reviewed does not register (K-05, K-06).
bool MayTake(const NextStep& step, const v1::Case& the_case, const v1::Actor& officer);

// The days by which something of the case has to happen, the first first: registration (while the
// clock runs), the supplement that was asked for, the end of the notice, the archive.
std::vector<v1::Deadline> DeadlinesOf(const v1::Case& the_case, const Outlook& outlook);

// When the caution lapses or runs out: an objection, an advance notice, or whatever has a last day.
// nullopt for others and for those that have ended.
std::optional<v1::Deadline> DeadlineOf(const v1::Caution& caution, const Outlook& outlook);

// Whether the caution has run out by the day: its last day is over (CC 220, 221).
bool HasRunOut(const v1::Caution& caution, const Outlook& outlook);
// Whether the case waits for a supplement whose last day is over.
bool HasRunOut(const v1::Case& the_case, const Outlook& outlook);

// The reminder that a deadline would be.
Reminder ReminderOf(const v1::Deadline& deadline);

// An order among deadlines: by day, then kind, case and caution. What has none comes last.
std::string SortKeyOf(const v1::Deadline& deadline);

}  // namespace landbook::conveyance

#endif  // LANDBOOK_SERVICES_CONVEYANCE_QUEUES_H_
