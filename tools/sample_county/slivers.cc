#include "tools/sample_county/slivers.h"

#include <algorithm>
#include <cstdint>

#include "tools/sample_county/hash.h"
#include "tools/sample_county/layout.h"

namespace landbook::sample_county {
namespace {

// The narrowest are below the tolerance of an overlap (rule B201: 1 mm).
constexpr std::int64_t kWidthMinSteps = 5;
constexpr std::int64_t kWidthMaxSteps = 200;

// The sides of a field that it owns, and what tells their hashes from those of other purposes.
enum class Side : std::uint64_t { kEast = 101, kNorth = 102 };

// How far the field laps over the neighbour on that side; 0 where it does not.
std::int64_t LapSteps(const Options& options, const Lattice& lattice, const Cells& cell,
                      Side side) {
  const std::uint64_t hash =
      Hash({lattice.seed, static_cast<std::uint64_t>(cell.column),
            static_cast<std::uint64_t>(cell.row), static_cast<std::uint64_t>(side)});
  // The share is of all pairs; a pair with only a corner in common cannot have a sliver.
  const std::int64_t chosen = std::int64_t{options.sliver_per_mille} * kPairsPerBlock;
  if (Below(hash, std::int64_t{1'000} * kSidePairsPerBlock) >= chosen) return 0;
  const std::int64_t steps = kWidthMinSteps + Below(Mix(hash), kWidthMaxSteps - kWidthMinSteps + 1);
  return std::max(options.grid_steps, steps - steps % options.grid_steps);
}

void MoveInner(const std::vector<geo::Vertex>& side, geo::Vertex shift,
               std::vector<geo::Vertex>& ring) {
  for (geo::Vertex& v : ring) {
    if (std::find(side.begin() + 1, side.end() - 1, v) == side.end() - 1) continue;
    v = {v.x + shift.x, v.y + shift.y};
  }
}

}  // namespace

void LapOverNeighbours(const Options& options, const Lattice& lattice, const Cells& cell,
                       std::vector<geo::Vertex>& ring) {
  if (options.sliver_per_mille == 0) return;
  if (cell.column + 1 < kFieldColumns) {
    const std::int64_t steps = LapSteps(options, lattice, cell, Side::kEast);
    MoveInner(SideNorthOf(lattice, cell.column + 1, cell.row), {steps, 0}, ring);
  }
  if (cell.row + 1 < kFieldRows) {
    const std::int64_t steps = LapSteps(options, lattice, cell, Side::kNorth);
    MoveInner(SideEastOf(lattice, cell.column, cell.row + 1), {0, steps}, ring);
  }
}

}  // namespace landbook::sample_county
