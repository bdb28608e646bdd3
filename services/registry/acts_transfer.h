// New holders of a right: by transfer, or by correction of what was entered wrongly.
#ifndef LANDBOOK_SERVICES_REGISTRY_ACTS_TRANSFER_H_
#define LANDBOOK_SERVICES_REGISTRY_ACTS_TRANSFER_H_

#include "landbook/v1/act.pb.h"
#include "services/registry/act_context.h"

namespace landbook::registry {

// Enters the holders that a right should have been entered with. The class of holders binds; the
// rules of a transfer do not, since nothing passes. REQUIRES: the act's record is marked a
// correction.
void Decide(const v1::CorrectHolders& act, ActContext* context);

}  // namespace landbook::registry

#endif  // LANDBOOK_SERVICES_REGISTRY_ACTS_TRANSFER_H_
