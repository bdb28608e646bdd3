#include "geo/layer_check_gaps.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <tuple>
#include <utility>

#include "geo/boundary_check_internal.h"

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

RealPoint MiddleAt(const FacingEdges& edges, double fraction) {
  const WayAcross way = Across(edges, fraction);
  return MiddleOf(way.from, way.to);
}

RealPoint RealOf(Vertex v) { return {static_cast<double>(v.x), static_cast<double>(v.y)}; }

// Twice the signed area of the triangle o, a, b.
double RealCross(RealPoint o, RealPoint a, RealPoint b) {
  return (a.x - o.x) * (b.y - o.y) - (a.y - o.y) * (b.x - o.x);
}

// The box of a strip, with a step to spare for rounding.
Box BoundsOf(const GapStrip& strip) {
  Box box;
  for (const double fraction : {strip.facing.begin, strip.facing.end}) {
    const WayAcross way = Across(strip.edges, fraction);
    box.Add(Rounded(way.from));
    box.Add(Rounded(way.to));
  }
  return box.Grown(1);
}

// True when the segment and the way cross inside both.
bool Crosses(const Segment& segment, const WayAcross& way) {
  const RealPoint start = RealOf(segment.start);
  const RealPoint end = RealOf(segment.end);
  return RealCross(way.from, way.to, start) * RealCross(way.from, way.to, end) < 0 &&
         RealCross(start, end, way.from) * RealCross(start, end, way.to) < 0;
}

bool Covers(const PreparedPlot& plot, RealPoint p) {
  bool inside = false;
  const Vertex nearest = Rounded(p);
  // A ray to the east, half-open in y so that it counts a vertex once.
  const Box ray = {nearest.x - 1, nearest.y - 1, plot.box().max_x + 1, nearest.y + 1};
  plot.edges().Near(ray, 0, [&](const Edge& edge) {
    const RealPoint start = RealOf(edge.start);
    const RealPoint end = RealOf(edge.end);
    const bool upward = end.y > start.y;
    if ((start.y > p.y) != (end.y > p.y) && (RealCross(start, end, p) > 0) == upward) {
      inside = !inside;
    }
    return true;
  });
  return inside;
}

// A strip cut where other edges begin, end or cross its edges: between two cuts the way across
// either meets no other edge or meets the same ones all along.
class StripCutter {
 public:
  explicit StripCutter(const GapStrip& strip)
      : strip_(strip),
        foot_begin_(FootFraction(RealOf(strip.edges.first.start))),
        foot_end_(FootFraction(RealOf(strip.edges.first.end))),
        cuts_{strip.facing.begin, strip.facing.end} {}

  void AddPlot(const PreparedPlot& plot) {
    plots_.push_back(&plot);
    plot.edges().Near(BoundsOf(strip_), 0, [&](const Edge& edge) {
      const bool own = (&plot == strip_.a && edge.index == strip_.a_edge) ||
                       (&plot == strip_.b && edge.index == strip_.b_edge);
      if (!own) AddEdge(edge.segment());
      return true;
    });
  }

  // Adds the pieces whose way across is free, adjoining ones as one.
  void AddFree(std::vector<GapStrip>* out) {
    std::sort(cuts_.begin(), cuts_.end());
    double begin = cuts_.front();
    double end = begin;
    for (std::size_t i = 0; i + 1 < cuts_.size(); ++i) {
      if (Free(cuts_[i], cuts_[i + 1])) {
        end = cuts_[i + 1];
        continue;
      }
      AddPiece(begin, end, out);
      begin = end = cuts_[i + 1];
    }
    AddPiece(begin, end, out);
  }

 private:
  // Where the foot of `p` lies on the second edge's line, as a fraction of that edge.
  double FootFraction(RealPoint p) const {
    const RealPoint start = RealOf(strip_.edges.second.start);
    const RealPoint end = RealOf(strip_.edges.second.end);
    const double dx = end.x - start.x;
    const double dy = end.y - start.y;
    return ((p.x - start.x) * dx + (p.y - start.y) * dy) / (dx * dx + dy * dy);
  }

  void CutAt(RealPoint p) {
    const double fraction = (FootFraction(p) - foot_begin_) / (foot_end_ - foot_begin_);
    if (fraction > strip_.facing.begin && fraction < strip_.facing.end) cuts_.push_back(fraction);
  }

