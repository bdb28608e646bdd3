// Boundaries for other people's tests.
#ifndef LANDBOOK_GEO_BOUNDARY_TESTING_H_
#define LANDBOOK_GEO_BOUNDARY_TESTING_H_

#include <cstdint>
#include <initializer_list>
#include <vector>

#include "geo/boundary.h"

namespace landbook::geo {

// The boundary of the one given part: its shell, then its holes.
inline Boundary BoundaryOf(const std::vector<std::vector<Vertex>>& rings) {
  Boundary boundary;
  for (const std::vector<Vertex>& ring : rings) {
    boundary.vertices.insert(boundary.vertices.end(), ring.begin(), ring.end());
    boundary.EndRing();
  }
  if (!rings.empty()) boundary.EndPart();
  return boundary;
}

// `boundary` with one more part.
inline Boundary WithPart(Boundary boundary, const std::vector<std::vector<Vertex>>& rings) {
  for (const std::vector<Vertex>& ring : rings) {
    boundary.vertices.insert(boundary.vertices.end(), ring.begin(), ring.end());
    boundary.EndRing();
  }
  boundary.EndPart();
  return boundary;
}

// The corners of a box, counter-clockwise from its lower left one.
inline std::vector<Vertex> Rectangle(const Box& box) {
  return {{box.min_x, box.min_y},
          {box.max_x, box.min_y},
          {box.max_x, box.max_y},
          {box.min_x, box.max_y}};
}

}  // namespace landbook::geo

#endif  // LANDBOOK_GEO_BOUNDARY_TESTING_H_
