// Stretches: a long, thin boundary (a ditch, a road) cut crosswise for the window index.
//
// A ditch of 5 km has a box that most windows of its village meet and whose corner lies kilometres
// away from them. Cut into stretches of at most kStretchExtentSteps, each with a box of its own, it
// is found like a plot of ordinary size, and only where it is.
#ifndef LANDBOOK_GEO_STRETCH_H_
#define LANDBOOK_GEO_STRETCH_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "geo/boundary.h"
#include "geo/hilbert.h"

namespace landbook::geo {

// The size class of a stretch's box at most: 838.9 m.
inline constexpr std::size_t kStretchSizeClass = 2;
inline constexpr std::int64_t kStretchExtentSteps = kSizeClassExtentSteps[kStretchSizeClass];

// A boundary is cut into at most so many stretches: up to 13.4 km.
inline constexpr std::size_t kStretchesMax = 16;

// The boxes of the stretches of `boundary`, along the longer side of its box; no two have an anchor
// at one position of the curve. Together they hold every point of the boundary and its interior.
// Empty when the boundary is not to be cut: it is short enough, longer than kStretchesMax
// stretches, or too broad for its stretches to be smaller than itself. A function of the vertices
// alone, in integers. REQUIRES: every ring lies on the plane.
std::vector<Box> StretchesOf(const Boundary& boundary);

}  // namespace landbook::geo

#endif  // LANDBOOK_GEO_STRETCH_H_
