// Reads real layers, where the environment variable LANDBOOK_SHARED_DATA names the folder that
// holds them; without it these tests are skipped and say so.
#include <cstdlib>
#include <filesystem>
#include <map>
#include <string>

#include "geo/formats/layer_reader.h"
#include "gtest/gtest.h"

namespace landbook::geo {
namespace {

// What was counted in one layer.
struct Count {
  int rows = 0;
  int polygons = 0;
  int null_or_empty = 0;
  int not_polygon = 0;
  int unreadable = 0;
  int with_problem = 0;
  std::map<RowProblem::Kind, int> problems;
};

class RealLayers : public testing::Test {
 protected:
  void SetUp() override {
    const char* folder = std::getenv("LANDBOOK_SHARED_DATA");
    if (folder == nullptr || !std::filesystem::is_directory(folder)) {
      GTEST_SKIP() << "LANDBOOK_SHARED_DATA names no folder of real layers";
    }
    folder_ = folder;
  }

  std::unique_ptr<LayerReader> Open(const std::string& name, const ReaderOptions& options = {}) {
    auto reader = LayerReader::Open(folder_ + "/" + name, options);
    EXPECT_TRUE(reader.ok()) << name << ": " << reader.status();
    return reader.ok() ? *std::move(reader) : nullptr;
  }

  static Count CountRows(LayerReader& reader) {
    Count count;
    while (true) {
      const auto row = reader.Next();
      EXPECT_TRUE(row.ok()) << row.status();
      if (!row.ok() || !row->has_value()) return count;
      Add(**row, reader.Info(), count);
    }
  }

  Count CountRows(const std::string& name, const ReaderOptions& options = {}) {
    const auto reader = Open(name, options);
    return reader == nullptr ? Count() : CountRows(*reader);
  }

  std::string folder_;

