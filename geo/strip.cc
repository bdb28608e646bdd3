#include "geo/strip.h"

#include <algorithm>
#include <cmath>

namespace landbook::geo {
namespace {

// The straight way across a strip, from the first edge to its foot on the second.
struct WayAcross {
  RealPoint from;
  RealPoint to;
};

WayAcross Across(const FacingEdges& edges, double fraction) {
  const RealPoint from = PointAlong(edges.first, fraction);
  return {from, FootOn(edges.second, from)};
}

RealPoint RealOf(Vertex v) { return {static_cast<double>(v.x), static_cast<double>(v.y)}; }

// Twice the signed area of the triangle o, a, b.
double RealCross(RealPoint o, RealPoint a, RealPoint b) {
  return (a.x - o.x) * (b.y - o.y) - (a.y - o.y) * (b.x - o.x);
}

// True when the segment and the way cross inside both. An edge of another plot may run along one of
// the strip's own: what is as near to an end of the way as doubles can tell does not cross it.
bool Crosses(const Segment& segment, const WayAcross& way) {
  constexpr double kNearestTold = 1e-4;  // doubles tell 6e-5 steps at the largest coordinates
  const RealPoint start = RealOf(segment.start);
  const RealPoint end = RealOf(segment.end);
  if (RealCross(way.from, way.to, start) * RealCross(way.from, way.to, end) >= 0) return false;
  const double length = std::hypot(end.x - start.x, end.y - start.y);
  const double from = RealCross(start, end, way.from) / length;
  const double to = RealCross(start, end, way.to) / length;
  return std::min(from, to) < -kNearestTold && std::max(from, to) > kNearestTold;
}

// Where the foot of `p` lies on the segment's line, as a fraction of the segment.
double FractionAlong(const Segment& segment, RealPoint p) {
  const RealPoint start = RealOf(segment.start);
  const RealPoint end = RealOf(segment.end);
  const double dx = end.x - start.x;
  const double dy = end.y - start.y;
  return ((p.x - start.x) * dx + (p.y - start.y) * dy) / (dx * dx + dy * dy);
}

}  // namespace

RealPoint MiddleAt(const Strip& strip, double fraction) {
  const WayAcross way = Across(strip.edges, fraction);
  return MiddleOf(way.from, way.to);
}

double WidthAt(const Strip& strip, double fraction) {
  const WayAcross way = Across(strip.edges, fraction);
  return std::hypot(way.from.x - way.to.x, way.from.y - way.to.y);
}

Box BoundsOf(const Strip& strip) {
  Box box;
  for (const double fraction : {strip.facing.begin, strip.facing.end}) {
    const WayAcross way = Across(strip.edges, fraction);
    box.Add(Rounded(way.from));
    box.Add(Rounded(way.to));
  }
  return box.Grown(1);
}

StripEnds EndsOf(const Strip& strip) {
  return {MiddleAt(strip, strip.facing.begin), MiddleAt(strip, strip.facing.end)};
}

StripCutter::StripCutter(const Strip& strip)
    : strip_(strip),
      foot_begin_(FractionAlong(strip.edges.second, RealOf(strip.edges.first.start))),
      foot_end_(FractionAlong(strip.edges.second, RealOf(strip.edges.first.end))),
      cuts_{strip.facing.begin, strip.facing.end} {}

void StripCutter::Add(const Segment& edge) {
  others_.push_back(edge);
  CutAt(RealOf(edge.start));
  CutAt(RealOf(edge.end));
  for (const Segment& side : {strip_.edges.first, strip_.edges.second}) {
    const RealPoint start = RealOf(side.start);
    const RealPoint end = RealOf(side.end);
    const double above = RealCross(start, end, RealOf(edge.start));
    const double below = RealCross(start, end, RealOf(edge.end));
    if (above * below < 0) CutAt(PointAlong(edge, above / (above - below)));
  }
}

// Cuts where the way across goes through `p`.
void StripCutter::CutAt(RealPoint p) {
  const double foot = FractionAlong(strip_.edges.second, p);
  const double fraction = (foot - foot_begin_) / (foot_end_ - foot_begin_);
  if (fraction > strip_.facing.begin && fraction < strip_.facing.end) cuts_.push_back(fraction);
}

std::vector<Strip> StripCutter::Free(const std::function<bool(RealPoint)>& covered) {
  std::vector<Strip> pieces;
  std::sort(cuts_.begin(), cuts_.end());
  double begin = cuts_.front();
  double end = begin;
  for (std::size_t i = 0; i + 1 < cuts_.size(); ++i) {
    if (FreeBetween(cuts_[i], cuts_[i + 1], covered)) {
      end = cuts_[i + 1];
      continue;
    }
    AddPiece(begin, end, &pieces);
    begin = end = cuts_[i + 1];
  }
  AddPiece(begin, end, &pieces);
  return pieces;
}

bool StripCutter::FreeBetween(double begin, double end,
                              const std::function<bool(RealPoint)>& covered) const {
  const WayAcross way = Across(strip_.edges, (begin + end) / 2);
  return std::none_of(others_.begin(), others_.end(),
                      [&way](const Segment& edge) { return Crosses(edge, way); }) &&
         !covered(MiddleOf(way.from, way.to));
}

void StripCutter::AddPiece(double begin, double end, std::vector<Strip>* pieces) const {
  const Facing& whole = strip_.facing;
  const double share = (end - begin) / (whole.end - whole.begin);
  if (share * whole.length_steps < kStripLengthMinSteps) return;
  const double at_begin = WidthAt(strip_, begin);
  const double at_end = WidthAt(strip_, end);
  pieces->push_back({strip_.edges,
                     {begin, end, share * whole.length_steps, std::min(at_begin, at_end),
                      std::max(at_begin, at_end)}});
}

}  // namespace landbook::geo
