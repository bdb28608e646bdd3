#include "geo/exact.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "geo/check.h"

namespace landbook::geo {
namespace {

constexpr std::int64_t kDistanceMaxSteps = std::int64_t{1} << 20;

Int128 Absolute(Int128 value) { return value < 0 ? -value : value; }

bool InSpan(std::int64_t value, std::int64_t a, std::int64_t b) {
  return std::min(a, b) <= value && value <= std::max(a, b);
}

// True when `v`, known to be on the line of the segment, lies between its ends.
bool BetweenEnds(Vertex v, const Segment& s) {
  return InSpan(v.x, s.start.x, s.end.x) && InSpan(v.y, s.start.y, s.end.y);
}

// Two segments on one line: they share a stretch, a point, or nothing.
Meeting MeetingOnLine(const Segment& a, const Segment& b) {
  const auto [a_low, a_high] = std::minmax(a.start, a.end);
  const auto [b_low, b_high] = std::minmax(b.start, b.end);
  const Vertex low = std::max(a_low, b_low);
  const Vertex high = std::min(a_high, b_high);
  if (low == high) return Meeting::kTouch;
  return low < high ? Meeting::kAlong : Meeting::kApart;
}

// numerator / denominator rounded to the nearest integer, halves away from zero.
// REQUIRES: denominator > 0.
Int128 Nearest(Int128 numerator, Int128 denominator) {
  const Int128 half = denominator / 2;
  return (numerator < 0 ? numerator - half : numerator + half) / denominator;
}

Vertex CrossingPlace(const Segment& a, const Segment& b) {
  const Int128 start = Cross(b.start, b.end, a.start);
  const Int128 end = Cross(b.start, b.end, a.end);
  const Int128 sign = start > end ? 1 : -1;
  const Int128 whole = (start - end) * sign;
  const Int128 along = start * sign;
  return {a.start.x + static_cast<std::int64_t>(Nearest((a.end.x - a.start.x) * along, whole)),
          a.start.y + static_cast<std::int64_t>(Nearest((a.end.y - a.start.y) * along, whole))};
}

// The square root of `four_squared` / 4, rounded half up, from four times the square: the floor of
// (floor(sqrt(4 s)) + 1) / 2 is sqrt(s) rounded half up.
std::int64_t RoundedRoot(Int128 four_squared) {
  return static_cast<std::int64_t>((SquareRoot(four_squared) + 1) / 2);
}

// 1 step is 100 micrometres; four times their square.
constexpr std::int64_t kFourSquaredMicrometres = 4 * 100 * 100;

// True when the foot of `v` on the segment's line lies strictly inside the segment.
bool FootInside(Vertex v, const Segment& s) {
  return Dot(s.start, s.end, v) > 0 && Dot(s.end, s.start, v) > 0;
}

}  // namespace

bool OnSegment(Vertex v, const Segment& segment) {
  return BetweenEnds(v, segment) && Cross(segment.start, segment.end, v) == 0;
}

Meeting MeetingOf(const Segment& a, const Segment& b) {
  if (!BoundsOf(a).Intersects(BoundsOf(b))) return Meeting::kApart;
  const int b_start = Turn(a.start, a.end, b.start);
  const int b_end = Turn(a.start, a.end, b.end);
  if (b_start * b_end > 0) return Meeting::kApart;
  if (b_start == 0 && b_end == 0) return MeetingOnLine(a, b);
  const int a_start = Turn(b.start, b.end, a.start);
  const int a_end = Turn(b.start, b.end, a.end);
  if (a_start * a_end > 0) return Meeting::kApart;
  if (b_start * b_end < 0 && a_start * a_end < 0) return Meeting::kCross;
  return Meeting::kTouch;
}

Vertex MeetingPlace(const Segment& a, const Segment& b) {
  const std::array<Vertex, 4> ends = {a.start, a.end, b.start, b.end};
  bool found = false;
  Vertex least;
  for (const Vertex v : ends) {
    if (!OnSegment(v, a) || !OnSegment(v, b)) continue;
    if (!found || v < least) least = v;
    found = true;
  }
  return found ? least : CrossingPlace(a, b);
}

bool SameDirection(Vertex o, Vertex a, Vertex b) { return Cross(o, a, b) == 0 && Dot(o, a, b) > 0; }

bool StrictlyBetween(Vertex o, Vertex d, Vertex from, Vertex to) {
  const int d_from = Turn(o, from, d);
  const int to_d = Turn(o, d, to);
  if (d_from == 0 && Dot(o, from, d) > 0) return false;
  if (to_d == 0 && Dot(o, d, to) > 0) return false;
  // A sector below half a turn needs d on both inner sides; a reflex one either of them.
  const int sector = Turn(o, from, to);
  if (sector > 0) return d_from > 0 && to_d > 0;
  if (sector < 0) return d_from > 0 || to_d > 0;
  return d_from > 0 || Dot(o, from, to) > 0;
}

Int128 SquareRoot(Int128 value) {
  LANDBOOK_GEO_CHECK(value >= 0);
  auto root = static_cast<Int128>(std::sqrt(static_cast<double>(value)));
  // The guess is off by a few parts in 2^53; Newton's step brings it within one.
  if (root > 0) root = (root + value / root) / 2;
  while (root > value / std::max<Int128>(root, 1)) --root;
  while (root + 1 <= value / (root + 1)) ++root;
  return root;
}

bool WithinDistance(Vertex v, const Segment& segment, std::int64_t steps) {
  LANDBOOK_GEO_CHECK(steps >= 0 && steps <= kDistanceMaxSteps);
  const Int128 squared = static_cast<Int128>(steps) * steps;
  if (!FootInside(v, segment)) {
    return std::min(SquaredDistance(v, segment.start), SquaredDistance(v, segment.end)) <= squared;
  }
  const Int128 cross = Absolute(Cross(segment.start, segment.end, v));
  const Int128 limit = squared * SquaredDistance(segment.start, segment.end);  // below 2^124
  constexpr Int128 kSquareFits = Int128{1} << 62;
  if (cross < kSquareFits) return cross * cross <= limit;
  return cross <= SquareRoot(limit);
}

std::int64_t DistanceMicrometres(Vertex a, Vertex b) {
  return RoundedRoot(SquaredDistance(a, b) * kFourSquaredMicrometres);
}

std::int64_t DistanceMicrometres(Vertex v, const Segment& segment) {
  if (!FootInside(v, segment)) {
    return std::min(DistanceMicrometres(v, segment.start), DistanceMicrometres(v, segment.end));
  }
  const Int128 cross = Absolute(Cross(segment.start, segment.end, v));  // at most 2^20 x 2^42
  const Int128 squared_length = SquaredDistance(segment.start, segment.end);
  const Int128 whole = cross * cross / squared_length;
  const Int128 rest = cross * cross % squared_length;
  return RoundedRoot(whole * kFourSquaredMicrometres +
                     rest * kFourSquaredMicrometres / squared_length);
}

Location LocationInRing(Vertex doubled, std::span<const Vertex> ring) {
  bool inside = false;
  Vertex from = ring.empty() ? Vertex{} : ring.back();
  from = {2 * from.x, 2 * from.y};
  for (const Vertex& v : ring) {
    const Vertex to = {2 * v.x, 2 * v.y};
    if (OnSegment(doubled, {from, to})) return Location::kOn;
    // Half-open in y, so that a ray through a vertex counts it once.
    if ((from.y > doubled.y) != (to.y > doubled.y) &&
        (Turn(from, to, doubled) > 0) == (to.y > from.y)) {
      inside = !inside;
    }
    from = to;
  }
  return inside ? Location::kInside : Location::kOutside;
}

Location LocationInBoundary(Vertex doubled, const Boundary& boundary) {
  bool inside = false;
  for (std::size_t ring = 0; ring < boundary.ring_count(); ++ring) {
    const Location location = LocationInRing(doubled, boundary.Ring(ring));
    if (location == Location::kOn) return location;
    if (location == Location::kInside) inside = !inside;
  }
  return inside ? Location::kInside : Location::kOutside;
}

}  // namespace landbook::geo
