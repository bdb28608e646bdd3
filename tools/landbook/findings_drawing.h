// A finding drawn: both plots and what they have in common, and the place enlarged, as SVG that
// stands in a page by itself.
#ifndef LANDBOOK_TOOLS_LANDBOOK_FINDINGS_DRAWING_H_
#define LANDBOOK_TOOLS_LANDBOOK_FINDINGS_DRAWING_H_

#include <string>

#include "absl/status/statusor.h"
#include "landbook/v1/common.pb.h"
#include "tools/landbook/findings_ground.h"

namespace landbook::tools {

// Two drawings side by side, north up: the plots whole, and the place of the finding enlarged, with
// every vertex a dot. The plot is blue, the other grey, the overlap red; the place is ringed.
// Beneath each stands how many metres it is wide. Empty when neither plot has a boundary in
// `ground`. Fails with INTERNAL when GEOS does.
absl::StatusOr<std::string> SvgOf(const v1::Finding& finding, const FindingsGround& ground);

}  // namespace landbook::tools

#endif  // LANDBOOK_TOOLS_LANDBOOK_FINDINGS_DRAWING_H_
