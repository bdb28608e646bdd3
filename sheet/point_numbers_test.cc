#include "sheet/point_numbers.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>

#include "geo/area.h"
#include "geo/exact.h"
#include "sheet/sheet_testing.h"

namespace landbook::sheet {
namespace {

std::vector<geo::Vertex> PlacesOf(const NumberedRing& ring) {
  std::vector<geo::Vertex> places;
  for (const NumberedPoint& point : ring.points) places.push_back(point.place);
  return places;
}

TEST(PointNumbersTest, NumbersRunClockwiseFromTheNorthWest) {
  const Ring square = {{0, 0}, {10, 0}, {10, 8}, {0, 8}};
  const std::vector<geo::Vertex> expected = {{0, 80'000}, {100'000, 80'000}, {100'000, 0}, {0, 0}};
  for (const bool reversed : {false, true}) {
    Ring ring = square;
    if (reversed) std::reverse(ring.begin(), ring.end());
    for (std::size_t turned = 0; turned < ring.size(); ++turned) {
      std::rotate(ring.begin(), ring.begin() + 1, ring.end());
      const auto rings = NumberPoints(BoundaryOf({ring}));
      ASSERT_EQ(rings.size(), 1U);
      EXPECT_EQ(PlacesOf(rings[0]), expected);
      EXPECT_EQ(rings[0].points[3].number, "J4");
      EXPECT_EQ(rings[0].points[0].side_hundredths_m, 1000);
      EXPECT_EQ(rings[0].points[1].side_hundredths_m, 800);
    }
  }
}

TEST(PointNumbersTest, OfTwoCornersEquallyNorthWestTheNorthernIsFirst) {
  const auto rings = NumberPoints(BoundaryOf({{{0, 5}, {5, 10}, {10, 5}, {5, 0}}}));
  EXPECT_EQ(rings[0].points[0].place, (geo::Vertex{50'000, 100'000}));
}

TEST(PointNumbersTest, HolesGoOnWithTheNumbersTheOtherWayRound) {
  const auto rings = NumberPoints(
      BoundaryOf({{{0, 0}, {0, 30}, {30, 30}, {30, 0}}, {{10, 10}, {10, 20}, {20, 20}, {20, 10}}}));
  ASSERT_EQ(rings.size(), 2U);
  EXPECT_FALSE(rings[0].hole);
  EXPECT_TRUE(rings[1].hole);
  EXPECT_EQ(rings[1].points[0].number, "J5");
  EXPECT_LT(geo::DoubledSignedArea(PlacesOf(rings[0])), 0);
  EXPECT_GT(geo::DoubledSignedArea(PlacesOf(rings[1])), 0);
}

TEST(PointNumbersTest, TheSurveysOwnNumbersStayWithTheirVertices) {
  geo::Boundary boundary =
      BoundaryOf({{{0, 0}, {10, 0}, {10, 8}, {0, 8}}, {{2, 2}, {4, 2}, {4, 4}, {2, 4}}});
  boundary.points = {{1, "A7", 0, 0}, {6, "A9", 0, 0}};
  const auto rings = NumberPoints(boundary);
  EXPECT_EQ(rings[0].points[2].survey_number, "A7");
  EXPECT_EQ(rings[0].points[0].survey_number, "");
  const auto& hole = rings[1].points;
  const auto named = std::find_if(hole.begin(), hole.end(),
                                  [](const auto& point) { return point.survey_number == "A9"; });
  ASSERT_NE(named, hole.end());
  EXPECT_EQ(named->place, (geo::Vertex{40'000, 40'000}));
}

TEST(PointNumbersTest, SidesAreRoundedHalfUpFromTheExactLength) {
  EXPECT_EQ(SideHundredthsM({0, 0}, {49, 0}), 0);
  EXPECT_EQ(SideHundredthsM({0, 0}, {50, 0}), 1);
  EXPECT_EQ(SideHundredthsM({0, 0}, {30'000, 40'000}), 500);
  // The diagonal of one metre is 1.41421356 m.
  EXPECT_EQ(SideHundredthsM({0, 0}, {10'000, 10'000}), 141);
}

RC_GTEST_PROP(PointNumbersTest, ASideIsWithinHalfAHundredthOfItsLength, ()) {
  const auto any = rc::gen::inRange<std::int64_t>(-2'000'000'000, 2'000'000'000);
  const geo::Vertex from{*any, *any};
  const geo::Vertex to{*any, *any};
  const geo::Int128 length = SideHundredthsM(from, to);
  const geo::Int128 squared = geo::SquaredDistance(from, to);
  RC_ASSERT(length == 0 || (100 * length - 50) * (100 * length - 50) <= squared);
  RC_ASSERT(squared < (100 * length + 50) * (100 * length + 50));
}

}  // namespace
}  // namespace landbook::sheet
