// The rules that look at one plot's boundary: B101 to B111 of docs/boundary-rules.md.
//
// Topology (B103, B104) is decided in exact integers, in the sense of OGC 06-103r4, 6.1.11: rings
// are simple, holes lie in their shell, rings meet in single points only, and the inside of each
// part hangs together. Widths and angles are measured in doubles from exact differences.
#ifndef LANDBOOK_GEO_BOUNDARY_CHECK_H_
#define LANDBOOK_GEO_BOUNDARY_CHECK_H_

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "geo/boundary.h"
#include "geo/finding.h"
#include "geo/raw_boundary.h"
#include "geo/tolerances.h"

namespace landbook::geo {

// What is asked about one plot. Pointers and spans are borrowed for the length of the call.
struct Subject {
  // The caller's own identifier, which its findings carry; never kNoOther.
  std::uint64_t id = 0;
  // The boundary as it would be kept (normalise.h); never null.
  const Boundary* boundary = nullptr;
  // The area that the source states, for B110; without it the rule has nothing to compare.
  std::optional<std::int64_t> stated_area_mm2;
  // The severity of B109 for this plot (an error for contracted land); the tolerances' when absent.
  std::optional<Severity> several_parts;
  // What normalisation found (FindingsOf in normalise.h); told with the rest.
  std::span<const Finding> delivered;
  // The boundary before it was rounded, in metres of the plane. When given, findings of B103 and
  // B104 that only rounding caused say so. May be null.
  const RawBoundary* raw = nullptr;
};

// All findings of B101 to B111 about `subject`, in the order of FindingBefore. With a B101 to B104
// the rules that need an area (B107, B108, B110, B111) have nothing to look at and are left out.
// `plane_extent` is where vertices may lie (B102), or null for kCoordinateMax only; a B102 says by
// its detail what the coordinates look like: degrees, degrees_swapped, axes_swapped, other_zone=N,
// zone_numbered_3=N, zone_numbered_6=N, no_zone_number, or else outside_plane; one finding a plot,
// at its first vertex outside. Of B103 and B104 no more than kRingFindingsMax are told: what
// crosses itself a thousand times is not a boundary.
std::vector<Finding> CheckAlone(const Subject& subject, const Tolerances& tolerances,
                                const Box* plane_extent);

inline constexpr std::size_t kRingFindingsMax = 1'000;

// True when `findings` has no B101 to B104. Only then do pair rules run with the plot.
bool Sound(std::span<const Finding> findings);

// True when `findings` has an error.
bool HasError(std::span<const Finding> findings);

}  // namespace landbook::geo

#endif  // LANDBOOK_GEO_BOUNDARY_CHECK_H_
