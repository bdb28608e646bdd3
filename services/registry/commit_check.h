// The boundary check of a commit against the book: run outside the writer, in parallel, and looked at
// again by the writer where the ground has changed since.
#ifndef LANDBOOK_SERVICES_REGISTRY_COMMIT_CHECK_H_
#define LANDBOOK_SERVICES_REGISTRY_COMMIT_CHECK_H_

#include <cstdint>
#include <optional>
#include <string>

#include "geo/boundary.h"
#include "landbook/v1/act.pb.h"
#include "services/common/policy.h"
#include "services/registry/boundary_verdict.h"
#include "services/registry/versions.h"

namespace landbook::registry {

// What a check looks at.
struct CommitCheckInputs {
  const v1::Commit* commit = nullptr;
  const common::Policy* policy = nullptr;
  std::uint32_t epsg = 0;                  // the book's plane, for GeoJSON boundaries
  std::optional<geo::Box> plane_extent;    // where vertices may lie (B102)
  std::uint64_t sequence = 0;              // the state that `state` reads
  std::string day;                         // the civil date that says which control layers hold
};

// True when some act of the commit brings, ends or changes a boundary, or asks the rules about
// control layers.
bool NeedsCheck(const v1::Commit& commit);

// Checks every boundary that the commit brings: alone, against each other, and against the book's
// plots near it, less those that the commit ends or replaces; splits and merges by B501 and B502;
// and plots that it brings or puts to another use against the control layers (commit_control.h).
// What cannot be decoded or resolved becomes a refusal of the verdict; references that act on what
// an earlier act of the commit creates are resolved too. `state` reads as of inputs.sequence.
CommitVerdict CheckCommit(const CommitCheckInputs& inputs, const VersionReader& state);

// Looks again at a verdict when boundaries in its windows changed after its sequence: the pairs of its
// boundaries with the plots changed since are checked, and their findings are added; when other
// versions of control layers are in force, the plots are compared with those. Afterwards the
// verdict holds for `now`, whose newest entry is `sequence`.
void RefreshVerdict(const CommitCheckInputs& inputs, const VersionReader& now,
                    CommitVerdict* verdict);

}  // namespace landbook::registry

#endif  // LANDBOOK_SERVICES_REGISTRY_COMMIT_CHECK_H_
