#include "services/registry/boundary_decode.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>
#include <string>

#include "geo/compact.h"
#include "geo/well_known.h"
#include "services/registry/plot_testing.h"

namespace landbook::registry {
namespace {

using ::testing::ElementsAre;

constexpr std::uint32_t kEpsg = 4548;
constexpr char kField[] = "commit.acts[0].establish_plot.plot.boundary";

std::string ReasonOf(const common::Outcome<DecodedBoundary>& outcome) {
  if (outcome.ok()) return "";
  EXPECT_EQ(outcome.refusals().size(), 1u);
  EXPECT_EQ(outcome.refusals().front().field(), kField);
  return outcome.refusals().front().reason();
}

common::Outcome<DecodedBoundary> Decode(const v1::Boundary& boundary) {
  return BoundaryDecoder(kEpsg).Decode(boundary, kField);
}

// A square of about a metre and a half near the central meridian of the plane, in degrees.
constexpr char kSquareInDegrees[] =
    R"({"type":"Polygon","coordinates":[[[117.0,36.8],[117.00002,36.8],[117.00002,36.80001],)"
    R"([117.0,36.80001],[117.0,36.8]]]})";

TEST(BoundaryDecode, TakesTheCompactCodecAsItIs) {
  v1::Boundary boundary;
  boundary.set_compact(geo::EncodeCompact(BoundaryOfBlock({})));
  const auto decoded = Decode(boundary);
  ASSERT_TRUE(decoded.ok());
  EXPECT_EQ(decoded->boundary, BoundaryOfBlock({}));
  EXPECT_FALSE(decoded->raw.has_value());
}

TEST(BoundaryDecode, ReadsWellKnownBinaryToTheSameBoundary) {
  v1::Boundary boundary;
  boundary.set_wkb(geo::WkbOf(BoundaryOfBlock({})));
  const auto decoded = Decode(boundary);
  ASSERT_TRUE(decoded.ok());
  EXPECT_EQ(decoded->boundary, BoundaryOfBlock({}));
  EXPECT_TRUE(decoded->faults.empty());
}

TEST(BoundaryDecode, BringsDegreesOntoThePlane) {
  v1::Boundary boundary;
  boundary.set_geojson(kSquareInDegrees);
  const auto decoded = Decode(boundary);
  ASSERT_TRUE(decoded.ok());
  ASSERT_EQ(decoded->boundary.vertices.size(), 4u);
  // On the central meridian the easting is the false easting, exactly.
  EXPECT_EQ(decoded->boundary.vertices[0].x, 500'000 * geo::kStepsPerMetre);
  EXPECT_GT(decoded->boundary.vertices[1].x, decoded->boundary.vertices[0].x);
}

TEST(BoundaryDecode, RefusesByName) {
  v1::Boundary boundary;
  EXPECT_EQ(ReasonOf(Decode(boundary)), "BOUNDARY_REQUIRED");
  boundary.set_compact("not a boundary");
  EXPECT_EQ(ReasonOf(Decode(boundary)), "BOUNDARY_UNDECODABLE");
  boundary.set_compact(geo::EncodeCompact(geo::Boundary()));
  EXPECT_EQ(ReasonOf(Decode(boundary)), "BOUNDARY_REQUIRED");
  boundary.set_wkb("short");
  EXPECT_EQ(ReasonOf(Decode(boundary)), "BOUNDARY_UNDECODABLE");
  boundary.set_geojson("{");
  EXPECT_EQ(ReasonOf(Decode(boundary)), "BOUNDARY_UNDECODABLE");
  boundary.set_geojson(R"({"type":"Point","coordinates":[1,2]})");
  EXPECT_EQ(ReasonOf(Decode(boundary)), "BOUNDARY_UNDECODABLE");
  boundary.set_geojson(R"({"type":"Polygon","coordinates":[[["a","b"]]]})");
  EXPECT_EQ(ReasonOf(Decode(boundary)), "BOUNDARY_UNDECODABLE");
  boundary.set_geojson(R"({"type":"Polygon","coordinates":[]})");
  EXPECT_EQ(ReasonOf(Decode(boundary)), "BOUNDARY_REQUIRED");
}

TEST(BoundaryDecode, RefusesTooManyVertices) {
  geo::Boundary large;
  for (std::int64_t i = 0; i <= static_cast<std::int64_t>(geo::kVerticesMax); ++i) {
    large.vertices.push_back({kTestOriginX + i, kTestOriginY + (i % 2)});
  }
  large.EndRing();
  large.EndPart();
  v1::Boundary boundary;
  boundary.set_compact(geo::EncodeCompact(large));
  EXPECT_EQ(ReasonOf(Decode(boundary)), "BOUNDARY_TOO_LARGE");
  boundary.set_wkb(geo::WkbOf(large));
  EXPECT_EQ(ReasonOf(Decode(boundary)), "BOUNDARY_TOO_LARGE");
}

TEST(BoundaryDecode, KeepsFaultsOfWhatWasDelivered) {
  // WKB with one ordinate that is not a number: little-endian doubles from byte 13 on.
  std::string wkb = geo::WkbOf(BoundaryOfBlock({}));
  const double nan = std::numeric_limits<double>::quiet_NaN();
  wkb.replace(13, sizeof(nan), reinterpret_cast<const char*>(&nan), sizeof(nan));
  v1::Boundary boundary;
  boundary.set_wkb(wkb);
  const auto decoded = Decode(boundary);
  ASSERT_TRUE(decoded.ok());
  const auto findings = decoded->FaultsOf(7);
  ASSERT_FALSE(findings.empty());
  bool not_finite = false;
  for (const geo::Finding& finding : findings) {
    EXPECT_EQ(finding.subject, 7u);
    if (finding.rule == geo::Rule::kCoordinateOutsidePlane) not_finite = true;
  }
  EXPECT_TRUE(not_finite);
}

TEST(BoundaryDecode, DropsRepeatsAndKeepsWhatTheSurveySays) {
  geo::Boundary boundary = BoundaryOfBlock({});
  const std::vector<geo::Vertex> ring = boundary.vertices;
  boundary.vertices = {ring[0], ring[0], ring[1], ring[2], ring[3], ring[0]};
  boundary.ring_ends = {6};
  boundary.points = {{.vertex = 1, .number = "J1"},
                     {.vertex = 3, .number = "J3"},
                     {.vertex = 5, .number = "J1 again"}};
  const geo::Boundary once = WithoutRepeats(boundary);
  EXPECT_EQ(once.vertices, ring);
  ASSERT_EQ(once.points.size(), 2u);
  EXPECT_EQ(once.points[0].vertex, 0u);
  EXPECT_EQ(once.points[0].number, "J1");
  EXPECT_EQ(once.points[1].vertex, 2u);
  EXPECT_EQ(WithoutRepeats(once), once);
}

TEST(BoundaryDecode, ReadsMultiPolygonsAndDropsFurtherOrdinates) {
  const auto raw =
      RawFromGeoJson(R"({"type":"MultiPolygon","coordinates":[[[[0,0,9],[1,0,9],[0,1,9],[0,0,9]]],)"
                     R"([[[5,5],[6,5],[5,6],[5,5]]]]})");
  ASSERT_TRUE(raw.ok());
  EXPECT_THAT(raw->ring_ends, ElementsAre(4, 8));
  EXPECT_THAT(raw->part_ends, ElementsAre(1, 2));
}

}  // namespace
}  // namespace landbook::registry
