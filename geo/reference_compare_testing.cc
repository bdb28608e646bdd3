#include "geo/reference_compare_testing.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <vector>

#include "fmt/format.h"
#include "geo/exact.h"
#include "geo/reference_check_testing.h"

namespace landbook::geo {
namespace {

constexpr std::int64_t kMicrometresPrecision = 100;
constexpr double kPlacePrecisionSteps = 2;
// A strip between edges that close under a hundredth ends where doubles say, to a step more.
constexpr double kStripPrecisionSteps = 3;

bool MeasuredInDoubles(Rule rule) {
  return rule == Rule::kTooNarrow || rule == Rule::kOverlap || rule == Rule::kSameOrContained ||
         rule == Rule::kSliverGap;
}

bool Overlap(Rule rule) { return rule == Rule::kOverlap || rule == Rule::kSameOrContained; }

// True when the two tell the same, apart from the place of an overlap.
bool Same(const Finding& a, const Finding& b) {
  Finding levelled = b;
  if (MeasuredInDoubles(a.rule) && a.rule == b.rule) {
    const bool near =
        (Overlap(a.rule) || std::abs(a.measured - b.measured) <= kMicrometresPrecision) &&
        std::abs(a.area_mm2 - b.area_mm2) <= 1;
    const bool here = Overlap(a.rule) || std::hypot(a.place.x - b.place.x, a.place.y - b.place.y) <=
                                             kStripPrecisionSteps;
    if (!near || !here) return false;
    levelled.measured = a.measured;
    levelled.area_mm2 = a.area_mm2;
    levelled.place = a.place;
  }
  return a == levelled;
}

double StepsToBoundary(Vertex v, const Boundary& boundary) {
  const BoundaryEdges edges(&boundary);
  double nearest = std::numeric_limits<double>::max();
  for (std::size_t i = 0; i < edges.size(); ++i) {
    const Segment edge = edges.At(i).segment();
    const Box around = Box{v.x, v.y, v.x, v.y}.Grown(1 << 20);
    if (!BoundsOf(edge).Intersects(around) || !WithinDistance(v, edge, 1 << 20)) continue;
    nearest = std::min(nearest, static_cast<double>(DistanceMicrometres(v, edge)) / 100);
  }
  return nearest;
}

// True when a circle of the overlap's width around its place lies in both plots.
bool RightPlace(const Finding& finding, const std::map<std::uint64_t, const Boundary*>& plots) {
  const double radius = static_cast<double>(finding.measured) / 200;
  const Vertex v = finding.place;
  for (const std::uint64_t id : {finding.subject, finding.other}) {
    const Boundary& boundary = *plots.at(id);
    const double distance = StepsToBoundary(v, boundary);
    if (distance < radius - kPlacePrecisionSteps) return false;
    if (distance > kPlacePrecisionSteps &&
        LocationInBoundary({2 * v.x, 2 * v.y}, boundary) == Location::kOutside) {
      return false;
    }
  }
  return true;
}

// True when no circle wider than measured, by more than the precision, has room in the overlap.
bool NothingWider(const Finding& finding, const std::map<std::uint64_t, const Boundary*>& plots) {
  const Boundary a = BoundaryEdges(plots.at(finding.subject)).boundary();
  const Boundary b = BoundaryEdges(plots.at(finding.other)).boundary();
  const absl::StatusOr<Shape> a_shape = Shape::Of(a, a.vertices[0]);
  const absl::StatusOr<Shape> b_shape = Shape::Of(b, a.vertices[0]);
  if (!a_shape.ok() || !b_shape.ok()) return false;
  const absl::StatusOr<Shape> common = a_shape->Intersection(*b_shape);
  if (!common.ok()) return false;
  // Round ends are drawn with 512 corners, which leaves out a fifty-thousandth of the radius.
  const double radius =
      static_cast<double>(finding.measured + kMicrometresPrecision) / 200 * (1 + 2e-5);
  const absl::StatusOr<bool> left = ReferenceLeavesSomething(*common, radius);
  return left.ok() && !*left;
}

std::string Line(const Finding& f) {
  return fmt::format("{} {} {} at {} {} measured {} area {} ({})\n", RuleName(f.rule), f.subject,
                     static_cast<std::int64_t>(f.other), f.place.x, f.place.y, f.measured,
                     f.area_mm2, f.detail);
}

// What is in `a` and not in `b`, each of which is taken once.
std::string Missing(const std::vector<Finding>& a, std::vector<Finding> b) {
  std::string lines;
  for (const Finding& finding : a) {
    const auto same =
        std::find_if(b.begin(), b.end(), [&finding](const Finding& f) { return Same(finding, f); });
    if (same == b.end()) {
      lines += Line(finding);
    } else {
      b.erase(same);
    }
  }
  return lines;
}

std::string DifferenceFrom(const LayerVerdict& fast, std::span<const LayerPlot> plots,
                           const LayerOptions& options, double relief_steps) {
  const absl::StatusOr<std::vector<Finding>> reference =
      ReferenceCheck(plots, options, relief_steps);
  if (!reference.ok()) {
    return fmt::format("the reference path: {}\n", reference.status().ToString());
  }
  std::string difference;
  for (const auto& [name, lines] :
       {std::pair{"only the fast path", Missing(fast.findings, *reference)},
        std::pair{"only the reference path", Missing(*reference, fast.findings)}}) {
    if (!lines.empty()) difference += fmt::format("{}:\n{}", name, lines);
  }
  return difference;
}

}  // namespace

Tolerances TolerancesOf(std::int64_t tolerance_steps) {
  Tolerances tolerances;
  tolerances.vertex_distance_max_steps = tolerance_steps;
  tolerances.neighbour_vertex_max_steps = tolerance_steps;
  tolerances.vertex_on_edge_max_steps = tolerance_steps;
  tolerances.overlap_width_max_steps = tolerance_steps;
  if (tolerance_steps == 0) {
    tolerances.overlap_area_max_mm2 = 0;
    tolerances.part_width_min_steps = 0;
    tolerances.gap_width_min_steps = 0;
  } else if (tolerance_steps > 10) {
    tolerances.part_width_min_steps *= 4;
    tolerances.gap_width_min_steps *= 4;
  }
  return tolerances;
}

std::string DifferenceOfPaths(std::span<const LayerPlot> plots, const LayerOptions& options) {
  const absl::StatusOr<LayerVerdict> fast = CheckLayer(plots, options);
  if (!fast.ok()) return fmt::format("the fast path: {}\n", fast.status().ToString());
  std::string difference;
  for (const double relief_steps : kReliefSteps) {
    difference = DifferenceFrom(*fast, plots, options, relief_steps);
    if (difference.empty()) break;
  }
  std::map<std::uint64_t, const Boundary*> boundaries;
  for (const LayerPlot& plot : plots) boundaries[plot.subject.id] = plot.subject.boundary;
  for (const Finding& finding : fast->findings) {
    if (!Overlap(finding.rule)) continue;
    if (!RightPlace(finding, boundaries)) difference += "no room for: " + Line(finding);
    if (!NothingWider(finding, boundaries)) difference += "room for more: " + Line(finding);
  }
  return difference;
}

}  // namespace landbook::geo
