#include "geo/hilbert.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>

#include "geo/check.h"

namespace landbook::geo {
namespace {

constexpr int kLevels = kHilbertLevels;
constexpr int kCellBits = 9;
static_assert(kHilbertCellSteps == std::int64_t{1} << kCellBits);
constexpr std::int64_t kOriginSteps = std::int64_t{1} << 39;
constexpr std::int64_t kCellsPerAxis = std::int64_t{1} << kLevels;

// A window is covered with squares of at least this part of its longer side: fine enough that
// little outside is read, coarse enough that the ranges are few.
constexpr std::int64_t kSquaresPerSide = 8;

// The curve as a machine of four states. In state s the quadrant visited k-th is kQuadrant[s][k]
// (twice its x bit plus its y bit), and within it the state is s ^ kTurn[k]: bit 0 swaps the axes,
// bit 1 reverses them.
constexpr std::uint8_t kQuadrant[4][4] = {{0, 1, 3, 2}, {0, 2, 3, 1}, {3, 2, 0, 1}, {3, 1, 0, 2}};
constexpr std::uint8_t kRank[4][4] = {{0, 1, 3, 2}, {0, 3, 1, 2}, {2, 3, 1, 0}, {2, 1, 3, 0}};
constexpr std::uint8_t kTurn[4] = {1, 0, 0, 3};

// One step of the machine into the quadrant, which adds two bits to the position.
struct Step {
  std::uint8_t rank;
  std::uint8_t state;
};

constexpr Step StepInto(std::uint8_t state, std::size_t quadrant) {
  const std::uint8_t rank = kRank[state][quadrant];
  return {rank, static_cast<std::uint8_t>(state ^ kTurn[rank])};
}

// Four steps at once, by the state and four bits of each axis: eight bits of the position, and
// above them the state that follows.
constexpr int kStepsAtOnce = 4;

constexpr std::uint16_t StepsInto(std::uint8_t state, std::size_t x, std::size_t y) {
  unsigned position = 0;
  for (int bit = kStepsAtOnce - 1; bit >= 0; --bit) {
    const Step step = StepInto(state, ((x >> bit) & 1) * 2 + ((y >> bit) & 1));
    position = position << 2 | step.rank;
    state = step.state;
  }
  return static_cast<std::uint16_t>(state << 8 | position);
}

constexpr std::array<std::uint16_t, 4 * 256> kSteps = [] {
  std::array<std::uint16_t, 4 * 256> steps{};
  for (std::size_t i = 0; i < steps.size(); ++i) {
    steps[i] = StepsInto(static_cast<std::uint8_t>(i >> 8), i >> 4 & 15, i & 15);
  }
  return steps;
}();

std::int64_t CellOf(std::int64_t steps) { return (steps + kOriginSteps) >> kCellBits; }

// A closed box of cells.
struct CellBox {
  std::int64_t min_x;
  std::int64_t min_y;
  std::int64_t max_x;
  std::int64_t max_y;
};

// A square of cells whose side is a power of two: a node of the quadtree that the curve fills.
struct Square {
  std::int64_t x;
  std::int64_t y;
  int side_bits;
  std::uint8_t state;
  std::uint64_t position;  // of its first cell
};

// Walks the quadtree in the order of the curve and gathers the ranges of squares that touch the
// target, so that they come out sorted and neighbours join as they come.
class Cover {
 public:
  Cover(const CellBox& target, int side_bits_min) : target_(target), side_bits_min_(side_bits_min) {
    ranges_.reserve(32);
  }

  void Visit(const Square& square) {
    const std::int64_t last = (std::int64_t{1} << square.side_bits) - 1;
    if (square.x > target_.max_x || square.x + last < target_.min_x || square.y > target_.max_y ||
        square.y + last < target_.min_y) {
      return;
    }
    const bool inside = square.x >= target_.min_x && square.x + last <= target_.max_x &&
                        square.y >= target_.min_y && square.y + last <= target_.max_y;
    if (inside || square.side_bits <= side_bits_min_) {
      Add(square.position, square.position + (std::uint64_t{1} << (2 * square.side_bits)));
      return;
    }
    VisitQuadrants(square);
  }

  std::vector<HilbertRange> Take() && { return std::move(ranges_); }

 private:
  void VisitQuadrants(const Square& square) {
    const int bits = square.side_bits - 1;
    for (std::uint64_t rank = 0; rank < 4; ++rank) {
      const std::int64_t quadrant = kQuadrant[square.state][rank];
      Visit({square.x + ((quadrant >> 1) << bits), square.y + ((quadrant & 1) << bits), bits,
             static_cast<std::uint8_t>(square.state ^ kTurn[rank]),
             square.position + (rank << (2 * bits))});
    }
  }

  void Add(std::uint64_t begin, std::uint64_t end) {
    if (!ranges_.empty() && ranges_.back().end == begin) {
      ranges_.back().end = end;
    } else {
      ranges_.push_back({begin, end});
    }
  }

