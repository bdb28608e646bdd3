// What two plots have in common, as rings of points: what the measures of an overlap are taken of.
//
// Two boundaries of one ring each that cross, meet in vertices or run along each other are traced
// here: integers decide on which side of the other each stretch of a ring runs, and only the points
// where edges cross inside both are rounded, to the nearest double. Everything else is GEOS's.
#ifndef LANDBOOK_GEO_COMMON_GROUND_H_
#define LANDBOOK_GEO_COMMON_GROUND_H_

#include <optional>
#include <vector>

#include "geo/boundary.h"
#include "geo/boundary_edges.h"
#include "geo/geos_bridge.h"

namespace landbook::geo {

// The ground that the insides of two plots have in common, in steps from `origin`: a shell for each
// part of it, clockwise and without its closing point, each from the vertex from which GEOS tells
// it too, so that a search along it (largest_circle.h) takes the same way.
//
// Nothing when the two are not of the common kind: more than one ring, too large for EdgeBoxes, no
// stretch of `a` in `b`, parts that touch each other, or crossings so near each other that doubles
// could confuse them. REQUIRES: both plots sound.
std::optional<std::vector<RealRings>> TraceCommonGround(const BoundaryEdges& a,
                                                        const BoundaryEdges& b, Vertex origin);

// The area inside rings of points, in steps squared: the shell's without the holes'.
double AreaOf(const RealRings& rings);

}  // namespace landbook::geo

#endif  // LANDBOOK_GEO_COMMON_GROUND_H_
