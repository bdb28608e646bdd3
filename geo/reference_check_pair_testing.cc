// The reference path of the rules about two plots.
#include <algorithm>
#include <cmath>
#include <limits>
#include <set>
#include <string>

#include "geo/exact.h"
#include "geo/reference_check_testing.h"

namespace landbook::geo {
namespace {

// True when `shape`, of which there is some, is wider than the tolerance. GEOS's own shrinking is
// quick and only its yes can be trusted: of an overlap of 12 m by 107 mm it leaves 23 dm2 when that
// is shrunk by 22.5 mm, and nothing at 23.7 mm (GEOS 3.11.1).
absl::StatusOr<bool> IsWider(const Shape& shape, std::int64_t width_steps) {
  if (width_steps == 0) return true;
  const double radius = static_cast<double>(width_steps) / 2;
  const absl::StatusOr<Shape> much_left = shape.Shrunk(1.05 * radius);
  if (!much_left.ok()) return much_left.status();
  if (!much_left->empty()) return true;
  return ReferenceLeavesSomething(shape, radius + 1e-4);
}

// True when what `inner` has outside `outer` is not wider than the tolerance.
absl::StatusOr<bool> Holds(const Shape& outer, const Shape& inner, std::int64_t width_steps) {
  const absl::StatusOr<bool> leaves = inner.MeetsOutside(outer);
  if (!leaves.ok()) return leaves.status();
  if (!*leaves) return true;
  const absl::StatusOr<Shape> outside = inner.Difference(outer);
  if (!outside.ok()) return outside.status();
  const absl::StatusOr<bool> wider = IsWider(*outside, width_steps);
  if (!wider.ok()) return wider.status();
  return !*wider;
}

// B201 and B202.
absl::Status AddOverlap(const ReferencePlot& a, const ReferencePlot& b,
                        const Tolerances& tolerances, std::vector<Finding>* out) {
  const absl::StatusOr<bool> meet = a.shape.MeetsInside(b.shape);
  if (!meet.ok()) return meet.status();
  if (!*meet) return absl::OkStatus();
  const absl::StatusOr<Shape> common = a.shape.Intersection(b.shape);
  if (!common.ok()) return common.status();
  const double area_mm2 = common->area_steps2() / 100;
  if (tolerances.overlap_area_max_mm2 > 0 &&
      area_mm2 <= static_cast<double>(tolerances.overlap_area_max_mm2)) {
    return absl::OkStatus();
  }
  const absl::StatusOr<bool> wider = IsWider(*common, tolerances.overlap_width_max_steps);
  if (!wider.ok()) return wider.status();
  if (!*wider) return absl::OkStatus();
  const absl::StatusOr<InscribedCircle> widest = ReferenceWidest(*common);
  const auto a_holds = Holds(a.shape, b.shape, tolerances.overlap_width_max_steps);
  const auto b_holds = Holds(b.shape, a.shape, tolerances.overlap_width_max_steps);
  for (const absl::Status& status : {widest.status(), a_holds.status(), b_holds.status()}) {
    if (!status.ok()) return status;
  }
  Finding finding;
  finding.rule = *a_holds || *b_holds ? Rule::kSameOrContained : Rule::kOverlap;
  finding.severity = Severity::kError;
  finding.subject = a.id;
  finding.other = b.id;
  finding.place = widest->centre;
  finding.unit = Unit::kMetre;
  finding.measured = std::llround(widest->diameter_steps) * 100;
  finding.tolerance = tolerances.overlap_width_max_steps * 100;
  finding.area_mm2 = std::llround(area_mm2);
  if (*a_holds || *b_holds) {
    finding.detail = *a_holds && *b_holds ? "same" : *a_holds ? "contains" : "within";
  }
  out->push_back(finding);
  return absl::OkStatus();
}

Finding NearFinding(Rule rule, const ReferencePlot& a, const ReferencePlot& b, Vertex v) {
  Finding finding;
  finding.rule = rule;
  finding.severity = Severity::kWarning;
  finding.subject = a.id;
  finding.other = b.id;
  finding.place = v;
  finding.unit = Unit::kMetre;
  return finding;
}

// The distance from a vertex to an edge, squared, as a fraction: above / below.
struct Squared {
  Int128 above;
  Int128 below;
};

Squared SquaredToEdge(Vertex v, const Segment& edge) {
  const Int128 length = SquaredDistance(edge.start, edge.end);
  const Int128 along = Dot(edge.start, edge.end, v);
  if (along <= 0) return {SquaredDistance(v, edge.start), 1};
  if (along >= length) return {SquaredDistance(v, edge.end), 1};
  const Int128 cross = Cross(edge.start, edge.end, v);
  return {cross * cross, length};
}

std::int64_t Micrometres(const Squared& squared) {
  return std::llround(100 * std::sqrt(static_cast<long double>(squared.above) /
                                      static_cast<long double>(squared.below)));
}

// B203 and B204 of the vertices of `a`.
void AddNear(const ReferencePlot& a, const ReferencePlot& b, const Tolerances& tolerances,
             std::vector<Finding>* out) {
  const Int128 vertex_max = static_cast<Int128>(tolerances.neighbour_vertex_max_steps) *
                            tolerances.neighbour_vertex_max_steps;
  const Int128 edge_max = static_cast<Int128>(tolerances.vertex_on_edge_max_steps) *
                          tolerances.vertex_on_edge_max_steps;
  const std::vector<Vertex>& vertices = a.edges.boundary().vertices;
  for (const Vertex& v : std::set<Vertex>(vertices.begin(), vertices.end())) {
    Int128 nearest = std::numeric_limits<std::int64_t>::max();
    std::int64_t edge_micrometres = std::numeric_limits<std::int64_t>::max();
    for (std::size_t i = 0; i < b.edges.size(); ++i) {
      const Edge edge = b.edges.At(i);
      nearest = std::min(nearest, SquaredDistance(v, edge.start));
      const Squared squared = SquaredToEdge(v, edge.segment());
      if (squared.above > edge_max * squared.below) continue;
      edge_micrometres = std::min(edge_micrometres, Micrometres(squared));
    }
    if (nearest == 0) continue;
    if (nearest <= vertex_max) {
      out->push_back(NearFinding(Rule::kVerticesNearlyEqual, a, b, v));
      out->back().measured = Micrometres({nearest, 1});
      out->back().tolerance = tolerances.neighbour_vertex_max_steps * 100;
    } else if (edge_micrometres < std::numeric_limits<std::int64_t>::max()) {
      out->push_back(NearFinding(Rule::kVertexOnEdge, a, b, v));
      out->back().measured = edge_micrometres;
      out->back().tolerance = tolerances.vertex_on_edge_max_steps * 100;
    }
  }
}

}  // namespace

absl::StatusOr<bool> ReferenceLeavesSomething(const Shape& shape, double radius) {
  const absl::StatusOr<std::vector<Shape>> parts = shape.Parts();
  if (!parts.ok()) return parts.status();
  const auto x0 = static_cast<double>(shape.origin().x);
  const auto y0 = static_cast<double>(shape.origin().y);
  for (const Shape& part : *parts) {
    const absl::StatusOr<std::vector<RealRings>> polygons = part.Polygons();
    absl::StatusOr<Shape> left = part.Shrunk(0);
    if (!polygons.ok()) return polygons.status();
    for (const std::vector<RealPoint>& ring : (*polygons)[0]) {
      for (std::size_t i = 0; i < ring.size(); ++i) {
        const RealPoint& next = ring[(i + 1) % ring.size()];
        const absl::StatusOr<Shape> near = Shape::Around(
            {ring[i].x + x0, ring[i].y + y0}, {next.x + x0, next.y + y0}, radius, shape.origin());
        if (!near.ok()) return near.status();
        if (left.ok() && !left->empty()) left = left->Difference(*near);
      }
    }
    if (!left.ok()) return left.status();
    if (!left->empty()) return true;
  }
  return false;
}

absl::StatusOr<InscribedCircle> ReferenceWidest(const Shape& shape) {
  InscribedCircle widest{0, shape.SomeVertex()};
  double high = std::sqrt(shape.area_steps2() / M_PI) + 1;
  for (double low = 0; high - low > 0.01 * high;) {
    const double radius = (low + high) / 2;
    const absl::StatusOr<Shape> left = shape.Shrunk(radius);
    if (!left.ok()) return left.status();
    (left->empty() ? high : low) = radius;
    if (!left->empty()) widest = {2 * radius, left->SomeVertex()};
    if (high < 0.01) break;
  }
  return widest;
}

absl::Status AddReferencePair(const ReferencePlot& a, const ReferencePlot& b,
                              const Tolerances& tolerances, std::vector<Finding>* out) {
  const std::int64_t reach =
      std::max(tolerances.neighbour_vertex_max_steps, tolerances.vertex_on_edge_max_steps);
  if (!Near(a.edges.box(), b.edges.box(), reach)) return absl::OkStatus();
  AddNear(a, b, tolerances, out);
  AddNear(b, a, tolerances, out);
  if (!a.edges.box().Intersects(b.edges.box())) return absl::OkStatus();
  return AddOverlap(a, b, tolerances, out);
}

}  // namespace landbook::geo
