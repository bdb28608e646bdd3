// A suggestion how a plot's boundary could meet its neighbours' exactly where it nearly does (B203,
// B204 of docs/boundary-rules.md). What is suggested changes nothing: a person looks at it and
// amends the plot, or does not.
#ifndef LANDBOOK_GEO_SNAP_H_
#define LANDBOOK_GEO_SNAP_H_

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "absl/status/statusor.h"
#include "geo/boundary.h"
#include "geo/boundary_check_pair.h"
#include "geo/finding.h"
#include "geo/tolerances.h"

namespace landbook::geo {

// One vertex that comes to stand on a neighbour's.
struct SnapStep {
  // Where the plot's own vertex stood, or none when the neighbour's is set into an edge of the
  // plot.
  std::optional<Vertex> before;
  // The neighbour's vertex.
  Vertex after;
  std::uint64_t neighbour = 0;
  // How far the boundary moves there, in millimetres: from the vertex, or from the edge.
  double distance_mm = 0;
};

struct SnapSuggestion {
  // By ring and vertex of the boundary suggested. Empty when the plot meets its neighbours as it
  // is.
  std::vector<SnapStep> steps;
  // The plot's boundary after them; what the survey says of vertices and edges goes along, and both
  // halves of an edge keep its line.
  Boundary boundary;
  // The errors of B101 to B202 that the boundary would have, alone and with the neighbours. With
  // any of them it cannot be accepted: what nearly meets there is for a surveyor to settle.
  std::vector<Finding> errors;
};

// What is suggested for `plot` beside `neighbours`, all of its tier: a vertex that nearly equals a
// neighbour's (`neighbour_vertex_max_steps`) moves onto the nearest one, and a neighbour's vertex
// that lies nearly on an edge of the plot (`vertex_on_edge_max_steps`) is set into the nearest
// edge. A vertex that equals one neighbour's already stays, however near another's is: there the
// others have to agree. A plot's vertex on a neighbour's edge is left to the suggestion for that
// neighbour. Of two neighbours' vertices that are equally near the smaller one counts. Fails with
// INTERNAL as CheckPair does.
absl::StatusOr<SnapSuggestion> SuggestSnap(const PreparedPlot& plot,
                                           std::span<const PreparedPlot* const> neighbours,
                                           const Tolerances& tolerances);

}  // namespace landbook::geo

#endif  // LANDBOOK_GEO_SNAP_H_
