// GEOS behind one door: areas as GEOS shapes, and the few operations on them that the rules need.
//
// Exact decisions are made in integers (exact.h); what is left for GEOS are amounts: the area and
// width of what two boundaries have in common. Shapes hold coordinates in steps from an origin near
// them, where doubles are exact. Each thread uses a GEOS context of its own; a shape may be used by
// one thread at a time and may be passed between threads. GEOS's errors, bad_alloc included, come
// back as INTERNAL with its words; they never throw.
#ifndef LANDBOOK_GEO_GEOS_BRIDGE_H_
#define LANDBOOK_GEO_GEOS_BRIDGE_H_

#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "geo/boundary.h"

namespace landbook::geo {

// The area of a boundary, or what GEOS made of some; never lines or points. Movable, not copyable.
class Shape {
 public:
  Shape(Shape&&) noexcept;
  Shape& operator=(Shape&&) noexcept;
  ~Shape();

  // The area of `boundary`, with coordinates counted from `origin`. Shapes that are to be used
  // together need one origin. Fails with INVALID_ARGUMENT when a ring has fewer than three vertices
  // or the boundary has no ring.
  static absl::StatusOr<Shape> Of(const Boundary& boundary, Vertex origin);

  Vertex origin() const { return origin_; }
  // True when nothing is left.
  bool empty() const;
  // The area, in steps squared.
  double area_steps2() const;
  // A vertex of the shape, rounded to the plane; the origin of an empty shape.
  Vertex SomeVertex() const;

  // The parts of the shape: its polygons, in GEOS's order.
  absl::StatusOr<std::vector<Shape>> Parts() const;
  // What both hold; lines and points in common are dropped. REQUIRES, of these three: one origin.
  absl::StatusOr<Shape> Intersection(const Shape& other) const;
  // What this holds and the other does not.
  absl::StatusOr<Shape> Difference(const Shape& other) const;
  // What either holds.
  absl::StatusOr<Shape> Union(const Shape& other) const;
  // What is left after taking away everything within `steps` of the boundary. REQUIRES: steps >= 0.
  // Round corners of the buffer become `segments_in_quarter` edges a quarter circle, so that what
  // is left at an inward vertex is too large by at most a factor of 1 - cos(90 degrees / (2
  // segments)).
  static constexpr int kSegmentsInQuarter = 8;
  absl::StatusOr<Shape> Shrunk(double steps, int segments_in_quarter = kSegmentsInQuarter) const;
  // The shape rounded to the plane, in GEOS's order. Fails with INVALID_ARGUMENT when it is empty.
  absl::StatusOr<Boundary> ToBoundary() const;

  // True when GEOS calls the shape valid (OGC 06-103r4, 6.1.11); the oracle of the exact rules.
  absl::StatusOr<bool> Valid() const;

 private:
  struct Geometry;
  Shape(std::unique_ptr<Geometry> geometry, Vertex origin);

  std::unique_ptr<Geometry> geometry_;
  Vertex origin_;
};

// The largest circle in a shape: its diameter, within 0.1 mm, and its centre rounded to the plane.
struct InscribedCircle {
  double diameter_steps = 0;
  Vertex centre;
};

// The widest place of `shape`, found by shrinking it until nothing is left, which is also how
// "wider than" is defined (docs/boundary-rules.md). A diameter of zero for an empty shape. Costs
// some 20 shrinkings.
absl::StatusOr<InscribedCircle> WidestPlace(const Shape& shape);

// True when something is left of `shape` after shrinking it by half of `width_steps`.
absl::StatusOr<bool> WiderThan(const Shape& shape, std::int64_t width_steps);

// The version of GEOS, "3.11.1": kept with every verdict.
std::string GeosVersion();

}  // namespace landbook::geo

#endif  // LANDBOOK_GEO_GEOS_BRIDGE_H_
