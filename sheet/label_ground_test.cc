#include "sheet/label_ground.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <cmath>
#include <numbers>

namespace landbook::sheet {
namespace {

constexpr PaperBox kArea{0, 0, 100, 80};

TEST(LabelGroundTest, TurnedBoxesOverlapOnlyWhereTheyMeet) {
  const LabelBox flat{{10, 10}, 8, 2, 0};
  EXPECT_TRUE(Overlap(flat, {{12, 11}, 8, 2, 0}));
  EXPECT_FALSE(Overlap(flat, {{10, 12.1}, 8, 2, 0}));
  // Their upright boxes overlap, they do not.
  const LabelBox slanted{{14, 14}, 10, 1, -std::numbers::pi / 4};
  EXPECT_FALSE(Overlap(flat, slanted));
  EXPECT_TRUE(Overlap(flat, {{13, 12}, 10, 1, -std::numbers::pi / 4}));
}

TEST(LabelGroundTest, WhatIsTakenOrOutsideIsNotFree) {
  LabelGround ground(kArea);
  const LabelBox box{{50, 40}, 10, 3, 0};
  EXPECT_TRUE(ground.Free(box));
  ground.Take(box);
  EXPECT_FALSE(ground.Free(box));
  EXPECT_FALSE(ground.Free({{98, 40}, 10, 3, 0})) << "beyond the edge";
  const std::vector<LabelBox> choices = {box, {{50, 44}, 10, 3, 0}, {{50, 60}, 10, 3, 0}};
  const auto taken = ground.TakeFirstFree(choices);
  ASSERT_TRUE(taken.has_value());
  EXPECT_EQ(taken->centre, choices[1].centre);
  EXPECT_FALSE(ground.Free(choices[1]));
}

RC_GTEST_PROP(LabelGroundTest, NoTwoLabelsThatWerePlacedOverlap, ()) {
  LabelGround ground(kArea);
  const auto number = [](int low, int high) { return *rc::gen::inRange(low, high) / 10.0; };
  std::vector<LabelBox> placed;
  for (int i = 0; i < 60; ++i) {
    const LabelBox box{
        {number(-50, 1050), number(-50, 850)}, number(1, 300), number(1, 60), number(-31, 31)};
    bool free = true;
    for (const PaperPoint& corner : box.Corners()) free = free && kArea.Contains(corner);
    for (const LabelBox& other : placed) free = free && !Overlap(box, other);
    RC_ASSERT(ground.Free(box) == free);
    if (!free) continue;
    ground.Take(box);
    placed.push_back(box);
  }
}

TEST(LabelGroundTest, ALengthStandsOutsideItsSideAndIsNeverUpsideDown) {
  const LabelBox size{{}, 6, 2, 0};
  // Eastward: the left of the way is up.
  const auto east = PlacesAlong({10, 50}, {40, 50}, size, 0.5);
  ASSERT_EQ(east.size(), 6U);
  EXPECT_NEAR(east[0].centre.y_mm, 48.5, 1e-9);
  EXPECT_NEAR(east[3].centre.y_mm, 51.5, 1e-9);
  const auto west = PlacesAlong({40, 50}, {10, 50}, size, 0.5);
  EXPECT_NEAR(west[0].centre.y_mm, 51.5, 1e-9);
  for (const auto& places :
       {PlacesAlong({20, 60}, {20, 30}, size, 0.5), PlacesAlong({20, 30}, {20, 60}, size, 0.5)}) {
    EXPECT_NEAR(places[0].turn, -std::numbers::pi / 2, 1e-9) << "read from the right";
  }
  EXPECT_TRUE(PlacesAlong({10, 50}, {15.9, 50}, size, 0.5).empty()) << "shorter than its text";
}

RC_GTEST_PROP(LabelGroundTest, APointsLabelKeepsItsDistance, ()) {
  const PaperPoint point{50, 40};
  const LabelBox size{{}, *rc::gen::inRange(10, 90) / 10.0, *rc::gen::inRange(10, 40) / 10.0, 0};
  const double outward = *rc::gen::inRange(-314, 314) / 100.0;
  const auto places = PlacesAround(point, size, outward, 0.9);
  RC_ASSERT(places.size() == 8U);
  for (const LabelBox& place : places) RC_ASSERT(!Overlap(place, {point, 0.8, 0.8, outward}));
  const PaperPoint first = places[0].centre;
  const double along =
      (first.x_mm - point.x_mm) * std::cos(outward) + (first.y_mm - point.y_mm) * std::sin(outward);
  RC_ASSERT(along > 0);
}

TEST(LabelGroundTest, PlacesWithinAreWithinAndTheDeepestIsFirst) {
  const std::vector<Path> ring_with_hole = {{{0, 0}, {40, 0}, {40, 40}, {0, 40}},
                                            {{5, 5}, {25, 5}, {25, 35}, {5, 35}}};
  const auto places = PlacesWithin(ring_with_hole, {{}, 4, 2, 0});
  ASSERT_FALSE(places.empty());
  EXPECT_GT(places.front().centre.x_mm, 30) << "the wide side of the hole";
  for (const LabelBox& place : places) {
    const auto [x, y] = place.centre;
    EXPECT_FALSE(x > 5 && x < 25 && y > 5 && y < 35);
  }
  EXPECT_TRUE(LiesWithin(places.front(), ring_with_hole));
  EXPECT_FALSE(LiesWithin({{15, 20}, 4, 2, 0}, ring_with_hole)) << "in the hole";
}

TEST(LabelGroundTest, ARingIsClippedToTheBox) {
  const Path ring = {{-10, -10}, {50, -10}, {50, 50}, {-10, 50}};
  const Path all = ClippedRing(ring, {0, 0, 20, 20});
  ASSERT_EQ(all.size(), 4U);
  for (const PaperPoint& p : all) EXPECT_TRUE((PaperBox{0, 0, 20, 20}.Contains(p)));
  EXPECT_TRUE(ClippedRing(ring, {60, 60, 70, 70}).empty());
}

}  // namespace
}  // namespace landbook::sheet
