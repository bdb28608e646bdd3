// The tolerances of the boundary rules, as a policy pack states them.
#ifndef LANDBOOK_GEO_TOLERANCES_H_
#define LANDBOOK_GEO_TOLERANCES_H_

#include <cstdint>

#include "geo/finding.h"

namespace landbook::geo {

// Lengths are in steps of 0.1 mm, areas in square millimetres (100 steps2), angles in thousandths
// of a degree. The defaults are those of docs/boundary-rules.md: practice, not statute, so a pack
// may state others. A rule compares exclusively where the page says "more than" and "wider than".
struct Tolerances {
  std::int64_t vertex_distance_max_steps = 500;        // B105: nearly equal up to 0.05 m
  std::int64_t spike_angle_min_millidegrees = 5'000;   // B106
  std::int64_t area_min_mm2 = 1'000'000;               // B107: 1 m2
  std::int64_t part_width_min_steps = 1'000;           // B108: 0.1 m
  std::int64_t narrow_length_max_steps = 500;          // B108: over 0.05 m
  Severity several_parts = Severity::kWarning;         // B109; error for contracted land
  std::int64_t stated_area_ppm = 1'000;                // B110: 0.1 %
  std::int64_t stated_area_mm2 = 100'000;              // B110: 0.1 m2; the larger of both holds
  std::int64_t overlap_width_max_steps = 10;           // B201, B202: 0.001 m
  std::int64_t overlap_area_max_mm2 = 10'000;          // B201, B202: 0.01 m2
  std::int64_t neighbour_vertex_max_steps = 500;       // B203: 0.05 m
  std::int64_t vertex_on_edge_max_steps = 500;         // B204: 0.05 m
  std::int64_t gap_width_min_steps = 2'000;            // B205: 0.2 m
  std::int64_t gap_length_max_steps = 10'000;          // B205: over 1 m
  std::int64_t village_distance_max_steps = 500;       // B301: 0.05 m
  std::int64_t basic_farmland_area_max_mm2 = 10'000;   // B302: 0.01 m2, as those below
  std::int64_t red_line_area_max_mm2 = 10'000;         // B303
  std::int64_t plan_zone_area_max_mm2 = 10'000;        // B304
  std::int64_t restricted_area_max_mm2 = 10'000;       // B305
  std::int64_t urban_boundary_area_max_mm2 = 10'000;   // B306
  Severity outside_urban_boundary = Severity::kWarning;  // B306: the pack's to say
  std::int64_t union_width_max_steps = 10;             // B501
  std::int64_t union_area_max_mm2 = 10'000;            // B501
  friend bool operator==(const Tolerances&, const Tolerances&) = default;
};

}  // namespace landbook::geo

#endif  // LANDBOOK_GEO_TOLERANCES_H_
