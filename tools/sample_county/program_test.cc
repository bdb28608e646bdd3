// The program's files, read back as an importer would.
#include "tools/sample_county/program.h"

#include <cstring>
#include <filesystem>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "geo/formats/layer_reader.h"
#include "geo/formats/temporary_folder_testing.h"
#include "geo/normalise.h"
#include "geo/projection.h"
#include "gtest/gtest.h"
#include "tools/sample_county/plots.h"

namespace landbook::sample_county {
namespace {

using geo::GeometryState;
using geo::Row;

class SampleCounty : public geo::TemporaryFolderTest {
 protected:
  std::vector<Row> Read(const std::string& path) {
    std::vector<Row> rows;
    auto reader = geo::LayerReader::Open(path, {});
    EXPECT_TRUE(reader.ok()) << reader.status();
    if (!reader.ok()) return rows;
    fields_.clear();
    for (const geo::Field& field : (*reader)->Info().fields) fields_.push_back(field.name);
    while (true) {
      auto row = (*reader)->Next();
      EXPECT_TRUE(row.ok()) << row.status();
      if (!row.ok() || !row->has_value()) return rows;
      rows.push_back(**std::move(row));
    }
  }

  std::string Layer(const std::string& table) const {
    return Path("900101样例县/矢量数据/" + table + "9001012026.shp");
  }

  std::string Text(const Row& row, const std::string& field) const {
    for (std::size_t i = 0; i < fields_.size(); ++i) {
      if (fields_[i] == field) return row.attributes[i].text;
    }
    ADD_FAILURE() << "no field " << field;
    return "";
  }

  // The records that an attribute table's header states.
  std::uint32_t RecordsOf(const std::string& table) const {
    const std::string bytes = Bytes("900101样例县/权属数据/" + table + ".dbf");
    std::uint32_t records = 0;
    std::memcpy(&records, bytes.data() + 4, sizeof(records));
    return records;
  }

  std::vector<std::string> fields_;
};

TEST_F(SampleCounty, APackageHasEveryLayerAndTableOfTheStandard) {
  ASSERT_EQ(RunProgram({Path(""), "--plots", "1100"}), 0);
  const std::map<std::string, std::size_t> rows = {{"DK", 1'100}, {"XJXZQ", 1}, {"XJQY", 1},
                                                   {"CJQY", 1},   {"ZJQY", 8},  {"JBNTBHQ", 6},
                                                   {"JA", 8},     {"JB", 6},    {"JC", 222}};
  for (const auto& [table, count] : rows) {
    SCOPED_TRACE(table);
    const std::vector<Row> read = Read(Layer(table));
    EXPECT_EQ(read.size(), count);
    for (const Row& row : read) EXPECT_EQ(row.geometry, GeometryState::kPolygon);
  }
  EXPECT_GT(Read(Layer("JZD")).size(), 1'100U);
  EXPECT_GT(Read(Layer("JZX")).size(), Read(Layer("JZD")).size());
  EXPECT_EQ(Read(Layer("QYJX")).size(), 1U * 9 + 2 * 8);
  EXPECT_EQ(Read(Layer("KZD")).size(), 1U);
  EXPECT_EQ(RecordsOf("FBF"), 3U);
  EXPECT_EQ(RecordsOf("CBDKXX"), 1'100U);
  for (const char* table : {"CBF", "CBHT", "CBJYQZDJB", "CBJYQZ"})
    EXPECT_EQ(RecordsOf(table), 222U);
  EXPECT_GT(RecordsOf("CBF_JTCY"), 444U);
}

TEST_F(SampleCounty, KeyPointsOfAPlotAreBoundaryPointsOfIt) {
  ASSERT_EQ(RunProgram({Path(""), "--plots", "100"}), 0);
  std::set<std::string> points;  // plot code and number
  for (const Row& row : Read(Layer("JZD"))) {
    const std::string codes = Text(row, "DKBM") + "/";
    for (std::size_t at = 0; at < codes.size(); at = codes.find('/', at) + 1) {
      points.insert(codes.substr(at, 19) + Text(row, "JZDH"));
    }
  }
  for (const Row& row : Read(Layer("DK"))) {
    const std::string numbers = Text(row, "KJZB") + "/";
    for (std::size_t at = 0; at < numbers.size(); at = numbers.find('/', at) + 1) {
      const std::string number = numbers.substr(at, numbers.find('/', at) - at);
      EXPECT_TRUE(points.contains(Text(row, "DKBM") + number)) << number;
    }
  }
}

TEST_F(SampleCounty, EveryPlainFormatHoldsThePlotsThatWereGenerated) {
  std::vector<geo::Boundary> plots;
  ASSERT_TRUE(GeneratePlots({.plots = 300}, [&](const Plot& plot) {
                plots.push_back(plot.boundary);
                return absl::OkStatus();
              }).ok());
  auto onto_plane = geo::Transformation::Make("EPSG:4490", "EPSG:4548");
  ASSERT_TRUE(onto_plane.ok());
  for (const std::string name : {"plain.shp", "plain.gpkg", "plain.geojson"}) {
    SCOPED_TRACE(name);
    ASSERT_EQ(RunProgram({Path(name), "--layout=plain", "--plots=300"}), 0);
    std::vector<Row> rows = Read(Path(name));
    ASSERT_EQ(rows.size(), plots.size());
    for (std::size_t i = 0; i < rows.size(); ++i) {
      if (name == "plain.geojson") onto_plane->ToPlane(rows[i].boundary);
      ASSERT_EQ(geo::Normalise(rows[i].boundary).boundary, plots[i]);
    }
  }
}

TEST_F(SampleCounty, FaultsAreWrittenAndPlanned) {
  ASSERT_EQ(RunProgram({Path("bad.shp"), "--layout", "plain", "--plots", "50", "--faults",
                        "B404=1,B403=2"}),
            0);
  EXPECT_EQ(Bytes("faults.tsv"),
            "rule\tplot\tother_plot\trow\n"
            "B403\t\t\t47\n"
            "B403\t9001010010010200002\t\t48\n"
            "B404\t9001010010010200003\t\t49\n");
  const std::vector<Row> rows = Read(Path("bad.shp"));
  ASSERT_EQ(rows.size(), 50U);
  EXPECT_EQ(rows[47].attributes[0].state, geo::Attribute::State::kNull);
  EXPECT_EQ(rows[48].geometry, GeometryState::kNull);
  EXPECT_EQ(rows[49].attributes[1].state, geo::Attribute::State::kUndecodable);
}

TEST_F(SampleCounty, RefusesTextThatAFormatCannotHoldBroken) {
  EXPECT_EQ(RunProgram({Path("bad.gpkg"), "--layout=plain", "--faults=B404=1"}), 1);
  EXPECT_FALSE(std::filesystem::exists(Path("bad.gpkg")));
}

TEST_F(SampleCounty, WrongUsageIsTold) {
  EXPECT_EQ(RunProgram({}), 2);
  EXPECT_EQ(RunProgram({Path("x"), "--plots"}), 2);
  EXPECT_EQ(RunProgram({Path("x"), "--plots", "many"}), 2);
  EXPECT_EQ(RunProgram({Path("x"), "--colour", "red"}), 2);
  EXPECT_EQ(RunProgram({Path("x"), "y"}), 2);
  EXPECT_EQ(RunProgram({Path("x"), "--county", "370303"}), 1);
}

}  // namespace
}  // namespace landbook::sample_county
