#include "geo/largest_circle.h"

#include <cmath>

#include "geo/boundary_coverage_testing.h"
#include "geo/boundary_testing.h"
#include "geo/reference_check_testing.h"
#include "gtest/gtest.h"
#include "rapidcheck/gtest.h"

namespace landbook::geo {
namespace {

Shape ShapeOf(const Boundary& boundary) { return *Shape::Of(boundary, boundary.vertices[0]); }

InscribedCircle WidestOf(const std::vector<std::vector<Vertex>>& rings) {
  return *WidestPlace(ShapeOf(BoundaryOf(rings)));
}

TEST(LargestCircleTest, OfARectangleAsWideAsItsShortSide) {
  const InscribedCircle circle = WidestOf({Rectangle({0, 0, 100'000, 3'000})});
  EXPECT_NEAR(circle.diameter_steps, 3'000, 0.02);
  EXPECT_NEAR(static_cast<double>(circle.centre.y), 1'500, 1);
}

// A right-angled triangle of 3 : 4 : 5 holds a circle of radius 1.
TEST(LargestCircleTest, OfATriangle) {
  const InscribedCircle circle = WidestOf({{{0, 0}, {30'000, 0}, {0, 40'000}}});
  EXPECT_NEAR(circle.diameter_steps, 20'000, 0.02);
  EXPECT_NEAR(static_cast<double>(circle.centre.x), 10'000, 1);
  EXPECT_NEAR(static_cast<double>(circle.centre.y), 10'000, 1);
}

// GEOS's shrinking calls this one 2,803 steps wide.
TEST(LargestCircleTest, OfALongThinTriangle) {
  const InscribedCircle circle = WidestOf({{{0, 0}, {2'868, 0}, {-8'911, 68'000}}});
  const double perimeter = 2'868 + std::hypot(2'868 + 8'911, 68'000) + std::hypot(8'911, 68'000);
  EXPECT_NEAR(circle.diameter_steps, 2 * 2'868.0 * 68'000 / perimeter, 0.02);
}

// The circle of a plus sign touches its four inward corners and no edge.
TEST(LargestCircleTest, BetweenInwardCorners) {
  const InscribedCircle circle = WidestOf({{{-100, -500},
                                            {100, -500},
                                            {100, -100},
                                            {500, -100},
                                            {500, 100},
                                            {100, 100},
                                            {100, 500},
                                            {-100, 500},
                                            {-100, 100},
                                            {-500, 100},
                                            {-500, -100},
                                            {-100, -100}}});
  EXPECT_NEAR(circle.diameter_steps, 200 * std::sqrt(2), 0.02);
  EXPECT_EQ(circle.centre, (Vertex{0, 0}));
}

TEST(LargestCircleTest, BesideAHole) {
  const InscribedCircle circle =
      WidestOf({Rectangle({0, 0, 10'000, 10'000}), Rectangle({1'000, 1'000, 7'000, 9'000})});
  EXPECT_NEAR(circle.diameter_steps, 3'000, 0.02);
  EXPECT_NEAR(static_cast<double>(circle.centre.x), 8'500, 1);
}

TEST(LargestCircleTest, OfTheWidestPartAndOfEqualOnesTheLeast) {
  const Boundary parts = WithPart(WithPart(BoundaryOf({Rectangle({9'000, 0, 9'100, 100})}),
                                           {Rectangle({5'000, 0, 5'300, 300})}),
                                  {Rectangle({1'000, 0, 1'300, 300})});
  const InscribedCircle circle = *WidestPlace(ShapeOf(parts));
  EXPECT_NEAR(circle.diameter_steps, 300, 0.02);
  EXPECT_EQ(circle.centre, (Vertex{1'150, 150}));
}

TEST(LargestCircleTest, OfNothing) {
  const Shape a = ShapeOf(BoundaryOf({Rectangle({0, 0, 10, 10})}));
  EXPECT_EQ(WidestPlace(*a.Difference(a))->diameter_steps, 0);
  EXPECT_FALSE(*WiderThan(*a.Difference(a), 0));
  EXPECT_TRUE(*WiderThan(a, 0));
}

TEST(LargestCircleTest, WiderIsExclusive) {
  const Shape sliver = ShapeOf(BoundaryOf({Rectangle({0, 0, 100'000, 10})}));
  EXPECT_TRUE(*WiderThan(sliver, 9));
  EXPECT_FALSE(*WiderThan(sliver, 10));
  const Shape turned = ShapeOf(BoundaryOf({{{0, 0}, {40'000, 30'000}, {39'994, 30'008}, {-6, 8}}}));
  EXPECT_TRUE(*WiderThan(turned, 9));
  EXPECT_FALSE(*WiderThan(turned, 10));
}

// An unmatched junction, half a step off its edge.
TEST(LargestCircleTest, OfATriangleWithoutThickness) {
  const Shape shape =
      ShapeOf(BoundaryOf({{{103'790, -192'717}, {151'840, -187'293}, {199'891, -181'869}}}));
  EXPECT_LT(WidestPlace(shape)->diameter_steps, 0.1);
  EXPECT_FALSE(*WiderThan(shape, 1));
  EXPECT_FALSE(*WiderThan(shape, 10));
}

// A ring around the origin with a vertex in each direction, as far out as comes.
std::vector<Vertex> Star(TestNumbers* numbers, int corners) {
  std::vector<Vertex> ring;
  for (int i = 0; i < corners; ++i) {
    const double angle = 2 * M_PI * i / corners;
    const auto out = static_cast<double>(numbers->Between(1'000, 50'000));
    ring.push_back({std::llround(out * std::cos(angle)), std::llround(out * std::sin(angle))});
  }
  return ring;
}

// Both sides of the answer, by taking away the ground around each side.
RC_GTEST_PROP(LargestCircleTest, NothingIsLeftBeyondItAndSomethingJustBefore, ()) {
  TestNumbers numbers(*rc::gen::inRange<std::uint64_t>(0, 1'000'000));
  const auto corners = *rc::gen::inRange(3, 14);
  const Shape shape = ShapeOf(BoundaryOf({Star(&numbers, corners)}));
  const double radius = WidestPlace(shape)->diameter_steps / 2;
  RC_ASSERT(!*ReferenceLeavesSomething(shape, radius + 0.5 + 1e-4 * radius));
  RC_ASSERT(*ReferenceLeavesSomething(shape, radius - 0.5));
  RC_ASSERT(*WiderThan(shape, static_cast<std::int64_t>(2 * radius) - 1));
  // The diameter is told to a hundredth of a step.
  RC_ASSERT(!*WiderThan(shape, static_cast<std::int64_t>(2 * radius + 0.01) + 1));
}

}  // namespace
}  // namespace landbook::geo
