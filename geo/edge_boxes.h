// The boxes of a plot's edges, eight of them looked at in one step: which edges may lie in a
// window.
//
// Most plots have few edges, and nearly every rule begins with this question. The boxes are kept as
// 16-bit distances from the corner of the plot, so that a vector register holds a side of eight,
// and the answer is one bit an edge. Distances are in units of a power of two of steps, rounded
// down as the window's are: a box that meets the window always is in the answer, and one that only
// comes within a unit of it may be.
#ifndef LANDBOOK_GEO_EDGE_BOXES_H_
#define LANDBOOK_GEO_EDGE_BOXES_H_

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <limits>
#include <vector>

#ifdef __SSE2__
#include <emmintrin.h>
#endif

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
  // the box is larger than kExtentMax. 8 bytes of memory an edge.
  EdgeBoxes(const Boundary& boundary, const Box& box);

  // True when nothing was kept.
  bool empty() const { return blocks_.empty(); }
  // The edges whose box shares a point with `window`, and maybe others whose box is less than
  // unit() steps from it on either axis.
  EdgeBits Meeting(const Box& window) const;
  // In steps: a 16,000th of the longer side, or less.
  std::int64_t unit() const { return std::int64_t{1} << shift_; }

 private:
  using Local = std::int16_t;
  typedef Local Lanes __attribute__((vector_size(16)));
  static constexpr std::size_t kLanes = 8;
  // The largest distance within the box; what lies beyond is one more.
  static constexpr Local kLocalMax = std::numeric_limits<Local>::max() - 1;

  // The sides of eight boxes.
  struct Block {
    Lanes min_x;
    Lanes min_y;
    Lanes max_x;
    Lanes max_y;
  };

  // A distance from the corner in units; what lies beyond every box stays beyond.
  Local ToLocal(std::int64_t steps) const;
  // Lanes of which all bits are set, as bits.
  static EdgeBits BitsOf(Lanes lanes);
  void Put(std::size_t edge, const Box& box);

  Vertex corner_;
  int shift_ = 0;  // a unit is so many times two steps
  std::vector<Block> blocks_;
};

inline EdgeBoxes::Local EdgeBoxes::ToLocal(std::int64_t steps) const {
  return static_cast<Local>(std::clamp<std::int64_t>(steps >> shift_, -1, kLocalMax + 1));
}

inline EdgeBits EdgeBoxes::BitsOf(Lanes lanes) {
#ifdef __SSE2__
  const __m128i bytes = _mm_packs_epi16(reinterpret_cast<__m128i>(lanes), __m128i{});
  return static_cast<EdgeBits>(_mm_movemask_epi8(bytes));
#else
  constexpr Lanes kBitOfLane = {1, 2, 4, 8, 16, 32, 64, 128};
  const Lanes bits = lanes & kBitOfLane;
  std::array<EdgeBits, 2> halves;
  std::memcpy(halves.data(), &bits, sizeof(bits));
  EdgeBits all = halves[0] | halves[1];
  all |= all >> 32;
  all |= all >> 16;
  return all & 0xff;
#endif
}

inline EdgeBits EdgeBoxes::Meeting(const Box& window) const {
  const Local min_x = ToLocal(window.min_x - corner_.x);
  const Local min_y = ToLocal(window.min_y - corner_.y);
  const Local max_x = ToLocal(window.max_x - corner_.x);
  const Local max_y = ToLocal(window.max_y - corner_.y);
  EdgeBits meeting = 0;
  for (std::size_t i = 0; i < blocks_.size(); ++i) {
    const Block& block = blocks_[i];
    const Lanes apart = (block.min_x > max_x) | (block.max_x < min_x) | (block.min_y > max_y) |
                        (block.max_y < min_y);
    meeting |= (~BitsOf(apart) & 0xff) << (i * kLanes);
  }
  return meeting;
}

}  // namespace landbook::geo

#endif  // LANDBOOK_GEO_EDGE_BOXES_H_
