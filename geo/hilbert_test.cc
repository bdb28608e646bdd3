#include "geo/hilbert.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <limits>
#include <utility>
#include <vector>

namespace landbook::geo {
namespace {

constexpr std::int64_t kCellSteps = 512;

bool Holds(const std::vector<HilbertRange>& ranges, std::uint64_t position) {
  return std::any_of(ranges.begin(), ranges.end(), [position](const HilbertRange& range) {
    return range.begin <= position && position < range.end;
  });
}

TEST(HilbertTest, PositionsThatNeverChange) {
  // Written down because positions are keys on disk; from the loop of H. S. Warren, Hacker's
  // Delight, chapter 16, in another language.
  EXPECT_EQ(HilbertPosition({0, 0}), 2'305'843'009'213'693'952U);
  EXPECT_EQ(HilbertPosition({-kCoordinateMax, -kCoordinateMax}), 9'746'657'904'724'640U);
  EXPECT_EQ(HilbertPosition({5'908'262'575, 40'755'426'937}), 2'322'204'113'361'645'690U);
  EXPECT_EQ(HilbertPosition({395'908'262'575, 40'755'426'937}), 3'381'751'320'996'591'220U);
}

// In an aligned block of cells every cell has a position of its own, they are consecutive, and
// consecutive ones share a side: that is what makes the curve Hilbert's.
TEST(HilbertTest, ConsecutivePositionsAreNeighbours) {
  constexpr int kSide = 64;
  std::vector<std::pair<std::uint64_t, Vertex>> cells;
  for (std::int64_t i = 0; i < kSide; ++i) {
    for (std::int64_t j = 0; j < kSide; ++j) {
      cells.push_back({HilbertPosition({i * kCellSteps, j * kCellSteps}), {i, j}});
    }
  }
  std::sort(cells.begin(), cells.end());
  for (std::size_t i = 1; i < cells.size(); ++i) {
    ASSERT_EQ(cells[i].first, cells[i - 1].first + 1);
    const Vertex a = cells[i - 1].second;
    const Vertex b = cells[i].second;
    ASSERT_EQ(std::abs(a.x - b.x) + std::abs(a.y - b.y), 1);
  }
}

TEST(HilbertTest, ACellHasOnePosition) {
  EXPECT_EQ(HilbertPosition({0, 0}), HilbertPosition({511, 511}));
  EXPECT_NE(HilbertPosition({0, 0}), HilbertPosition({512, 0}));
  EXPECT_NE(HilbertPosition({0, 0}), HilbertPosition({-1, 0}));
}

TEST(HilbertTest, SizeClassesByTheLongerSide) {
  const auto of = [](std::int64_t width, std::int64_t height) {
    return SizeClass({7, -9, 7 + width, -9 + height});
  };
  EXPECT_EQ(of(0, 0), 0U);
  EXPECT_EQ(of(524'288, 1), 0U);
  EXPECT_EQ(of(1, 524'289), 1U);
  EXPECT_EQ(of(2'097'152, 0), 1U);
  EXPECT_EQ(of(2'097'153, 0), 2U);
  EXPECT_EQ(of(8'388'609, 0), 3U);
  EXPECT_EQ(of(33'554'432, 0), 3U);
  EXPECT_EQ(of(33'554'433, 0), 4U);
  EXPECT_EQ(of(2 * kCoordinateMax, 0), 4U);
}

TEST(HilbertTest, AWindowBesideThePlaneOrWithoutPointsNeedsNothing) {
  EXPECT_TRUE(HilbertRanges(Box{}, 0, 8).empty());
  EXPECT_TRUE(HilbertRanges({10, 10, 9, 20}, 0, 8).empty());
  EXPECT_TRUE(HilbertRanges({kCoordinateMax + 1, 0, kCoordinateMax + 9, 9}, 4, 8).empty());
}

TEST(HilbertTest, AnEndlessWindowNeedsEverything) {
  const std::int64_t max = std::numeric_limits<std::int64_t>::max();
  const auto ranges = HilbertRanges({-max, -max, max, max}, 0, 1);
  ASSERT_EQ(ranges.size(), 1U);
  EXPECT_TRUE(Holds(ranges, HilbertPosition({kCoordinateMax, kCoordinateMax})));
  EXPECT_TRUE(Holds(ranges, HilbertPosition({-kCoordinateMax, -kCoordinateMax})));
  EXPECT_LE(ranges[0].end, kHilbertPositionEnd);
}

TEST(HilbertTest, ReadsLittleMoreThanTheWindow) {
  // 200 m at an odd place; the anchors wanted lie in (200 m + 52.4 m) squared.
  const Box window{5'908'262'575, 40'755'426'937, 5'910'262'575, 40'757'426'937};
  std::uint64_t cells = 0;
  for (const HilbertRange& range : HilbertRanges(window, kSizeClassExtentSteps[0], 64))
    cells += range.end - range.begin;
  const double wanted = 2'524'288.0 / kCellSteps * 2'524'288.0 / kCellSteps;
  EXPECT_LT(static_cast<double>(cells), 1.6 * wanted);
  EXPECT_GT(static_cast<double>(cells), wanted);
}

TEST(HilbertDeathTest, ChecksItsPreconditions) {
  EXPECT_DEATH(HilbertPosition({std::int64_t{1} << 39, 0}), "check failed");
  EXPECT_DEATH(SizeClass(Box{}), "check failed");
  EXPECT_DEATH(HilbertRanges({0, 0, 1, 1}, -1, 8), "check failed");
  EXPECT_DEATH(HilbertRanges({0, 0, 1, 1}, 0, 0), "check failed");
}

// A coordinate anywhere on the plane, at its ends more often than chance would have it.
std::int64_t AnyCoordinate() {
  return *rc::gen::oneOf(rc::gen::inRange<std::int64_t>(-kCoordinateMax, kCoordinateMax + 1),
                         rc::gen::inRange<std::int64_t>(395'908'000'000, 395'909'000'000),
                         rc::gen::element(-kCoordinateMax, kCoordinateMax, std::int64_t{0}));
}

Box BoxAt(Vertex corner, std::int64_t size_max) {
  return {corner.x, corner.y,
          std::min(kCoordinateMax, corner.x + *rc::gen::inRange<std::int64_t>(0, size_max + 1)),
          std::min(kCoordinateMax, corner.y + *rc::gen::inRange<std::int64_t>(0, size_max + 1))};
}

RC_GTEST_PROP(HilbertTest, EveryBoxThatMeetsTheWindowIsInItsRanges, ()) {
  const std::int64_t size_max = std::int64_t{1} << *rc::gen::inRange(0, 40);
  const Box box = BoxAt({AnyCoordinate(), AnyCoordinate()}, size_max);
  // A window that shares at least one point with the box: grown around a point of it.
  const Vertex shared{*rc::gen::inRange(box.min_x, box.max_x + 1),
                      *rc::gen::inRange(box.min_y, box.max_y + 1)};
  const std::int64_t window_max = std::int64_t{1} << *rc::gen::inRange(0, 40);
  const auto away = [window_max] { return *rc::gen::inRange<std::int64_t>(0, window_max); };
  const Box window{shared.x - away(), shared.y - away(), shared.x + away(), shared.y + away()};
  RC_ASSERT(window.Intersects(box));
  const auto ranges_max = *rc::gen::inRange<std::size_t>(1, 40);
  const std::int64_t extent = std::max(box.max_x - box.min_x, box.max_y - box.min_y);
  for (const std::int64_t extent_max : {extent, kSizeClassExtentSteps[SizeClass(box)]}) {
    RC_ASSERT(Holds(HilbertRanges(window, extent_max, ranges_max), AnchorPosition(box)));
  }
}

RC_GTEST_PROP(HilbertTest, SquaresHoldEveryBoxThatMeetsTheWindowAndAreWhole, ()) {
  const Box box = BoxAt({AnyCoordinate(), AnyCoordinate()}, std::int64_t{1} << 24);
  const std::int64_t extent = std::max(box.max_x - box.min_x, box.max_y - box.min_y);
  const auto away = [] { return *rc::gen::inRange<std::int64_t>(0, std::int64_t{1} << 24); };
  const Box window{box.max_x - away(), box.max_y - away(), box.max_x + away(), box.max_y + away()};
  // A square has a side of 52.4 m or more, so there are not many in 1.7 km.
  const int side_bits = *rc::gen::inRange(10, kHilbertLevels + 1);
  const auto squares = HilbertSquares(window, extent, side_bits);
  RC_ASSERT(Holds(squares, AnchorPosition(box)));
  const std::uint64_t square = std::uint64_t{1} << (2 * side_bits);
  for (std::size_t i = 0; i < squares.size(); ++i) {
    RC_ASSERT(squares[i].begin < squares[i].end);
    RC_ASSERT(squares[i].begin % square == 0 && squares[i].end % square == 0);
    if (i > 0) RC_ASSERT(squares[i - 1].end < squares[i].begin);
  }
}

TEST(HilbertTest, SquaresOfAWindowAreThoseItsAnchorsMayLieIn) {
  // A window of three by two cells in the middle of the plane, without and with an extent.
  const Box window{0, 0, 3 * kCellSteps - 1, 2 * kCellSteps - 1};
  const auto count = [](const std::vector<HilbertRange>& ranges) {
    std::uint64_t cells = 0;
    for (const HilbertRange& range : ranges) cells += range.end - range.begin;
    return cells;
  };
  EXPECT_EQ(count(HilbertSquares(window, 0, 0)), 6U);
  EXPECT_EQ(count(HilbertSquares(window, kCellSteps, 0)), 12U);
  EXPECT_EQ(count(HilbertSquares(window, 0, 1)), 8U);
  EXPECT_EQ(count(HilbertSquares(window, 0, kHilbertLevels)), kHilbertPositionEnd);
  EXPECT_TRUE(HilbertSquares(Box{}, 0, 4).empty());
}

RC_GTEST_PROP(HilbertTest, RangesAreSortedDisjointAndFew, ()) {
  const Box window = BoxAt({AnyCoordinate(), AnyCoordinate()}, std::int64_t{1} << 30);
  const auto ranges_max = *rc::gen::inRange<std::size_t>(1, 40);
  const auto ranges =
      HilbertRanges(window,
                    *rc::gen::element(kSizeClassExtentSteps[0], kSizeClassExtentSteps[1],
                                      kSizeClassExtentSteps[2], kSizeClassExtentSteps[3],
                                      kSizeClassExtentSteps[4]),
                    ranges_max);
  RC_ASSERT(!ranges.empty());
  RC_ASSERT(ranges.size() <= ranges_max);
  for (std::size_t i = 0; i < ranges.size(); ++i) {
    RC_ASSERT(ranges[i].begin < ranges[i].end);
    if (i > 0) RC_ASSERT(ranges[i - 1].end < ranges[i].begin);
  }
  RC_ASSERT(ranges.back().end <= kHilbertPositionEnd);
}

}  // namespace
}  // namespace landbook::geo
