// The boundary rules once more, the plain way: what the fast path (layer_check.h) is compared with.
//
// Every plot with every other, every edge with every other, no index, no cells, no order on the
// ground, nothing kept from one look to the next; GEOS for every amount, by the formulas of
// docs/boundary-rules.md. It shares with the fast path the exact predicates (exact.h), the edges of
// a boundary, the measure of two facing edges (facing.h) and the bridge to GEOS, each of which has
// tests of its own. It is as slow as it is plain: for layers of some hundred plots.
#ifndef LANDBOOK_GEO_REFERENCE_CHECK_TESTING_H_
#define LANDBOOK_GEO_REFERENCE_CHECK_TESTING_H_

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "absl/status/statusor.h"
#include "geo/boundary_check.h"
#include "geo/boundary_edges.h"
#include "geo/facing.h"
#include "geo/finding.h"
#include "geo/geos_bridge.h"
#include "geo/largest_circle.h"
#include "geo/layer_check.h"

namespace landbook::geo {

// By how much the ground of a gap gives way to the edges beside it, because GEOS does not cope with
// sides that lie along each other but for the rounding of doubles. With the first an angle of a
// ten-millionth between two edges closes some hundred steps too late; the second is too fine beside
// edges of kilometres.
inline constexpr std::array<double, 2> kReliefSteps = {1e-5, 1e-7};

// What CheckLayer must find, in its order. Fails when GEOS does, or when GEOS calls a boundary
// valid that has a B103 or B104, or the other way round.
absl::StatusOr<std::vector<Finding>> ReferenceCheck(std::span<const LayerPlot> plots,
                                                    const LayerOptions& options,
                                                    double relief_steps = kReliefSteps.front());

// As far as its files need from each other:

// B101 to B111 of one plot.
absl::StatusOr<std::vector<Finding>> ReferenceAlone(const Subject& subject,
                                                    const LayerOptions& options);

// A sound plot, with its area as GEOS has it.
struct ReferencePlot {
  std::uint64_t id = 0;
  bool standing = false;
  BoundaryEdges edges;
  Shape shape;
};

// True when the two boxes are at most `steps` apart: plots further apart have nothing to compare.
inline bool Near(const Box& a, const Box& b, std::int64_t steps) {
  return a.Grown(steps).Intersects(b);
}

// Adds B201 to B204 of two plots.
absl::Status AddReferencePair(const ReferencePlot& a, const ReferencePlot& b,
                              const Tolerances& tolerances, std::vector<Finding>* out);

// Adds B108 of one plot, and B205 of a layer.
absl::Status AddReferenceNarrowParts(const BoundaryEdges& edges, std::uint64_t subject,
                                     const Tolerances& tolerances, std::vector<Finding>* out);
absl::Status AddReferenceGaps(std::span<const ReferencePlot> plots, const Tolerances& tolerances,
                              double relief_steps, std::vector<Finding>* out);

// True when something is left of `shape` after taking away everything within `radius` of each of
// its sides, one after the other. Right to a hundred-thousandth of the radius, unlike GEOS's own
// shrinking, which simplifies what it shrinks. REQUIRES: radius > 0.
absl::StatusOr<bool> ReferenceLeavesSomething(const Shape& shape, double radius);

// The largest circle in `shape`, by GEOS's own shrinking: right to some hundredths of its diameter.
absl::StatusOr<InscribedCircle> ReferenceWidest(const Shape& shape);

}  // namespace landbook::geo

#endif  // LANDBOOK_GEO_REFERENCE_CHECK_TESTING_H_
