// The rules of edit.h: B501 and B502.
#include <algorithm>
#include <cmath>
#include <cstddef>

#include "geo/check.h"
#include "geo/edit.h"
#include "geo/edit_internal.h"
#include "geo/exact.h"
#include "geo/geos_bridge.h"
#include "geo/largest_circle.h"

namespace landbook::geo {
namespace {

// The greatest distance that is measured, in steps: beyond it a neighbour has plainly changed.
constexpr std::int64_t kMeasuredMaxSteps = 1 << 20;
constexpr std::int64_t kMicrometresPerStep = 100;

// Half a grid diagonal, 0.0707 mm, as it is told: in millionths of a metre.
constexpr std::int64_t kNodingMicrometres = 71;

// How far `v` is from the nearest edge of `boundary`, in micrometres.
std::int64_t DistanceToEdges(Vertex v, const Boundary& boundary) {
  std::int64_t nearest = kMeasuredMaxSteps * kMicrometresPerStep;
  for (const Segment& edge : InteriorLeftEdges(boundary)) {
    if (!WithinDistance(v, edge, kMeasuredMaxSteps - 1)) continue;
    nearest = std::min(nearest, DistanceMicrometres(v, edge));
  }
  return nearest;
}

// A vertex of either that the other does not have.
Vertex OddVertex(const Boundary& before, const Boundary& after) {
  std::vector<Vertex> a = before.vertices;
  std::vector<Vertex> b = after.vertices;
  std::sort(a.begin(), a.end());
  std::sort(b.begin(), b.end());
  for (const Vertex& v : b) {
    if (!std::binary_search(a.begin(), a.end(), v) && DistanceToEdges(v, before) > 0) return v;
  }
  for (const Vertex& v : a) {
    if (!std::binary_search(b.begin(), b.end(), v)) return v;
  }
  return before.empty() ? Vertex{} : before.vertices[0];
}

// True when the two hold the same rings and vertices; surveys are not compared.
bool SameShape(const Boundary& a, const Boundary& b) {
  return a.vertices == b.vertices && a.ring_ends == b.ring_ends && a.part_ends == b.part_ends;
}

absl::StatusOr<Shape> UnionOf(std::span<const Boundary> plots, Vertex origin) {
  absl::StatusOr<Shape> whole = Shape::Of(plots[0], origin);
  for (std::size_t i = 1; i < plots.size() && whole.ok(); ++i) {
    const absl::StatusOr<Shape> more = Shape::Of(plots[i], origin);
    if (!more.ok()) return more.status();
    whole = whole->Union(*more);
  }
  return whole;
}

// Adds the finding about what `whole` has and `other` lacks, when it is more than is tolerated.
absl::Status AddDifference(const Shape& whole, const Shape& other, const Tolerances& tolerances,
                           std::uint64_t subject, std::vector<Finding>& findings) {
  const absl::StatusOr<Shape> difference = whole.Difference(other);
  if (!difference.ok()) return difference.status();
  const double area_max_steps2 = static_cast<double>(tolerances.union_area_max_mm2) * 100;
  if (difference->empty() || difference->area_steps2() <= area_max_steps2) return absl::OkStatus();
  const absl::StatusOr<bool> wide = WiderThan(*difference, tolerances.union_width_max_steps);
  if (!wide.ok()) return wide.status();
  if (!*wide) return absl::OkStatus();
  const absl::StatusOr<InscribedCircle> widest = WidestPlace(*difference);
  if (!widest.ok()) return widest.status();
  Finding finding;
  finding.rule = Rule::kUnionDiffers;
  finding.severity = Severity::kError;
  finding.subject = subject;
  finding.place = widest->centre;
  finding.measured = std::llround(widest->diameter_steps) * kMicrometresPerStep;
  finding.tolerance = tolerances.union_width_max_steps * kMicrometresPerStep;
  finding.unit = Unit::kMetre;
  finding.area_mm2 = std::llround(difference->area_steps2() / 100);
  findings.push_back(finding);
  return absl::OkStatus();
}

}  // namespace

std::optional<Finding> NeighbourFinding(const Boundary& before, const Boundary& after,
                                        std::uint64_t subject, std::uint64_t other) {
  if (SameShape(before, after)) return std::nullopt;
  const std::optional<Boundary> noded = NodedInto(before, after.vertices);
  if (noded.has_value() && SameShape(*noded, after)) return std::nullopt;
  Finding finding;
  finding.rule = Rule::kNeighbourWouldChange;
  finding.severity = Severity::kError;
  finding.subject = subject;
  finding.other = other;
  finding.place = OddVertex(before, after);
  finding.measured =
      std::max(DistanceToEdges(finding.place, before), DistanceToEdges(finding.place, after));
  finding.tolerance = kNodingMicrometres;
  finding.unit = Unit::kMetre;
  return finding;
}

absl::StatusOr<std::vector<Finding>> UnionFindings(std::span<const Boundary> old_plots,
                                                   std::span<const Boundary> new_plots,
                                                   const Tolerances& tolerances,
                                                   std::uint64_t subject) {
  LANDBOOK_GEO_CHECK(!old_plots.empty() && !new_plots.empty());
  std::vector<Finding> findings;
  if (Outline(old_plots) == Outline(new_plots)) return findings;
  const Box box = old_plots[0].Bounds();
  const Vertex origin{box.min_x, box.min_y};
  const absl::StatusOr<Shape> before = UnionOf(old_plots, origin);
  if (!before.ok()) return before.status();
  const absl::StatusOr<Shape> after = UnionOf(new_plots, origin);
  if (!after.ok()) return after.status();
  for (const auto& [whole, rest] : {std::pair(&*before, &*after), std::pair(&*after, &*before)}) {
    const absl::Status status = AddDifference(*whole, *rest, tolerances, subject, findings);
    if (!status.ok()) return status;
  }
  std::sort(findings.begin(), findings.end(), FindingBefore);
  return findings;
}

}  // namespace landbook::geo
