// The Hilbert curve over the plane, and the geometry of the window index that is clustered by it.
//
// The plane, from -2^39 to 2^39 steps on each axis (about 55,000 km, beyond kCoordinateMax), is
// divided into 2^31 x 2^31 cells of 512 steps (51.2 mm). A cell's position is its place along the
// Hilbert curve (D. Hilbert, 1891), so what lies close on the ground mostly lies close on disk.
//
// A plot is filed under the position of its anchor, the lower left corner of its box, in the size
// class of its box. A window then needs, of each class, only the anchors that lie in the window or
// at most one extent of that class to the left of it or below.
#ifndef LANDBOOK_GEO_HILBERT_H_
#define LANDBOOK_GEO_HILBERT_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "geo/boundary.h"

namespace landbook::geo {

// The plane is 2^kHilbertLevels cells wide. Positions are in [0, kHilbertPositionEnd).
inline constexpr int kHilbertLevels = 31;
inline constexpr std::uint64_t kHilbertPositionEnd = std::uint64_t{1} << (2 * kHilbertLevels);

// A cell's side.
inline constexpr std::int64_t kHilbertCellSteps = 512;

// The size classes, smallest first. The larger side of a box in class c is at most
// kSizeClassExtentSteps[c]: 52.4 m, 209.7 m, 838.9 m, 3355.4 m (powers of four, and of two in steps
// so that they align with the curve); the last class takes every larger box.
inline constexpr std::size_t kSizeClassCount = 5;
inline constexpr std::array<std::int64_t, kSizeClassCount> kSizeClassExtentSteps = {
    std::int64_t{1} << 19, std::int64_t{1} << 21, std::int64_t{1} << 23, std::int64_t{1} << 25,
    2 * kCoordinateMax};

// A half-open range of positions.
struct HilbertRange {
  std::uint64_t begin = 0;
  std::uint64_t end = 0;
  friend bool operator==(const HilbertRange&, const HilbertRange&) = default;
};

// The position of the cell that holds `v`. REQUIRES: |coordinate| <= kCoordinateMax.
std::uint64_t HilbertPosition(Vertex v);

// The size class of `box`, from 0 to kSizeClassCount - 1. REQUIRES: not box.Empty().
std::size_t SizeClass(const Box& box);

// The position under which the window index files `box`. REQUIRES: not box.Empty(), on the plane.
std::uint64_t AnchorPosition(const Box& box);

// The positions to read for `window`: sorted, disjoint ranges, at most `ranges_max` of them, that
// hold the anchor of every box that shares a point with the window and of which neither side is
// longer than `extent_max_steps`. They hold others too, so what is read must be compared with the
// window. Where the curve would need more ranges, the smallest gaps are read over. Any window is
// allowed, also one beyond the plane or an empty one (no ranges). About a microsecond. REQUIRES:
// extent_max_steps >= 0, ranges_max >= 1.
std::vector<HilbertRange> HilbertRanges(const Box& window, std::int64_t extent_max_steps,
                                        std::size_t ranges_max);

// The same in whole squares of 2^side_bits by 2^side_bits cells, which the curve fills one after the
// other: both ends of every range are multiples of 4^side_bits, and no gap is read over. For windows
// of few squares: it costs as much as there are squares along its edges. REQUIRES:
// extent_max_steps >= 0, 0 <= side_bits <= kHilbertLevels.
std::vector<HilbertRange> HilbertSquares(const Box& window, std::int64_t extent_max_steps,
                                         int side_bits);

}  // namespace landbook::geo

#endif  // LANDBOOK_GEO_HILBERT_H_
