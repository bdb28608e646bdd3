#include "geo/edit.h"

#include <algorithm>
#include <cstddef>
#include <map>

#include "geo/area.h"
#include "geo/edit_internal.h"
#include "geo/exact.h"

namespace landbook::geo {
namespace {

bool EdgeBefore(const Segment& a, const Segment& b) {
  return std::pair(a.start, a.end) < std::pair(b.start, b.end);
}

// True when `v` is at most half a grid diagonal off the line through `edge`, between its ends, and
// neither of them: distance^2 <= 1/2, that is 2 cross^2 <= length^2.
bool NodesOnto(Vertex v, const Segment& edge) {
  if (v == edge.start || v == edge.end) return false;
  const Int128 along = Dot(edge.start, v, edge.end);
  const Int128 length2 = SquaredDistance(edge.start, edge.end);
  if (along <= 0 || along >= length2) return false;
  const Int128 cross = Cross(edge.start, v, edge.end);
  // An edge is below 2^42 steps long, so a larger product is farther off, and its square would not
  // fit.
  constexpr Int128 kCrossMax = static_cast<Int128>(1) << 42;
  return cross <= kCrossMax && cross >= -kCrossMax && 2 * cross * cross <= length2;
}

// The vertices to set into the edge, in its direction.
std::vector<Vertex> VerticesOnto(const Segment& edge, std::span<const Vertex> vertices,
                                 std::span<const Vertex> ring) {
  std::vector<Vertex> onto;
  const Box box = BoundsOf(edge).Grown(1);
  for (const Vertex& v : vertices) {
    if (!box.Contains(v) || !NodesOnto(v, edge)) continue;
    if (std::find(ring.begin(), ring.end(), v) == ring.end()) onto.push_back(v);
  }
  std::sort(onto.begin(), onto.end(), [&edge](Vertex a, Vertex b) {
    return Dot(edge.start, a, edge.end) < Dot(edge.start, b, edge.end);
  });
  onto.erase(std::unique(onto.begin(), onto.end()), onto.end());
  return onto;
}

// Copies a boundary ring by ring with vertices set in, and renumbers what the survey says.
class Noder {
 public:
  Noder(const Boundary& before, std::span<const Vertex> vertices)
      : before_(before), vertices_(vertices) {}

  std::optional<Boundary> Run() && {
    for (std::size_t ring = 0; ring < before_.ring_count(); ++ring) AddRing(before_.Ring(ring));
    if (after_.vertices.size() == before_.vertices.size()) return std::nullopt;
    after_.part_ends = before_.part_ends;
    CarryPoints();
    CarryLines();
    return std::move(after_);
  }

 private:
  void AddRing(std::span<const Vertex> ring) {
    for (std::size_t i = 0; i < ring.size(); ++i) {
      starts_.push_back(static_cast<std::uint32_t>(after_.vertices.size()));
      after_.vertices.push_back(ring[i]);
      const Segment edge{ring[i], ring[(i + 1) % ring.size()]};
      const std::vector<Vertex> onto = VerticesOnto(edge, vertices_, ring);
      after_.vertices.insert(after_.vertices.end(), onto.begin(), onto.end());
    }
    after_.EndRing();
  }

  void CarryPoints() {
    for (BoundaryPoint point : before_.points) {
      point.vertex = starts_[point.vertex];
      after_.points.push_back(std::move(point));
    }
  }

  void CarryLines() {
    for (BoundaryLine line : before_.lines) {
      const std::size_t next = line.vertex + 1U;
      const std::uint32_t end = next < starts_.size()
                                    ? starts_[next]
                                    : static_cast<std::uint32_t>(after_.vertices.size());
      for (line.vertex = starts_[line.vertex]; line.vertex < end; ++line.vertex) {
        after_.lines.push_back(line);
      }
    }
  }

  const Boundary& before_;
  std::span<const Vertex> vertices_;
  Boundary after_;
  std::vector<std::uint32_t> starts_;  // where each old vertex came to stand
};

}  // namespace

std::vector<Segment> InteriorLeftEdges(const Boundary& boundary) {
  std::vector<Segment> edges;
  edges.reserve(boundary.vertices.size());
  for (std::size_t ring = 0; ring < boundary.ring_count(); ++ring) {
    const std::span<const Vertex> vertices = boundary.Ring(ring);
    const bool along = (DoubledSignedArea(vertices) > 0) == boundary.IsShell(ring);
    for (std::size_t i = 0; i < vertices.size(); ++i) {
      const Vertex a = vertices[i];
      const Vertex b = vertices[(i + 1) % vertices.size()];
      edges.push_back(along ? Segment{a, b} : Segment{b, a});
    }
  }
  return edges;
}

std::vector<Segment> Outline(std::span<const Boundary> plots) {
  std::vector<Segment> edges;
  for (const Boundary& plot : plots) {
    const std::vector<Segment> more = InteriorLeftEdges(plot);
    edges.insert(edges.end(), more.begin(), more.end());
  }
  std::sort(edges.begin(), edges.end(), EdgeBefore);
  std::vector<Segment> outline;
  for (const Segment& edge : edges) {
    if (!std::binary_search(edges.begin(), edges.end(), Segment{edge.end, edge.start},
                            EdgeBefore)) {
      outline.push_back(edge);
    }
  }
  return outline;
}

void CarrySurvey(std::span<const Boundary> sources, Boundary& boundary) {
  std::map<Vertex, const BoundaryPoint*> points;
  std::map<std::pair<Vertex, Vertex>, const BoundaryLine*> lines;
  for (const Boundary& source : sources) {
    for (const BoundaryPoint& point : source.points) {
      points.emplace(source.vertices[point.vertex], &point);
    }
    for (const BoundaryLine& line : source.lines) {
      const auto ring = static_cast<std::size_t>(
          std::upper_bound(source.ring_ends.begin(), source.ring_ends.end(), line.vertex) -
          source.ring_ends.begin());
      const std::span<const Vertex> vertices = source.Ring(ring);
      const std::size_t at = vertices.size() - (source.ring_ends[ring] - line.vertex);
      const Vertex a = vertices[at];
      const Vertex b = vertices[(at + 1) % vertices.size()];
      lines.emplace(std::minmax(a, b), &line);
    }
  }
  boundary.points.clear();
  boundary.lines.clear();
  std::uint32_t number = 0;
  for (std::size_t ring = 0; ring < boundary.ring_count(); ++ring) {
    const std::span<const Vertex> vertices = boundary.Ring(ring);
    for (std::size_t i = 0; i < vertices.size(); ++i, ++number) {
      const Vertex a = vertices[i];
      const Vertex b = vertices[(i + 1) % vertices.size()];
      if (const auto point = points.find(a); point != points.end()) {
        boundary.points.push_back(*point->second);
        boundary.points.back().vertex = number;
      }
      if (const auto line = lines.find(std::minmax(a, b)); line != lines.end()) {
        boundary.lines.push_back(*line->second);
        boundary.lines.back().vertex = number;
      }
    }
  }
}

std::optional<Boundary> NodedInto(const Boundary& boundary, std::span<const Vertex> vertices) {
  return Noder(boundary, vertices).Run();
}

}  // namespace landbook::geo
