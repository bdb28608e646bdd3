#include "geo/geos_bridge.h"

#include <thread>

#include "geo/boundary_testing.h"
#include "gtest/gtest.h"

namespace landbook::geo {
namespace {

constexpr Vertex kOrigin{5'000'000'000, 41'000'000'000};

Shape ShapeOf(const Boundary& boundary, Vertex origin = {0, 0}) {
  absl::StatusOr<Shape> shape = Shape::Of(boundary, origin);
  EXPECT_TRUE(shape.ok()) << shape.status();
  return *std::move(shape);
}

Shape RectangleShape(const Box& box) { return ShapeOf(BoundaryOf({Rectangle(box)})); }

TEST(GeosBridgeTest, AreaOfPartsAndHoles) {
  const Boundary boundary =
      WithPart(BoundaryOf({Rectangle({0, 0, 30, 30}), Rectangle({10, 10, 20, 20})}),
               {Rectangle({40, 0, 50, 10})});
  const Shape shape = ShapeOf(boundary);
  EXPECT_EQ(shape.area_steps2(), 900);
  EXPECT_EQ(shape.Parts()->size(), 2U);
  EXPECT_EQ(shape.ToBoundary()->ring_count(), 3U);
  EXPECT_EQ(shape.ToBoundary()->part_count(), 2U);
}

TEST(GeosBridgeTest, CommonRestAndUnion) {
  const Shape a = RectangleShape({0, 0, 10, 10});
  const Shape b = RectangleShape({5, 5, 15, 15});
  EXPECT_EQ(a.Intersection(b)->area_steps2(), 25);
  EXPECT_EQ(a.Difference(b)->area_steps2(), 75);
  EXPECT_EQ(a.Union(b)->area_steps2(), 175);
}

TEST(GeosBridgeTest, LinesAndPointsInCommonAreNoArea) {
  const Shape a = RectangleShape({0, 0, 10, 10});
  EXPECT_TRUE(a.Intersection(RectangleShape({10, 0, 20, 10}))->empty());
  EXPECT_TRUE(a.Intersection(RectangleShape({10, 10, 20, 20}))->empty());
  EXPECT_TRUE(a.Intersection(RectangleShape({30, 0, 40, 10}))->empty());
}

TEST(GeosBridgeTest, ComesBackOnThePlaneWhereItWas) {
  const Box box{kOrigin.x, kOrigin.y, kOrigin.x + 7, kOrigin.y + 9};
  const Shape shape = ShapeOf(BoundaryOf({Rectangle(box)}), kOrigin);
  EXPECT_EQ(shape.ToBoundary()->vertices, Rectangle(box));
  EXPECT_TRUE(box.Contains(shape.SomeVertex()));
}

TEST(GeosBridgeTest, ShrinkingUntilNothingIsLeft) {
  const Shape sliver = RectangleShape({0, 0, 100'000, 10});
  EXPECT_EQ(sliver.Shrunk(4)->ToBoundary()->Bounds(), (Box{4, 4, 99'996, 6}));
}

TEST(GeosBridgeTest, NothingHasNoBoundary) {
  const Shape a = RectangleShape({0, 0, 10, 10});
  EXPECT_FALSE(a.Difference(a)->ToBoundary().ok());
}

TEST(GeosBridgeTest, InsidesMeetOrDoNot) {
  const Shape a = RectangleShape({0, 0, 10, 10});
  const Shape beside = RectangleShape({10, 0, 20, 10});
  const Shape within = RectangleShape({2, 2, 5, 5});
  EXPECT_FALSE(*a.MeetsInside(beside));
  EXPECT_TRUE(*a.MeetsOutside(beside));
  EXPECT_TRUE(*a.MeetsInside(within));
  EXPECT_TRUE(*a.MeetsOutside(within));
  EXPECT_FALSE(*within.MeetsOutside(a));
}

TEST(GeosBridgeTest, TheRingsOfAShapeCountFromItsOrigin) {
  const Boundary frame =
      BoundaryOf({Rectangle({100, 100, 200, 200}), Rectangle({140, 140, 150, 150})});
  const absl::StatusOr<Shape> shape = Shape::Of(frame, {100, 100});
  const absl::StatusOr<std::vector<RealRings>> polygons = shape->Polygons();
  ASSERT_EQ(polygons->size(), 1U);
  ASSERT_EQ((*polygons)[0].size(), 2U);
  for (const RealPoint& p : (*polygons)[0][1]) EXPECT_TRUE(p.x == 40 || p.x == 50) << p.x;
}

TEST(GeosBridgeTest, GroundAroundALine) {
  const absl::StatusOr<Shape> around = Shape::Around({100, 100}, {200, 100}, 10, {100, 100});
  EXPECT_NEAR(around->area_steps2(), 100 * 20 + M_PI * 100, 0.1);
  EXPECT_EQ(around->ToBoundary()->Bounds(), (Box{90, 90, 210, 110}));
  EXPECT_FALSE(Shape::OfRing(std::vector<RealPoint>{{0, 0}, {1, 1}}, {}).ok());
}

TEST(GeosBridgeTest, RefusesWhatHasNoArea) {
  EXPECT_EQ(Shape::Of(Boundary(), {}).status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(Shape::Of(BoundaryOf({{{0, 0}, {1, 1}}}), {}).status().message(),
            "ring 0 has 2 vertices; an area needs at least 3 in each ring");
}

TEST(GeosBridgeTest, ValidityIsThatOfOgc) {
  EXPECT_TRUE(*RectangleShape({0, 0, 10, 10}).Valid());
  EXPECT_FALSE(*ShapeOf(BoundaryOf({{{0, 0}, {10, 10}, {10, 0}, {0, 10}}})).Valid());
}

TEST(GeosBridgeTest, FailuresOfGeosComeBackInItsWords) {
  // GEOS cannot overlay a boundary that crosses itself.
  const Shape bow_tie =
      ShapeOf(BoundaryOf({{{0, 0}, {10, 10}, {10, 0}, {0, 10}, {0, 4}, {20, 4}, {20, 2}}}));
  const auto common = bow_tie.Intersection(RectangleShape({0, 3, 20, 20}));
  ASSERT_FALSE(common.ok());
  EXPECT_EQ(common.status().code(), absl::StatusCode::kInternal);
  EXPECT_NE(common.status().message().find("TopologyException"), absl::string_view::npos);
}

TEST(GeosBridgeTest, ShapesPassBetweenThreads) {
  absl::StatusOr<Shape> shape = absl::InternalError("not made");
  std::thread([&shape] { shape = Shape::Of(BoundaryOf({Rectangle({0, 0, 10, 10})}), {}); }).join();
  ASSERT_TRUE(shape.ok());
  EXPECT_EQ(shape->Intersection(RectangleShape({5, 0, 10, 10}))->area_steps2(), 50);
}

TEST(GeosBridgeTest, SaysItsVersion) { EXPECT_EQ(GeosVersion().rfind("3.", 0), 0U); }

}  // namespace
}  // namespace landbook::geo
