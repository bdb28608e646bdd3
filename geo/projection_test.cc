#include "geo/projection.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <string>
#include <vector>

#include "fmt/format.h"
#include "geo/normalise.h"

namespace landbook::geo {
namespace {

using ::testing::HasSubstr;

RawBoundary Points(std::vector<RawVertex> vertices) {
  RawBoundary raw;
  raw.vertices = std::move(vertices);
  raw.EndRing();
  raw.EndPart();
  return raw;
}

Transformation Way(std::string_view source, std::string_view plane) {
  absl::StatusOr<Transformation> way = Transformation::Make(source, plane);
  EXPECT_TRUE(way.ok()) << way.status();
  return *std::move(way);
}

// Transforms one vertex and gives it in steps.
Vertex OnPlane(std::string_view source, std::string_view plane, RawVertex v) {
  RawBoundary raw = Points({v});
  Way(source, plane).ToPlane(raw);
  return {*StepsFromMetres(raw.vertices[0].x), *StepsFromMetres(raw.vertices[0].y)};
}

std::string Refusal(std::string_view source, std::string_view plane) {
  const absl::StatusOr<Transformation> way = Transformation::Make(source, plane);
  return way.ok() ? "accepted" : std::string(way.status().message());
}

// Degrees on CGCS2000 and where they lie, to 0.1 mm, from an independent series expansion.
struct Known {
  RawVertex degrees;
  const char* crs;
  Vertex steps;
};

const Known kKnown[] = {
    {{118.0178, 36.8067}, "EPSG:4548", {5908262575, 40755426937}},
    {{118.0178, 36.8067}, "EPSG:4527", {395908262575, 40755426937}},
    {{107.8687, 31.0829}, "EPSG:4545", {4874711463, 34401728726}},
    {{119.1315, 26.1501}, "EPSG:4549", {4131565144, 28937541201}},
    {{119.9128, 28.4458}, "EPSG:4549", {4914584011, 31478497625}},
    {{118.5100, 36.1000}, "EPSG:4548", {6359799327, 39976945506}},
    {{118.5100, 36.1000}, "EPSG:4549", {3658212520, 39976667607}},
};

TEST(TransformationTest, PutsKnownPointsOnThePlaneToTheStep) {
  for (const Known& known : kKnown) {
    EXPECT_EQ(OnPlane("EPSG:4490", known.crs, known.degrees), known.steps) << known.crs;
  }
}

TEST(TransformationTest, TakesAnEpsgNumberWithoutItsPrefix) {
  EXPECT_EQ(OnPlane("4490", "4548", kKnown[0].degrees), kKnown[0].steps);
}

TEST(TransformationTest, MovesBetweenZonesAndZoneForms) {
  EXPECT_EQ(OnPlane("EPSG:4527", "EPSG:4548", {39590826.2575, 4075542.6937}), kKnown[0].steps);
  EXPECT_EQ(OnPlane("EPSG:4549", "EPSG:4548", {365821.2520, 3997666.7607}), kKnown[5].steps);
}

TEST(TransformationTest, OneSystemUnderTwoNamesChangesNothing) {
  EXPECT_TRUE(Way("EPSG:4548", "EPSG:4548").is_identity());
  const char* const esri =
      R"(PROJCS["CGCS2000_3_Degree_GK_CM_117E",GEOGCS["GCS_China_Geodetic_Coordinate_System_2000",)"
      R"(DATUM["D_China_2000",SPHEROID["CGCS2000",6378137.0,298.257222101]],PRIMEM["Greenwich",0.0],)"
      R"(UNIT["Degree",0.0174532925199433]],PROJECTION["Gauss_Kruger"],)"
      R"(PARAMETER["False_Easting",500000.0],PARAMETER["False_Northing",0.0],)"
      R"(PARAMETER["Central_Meridian",117.0],PARAMETER["Scale_Factor",1.0],)"
      R"(PARAMETER["Latitude_Of_Origin",0.0],UNIT["Meter",1.0]])";
  EXPECT_TRUE(Way(esri, "EPSG:4548").is_identity());
  EXPECT_EQ(OnPlane(esri, "EPSG:4549", {635979.9327, 3997694.5506}), kKnown[6].steps);
}

TEST(TransformationTest, ADatumNamedBySurveySoftwareIsCgcs2000) {
  const char* const wkt =
      R"(GEOGCS["GCS_CGCS_2000",DATUM["CGCS_2000",SPHEROID["CGCS2000",6378137.0,298.257222101]],)"
      R"(PRIMEM["Greenwich",0.0],UNIT["Degree",0.0174532925199433]])";
  EXPECT_EQ(OnPlane(wkt, "EPSG:4548", kKnown[0].degrees), kKnown[0].steps);
}

TEST(TransformationTest, RefusesTheOldDatumsWithoutTheOfficesParameters) {
  for (const char* source : {"EPSG:4610", "EPSG:2384", "EPSG:4214", "EPSG:2436"}) {
    EXPECT_THAT(Refusal(source, "EPSG:4548"), HasSubstr("office's own transformation parameters"))
        << source;
  }
  EXPECT_THAT(Refusal("EPSG:4490", "EPSG:2384"),
              HasSubstr("office's own transformation parameters"));
}

TEST(TransformationTest, RefusesAZeroShiftToCgcs2000) {
  EXPECT_THAT(Refusal("EPSG:4326", "EPSG:4548"), HasSubstr("state that system instead"));
  EXPECT_THAT(Refusal("+proj=longlat +ellps=GRS80", "EPSG:4548"), HasSubstr("none is assumed"));
  EXPECT_THAT(Refusal("+proj=longlat +ellps=krass +towgs84=0,0,0,0,0,0,0", "EPSG:4548"),
              HasSubstr("none is assumed"));
}

TEST(TransformationTest, UsesTheParametersThatTheSourceCarries) {
  const std::string base = "+proj=tmerc +lat_0=0 +lon_0=117 +k=1 +x_0=500000 +ellps=krass";
  const Vertex near = OnPlane(base + " +towgs84=10,0,0", "EPSG:4548", {590826, 4075542});
  const Vertex far = OnPlane(base + " +towgs84=110,0,0", "EPSG:4548", {590826, 4075542});
  // At 118 E a shift of 100 m along the X axis moves a point westward by 100 m x sin(118 degrees).
  EXPECT_NEAR(static_cast<double>(near.x - far.x), 882'900, 3'000);
}

// Parameters as an office would determine them, though of no office.
constexpr char kShift[] = "24,-123,-94,-0.02,-0.25,-0.13,1.1";

// From Xi'an 1980 to CGCS2000, both in the 3-degree zone of 117 E; `shift` is the step between the
// two datums' geocentric axes, `end` what follows.
std::string XianPipeline(std::string_view shift, std::string_view end = "") {
  return fmt::format(
      "+proj=pipeline +step +inv +proj=tmerc +lon_0=117 +x_0=500000 +a=6378140 +rf=298.257 "
      "+step +proj=cart +a=6378140 +rf=298.257 +step +proj=helmert {} "
      "+convention=position_vector +step +inv +proj=cart +a=6378137 +rf=298.257222101 "
      "+step +proj=tmerc +lon_0=117 +x_0=500000 +a=6378137 +rf=298.257222101{}",
      shift, end);
}

constexpr char kHelmert[] = "+x=24 +y=-123 +z=-94 +rx=-0.02 +ry=-0.25 +rz=-0.13 +s=1.1";

std::string OfficeRefusal(const std::string& pipeline) {
  const OfficeTransformation office{"EPSG:2384", pipeline};
  return std::string(
      Transformation::Make("EPSG:2384", "EPSG:4548", {&office, 1}).status().message());
}

TEST(TransformationTest, UsesTheOfficesPipelineForItsSystem) {
  const OfficeTransformation offices[] = {{"EPSG:2385", "+proj=pipeline +step +proj=noop"},
                                          {"EPSG:2384", XianPipeline(kHelmert)}};
  // The same parameters, carried by the source itself.
  const std::string carried =
      fmt::format("+proj=tmerc +lon_0=117 +x_0=500000 +a=6378140 +rf=298.257 +towgs84={}", kShift);
  // As survey software writes EPSG:2384 beside its files.
  const char* const esri =
      R"(PROJCS["Xian_1980_3_Degree_GK_CM_117E",GEOGCS["GCS_Xian_1980",DATUM["D_Xian_1980",)"
      R"(SPHEROID["Xian_1980",6378140.0,298.257]],PRIMEM["Greenwich",0.0],)"
      R"(UNIT["Degree",0.0174532925199433]],PROJECTION["Gauss_Kruger"],)"
      R"(PARAMETER["False_Easting",500000.0],PARAMETER["False_Northing",0.0],)"
      R"(PARAMETER["Central_Meridian",117.0],PARAMETER["Scale_Factor",1.0],)"
      R"(PARAMETER["Latitude_Of_Origin",0.0],UNIT["Meter",1.0]])";
  for (const char* source : {"EPSG:2384", esri}) {
    const auto way = Transformation::Make(source, "EPSG:4548", offices);
    ASSERT_TRUE(way.ok()) << way.status();
    RawBoundary raw = Points({{590826, 4075542}});
    way->ToPlane(raw);
    const Vertex there = OnPlane(carried, "EPSG:4548", {590826, 4075542});
    EXPECT_NEAR(raw.vertices[0].x * kStepsPerMetre, static_cast<double>(there.x), 1);
    EXPECT_NEAR(raw.vertices[0].y * kStepsPerMetre, static_cast<double>(there.y), 1);
    way->FromPlane(raw);
    // The height that the shift gives is left away, which the way back misses by millimetres.
    EXPECT_NEAR(raw.vertices[0].x, 590826, 0.01);
    EXPECT_NEAR(raw.vertices[0].y, 4075542, 0.01);
  }
}

TEST(TransformationTest, AnOfficesPipelineIsForItsOwnSystemOnly) {
  const OfficeTransformation office{"EPSG:2384", XianPipeline(kHelmert)};
  for (const char* other : {"EPSG:2385", "EPSG:4610", "EPSG:2436"}) {
    const auto way = Transformation::Make(other, "EPSG:4548", {&office, 1});
    EXPECT_THAT(std::string(way.status().message()), HasSubstr("plane_transformations")) << other;
  }
  // A source on the plane's own datum needs none.
  EXPECT_TRUE(Transformation::Make("EPSG:4548", "EPSG:4548", {&office, 1})->is_identity());
}

TEST(TransformationTest, RefusesAnOfficesPipelineThatCannotBeRight) {
  EXPECT_THAT(OfficeRefusal("+proj=tmerc +lon_0=117"), HasSubstr("begins with '+proj=pipeline '"));
  EXPECT_THAT(OfficeRefusal("+proj=pipeline +step +proj=nothing"), HasSubstr("both ways"));
  EXPECT_THAT(OfficeRefusal("+proj=pipeline +step +proj=hgridshift +grids=county.gsb"),
              HasSubstr("grid file"));
  EXPECT_THAT(OfficeRefusal(XianPipeline(kHelmert, " +step +proj=axisswap +order=2,1")),
              HasSubstr("moves the ground by"));
  EXPECT_THAT(OfficeRefusal(XianPipeline("+x=24000")), HasSubstr("moves the ground by"));
  EXPECT_THAT(OfficeRefusal(XianPipeline("+x=0")), HasSubstr("takes the two datums for one"));
}

TEST(TransformationTest, AnOldDatumIsAPlaneForItsOwnData) {
  EXPECT_TRUE(Transformation::Make("EPSG:4610", "EPSG:2384").ok());
}

TEST(TransformationTest, ConvertsUsFeetToMetres) {
  // EPSG:2232 and 26954 lie on one datum, and their false eastings are 3,000,000 feet of 1200/3937
  // m and 914401.8289 m.
  const Vertex there = OnPlane("EPSG:2232", "EPSG:26954", {3'000'000, 1'000'000});
  EXPECT_EQ(there.x, 9'144'018'289);
  EXPECT_EQ(there.y, 3'048'006'096);
}

TEST(TransformationTest, TakesAPublishedShiftOutsideChina) {
  EXPECT_TRUE(Transformation::Make("EPSG:4326", "EPSG:26986").ok());
}

TEST(TransformationTest, RefusesWhatIsNoSystem) {
  EXPECT_THAT(Refusal("EPSG:999999", "EPSG:4548"), HasSubstr("not a coordinate system"));
  EXPECT_THAT(Refusal("", "EPSG:4548"), HasSubstr("not a coordinate system"));
  EXPECT_THAT(Refusal("EPSG:4490", "EPSG:4490"), HasSubstr("in degrees"));
}

TEST(TransformationTest, MakesInfiniteWhatCannotBeTransformed) {
  RawBoundary raw = Points({{118, 36}, {118, 95}});
  Way("EPSG:4490", "EPSG:4548").ToPlane(raw);
  const PlaneBoundary plane = Normalise(raw);
  ASSERT_EQ(plane.faults.size(), 1U);
  EXPECT_EQ(plane.faults[0].kind, RingFaultKind::kNotFinite);
}

RC_GTEST_PROP(TransformationTest, ComesBackFromAnotherZoneToTheStep, ()) {
  static const Transformation way = Way("EPSG:4527", "EPSG:4549");
  const auto x = *rc::gen::inRange<std::int64_t>(393'500'000'000, 396'500'000'000);
  const auto y = *rc::gen::inRange<std::int64_t>(25'000'000'000, 50'000'000'000);
  RawBoundary raw = Points({{MetresFromSteps(x), MetresFromSteps(y)}});
  way.ToPlane(raw);
  way.FromPlane(raw);
  RC_ASSERT(*StepsFromMetres(raw.vertices[0].x) == x);
  RC_ASSERT(*StepsFromMetres(raw.vertices[0].y) == y);
}

TEST(PlaneTest, KnowsItsZoneAndExtent) {
  const absl::StatusOr<Plane> plane = PlaneOf("EPSG:4548");
  ASSERT_TRUE(plane.ok()) << plane.status();
  EXPECT_EQ(plane->name, "CGCS2000 / 3-degree Gauss-Kruger CM 117E");
  ASSERT_TRUE(plane->gauss_kruger.has_value());
  EXPECT_EQ(plane->gauss_kruger->central_meridian_degrees, 117);
  EXPECT_EQ(plane->gauss_kruger->false_easting_m, 500'000);
  EXPECT_TRUE(plane->extent.Contains(kKnown[0].steps));
  EXPECT_TRUE(plane->extent.Contains(kKnown[5].steps)) << "a little beyond the zone's edge";
  EXPECT_FALSE(plane->extent.Contains({9'400'000'000, 40'755'426'937})) << "two zones east";
  EXPECT_FALSE(plane->extent.Contains({1'180'178, 368'067}));
  EXPECT_FALSE(plane->extent.Contains(kKnown[1].steps)) << "with a zone number";
}

TEST(PlaneTest, AnyProjectedSystemInMetresWillDo) {
  for (const char* crs : {"EPSG:4527", "EPSG:26986", "EPSG:3740", "EPSG:31370", "EPSG:27700"}) {
    EXPECT_TRUE(PlaneOf(crs).ok()) << crs << ": " << PlaneOf(crs).status();
  }
}

TEST(PlaneTest, APlaneWithoutAStatedAreaReachesEverywhere) {
  const absl::StatusOr<Plane> plane =
      PlaneOf("+proj=tmerc +lat_0=0 +lon_0=117.5 +k=1 +x_0=500000 +ellps=GRS80 +units=m");
  ASSERT_TRUE(plane.ok()) << plane.status();
  EXPECT_EQ(plane->extent, (Box{-kCoordinateMax, -kCoordinateMax, kCoordinateMax, kCoordinateMax}));
}

TEST(PlaneTest, RefusesWhatIsNoPlaneAndSaysWhy) {
  const auto why = [](std::string_view crs) {
    return std::string(PlaneOf(crs).status().message());
  };
  EXPECT_THAT(why("EPSG:4490"), HasSubstr("in degrees"));
  EXPECT_THAT(why("EPSG:2232"), HasSubstr("its unit is 0.3048"));
  EXPECT_THAT(why("EPSG:4479"), HasSubstr("not a projected system"));
  EXPECT_THAT(why("EPSG:5555"), HasSubstr("heights"));
  EXPECT_THAT(why("+proj=utm +zone=50 +ellps=krass +towgs84=1,2,3"), HasSubstr("datum shift"));
  EXPECT_THAT(why("nonsense"), HasSubstr("not a coordinate system"));
}

// What coordinates that stated no system look like on the plane of `crs`.
std::string Looks(std::string_view crs, const RawBox& box) {
  const auto suspicion = LooksLike(box, box, *PlaneOf(crs));
  return suspicion.has_value() ? suspicion->detail : "";
}

constexpr RawBox kZibo{590'826, 4'075'542, 591'826, 4'076'542};

TEST(LooksLikeTest, NothingWhenOnThePlane) { EXPECT_EQ(Looks("EPSG:4548", kZibo), ""); }

TEST(LooksLikeTest, Degrees) {
  EXPECT_EQ(Looks("EPSG:4548", {118.0, 36.8, 118.1, 36.9}), "degrees");
  EXPECT_EQ(Looks("EPSG:4548", {36.8, 118.0, 36.9, 118.1}), "degrees_swapped");
  EXPECT_EQ(Looks("EPSG:4536", {43.5, 80.2, 43.6, 80.9}), "degrees_swapped")
      << "west of 90 E only the plane's area tells";
}

TEST(LooksLikeTest, SwappedAxes) {
  EXPECT_EQ(Looks("EPSG:4548", {4'075'542, 590'826, 4'076'542, 591'826}), "axes_swapped");
}

TEST(LooksLikeTest, ZoneNumbers) {
  EXPECT_EQ(Looks("EPSG:4548", {39'590'826, 4'075'542, 39'591'826, 4'076'542}),
            "zone_numbered_3=39");
  EXPECT_EQ(Looks("EPSG:4548", {20'590'826, 4'075'542, 20'591'826, 4'076'542}),
            "zone_numbered_6=20");
  EXPECT_EQ(Looks("EPSG:4527", {40'590'826, 4'075'542, 40'591'826, 4'076'542}),
            "zone_numbered_3=40");
  EXPECT_EQ(Looks("EPSG:4527", kZibo), "no_zone_number");
}

TEST(LooksLikeTest, AnotherZoneWhereTheExtentTells) {
  // Minhou (zone 40) delivered in zone 39, and read as zone 40.
  EXPECT_EQ(Looks("EPSG:4549", {713'000, 2'890'000, 714'000, 2'891'000}), "other_zone=39");
}

TEST(LooksLikeTest, AStatedSystemThatMovesGoodNumbersAway) {
  RawBoundary raw = Points({{590'826, 4'075'542}, {591'826, 4'076'542}});
  Way("EPSG:4549", "EPSG:4548").ToPlane(raw);
  const auto suspicion = LooksLike(kZibo, *RawBoxOf(raw.vertices), *PlaneOf("EPSG:4548"));
  ASSERT_TRUE(suspicion.has_value());
  EXPECT_EQ(suspicion->detail, "stated_system_wrong");
  EXPECT_THAT(suspicion->english, HasSubstr("true coordinate system"));
  EXPECT_THAT(suspicion->chinese, HasSubstr("坐标系"));
}

TEST(LooksLikeTest, NothingRecognisedIsOutside) {
  EXPECT_EQ(Looks("EPSG:4548", {-9e6, -9e6, -8e6, -8e6}), "outside_plane");
}

TEST(LooksLikeTest, TellsTheZoneInItsSentence) {
  const RawBox box{39'590'826, 4'075'542, 39'591'826, 4'076'542};
  const auto suspicion = LooksLike(box, box, *PlaneOf("EPSG:4548"));
  ASSERT_TRUE(suspicion.has_value());
  EXPECT_THAT(suspicion->english, HasSubstr("the number 39 of a 3-degree zone"));
  EXPECT_THAT(suspicion->chinese, HasSubstr("3度带带号39"));
}

}  // namespace
}  // namespace landbook::geo
