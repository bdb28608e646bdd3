// B201 and B202: by how much two plots overlap, measured by GEOS.
#include <cmath>
#include <string>
#include <utility>

#include "geo/boundary_check_internal.h"
#include "geo/boundary_check_pair_internal.h"
#include "geo/geos_bridge.h"

namespace landbook::geo {
namespace {

constexpr double kSteps2PerMm2 = 100;

// The widest of the shape's parts; of equally wide ones that whose centre is least, since GEOS
// states no order.
absl::StatusOr<InscribedCircle> WidestOfParts(const Shape& shape) {
  absl::StatusOr<std::vector<Shape>> parts = shape.Parts();
  if (!parts.ok()) return parts.status();
  InscribedCircle widest{-1, {}};
  for (const Shape& part : *parts) {
    const absl::StatusOr<InscribedCircle> circle = WidestPlace(part);
    if (!circle.ok()) return circle.status();
    const auto wider = std::llround(circle->diameter_steps) - std::llround(widest.diameter_steps);
    if (wider > 0 || (wider == 0 && circle->centre < widest.centre)) widest = *circle;
  }
  return widest;
}

// Whether `inner` has nothing outside `outer` that is wider than the tolerance.
absl::StatusOr<bool> Within(const Shape& inner, const Shape& outer, std::int64_t width_steps) {
  const absl::StatusOr<Shape> outside = inner.Difference(outer);
  if (!outside.ok()) return outside.status();
  const absl::StatusOr<bool> wider = WiderThan(*outside, width_steps);
  if (!wider.ok()) return wider.status();
  return !*wider;
}

// "same", "within" or "contains", as `a` sees it; "" for an overlap in part.
absl::StatusOr<std::string> Containment(const Shape& a, const Shape& b, std::int64_t width_steps) {
  const absl::StatusOr<bool> a_within = Within(a, b, width_steps);
  if (!a_within.ok()) return a_within.status();
  const absl::StatusOr<bool> b_within = Within(b, a, width_steps);
  if (!b_within.ok()) return b_within.status();
  if (*a_within) return std::string(*b_within ? "same" : "within");
  return std::string(*b_within ? "contains" : "");
}

}  // namespace

absl::Status MeasureOverlap(const PreparedPlot& a, const PreparedPlot& b,
                            const Tolerances& tolerances, std::vector<Finding>* out) {
  const Vertex origin = a.boundary().vertices[0];
  const absl::StatusOr<Shape> a_shape = Shape::Of(a.boundary(), origin);
  if (!a_shape.ok()) return a_shape.status();
  const absl::StatusOr<Shape> b_shape = Shape::Of(b.boundary(), origin);
  if (!b_shape.ok()) return b_shape.status();
  const absl::StatusOr<Shape> common = a_shape->Intersection(*b_shape);
  if (!common.ok()) return common.status();

  const auto area_max = static_cast<double>(tolerances.overlap_area_max_mm2) * kSteps2PerMm2;
  if (common->area_steps2() <= area_max) return absl::OkStatus();
  const absl::StatusOr<bool> wider = WiderThan(*common, tolerances.overlap_width_max_steps);
  if (!wider.ok()) return wider.status();
  if (!*wider) return absl::OkStatus();

  const absl::StatusOr<InscribedCircle> widest = WidestOfParts(*common);
  if (!widest.ok()) return widest.status();
  absl::StatusOr<std::string> containment =
      Containment(*a_shape, *b_shape, tolerances.overlap_width_max_steps);
  if (!containment.ok()) return containment.status();

  Finding finding;
  finding.rule = containment->empty() ? Rule::kOverlap : Rule::kSameOrContained;
  finding.severity = Severity::kError;
  finding.subject = a.id();
  finding.other = b.id();
  finding.place = widest->centre;
  finding.measured = std::llround(widest->diameter_steps) * kMicrometresPerStep;
  finding.tolerance = tolerances.overlap_width_max_steps * kMicrometresPerStep;
  finding.unit = Unit::kMetre;
  finding.detail = *std::move(containment);
  out->push_back(std::move(finding));
  return absl::OkStatus();
}

}  // namespace landbook::geo
