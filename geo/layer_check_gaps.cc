#include "geo/layer_check_gaps.h"

#include <algorithm>
#include <map>
#include <tuple>
#include <utility>

#include "geo/boundary_check_internal.h"

namespace landbook::geo {
namespace {

bool Covers(const PreparedPlot& plot, RealPoint p) {
  bool inside = false;
  const Vertex nearest = Rounded(p);
  // A ray to the east, half-open in y so that it counts a vertex once.
  const Box ray = {nearest.x - 1, nearest.y - 1, plot.box().max_x + 1, nearest.y + 1};
  plot.edges().Near(ray, 0, [&](const Edge& edge) {
    const auto start_y = static_cast<double>(edge.start.y);
    const auto end_y = static_cast<double>(edge.end.y);
    if ((start_y > p.y) == (end_y > p.y)) return true;
    const double along = (p.y - start_y) / (end_y - start_y);
    if (PointAlong(edge.segment(), along).x > p.x) inside = !inside;
    return true;
  });
  return inside;
}

bool StripBefore(const GapStrip& s, const GapStrip& t) {
  return std::tuple(s.a->id(), s.b->id(), s.a_edge, s.b_edge, s.strip.facing.begin) <
         std::tuple(t.a->id(), t.b->id(), t.a_edge, t.b_edge, t.strip.facing.begin);
}

// A gap as two plots have it: the widest of its strips between them, placed in the middle of the
// longest.
struct GapSide {
  double widest_steps = 0;
  std::int64_t longest_micrometres = 0;
  RealPoint place;
};

void AddToSide(const Strip& strip, GapSide* side) {
  side->widest_steps = std::max(side->widest_steps, strip.facing.widest_steps);
  const std::int64_t length = Micrometres(strip.facing.length_steps);
  const RealPoint middle = MiddleAt(strip, (strip.facing.begin + strip.facing.end) / 2);
  // Equally long ones are told by their places, so that it does not matter which came first.
  if (length < side->longest_micrometres) return;
  if (length == side->longest_micrometres && Rounded(side->place) <= Rounded(middle)) return;
  side->longest_micrometres = length;
  side->place = middle;
}

Finding FindingOf(std::uint64_t subject, std::uint64_t other, const GapSide& side,
                  const Tolerances& tolerances) {
  Finding finding;
  finding.rule = Rule::kSliverGap;
  finding.severity = Severity::kWarning;
  finding.subject = subject;
  finding.other = other == subject ? kNoOther : other;
  finding.place = Rounded(side.place);
  finding.measured = Micrometres(side.widest_steps);
  finding.tolerance = tolerances.gap_width_min_steps * kMicrometresPerStep;
  finding.unit = Unit::kMetre;
  return finding;
}

}  // namespace

void AddUncovered(const GapStrip& strip, const PlotsNear& plots_near, std::vector<GapStrip>* out) {
  const Box window = BoundsOf(strip.strip);
  StripCutter cutter(strip.strip);
  std::vector<const PreparedPlot*> plots;
  plots_near(window, [&](const PreparedPlot& plot) {
    plots.push_back(&plot);
    plot.edges().Near(window, 0, [&](const Edge& edge) {
      const bool own = (&plot == strip.a && edge.index == strip.a_edge) ||
                       (&plot == strip.b && edge.index == strip.b_edge);
      if (!own) cutter.Add(edge.segment());
      return true;
    });
  });
  const auto covered = [&plots](RealPoint p) {
    return std::any_of(plots.begin(), plots.end(),
                       [p](const PreparedPlot* plot) { return Covers(*plot, p); });
  };
  for (const Strip& piece : cutter.Free(covered)) {
    out->push_back({strip.a, strip.b, strip.a_edge, strip.b_edge, piece});
  }
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
          out->push_back({&plot, &plot, first.index, second.index, {edges, *facing}});
        }
        return true;
      });
    }
  }
}

std::vector<Finding> GapFindings(std::vector<GapStrip> strips, const Tolerances& tolerances) {
  std::sort(strips.begin(), strips.end(), StripBefore);
  std::vector<StripEnds> ends;
  for (const GapStrip& strip : strips) ends.push_back(EndsOf(strip.strip));
  const std::vector<std::size_t> group_of =
      GroupsOf(ends, static_cast<double>(tolerances.gap_width_min_steps));
  std::vector<double> length_steps(strips.size());
  for (std::size_t i = 0; i < strips.size(); ++i) {
    length_steps[group_of[i]] += strips[i].strip.facing.length_steps;
  }
  std::map<std::tuple<std::uint64_t, std::uint64_t, std::size_t>, GapSide> sides;
  for (std::size_t i = 0; i < strips.size(); ++i) {
    if (length_steps[group_of[i]] <= static_cast<double>(tolerances.gap_length_max_steps)) continue;
    AddToSide(strips[i].strip, &sides[{strips[i].a->id(), strips[i].b->id(), group_of[i]}]);
  }
  std::vector<Finding> findings;
  for (const auto& [key, side] : sides) {
    const auto& [subject, other, group] = key;
    if (side.widest_steps < 1) continue;
    findings.push_back(FindingOf(subject, other, side, tolerances));
  }
  return findings;
}

}  // namespace landbook::geo
