// Splitting and merging plots, and the rules that hold of both (B501, B502).
//
// Areas are conserved: what is cut apart or put together is cut and put together on the plane's own
// integers, so the only thing that rounding can change is where a cut meets an edge, by at most
// half a grid diagonal. The recorded area is divided by ApportionByLargestRemainder (area.h).
#ifndef LANDBOOK_GEO_EDIT_H_
#define LANDBOOK_GEO_EDIT_H_

#include <cstdint>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "geo/boundary.h"
#include "geo/finding.h"
#include "geo/tolerances.h"

namespace landbook::geo {

// The two parts of a plot after a cut: `left` lies to the left of the cut's direction.
struct SplitParts {
  Boundary left;
  Boundary right;
};

// Cuts `plot` along the polyline `cut`, which must enter the plot through its outer ring and leave
// it again, once; its ends may lie outside or on the ring. Where the cut meets an edge, a vertex is
// set at the nearest step. Holes go to the part that they lie in; what the survey says of vertices
// and edges goes along. Fails with INVALID_ARGUMENT, and says where, when the plot has several
// parts, the cut has fewer than two vertices, runs along an edge, crosses itself or a hole, meets
// the outer ring anything but twice, or a part would be left without an area. New plots of any
// other shape are given as boundaries and checked by UnionFindings. REQUIRES: a plot without
// errors.
absl::StatusOr<SplitParts> SplitAlong(const Boundary& plot, std::span<const Vertex> cut);

// One boundary of all `plots`, which must hang together along edges. Edges that two plots share
// cancel out exactly; a vertex of one on the edge of another is noded first (NodedInto). Rings are
// canonical: shells counter-clockwise, holes clockwise. Several parts come out only when a plot had
// them. What the survey says of vertices and edges that remain goes along. Fails with
// INVALID_ARGUMENT when there are fewer than two plots, when they overlap, or when one has no edge
// in common with the others. REQUIRES: plots without errors.
absl::StatusOr<Boundary> Merge(std::span<const Boundary> plots);

// `boundary` with those of `vertices` set into its rings that lie on one of its edges or at most
// half a grid diagonal (0.071 mm) off it, and are not in that ring yet: none when there is none.
// Survey attributes keep to their vertices; both halves of an edge keep its line.
std::optional<Boundary> NodedInto(const Boundary& boundary, std::span<const Vertex> vertices);

// B502: the finding when `after`, a neighbour's boundary, is not `before` with nothing but noded
// vertices set in; its amount is the distance of the first vertex that is off. None otherwise.
std::optional<Finding> NeighbourFinding(const Boundary& before, const Boundary& after,
                                        std::uint64_t subject, std::uint64_t other);

// B501: what the union of `new_plots` lacks or has more than the union of `old_plots`: a finding
// for each side that is wider than its tolerance and larger than its area, about `subject`. None
// when the outlines are equal edge by edge, which is decided exactly; only else is GEOS asked,
// whose failure comes back as INTERNAL. REQUIRES: both not empty.
absl::StatusOr<std::vector<Finding>> UnionFindings(std::span<const Boundary> old_plots,
                                                   std::span<const Boundary> new_plots,
                                                   const Tolerances& tolerances,
                                                   std::uint64_t subject);

}  // namespace landbook::geo

#endif  // LANDBOOK_GEO_EDIT_H_
