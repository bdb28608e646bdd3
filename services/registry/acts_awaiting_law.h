// What waits for its law: acts, and fields of acts, whose form is built and whose law is not
// (docs/law-and-cases.md, section 10). Form alone would let through what the law forbids, and what
// is stated and not looked at must not be dropped in silence. Each slice of the law takes its rows
// from the two tables here; the last one takes the files away.
#ifndef LANDBOOK_SERVICES_REGISTRY_ACTS_AWAITING_LAW_H_
#define LANDBOOK_SERVICES_REGISTRY_ACTS_AWAITING_LAW_H_

#include <string_view>

#include "landbook/v1/act.pb.h"
#include "services/registry/act_context.h"

namespace landbook::registry {

// True when nothing of the act waits for its law. Otherwise ACT_NOT_TAKEN, for the act as a whole
// or for each field that waits; acts inside a carry-over or a correction are looked into.
bool LawIsBuilt(const v1::Act& act, ActContext* context);

// Refuses the act under way, or one of its fields, with ACT_NOT_TAKEN.
void RefuseNotTaken(std::string_view field, ActContext* context);

}  // namespace landbook::registry

#endif  // LANDBOOK_SERVICES_REGISTRY_ACTS_AWAITING_LAW_H_
