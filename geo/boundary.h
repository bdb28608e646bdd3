// A plot's boundary on the book's fixed-precision plane.
//
// Coordinates are integers in steps of 0.1 mm (kStepsPerMetre to a metre): x grows eastward
// (easting, 横坐标), y northward (northing, 纵坐标), as GIS files store them. A boundary holds the
// vertices in the order in which they were delivered; comparisons normalise, the record does not.
#ifndef LANDBOOK_GEO_BOUNDARY_H_
#define LANDBOOK_GEO_BOUNDARY_H_

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <string>
#include <vector>

namespace landbook::geo {

// Steps of the plane in one metre.
inline constexpr std::int64_t kStepsPerMetre = 10'000;

// The largest absolute coordinate, in steps: 5e7 m holds the zone-numbered eastings of every
// Gauss-Kruger zone (zone 45: 45.5e6 m). Differences of two coordinates fit 41 bits, so a cross
// product of two edges fits 128 bits with room to spare.
inline constexpr std::int64_t kCoordinateMax = 50'000'000 * kStepsPerMetre;

// A point of the plane, in steps.
struct Vertex {
  std::int64_t x = 0;
  std::int64_t y = 0;
  friend bool operator==(const Vertex&, const Vertex&) = default;
  friend auto operator<=>(const Vertex&, const Vertex&) = default;
};

// A closed box, in steps; `Empty()` until a vertex was added.
struct Box {
  std::int64_t min_x = std::numeric_limits<std::int64_t>::max();
  std::int64_t min_y = std::numeric_limits<std::int64_t>::max();
  std::int64_t max_x = std::numeric_limits<std::int64_t>::min();
  std::int64_t max_y = std::numeric_limits<std::int64_t>::min();

  bool Empty() const { return min_x > max_x; }
  void Add(Vertex v) {
    min_x = std::min(min_x, v.x);
    min_y = std::min(min_y, v.y);
    max_x = std::max(max_x, v.x);
    max_y = std::max(max_y, v.y);
  }
  void Add(const Box& other) {
    min_x = std::min(min_x, other.min_x);
    min_y = std::min(min_y, other.min_y);
    max_x = std::max(max_x, other.max_x);
    max_y = std::max(max_y, other.max_y);
  }
  // True when the two share at least a point.
  bool Intersects(const Box& other) const {
    return min_x <= other.max_x && other.min_x <= max_x && min_y <= other.max_y &&
           other.min_y <= max_y;
  }
  bool Contains(Vertex v) const {
    return min_x <= v.x && v.x <= max_x && min_y <= v.y && v.y <= max_y;
  }
  // The box grown by `steps` on every side. REQUIRES: not Empty().
  Box Grown(std::int64_t steps) const {
    return {min_x - steps, min_y - steps, max_x + steps, max_y + steps};
  }
  friend bool operator==(const Box&, const Box&) = default;
};

// What the survey says of one vertex (界址点): NY/T 2539 table JZD, KTT_GY_JZD. `vertex` counts the
// boundary's vertices from 0 in the order kept.
struct BoundaryPoint {
  std::uint32_t vertex = 0;
  std::string number;       // 界址点号 JZDH, at most 10 characters
  std::uint8_t mark = 0;    // 界标类型 JBLX, 0 when not stated
  std::uint8_t method = 0;  // 界址点类型 JZDLX, 0 when not stated
  friend bool operator==(const BoundaryPoint&, const BoundaryPoint&) = default;
};

// What the survey says of the edge that starts at one vertex (界址线): table JZX, KTT_GY_JZX.
struct BoundaryLine {
  std::uint32_t vertex = 0;
  std::uint32_t nature = 0;   // 界线性质 JXXZ (600001...), 0 when not stated
  std::uint8_t category = 0;  // 界址线类别 JZXLB, 0 when not stated
  std::uint8_t position = 0;  // 界址线位置 JZXWZ: 1 inner, 2 middle, 3 outer; 0 when not stated
  std::string number;         // 界址线号 JZXH
  std::string description;    // 界址线说明 JZXSM
  friend bool operator==(const BoundaryLine&, const BoundaryLine&) = default;
};

// Rings of vertices, shells and holes, laid flat: one array of vertices, the ends of the rings in
// it, and for each part the index past its last ring. The first ring of a part is its shell. Rings
// are closed by implication: the last vertex is not the first again.
class Boundary {
 public:
  std::vector<Vertex> vertices;
  std::vector<std::uint32_t> ring_ends;  // past-the-end vertex of each ring, increasing
  std::vector<std::uint32_t> part_ends;  // past-the-end ring of each part, increasing
  std::vector<BoundaryPoint> points;     // by vertex, increasing; empty when none were surveyed
  std::vector<BoundaryLine> lines;       // by vertex, increasing; empty when none were surveyed

  std::size_t ring_count() const { return ring_ends.size(); }
  std::size_t part_count() const { return part_ends.size(); }
  bool empty() const { return vertices.empty(); }

  // The vertices of ring `ring`. REQUIRES: ring < ring_count().
  std::span<const Vertex> Ring(std::size_t ring) const {
    const std::size_t begin = ring == 0 ? 0 : ring_ends[ring - 1];
    return {vertices.data() + begin, ring_ends[ring] - begin};
  }
  // The first ring (the shell) of part `part`, and the ring past its last hole.
  std::size_t PartBegin(std::size_t part) const { return part == 0 ? 0 : part_ends[part - 1]; }
  std::size_t PartEnd(std::size_t part) const { return part_ends[part]; }
  // True when ring `ring` is the shell of its part.
  bool IsShell(std::size_t ring) const {
    return ring == 0 || std::binary_search(part_ends.begin(), part_ends.end(), ring);
  }

  // Ends the ring made of the vertices added since the last one, and the part made of the rings.
  void EndRing() { ring_ends.push_back(static_cast<std::uint32_t>(vertices.size())); }
  void EndPart() { part_ends.push_back(static_cast<std::uint32_t>(ring_ends.size())); }

  // The box of all vertices; empty for an empty boundary. Made anew by each call: one pass over the
  // vertices.
  Box Bounds() const {
    Box box;
    for (const Vertex& v : vertices) box.Add(v);
    return box;
  }

  friend bool operator==(const Boundary&, const Boundary&) = default;
};

}  // namespace landbook::geo

#endif  // LANDBOOK_GEO_BOUNDARY_H_
