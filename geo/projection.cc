#include "geo/projection.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <utility>
#include <vector>

#include "fmt/format.h"
#include "geo/normalise.h"

namespace landbook::geo {
namespace {

// Points sampled along each axis of the area of use to find the plane's extent.
constexpr int kExtentSamples = 25;

// The letters and digits of `name` in lower case, so that "D_China_2000" and "China 2000" compare.
std::string Letters(std::string_view name) {
  std::string letters;
  for (const char c : name) {
    if (c >= 'A' && c <= 'Z') letters += static_cast<char>(c - 'A' + 'a');
    if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9')) letters += c;
  }
  return letters;
}

bool NameHolds(const CrsDescription& crs, std::initializer_list<std::string_view> words) {
  const std::string name = Letters(crs.datum_name);
  return std::any_of(words.begin(), words.end(), [&name](std::string_view word) {
    return name.find(word) != std::string::npos;
  });
}

// CGCS2000 under the names that EPSG, ESRI and survey software write. (China 2000 is EPSG's.)
bool IsCgcs2000(const CrsDescription& crs) {
  return NameHolds(crs, {"china2000", "cgcs2000", "chinageodeticcoordinatesystem2000"});
}

bool IsXian1980(const CrsDescription& crs) { return NameHolds(crs, {"xian1980", "xian80"}); }

bool IsBeijing1954(const CrsDescription& crs) {
  return NameHolds(crs, {"beijing1954", "newbeijing", "beijing54"});
}

// True when the two systems stand on one datum: EPSG's name, or names that mean the same one.
bool SameDatum(const CrsDescription& a, const CrsDescription& b) {
  if (a.ellipsoid != b.ellipsoid || a.datum_name.empty()) return false;
  if (a.datum_name.substr(0, 7) == "Unknown" || a.datum_name == "unknown") return false;
  return Letters(a.datum_name) == Letters(b.datum_name) || (IsCgcs2000(a) && IsCgcs2000(b));
}

absl::Status NeedsParameters(const CrsDescription& source, const CrsDescription& plane) {
  return absl::FailedPreconditionError(fmt::format(
      "the source is in '{}' (datum {}) and the book in '{}' (datum {}); the shift between them is "
      "local and not published, and none is assumed: adopt a policy pack that has the office's own "
      "transformation parameters (plane_transformations), or give the source's system with them "
      "(PROJ text with the seven of +towgs84), or have the data transformed first; if the source "
      "is in fact on {}, state that system instead",
      source.name, source.datum_name, plane.name, plane.datum_name, plane.datum_name));
}

absl::Status NoShiftKnown(const CrsDescription& source, const CrsDescription& plane) {
  return absl::FailedPreconditionError(fmt::format(
      "no shift from datum {} of '{}' to datum {} of '{}' is known; give the source's system with "
      "its own transformation parameters (PROJ text with the seven of +towgs84)",
      source.datum_name, source.name, plane.datum_name, plane.name));
}

// OK when an operation between the two may change the datum on what is known publicly, or on what
// the source itself carries.
absl::Status DatumChangeAllowed(const CrsDescription& source, const CrsDescription& plane) {
  if (SameDatum(source, plane)) return absl::OkStatus();
  if (source.carries_shift && !source.carried_shift_zero) return absl::OkStatus();
  const bool local = IsXian1980(source) || IsXian1980(plane) || IsBeijing1954(source) ||
                     IsBeijing1954(plane) || IsCgcs2000(plane) || source.carries_shift;
  return local ? NeedsParameters(source, plane) : absl::OkStatus();
}

absl::Status NotAPlane(const CrsDescription& crs, std::string_view why) {
  return absl::InvalidArgumentError(
      fmt::format("'{}' cannot be a book's plane: {}; give a projected system in metres, such as "
                  "EPSG:4548 (CGCS2000, 3-degree Gauss-Kruger, central meridian 117 E)",
                  crs.name, why));
}

absl::Status PlaneAllowed(const CrsDescription& crs) {
  if (crs.kind == CrsKind::kGeographic) return NotAPlane(crs, "it is in degrees");
  if (crs.kind != CrsKind::kProjected) return NotAPlane(crs, "it is not a projected system");
  if (crs.unit_metres != 1.0) {
    return NotAPlane(crs, fmt::format("its unit is {} m", crs.unit_metres));
  }
  if (!crs.horizontal_only) return NotAPlane(crs, "it has heights");
  if (crs.carries_shift) return NotAPlane(crs, "it carries a datum shift");
  return absl::OkStatus();
}

// True when coordinates of the one are coordinates of the other: by an EPSG number as well as by
// what survey software writes beside its files.
bool SameSystem(const CrsDescription& a, const CrsDescription& b) {
  const bool datum =
      SameDatum(a, b) || (IsXian1980(a) && IsXian1980(b)) || (IsBeijing1954(a) && IsBeijing1954(b));
  if (!datum || a.kind != b.kind || a.unit_metres != b.unit_metres) return false;
  if (a.kind == CrsKind::kGeographic) return true;
  return a.gauss_kruger.has_value() && b.gauss_kruger.has_value() &&
         a.gauss_kruger->central_meridian_degrees == b.gauss_kruger->central_meridian_degrees &&
         a.gauss_kruger->false_easting_m == b.gauss_kruger->false_easting_m;
}

// The office's way for sources in `source`; null when it has none.
const OfficeTransformation* OfficeWayFor(const CrsDescription& source,
                                         std::span<const OfficeTransformation> offices) {
  for (const OfficeTransformation& office : offices) {
    const absl::StatusOr<CrsDescription> from = DescribeCrs(office.source_crs);
    if (from.ok() && SameSystem(*from, source)) return &office;
  }
  return nullptr;
}

std::int64_t ClampedSteps(double metres) {
  const double limit = static_cast<double>(kCoordinateMax);
  return static_cast<std::int64_t>(
      std::clamp(metres * static_cast<double>(kStepsPerMetre), -limit, limit));
}

// A grid of points over `area` and the margin around it, kept off the poles.
std::vector<RawVertex> Samples(const GeographicArea& area) {
  const double west = area.west - kPlaneMarginDegrees;
  const double east = (area.east < area.west ? area.east + 360 : area.east) + kPlaneMarginDegrees;
  const double south = std::max(area.south - kPlaneMarginDegrees, -89.0);
  const double north = std::min(area.north + kPlaneMarginDegrees, 89.0);
  std::vector<RawVertex> samples;
  for (int i = 0; i <= kExtentSamples; ++i) {
    for (int j = 0; j <= kExtentSamples; ++j) {
      samples.push_back({west + (east - west) * i / kExtentSamples,
                         south + (north - south) * j / kExtentSamples});
    }
  }
  return samples;
}

absl::StatusOr<ProjOperation> FromDegrees(std::string_view plane_crs) {
  const absl::StatusOr<std::string> degrees = GeographicCrsOf(plane_crs);
  if (!degrees.ok()) return degrees.status();
  return ProjOperation::Make(*degrees, plane_crs);
}

absl::Status NoOfficeWay(const OfficeTransformation& office, std::string_view why) {
  return absl::InvalidArgumentError(
      fmt::format("the office's transformation from {} ('{}') {}; correct it in the policy pack",
                  office.source_crs, office.pipeline, why));
}

// Tries the office's pipeline at points all over the plane against `unshifted`, which takes the two
// datums for one.
absl::Status TryOfficeWay(const OfficeTransformation& office, const ProjOperation& way,
                          const ProjOperation& unshifted, const std::vector<RawVertex>& on_plane) {
  std::vector<RawVertex> moved = on_plane;
  way.Inverse(moved);
  unshifted.Forward(moved);
  double distance_max_m = 0;
  for (std::size_t i = 0; i < on_plane.size(); ++i) {
    const double distance_m = std::hypot(on_plane[i].x - moved[i].x, on_plane[i].y - moved[i].y);
    if (!(distance_m <= kDatumShiftMaxM)) {
      return NoOfficeWay(office, fmt::format("moves the ground by {:.0f} m, and at most {:.0f} m is "
                                             "taken: see whether axes, units and zones are right",
                                             distance_m, kDatumShiftMaxM));
    }
    distance_max_m = std::max(distance_max_m, distance_m);
  }
  if (distance_max_m >= kDatumShiftMinM) return absl::OkStatus();
  return NoOfficeWay(office, "takes the two datums for one");
}

absl::StatusOr<ProjOperation> OfficeWay(const OfficeTransformation& office,
                                        std::string_view plane_crs, const CrsDescription& plane) {
  absl::StatusOr<ProjOperation> way = ProjOperation::FromPipeline(office.pipeline);
  if (!way.ok()) return NoOfficeWay(office, std::string(way.status().message()));
  const auto unshifted = ProjOperation::Make(office.source_crs, plane_crs);
  if (!unshifted.ok()) return unshifted.status();
  if (!plane.area_of_use.has_value()) return way;
  const absl::StatusOr<ProjOperation> from_degrees = FromDegrees(plane_crs);
  if (!from_degrees.ok()) return from_degrees.status();
  std::vector<RawVertex> samples = Samples(*plane.area_of_use);
  from_degrees->Forward(samples);
  const absl::Status tried = TryOfficeWay(office, *way, *unshifted, samples);
  if (!tried.ok()) return tried;
  return way;
}

Box ExtentOf(const RawBox& box) {
  return {ClampedSteps(box.min_x), ClampedSteps(box.min_y), ClampedSteps(box.max_x),
          ClampedSteps(box.max_y)};
}

Box WholePlane() { return {-kCoordinateMax, -kCoordinateMax, kCoordinateMax, kCoordinateMax}; }

}  // namespace

absl::StatusOr<Plane> PlaneOf(std::string_view crs) {
  const absl::StatusOr<CrsDescription> description = DescribeCrs(crs);
  if (!description.ok()) return description.status();
  if (absl::Status status = PlaneAllowed(*description); !status.ok()) return status;
  Plane plane{std::string(crs), description->name, WholePlane(), description->area_of_use,
              description->gauss_kruger};
  if (!plane.area_of_use.has_value()) return plane;
  const absl::StatusOr<ProjOperation> from_degrees = FromDegrees(crs);
  if (!from_degrees.ok()) return from_degrees.status();
  std::vector<RawVertex> samples = Samples(*plane.area_of_use);
  from_degrees->Forward(samples);
  if (const std::optional<RawBox> box = RawBoxOf(samples)) plane.extent = ExtentOf(*box);
  return plane;
}

absl::StatusOr<Transformation> Transformation::Make(std::string_view source_crs,
                                                    std::string_view plane_crs,
                                                    std::span<const OfficeTransformation> offices) {
  const absl::StatusOr<CrsDescription> source = DescribeCrs(source_crs);
  if (!source.ok()) return source.status();
  const absl::StatusOr<CrsDescription> plane = DescribeCrs(plane_crs);
  if (!plane.ok()) return plane.status();
  if (absl::Status status = PlaneAllowed(*plane); !status.ok()) return status;
  if (absl::Status status = DatumChangeAllowed(*source, *plane); !status.ok()) {
    const OfficeTransformation* const office = OfficeWayFor(*source, offices);
    if (office == nullptr) return status;
    absl::StatusOr<ProjOperation> way = OfficeWay(*office, plane_crs, *plane);
    if (!way.ok()) return way.status();
    return Transformation(*std::move(way), false);
  }
  absl::StatusOr<ProjOperation> operation = ProjOperation::Make(source_crs, plane_crs);
  if (!operation.ok()) return operation.status();
  // Two names of one datum are two datums to PROJ, which then assumes no shift: here that is right.
  if (operation->is_ballpark() && !SameDatum(*source, *plane)) return NoShiftKnown(*source, *plane);
  const bool identity = operation->is_identity();
  return Transformation(*std::move(operation), identity);
}

void Transformation::ToPlane(RawBoundary& boundary) const {
  if (!identity_) operation_.Forward(boundary.vertices);
}

void Transformation::FromPlane(RawBoundary& boundary) const {
  if (!identity_) operation_.Inverse(boundary.vertices);
}

RawBoundary RawOf(const Boundary& boundary) {
  RawBoundary raw;
  raw.vertices.reserve(boundary.vertices.size() + boundary.ring_count());
  for (std::size_t ring = 0; ring < boundary.ring_count(); ++ring) {
    const std::span<const Vertex> vertices = boundary.Ring(ring);
    for (const Vertex& v : vertices) {
      raw.vertices.push_back({MetresFromSteps(v.x), MetresFromSteps(v.y)});
    }
    if (!vertices.empty()) {
      raw.vertices.push_back(raw.vertices[raw.vertices.size() - vertices.size()]);
    }
    raw.EndRing();
  }
  raw.part_ends = boundary.part_ends;
  return raw;
}

std::optional<RawBox> RawBoxOf(std::span<const RawVertex> vertices) {
  std::optional<RawBox> box;
  for (const RawVertex& v : vertices) {
    if (!std::isfinite(v.x) || !std::isfinite(v.y)) continue;
    if (!box.has_value()) box = RawBox{v.x, v.y, v.x, v.y};
    box->min_x = std::min(box->min_x, v.x);
    box->min_y = std::min(box->min_y, v.y);
    box->max_x = std::max(box->max_x, v.x);
    box->max_y = std::max(box->max_y, v.y);
  }
  return box;
}

}  // namespace landbook::geo
