// B201 and B202: by how much two plots overlap. What they have in common is traced, or GEOS's.
#include <cmath>
#include <string>
#include <utility>
#include <vector>

#include "geo/boundary_check_internal.h"
#include "geo/boundary_check_pair_internal.h"
#include "geo/common_ground.h"
#include "geo/geos_bridge.h"
#include "geo/largest_circle.h"

namespace landbook::geo {
namespace {

constexpr double kSteps2PerMm2 = 100;

// What two plots have in common, in steps from an origin near them.
struct CommonGround {
  std::vector<RealRings> parts;
  double area_steps2 = 0;
  bool traced = false;  // in integers, so that the insides surely meet
};

double AreaOf(const PreparedPlot& plot) {
  return static_cast<double>(plot.edges().doubled_area()) / 2;
}

double PerimeterOf(const Boundary& boundary) {
  double perimeter = 0;
  for (std::size_t ring = 0; ring < boundary.ring_count(); ++ring) {
    Vertex last = boundary.Ring(ring).back();
    for (const Vertex& v : boundary.Ring(ring)) {
      perimeter += std::sqrt(static_cast<double>(SquaredDistance(last, v)));
      last = v;
    }
  }
  return perimeter;
}

// The overlap of two plots.
class Overlap {
 public:
  Overlap(const PreparedPlot& a, const PreparedPlot& b, const Tolerances& tolerances)
      : a_(a), b_(b), tolerances_(tolerances), origin_(a.boundary().vertices[0]) {}

  // Finds what they have in common, before anything else is asked.
  absl::Status Find() {
    if (auto traced = TraceCommonGround(a_.edges(), b_.edges(), origin_)) {
      common_ = {*std::move(traced), 0, true};
      for (const RealRings& part : common_.parts) common_.area_steps2 += geo::AreaOf(part);
      return absl::OkStatus();
    }
    const auto shapes = Shapes();
    if (!shapes.ok()) return shapes.status();
    const absl::StatusOr<Shape> common = shapes->a.Intersection(shapes->b);
    if (!common.ok()) return common.status();
    absl::StatusOr<std::vector<RealRings>> parts = common->Polygons();
    if (!parts.ok()) return parts.status();
    common_ = {*std::move(parts), common->area_steps2(), false};
    return absl::OkStatus();
  }

  const CommonGround& common() const { return common_; }
  InscribedCircle Widest() const { return WidestPlace(common_.parts, origin_); }

  // Whether it is more than the tolerances allow. An area of zero is exactly none: what is left
  // then decides without doubles.
  absl::StatusOr<bool> TooMuch() const {
    const auto area_max = static_cast<double>(tolerances_.overlap_area_max_mm2) * kSteps2PerMm2;
    if (area_max > 0 && common_.area_steps2 <= area_max) return false;
    if (area_max == 0 && !common_.traced) {
      const auto shapes = Shapes();
      if (!shapes.ok()) return shapes.status();
      absl::StatusOr<bool> meet = shapes->a.MeetsInside(shapes->b);
      if (!meet.ok() || !*meet) return meet;
    }
    if (tolerances_.overlap_width_max_steps == 0) return true;
    return WiderThan(common_.parts, tolerances_.overlap_width_max_steps);
  }

  // "same", "within" or "contains", as `a` sees it; "" for an overlap in part.
  absl::StatusOr<std::string> Containment() const {
    const absl::StatusOr<bool> a_within = Within(a_, b_);
    if (!a_within.ok()) return a_within.status();
    const absl::StatusOr<bool> b_within = Within(b_, a_);
    if (!b_within.ok()) return b_within.status();
    if (*a_within) return std::string(*b_within ? "same" : "within");
    return std::string(*b_within ? "contains" : "");
  }

 private:
  struct BothShapes {
    Shape a;
    Shape b;
  };

  absl::StatusOr<BothShapes> Shapes() const { return ShapesOf(a_, b_); }

