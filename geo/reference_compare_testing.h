// How the fast path and the reference path are compared, finding by finding.
#ifndef LANDBOOK_GEO_REFERENCE_COMPARE_TESTING_H_
#define LANDBOOK_GEO_REFERENCE_COMPARE_TESTING_H_

#include <cstdint>
#include <span>
#include <string>

#include "geo/layer_check.h"
#include "geo/tolerances.h"

namespace landbook::geo {

// The tolerances at which the paths are compared: 0, 1 mm and 50 mm.
inline constexpr std::int64_t kComparedToleranceSteps[] = {0, 10, 500};

// Overlaps, near vertices and vertices near edges judged by that tolerance; narrow parts and gaps
// by none, the default or four times it. At 0 an overlap of any area is one.
Tolerances TolerancesOf(std::int64_t tolerance_steps);

// Checks the layer along both paths; "" when they find the same, else the findings of one that the
// other does not have, a line each.
//
// Rule, plots, severity, unit, tolerance, detail and all that is decided or measured in integers
// are equal. What is measured in doubles (B108, B205 and their places, the areas of B201 and B202)
// is equal to 0.1 mm and 1 mm2. The width of an overlap is right when a circle as wide as measured
// has room around the place in both plots (there may be many such places), and nothing is left of
// the overlap after taking away what is nearer than half of that and 0.1 mm to its boundary.
std::string DifferenceOfPaths(std::span<const LayerPlot> plots, const LayerOptions& options);

}  // namespace landbook::geo

#endif  // LANDBOOK_GEO_REFERENCE_COMPARE_TESTING_H_
