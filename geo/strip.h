// A strip: the ground between two edges that face each other, cut to where the way across is free.
// Narrow parts of a plot (B108) and sliver gaps between plots (B205) are made of strips.
#ifndef LANDBOOK_GEO_STRIP_H_
#define LANDBOOK_GEO_STRIP_H_

#include <functional>
#include <vector>

#include "geo/boundary.h"
#include "geo/exact.h"
#include "geo/facing.h"
#include "geo/real_point.h"

namespace landbook::geo {

// A strip of less is left out: where edges close under angles of a thousandth, so short an end comes
// and goes with a step of the grid. 10 mm.
inline constexpr double kStripLengthMinSteps = 100;

// `facing` says which stretch of the first edge it has, and how wide it is there, in steps.
struct Strip {
  FacingEdges edges;
  Facing facing;
};

// The middle between the two edges at `fraction` of the first (0 its start, 1 its end), and the way
// across there in steps: from that point of the first edge to its foot on the line of the second.
RealPoint MiddleAt(const Strip& strip, double fraction);
double WidthAt(const Strip& strip, double fraction);

// The box of a strip, with a step to spare for rounding.
Box BoundsOf(const Strip& strip);

// Its ends, for GroupsOf.
StripEnds EndsOf(const Strip& strip);

// Cuts a strip where other edges begin, end or cross its edges: between two cuts the way across
// either meets no other edge or meets the same ones all along. Borrows the strip.
class StripCutter {
 public:
  explicit StripCutter(const Strip& strip);

  // Takes an edge that may lie between the two; never one of the two.
  void Add(const Segment& edge);

  // The pieces at least a step long whose way across meets none of the edges, and whose middle is
  // not `covered`; adjoining ones as one.
  std::vector<Strip> Free(const std::function<bool(RealPoint)>& covered);

 private:
  void CutAt(RealPoint p);
  bool FreeBetween(double begin, double end, const std::function<bool(RealPoint)>& covered) const;
  void AddPiece(double begin, double end, std::vector<Strip>* pieces) const;

  const Strip& strip_;
  const double foot_begin_;  // where the first edge begins and ends along the second
  const double foot_end_;
  std::vector<double> cuts_;
  std::vector<Segment> others_;
};

}  // namespace landbook::geo

#endif  // LANDBOOK_GEO_STRIP_H_
