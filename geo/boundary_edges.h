// The edges of a boundary, each with its neighbours in the ring and the side on which the plot
// lies; with an index when there are many.
#ifndef LANDBOOK_GEO_BOUNDARY_EDGES_H_
#define LANDBOOK_GEO_BOUNDARY_EDGES_H_

#include <algorithm>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "geo/boundary.h"
#include "geo/box_tree.h"
#include "geo/edge_boxes.h"
#include "geo/exact.h"

namespace landbook::geo {

// The edge from one vertex of a ring to the next, with the vertex before and the one after.
struct Edge {
  Vertex before;
  Vertex start;
  Vertex end;
  Vertex after;
  std::uint32_t index = 0;  // that of its start among the boundary's vertices
  std::uint32_t ring = 0;
  bool interior_left = false;  // whether the plot lies to the left of start->end

  Segment segment() const { return {start, end}; }
  Box box() const { return BoundsOf(segment()); }
  // The edge with the plot to its left, and with the plot to its right.
  Segment InteriorOnLeft() const {
    return interior_left ? Segment{start, end} : Segment{end, start};
  }
  Segment InteriorOnRight() const {
    return interior_left ? Segment{end, start} : Segment{start, end};
  }
};

// True when at least three of the vertices differ, the least that can enclose an area.
bool HasThreeDistinct(std::span<const Vertex> ring);

// Borrows the boundary, which must outlive it; makes its own copy only when vertices repeat the one
// before them, which it leaves out. Immutable after construction. Edges are found by their boxes
// (edge_boxes.h), those of a boundary too large for that by a tree.
class BoundaryEdges {
 public:
  // Rings of fewer than three distinct vertices are left out. Which side is the inside is right for
  // rings that are simple; of others it is the side that most of their area lies on.
  explicit BoundaryEdges(const Boundary* boundary);

  // The boundary without repeated vertices and degenerate rings, whose indices edges count.
  const Boundary& boundary() const { return *boundary_; }
  // The box of its vertices; empty when no ring was left.
  const Box& box() const { return box_; }
  // How many edges there are: as many as vertices, since rings are closed.
  std::size_t size() const { return boundary_->vertices.size(); }

  // Edge `index`, in the order of the vertices that edges start at. Costs a binary search over
  // rings where there are several. REQUIRES: index < size().
  Edge At(std::size_t index) const {
    return InRing(boundary_->ring_count() == 1 ? 0 : RingOf(index), index);
  }
  // The boxes of the edges; none where there is a tree instead.
  const EdgeBoxes& boxes() const { return boxes_; }
  // Twice the area, in steps squared (DoubledArea of area.h).
  Int128 doubled_area() const { return doubled_area_; }
  // Whether the plot lies to the left of the edges of ring `ring`.
  bool InteriorLeft(std::size_t ring) const {
    return ring == 0 ? first_ring_left_ : other_rings_left_[ring - 1];
  }

  // Where the point `doubled` / 2 lies to the plot, as LocationInBoundary says; by the index where
  // there is one. REQUIRES: a sound boundary.
  Location LocationOf(Vertex doubled) const;

  // Calls visit(Edge) for the edges from `first` on whose box shares a point with `window`, by
  // increasing index, until it returns false.
  template <typename Visit>
  void Near(const Box& window, std::size_t first, Visit visit) const {
    if (tree_ != nullptr) {
      tree_->Query(window, first, [&](std::size_t index) { return visit(At(index)); });
      return;
    }
    if (first >= EdgeBoxes::kEdgesMax) return;
    for (EdgeBits near = boxes_.Meeting(window) >> first << first; near != 0; near &= near - 1) {
      const Edge edge = At(LowestEdge(near));
      if (edge.box().Intersects(window) && !visit(edge)) return;
    }
  }

 private:
  void TakeRings();
  std::size_t RingOf(std::size_t index) const;
  // Edge `index`, which is one of ring `ring`.
  Edge InRing(std::size_t ring, std::size_t index) const {
    const std::size_t begin = ring == 0 ? 0 : boundary_->ring_ends[ring - 1];
    const std::size_t end = boundary_->ring_ends[ring];
    const std::size_t next = index + 1 == end ? begin : index + 1;
    const std::size_t after = next + 1 == end ? begin : next + 1;
    const std::size_t before = index == begin ? end - 1 : index - 1;
    const std::vector<Vertex>& v = boundary_->vertices;
    return {v[before],
            v[index],
            v[next],
            v[after],
            static_cast<std::uint32_t>(index),
            static_cast<std::uint32_t>(ring),
            InteriorLeft(ring)};
  }

  std::unique_ptr<const Boundary> cleaned_;  // only when there was something to leave out
  const Boundary* boundary_;
  Box box_;
  bool first_ring_left_ = false;
  std::vector<bool> other_rings_left_;
  Int128 doubled_area_ = 0;
  EdgeBoxes boxes_;
  std::unique_ptr<const BoxTree> tree_;  // only where boxes_ is empty
};

}  // namespace landbook::geo

#endif  // LANDBOOK_GEO_BOUNDARY_EDGES_H_
