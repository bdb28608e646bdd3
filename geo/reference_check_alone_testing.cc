// The reference path of the rules about one plot.
#include <algorithm>
#include <cmath>
#include <numeric>
#include <set>
#include <string>
#include <tuple>

#include "fmt/format.h"
#include "geo/exact.h"
#include "geo/reference_check_testing.h"

namespace landbook::geo {
namespace {

constexpr std::int64_t kMillion = 1'000'000;

Finding Found(Rule rule, Severity severity, std::uint64_t subject, Vertex place) {
  Finding finding;
  finding.rule = rule;
  finding.severity = severity;
  finding.subject = subject;
  finding.place = place;
  return finding;
}

bool Has(const std::vector<Finding>& findings, Rule rule) {
  return std::any_of(findings.begin(), findings.end(),
                     [rule](const Finding& finding) { return finding.rule == rule; });
}

// B101.
void AddDegenerate(const Subject& subject, std::vector<Finding>* out) {
  const Boundary& boundary = *subject.boundary;
  for (std::size_t ring = 0; ring < boundary.ring_count(); ++ring) {
    const auto vertices = boundary.Ring(ring);
    if (std::set<Vertex>(vertices.begin(), vertices.end()).size() >= 3) continue;
    out->push_back(Found(Rule::kRingOpenOrDegenerate, Severity::kError, subject.id,
                         vertices.empty() ? Vertex{} : vertices[0]));
    out->back().detail = "too_few_vertices";
  }
  if (boundary.ring_count() == 0) {
    out->push_back(Found(Rule::kRingOpenOrDegenerate, Severity::kError, subject.id, {}));
    out->back().detail = "too_few_vertices";
  }
}

std::int64_t ZoneNumber(std::int64_t x) {
  const std::int64_t millions = x / (kMillion * kStepsPerMetre);
  return millions >= 13 && millions <= 45 ? millions : 0;
}

// B102: what coordinates that are off the plane look like.
std::string LooksLike(Vertex v, const Box& extent) {
  const auto degrees = [](std::int64_t value, std::int64_t most) {
    return std::abs(value) <= most * kStepsPerMetre;
  };
  if (degrees(v.x, 180) && degrees(v.y, 90)) return "degrees";
  if (degrees(v.y, 180) && degrees(v.x, 90)) return "degrees_swapped";
  if (extent.Contains({v.y, v.x})) return "axes_swapped";
  const std::int64_t zone = ZoneNumber(v.x);
  const std::int64_t wanted = ZoneNumber(extent.min_x);
  const Vertex moved = {v.x + (wanted - zone) * kMillion * kStepsPerMetre, v.y};
  if (zone == wanted || !extent.Contains(moved)) return "outside_plane";
  if (zone == 0) return "no_zone_number";
  if (zone < 24) return fmt::format("zone_numbered_6={}", zone);
  return fmt::format("{}={}", wanted == 0 ? "zone_numbered_3" : "other_zone", zone);
}

void AddOutside(const Subject& subject, const Box& extent, std::vector<Finding>* out) {
  std::vector<Vertex> outside;
  for (const Vertex& v : subject.boundary->vertices) {
    if (!extent.Contains(v)) outside.push_back(v);
  }
  if (outside.empty()) return;
  Finding finding = Found(Rule::kCoordinateOutsidePlane, Severity::kError, subject.id, outside[0]);
  finding.unit = Unit::kCount;
  finding.measured = static_cast<std::int64_t>(outside.size()) * kMillion;
  finding.detail = LooksLike(outside[0], extent);
  out->push_back(finding);
}

// The direction of o->v as an angle.
double Bearing(Vertex o, Vertex v) {
  return std::atan2(static_cast<double>(v.y - o.y), static_cast<double>(v.x - o.x));
}

// The two directions in which a ring leaves a point of it.
struct Arms {
  double from;
  double to;
};

Arms ArmsAt(const Edge& edge, Vertex place) {
  return {Bearing(place, edge.start == place ? edge.before : edge.start), Bearing(place, edge.end)};
}

// B103 and B104: every edge with every other, then every ring with every other.
class RingFaults {
 public:
  RingFaults(const BoundaryEdges& edges, std::uint64_t subject)
      : edges_(edges), boundary_(edges.boundary()), subject_(subject) {}

  std::vector<Finding> Run() {
    for (std::size_t i = 0; i < edges_.size(); ++i) {
      for (std::size_t j = i + 1; j < edges_.size(); ++j) Meet(edges_.At(i), edges_.At(j));
    }
    if (!rings_cross_) {
      for (std::size_t ring = 0; ring < boundary_.ring_count(); ++ring) PlaceRing(ring);
      FindCutInterior();
    }
    if (findings_.size() > kRingFindingsMax) findings_.resize(kRingFindingsMax);
    return findings_;
  }

