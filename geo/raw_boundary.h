// A boundary as a source delivered it, before it is put on the plane.
#ifndef LANDBOOK_GEO_RAW_BOUNDARY_H_
#define LANDBOOK_GEO_RAW_BOUNDARY_H_

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace landbook::geo {

// A vertex in the source's own unit (metres, or degrees before a transformation), easting or
// longitude first. It may be anything that a file can hold, also not a number.
struct RawVertex {
  double x = 0;
  double y = 0;
  friend bool operator==(const RawVertex&, const RawVertex&) = default;
};

// Rings laid flat as in Boundary, but with every vertex that was delivered: a closed ring ends with
// its first vertex again, an open one does not.
struct RawBoundary {
  std::vector<RawVertex> vertices;
  std::vector<std::uint32_t> ring_ends;  // past-the-end vertex of each ring, not decreasing
  std::vector<std::uint32_t> part_ends;  // past-the-end ring of each part, increasing

  // The vertices of ring `ring`. REQUIRES: ring < ring_ends.size().
  std::span<const RawVertex> Ring(std::size_t ring) const {
    const std::size_t begin = ring == 0 ? 0 : ring_ends[ring - 1];
    return {vertices.data() + begin, ring_ends[ring] - begin};
  }
  // True when there is no vertex: POLYGON EMPTY, a null shape.
  bool empty() const { return vertices.empty(); }
  // Makes it empty; the memory is kept for what is added next.
  void Clear() {
    vertices.clear();
    ring_ends.clear();
    part_ends.clear();
  }

  // Ends the ring made of the vertices added since the last one, and the part made of the rings.
  void EndRing() { ring_ends.push_back(static_cast<std::uint32_t>(vertices.size())); }
  void EndPart() { part_ends.push_back(static_cast<std::uint32_t>(ring_ends.size())); }

  friend bool operator==(const RawBoundary&, const RawBoundary&) = default;
};

}  // namespace landbook::geo

#endif  // LANDBOOK_GEO_RAW_BOUNDARY_H_