 private:
  static void Add(const Row& row, const LayerInfo& info, Count& count) {
    if (info.format == "ESRI Shapefile") {
      EXPECT_EQ(row.id, count.rows);
    }
    EXPECT_EQ(row.attributes.size(), info.fields.size());
    EXPECT_EQ(row.geometry == GeometryState::kPolygon, !row.boundary.empty());
    ++count.rows;
    count.polygons += row.geometry == GeometryState::kPolygon ? 1 : 0;
    const bool nothing =
        row.geometry == GeometryState::kNull || row.geometry == GeometryState::kEmpty;
    count.null_or_empty += nothing ? 1 : 0;
    count.not_polygon += row.geometry == GeometryState::kNotPolygon ? 1 : 0;
    count.unreadable += row.geometry == GeometryState::kUnreadable ? 1 : 0;
    count.with_problem += row.problems.empty() ? 0 : 1;
    for (const RowProblem& problem : row.problems) ++count.problems[problem.kind];
  }
};

TEST_F(RealLayers, EveryPolygonOfEachLayerIsRead) {
  const std::map<std::string, int> polygons = {
      {"cambridge-2013/ASSESSING_ParcelsFY2013.topojson", 13'159},
      {"heather-farms/heather_farms.shp", 7'432},
      {"geomoose/parcels.shp", 4'040},
      {"denver/DenverCo_precincts2016_orig.zip", 346},
      {"denver/DenverCo_precincts2016_repaired.zip", 346},
      {"defra/parcels.csv", 801},
      {"taiwan-10004/cgcs2000-4549.gpkg", 4'788},
      {"flanders/polygon-parcel.gpkg", 47},
      {"shapefile-oddities/chinese_encoding.shp", 78},
      {"shapefile-oddities/error_union.shp", 511},
      {"shapefile-oddities/Example_70.shp", 522},
  };
  for (const auto& [name, wanted] : polygons) {
    SCOPED_TRACE(name);
    const Count count = CountRows(name);
    EXPECT_EQ(count.polygons, wanted);
    EXPECT_EQ(count.rows, count.polygons + count.null_or_empty);
    EXPECT_EQ(count.with_problem, 0);
  }
}

TEST_F(RealLayers, PilotCountyOutlinesHaveChineseNamesAndTheSystemOfTheirFormat) {
  int files = 0;
  for (const auto& entry : std::filesystem::directory_iterator(folder_ + "/pilot-counties")) {
    SCOPED_TRACE(entry.path());
    const auto reader = Open("pilot-counties/" + entry.path().filename().string());
    ASSERT_NE(reader, nullptr);
    EXPECT_EQ(reader->Info().epsg, 4326);
    EXPECT_EQ(reader->Info().crs_by, StatedBy::kFormat);
    EXPECT_EQ(CountRows(*reader).polygons, 1);
    ++files;
  }
  EXPECT_EQ(files, 19);
}

TEST_F(RealLayers, SystemsAreReadWhereTheyAreDeclared) {
  EXPECT_EQ(Open("heather-farms/heather_farms.shp")->Info().epsg, 3740);
  EXPECT_EQ(Open("geomoose/parcels.shp")->Info().epsg, 26'915);
  EXPECT_EQ(Open("denver/DenverCo_precincts2016_orig.zip")->Info().epsg, 2232);
  EXPECT_EQ(Open("taiwan-10004/cgcs2000-4549.gpkg")->Info().epsg, 4549);
  EXPECT_EQ(Open("flanders/polygon-parcel.gpkg")->Info().epsg, 31'370);
  EXPECT_EQ(Open("defra/parcels.csv")->Info().crs_by, StatedBy::kNobody);
  EXPECT_EQ(Open("cambridge-2013/ASSESSING_ParcelsFY2013.topojson")->Info().crs_by,
            StatedBy::kNobody);
}

TEST_F(RealLayers, ChineseTextIsDecodedByTheTablesLanguageDriver) {
  const auto reader = Open("shapefile-oddities/chinese_encoding.shp");
  EXPECT_EQ(reader->Info().encoding, "GB18030");
  EXPECT_EQ(reader->Info().encoding_by, StatedBy::kSource);
  const auto row = reader->Next();
  ASSERT_TRUE(row.ok() && row->has_value());
  EXPECT_EQ((*row)->attributes[1].text, "安徽");
}

TEST_F(RealLayers, TextIsAProblemOfEachRowWhenTheWrongEncodingIsStated) {
  const Count count = CountRows("shapefile-oddities/chinese_encoding.shp", {.encoding = "UTF-8"});
  EXPECT_EQ(count.rows, 78);
  EXPECT_EQ(count.polygons, 78);
  EXPECT_EQ(count.with_problem, 78);
}

TEST_F(RealLayers, RecordsAreFoundWhoseLengthsLeaveTheMeasuresOut) {
  // Volume2 has no .shx, and each of its record headers states a length without the measures.
  const Count count = CountRows("shapefile-oddities/Volume2.shp");
  EXPECT_EQ(count.rows, 16);
  EXPECT_EQ(count.polygons, 16);
  EXPECT_EQ(count.with_problem, 0);
}

TEST_F(RealLayers, AFileThatIsNoShapefileIsRefused) {
  const auto reader =
      LayerReader::Open(folder_ + "/shapefile-oddities/christchurch-canterbury-h.shp", {});
  EXPECT_EQ(reader.status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_NE(reader.status().message().find("is not a shapefile: its file code is"),
            std::string::npos);
}

TEST_F(RealLayers, NullShapesAndOtherGeometriesAreRows) {
  const Count nulls = CountRows("shapefile-oddities/UnifiedChecksMaterialNullInMiddle.shp");
  EXPECT_EQ(nulls.rows, 3);
  EXPECT_EQ(nulls.polygons, 2);
  EXPECT_EQ(nulls.null_or_empty, 1);
  const Count lines = CountRows("shapefile-oddities/with_M.shp");
  EXPECT_EQ(lines.rows, 55);
  EXPECT_EQ(lines.not_polygon, 55);
  EXPECT_EQ(lines.problems.at(RowProblem::Kind::kNotPolygon), 55);
  const Count empty = CountRows("shapefile-oddities/EmptyShapeFile.shp");
  EXPECT_EQ(empty.rows, 0);
}

TEST_F(RealLayers, MissingCompanionsAreNamed) {
  const auto reader = Open("geomoose/parcels.shp");
  EXPECT_EQ(reader->Info().missing_companions, (std::vector<std::string>{".dbf", ".cpg"}));
  EXPECT_EQ(reader->Info().shx_records, 4'040U);
}

}  // namespace
}  // namespace landbook::geo
