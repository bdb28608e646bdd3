#include "geo/formats/ring_nesting.h"

#include <algorithm>
#include <vector>

#include "gtest/gtest.h"

namespace landbook::geo {
namespace {

// A closed square ring with its lower left corner at (x, y), clockwise or the other way.
std::vector<RawVertex> Square(double x, double y, double side, bool clockwise) {
  std::vector<RawVertex> ring = {
      {x, y}, {x, y + side}, {x + side, y + side}, {x + side, y}, {x, y}};
  if (!clockwise) std::reverse(ring.begin(), ring.end());
  return ring;
}

RawBoundary Flat(const std::vector<std::vector<RawVertex>>& rings) {
  RawBoundary flat;
  for (const auto& ring : rings) {
    flat.vertices.insert(flat.vertices.end(), ring.begin(), ring.end());
    flat.EndRing();
  }
  return flat;
}

using Ends = std::vector<std::uint32_t>;

TEST(NestRingsTest, OneRingIsAShellWhicheverWayItRuns) {
  EXPECT_EQ(NestRings(Flat({Square(0, 0, 9, true)})).part_ends, Ends({1}));
  EXPECT_EQ(NestRings(Flat({Square(0, 0, 9, false)})).part_ends, Ends({1}));
}

TEST(NestRingsTest, AHoleRunsTheOtherWayThanItsShell) {
  for (const bool clockwise : {true, false}) {
    const auto shell = Square(0, 0, 9, clockwise);
    const auto hole = Square(1, 1, 2, !clockwise);
    EXPECT_EQ(NestRings(Flat({shell, hole})).part_ends, Ends({2}));
    EXPECT_EQ(NestRings(Flat({hole, shell})).vertices, NestRings(Flat({shell, hole})).vertices);
  }
}

TEST(NestRingsTest, ARingThatRunsAsTheOneAroundItIsAShellOfItsOwn) {
  EXPECT_EQ(NestRings(Flat({Square(0, 0, 9, true), Square(1, 1, 2, true)})).part_ends,
            Ends({1, 2}));
}

TEST(NestRingsTest, AnIslandInAHoleIsAPartAndHolesStayWithTheirShells) {
  const RawBoundary nested =
      NestRings(Flat({Square(0, 0, 20, true), Square(30, 0, 9, true), Square(2, 2, 12, false),
                      Square(31, 1, 2, false), Square(4, 4, 6, true)}));
  EXPECT_EQ(nested.part_ends, Ends({2, 4, 5}));
  EXPECT_EQ(nested.Ring(1)[0], Square(2, 2, 12, false)[0]);
  EXPECT_EQ(nested.Ring(3)[0], Square(31, 1, 2, false)[0]);
}

TEST(NestRingsTest, AHoleThatTouchesItsShellIsStillItsHole) {
  EXPECT_EQ(NestRings(Flat({Square(0, 0, 9, true), Square(0, 0, 3, false)})).part_ends, Ends({2}));
}

TEST(NestRingsTest, KeepsEveryVertexOfRingsThatAreNone) {
  const RawBoundary nested = NestRings(Flat({{}, {{1, 1}}, Square(0, 0, 9, true)}));
  EXPECT_EQ(nested.ring_ends.size(), 3U);
  EXPECT_EQ(nested.vertices.size(), 6U);
}

}  // namespace
}  // namespace landbook::geo
