#include "geo/facing.h"

#include <algorithm>
#include <cmath>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "rapidcheck/gtest.h"

namespace landbook::geo {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

// A strip between two level edges: the first eastward at the bottom, the strip to its left.
std::optional<Facing> Level(std::int64_t height, std::int64_t begin, std::int64_t end) {
  return FacingStretch({{{0, 0}, {10'000, 0}}, {{end, height}, {begin, height}}}, 1'000);
}

TEST(FacingTest, ParallelEdgesFaceEachOtherOverWhatTheyHaveInCommon) {
  const auto stretch = Level(400, 2'000, 30'000);
  ASSERT_TRUE(stretch.has_value());
  EXPECT_DOUBLE_EQ(stretch->begin, 0.2);
  EXPECT_DOUBLE_EQ(stretch->end, 1);
  EXPECT_DOUBLE_EQ(stretch->length_steps, 8'000);
  EXPECT_DOUBLE_EQ(stretch->narrowest_steps, 400);
  EXPECT_DOUBLE_EQ(stretch->widest_steps, 400);
}

TEST(FacingTest, TheWidthIsExclusiveAndEdgesOnOneLineHaveNone) {
  EXPECT_TRUE(Level(999, 0, 10'000).has_value());
  EXPECT_FALSE(Level(1'000, 0, 10'000).has_value());
  EXPECT_FALSE(Level(0, 0, 10'000).has_value());
  EXPECT_FALSE(Level(-400, 0, 10'000).has_value());      // to the right
  EXPECT_FALSE(Level(400, 10'000, 20'000).has_value());  // beyond the end
}

TEST(FacingTest, EdgesThatRunTheSameWayDoNotFaceEachOther) {
  EXPECT_FALSE(FacingStretch({{{0, 0}, {10'000, 0}}, {{0, 400}, {10'000, 400}}}, 1'000));
}

TEST(FacingTest, AngleOfOneInTwoIsTheBluntest) {
  EXPECT_TRUE(FacingStretch({{{0, 0}, {10'000, 0}}, {{10'000, 5'000}, {0, 0}}}, 1'000));
  EXPECT_FALSE(FacingStretch({{{0, 0}, {10'000, 0}}, {{10'000, 5'001}, {0, 0}}}, 1'000));
}

TEST(FacingTest, AWedgeEndsWhereItIsAsWideAsAllowed) {
  const auto stretch = FacingStretch({{{0, 0}, {40'000, 0}}, {{40'000, 30'000 / 10}, {0, 0}}}, 600);
  ASSERT_TRUE(stretch.has_value());
  EXPECT_DOUBLE_EQ(stretch->begin, 0);
  EXPECT_DOUBLE_EQ(stretch->narrowest_steps, 0);
  EXPECT_NEAR(stretch->widest_steps, 600, 1e-6);
  EXPECT_NEAR(stretch->length_steps, 600 / std::sin(std::atan(0.075)), 1e-6);
}

RC_GTEST_PROP(FacingTest, MovingBothEdgesChangesNothing, ()) {
  const auto any = [] { return *rc::gen::inRange<std::int64_t>(-3'000, 3'000); };
  const FacingEdges edges{{{any(), any()}, {any(), any()}}, {{any(), any()}, {any(), any()}}};
  RC_PRE(edges.first.start != edges.first.end && edges.second.start != edges.second.end);
  constexpr std::int64_t far = 400'000'000'000;
  const auto moved = [](const Segment& s) {
    return Segment{{s.start.x + far, s.start.y - far}, {s.end.x + far, s.end.y - far}};
  };
  const auto here = FacingStretch(edges, 2'000);
  const auto there = FacingStretch({moved(edges.first), moved(edges.second)}, 2'000);
  RC_ASSERT(here.has_value() == there.has_value());
  if (here) RC_ASSERT(here->begin == there->begin && here->widest_steps == there->widest_steps);
}

TEST(FacingTest, FootAndRounding) {
  const RealPoint foot = FootOn({{0, 0}, {10, 10}}, {0, 10});
  EXPECT_DOUBLE_EQ(foot.x, 5);
  EXPECT_DOUBLE_EQ(foot.y, 5);
  EXPECT_EQ(Rounded({1.5, -1.5}), (Vertex{2, -2}));
}

TEST(FacingTest, StripsThatEndNearEachOtherAreOneGroup) {
  const std::vector<StripEnds> strips = {{{0, 0}, {100, 0}},      {{500, 0}, {600, 0}},
                                         {{105, 5}, {200, 0}},    {{200, 10}, {300, 0}},
                                         {{300, 10.5}, {400, 0}}, {{-10, -10}, {-90, -90}}};
  EXPECT_THAT(GroupsOf(strips, 10), ElementsAre(0, 1, 0, 0, 2, 0));
  EXPECT_THAT(GroupsOf({}, 10), IsEmpty());
}

RC_GTEST_PROP(FacingTest, GroupsAreThoseOfAllPairs, ()) {
  const auto any = [] { return static_cast<double>(*rc::gen::inRange(-60, 60)); };
  std::vector<StripEnds> strips(*rc::gen::inRange<std::size_t>(0, 25));
  for (StripEnds& strip : strips) strip = {{any(), any()}, {any(), any()}};
  const std::vector<std::size_t> groups = GroupsOf(strips, 10);
  const auto near = [](RealPoint a, RealPoint b) {
    return std::abs(a.x - b.x) <= 10 && std::abs(a.y - b.y) <= 10;
  };
  // The model: labels that spread until nothing changes.
  std::vector<std::size_t> label(strips.size());
  for (std::size_t i = 0; i < label.size(); ++i) label[i] = i;
  for (bool changed = true; changed;) {
    changed = false;
    for (std::size_t i = 0; i < strips.size(); ++i) {
      for (std::size_t j = 0; j < strips.size(); ++j) {
        const StripEnds& s = strips[i];
        const StripEnds& t = strips[j];
        const bool joined = near(s.begin, t.begin) || near(s.begin, t.end) ||
                            near(s.end, t.begin) || near(s.end, t.end);
        if (!joined || label[i] <= label[j]) continue;
        label[i] = label[j];
        changed = true;
      }
    }
  }
  for (std::size_t i = 0; i < strips.size(); ++i) {
    for (std::size_t j = 0; j < i; ++j) {
      RC_ASSERT((groups[i] == groups[j]) == (label[i] == label[j]));
    }
  }
}

}  // namespace
}  // namespace landbook::geo
