#include "geo/normalise.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <span>
#include <utility>

#include "absl/status/status.h"
#include "fmt/format.h"
#include "geo/check.h"

namespace landbook::geo {
namespace {

constexpr double kStepsPerMetreDouble = static_cast<double>(kStepsPerMetre);

// What rounding one coordinate gave.
enum class Rounding { kDone, kNotFinite, kOutsidePlane };

// Rounds the product in double precision rather than the exact value of the double: a delivered
// decimal such as 590826.25755 is meant as a half even where its double lies a hair beside it.
Rounding RoundToSteps(double metres, std::int64_t& steps) {
  if (!std::isfinite(metres)) return Rounding::kNotFinite;
  const double product = metres * kStepsPerMetreDouble;
  // What rounds to the bound is inside; anything larger is not made an integer.
  if (!(std::fabs(product) < static_cast<double>(kCoordinateMax) + 0.5)) {
    return Rounding::kOutsidePlane;
  }
  // Halves go away from zero, as std::round has them, which is a call for every coordinate.
  const auto whole = static_cast<std::int64_t>(product);
  const double rest = product - static_cast<double>(whole);
  steps = whole + static_cast<int>(rest >= 0.5) - static_cast<int>(rest <= -0.5);
  return Rounding::kDone;
}

// True when at least three of `vertices` differ from each other.
template <typename Point>
bool HasThreeDistinct(std::span<const Point> vertices) {
  const Point* second = nullptr;
  for (const Point& vertex : vertices) {
    if (vertex == vertices.front()) continue;
    if (second == nullptr) second = &vertex;
    if (!(vertex == *second)) return true;
  }
  return false;
}

// Puts one ring after the other on the plane.
class Normaliser {
 public:
  Normaliser(const RawBoundary& raw, PlaneBoundary& plane) : raw_(raw), plane_(plane) {
    boundary().vertices.clear();
    boundary().ring_ends.clear();
    boundary().points.clear();
    boundary().lines.clear();
    plane_.faults.clear();
    plane_.kept_vertex.clear();
    plane_.merged_by_rounding = 0;
    plane_.boundary.vertices.reserve(raw.vertices.size());
    plane_.kept_vertex.reserve(raw.vertices.size());
  }

  void Run() {
    for (std::size_t ring = 0; ring < raw_.ring_ends.size(); ++ring) AddRing(ring);
    plane_.boundary.part_ends = raw_.part_ends;
  }

 private:
  Boundary& boundary() { return plane_.boundary; }

  void AddRing(std::size_t ring) {
    const std::span<const RawVertex> raw_ring = raw_.Ring(ring);
    ring_begin_ = boundary().vertices.size();
    not_finite_ = false;
    outside_plane_ = false;
    for (std::size_t i = 0; i < raw_ring.size(); ++i) AddVertex(raw_ring, i);
    const bool open = IsOpen(raw_ring);
    DropClosingVertex();
    boundary().EndRing();
    AddFaults(ring, open);
  }

  void AddVertex(std::span<const RawVertex> raw_ring, std::size_t at) {
    Vertex vertex;
    if (!Round(raw_ring[at], vertex)) {
      plane_.kept_vertex.push_back(kNotKept);
      return;
    }
    std::vector<Vertex>& vertices = boundary().vertices;
    if (vertices.size() == ring_begin_ || !(vertices.back() == vertex)) {
      vertices.push_back(vertex);
    } else if (!(raw_ring[at] == raw_ring[at - 1])) {
      ++plane_.merged_by_rounding;
    }
    plane_.kept_vertex.push_back(static_cast<std::uint32_t>(vertices.size() - 1));
  }

  bool Round(RawVertex raw, Vertex& vertex) {
    const Rounding x = RoundToSteps(raw.x, vertex.x);
    const Rounding y = RoundToSteps(raw.y, vertex.y);
    not_finite_ |= x == Rounding::kNotFinite || y == Rounding::kNotFinite;
    outside_plane_ |= x == Rounding::kOutsidePlane || y == Rounding::kOutsidePlane;
    return x == Rounding::kDone && y == Rounding::kDone;
  }

  // Judged on the plane: ends that rounding brings together are one vertex in the book. A ring with
  // a vertex that is not there has a fault of its own.
  bool IsOpen(std::span<const RawVertex> raw_ring) {
    if (raw_ring.empty() || not_finite_ || outside_plane_) return false;
    return !(boundary().vertices[ring_begin_] == boundary().vertices.back());
  }

