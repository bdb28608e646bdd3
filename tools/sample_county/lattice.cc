#include "tools/sample_county/lattice.h"

#include <algorithm>
#include <cstddef>

#include "tools/sample_county/hash.h"

namespace landbook::sample_county {
namespace {

using geo::Vertex;

// What a hash is for, so that the shifts of one corner do not hang together.
enum class Purpose : std::uint64_t { kCornerX = 1, kCornerY = 2, kSideEast = 3, kSideNorth = 4 };

std::uint64_t HashOf(const Lattice& lattice, Purpose purpose, int column, int row, int vertex = 0) {
  const auto place = (static_cast<std::uint64_t>(column) << 32) | static_cast<std::uint32_t>(row);
  return Hash({lattice.seed, place,
               (static_cast<std::uint64_t>(purpose) << 32) | static_cast<std::uint32_t>(vertex)});
}

// `value` down to a multiple of `grid`. REQUIRES: value >= 0, as coordinates of a plane are.
std::int64_t OnGrid(std::int64_t value, std::int64_t grid) { return value - value % grid; }

Vertex OnGrid(Vertex v, const Lattice& lattice) {
  return {OnGrid(v.x, lattice.grid_steps), OnGrid(v.y, lattice.grid_steps)};
}

bool FurtherNorthWest(Vertex a, Vertex b) {
  const std::int64_t a_north_west = a.y - a.x;
  const std::int64_t b_north_west = b.y - b.x;
  return a_north_west != b_north_west ? a_north_west > b_north_west : a.y > b.y;
}

void Append(const std::vector<Vertex>& side, bool reversed, std::vector<Vertex>& ring) {
  // The last corner of each side is the first of the next.
  if (reversed) {
    ring.insert(ring.end(), side.rbegin(), side.rend() - 1);
  } else {
    ring.insert(ring.end(), side.begin(), side.end() - 1);
  }
}

}  // namespace

Vertex CornerOf(const Lattice& lattice, int column, int row) {
  const Vertex regular = {lattice.origin.x + column * lattice.pitch_x_steps,
                          lattice.origin.y + row * lattice.pitch_y_steps};
  const std::int64_t limit = lattice.corner_shift_steps;
  return OnGrid({regular.x + Around(HashOf(lattice, Purpose::kCornerX, column, row), limit),
                 regular.y + Around(HashOf(lattice, Purpose::kCornerY, column, row), limit)},
                lattice);
}

std::vector<Vertex> SideEastOf(const Lattice& lattice, int column, int row) {
  const Vertex from = CornerOf(lattice, column, row);
  const Vertex to = CornerOf(lattice, column + 1, row);
  const int parts = lattice.side_vertices_x + 1;
  std::vector<Vertex> side = {from};
  for (int i = 1; i < parts; ++i) {
    const std::int64_t shift =
        Around(HashOf(lattice, Purpose::kSideEast, column, row, i), lattice.side_shift_steps);
    side.push_back(
        OnGrid({from.x + (to.x - from.x) * i / parts, from.y + (to.y - from.y) * i / parts + shift},
               lattice));
  }
  side.push_back(to);
  return side;
}

std::vector<Vertex> SideNorthOf(const Lattice& lattice, int column, int row) {
  const Vertex from = CornerOf(lattice, column, row);
  const Vertex to = CornerOf(lattice, column, row + 1);
  const int parts = lattice.side_vertices_y + 1;
  std::vector<Vertex> side = {from};
  for (int i = 1; i < parts; ++i) {
    const std::int64_t shift =
        Around(HashOf(lattice, Purpose::kSideNorth, column, row, i), lattice.side_shift_steps);
    side.push_back(
        OnGrid({from.x + (to.x - from.x) * i / parts + shift, from.y + (to.y - from.y) * i / parts},
               lattice));
  }
  side.push_back(to);
  return side;
}

std::vector<Vertex> RingOf(const Lattice& lattice, const Cells& cells) {
  const int right = cells.column + cells.columns;
  const int top = cells.row + cells.rows;
  std::vector<Vertex> ring;
  for (int row = cells.row; row < top; ++row) {
    Append(SideNorthOf(lattice, cells.column, row), false, ring);
  }
  for (int column = cells.column; column < right; ++column) {
    Append(SideEastOf(lattice, column, top), false, ring);
  }
  for (int row = top; row-- > cells.row;) Append(SideNorthOf(lattice, right, row), true, ring);
  for (int column = right; column-- > cells.column;) {
    Append(SideEastOf(lattice, column, cells.row), true, ring);
  }
  return StartedNorthWest(std::move(ring));
}

std::vector<Vertex> StartedNorthWest(std::vector<Vertex> ring) {
  const auto first = std::min_element(ring.begin(), ring.end(), FurtherNorthWest);
  std::rotate(ring.begin(), first, ring.end());
  return ring;
}

}  // namespace landbook::sample_county
