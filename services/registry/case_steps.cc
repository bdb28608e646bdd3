#include "services/registry/case_steps.h"

#include "services/common/civil_date.h"
#include "services/registry/standing.h"
#include "storage/check.h"

namespace landbook::registry {

std::optional<Loaded<v1::Case>> TakeCase(const v1::Reference& reference, const std::string& etag,
                                         ActContext* context) {
  auto the_case = context->LoadToChange<v1::Case>(reference, etag, "case");
  if (!the_case) return std::nullopt;
  if (the_case->number == context->facts().case_number) return the_case;
  context->Refuse(Reason::CASE_STEP_OUT_OF_ORDER, "case",
                  {"One commit takes steps of one case. Send this step by itself.",
                   "一次提交只能办理一个案件的环节，请另行提交。"});
  return std::nullopt;
}

bool EndStop(v1::ClockStopCause cause, const ActContext& context, v1::Case* the_case) {
  for (v1::ClockStop& stop : *the_case->mutable_stops()) {
    if (stop.cause() != cause || !stop.until_date().empty()) continue;
    stop.set_until_date(context.day());
    return true;
  }
  return false;
}

void EndStops(const ActContext& context, v1::Case* the_case) {
  for (v1::ClockStop& stop : *the_case->mutable_stops()) {
    if (stop.until_date().empty()) stop.set_until_date(context.day());
  }
}

void EndCautionsOf(const v1::Case& the_case, std::string_view cause, ActContext* context) {
  for (const std::uint64_t number : the_case.cautions()) {
    auto caution = context->Find<v1::Caution>(number);
    if (!caution || !Stands(caution->record)) continue;
    caution->record.set_state(v1::RECORD_STATE_ENDED);
    caution->record.set_ended_cause(std::string(cause));
    context->Put(number, caution->record);
  }
}

common::CivilDate LawDay(const ActContext& context) {
  const auto day = common::ParseCivilDate(context.law_day());
  LANDBOOK_CHECK(day.has_value());
  return *day;
}

}  // namespace landbook::registry
