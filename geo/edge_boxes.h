// The boxes of a plot's edges, four of them looked at in one step: which edges may lie in a window.
//
// Most plots have few edges, and nearly every rule begins with this question. The boxes are kept as
// 32-bit distances from the corner of the plot, so that a vector register holds a side of four, and
// the answer is one bit an edge.
#ifndef LANDBOOK_GEO_EDGE_BOXES_H_
#define LANDBOOK_GEO_EDGE_BOXES_H_

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <vector>

#include "geo/boundary.h"

namespace landbook::geo {

// Edges as bits: bit i is edge i.
using EdgeBits = std::uint64_t;

// The lowest edge of `bits`. REQUIRES: bits != 0.
inline std::size_t LowestEdge(EdgeBits bits) {
  return static_cast<std::size_t>(std::countr_zero(bits));
}

// Immutable after construction: any number of threads may ask.
class EdgeBoxes {
 public:
  // The most edges that an answer has bits for.
  static constexpr std::size_t kEdgesMax = 64;
  // The largest extent on either axis, in steps (107 km): cross products of such distances fit 64
  // bits.
  static constexpr std::int64_t kExtentMax = std::int64_t{1} << 30;

  // Without edges.
  EdgeBoxes() = default;
  // The edges of `boundary`, whose box is `box`; none when there are more than kEdgesMax of them or
  // the box is larger than kExtentMax. 16 bytes of memory an edge.
  EdgeBoxes(const Boundary& boundary, const Box& box);

  // True when nothing was kept.
  bool empty() const { return blocks_.empty(); }
  // The edges whose box shares a point with `window`.
  EdgeBits Meeting(const Box& window) const;

 private:
  typedef std::int32_t Lanes __attribute__((vector_size(16)));
  static constexpr std::size_t kLanes = 4;

  // The sides of four boxes.
  struct Block {
    Lanes min_x;
    Lanes min_y;
    Lanes max_x;
    Lanes max_y;
  };

  // A distance from the corner; what lies beyond every box stays beyond.
  static std::int32_t Local(std::int64_t steps);
  void Put(std::size_t edge, const Box& box);

  Vertex corner_;
  std::vector<Block> blocks_;
};

inline std::int32_t EdgeBoxes::Local(std::int64_t steps) {
  return static_cast<std::int32_t>(std::clamp<std::int64_t>(steps, -1, kExtentMax + 1));
}

inline EdgeBits EdgeBoxes::Meeting(const Box& window) const {
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

#endif  // LANDBOOK_GEO_EDGE_BOXES_H_
