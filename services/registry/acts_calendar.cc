// The calendar of working days (工作日历): the days that count otherwise than their weekday.
#include <set>
#include <string>

#include "fmt/format.h"
#include "services/common/civil_date.h"
#include "services/registry/acts.h"
#include "services/registry/form.h"
#include "storage/check.h"

namespace landbook::registry {
namespace {

// Deadlines that have been told were counted on the days that have passed.
void CheckDay(const v1::CalendarDay& day, const std::string& field, ActContext* context) {
  if (day.date() >= context->day()) return;
  context->Refuse(
      Reason::VALUE_OUT_OF_RANGE, field,
      {fmt::format("{} has passed; the calendar changes from {} on.", day.date(), context->day()),
       fmt::format("{} 已过；工作日历只能自 {} 起调整。", day.date(), context->day())});
}

}  // namespace

void Decide(const v1::AmendCalendar& act, ActContext* context) {
  const std::size_t before = context->refusal_count();
  CheckNotEmpty(act.days_size(), "days", context);
  std::set<std::string> seen;
  bool changes = false;
  for (int i = 0; i < act.days_size(); ++i) {
    const std::string field = fmt::format("days[{}].date", i);
    const v1::CalendarDay& day = act.days(i);
    CheckOnce(day.date(), &seen, field, context);
    CheckDay(day, field, context);
    const auto standing = context->Find<v1::CalendarDay>(DayNumber(day.date()));
    changes |= !standing || standing->record.SerializeAsString() != day.SerializeAsString();
  }
  if (context->refusal_count() != before) return;
  if (!changes) return RefuseNothingChanges(context);
  for (const v1::CalendarDay& day : act.days()) context->Put(DayNumber(day.date()), day);
}

}  // namespace landbook::registry
