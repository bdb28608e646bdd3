// Where two edges face each other closer than a width: the measure behind narrow parts (B108) and
// sliver gaps (B205).
//
// Two edges face each other across the side to their left when they run against each other to
// within one in two (26.6 degrees), and a point of the first has its foot on the second, to the
// left of both. Edges at a blunter angle form a corner, not a strip, and corners are everywhere.
#ifndef LANDBOOK_GEO_FACING_H_
#define LANDBOOK_GEO_FACING_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "geo/boundary.h"
#include "geo/exact.h"
#include "geo/real_point.h"

namespace landbook::geo {

// The two edges, each directed so that the strip between them is to its left.
struct FacingEdges {
  Segment first;
  Segment second;
};

// A stretch of `first` along which it faces `second`.
struct Facing {
  double begin = 0;  // as fractions of the first edge, begin < end
  double end = 0;
  double length_steps = 0;  // along the first edge
  double narrowest_steps = 0;
  double widest_steps = 0;
};

// The stretch along which the edges face each other closer than `width_steps` (exclusive), and more
// than zero apart; nothing when there is none. REQUIRES: neither edge has length zero.
std::optional<Facing> FacingStretch(const FacingEdges& edges, std::int64_t width_steps);

// The point at `fraction` of the first edge, and its foot on the line of the second.
RealPoint PointAlong(const Segment& segment, double fraction);
RealPoint FootOn(const Segment& segment, RealPoint p);
RealPoint MiddleOf(RealPoint a, RealPoint b);
// `p` rounded to the plane.
Vertex Rounded(RealPoint p);

// The ends of a strip, in the middle between the two edges.
struct StripEnds {
  RealPoint begin;
  RealPoint end;
};

// The group of each strip: two strips are of one group when an end of one lies within `reach_steps`
// on each axis of an end of the other, directly or through others. Groups are counted from 0 in the
// order of their first strip. REQUIRES: reach_steps > 0.
std::vector<std::size_t> GroupsOf(std::span<const StripEnds> strips, double reach_steps);

}  // namespace landbook::geo

#endif  // LANDBOOK_GEO_FACING_H_