  absl::StatusOr<BothShapes> ShapesOf(const PreparedPlot& first, const PreparedPlot& second) const {
    absl::StatusOr<Shape> first_shape = Shape::Of(first.boundary(), origin_);
    if (!first_shape.ok()) return first_shape.status();
    absl::StatusOr<Shape> second_shape = Shape::Of(second.boundary(), origin_);
    if (!second_shape.ok()) return second_shape.status();
    return BothShapes{*std::move(first_shape), *std::move(second_shape)};
  }

  // Whether `inner` has nothing outside `outer` that is wider than the tolerance. How large what is
  // outside is, and how long its boundary can be, nearly always decides it: an area A with a
  // boundary of length P and h holes has a circle of radius r in it when A > P r + h pi r^2
  // (largest_circle.h), and none when A < pi r^2.
  absl::StatusOr<bool> Within(const PreparedPlot& inner, const PreparedPlot& outer) const {
    constexpr double kRounding = 1e-9;  // of areas in doubles, in parts of the whole
    const double radius = static_cast<double>(tolerances_.overlap_width_max_steps) / 2;
    const double inner_steps2 = AreaOf(inner);
    const double outside_steps2 = inner_steps2 - common_.area_steps2;
    const double boundary_steps = PerimeterOf(a_.boundary()) + PerimeterOf(b_.boundary());
    const auto ring_count =
        static_cast<double>(a_.boundary().ring_count() + b_.boundary().ring_count());
    const double room_steps2 = radius * (boundary_steps + ring_count * M_PI * radius);
    if (outside_steps2 > room_steps2 + kRounding * inner_steps2) return false;
    if (outside_steps2 < M_PI * radius * radius - kRounding * inner_steps2) return true;
    return NothingWideOutside(inner, outer);
  }

  absl::StatusOr<bool> NothingWideOutside(const PreparedPlot& inner,
                                          const PreparedPlot& outer) const {
    const auto shapes = ShapesOf(inner, outer);
    if (!shapes.ok()) return shapes.status();
    const absl::StatusOr<bool> any = shapes->a.MeetsOutside(shapes->b);
    if (!any.ok()) return any.status();
    if (!*any) return true;
    if (tolerances_.overlap_width_max_steps == 0) return false;
    const absl::StatusOr<Shape> outside = shapes->a.Difference(shapes->b);
    if (!outside.ok()) return outside.status();
    const absl::StatusOr<bool> wider = WiderThan(*outside, tolerances_.overlap_width_max_steps);
    if (!wider.ok()) return wider.status();
    return !*wider;
  }

  const PreparedPlot& a_;
  const PreparedPlot& b_;
  const Tolerances& tolerances_;
  const Vertex origin_;
  CommonGround common_;
};

}  // namespace

absl::Status MeasureOverlap(const PreparedPlot& a, const PreparedPlot& b, Vertex met_at,
                            const Tolerances& tolerances, std::vector<Finding>* out) {
  Overlap overlap(a, b, tolerances);
  if (absl::Status found = overlap.Find(); !found.ok()) return found;
  const absl::StatusOr<bool> too_much = overlap.TooMuch();
  if (!too_much.ok()) return too_much.status();
  if (!*too_much) return absl::OkStatus();
  absl::StatusOr<std::string> containment = overlap.Containment();
  if (!containment.ok()) return containment.status();
  const InscribedCircle widest = overlap.Widest();

  Finding finding;
  finding.rule = containment->empty() ? Rule::kOverlap : Rule::kSameOrContained;
  finding.severity = Severity::kError;
  finding.subject = a.id();
  finding.other = b.id();
  finding.place = overlap.common().parts.empty() ? met_at : widest.centre;
  finding.measured = std::llround(widest.diameter_steps) * kMicrometresPerStep;
  finding.tolerance = tolerances.overlap_width_max_steps * kMicrometresPerStep;
  finding.unit = Unit::kMetre;
  finding.area_mm2 = std::llround(overlap.common().area_steps2 / kSteps2PerMm2);
  finding.detail = *std::move(containment);
  out->push_back(std::move(finding));
  return absl::OkStatus();
}

}  // namespace landbook::geo