  CellBox target_;
  int side_bits_min_;
  std::vector<HilbertRange> ranges_;
};

// Reads over the smallest gaps until `ranges_max` ranges are left.
void JoinSmallestGaps(std::vector<HilbertRange>& ranges, std::size_t ranges_max) {
  if (ranges.size() <= ranges_max) return;
  std::vector<std::uint64_t> gaps;
  for (std::size_t i = 1; i < ranges.size(); ++i) {
    gaps.push_back(ranges[i].begin - ranges[i - 1].end);
  }
  std::size_t to_join = ranges.size() - ranges_max;
  const auto limit = gaps.begin() + static_cast<std::ptrdiff_t>(to_join - 1);
  std::nth_element(gaps.begin(), limit, gaps.end());
  const std::uint64_t gap_max = *limit;
  std::size_t last = 0;
  for (std::size_t i = 1; i < ranges.size(); ++i) {
    if (to_join > 0 && ranges[i].begin - ranges[last].end <= gap_max) {
      ranges[last].end = ranges[i].end;
      --to_join;
    } else {
      ranges[++last] = ranges[i];
    }
  }
  ranges.resize(last + 1);
}

// The smallest side, in bits, of the squares that cover `target`.
int SideBitsMin(const CellBox& target) {
  const std::int64_t side = std::max(target.max_x - target.min_x, target.max_y - target.min_y) + 1;
  int bits = 0;
  while ((side >> (bits + 1)) >= kSquaresPerSide) ++bits;
  return bits;
}

// The cells in which anchors may lie; nullopt when there are none.
std::optional<CellBox> TargetOf(const Box& window, std::int64_t extent_max_steps) {
  LANDBOOK_GEO_CHECK(extent_max_steps >= 0);
  // Clipped to what anchors can be before anything is subtracted, so that no window overflows; a
  // box that lies on the plane and reaches the window has its corner at or before the plane's end.
  const Box plane{-kCoordinateMax, -kCoordinateMax, kCoordinateMax, kCoordinateMax};
  if (window.min_x > window.max_x || window.min_y > window.max_y || !window.Intersects(plane)) {
    return std::nullopt;
  }
  const std::int64_t reach = std::min(extent_max_steps, 2 * kCoordinateMax);
  return CellBox{CellOf(std::max(std::max(window.min_x, plane.min_x) - reach, plane.min_x)),
                 CellOf(std::max(std::max(window.min_y, plane.min_y) - reach, plane.min_y)),
                 CellOf(std::min(window.max_x, plane.max_x)),
                 CellOf(std::min(window.max_y, plane.max_y))};
}

std::vector<HilbertRange> CoverOf(const CellBox& target, int side_bits_min) {
  Cover cover(target, side_bits_min);
  cover.Visit({0, 0, kLevels, 0, 0});
  return std::move(cover).Take();
}

}  // namespace

std::uint64_t HilbertPosition(Vertex v) {
  const std::int64_t x = CellOf(v.x);
  const std::int64_t y = CellOf(v.y);
  LANDBOOK_GEO_CHECK(x >= 0 && x < kCellsPerAxis && y >= 0 && y < kCellsPerAxis);
  std::uint64_t position = 0;
  std::uint64_t state = 0;
  int bit = kLevels - 1;
  for (; (bit + 1) % kStepsAtOnce != 0; --bit) {
    const auto quadrant = static_cast<std::size_t>(((x >> bit) & 1) * 2 + ((y >> bit) & 1));
    const Step step = StepInto(static_cast<std::uint8_t>(state), quadrant);
    position = position << 2 | step.rank;
    state = step.state;
  }
  for (bit -= kStepsAtOnce - 1; bit >= 0; bit -= kStepsAtOnce) {
    const auto cells = static_cast<std::uint64_t>((x >> bit & 15) << 4 | (y >> bit & 15));
    const std::uint64_t steps = kSteps[state << 8 | cells];
    position = position << 8 | (steps & 255);
    state = steps >> 8;
  }
  return position;
}

std::size_t SizeClass(const Box& box) {
  LANDBOOK_GEO_CHECK(!box.Empty());
  const std::int64_t extent = std::max(box.max_x - box.min_x, box.max_y - box.min_y);
  std::size_t size_class = 0;
  while (size_class + 1 < kSizeClassCount && extent > kSizeClassExtentSteps[size_class]) {
    ++size_class;
  }
  return size_class;
}

std::uint64_t AnchorPosition(const Box& box) {
  LANDBOOK_GEO_CHECK(!box.Empty());
  return HilbertPosition({box.min_x, box.min_y});
}

std::vector<HilbertRange> HilbertRanges(const Box& window, std::int64_t extent_max_steps,
                                        std::size_t ranges_max) {
  LANDBOOK_GEO_CHECK(ranges_max >= 1);
  const auto target = TargetOf(window, extent_max_steps);
  if (!target) return {};
  std::vector<HilbertRange> ranges = CoverOf(*target, SideBitsMin(*target));
  JoinSmallestGaps(ranges, ranges_max);
  return ranges;
}

std::vector<HilbertRange> HilbertSquares(const Box& window, std::int64_t extent_max_steps,
                                         int side_bits) {
  LANDBOOK_GEO_CHECK(side_bits >= 0 && side_bits <= kLevels);
  const auto target = TargetOf(window, extent_max_steps);
  if (!target) return {};
  return CoverOf(*target, side_bits);
}

}  // namespace landbook::geo
