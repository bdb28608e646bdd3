// A block of plots with irregular borders that neighbours share vertex by vertex.
#ifndef LANDBOOK_TOOLS_SAMPLE_COUNTY_LATTICE_H_
#define LANDBOOK_TOOLS_SAMPLE_COUNTY_LATTICE_H_

#include <cstdint>
#include <vector>

#include "geo/boundary.h"

namespace landbook::sample_county {

// Columns times rows of four-sided cells. The corners of cells are moved from their regular places,
// and each side has further vertices that are moved off the line between its corners. All of it
// hangs on the corner's or side's place in the lattice, not on the cell, so that two cells have the
// side between them in common. Lengths in steps of 0.1 mm.
struct Lattice {
  std::uint64_t seed = 0;  // tells lattices apart
  geo::Vertex origin;      // the lower left corner, before it is moved
  std::int64_t pitch_x_steps = 0;
  std::int64_t pitch_y_steps = 0;
  int side_vertices_x = 0;              // vertices between the corners of a side that runs east
  int side_vertices_y = 0;              // and of one that runs north
  std::int64_t corner_shift_steps = 0;  // at most, on each axis
  std::int64_t side_shift_steps = 0;    // at most, across the side
  std::int64_t grid_steps = 1;          // every coordinate is a multiple of it
};

// A rectangle of cells: columns [column, column + columns), rows [row, row + rows).
struct Cells {
  int column = 0;
  int row = 0;
  int columns = 1;
  int rows = 1;
};

// The corner between the columns `column` - 1 and `column`, and the rows likewise.
geo::Vertex CornerOf(const Lattice& lattice, int column, int row);

// The side that runs east from the corner, from corner to corner; and the one that runs north.
std::vector<geo::Vertex> SideEastOf(const Lattice& lattice, int column, int row);
std::vector<geo::Vertex> SideNorthOf(const Lattice& lattice, int column, int row);

// The ring around the cells: clockwise, from the vertex that lies furthest north-west, as canonical
// boundaries do (rule B111); not closed.
std::vector<geo::Vertex> RingOf(const Lattice& lattice, const Cells& cells);

// The ring turned so that it starts at the vertex that lies furthest north-west.
std::vector<geo::Vertex> StartedNorthWest(std::vector<geo::Vertex> ring);

}  // namespace landbook::sample_county

#endif  // LANDBOOK_TOOLS_SAMPLE_COUNTY_LATTICE_H_