  // Drops the vertex at the end of the ring that is its first again. There is at most one, because
  // no vertex kept repeats the one before it.
  void DropClosingVertex() {
    std::vector<Vertex>& vertices = boundary().vertices;
    if (vertices.size() < ring_begin_ + 2 || !(vertices.back() == vertices[ring_begin_])) return;
    vertices.pop_back();
    const auto dropped = static_cast<std::uint32_t>(vertices.size());
    for (std::size_t i = plane_.kept_vertex.size(); i-- > 0;) {
      std::uint32_t& kept = plane_.kept_vertex[i];
      if (kept == dropped)
        kept = static_cast<std::uint32_t>(ring_begin_);
      else if (kept != kNotKept)
        break;
    }
  }

  void AddFaults(std::size_t ring, bool open) {
    const std::span<const Vertex> kept = boundary().Ring(ring);
    const auto number = static_cast<std::uint32_t>(ring);
    const Vertex first = kept.empty() ? Vertex{} : kept.front();
    const auto add = [this, number](RingFaultKind kind, Vertex place) {
      plane_.faults.push_back({kind, number, place});
    };
    if (open) add(RingFaultKind::kOpen, kept.back());
    if (!not_finite_ && !outside_plane_ && !HasThreeDistinct(kept)) {
      add(HasThreeDistinct(raw_.Ring(ring)) ? RingFaultKind::kCollapsedByRounding
                                            : RingFaultKind::kTooFewVertices,
          first);
    }
    if (not_finite_) add(RingFaultKind::kNotFinite, first);
    if (outside_plane_) add(RingFaultKind::kOutsidePlane, first);
  }

  const RawBoundary& raw_;
  PlaneBoundary& plane_;
  std::size_t ring_begin_ = 0;
  bool not_finite_ = false;
  bool outside_plane_ = false;
};

const char* DetailOf(RingFaultKind kind) {
  switch (kind) {
    case RingFaultKind::kOpen:
      return "open";
    case RingFaultKind::kTooFewVertices:
      return "too_few_vertices";
    case RingFaultKind::kCollapsedByRounding:
      return "collapsed_by_rounding";
    case RingFaultKind::kNotFinite:
      return "not_finite";
    case RingFaultKind::kOutsidePlane:
      return "outside_plane";
  }
  LANDBOOK_GEO_CHECK(false);
  return "";
}

}  // namespace

absl::StatusOr<std::int64_t> StepsFromMetres(double metres) {
  std::int64_t steps = 0;
  switch (RoundToSteps(metres, steps)) {
    case Rounding::kDone:
      return steps;
    case Rounding::kNotFinite:
      return absl::InvalidArgumentError(fmt::format(
          "the coordinate {} is not a finite number; send metres of the book's plane", metres));
    case Rounding::kOutsidePlane:
      break;
  }
  return absl::OutOfRangeError(fmt::format(
      "the coordinate {} m lies beyond {} m, where every plane ends; send metres of the "
      "book's plane",
      metres, kCoordinateMax / kStepsPerMetre));
}

double MetresFromSteps(std::int64_t steps) {
  LANDBOOK_GEO_CHECK(steps >= -kCoordinateMax && steps <= kCoordinateMax);
  return static_cast<double>(steps) / kStepsPerMetreDouble;
}

PlaneBoundary Normalise(const RawBoundary& raw) {
  PlaneBoundary plane;
  Normalise(raw, plane);
  return plane;
}

void Normalise(const RawBoundary& raw, PlaneBoundary& plane) { Normaliser(raw, plane).Run(); }

std::vector<Finding> FindingsOf(const PlaneBoundary& plane, std::uint64_t subject) {
  std::vector<Finding> findings;
  for (const RingFault& fault : plane.faults) {
    const bool outside =
        fault.kind == RingFaultKind::kNotFinite || fault.kind == RingFaultKind::kOutsidePlane;
    Finding finding;
    finding.rule = outside ? Rule::kCoordinateOutsidePlane : Rule::kRingOpenOrDegenerate;
    finding.severity = Severity::kError;
    finding.subject = subject;
    finding.place = fault.place;
    finding.detail = DetailOf(fault.kind);
    findings.push_back(finding);
  }
  return findings;
}

}  // namespace landbook::geo
