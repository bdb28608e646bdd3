#include "geo/common_ground.h"

#include <algorithm>
#include <cmath>
#include <string>

#include "fmt/format.h"
#include "geo/boundary_check.h"
#include "geo/boundary_coverage_testing.h"
#include "geo/boundary_testing.h"
#include "gtest/gtest.h"
#include "rapidcheck/gtest.h"

namespace landbook::geo {
namespace {

// One ring with coordinates in few places, so that vertices and edges meet all the time.
Boundary AnySoundRing(TestNumbers* numbers, std::int64_t extent) {
  while (true) {
    std::vector<Vertex> ring;
    for (std::int64_t count = numbers->Between(3, 8); count > 0; --count) {
      ring.push_back({100 * numbers->Between(0, extent), 100 * numbers->Between(0, extent)});
    }
    Boundary boundary = BoundaryOf({ring});
    Subject subject;
    subject.boundary = &boundary;
    if (Sound(CheckAlone(subject, Tolerances(), nullptr))) return boundary;
  }
}

std::vector<RealRings> ByGeos(const Boundary& a, const Boundary& b, Vertex origin) {
  return *Shape::Of(a, origin)->Intersection(*Shape::Of(b, origin))->Polygons();
}

bool Near(RealPoint p, RealPoint q) {
  return std::abs(p.x - q.x) < 1e-6 && std::abs(p.y - q.y) < 1e-6;
}

// The same parts in any order, each the same points in one order from the same one on.
bool SameParts(const std::vector<RealRings>& traced, const std::vector<RealRings>& expected) {
  return traced.size() == expected.size() &&
         std::all_of(traced.begin(), traced.end(), [&expected](const RealRings& part) {
           return std::any_of(expected.begin(), expected.end(), [&part](const RealRings& other) {
             return other.size() == 1 && std::equal(part[0].begin(), part[0].end(),
                                                    other[0].begin(), other[0].end(), Near);
           });
         });
}

std::string TextOf(const std::vector<RealRings>& parts) {
  std::string text;
  for (const RealRings& part : parts) {
    for (const RealPoint& p : part[0]) text += fmt::format(" {:.9g},{:.9g}", p.x, p.y);
    text += ";";
  }
  return text;
}

// A plot that is a rectangle along the axes goes another way in GEOS.
bool IsRectangle(const Boundary& boundary) {
  const Box box = boundary.Bounds();
  return std::all_of(boundary.vertices.begin(), boundary.vertices.end(), [&box](Vertex v) {
    return (v.x == box.min_x || v.x == box.max_x) && (v.y == box.min_y || v.y == box.max_y);
  });
}

RC_GTEST_PROP(CommonGroundTest, IsWhatGeosTells, ()) {
  TestNumbers numbers(*rc::gen::inRange<std::uint64_t>(0, 1'000'000));
  const auto extent = *rc::gen::element<std::int64_t>(4, 8, 1'000);
  const Boundary a = AnySoundRing(&numbers, extent);
  const Boundary b = AnySoundRing(&numbers, extent);
  RC_PRE(!IsRectangle(a) && !IsRectangle(b));
  const Vertex origin = a.vertices[0];
  const auto traced = TraceCommonGround(BoundaryEdges(&a), BoundaryEdges(&b), origin);
  RC_CLASSIFY(traced.has_value());
  if (!traced.has_value()) return;
  const std::vector<RealRings> expected = ByGeos(a, b, origin);
  if (!SameParts(*traced, expected)) RC_FAIL(TextOf(*traced) + " |" + TextOf(expected));
}

TEST(CommonGroundTest, SliversAreTraced) {
  // A side that laps over the neighbour between two corners that both have.
  const Boundary a = BoundaryOf({{{0, 0}, {0, 400}, {402, 400}, {404, 200}, {400, 0}}});
  const Boundary b = BoundaryOf({{{400, 0}, {401, 200}, {402, 400}, {800, 400}, {800, 0}}});
  const auto traced = TraceCommonGround(BoundaryEdges(&a), BoundaryEdges(&b), {0, 0});
  ASSERT_TRUE(traced.has_value());
  ASSERT_EQ(traced->size(), 1U);
  EXPECT_DOUBLE_EQ(AreaOf(traced->front()), 600);
  EXPECT_TRUE(SameParts(*traced, ByGeos(a, b, {0, 0})));
}

TEST(CommonGroundTest, WhatIsNotOfTheCommonKindIsLeftToGeos) {
  const Boundary square = BoundaryOf({{{0, 0}, {0, 100}, {100, 101}, {100, 0}}});
  const auto traced = [&square](const Boundary& other) {
    return TraceCommonGround(BoundaryEdges(&square), BoundaryEdges(&other), {0, 0}).has_value();
  };
  EXPECT_TRUE(traced(BoundaryOf({{{50, 50}, {150, 50}, {150, 90}, {50, 95}}}))) << "crossing";
  EXPECT_TRUE(traced(square)) << "the same";
  EXPECT_TRUE(traced(BoundaryOf({{{0, 0}, {0, 50}, {50, 0}}}))) << "in a corner of it";
  EXPECT_FALSE(traced(BoundaryOf({{{10, 10}, {20, 10}, {20, 20}, {10, 25}}}))) << "inside";
  EXPECT_FALSE(traced(BoundaryOf({{{200, 0}, {300, 0}, {300, 90}}}))) << "apart";
  EXPECT_FALSE(traced(BoundaryOf({{{100, 0}, {100, 101}, {300, 90}}}))) << "beside it";
  EXPECT_FALSE(traced(BoundaryOf({{{50, 0}, {0, 50}, {50, 50}}}))) << "inside, touching";
  EXPECT_FALSE(traced(
      BoundaryOf({{{50, 50}, {150, 50}, {150, 90}, {50, 95}}, {{110, 60}, {120, 60}, {120, 70}}})))
      << "a hole";
}

TEST(CommonGroundTest, AreasAreThoseOfShellsWithoutHoles) {
  EXPECT_DOUBLE_EQ(AreaOf({{{0, 0}, {0, 10}, {10, 10}, {10, 0}}, {{1, 1}, {3, 1}, {3, 3}}}), 98);
  EXPECT_DOUBLE_EQ(AreaOf({}), 0);
}

}  // namespace
}  // namespace landbook::geo
