// Public notice of a case (公告): it hangs for the working days that the packs ask for, and what
// came of it is kept with the case.
#include <string>

#include "fmt/format.h"
#include "services/law/calendar.h"
#include "services/law/case_progress.h"
#include "services/registry/act_law.h"
#include "services/registry/acts.h"
#include "services/registry/case_steps.h"
#include "services/registry/form.h"
#include "services/registry/law_state.h"
#include "storage/check.h"

namespace landbook::registry {
namespace {

// The last day of a notice that begins on the day: the day itself is not counted (Civil Code 201).
std::string LastDay(const std::string& from_date, const v1::NoticeRule& rule,
                    const ActContext& context) {
  const auto from = common::ParseCivilDate(from_date);
  LANDBOOK_CHECK(from.has_value());
  const LawState state(context);
  const law::Calendar calendar(state);
  return common::FormatCivilDate(
      law::LastDayOf(*from, {.days = rule.working_days(), .working = true}, calendar));
}

void StopClock(const v1::BeginNotice& act, v1::Case* the_case) {
  v1::ClockStop& stop = *the_case->add_stops();
  stop.set_cause(v1::CLOCK_STOP_CAUSE_NOTICE);
  stop.set_from_date(act.from_date());
  stop.set_document_number(act.document_number());
}

void CheckObjections(const v1::ConcludeNotice& act, ActContext* context) {
  if (act.objections_founded() <= act.objections()) return;
  context->Refuse(Reason::VALUE_OUT_OF_RANGE, "objections_founded",
                  {fmt::format("{} objections came, of which {} cannot have been founded.",
                               act.objections(), act.objections_founded()),
                   fmt::format("收到异议 {} 件，成立的不可能为 {} 件。", act.objections(),
                               act.objections_founded())});
}

}  // namespace

void Decide(const v1::BeginNotice& act, ActContext* context) {
  const std::size_t before = context->refusal_count();
  auto the_case = TakeCase(act.case_(), act.etag(), context);
  CheckOrder({context->day(), act.from_date()}, "from_date", context);
  CheckNotEmpty(act.places_size(), "places", context);
  CheckDigest(act.text_hash(), "text_hash", context);
  if (!the_case || !MayPut(before, context)) return;
  v1::Case& record = the_case->record;
  const auto rule = law::NoticeOf(record, *context->facts().rules, LawDay(*context));
  LANDBOOK_CHECK(rule.has_value());  // K-04 lets no other case begin one
  v1::PublicNotice& notice = *record.mutable_notice();
  notice.set_document_number(act.document_number());
  notice.set_from_date(act.from_date());
  notice.set_until_date(LastDay(act.from_date(), *rule, *context));
  *notice.mutable_places() = act.places();
  notice.set_text_hash(act.text_hash());
  notice.set_working_days(rule->working_days());
  if (rule->stops_clock()) StopClock(act, &record);
  record.set_state(v1::CASE_STATE_IN_NOTICE);
  context->Put(the_case->number, record);
}

void Decide(const v1::ConcludeNotice& act, ActContext* context) {
  const std::size_t before = context->refusal_count();
  auto the_case = TakeCase(act.case_(), act.etag(), context);
  CheckObjections(act, context);
  if (!the_case || !MayPut(before, context)) return;
  v1::Case& record = the_case->record;
  v1::PublicNotice& notice = *record.mutable_notice();
  notice.set_concluded(true);
  notice.set_objections(act.objections());
  notice.set_objections_founded(act.objections_founded());
  EndStop(v1::CLOCK_STOP_CAUSE_NOTICE, *context, &record);
  record.set_state(v1::CASE_STATE_REVIEWED);
  context->record().set_ground(
      fmt::format("{}", fmt::join(act.answers().begin(), act.answers().end(), "；")));
  context->Put(the_case->number, record);
}

}  // namespace landbook::registry
