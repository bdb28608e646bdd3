#include "sheet/point_numbers.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <span>
#include <utility>

#include "geo/area.h"
#include "geo/exact.h"

namespace landbook::sheet {
namespace {

constexpr std::int64_t kStepsPerHundredth = geo::kStepsPerMetre / 100;

// A vertex that comes first in the numbering is greater.
std::pair<std::int64_t, std::int64_t> NorthWestness(geo::Vertex v) { return {v.y - v.x, v.y}; }

// The indices of a ring's vertices in the order of their numbers.
std::vector<std::size_t> NumberingOrder(std::span<const geo::Vertex> ring, bool hole) {
  std::vector<std::size_t> order(ring.size());
  for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
  const bool counter_clockwise = geo::DoubledSignedArea(ring) > 0;
  if (counter_clockwise != hole) std::reverse(order.begin(), order.end());
  const auto first = std::max_element(order.begin(), order.end(), [&](auto a, auto b) {
    return NorthWestness(ring[a]) < NorthWestness(ring[b]);
  });
  std::rotate(order.begin(), first, order.end());
  return order;
}

}  // namespace

std::int64_t SideHundredthsM(geo::Vertex from, geo::Vertex to) {
  // The root cut down to whole steps decides: half a hundredth is a whole number of steps.
  const auto steps = static_cast<std::int64_t>(geo::SquareRoot(geo::SquaredDistance(from, to)));
  return (steps + kStepsPerHundredth / 2) / kStepsPerHundredth;
}

std::vector<NumberedRing> NumberPoints(const geo::Boundary& boundary) {
  std::map<std::size_t, std::string> survey_numbers;
  for (const geo::BoundaryPoint& point : boundary.points) {
    survey_numbers[point.vertex] = point.number;
  }
  std::vector<NumberedRing> rings;
  std::size_t number = 0;
  std::size_t first_vertex = 0;
  for (std::size_t r = 0; r < boundary.ring_count(); ++r) {
    const auto ring = boundary.Ring(r);
    NumberedRing& numbered = rings.emplace_back();
    numbered.hole = !boundary.IsShell(r);
    const std::vector<std::size_t> order = NumberingOrder(ring, numbered.hole);
    for (std::size_t i = 0; i < order.size(); ++i) {
      const geo::Vertex here = ring[order[i]];
      const geo::Vertex next = ring[order[(i + 1) % order.size()]];
      const auto surveyed = survey_numbers.find(first_vertex + order[i]);
      numbered.points.push_back(
          {fmt::format("J{}", ++number),
           surveyed == survey_numbers.end() ? std::string() : surveyed->second, here,
           SideHundredthsM(here, next)});
    }
    first_vertex += ring.size();
  }
  return rings;
}

}  // namespace landbook::sheet
