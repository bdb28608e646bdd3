#include "services/common/tolerance_keys.h"

#include <algorithm>
#include <iterator>

#include "storage/check.h"

namespace landbook::common {
namespace {

using geo::Tolerances;

// Lengths in steps of 0.1 mm up to metres, areas in mm2, angles in thousandths of a degree.
constexpr ToleranceKey kKeys[] = {
    {"B105.distance_max", &Tolerances::vertex_distance_max_steps, 1, 10'000, false},
    {"B106.angle_min", &Tolerances::spike_angle_min_millidegrees, 1, 45'000, false},
    {"B107.area_min", &Tolerances::area_min_mm2, 1, 100'000'000, false},
    {"B108.length_max", &Tolerances::narrow_length_max_steps, 1, 100'000, true},
    {"B108.width_min", &Tolerances::part_width_min_steps, 1, 20'000, false},
    {"B109.severity", nullptr, 1, 3, false, &Tolerances::several_parts},
    {"B110.area", &Tolerances::stated_area_mm2, 1, 100'000'000, true},
    {"B110.ratio_ppm", &Tolerances::stated_area_ppm, 1, 100'000, true},
    {"B201.area_max", &Tolerances::overlap_area_max_mm2, 1, 10'000'000, true},
    {"B201.width_max", &Tolerances::overlap_width_max_steps, 1, 10'000, true},
    {"B203.distance_max", &Tolerances::neighbour_vertex_max_steps, 1, 10'000, false},
    {"B204.distance_max", &Tolerances::vertex_on_edge_max_steps, 1, 10'000, false},
    {"B205.length_max", &Tolerances::gap_length_max_steps, 1, 1'000'000, true},
    {"B205.width_min", &Tolerances::gap_width_min_steps, 1, 50'000, false},
    {"B301.distance_max", &Tolerances::village_distance_max_steps, 1, 100'000, true},
    {"B302.area_max", &Tolerances::basic_farmland_area_max_mm2, 1, 10'000'000, true},
    {"B303.area_max", &Tolerances::red_line_area_max_mm2, 1, 10'000'000, true},
    {"B304.area_max", &Tolerances::plan_zone_area_max_mm2, 1, 10'000'000, true},
    {"B305.area_max", &Tolerances::restricted_area_max_mm2, 1, 10'000'000, true},
    {"B306.area_max", &Tolerances::urban_boundary_area_max_mm2, 1, 10'000'000, true},
    {"B306.severity", nullptr, 1, 3, false, &Tolerances::outside_urban_boundary},
    {"B501.area_max", &Tolerances::union_area_max_mm2, 1, 10'000'000, true},
    {"B501.width_max", &Tolerances::union_width_max_steps, 1, 10'000, true},
};

}  // namespace

std::span<const ToleranceKey> ToleranceKeys() { return kKeys; }

const ToleranceKey* ToleranceKeyNamed(std::string_view key) {
  const auto* found = std::find_if(std::begin(kKeys), std::end(kKeys),
                                   [&](const ToleranceKey& known) { return known.key == key; });
  return found == std::end(kKeys) ? nullptr : found;
}

std::int64_t ToleranceOf(const geo::Tolerances& tolerances, const ToleranceKey& key) {
  if (key.member == nullptr) return static_cast<std::int64_t>(tolerances.*key.severity);
  return tolerances.*key.member;
}

void SetTolerance(geo::Tolerances& tolerances, const ToleranceKey& key, std::int64_t value) {
  LANDBOOK_CHECK(value >= key.least && value <= key.greatest);
  if (key.member == nullptr) {
    tolerances.*key.severity = static_cast<geo::Severity>(value);
  } else {
    tolerances.*key.member = value;
  }
}

}  // namespace landbook::common
