// The control layers' part of a commit's check: what B301 to B306 say of every plot that the commit
// establishes, alters or puts to another use.
#ifndef LANDBOOK_SERVICES_REGISTRY_COMMIT_CONTROL_H_
#define LANDBOOK_SERVICES_REGISTRY_COMMIT_CONTROL_H_

#include "landbook/v1/act.pb.h"
#include "services/registry/boundary_verdict.h"
#include "services/registry/commit_check.h"
#include "services/registry/versions.h"

namespace landbook::registry {

// True when the act asks the rules about control layers: it establishes a plot, or changes a plot's
// boundary, land use or division.
bool AsksControlLayers(const v1::Act& act);

// Looks at the layers in force on `inputs.day` in `state` and puts what they find into the verdict,
// in place of what an earlier look found. Boundaries that the commit brings are the verdict's; of
// other plots that are put to another use they are the state's. Plots that are not sound are passed
// over, for their own findings keep them out.
void CheckControlLayers(const CommitCheckInputs& inputs, const VersionReader& state,
                        CommitVerdict* verdict);

// True when the verdict looked at other versions than are in force on `day` in `state`.
bool ControlLayersMoved(const CommitVerdict& verdict, const VersionReader& state,
                        std::string_view day);

}  // namespace landbook::registry

#endif  // LANDBOOK_SERVICES_REGISTRY_COMMIT_CONTROL_H_
