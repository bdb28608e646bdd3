// Exact predicates on the fixed-precision plane. Every answer is decided in integers, so that a
// boundary is the same on every machine: no rounding error ever tells a crossing from a touch.
//
// REQUIRES, throughout: |coordinate| <= kCoordinateMax. The predicates are the usual signed-area
// ones (J. O'Rourke, Computational Geometry in C, chapter 1).
#ifndef LANDBOOK_GEO_EXACT_H_
#define LANDBOOK_GEO_EXACT_H_

#include <cstdint>
#include <span>

#include "geo/boundary.h"
#include "geo/wide_integer.h"

namespace landbook::geo {

// A straight piece of a boundary, from one vertex to the next.
struct Segment {
  Vertex start;
  Vertex end;
  friend bool operator==(const Segment&, const Segment&) = default;
};

// The closed box of a segment.
inline Box BoundsOf(const Segment& s) {
  return {std::min(s.start.x, s.end.x), std::min(s.start.y, s.end.y), std::max(s.start.x, s.end.x),
          std::max(s.start.y, s.end.y)};
}

// Twice the signed area of the triangle o, a, b, in steps squared: positive when a, b turn
// counter-clockwise about o.
inline Int128 Cross(Vertex o, Vertex a, Vertex b) {
  return static_cast<Int128>(a.x - o.x) * (b.y - o.y) -
         static_cast<Int128>(a.y - o.y) * (b.x - o.x);
}

// The scalar product of o->a and o->b, in steps squared.
inline Int128 Dot(Vertex o, Vertex a, Vertex b) {
  return static_cast<Int128>(a.x - o.x) * (b.x - o.x) +
         static_cast<Int128>(a.y - o.y) * (b.y - o.y);
}

// The sign of Cross: 1 counter-clockwise, -1 clockwise, 0 on one line.
inline int Turn(Vertex o, Vertex a, Vertex b) {
  const Int128 cross = Cross(o, a, b);
  return (cross > 0) - (cross < 0);
}

// True when `v` lies on the closed segment.
bool OnSegment(Vertex v, const Segment& segment);

// How two segments lie to each other.
enum class Meeting : std::uint8_t {
  kApart = 0,  // no point in common
  kTouch = 1,  // one point in common, an end of at least one of them
  kCross = 2,  // one point in common, inside both
  kAlong = 3,  // on one line with more than a point in common
};

// Their meeting. REQUIRES: neither segment has length zero.
Meeting MeetingOf(const Segment& a, const Segment& b);

// The point where two segments meet: exact for kTouch; for kCross rounded to the nearest step on
// each axis; for kAlong the least end that lies on both. REQUIRES: MeetingOf(a, b) is not kApart.
Vertex MeetingPlace(const Segment& a, const Segment& b);

// True when the direction o->d lies strictly inside the sector swept counter-clockwise from o->from
// to o->to. When these two are one direction the sector is the whole turn without that direction.
// REQUIRES: d, from and to differ from o.
bool StrictlyBetween(Vertex o, Vertex d, Vertex from, Vertex to);

// True when o->a and o->b are one direction. REQUIRES: a and b differ from o.
bool SameDirection(Vertex o, Vertex a, Vertex b);

// The square of the distance between two vertices, in steps squared.
inline Int128 SquaredDistance(Vertex a, Vertex b) { return Dot(a, b, b); }

// True when `v` lies at most `steps` from the closed segment; exact.
// REQUIRES: 0 <= steps <= 2^20 (about 100 m).
bool WithinDistance(Vertex v, const Segment& segment, std::int64_t steps);

// The distance between two vertices, and from a vertex to the closed segment, in micrometres,
// rounded half up from the exact value. REQUIRES: the distance is at most 2^20 steps.
std::int64_t DistanceMicrometres(Vertex a, Vertex b);
std::int64_t DistanceMicrometres(Vertex v, const Segment& segment);

// The greatest integer whose square is at most `value`. REQUIRES: value >= 0.
Int128 SquareRoot(Int128 value);

// Where a point lies to a ring.
enum class Location : std::uint8_t { kOutside = 0, kOn = 1, kInside = 2 };

// Where the point `doubled` / 2 lies to `ring`, whichever way the ring runs. Points are given
// doubled so that the middle of an edge, the sum of its ends, can be asked for exactly.
Location LocationInRing(Vertex doubled, std::span<const Vertex> ring);

// Where the point `doubled` / 2 lies to the area of `boundary`: inside when an odd number of its
// rings hold it. REQUIRES: a boundary that is sound, for the answer to mean anything.
Location LocationInBoundary(Vertex doubled, const Boundary& boundary);

}  // namespace landbook::geo

#endif  // LANDBOOK_GEO_EXACT_H_
