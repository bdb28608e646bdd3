// How a commit is decided: act after act, then as a whole.
#ifndef LANDBOOK_SERVICES_REGISTRY_COMMIT_DECISION_H_
#define LANDBOOK_SERVICES_REGISTRY_COMMIT_DECISION_H_

#include "services/registry/act_context.h"
#include "services/registry/state_machine.h"

namespace landbook::registry {

// Decides the acts of `proposed` in their order, each over what the ones before have left, then
// asks law about the whole, judges what the boundary check found, and checks the invariants.
// Everything that stands in the way is among the context's refusals. REQUIRES: the context is of
// the commit, and no act of it was begun.
void DecideCommit(const ProposedCommit& proposed, ActContext* context);

}  // namespace landbook::registry

#endif  // LANDBOOK_SERVICES_REGISTRY_COMMIT_DECISION_H_
