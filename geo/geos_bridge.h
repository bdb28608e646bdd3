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
#include <span>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "geo/boundary.h"
#include "geo/real_point.h"

namespace landbook::geo {

// One polygon of a shape: its shell, then its holes, in steps from the shape's origin, each ring
// without its closing point.
using RealRings = std::vector<std::vector<RealPoint>>;

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

  // The area inside one ring of points, in steps of the plane. Fails like Of.
  static absl::StatusOr<Shape> OfRing(std::span<const RealPoint> ring, Vertex origin);

  // The ground within `steps` of the straight line between two points of the plane, its round ends
  // drawn with 512 corners to a circle. REQUIRES: steps > 0.
  static absl::StatusOr<Shape> Around(RealPoint from, RealPoint to, double steps, Vertex origin);

  Vertex origin() const { return origin_; }
  // True when nothing is left.
  bool empty() const;
  // The area, in steps squared.
  double area_steps2() const;
  // A vertex of the shape, rounded to the plane; the origin of an empty shape.
  Vertex SomeVertex() const;

  // The parts of the shape: its polygons, in GEOS's order.
  absl::StatusOr<std::vector<Shape>> Parts() const;
  // The same as rings of points.
  absl::StatusOr<std::vector<RealRings>> Polygons() const;
  // What both hold; lines and points in common are dropped. REQUIRES, of these five: one origin.
  absl::StatusOr<Shape> Intersection(const Shape& other) const;
  // What this holds and the other does not.
  absl::StatusOr<Shape> Difference(const Shape& other) const;
  // What either holds.
  absl::StatusOr<Shape> Union(const Shape& other) const;
  // True when the inside of this one meets the inside of the other, and when it meets what lies
  // outside the other; exact where the corners of both are vertices of the plane.
  absl::StatusOr<bool> MeetsInside(const Shape& other) const;
  absl::StatusOr<bool> MeetsOutside(const Shape& other) const;
  // What is left after taking away everything within `steps` of the boundary. REQUIRES: steps >= 0.
  // Round corners of the buffer become `segments_in_quarter` edges a quarter circle, so that what
  // is left at an inward vertex is too large by at most a factor of 1 - cos(90 degrees / (2
  // segments)). GEOS simplifies what it shrinks, by up to a hundredth of `steps`: a bound, never
  // the measure of a width (largest_circle.h).
  static constexpr int kSegmentsInQuarter = 8;
  absl::StatusOr<Shape> Shrunk(double steps, int segments_in_quarter = kSegmentsInQuarter) const;
  // The shape rounded to the plane, in GEOS's order. Fails with INVALID_ARGUMENT when it is empty.
  absl::StatusOr<Boundary> ToBoundary() const;

  // True when GEOS calls the shape valid (OGC 06-103r4, 6.1.11); the oracle of the exact rules.
  absl::StatusOr<bool> Valid() const;

 private:
  struct Geometry;
  Shape(std::unique_ptr<Geometry> geometry, Vertex origin);
  // Whether the matrix of the two (OGC 06-103r4, 6.1.15.2) is as in `pattern`.
  absl::StatusOr<bool> Relates(const Shape& other, const char* pattern) const;

  std::unique_ptr<Geometry> geometry_;
  Vertex origin_;
};

// The version of GEOS, "3.11.1": kept with every verdict.
std::string GeosVersion();

}  // namespace landbook::geo

#endif  // LANDBOOK_GEO_GEOS_BRIDGE_H_