 private:
  void Add(Rule rule, Vertex place, const char* detail) {
    findings_.push_back(Found(rule, Severity::kError, subject_, place));
    findings_.back().detail = detail;
  }

  std::size_t PartOf(std::size_t ring) const {
    std::size_t part = 0;
    while (boundary_.PartEnd(part) <= ring) ++part;
    return part;
  }

  void Meet(const Edge& a, const Edge& b) {
    const Meeting meeting = MeetingOf(a.segment(), b.segment());
    if (meeting == Meeting::kApart) return;
    const Vertex place = MeetingPlace(a.segment(), b.segment());
    if (meeting == Meeting::kAlong) {
      rings_cross_ = rings_cross_ || a.ring != b.ring;
      return Add(Rule::kRingTouchesItself, place, "");
    }
    if (meeting == Meeting::kCross) return Cross(a, b, place);
    if (place == a.end || place == b.end) return;  // looked at with the edges that start there
    const Arms p = ArmsAt(a, place);
    const Arms q = ArmsAt(b, place);
    if (p.from == q.from || p.from == q.to || p.to == q.from || p.to == q.to) return;
    const auto between = [&p](double angle) {
      return (angle > std::min(p.from, p.to)) == (angle < std::max(p.from, p.to));
    };
    if (between(q.from) != between(q.to)) return Cross(a, b, place);
    if (a.ring == b.ring) return Add(Rule::kRingTouchesItself, place, "");
    if (PartOf(a.ring) != PartOf(b.ring)) return;
    touches_.insert({PartOf(a.ring), place, a.ring});
    touches_.insert({PartOf(a.ring), place, b.ring});
  }

  void Cross(const Edge& a, const Edge& b, Vertex place) {
    if (a.ring == b.ring) return Add(Rule::kRingCrossesItself, place, "");
    rings_cross_ = true;
    const bool shells = boundary_.IsShell(a.ring) && boundary_.IsShell(b.ring);
    Add(Rule::kRingTouchesItself, place, shells ? "" : "hole_crosses");
  }

  // Rings that do not cross: the first point that is not on the other ring decides.
  bool Inside(std::size_t inner, std::size_t outer) const {
    if (inner == outer) return false;
    const auto ring = boundary_.Ring(inner);
    for (std::size_t i = 0; i < ring.size(); ++i) {
      const Vertex next = ring[(i + 1) % ring.size()];
      for (const Vertex doubled :
           {Vertex{2 * ring[i].x, 2 * ring[i].y}, Vertex{ring[i].x + next.x, ring[i].y + next.y}}) {
        const Location location = LocationInRing(doubled, boundary_.Ring(outer));
        if (location != Location::kOn) return location == Location::kInside;
      }
    }
    return true;
  }

  // True when `ring` lies in a hole of part `part`.
  bool InHoleOf(std::size_t ring, std::size_t part) const {
    for (std::size_t hole = boundary_.PartBegin(part) + 1; hole < boundary_.PartEnd(part); ++hole) {
      if (Inside(ring, hole)) return true;
    }
    return false;
  }

  void PlaceRing(std::size_t ring) {
    const Vertex place = boundary_.Ring(ring)[0];
    const std::size_t part = PartOf(ring);
    if (!boundary_.IsShell(ring)) {
      if (!Inside(ring, boundary_.PartBegin(part)) || InHoleOf(ring, part)) {
        Add(Rule::kRingTouchesItself, place, "hole_outside");
      }
      return;
    }
    for (std::size_t other = 0; other < boundary_.part_count(); ++other) {
      if (!Inside(ring, boundary_.PartBegin(other)) || InHoleOf(ring, other)) continue;
      return Add(Rule::kRingTouchesItself, place, "nested_shells");
    }
  }

  // Rings hang together by the points in which they touch; the touch that joins what hangs
  // together already cuts the inside apart.
  void FindCutInterior() {
    std::vector<std::size_t> cluster(boundary_.ring_count());
    std::iota(cluster.begin(), cluster.end(), std::size_t{0});
    for (auto touch = touches_.begin(); touch != touches_.end();) {
      const auto [part, place, first_ring] = *touch;
      for (++touch;
           touch != touches_.end() && std::get<0>(*touch) == part && std::get<1>(*touch) == place;
           ++touch) {
        const std::size_t from = cluster[std::get<2>(*touch)];
        const std::size_t to = cluster[first_ring];
        if (from == to) Add(Rule::kRingTouchesItself, place, "interior_disconnected");
        std::replace(cluster.begin(), cluster.end(), from, to);
      }
    }
  }

