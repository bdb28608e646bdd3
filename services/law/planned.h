// Whether what is registered is what was accepted (K-07).
#ifndef LANDBOOK_SERVICES_LAW_PLANNED_H_
#define LANDBOOK_SERVICES_LAW_PLANNED_H_

#include "landbook/v1/act.pb.h"
#include "services/law/state.h"

namespace landbook::law {

// The act without what may differ between acceptance and registration: etags, positions of evidence
// and private values are cleared, and references to records of the book are their numbers.
// References to records that the commit itself creates stay as they are.
v1::Act PlannedForm(const v1::Act& act, const State& state);

// True when the two are the same in content.
bool IsSamePlan(const v1::Act& accepted, const v1::Act& registered, const State& state);

}  // namespace landbook::law

#endif  // LANDBOOK_SERVICES_LAW_PLANNED_H_
