#include "geo/boundary_check.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <optional>
#include <string>
#include <utility>

#include "fmt/format.h"
#include "geo/area.h"
#include "geo/boundary_check_internal.h"
#include "geo/boundary_edges.h"
#include "geo/check.h"

namespace landbook::geo {
namespace {

constexpr Box kWholePlane = {-kCoordinateMax, -kCoordinateMax, kCoordinateMax, kCoordinateMax};

// Eastings with a zone number carry it in millions of metres.
constexpr std::int64_t kZoneSteps = 1'000'000 * kStepsPerMetre;

bool IsRule(const Finding& finding, Rule rule) { return finding.rule == rule; }

bool Has(std::span<const Finding> findings, Rule rule) {
  return std::any_of(findings.begin(), findings.end(),
                     [rule](const Finding& finding) { return IsRule(finding, rule); });
}

Finding FindingOf(Rule rule, Severity severity, std::uint64_t subject) {
  Finding finding;
  finding.rule = rule;
  finding.severity = severity;
  finding.subject = subject;
  return finding;
}

// B101.
void AddDegenerateRings(const Boundary& boundary, std::uint64_t subject,
                        std::vector<Finding>* out) {
  for (std::size_t ring = 0; ring < boundary.ring_count(); ++ring) {
    if (HasThreeDistinct(boundary.Ring(ring))) continue;
    Finding finding = FindingOf(Rule::kRingOpenOrDegenerate, Severity::kError, subject);
    if (!boundary.Ring(ring).empty()) finding.place = boundary.Ring(ring)[0];
    finding.detail = "too_few_vertices";
    out->push_back(std::move(finding));
  }
  if (boundary.ring_count() == 0) {
    Finding finding = FindingOf(Rule::kRingOpenOrDegenerate, Severity::kError, subject);
    finding.detail = "too_few_vertices";
    out->push_back(std::move(finding));
  }
}

bool LooksLikeDegrees(std::int64_t longitude_steps, std::int64_t latitude_steps) {
  return std::abs(longitude_steps) <= 180 * kStepsPerMetre &&
         std::abs(latitude_steps) <= 90 * kStepsPerMetre;
}

// China's 6-degree zones are numbered 13 to 23, its 3-degree zones 24 to 45 (GB/T 17278).
constexpr std::int64_t kFirstZone = 13;
constexpr std::int64_t kLastSixDegreeZone = 23;
constexpr std::int64_t kLastZone = 45;

// The zone that an easting is numbered with, 0 for none.
std::int64_t ZoneOf(std::int64_t easting_steps) {
  const std::int64_t zone = easting_steps < 0 ? 0 : easting_steps / kZoneSteps;
  return zone >= kFirstZone && zone <= kLastZone ? zone : 0;
}

// What the easting looks like when only its zone number keeps `v` off the extent; else "".
std::string ZoneDetail(Vertex v, const Box& extent) {
  const std::int64_t zone = ZoneOf(v.x);
  const std::int64_t wanted = ZoneOf(extent.min_x);
  if (zone == wanted || !extent.Contains({v.x + (wanted - zone) * kZoneSteps, v.y})) return "";
  if (zone == 0) return "no_zone_number";
  if (zone <= kLastSixDegreeZone) return fmt::format("zone_numbered_6={}", zone);
  return fmt::format("{}={}", wanted != 0 ? "other_zone" : "zone_numbered_3", zone);
}

std::string OutsideDetail(Vertex v, const Box& extent) {
  if (LooksLikeDegrees(v.x, v.y)) return "degrees";
  if (LooksLikeDegrees(v.y, v.x)) return "degrees_swapped";
  if (extent.Contains({v.y, v.x})) return "axes_swapped";
  const std::string zone = ZoneDetail(v, extent);
  return zone.empty() ? "outside_plane" : zone;
}

// B102.
void AddOutside(const Boundary& boundary, const Box& extent, std::uint64_t subject,
                std::vector<Finding>* out) {
  const auto outside = [&extent](Vertex v) { return !extent.Contains(v); };
  const auto first = std::find_if(boundary.vertices.begin(), boundary.vertices.end(), outside);
  if (first == boundary.vertices.end()) return;
  Finding finding = FindingOf(Rule::kCoordinateOutsidePlane, Severity::kError, subject);
  finding.place = *first;
  finding.unit = Unit::kCount;
  finding.measured = 1'000'000 * std::count_if(first, boundary.vertices.end(), outside);
  finding.detail = OutsideDetail(*first, extent);
  out->push_back(std::move(finding));
}

// The boundary in steps of 0.1 micrometre from its first vertex, to see what it was before it was
// rounded; empty when it is too large for that, or not finite.
Boundary FinerBoundary(const RawBoundary& raw) {
  constexpr double kFinerStepsPerMetre = 1e7;
  Boundary finer;
  for (const RawVertex& v : raw.vertices) {
    const double x = (v.x - raw.vertices[0].x) * kFinerStepsPerMetre;
    const double y = (v.y - raw.vertices[0].y) * kFinerStepsPerMetre;
    const auto limit = static_cast<double>(kCoordinateMax);
    if (!(std::abs(x) < limit && std::abs(y) < limit)) return {};
    finer.vertices.push_back({std::llround(x), std::llround(y)});
  }
  finer.ring_ends = raw.ring_ends;
  finer.part_ends = raw.part_ends;
  return finer;
}

bool SoundBeforeRounding(const RawBoundary& raw) {
  const Boundary finer = FinerBoundary(raw);
  return !finer.empty() && RingFindings(BoundaryEdges(&finer), 0).empty();
}

// B103 and B104.
void AddRingFaults(const Subject& subject, const BoundaryEdges& edges, std::vector<Finding>* out) {
  std::vector<Finding> found = RingFindings(edges, subject.id);
  if (!found.empty() && subject.raw != nullptr && SoundBeforeRounding(*subject.raw)) {
    for (Finding& finding : found) finding.detail = "by_rounding";
  }
  std::move(found.begin(), found.end(), std::back_inserter(*out));
}

// B107.
void AddTooSmall(const BoundaryEdges& edges, const Tolerances& tolerances, std::uint64_t subject,
                 std::vector<Finding>* out) {
  constexpr int kDoubledStepsInMm2 = 200;
  const Int128 doubled = edges.doubled_area();
  if (doubled >= static_cast<Int128>(tolerances.area_min_mm2) * kDoubledStepsInMm2) return;
  Finding finding = FindingOf(Rule::kTooSmall, Severity::kError, subject);
  finding.place = edges.boundary().vertices[0];
  finding.unit = Unit::kSquareMetre;
  finding.measured = Mm2FromDoubled(doubled);
  finding.tolerance = tolerances.area_min_mm2;
  out->push_back(std::move(finding));
}

// B109.
void AddSeveralParts(const Subject& subject, const Tolerances& tolerances,
                     std::vector<Finding>* out) {
  const std::size_t parts = subject.boundary->part_count();
  if (parts <= 1) return;
  Finding finding = FindingOf(Rule::kSeveralParts,
                              subject.several_parts.value_or(tolerances.several_parts), subject.id);
  const std::size_t second_shell = subject.boundary->PartBegin(1);
  if (!subject.boundary->Ring(second_shell).empty()) {
    finding.place = subject.boundary->Ring(second_shell)[0];
  }
  finding.unit = Unit::kCount;
  finding.measured = static_cast<std::int64_t>(parts) * 1'000'000;
  finding.tolerance = 1'000'000;
  out->push_back(std::move(finding));
}

// B110.
void AddStatedArea(const Subject& subject, const BoundaryEdges& edges, const Tolerances& tolerances,
                   std::vector<Finding>* out) {
  if (!subject.stated_area_mm2.has_value()) return;
  constexpr std::int64_t kMm2InHundredthM2 = 10'000;
  const Int128 computed =
      static_cast<Int128>(HundredthsM2FromDoubled(edges.doubled_area())) * kMm2InHundredthM2;
  const Int128 difference = computed - *subject.stated_area_mm2;
  const Int128 measured = difference < 0 ? -difference : difference;
  const Int128 share = computed * tolerances.stated_area_ppm;  // millionths of a mm2
  const Int128 fixed = static_cast<Int128>(tolerances.stated_area_mm2) * 1'000'000;
  const Int128 allowed = std::max(share, fixed);
  if (measured * 1'000'000 <= allowed) return;
  Finding finding = FindingOf(Rule::kStatedAreaDiffers, Severity::kWarning, subject.id);
  finding.place = edges.boundary().vertices[0];
  finding.unit = Unit::kSquareMetre;
  finding.measured = static_cast<std::int64_t>(
      std::min<Int128>(measured, std::numeric_limits<std::int64_t>::max()));
  finding.tolerance = static_cast<std::int64_t>(allowed / 1'000'000);
  out->push_back(std::move(finding));
}

// True when `a` is further to the north-west than `b`: the greater y - x, then the greater y.
bool MoreNorthWest(Vertex a, Vertex b) {
  return std::pair(a.y - a.x, a.y) > std::pair(b.y - b.x, b.y);
}

// Whether the plot lies to the right of the ring, which starts in the north-west.
bool RingCanonical(const BoundaryEdges& edges, std::size_t ring) {
  const std::span<const Vertex> vertices = edges.boundary().Ring(ring);
  return !edges.InteriorLeft(ring) &&
         std::none_of(vertices.begin(), vertices.end(),
                      [&vertices](Vertex v) { return MoreNorthWest(v, vertices[0]); });
}

// B111. REQUIRES: a sound boundary.
void AddNotCanonical(const BoundaryEdges& edges, std::uint64_t subject, std::vector<Finding>* out) {
  const Boundary& boundary = edges.boundary();
  std::int64_t count = 0;
  Vertex place;
  for (std::size_t ring = 0; ring < boundary.ring_count(); ++ring) {
    if (RingCanonical(edges, ring)) continue;
    if (count == 0) place = boundary.Ring(ring)[0];
    ++count;
  }
  if (count == 0) return;
  Finding finding = FindingOf(Rule::kNotCanonical, Severity::kNote, subject);
  finding.place = place;
  finding.unit = Unit::kCount;
  finding.measured = count * 1'000'000;
  out->push_back(std::move(finding));
}

// B103 to B108, B110 and B111.
void AddOfEdges(const Subject& subject, const BoundaryEdges& edges, const Tolerances& tolerances,
                std::vector<Finding>* out) {
  const bool plain = PlainRing(edges, tolerances);
  if (!plain) {
    AddRingFaults(subject, edges, out);
    AddCloseVertices(edges, tolerances, subject.id, out);
    AddSpikes(edges, tolerances, subject.id, out);
  }
  if (!Sound(*out)) return;
  AddTooSmall(edges, tolerances, subject.id, out);
  if (!plain) AddNarrowParts(edges, tolerances, subject.id, out);
  AddStatedArea(subject, edges, tolerances, out);
  AddNotCanonical(edges, subject.id, out);
}

}  // namespace

bool OnPlane(const Boundary& boundary) {
  return std::all_of(boundary.vertices.begin(), boundary.vertices.end(),
                     [](Vertex v) { return kWholePlane.Contains(v); });
}

std::vector<Finding> CheckAloneByEdges(const Subject& subject, const BoundaryEdges* edges,
                                       const Tolerances& tolerances, const Box* plane_extent) {
  LANDBOOK_GEO_CHECK(subject.id != kNoOther);
  std::vector<Finding> findings(subject.delivered.begin(), subject.delivered.end());
  const bool whole = !Has(findings, Rule::kRingOpenOrDegenerate);
  const bool on_plane = !Has(findings, Rule::kCoordinateOutsidePlane);
  if (whole) AddDegenerateRings(*subject.boundary, subject.id, &findings);
  if (on_plane) {
    AddOutside(*subject.boundary, plane_extent != nullptr ? *plane_extent : kWholePlane, subject.id,
               &findings);
  }
  AddSeveralParts(subject, tolerances, &findings);
  if (edges != nullptr) AddOfEdges(subject, *edges, tolerances, &findings);
  std::sort(findings.begin(), findings.end(), FindingBefore);
  return findings;
}

std::vector<Finding> CheckAlone(const Subject& subject, const Tolerances& tolerances,
                                const Box* plane_extent) {
  LANDBOOK_GEO_CHECK(subject.boundary != nullptr);
  std::optional<BoundaryEdges> edges;
  if (OnPlane(*subject.boundary)) edges.emplace(subject.boundary);
  return CheckAloneByEdges(subject, edges.has_value() ? &*edges : nullptr, tolerances,
                           plane_extent);
}

bool Sound(std::span<const Finding> findings) {
  return std::none_of(findings.begin(), findings.end(), [](const Finding& finding) {
    return finding.rule >= Rule::kRingOpenOrDegenerate && finding.rule <= Rule::kRingTouchesItself;
  });
}

bool HasError(std::span<const Finding> findings) {
  return std::any_of(findings.begin(), findings.end(),
                     [](const Finding& finding) { return finding.severity == Severity::kError; });
}

}  // namespace landbook::geo
