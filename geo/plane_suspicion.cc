// What coordinates that do not lie on the plane look like: LooksLike of projection.h.
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <optional>
#include <string>
#include <utility>

#include "fmt/format.h"
#include "geo/finding.h"
#include "geo/projection.h"

namespace landbook::geo {
namespace {

// Eastings of a zone-numbered system begin with the zone's number, in millions of metres.
constexpr double kZoneMetres = 1e6;
constexpr double kZoneNumberedMin = 1e7;
constexpr int kZoneDegrees = 3;

bool Within(const RawBox& box, const GeographicArea& area) {
  return box.min_x >= area.west && box.max_x <= area.east && box.min_y >= area.south &&
         box.max_y <= area.north;
}

bool OnPlane(const RawBox& box, const Plane& plane) {
  const double steps = static_cast<double>(kStepsPerMetre);
  return box.min_x * steps >= static_cast<double>(plane.extent.min_x) &&
         box.max_x * steps <= static_cast<double>(plane.extent.max_x) &&
         box.min_y * steps >= static_cast<double>(plane.extent.min_y) &&
         box.max_y * steps <= static_cast<double>(plane.extent.max_y);
}

RawBox Swapped(const RawBox& box) { return {box.min_y, box.min_x, box.max_y, box.max_x}; }

RawBox Shifted(const RawBox& box, double metres) {
  return {box.min_x + metres, box.min_y, box.max_x + metres, box.max_y};
}

// Degrees of longitude and latitude, or the other way round. China reaches west of 90 E, where both
// readings are numbers that degrees can have, so the plane's area of use decides first.
std::optional<std::string> Degrees(const RawBox& box, const Plane& plane) {
  const bool possible = Within(box, {-180, -90, 180, 90});
  const bool swapped_possible = Within(Swapped(box), {-180, -90, 180, 90});
  if (!possible && !swapped_possible) return std::nullopt;
  if (plane.area_of_use.has_value()) {
    const GeographicArea& area = *plane.area_of_use;
    const GeographicArea wide{area.west - 3, area.south - 3, area.east + 3, area.north + 3};
    if (Within(box, wide)) return "degrees";
    if (Within(Swapped(box), wide)) return "degrees_swapped";
  }
  return possible ? "degrees" : "degrees_swapped";
}

// The zone number that all eastings of `box` begin with, 0 when they begin with none.
int ZoneNumber(const RawBox& box) {
  if (box.min_x < kZoneNumberedMin) return 0;
  const double zone = std::floor(box.min_x / kZoneMetres);
  if (zone != std::floor(box.max_x / kZoneMetres)) return 0;
  return zone <= 60 ? static_cast<int>(zone) : 0;
}

// Eastings with another zone number than the plane's, or with none where the plane has one.
std::optional<std::string> ZoneNumbered(const RawBox& box, const Plane& plane) {
  if (!plane.gauss_kruger.has_value()) return std::nullopt;
  const double plane_zone = std::floor(plane.gauss_kruger->false_easting_m / kZoneMetres);
  const int zone = ZoneNumber(box);
  if (zone != 0 && zone != static_cast<int>(plane_zone)) {
    if (zone >= 25 && zone <= 45) return fmt::format("zone_numbered_3={}", zone);
    if (zone >= 13 && zone <= 23) return fmt::format("zone_numbered_6={}", zone);
  }
  if (plane_zone > 0 && box.max_x < kZoneMetres &&
      OnPlane(Shifted(box, plane_zone * kZoneMetres), plane)) {
    return "no_zone_number";
  }
  return std::nullopt;
}

// The neighbouring 3-degree zone in which the same numbers would lie on land of the plane's area:
// only those that the plane's extent decides are told.
std::optional<std::string> OtherZone(const RawBox& box, const Plane& plane) {
  if (!plane.gauss_kruger.has_value() || !plane.area_of_use.has_value()) return std::nullopt;
  const double meridian = plane.gauss_kruger->central_meridian_degrees;
  const double zone = meridian / kZoneDegrees;
  if (zone != std::floor(zone)) return std::nullopt;
  const absl::StatusOr<std::string> degrees = GeographicCrsOf(plane.crs);
  if (!degrees.ok()) return std::nullopt;
  const absl::StatusOr<ProjOperation> operation = ProjOperation::Make(*degrees, plane.crs);
  if (!operation.ok()) return std::nullopt;
  for (const int step : {-1, 1, -2, 2}) {
    RawVertex corners[2] = {{box.min_x, box.min_y}, {box.max_x, box.max_y}};
    operation->Inverse(corners);
    for (RawVertex& corner : corners) corner.x += kZoneDegrees * step;
    operation->Forward(corners);
    const std::optional<RawBox> moved = RawBoxOf(corners);
    if (moved.has_value() && OnPlane(*moved, plane)) {
      return fmt::format("other_zone={}", static_cast<int>(zone) + step);
    }
  }
  return std::nullopt;
}

std::string DetailOf(const RawBox& delivered, const RawBox& transformed, const Plane& plane) {
  if (OnPlane(delivered, plane)) return "stated_system_wrong";
  if (OnPlane(Swapped(delivered), plane)) return "axes_swapped";
  if (const auto degrees = Degrees(delivered, plane)) return *degrees;
  if (const auto zone = ZoneNumbered(delivered, plane)) return *zone;
  if (const auto zone = OtherZone(transformed, plane)) return *zone;
  return "outside_plane";
}

}  // namespace

std::optional<PlaneSuspicion> LooksLike(const RawBox& delivered, const RawBox& transformed,
                                        const Plane& plane) {
  if (OnPlane(transformed, plane)) return std::nullopt;
  Finding finding;
  finding.rule = Rule::kCoordinateOutsidePlane;
  finding.detail = DetailOf(delivered, transformed, plane);
  return PlaneSuspicion{finding.detail, WordsEnglish(finding), WordsChinese(finding)};
}

}  // namespace landbook::geo
