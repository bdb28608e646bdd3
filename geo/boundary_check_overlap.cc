// B201 and B202: by how much two plots overlap, measured by GEOS.
#include <cmath>
#include <string>
#include <utility>

#include "geo/boundary_check_internal.h"
#include "geo/boundary_check_pair_internal.h"
#include "geo/geos_bridge.h"
#include "geo/largest_circle.h"

namespace landbook::geo {
namespace {

constexpr double kSteps2PerMm2 = 100;

// Two areas, what they have in common, and the tolerance that their widths are held against.
struct Pair {
  const Shape& a;
  const Shape& b;
  double common_steps2;
  double ring_count;  // of both
  std::int64_t width_steps;
};

// Whether `inner` has nothing outside `outer` that is wider than the tolerance. How large what is
// outside is, and how long its boundary can be, nearly always decides it: an area A with a boundary
// of length P and h holes has a circle of radius r in it when A > P r + h pi r^2
// (largest_circle.h), and none when A < pi r^2.
absl::StatusOr<bool> Within(const Pair& pair, const Shape& inner, const Shape& outer) {
  constexpr double kRounding = 1e-9;  // of areas in doubles, in parts of the whole
  const double radius = static_cast<double>(pair.width_steps) / 2;
  const double inner_steps2 = inner.area_steps2();
  const double outside_steps2 = inner_steps2 - pair.common_steps2;
  const double boundary_steps = pair.a.perimeter_steps() + pair.b.perimeter_steps();
  const double room_steps2 = radius * (boundary_steps + pair.ring_count * M_PI * radius);
  if (outside_steps2 > room_steps2 + kRounding * inner_steps2) return false;
  if (outside_steps2 < M_PI * radius * radius - kRounding * inner_steps2) return true;
  const absl::StatusOr<bool> any = inner.MeetsOutside(outer);
  if (!any.ok()) return any.status();
  if (!*any) return true;
  if (pair.width_steps == 0) return false;
  const absl::StatusOr<Shape> outside = inner.Difference(outer);
  if (!outside.ok()) return outside.status();
  const absl::StatusOr<bool> wider = WiderThan(*outside, pair.width_steps);
  if (!wider.ok()) return wider.status();
  return !*wider;
}

// "same", "within" or "contains", as `a` sees it; "" for an overlap in part.
absl::StatusOr<std::string> Containment(const Pair& pair) {
  const absl::StatusOr<bool> a_within = Within(pair, pair.a, pair.b);
  if (!a_within.ok()) return a_within.status();
  const absl::StatusOr<bool> b_within = Within(pair, pair.b, pair.a);
  if (!b_within.ok()) return b_within.status();
  if (*a_within) return std::string(*b_within ? "same" : "within");
  return std::string(*b_within ? "contains" : "");
}

// Whether what the two have in common is more than the tolerances allow. An area of zero is exactly
// none: what is left then decides without doubles.
absl::StatusOr<bool> TooMuch(const Shape& common, const Pair& pair, const Tolerances& tolerances) {
  const auto area_max = static_cast<double>(tolerances.overlap_area_max_mm2) * kSteps2PerMm2;
  if (area_max > 0 && pair.common_steps2 <= area_max) return false;
  if (area_max == 0) {
    const absl::StatusOr<bool> meet = pair.a.MeetsInside(pair.b);
    if (!meet.ok() || !*meet) return meet;
  }
  if (pair.width_steps == 0) return true;
  return WiderThan(common, pair.width_steps);
}

}  // namespace

absl::Status MeasureOverlap(const PreparedPlot& a, const PreparedPlot& b, Vertex met_at,
                            const Tolerances& tolerances, std::vector<Finding>* out) {
  const Vertex origin = a.boundary().vertices[0];
  const absl::StatusOr<Shape> a_shape = Shape::Of(a.boundary(), origin);
  if (!a_shape.ok()) return a_shape.status();
  const absl::StatusOr<Shape> b_shape = Shape::Of(b.boundary(), origin);
  if (!b_shape.ok()) return b_shape.status();
  const absl::StatusOr<Shape> common = a_shape->Intersection(*b_shape);
  if (!common.ok()) return common.status();
  const Pair pair{*a_shape, *b_shape, common->area_steps2(),
                  static_cast<double>(a.boundary().ring_count() + b.boundary().ring_count()),
                  tolerances.overlap_width_max_steps};
  const absl::StatusOr<bool> too_much = TooMuch(*common, pair, tolerances);
  if (!too_much.ok()) return too_much.status();
  if (!*too_much) return absl::OkStatus();
  const absl::StatusOr<InscribedCircle> widest = WidestPlace(*common);
  if (!widest.ok()) return widest.status();
  absl::StatusOr<std::string> containment = Containment(pair);
  if (!containment.ok()) return containment.status();

  Finding finding;
  finding.rule = containment->empty() ? Rule::kOverlap : Rule::kSameOrContained;
  finding.severity = Severity::kError;
  finding.subject = a.id();
  finding.other = b.id();
  finding.place = common->empty() ? met_at : widest->centre;
  finding.measured = std::llround(widest->diameter_steps) * kMicrometresPerStep;
  finding.tolerance = tolerances.overlap_width_max_steps * kMicrometresPerStep;
  finding.unit = Unit::kMetre;
  finding.area_mm2 = std::llround(pair.common_steps2 / kSteps2PerMm2);
  finding.detail = *std::move(containment);
  out->push_back(std::move(finding));
  return absl::OkStatus();
}

}  // namespace landbook::geo
