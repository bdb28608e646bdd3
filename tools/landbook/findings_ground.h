// The boundaries of plots that findings are about, read again: from the source by row, from the
// book by code. Reading again keeps a delivery's size out of memory.
#ifndef LANDBOOK_TOOLS_LANDBOOK_FINDINGS_GROUND_H_
#define LANDBOOK_TOOLS_LANDBOOK_FINDINGS_GROUND_H_

#include <map>
#include <set>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "geo/boundary.h"
#include "tools/landbook/findings_ledger.h"
#include "tools/landbook/layer_source.h"
#include "tools/landbook/row_converter.h"
#include "tools/landbook/session.h"

namespace landbook::tools {

// Empty boundaries are left away: a row may have none.
using FindingsGround = std::map<ConcernedKey, geo::Boundary>;

// Where the plots of a report come from.
struct GroundSource {
  const SourceFlags& flags;
  const TargetPlane& plane;
  Session* book = nullptr;  // none for a check without a server
};

// The boundaries of `wanted` that are there to be read, as the check saw them: on the plane,
// rounded. A plot that has left the book meanwhile is left away. Fails as opening and reading the
// source does, and as the server does.
absl::StatusOr<FindingsGround> ReadGround(const GroundSource& source,
                                          const std::set<ConcernedKey>& wanted);

// A boundary without the rings that rounding to the plane has left with fewer than three vertices:
// slivers that are nowhere 0.1 mm wide. A part whose shell is one goes with its holes. Points and
// lines are not kept: rounded ground has none.
geo::Boundary WithoutCollapsed(const geo::Boundary& rounded);

// The area that the two plots have in common, without what of it collapses when it is rounded to
// the plane; empty when nothing is left, they have none or one of them is not there. Fails with
// INTERNAL when GEOS does.
absl::StatusOr<geo::Boundary> CommonGround(const FindingsGround& ground, const ConcernedKey& plot,
                                           const ConcernedKey& other);

}  // namespace landbook::tools

#endif  // LANDBOOK_TOOLS_LANDBOOK_FINDINGS_GROUND_H_
