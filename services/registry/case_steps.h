// What the steps of a case share.
#ifndef LANDBOOK_SERVICES_REGISTRY_CASE_STEPS_H_
#define LANDBOOK_SERVICES_REGISTRY_CASE_STEPS_H_

#include <optional>
#include <string>
#include <string_view>

#include "landbook/v1/case.pb.h"
#include "services/registry/act_context.h"

namespace landbook::registry {

// The case that a step changes: the etag is the state's (RECORD_MOVED), and it is the one case that
// the commit takes steps of (CASE_STEP_OUT_OF_ORDER).
std::optional<Loaded<v1::Case>> TakeCase(const v1::Reference& reference, const std::string& etag,
                                         ActContext* context);

// Ends the clock stop of that cause that lasts, today included. False when none does.
bool EndStop(v1::ClockStopCause cause, const ActContext& context, v1::Case* the_case);
// Ends whatever stops last.
void EndStops(const ActContext& context, v1::Case* the_case);

// Ends the cautions that the case's acceptance placed.
void EndCautionsOf(const v1::Case& the_case, std::string_view cause, ActContext* context);

// The day whose law governs the commit.
common::CivilDate LawDay(const ActContext& context);

}  // namespace landbook::registry

#endif  // LANDBOOK_SERVICES_REGISTRY_CASE_STEPS_H_
