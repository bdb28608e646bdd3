#include "tools/exchange/boundary_survey.h"

#include <algorithm>
#include <cstdlib>
#include <map>
#include <optional>
#include <utility>

namespace landbook::exchange {
namespace {

constexpr std::uint8_t kInner = 1;
constexpr std::uint8_t kOuter = 3;

// Vertices by easting, to find the nearest one.
class Vertices {
 public:
  explicit Vertices(const geo::Boundary& boundary) : boundary_(boundary) {
    for (std::uint32_t i = 0; i < boundary.vertices.size(); ++i) {
      by_x_.emplace(boundary.vertices[i].x, i);
    }
  }

  std::optional<std::uint32_t> Nearest(geo::Vertex place) const {
    std::optional<std::uint32_t> nearest;
    std::int64_t least = kPointReachSteps + 1;
    const auto end = by_x_.upper_bound(place.x + kPointReachSteps);
    for (auto at = by_x_.lower_bound(place.x - kPointReachSteps); at != end; ++at) {
      const geo::Vertex vertex = boundary_.vertices[at->second];
      const std::int64_t away =
          std::max(std::abs(vertex.x - place.x), std::abs(vertex.y - place.y));
      if (away >= least) continue;
      least = away;
      nearest = at->second;
    }
    return nearest;
  }

 private:
  const geo::Boundary& boundary_;
  std::multimap<std::int64_t, std::uint32_t> by_x_;
};

// The vertices of one ring: [begin, end).
struct Ring {
  std::uint32_t begin = 0;
  std::uint32_t end = 0;
};

std::optional<Ring> RingOf(const geo::Boundary& boundary, std::uint32_t vertex) {
  std::uint32_t begin = 0;
  for (const std::uint32_t end : boundary.ring_ends) {
    if (vertex < end) return Ring{begin, end};
    begin = end;
  }
  return std::nullopt;
}

using PointsByVertex = std::map<std::uint32_t, geo::BoundaryPoint>;

// One way round a ring between two vertices: the edges, by the vertex that each starts at, and how
// many points lie between the ends.
struct Way {
  std::vector<std::uint32_t> edges;
  std::size_t points = 0;
  friend bool operator<(const Way& a, const Way& b) {
    return std::pair(a.points, a.edges.size()) < std::pair(b.points, b.edges.size());
  }
};

Way WayFrom(const Ring& ring, std::uint32_t from, std::uint32_t to, const PointsByVertex& points) {
  Way way;
  for (std::uint32_t at = from; at != to; at = at + 1 == ring.end ? ring.begin : at + 1) {
    if (at != from && points.contains(at)) ++way.points;
    way.edges.push_back(at);
  }
  return way;
}

// The edges of a line: a surveyor's line runs from point to point, so of both ways round the one
// with fewer points between, and then fewer edges; none when they are alike.
std::vector<std::uint32_t> EdgesBetween(const geo::Boundary& boundary, std::uint32_t from,
                                        std::uint32_t to, const PointsByVertex& points) {
  const auto ring = RingOf(boundary, from);
  if (!ring || to < ring->begin || to >= ring->end || from == to) return {};
  const Way forth = WayFrom(*ring, from, to, points);
  const Way back = WayFrom(*ring, to, from, points);
  if (forth < back) return forth.edges;
  if (back < forth) return back.edges;
  return {};
}

}  // namespace

PutRows PutSurvey(const std::vector<SurveyedPoint>& points, const std::vector<SurveyedLine>& lines,
                  geo::Boundary* boundary) {
  PutRows put;
  const Vertices vertices(*boundary);
  PointsByVertex on_vertex;
  std::map<std::string, std::uint32_t> by_number;
  for (const SurveyedPoint& surveyed : points) {
    const auto vertex = vertices.Nearest(surveyed.place);
    if (!vertex) continue;
    geo::BoundaryPoint point = surveyed.point;
    point.vertex = *vertex;
    if (!on_vertex.emplace(*vertex, point).second) continue;
    by_number.emplace(point.number, *vertex);
    put.points.push_back(surveyed.row);
  }
  std::map<std::uint32_t, geo::BoundaryLine> on_edge;
  for (const SurveyedLine& surveyed : lines) {
    const auto from = by_number.find(surveyed.from);
    const auto to = by_number.find(surveyed.to);
    if (from == by_number.end() || to == by_number.end()) continue;
    const auto edges = EdgesBetween(*boundary, from->second, to->second, on_vertex);
    const bool free = std::none_of(edges.begin(), edges.end(),
                                   [&](std::uint32_t edge) { return on_edge.contains(edge); });
    if (edges.empty() || !free) continue;
    for (const std::uint32_t edge : edges) {
      geo::BoundaryLine line = surveyed.line;
      line.vertex = edge;
      on_edge.emplace(edge, std::move(line));
    }
    put.lines.push_back(surveyed.row);
  }
  for (auto& [vertex, point] : on_vertex) boundary->points.push_back(std::move(point));
  for (auto& [vertex, line] : on_edge) boundary->lines.push_back(std::move(line));
  return put;
}

std::uint8_t OtherSide(std::uint8_t position) {
  if (position == kInner) return kOuter;
  return position == kOuter ? kInner : position;
}

}  // namespace landbook::exchange
