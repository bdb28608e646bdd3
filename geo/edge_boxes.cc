#include "geo/edge_boxes.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <limits>
#include <span>

#include "geo/exact.h"

namespace landbook::geo {
namespace {

constexpr std::int32_t kNowhereMin = std::numeric_limits<std::int32_t>::max();
constexpr std::int32_t kNowhereMax = std::numeric_limits<std::int32_t>::min();

}  // namespace

EdgeBoxes::EdgeBoxes(const Boundary& boundary, const Box& box) {
  const std::size_t count = boundary.vertices.size();
  if (count == 0 || count > kEdgesMax) return;
  if (box.max_x - box.min_x > kExtentMax || box.max_y - box.min_y > kExtentMax) return;
  corner_ = {box.min_x, box.min_y};
  const Lanes min = {kNowhereMin, kNowhereMin, kNowhereMin, kNowhereMin};
  const Lanes max = {kNowhereMax, kNowhereMax, kNowhereMax, kNowhereMax};
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
  block.min_x[lane] = Local(box.min_x - corner_.x);
  block.min_y[lane] = Local(box.min_y - corner_.y);
  block.max_x[lane] = Local(box.max_x - corner_.x);
  block.max_y[lane] = Local(box.max_y - corner_.y);
}

std::int32_t EdgeBoxes::Local(std::int64_t steps) {
  return static_cast<std::int32_t>(std::clamp<std::int64_t>(steps, -1, kExtentMax + 1));
}

EdgeBits EdgeBoxes::Meeting(const Box& window) const {
  const std::int32_t min_x = Local(window.min_x - corner_.x);
  const std::int32_t min_y = Local(window.min_y - corner_.y);
  const std::int32_t max_x = Local(window.max_x - corner_.x);
  const std::int32_t max_y = Local(window.max_y - corner_.y);
  constexpr Lanes kBitOfLane = {1, 2, 4, 8};
  EdgeBits meeting = 0;
  for (std::size_t i = 0; i < blocks_.size(); ++i) {
    const Block& block = blocks_[i];
    const Lanes apart = (block.min_x > max_x) | (block.max_x < min_x) | (block.min_y > max_y) |
                        (block.max_y < min_y);
    const Lanes bits = ~apart & kBitOfLane;
    std::array<std::uint64_t, 2> halves;
    std::memcpy(halves.data(), &bits, sizeof(bits));
    const std::uint64_t both = halves[0] | halves[1];
    meeting |= ((both | both >> 32) & 15) << (i * kLanes);
  }
  return meeting;
}

}  // namespace landbook::geo
