#include "geo/edge_boxes.h"

#include <limits>
#include <span>

#include "geo/exact.h"

namespace landbook::geo {
namespace {

constexpr std::int16_t kNowhereMin = std::numeric_limits<std::int16_t>::max();
constexpr std::int16_t kNowhereMax = std::numeric_limits<std::int16_t>::min();

}  // namespace

EdgeBoxes::EdgeBoxes(const Boundary& boundary, const Box& box) {
  const std::size_t count = boundary.vertices.size();
  if (count == 0 || count > kEdgesMax) return;
  if (box.max_x - box.min_x > kExtentMax || box.max_y - box.min_y > kExtentMax) return;
  corner_ = {box.min_x, box.min_y};
  const std::int64_t extent = std::max(box.max_x - box.min_x, box.max_y - box.min_y);
  while (extent >> shift_ > kLocalMax) ++shift_;
  const Lanes min = Lanes{} + kNowhereMin;
  const Lanes max = Lanes{} + kNowhereMax;
  blocks_.resize((count + kLanes - 1) / kLanes, {min, min, max, max});
  std::size_t edge = 0;
  for (std::size_t ring = 0; ring < boundary.ring_count(); ++ring) {
    const std::span<const Vertex> vertices = boundary.Ring(ring);
    for (std::size_t i = 0; i + 1 < vertices.size(); ++i) {
      Put(edge++, BoundsOf({vertices[i], vertices[i + 1]}));
    }
    Put(edge++, BoundsOf({vertices.back(), vertices.front()}));
  }
}

void EdgeBoxes::Put(std::size_t edge, const Box& box) {
  Block& block = blocks_[edge / kLanes];
  const std::size_t lane = edge % kLanes;
  block.min_x[lane] = ToLocal(box.min_x - corner_.x);
  block.min_y[lane] = ToLocal(box.min_y - corner_.y);
  block.max_x[lane] = ToLocal(box.max_x - corner_.x);
  block.max_y[lane] = ToLocal(box.max_y - corner_.y);
}

}  // namespace landbook::geo