  const BoundaryEdges& edges_;
  const Boundary& boundary_;
  const std::uint64_t subject_;
  std::set<std::tuple<std::size_t, Vertex, std::size_t>> touches_;  // part, place, ring
  bool rings_cross_ = false;
  std::vector<Finding> findings_;
};

// True when the boundary had no B103 or B104 before it was rounded, seen in steps of 0.1 um.
bool SoundBeforeRounding(const RawBoundary& raw) {
  Boundary finer;
  for (const RawVertex& v : raw.vertices) {
    finer.vertices.push_back({std::llround((v.x - raw.vertices[0].x) * 1e7),
                              std::llround((v.y - raw.vertices[0].y) * 1e7)});
  }
  finer.ring_ends = raw.ring_ends;
  finer.part_ends = raw.part_ends;
  return RingFaults(BoundaryEdges(&finer), 0).Run().empty();
}

std::int64_t MicrometresBetween(Vertex a, Vertex b) {
  return std::llround(100 * std::sqrt(static_cast<long double>(SquaredDistance(a, b))));
}

// B105.
void AddClose(const BoundaryEdges& edges, std::uint64_t subject, const Tolerances& tolerances,
              std::vector<Finding>* out) {
  const std::int64_t reach = tolerances.vertex_distance_max_steps;
  const std::set<Vertex> vertices(edges.boundary().vertices.begin(),
                                  edges.boundary().vertices.end());
  std::set<std::pair<Vertex, Vertex>> pairs;
  for (const Vertex& v : vertices) {
    Vertex nearest = v;
    for (const Vertex& w : vertices) {  // increasing, so that of equally near ones the least stays
      if (w == v || SquaredDistance(v, w) > static_cast<Int128>(reach) * reach) continue;
      if (nearest == v || SquaredDistance(v, w) < SquaredDistance(v, nearest)) nearest = w;
    }
    if (nearest != v) pairs.insert(std::minmax(v, nearest));
  }
  for (const auto& [a, b] : pairs) {
    out->push_back(Found(Rule::kVerticesTooClose, Severity::kWarning, subject, a));
    out->back().unit = Unit::kMetre;
    out->back().measured = MicrometresBetween(a, b);
    out->back().tolerance = reach * 100;
  }
}

// B106.
void AddSpikes(const BoundaryEdges& edges, std::uint64_t subject, const Tolerances& tolerances,
               std::vector<Finding>* out) {
  const std::int64_t limit = tolerances.spike_angle_min_millidegrees * 1'000;
  for (std::size_t i = 0; i < edges.size(); ++i) {
    const Edge edge = edges.At(i);
    const auto cross = static_cast<long double>(Cross(edge.start, edge.before, edge.end));
    const auto dot = static_cast<long double>(Dot(edge.start, edge.before, edge.end));
    const std::int64_t angle = std::llround(std::atan2(std::abs(cross), dot) * 180e6L / M_PIl);
    if (angle >= limit) continue;
    out->push_back(Found(Rule::kSpike, Severity::kWarning, subject, edge.start));
    out->back().unit = Unit::kDegree;
    out->back().measured = angle;
    out->back().tolerance = limit;
  }
}

// B107 and B110. The area of GEOS is half an integer, so that rounding it is exact.
void AddAreas(const Subject& subject, double area_steps2, const Tolerances& tolerances,
              Vertex place, std::vector<Finding>* out) {
  constexpr double kSteps2InMm2 = 100;
  if (area_steps2 < static_cast<double>(tolerances.area_min_mm2) * kSteps2InMm2) {
    out->push_back(Found(Rule::kTooSmall, Severity::kError, subject.id, place));
    out->back().unit = Unit::kSquareMetre;
    out->back().measured = std::llround(area_steps2 / kSteps2InMm2);
    out->back().tolerance = tolerances.area_min_mm2;
  }
  if (!subject.stated_area_mm2.has_value()) return;
  const std::int64_t computed = std::llround(area_steps2 / 1e6) * 10'000;
  const std::int64_t differs = std::abs(computed - *subject.stated_area_mm2);
  const auto allowed_ppm = std::max(static_cast<Int128>(computed) * tolerances.stated_area_ppm,
                                    static_cast<Int128>(tolerances.stated_area_mm2) * kMillion);
  if (static_cast<Int128>(differs) * kMillion <= allowed_ppm) return;
  out->push_back(Found(Rule::kStatedAreaDiffers, Severity::kWarning, subject.id, place));
  out->back().unit = Unit::kSquareMetre;
  out->back().measured = differs;
  out->back().tolerance = static_cast<std::int64_t>(allowed_ppm / kMillion);
}

// B109.
void AddParts(const Subject& subject, const Tolerances& tolerances, std::vector<Finding>* out) {
  const Boundary& boundary = *subject.boundary;
  if (boundary.part_count() < 2) return;
  const auto second_shell = boundary.Ring(boundary.PartBegin(1));
  out->push_back(Found(Rule::kSeveralParts,
                       subject.several_parts.value_or(tolerances.several_parts), subject.id,
                       second_shell.empty() ? Vertex{} : second_shell[0]));
  out->back().unit = Unit::kCount;
  out->back().measured = static_cast<std::int64_t>(boundary.part_count()) * kMillion;
  out->back().tolerance = kMillion;
}

// B111: shells clockwise, holes the other way round, each from its north-western vertex.
void AddNotCanonical(const Boundary& boundary, std::uint64_t subject, std::vector<Finding>* out) {
  std::vector<Vertex> places;
  for (std::size_t ring = 0; ring < boundary.ring_count(); ++ring) {
    const auto vertices = boundary.Ring(ring);
    Int128 doubled = 0;
    bool first = true;
    for (std::size_t i = 1; i < vertices.size(); ++i) {
      doubled += Cross(vertices[0], vertices[i - 1], vertices[i]);
      const std::int64_t further =
          (vertices[i].y - vertices[i].x) - (vertices[0].y - vertices[0].x);
      first = first && (further < 0 || (further == 0 && vertices[i].y <= vertices[0].y));
    }
    if (!first || (doubled < 0) != boundary.IsShell(ring)) places.push_back(vertices[0]);
  }
  if (places.empty()) return;
  out->push_back(Found(Rule::kNotCanonical, Severity::kNote, subject, places[0]));
  out->back().unit = Unit::kCount;
  out->back().measured = static_cast<std::int64_t>(places.size()) * kMillion;
}

absl::Status AddOfRings(const Subject& subject, const Tolerances& tolerances,
                        std::vector<Finding>* out) {
  const BoundaryEdges edges(subject.boundary);
  const Boundary& boundary = edges.boundary();
  std::vector<Finding> faults = RingFaults(edges, subject.id).Run();
  if (!faults.empty() && subject.raw != nullptr && SoundBeforeRounding(*subject.raw)) {
    for (Finding& fault : faults) fault.detail = "by_rounding";
  }
  out->insert(out->end(), faults.begin(), faults.end());
  AddClose(edges, subject.id, tolerances, out);
  AddSpikes(edges, subject.id, tolerances, out);
  if (boundary.empty()) return absl::OkStatus();
  const absl::StatusOr<Shape> shape = Shape::Of(boundary, boundary.vertices[0]);
  if (!shape.ok()) return shape.status();
  const absl::StatusOr<bool> valid = shape->Valid();
  if (!valid.ok()) return valid.status();
  if (*valid != faults.empty()) {
    return absl::InternalError(fmt::format("GEOS calls the boundary of plot {} {}", subject.id,
                                           *valid ? "valid" : "invalid"));
  }
  if (!Sound(*out)) return absl::OkStatus();
  AddAreas(subject, shape->area_steps2(), tolerances, boundary.vertices[0], out);
  AddNotCanonical(boundary, subject.id, out);
  return AddReferenceNarrowParts(edges, subject.id, tolerances, out);
}

}  // namespace

absl::StatusOr<std::vector<Finding>> ReferenceAlone(const Subject& subject,
                                                    const LayerOptions& options) {
  constexpr Box kPlane = {-kCoordinateMax, -kCoordinateMax, kCoordinateMax, kCoordinateMax};
  std::vector<Finding> findings(subject.delivered.begin(), subject.delivered.end());
  const bool outside_told = Has(findings, Rule::kCoordinateOutsidePlane);
  if (!Has(findings, Rule::kRingOpenOrDegenerate)) AddDegenerate(subject, &findings);
  if (!outside_told) AddOutside(subject, options.plane_extent.value_or(kPlane), &findings);
  AddParts(subject, options.tolerances, &findings);
  for (const Vertex& v : subject.boundary->vertices) {
    if (!kPlane.Contains(v)) return findings;
  }
  const absl::Status added = AddOfRings(subject, options.tolerances, &findings);
  if (!added.ok()) return added;
  return findings;
}

}  // namespace landbook::geo
