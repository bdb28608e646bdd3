// Plots for tests: blocks of ground near the origin of the test county's plane.
#ifndef LANDBOOK_SERVICES_REGISTRY_PLOT_TESTING_H_
#define LANDBOOK_SERVICES_REGISTRY_PLOT_TESTING_H_

#include <cstdint>
#include <string>
#include <vector>

#include "geo/boundary.h"
#include "geo/boundary_testing.h"
#include "geo/compact.h"
#include "landbook/v1/act.pb.h"

namespace landbook::registry {

inline constexpr std::int64_t kTestOriginX = 500'000 * geo::kStepsPerMetre;
inline constexpr std::int64_t kTestOriginY = 4'075'000 * geo::kStepsPerMetre;
inline constexpr char kTestDivision[] = "99010100100101";
inline constexpr std::uint8_t kTestSurfaceTier = 2;

// A point so many metres east and north of the origin.
inline geo::Vertex TestPoint(double east_m, double north_m) {
  return {kTestOriginX + static_cast<std::int64_t>(east_m * geo::kStepsPerMetre),
          kTestOriginY + static_cast<std::int64_t>(north_m * geo::kStepsPerMetre)};
}

// Where a block lies and how large it is, in metres.
struct Block {
  double east = 0;
  double north = 0;
  double width = 10;
  double height = 10;
};

// Canonical: clockwise from the north-west corner.
inline geo::Boundary BoundaryOfBlock(const Block& block) {
  const double east = block.east + block.width;
  const double north = block.north + block.height;
  return geo::BoundaryOf({{TestPoint(block.east, north), TestPoint(east, north),
                           TestPoint(east, block.north), TestPoint(block.east, block.north)}});
}

// A new plot of contracted land; its code is allocated.
inline v1::NewPlot NewContractedPlot(const geo::Boundary& boundary) {
  v1::NewPlot plot;
  plot.set_kind("contracted");
  plot.set_division(kTestDivision);
  plot.mutable_boundary()->set_compact(geo::EncodeCompact(boundary));
  return plot;
}

}  // namespace landbook::registry

#endif  // LANDBOOK_SERVICES_REGISTRY_PLOT_TESTING_H_
