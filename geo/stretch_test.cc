#include "geo/stretch.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <vector>

#include "geo/boundary_testing.h"
#include "geo/exact.h"

namespace landbook::geo {
namespace {

constexpr std::int64_t kMetre = kStepsPerMetre;

// A strip of ground from `from` to `to`, `width` wide, upright to its run.
Boundary Ditch(Vertex from, Vertex to, std::int64_t width) {
  const bool runs_east = std::abs(to.x - from.x) >= std::abs(to.y - from.y);
  const Vertex side = runs_east ? Vertex{0, width} : Vertex{width, 0};
  return BoundaryOf(
      {{from, to, {to.x + side.x, to.y + side.y}, {from.x + side.x, from.y + side.y}}});
}

TEST(StretchTest, AShortBoundaryIsNotCut) {
  EXPECT_TRUE(StretchesOf(Ditch({0, 0}, {kStretchExtentSteps, 0}, 5 * kMetre)).empty());
  EXPECT_EQ(StretchesOf(Ditch({0, 0}, {kStretchExtentSteps + 1, 0}, 5 * kMetre)).size(), 2u);
  EXPECT_TRUE(StretchesOf(Boundary()).empty());
}

TEST(StretchTest, ADitchIsCutIntoEqualLengths) {
  const auto stretches = StretchesOf(Ditch({0, 0}, {2000 * kMetre, 0}, 5 * kMetre));
  ASSERT_EQ(stretches.size(), 3u);
  EXPECT_EQ(stretches[0], (Box{0, 0, 6'666'666, 50'000}));
  EXPECT_EQ(stretches[1], (Box{6'666'666, 0, 13'333'333, 50'000}));
  EXPECT_EQ(stretches[2], (Box{13'333'333, 0, 20'000'000, 50'000}));
}

TEST(StretchTest, ASlantingDitchHasBoxesOfItsOwnGroundOnly) {
  const auto stretches = StretchesOf(Ditch({0, 0}, {1500 * kMetre, 1200 * kMetre}, 0));
  ASSERT_EQ(stretches.size(), 2u);
  EXPECT_EQ(stretches[0], (Box{0, 0, 7'500'000, 6'000'000}));
  EXPECT_EQ(stretches[1], (Box{7'500'000, 6'000'000, 15'000'000, 12'000'000}));
}

TEST(StretchTest, ABroadBoundaryIsNotCut) {
  EXPECT_TRUE(StretchesOf(Ditch({0, 0}, {2000 * kMetre, 0}, 900 * kMetre)).empty());
  EXPECT_EQ(StretchesOf(Ditch({0, 0}, {2000 * kMetre, 0}, 800 * kMetre)).size(), 3u);
}

TEST(StretchTest, ABoundaryOfTooManyStretchesIsNotCut) {
  const std::int64_t most = static_cast<std::int64_t>(kStretchesMax) * kStretchExtentSteps;
  EXPECT_EQ(StretchesOf(Ditch({0, 0}, {0, most}, kMetre)).size(), kStretchesMax);
  EXPECT_TRUE(StretchesOf(Ditch({0, 0}, {0, most + 1}, kMetre)).empty());
}

TEST(StretchTest, GroundWithoutBoundaryHasNoStretch) {
  const std::int64_t far = 4000 * kMetre;
  const Boundary two = WithPart(Ditch({0, 0}, {10 * kMetre, 0}, 10 * kMetre),
                                {Rectangle({far, 0, far + 10 * kMetre, 10 * kMetre})});
  const auto stretches = StretchesOf(two);
  ASSERT_EQ(stretches.size(), 2u);
  EXPECT_EQ(stretches[0], (Box{0, 0, 10 * kMetre, 10 * kMetre}));
  EXPECT_EQ(stretches[1], (Box{far, 0, far + 10 * kMetre, 10 * kMetre}));
}

TEST(StretchTest, StretchesThatWouldShareAnAnchorLeaveTheBoundaryWhole) {
  // Three stretches: in the second only a sliver one step before its end, in the third what begins
  // there; the corners of both lie in one cell of the curve unless a cell begins between them.
  const std::int64_t begin = 100;
  const std::int64_t cut = begin + 2 * kStretchExtentSteps;
  const auto with_sliver_at = [&](std::int64_t x) {
    Boundary parts = BoundaryOf({Rectangle({begin, 0, begin + kMetre, kMetre})});
    parts = WithPart(std::move(parts), {{{x, 0}, {x, 9}, {x - 1, 9}, {x - 1, 0}}});
    return WithPart(std::move(parts), {Rectangle({cut, 0, cut + kStretchExtentSteps, kMetre})});
  };
  EXPECT_TRUE(StretchesOf(with_sliver_at(cut)).empty());
  EXPECT_EQ(StretchesOf(with_sliver_at(cut - 1000)).size(), 3u);
}

// A crooked ditch: a line of points there, and back beside it.
rc::Gen<Boundary> AnyDitch() {
  return rc::gen::apply(
      [](const std::vector<int>& bends, int step_m, bool upright, int width_m) {
        std::vector<Vertex> there;
        std::int64_t along = 0;
        for (const int bend : bends) {
          there.push_back(upright ? Vertex{bend * kMetre, along} : Vertex{along, bend * kMetre});
          along += step_m * kMetre + bend;
        }
        std::vector<Vertex> ring = there;
        std::reverse(there.begin(), there.end());
        for (Vertex v : there) {
          (upright ? v.x : v.y) += width_m * kMetre;
          ring.push_back(v);
        }
        return BoundaryOf({ring});
      },
      rc::gen::container<std::vector<int>>(12, rc::gen::inRange(-300, 300)),
      rc::gen::inRange(10, 1200), rc::gen::arbitrary<bool>(), rc::gen::inRange(1, 300));
}

RC_GTEST_PROP(StretchTest, StretchesHoldEveryPointOfTheGround, ()) {
  const Boundary ditch = *AnyDitch();
  const std::vector<Box> stretches = StretchesOf(ditch);
  if (stretches.empty()) return;
  const Box box = ditch.Bounds();
  Box all;
  for (const Box& stretch : stretches) {
    RC_ASSERT(SizeClass(stretch) <= kStretchSizeClass);
    all.Add(stretch);
  }
  RC_ASSERT(all == box);
  for (int i = 0; i < 60; ++i) {
    const Vertex point{*rc::gen::inRange(box.min_x, box.max_x + 1),
                       *rc::gen::inRange(box.min_y, box.max_y + 1)};
    if (LocationInBoundary({2 * point.x, 2 * point.y}, ditch) == Location::kOutside) continue;
    RC_ASSERT(std::any_of(stretches.begin(), stretches.end(),
                          [&](const Box& stretch) { return stretch.Contains(point); }));
  }
}

RC_GTEST_PROP(StretchTest, AnchorsLieAtPlacesOfTheirOwn, ()) {
  std::vector<std::uint64_t> anchors;
  for (const Box& stretch : StretchesOf(*AnyDitch())) anchors.push_back(AnchorPosition(stretch));
  std::sort(anchors.begin(), anchors.end());
  RC_ASSERT(std::adjacent_find(anchors.begin(), anchors.end()) == anchors.end());
}

}  // namespace
}  // namespace landbook::geo
