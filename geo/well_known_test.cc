#include "geo/well_known.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <cmath>
#include <string>
#include <utility>
#include <vector>

#include "geo/boundary_testing.h"
#include "geo/normalise.h"

namespace landbook::geo {
namespace {

using ::testing::HasSubstr;

std::string FromHex(const std::string& hex) {
  std::string bytes;
  for (std::size_t i = 0; i + 1 < hex.size(); i += 2) {
    bytes += static_cast<char>(std::stoi(hex.substr(i, 2), nullptr, 16));
  }
  return bytes;
}

// The text that is written for what `text` means; the refusal when it is refused.
std::string Again(std::string_view text) {
  const absl::StatusOr<RawBoundary> raw = RawFromWkt(text);
  if (!raw.ok()) return std::string(raw.status().message());
  return WktOf(Normalise(*raw).boundary);
}

TEST(WktTest, WritesMetresExactly) {
  EXPECT_EQ(
      WktOf(BoundaryOf({{{-1, 0}, {10'000, 0}, {395'908'262'575, 40'755'426'937}}})),
      "POLYGON ((-0.0001 0.0000, 1.0000 0.0000, 39590826.2575 4075542.6937, -0.0001 0.0000))");
  EXPECT_EQ(WktOf(Boundary()), "POLYGON EMPTY");
}

TEST(WktTest, ReadsWhatOthersWrite) {
  const std::string square =
      "POLYGON ((0.0000 0.0000, 1.0000 0.0000, 1.0000 1.0000, 0.0000 0.0000))";
  EXPECT_EQ(Again("POLYGON((0 0,1 0,1 1,0 0))"), square);
  EXPECT_EQ(Again("  polygon  ( ( 0 0 , 1e0 0 , +1. 1.0 , 0 -0 ) ) \n"), square);
  EXPECT_EQ(Again("POLYGON Z ((0 0 5, 1 0 5, 1 1 5, 0 0 5))"), square);
  EXPECT_EQ(Again("POLYGONZ((0 0 5,1 0 5,1 1 5,0 0 5))"), square);
  EXPECT_EQ(Again("POLYGON M ((0 0 5, 1 0 5, 1 1 5, 0 0 5))"), square);
  EXPECT_EQ(Again("POLYGON ZM ((0 0 5 6, 1 0 5 6, 1 1 5 6, 0 0 5 6))"), square);
  EXPECT_EQ(Again("POLYGON ((0 0 5, 1 0 5, 1 1 5, 0 0 5))"), square);
  EXPECT_EQ(Again("MULTIPOLYGON (((0 0, 1 0, 1 1, 0 0)), EMPTY)"), square);
  EXPECT_EQ(Again("POLYGON EMPTY"), "POLYGON EMPTY");
  EXPECT_EQ(Again("MULTIPOLYGON Z EMPTY"), "POLYGON EMPTY");
}

TEST(WktTest, KeepsEveryVertexDelivered) {
  EXPECT_EQ(RawFromWkt("POLYGON ((0 0, 0 0, 1 0, 1 1))")->vertices.size(), 4U);
  EXPECT_TRUE(std::isnan(RawFromWkt("POLYGON ((nan 0, 1 0, 1 1, 0 0))")->vertices[0].x));
  EXPECT_TRUE(std::isinf(RawFromWkt("POLYGON ((1e999 0, 1 0, 1 1, 0 0))")->vertices[0].x));
  EXPECT_EQ(RawFromWkt("POLYGON ((1e-999 0, 1 0, 1 1, 0 0))")->vertices[0].x, 0);
}

TEST(WktTest, RefusesWithThePlace) {
  EXPECT_THAT(Again(""), HasSubstr("POLYGON or MULTIPOLYGON was wanted"));
  EXPECT_THAT(Again("POINT (1 2)"), HasSubstr("POLYGON or MULTIPOLYGON was wanted"));
  EXPECT_THAT(Again("POLYGONE ((0 0, 1 0, 1 1, 0 0))"), HasSubstr("POLYGON or MULTIPOLYGON"));
  EXPECT_THAT(Again("SRID=4548;POLYGON ((0 0, 1 0, 1 1, 0 0))"), HasSubstr("EWKT"));
  EXPECT_THAT(Again("POLYGON (0 0, 1 0, 1 1, 0 0)"), HasSubstr("'(' was wanted at character 10"));
  EXPECT_THAT(Again("POLYGON ((0 0, 1 0, 1 1, 0 0)"), HasSubstr("')' was wanted"));
  EXPECT_THAT(Again("POLYGON ((0 0, 1 0, 1 1, 0 0)) x"), HasSubstr("nothing more was wanted"));
  EXPECT_THAT(Again("POLYGON ((0 0, 1, 1 1, 0 0))"), HasSubstr("a number was wanted"));
  EXPECT_THAT(Again("POLYGON ((0 0, 1 0x, 1 1, 0 0))"), HasSubstr("a number was wanted"));
  EXPECT_THAT(Again("POLYGON ((0 0, 1 +-1, 1 1, 0 0))"), HasSubstr("a number was wanted"));
  EXPECT_THAT(Again("POLYGON Z ((0 0, 1 0, 1 1, 0 0))"), HasSubstr("a vertex of 3 numbers"));
  EXPECT_THAT(Again("POLYGON ((0 0 1 1 1, 1 0, 1 1, 0 0))"), HasSubstr("')' was wanted"));
}

const char kTriangleHex[] =
    "0103000000010000000400000000000000000000000000000000000000000000000000f03f0000000000000000"
    "000000000000f03f000000000000f03f00000000000000000000000000000000";

TEST(WkbTest, WritesLittleEndian) {
  EXPECT_EQ(WkbOf(BoundaryOf({{{0, 0}, {10'000, 0}, {10'000, 10'000}}})), FromHex(kTriangleHex));
  EXPECT_EQ(WkbOf(Boundary()), FromHex("010300000000000000"));
}

TEST(WkbTest, ReadsBothByteOrdersAndDropsZAndM) {
  const RawBoundary triangle = *RawFromWkb(FromHex(kTriangleHex));
  const std::string zero = "0000000000000000";
  const std::string one = "3ff0000000000000";
  EXPECT_EQ(*RawFromWkb(FromHex("00000000030000000100000004" + zero + zero + one + zero + one +
                                one + zero + zero)),
            triangle);
  const std::string z = "4014000000000000";
  for (const char* type : {"000003eb", "000007d3"}) {
    EXPECT_EQ(*RawFromWkb(FromHex("00" + std::string(type) + "0000000100000004" + zero + zero + z +
                                  one + zero + z + one + one + z + zero + zero + z)),
              triangle);
  }
  EXPECT_EQ(*RawFromWkb(FromHex("0000000bbb0000000100000001" + one + zero + z + z)),
            *RawFromWkt("POLYGON ((1 0))"));
}

std::string WkbRefusal(const std::string& hex) {
  const absl::StatusOr<RawBoundary> raw = RawFromWkb(FromHex(hex));
  return raw.ok() ? "accepted" : std::string(raw.status().message());
}

TEST(WkbTest, RefusesByName) {
  EXPECT_THAT(WkbRefusal(""), HasSubstr("truncated"));
  EXPECT_THAT(WkbRefusal("0203000000"), HasSubstr("unknown byte order 2"));
  EXPECT_THAT(WkbRefusal("0101000000"), HasSubstr("geometry of kind 1"));
  EXPECT_THAT(WkbRefusal("0103000020e6100000"), HasSubstr("EWKB"));
  EXPECT_THAT(WkbRefusal("01a30f0000"), HasSubstr("unknown dimensions"));
  EXPECT_THAT(WkbRefusal("0103000000ffffffff"), HasSubstr("larger than the bytes left"));
  EXPECT_THAT(WkbRefusal("010300000001000000ffffff0f"), HasSubstr("larger than the bytes left"));
  EXPECT_THAT(WkbRefusal(std::string(kTriangleHex) + "00"), HasSubstr("left over"));
  EXPECT_THAT(WkbRefusal("010600000001000000"
                         "010600000000000000"),
              HasSubstr("not a polygon"));
}

TEST(WkbTest, EveryTruncationIsRefused) {
  const std::string bytes = FromHex(kTriangleHex);
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    EXPECT_FALSE(RawFromWkb(std::string_view(bytes).substr(0, size)).ok()) << size;
  }
}

// Rings that can be kept: three or more different vertices, none repeating the one before.
Boundary AnyBoundary() {
  const int parts = *rc::gen::inRange(0, 4);
  Boundary boundary;
  for (int part = 0; part < parts; ++part) {
    std::vector<std::vector<Vertex>> rings(*rc::gen::inRange<std::size_t>(1, 4));
    for (std::vector<Vertex>& ring : rings) {
      const auto xs = *rc::gen::unique<std::vector<std::int64_t>>(
          *rc::gen::inRange<std::size_t>(3, 8),
          rc::gen::inRange<std::int64_t>(-kCoordinateMax, kCoordinateMax + 1));
      for (const std::int64_t x : xs) {
        ring.push_back({x, *rc::gen::inRange<std::int64_t>(-kCoordinateMax, kCoordinateMax + 1)});
      }
    }
    boundary = WithPart(std::move(boundary), rings);
  }
  return boundary;
}

RC_GTEST_PROP(WellKnownTest, ComesBackThroughText, ()) {
  const Boundary boundary = AnyBoundary();
  const PlaneBoundary plane = Normalise(*RawFromWkt(WktOf(boundary)));
  RC_ASSERT(plane.boundary == boundary);
  RC_ASSERT(plane.faults.empty());
}

RC_GTEST_PROP(WellKnownTest, ComesBackThroughBinary, ()) {
  const Boundary boundary = AnyBoundary();
  const PlaneBoundary plane = Normalise(*RawFromWkb(WkbOf(boundary)));
  RC_ASSERT(plane.boundary == boundary);
  RC_ASSERT(plane.faults.empty());
}

}  // namespace
}  // namespace landbook::geo
