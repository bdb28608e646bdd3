// What the pair check and the layer check share; not for others.
#ifndef LANDBOOK_GEO_BOUNDARY_CHECK_PAIR_INTERNAL_H_
#define LANDBOOK_GEO_BOUNDARY_CHECK_PAIR_INTERNAL_H_

#include <cstdint>
#include <vector>

#include "geo/boundary_check_pair.h"
#include "geo/strip.h"

namespace landbook::geo {

// Ground between the edges of two plots that is narrower than the tolerance of B205, as far as the
// two plots know: others may cover it.
struct GapStrip {
  const PreparedPlot* a = nullptr;  // the smaller id
  const PreparedPlot* b = nullptr;
  std::uint32_t a_edge = 0;
  std::uint32_t b_edge = 0;
  Strip strip;
};

// What two plots have with each other.
struct PairOutcome {
  std::vector<Finding> findings;
  std::vector<GapStrip> gaps;
};

// As CheckPair, with the gaps between the two beside the findings.
absl::Status ComparePlots(const PreparedPlot& a, const PreparedPlot& b,
                          const Tolerances& tolerances, PairOutcome* out);

// True when two plots plainly have nothing with each other: they have whole edges in common, meet
// in corners that both have, or stay apart, as in a clean coverage, and no two of their edges face
// each other. ComparePlots then adds nothing. False says nothing: what is seldom, large or near the
// tolerances is not looked at here. `window` is where both are, grown by ReachSteps.
bool PlainNeighbours(const PreparedPlot& a, const PreparedPlot& b, const Box& window,
                     const Tolerances& tolerances);

// An edge-end seen from a common point: where it leads, and whether its plot lies to its left.
struct Arm {
  Vertex to;
  bool left = false;
};

// How a plot's ring passes through a point of its boundary.
struct PassAt {
  Arm from;  // seen outward from the point, so its side is the other one
  Arm to;
};

// How the ring of `edge` passes through the start of the edge, or through a point inside it.
PassAt PassOf(const Edge& edge, bool at_start);

// True when the insides of two plots meet at `place`, where a ring of each passes. REQUIRES: the
// rings do not cross there inside their edges.
bool InsidesMeetAt(Vertex place, const PassAt& a, const PassAt& b);

// How far apart the boxes of two plots may lie and the plots still have something with each other.
std::int64_t ReachSteps(const Tolerances& tolerances);

// The findings of B201 and B202 about two plots whose insides meet, as far as is known, at
// `met_at`; none when what they share is within tolerance.
absl::Status MeasureOverlap(const PreparedPlot& a, const PreparedPlot& b, Vertex met_at,
                            const Tolerances& tolerances, std::vector<Finding>* out);

}  // namespace landbook::geo

#endif  // LANDBOOK_GEO_BOUNDARY_CHECK_PAIR_INTERNAL_H_
