// The largest circle in an area: what "wide" means for overlaps (docs/boundary-rules.md).
//
// A circle that cannot grow touches an edge or an inward corner. For a radius and one of these the
// centres at that distance lie on a line or an arc, of which every other edge forbids some
// stretches (those nearer than the radius); there is room where none does. The radius is then
// searched for, the edges and corners taken in a scattered order, so that few of them beat the best
// so far (T. Chan, Geometric applications of a randomized optimization technique, 1999).
#ifndef LANDBOOK_GEO_LARGEST_CIRCLE_H_
#define LANDBOOK_GEO_LARGEST_CIRCLE_H_

#include <cstdint>
#include <span>

#include "absl/status/statusor.h"
#include "geo/boundary.h"
#include "geo/geos_bridge.h"
#include "geo/real_point.h"

namespace landbook::geo {

// The largest circle of a shape: its diameter, to a hundredth of a step, and its centre rounded to
// the plane.
struct InscribedCircle {
  double diameter_steps = 0;
  Vertex centre;
};

// The largest circle in the polygons, given in steps from `origin`; of those that are equally wide
// to 0.1 mm that whose centre is least. A diameter of zero around the origin for none.
InscribedCircle WidestPlace(std::span<const RealRings> polygons, Vertex origin);

// The same of a shape. Fails with INTERNAL when GEOS cannot take the shape apart.
absl::StatusOr<InscribedCircle> WidestPlace(const Shape& shape);

// True when something is left of the polygons after shrinking them by half of `width_steps`, which
// is when a wider circle has room in them; of any polygon something is left by shrinking it by
// nothing. REQUIRES: width_steps >= 0.
bool WiderThan(std::span<const RealRings> polygons, std::int64_t width_steps);

// The same of a shape. Fails with INTERNAL when GEOS cannot take the shape apart.
absl::StatusOr<bool> WiderThan(const Shape& shape, std::int64_t width_steps);

}  // namespace landbook::geo

#endif  // LANDBOOK_GEO_LARGEST_CIRCLE_H_