  void AddEdge(const Segment& edge) {
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

  bool Free(double begin, double end) const {
    const WayAcross way = Across(strip_.edges, (begin + end) / 2);
    const RealPoint middle = MiddleOf(way.from, way.to);
    return std::none_of(others_.begin(), others_.end(),
                        [&way](const Segment& edge) { return Crosses(edge, way); }) &&
           std::none_of(plots_.begin(), plots_.end(),
                        [middle](const PreparedPlot* plot) { return Covers(*plot, middle); });
  }

  // Adds the piece, if it is at least a step long.
  void AddPiece(double begin, double end, std::vector<GapStrip>* out) const {
    const Facing& whole = strip_.facing;
    const double share = (end - begin) / (whole.end - whole.begin);
    if (share * whole.length_steps < 1) return;
    GapStrip piece = strip_;
    const WayAcross first = Across(strip_.edges, begin);
    const WayAcross last = Across(strip_.edges, end);
    const double at_begin = std::hypot(first.from.x - first.to.x, first.from.y - first.to.y);
    const double at_end = std::hypot(last.from.x - last.to.x, last.from.y - last.to.y);
    piece.facing = {begin, end, share * whole.length_steps, std::min(at_begin, at_end),
                    std::max(at_begin, at_end)};
    out->push_back(piece);
  }

  const GapStrip& strip_;
  const double foot_begin_;
  const double foot_end_;
  std::vector<double> cuts_;
  std::vector<Segment> others_;
  std::vector<const PreparedPlot*> plots_;
};

bool StripBefore(const GapStrip& s, const GapStrip& t) {
  return std::tuple(s.a->id(), s.b->id(), s.a_edge, s.b_edge, s.facing.begin) <
         std::tuple(t.a->id(), t.b->id(), t.a_edge, t.b_edge, t.facing.begin);
}

// What a gap is between two plots: the widest of its strips, placed in the middle of the longest.
struct GapSide {
  double widest_steps = 0;
  double longest_steps = 0;
  Vertex place;
};

Finding FindingOf(std::uint64_t subject, std::uint64_t other, const GapSide& side,
                  const Tolerances& tolerances) {
  Finding finding;
  finding.rule = Rule::kSliverGap;
  finding.severity = Severity::kWarning;
  finding.subject = subject;
  finding.other = other == subject ? kNoOther : other;
  finding.place = side.place;
  finding.measured = Micrometres(side.widest_steps);
  finding.tolerance = tolerances.gap_width_min_steps * kMicrometresPerStep;
  finding.unit = Unit::kMetre;
  return finding;
}

}  // namespace

void AddUncovered(const GapStrip& strip, const PlotsNear& plots_near, std::vector<GapStrip>* out) {
  StripCutter cutter(strip);
  plots_near(BoundsOf(strip), [&cutter](const PreparedPlot& plot) { cutter.AddPlot(plot); });
  cutter.AddFree(out);
}

void AddHoleStrips(const PreparedPlot& plot, const Tolerances& tolerances,
                   std::vector<GapStrip>* out) {
  const Boundary& boundary = plot.boundary();
  for (std::size_t ring = 0; ring < boundary.ring_count(); ++ring) {
    if (boundary.IsShell(ring)) continue;
    for (std::size_t index = boundary.ring_ends[ring - 1]; index < boundary.ring_ends[ring];
         ++index) {
      const Edge first = plot.edges().At(index);
      const Box window = first.box().Grown(tolerances.gap_width_min_steps);
      plot.edges().Near(window, index + 1, [&](const Edge& second) {
        if (second.ring != ring) return true;
        const FacingEdges edges{first.InteriorOnRight(), second.InteriorOnRight()};
        const auto facing = FacingStretch(edges, tolerances.gap_width_min_steps);
        if (facing.has_value()) {
          out->push_back({&plot, &plot, first.index, second.index, edges, *facing});
        }
        return true;
      });
    }
  }
}

std::vector<Finding> GapFindings(std::vector<GapStrip> strips, const Tolerances& tolerances) {
  if (strips.empty()) return {};
  std::sort(strips.begin(), strips.end(), StripBefore);
  std::vector<StripEnds> ends;
  for (const GapStrip& strip : strips) {
    ends.push_back(
        {MiddleAt(strip.edges, strip.facing.begin), MiddleAt(strip.edges, strip.facing.end)});
  }
  const std::vector<std::size_t> group_of =
      GroupsOf(ends, static_cast<double>(tolerances.gap_width_min_steps));
  std::vector<double> length_of(strips.size());
  for (std::size_t i = 0; i < strips.size(); ++i) {
    length_of[group_of[i]] += strips[i].facing.length_steps;
  }
  std::map<std::tuple<std::uint64_t, std::uint64_t, std::size_t>, GapSide> sides;
  for (std::size_t i = 0; i < strips.size(); ++i) {
    if (length_of[group_of[i]] <= static_cast<double>(tolerances.gap_length_max_steps)) continue;
    const Facing& facing = strips[i].facing;
    GapSide& side = sides[{strips[i].a->id(), strips[i].b->id(), group_of[i]}];
    side.widest_steps = std::max(side.widest_steps, facing.widest_steps);
    if (facing.length_steps <= side.longest_steps) continue;
    side.longest_steps = facing.length_steps;
    side.place = Rounded(MiddleAt(strips[i].edges, (facing.begin + facing.end) / 2));
  }
  std::vector<Finding> findings;
  for (const auto& [key, side] : sides) {
    findings.push_back(FindingOf(std::get<0>(key), std::get<1>(key), side, tolerances));
  }
  return findings;
}

}  // namespace landbook::geo
