// Made-up coverages for tests: plots on a grid with shared, moved corners, and ways to dirty them.
#ifndef LANDBOOK_GEO_BOUNDARY_COVERAGE_TESTING_H_
#define LANDBOOK_GEO_BOUNDARY_COVERAGE_TESTING_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "geo/boundary.h"
#include "geo/layer_check.h"

namespace landbook::geo {

// A small generator of numbers that is the same on every machine.
class TestNumbers {
 public:
  explicit TestNumbers(std::uint64_t seed) : state_(seed * 2 + 1) {}
  // A number from low to high, both included.
  std::int64_t Between(std::int64_t low, std::int64_t high) {
    state_ = state_ * 6364136223846793005U + 1442695040888963407U;
    return low +
           static_cast<std::int64_t>((state_ >> 33) % static_cast<std::uint64_t>(high - low + 1));
  }

 private:
  std::uint64_t state_;
};

// `side` x `side` plots of 8 vertices, some 20 m wide, in a clean coverage with moved corners.
inline std::vector<Boundary> CoverageOf(std::int64_t side, TestNumbers* numbers) {
  constexpr std::int64_t kHalfPlotSteps = 100'000;
  constexpr std::int64_t kMoveSteps = 30'000;
  const std::int64_t nodes = 2 * side + 1;
  std::vector<Vertex> grid;
  for (std::int64_t i = 0; i < nodes * nodes; ++i) {
    grid.push_back({i % nodes * kHalfPlotSteps + numbers->Between(-kMoveSteps, kMoveSteps),
                    i / nodes * kHalfPlotSteps + numbers->Between(-kMoveSteps, kMoveSteps)});
  }
  constexpr std::int64_t kAround[8][2] = {{0, 2}, {1, 2}, {2, 2}, {2, 1},
                                          {2, 0}, {1, 0}, {0, 0}, {0, 1}};
  std::vector<Boundary> plots;
  for (std::int64_t plot = 0; plot < side * side; ++plot) {
    Boundary boundary;
    for (const auto& [dx, dy] : kAround) {
      const std::int64_t x = plot % side * 2 + dx;
      const std::int64_t y = plot / side * 2 + dy;
      boundary.vertices.push_back(grid[static_cast<std::size_t>(y * nodes + x)]);
    }
    boundary.EndRing();
    boundary.EndPart();
    plots.push_back(std::move(boundary));
  }
  return plots;
}

// Moves one vertex of some plots by up to `steps`, and doubles or drops some vertices' neighbours.
inline void Dirty(std::vector<Boundary>* plots, std::int64_t steps, TestNumbers* numbers) {
  for (Boundary& boundary : *plots) {
    if (numbers->Between(0, 2) == 0) continue;
    const auto last = static_cast<std::int64_t>(boundary.vertices.size()) - 1;
    const auto vertex = static_cast<std::size_t>(numbers->Between(0, last));
    const std::int64_t reach = numbers->Between(0, 1) == 0 ? steps : steps / 50;
    boundary.vertices[vertex].x += numbers->Between(-reach, reach);
    boundary.vertices[vertex].y += numbers->Between(-reach, reach);
    if (numbers->Between(0, 3) != 0) continue;
    boundary.vertices.erase(boundary.vertices.begin() + numbers->Between(0, last));
    boundary.ring_ends[0] = static_cast<std::uint32_t>(boundary.vertices.size());
  }
}

// The plots as a layer: ids are their indices times 3 plus 1, every `standing_each`-th stands.
inline std::vector<LayerPlot> LayerOf(const std::vector<Boundary>& boundaries,
                                      std::size_t standing_each) {
  std::vector<LayerPlot> plots(boundaries.size());
  for (std::size_t i = 0; i < boundaries.size(); ++i) {
    plots[i].subject.id = 3 * i + 1;
    plots[i].subject.boundary = &boundaries[i];
    plots[i].standing = standing_each != 0 && i % standing_each == 0;
  }
  return plots;
}

}  // namespace landbook::geo

#endif  // LANDBOOK_GEO_BOUNDARY_COVERAGE_TESTING_H_
