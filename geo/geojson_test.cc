#include "geo/geojson.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>
#include <string>

#include "geo/boundary_testing.h"
#include "geo/normalise.h"
#include "geo/well_known.h"

namespace landbook::geo {
namespace {

using ::testing::HasSubstr;

const char kTriangle[] =
    R"({"type":"Polygon","coordinates":[[[0.0000,0.0000],[1.0000,0.0000],[1.0000,-0.0001],[0.0000,0.0000]]]})";

Boundary Triangle() { return BoundaryOf({{{0, 0}, {10'000, 0}, {10'000, -1}}}); }

std::string Refusal(std::string_view text) {
  const absl::StatusOr<RawBoundary> raw = RawFromGeoJson(text);
  return raw.ok() ? "accepted" : std::string(raw.status().message());
}

TEST(GeoJsonTest, WritesMetresExactly) {
  EXPECT_EQ(GeoJsonOf(Triangle()), kTriangle);
  EXPECT_EQ(GeoJsonOf(Boundary()), R"({"type":"Polygon","coordinates":[]})");
}

TEST(GeoJsonTest, ComesBackWithPartsAndHoles) {
  const Boundary boundary =
      WithPart(BoundaryOf({Rectangle({0, 0, 100, 100}), Rectangle({10, 10, 20, 20})}),
               {Rectangle({200, 0, 300, 100})});
  EXPECT_THAT(GeoJsonOf(boundary), HasSubstr("MultiPolygon"));
  EXPECT_EQ(Normalise(*RawFromGeoJson(GeoJsonOf(boundary))).boundary, boundary);
  EXPECT_EQ(Normalise(*RawFromGeoJson(kTriangle)).boundary, Triangle());
  EXPECT_TRUE(RawFromGeoJson(GeoJsonOf(Boundary()))->empty());
}

TEST(GeoJsonTest, WritesDegreesWithTheDecimalsAskedFor) {
  const RawBoundary raw = *RawFromWkt("POLYGON ((118.0178 36.8, 118.01780000049 36.8, 118.1 37))");
  EXPECT_EQ(*GeoJsonOf(raw, 9), R"({"type":"Polygon","coordinates":[[[118.017800000,36.800000000],)"
                                R"([118.017800000,36.800000000],[118.100000000,37.000000000]]]})");
}

TEST(GeoJsonTest, RefusesToWriteWhatJsonCannotSay) {
  RawBoundary raw;
  raw.vertices = {{std::numeric_limits<double>::infinity(), 0}};
  raw.EndRing();
  raw.EndPart();
  EXPECT_FALSE(GeoJsonOf(raw, 4).ok());
  raw.vertices[0].x = std::numeric_limits<double>::quiet_NaN();
  EXPECT_FALSE(GeoJsonOf(raw, 4).ok());
}

TEST(GeoJsonTest, ReadsMembersInAnyOrderAndDropsHeights) {
  EXPECT_EQ(*RawFromGeoJson(R"( { "bbox" : [0,0,1,1], "coordinates" : [ [ [0, 0, 7], [1e0, 0, 7],
                               [1, -0.0001, 7.5], [0,0,7] ] ] , "type" : "Polygon" } )"),
            *RawFromGeoJson(kTriangle));
}

TEST(GeoJsonTest, RefusesWithThePlace) {
  EXPECT_THAT(Refusal(""), HasSubstr("'{' was wanted at byte 1"));
  EXPECT_THAT(Refusal(R"({"type":"Point","coordinates":[0,0]})"), HasSubstr("Polygon or Multi"));
  EXPECT_THAT(Refusal(R"({"type":"Polygon"})"), HasSubstr("\"coordinates\" was wanted"));
  EXPECT_THAT(Refusal(R"({"type":"Polygon","crs":{},"coordinates":[]})"), HasSubstr("\"bbox\""));
  EXPECT_THAT(Refusal(R"({"type":"Polygon","coordinates":[[[0,0],[1]]]})"), HasSubstr("','"));
  EXPECT_THAT(Refusal(R"({"type":"Polygon","coordinates":[[0,0]]})"), HasSubstr("'['"));
  EXPECT_THAT(Refusal(R"({"type":"Polygon","coordinates":[[[nan,0]]]})"), HasSubstr("a number"));
  EXPECT_THAT(Refusal(R"({"type":"Polygon","coordinates":[[["0",0]]]})"), HasSubstr("a number"));
  EXPECT_THAT(Refusal(R"({"type":"Polygon","coordinates":[[[0,0]]})"), HasSubstr("']'"));
  EXPECT_THAT(Refusal(std::string(kTriangle) + "x"), HasSubstr("nothing more"));
}

TEST(GeoJsonTest, EveryTruncationIsRefused) {
  const std::string text = kTriangle;
  for (std::size_t size = 0; size < text.size(); ++size) {
    EXPECT_FALSE(RawFromGeoJson(std::string_view(text).substr(0, size)).ok()) << size;
  }
}

}  // namespace
}  // namespace landbook::geo
