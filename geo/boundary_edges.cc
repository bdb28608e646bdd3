#include "geo/boundary_edges.h"

#include <algorithm>
#include <iterator>
#include <span>

#include "geo/area.h"

namespace landbook::geo {
namespace {

// True when no ring has a repeat or fewer than three distinct vertices.
bool Clean(const Boundary& boundary) {
  for (std::size_t ring = 0; ring < boundary.ring_count(); ++ring) {
    const std::span<const Vertex> vertices = boundary.Ring(ring);
    if (!HasThreeDistinct(vertices) || vertices.front() == vertices.back() ||
        std::adjacent_find(vertices.begin(), vertices.end()) != vertices.end()) {
      return false;
    }
  }
  return true;
}

void AddCleanedRing(std::span<const Vertex> ring, Boundary* cleaned) {
  if (!HasThreeDistinct(ring)) return;
  std::vector<Vertex> once;
  std::unique_copy(ring.begin(), ring.end(), std::back_inserter(once));
  while (once.back() == once.front()) once.pop_back();
  cleaned->vertices.insert(cleaned->vertices.end(), once.begin(), once.end());
  cleaned->EndRing();
}

std::unique_ptr<const Boundary> Cleaned(const Boundary& boundary) {
  auto cleaned = std::make_unique<Boundary>();
  for (std::size_t part = 0; part < boundary.part_count(); ++part) {
    const std::size_t rings_before = cleaned->ring_count();
    for (std::size_t ring = boundary.PartBegin(part); ring < boundary.PartEnd(part); ++ring) {
      AddCleanedRing(boundary.Ring(ring), cleaned.get());
    }
    if (cleaned->ring_count() > rings_before) cleaned->EndPart();
  }
  return cleaned;
}

}  // namespace

bool HasThreeDistinct(std::span<const Vertex> ring) {
  if (ring.size() < 3) return false;
  const Vertex first = ring[0];
  const auto second =
      std::find_if(ring.begin(), ring.end(), [first](Vertex v) { return v != first; });
  return std::any_of(second, ring.end(), [&](Vertex v) { return v != first && v != *second; });
}

BoundaryEdges::BoundaryEdges(const Boundary* boundary)
    : cleaned_(Clean(*boundary) ? nullptr : Cleaned(*boundary)),
      boundary_(cleaned_ != nullptr ? cleaned_.get() : boundary),
      box_(boundary_->Bounds()),
      boxes_(*boundary_, box_) {
  TakeRings();
  if (!boxes_.empty() || size() == 0) return;
  std::vector<Box> boxes;
  boxes.reserve(size());
  for (std::size_t ring = 0; ring < boundary_->ring_count(); ++ring) {
    const std::span<const Vertex> vertices = boundary_->Ring(ring);
    for (std::size_t i = 0; i < vertices.size(); ++i) {
      boxes.push_back(BoundsOf({vertices[i], vertices[i + 1 == vertices.size() ? 0 : i + 1]}));
    }
  }
  tree_ = std::make_unique<const BoxTree>(std::move(boxes));
}

// On which side of each ring the plot lies, and how large it is.
void BoundaryEdges::TakeRings() {
  for (std::size_t ring = 0; ring < boundary_->ring_count(); ++ring) {
    const Int128 doubled = DoubledSignedArea(boundary_->Ring(ring));
    const bool shell = boundary_->IsShell(ring);
    const bool left = (doubled > 0) == shell;
    if (ring == 0) {
      first_ring_left_ = left;
    } else {
      other_rings_left_.push_back(left);
    }
    const Int128 size = doubled < 0 ? -doubled : doubled;
    doubled_area_ += shell ? size : -size;
  }
}

Location BoundaryEdges::LocationOf(Vertex doubled) const {
  if (tree_ == nullptr) return LocationInBoundary(doubled, *boundary_);
  // The edges that a ray to the east can meet, half-open in y so that it counts a vertex once.
  const Vertex low = {(doubled.x >> 1), doubled.y >> 1};
  bool on = false;
  bool inside = false;
  Near({low.x, low.y, box_.max_x, low.y + 1}, 0, [&](const Edge& edge) {
    const Segment twice = {{2 * edge.start.x, 2 * edge.start.y}, {2 * edge.end.x, 2 * edge.end.y}};
    on = OnSegment(doubled, twice);
    if ((twice.start.y > doubled.y) != (twice.end.y > doubled.y) &&
        (Cross(twice.start, twice.end, doubled) > 0) == (twice.end.y > twice.start.y)) {
      inside = !inside;
    }
    return !on;
  });
  if (on) return Location::kOn;
  return inside ? Location::kInside : Location::kOutside;
}

std::size_t BoundaryEdges::RingOf(std::size_t index) const {
  return static_cast<std::size_t>(
      std::upper_bound(boundary_->ring_ends.begin(), boundary_->ring_ends.end(), index) -
      boundary_->ring_ends.begin());
}

}  // namespace landbook::geo
