// How far a case is: what of its steps stands, and what its packs still ask for.
#ifndef LANDBOOK_SERVICES_LAW_CASE_PROGRESS_H_
#define LANDBOOK_SERVICES_LAW_CASE_PROGRESS_H_

#include <cstdint>
#include <optional>
#include <string_view>

#include "landbook/v1/case.pb.h"
#include "landbook/v1/policy.pb.h"
#include "services/common/civil_date.h"
#include "services/law/pack_rules.h"

namespace landbook::law {

// True until a case is registered or has ended otherwise.
bool IsOpen(v1::CaseState state);

// The kind of a case by the packs that govern it; nullopt when none knows it. A case lies where its
// county does.
std::optional<v1::CaseKind> KindOfCase(const v1::Case& the_case, const PackRules& pack,
                                       common::CivilDate law_day);

// How many review steps stand as passed: one that is sent back undoes the last.
std::uint32_t StepsPassed(const v1::Case& the_case);

// True when every review step that the packs ask for has passed; false when no pack knows the kind
// of case.
bool IsReviewed(const v1::Case& the_case, const PackRules& pack, common::CivilDate law_day);

// True when the officer reviewed the case, at any step of it.
bool HasReviewed(const v1::Case& the_case, std::string_view principal);

// The public notice that the packs ask of the case; nullopt when none is due.
std::optional<v1::NoticeRule> NoticeOf(const v1::Case& the_case, const PackRules& pack,
                                       common::CivilDate law_day);

// The stop that lasts; null when the clock runs. Two do not last at once, save that a notice may
// run while the clock stands for another cause, which is then told.
const v1::ClockStop* OpenStop(const v1::Case& the_case);

}  // namespace landbook::law

#endif  // LANDBOOK_SERVICES_LAW_CASE_PROGRESS_H_
