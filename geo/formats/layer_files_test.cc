// What is written is read back the same; what is broken is told, row by row.
#include <algorithm>
#include <limits>
#include <map>
#include <string>
#include <vector>

#include "geo/formats/layer_reader.h"
#include "geo/formats/layer_writer.h"
#include "geo/formats/temporary_folder_testing.h"
#include "gtest/gtest.h"
#include "rapidcheck/gtest.h"

namespace landbook::geo {
namespace {

using Kind = RowProblem::Kind;

RawBoundary Square(double x, double y, double side) {
  RawBoundary square;
  square.vertices = {{x, y + side}, {x + side, y + side}, {x + side, y}, {x, y}, {x, y + side}};
  square.EndRing();
  square.EndPart();
  return square;
}

RawBoundary WithHole(RawBoundary shell, const std::vector<RawVertex>& hole) {
  shell.vertices.insert(shell.vertices.end(), hole.begin(), hole.end());
  shell.EndRing();
  shell.part_ends.back() = static_cast<std::uint32_t>(shell.ring_ends.size());
  return shell;
}

const std::vector<Field> kFields = {{"DKBM", FieldType::kText, 19, 0},
                                    {"DKMC", FieldType::kText, 50, 0},
                                    {"SCMJ", FieldType::kReal, 15, 2}};

class LayerFiles : public TemporaryFolderTest {
 protected:
  // Three plots: plain, with a hole, and of two parts.
  std::vector<RawBoundary> plots_ = {
      Square(590'000.1234, 4'075'000, 20),
      WithHole(
          Square(590'100, 4'075'000, 20),
          {{590'105, 4'075'005}, {590'110, 4'075'005}, {590'105, 4'075'010}, {590'105, 4'075'005}}),
      [] {
        RawBoundary two = Square(590'200, 4'075'000, 20);
        const RawBoundary other = Square(590'230, 4'075'000, 5);
        two.vertices.insert(two.vertices.end(), other.vertices.begin(), other.vertices.end());
        two.EndRing();
        two.EndPart();
        return two;
      }()};

  void Write(const std::string& name, LayerFormat format, const std::string& encoding = "") {
    auto writer = LayerWriter::Create(
        Path(name), {.format = format, .epsg = 4548, .encoding = encoding, .fields = kFields});
    ASSERT_TRUE(writer.ok()) << writer.status();
    for (std::size_t i = 0; i < plots_.size(); ++i) {
      const std::vector<Value> values = {"900101001001010000" + std::to_string(i), "村东地块",
                                         400.25};
      const absl::Status added = (*writer)->AddPolygon(plots_[i], values);
      ASSERT_TRUE(added.ok()) << added;
    }
    const absl::Status closed = (*writer)->Close();
    ASSERT_TRUE(closed.ok()) << closed;
  }

  std::vector<Row> Read(const std::string& name, const ReaderOptions& options = {}) {
    std::vector<Row> rows;
    auto reader = LayerReader::Open(Path(name), options);
    EXPECT_TRUE(reader.ok()) << reader.status();
    while (reader.ok()) {
      auto row = (*reader)->Next();
      EXPECT_TRUE(row.ok()) << row.status();
      if (!row.ok() || !row->has_value()) break;
      rows.push_back(**std::move(row));
    }
    if (reader.ok()) info_ = (*reader)->Info();
    ExpectTheSameInMemoryUsedBefore(name, options, rows);
    return rows;
  }

  // Reads once more, every row into the same memory, which held quite another one at first.
  void ExpectTheSameInMemoryUsedBefore(const std::string& name, const ReaderOptions& options,
                                       const std::vector<Row>& rows) {
    auto reader = LayerReader::Open(Path(name), options);
    ASSERT_TRUE(reader.ok()) << reader.status();
    Row row;
    row.id = 77;
    row.attributes.resize(5, {Attribute::State::kUndecodable, "another row's"});
    row.geometry = GeometryState::kPolygon;
    if (!plots_.empty()) row.boundary = plots_.back();
    row.has_z_or_m = true;
    row.problems.push_back({RowProblem::Kind::kNotPolygon, "DKMC", "another row's"});
    for (const Row& wanted : rows) {
      const absl::StatusOr<bool> read = (*reader)->Read(row);
      ASSERT_TRUE(read.ok() && *read);
      EXPECT_EQ(row.id, wanted.id);
      EXPECT_EQ(row.attributes, wanted.attributes);
      EXPECT_EQ(row.geometry, wanted.geometry);
      EXPECT_EQ(row.boundary, wanted.boundary);
      EXPECT_EQ(row.has_z_or_m, wanted.has_z_or_m);
      EXPECT_EQ(row.problems, wanted.problems);
    }
    const absl::StatusOr<bool> read = (*reader)->Read(row);
    EXPECT_TRUE(read.ok() && !*read);
  }

  // The rows in the order of their codes: a FlatGeobuf has an order of its own.
  static std::vector<Row> ByCode(std::vector<Row> rows) {
    std::sort(rows.begin(), rows.end(), [](const Row& a, const Row& b) {
      return a.attributes.at(0).text < b.attributes.at(0).text;
    });
    return rows;
  }

  void ExpectPlots(const std::vector<Row>& rows) {
    ASSERT_EQ(rows.size(), plots_.size());
    for (std::size_t i = 0; i < rows.size(); ++i) {
      SCOPED_TRACE(i);
      EXPECT_EQ(rows[i].geometry, GeometryState::kPolygon);
      EXPECT_EQ(rows[i].boundary, plots_[i]);
      EXPECT_TRUE(rows[i].problems.empty());
      ASSERT_EQ(rows[i].attributes.size(), 3U);
      EXPECT_EQ(rows[i].attributes[0].text, "900101001001010000" + std::to_string(i));
      EXPECT_EQ(rows[i].attributes[1].text, "村东地块");
      EXPECT_EQ(rows[i].attributes[2].text, "400.25");
    }
  }

  LayerInfo info_;
};

TEST_F(LayerFiles, EveryFormatGivesBackWhatWasWritten) {
  for (const auto& [name, format] : {std::pair("plots.shp", LayerFormat::kShapefile),
                                     std::pair("plots.gpkg", LayerFormat::kGeoPackage),
                                     std::pair("plots.geojson", LayerFormat::kGeoJson),
                                     std::pair("plots.fgb", LayerFormat::kFlatGeobuf)}) {
    SCOPED_TRACE(name);
    Write(name, format);
    ExpectPlots(ByCode(Read(name)));
    EXPECT_EQ(info_.epsg, 4548);
    EXPECT_EQ(info_.row_count, 3U);
    EXPECT_EQ(info_.layer, "plots");
    EXPECT_TRUE(info_.notes.empty());
  }
}

TEST_F(LayerFiles, AFlatGeobufRefusesWhatItsIndexHasNoPlaceFor) {
  const WriterOptions options = {.format = LayerFormat::kFlatGeobuf, .fields = kFields};
  auto writer = LayerWriter::Create(Path("plots.fgb"), options);
  ASSERT_TRUE(writer.ok()) << writer.status();
  const std::vector<Value> values = {"1", "x", 1.0};
  EXPECT_EQ((*writer)->AddPolygon(RawBoundary(), values).code(),
            absl::StatusCode::kInvalidArgument);
  writer->reset();
  EXPECT_TRUE(std::filesystem::is_empty(Path("")));
  EXPECT_EQ(LayerWriter::Create(Path("plots.fgb"), {.format = LayerFormat::kFlatGeobuf,
                                                    .geometry = LayerGeometry::kNothing,
                                                    .fields = kFields})
                .status()
                .code(),
            absl::StatusCode::kInvalidArgument);
}

TEST_F(LayerFiles, ALayerWithoutARowIsWrittenAndReadInEveryFormat) {
  plots_.clear();
  for (const auto& [name, format] : {std::pair("none.shp", LayerFormat::kShapefile),
                                     std::pair("none.gpkg", LayerFormat::kGeoPackage),
                                     std::pair("none.geojson", LayerFormat::kGeoJson),
                                     std::pair("none.fgb", LayerFormat::kFlatGeobuf)}) {
    SCOPED_TRACE(name);
    Write(name, format);
    EXPECT_TRUE(Read(name).empty());
  }
}

TEST_F(LayerFiles, TextIsWrittenInTheEncodingAsked) {
  for (const char* encoding : {"GBK", "GB18030", "UTF-8"}) {
    SCOPED_TRACE(encoding);
    Write("plots.shp", LayerFormat::kShapefile, encoding);
    EXPECT_EQ(Bytes("plots.cpg"), std::string(encoding) + "\n");
    ExpectPlots(Read("plots.shp"));
    EXPECT_EQ(info_.encoding_by, StatedBy::kCompanion);
    Remove("plots.cpg");
    ExpectPlots(Read("plots.shp"));
  }
}

TEST_F(LayerFiles, TextThatIsNotInTheStatedEncodingIsAProblemOfItsRow) {
  Write("plots.shp", LayerFormat::kShapefile, "GBK");
  const auto rows = Read("plots.shp", {.encoding = "UTF-8"});
  ASSERT_EQ(rows.size(), 3U);
  EXPECT_EQ(rows[0].attributes[1].state, Attribute::State::kUndecodable);
  EXPECT_EQ(rows[0].attributes[1].text, "B4 E5 B6 AB B5 D8 BF E9");
  ASSERT_EQ(rows[0].problems.size(), 1U);
  EXPECT_EQ(rows[0].problems[0].kind, Kind::kTextUndecodable);
  EXPECT_EQ(rows[0].problems[0].field, "DKMC");
  EXPECT_EQ(rows[0].boundary, plots_[0]);
}

TEST_F(LayerFiles, RawBytesReachTheTableAsTheyAre) {
  auto writer =
      LayerWriter::Create(Path("raw.shp"), {.format = LayerFormat::kShapefile, .fields = kFields});
  ASSERT_TRUE(writer.ok());
  const std::vector<Value> values = {"1", RawText{"\xFF\xFE"}, std::monostate()};
  ASSERT_TRUE((*writer)->AddPolygon(plots_[0], values).ok());
  ASSERT_TRUE((*writer)->Close().ok());
  const auto rows = Read("raw.shp");
  EXPECT_EQ(rows[0].attributes[1].text, "FF FE");
  EXPECT_EQ(rows[0].attributes[2].state, Attribute::State::kNull);
}

TEST_F(LayerFiles, AShapefileWithoutCompanionsIsReadAndSaysWhatIsMissing) {
  Write("plots.shp", LayerFormat::kShapefile);
  for (const char* name : {"plots.shx", "plots.dbf", "plots.prj", "plots.cpg"}) Remove(name);
  const auto rows = Read("plots.shp");
  ASSERT_EQ(rows.size(), 3U);
  for (std::size_t i = 0; i < 3; ++i) EXPECT_EQ(rows[i].boundary, plots_[i]);
  EXPECT_EQ(info_.missing_companions, (std::vector<std::string>{".shx", ".dbf", ".prj", ".cpg"}));
  EXPECT_EQ(info_.crs_by, StatedBy::kNobody);
}

TEST_F(LayerFiles, ATruncatedShpGivesOneRowForEachRecordOfItsIndex) {
  Write("plots.shp", LayerFormat::kShapefile);
  Cut("plots.shp", Bytes("plots.shp").size() - 100);
  const auto rows = Read("plots.shp");
  ASSERT_EQ(rows.size(), 3U);
  EXPECT_TRUE(info_.truncated);
  EXPECT_EQ(rows[1].boundary, plots_[1]);
  EXPECT_EQ(rows[2].geometry, GeometryState::kUnreadable);
  EXPECT_EQ(rows[2].problems.at(0).kind, Kind::kGeometryUnreadable);
  EXPECT_EQ(rows[2].attributes[0].text, "9001010010010100002");
}

TEST_F(LayerFiles, RecordsBehindTheCutAreRowsWhenOnlyTheTableKnowsOfThem) {
  Write("plots.shp", LayerFormat::kShapefile);
  Remove("plots.shx");
  Cut("plots.shp", 100 + 8 + 48);
  const auto rows = Read("plots.shp");
  ASSERT_EQ(rows.size(), 3U);
  for (const Row& row : rows) EXPECT_EQ(row.geometry, GeometryState::kUnreadable);
}

TEST_F(LayerFiles, ATruncatedIndexIsNotBelieved) {
  Write("plots.shp", LayerFormat::kShapefile);
  Cut("plots.shx", 108);
  ExpectPlots(Read("plots.shp"));
  EXPECT_TRUE(info_.truncated);
}

TEST_F(LayerFiles, ATruncatedTableLeavesRowsWithoutAttributes) {
  Write("plots.shp", LayerFormat::kShapefile);
  Cut("plots.dbf", Bytes("plots.dbf").size() - 40);
  const auto rows = Read("plots.shp");
  ASSERT_EQ(rows.size(), 3U);
  EXPECT_EQ(rows[2].problems.at(0).kind, Kind::kAttributesMissing);
  EXPECT_EQ(rows[2].attributes.size(), 3U);
  EXPECT_EQ(rows[2].boundary, plots_[2]);
}

TEST_F(LayerFiles, ARecordMarkedAsDeletedIsARowThatSaysSo) {
  Write("plots.shp", LayerFormat::kShapefile);
  std::string table = Bytes("plots.dbf");
  table[32 + 3 * 32 + 1] = '*';
  Put("plots.dbf", table);
  const auto rows = Read("plots.shp");
  ASSERT_EQ(rows.size(), 3U);
  EXPECT_EQ(rows[0].problems.at(0).kind, Kind::kMarkedDeleted);
}

TEST_F(LayerFiles, OpenRingsAndNullShapesComeAsDelivered) {
  RawBoundary open = Square(0, 0, 5);
  open.vertices.pop_back();
  open.ring_ends.back() = 4;
  plots_ = {open};
  Write("open.shp", LayerFormat::kShapefile);
  Write("open.gpkg", LayerFormat::kGeoPackage);
  EXPECT_EQ(Read("open.shp").at(0).boundary, open);
  EXPECT_EQ(Read("open.gpkg").at(0).boundary, open);
  plots_ = {RawBoundary()};
  Write("null.shp", LayerFormat::kShapefile);
  EXPECT_EQ(Read("null.shp").at(0).geometry, GeometryState::kNull);
}

TEST_F(LayerFiles, AHoleThatRunsAsItsShellIsWrittenReversedToAShapefile) {
  RawBoundary plot = WithHole(Square(0, 0, 20), {{5, 5}, {5, 10}, {10, 5}, {5, 5}});
  plots_ = {plot};
  Write("hole.shp", LayerFormat::kShapefile);
  std::reverse(plot.vertices.begin() + 5, plot.vertices.end());
  EXPECT_EQ(Read("hole.shp").at(0).boundary, plot);
}

TEST_F(LayerFiles, CsvRowsKeepTheirTextAndTheirWktProblems) {
  Put("plots.csv",
      "code,where\n007,\"POLYGON ((0 0,0 1,1 1,0 0))\"\n008,\"POLYGON ((0 0,0 x\"\n009,\n"
      "010,\"CURVEPOLYGON (CIRCULARSTRING (0 0,1 1,2 0,1 -1,0 0))\"\n");
  const auto rows = Read("plots.csv");
  ASSERT_EQ(rows.size(), 4U);
  EXPECT_EQ(rows[0].attributes.at(0).text, "007");
  EXPECT_EQ(rows[0].boundary.vertices.size(), 4U);
  EXPECT_EQ(rows[1].geometry, GeometryState::kUnreadable);
  EXPECT_EQ(rows[2].geometry, GeometryState::kNull);
  EXPECT_EQ(rows[3].geometry, GeometryState::kNotPolygon);
  EXPECT_EQ(rows[3].problems.at(0).kind, Kind::kNotPolygon);
}

TEST_F(LayerFiles, SeveralLayersNeedAChoice) {
  Write("plots.gpkg", LayerFormat::kGeoPackage);
  auto writer =
      LayerWriter::Create(Path("plots.gpkg"), {.format = LayerFormat::kGeoPackage,
                                               .geometry = LayerGeometry::kPoint,
                                               .layer = "findings",
                                               .fields = {{"rule", FieldType::kText, 0, 0}},
                                               .add_to_existing = true});
  ASSERT_TRUE(writer.ok()) << writer.status();
  const std::vector<Value> values = {"B201"};
  ASSERT_TRUE((*writer)->AddPoint({1, 2}, values).ok());
  ASSERT_TRUE((*writer)->Close().ok());
  const auto refused = LayerReader::Open(Path("plots.gpkg"), {});
  EXPECT_EQ(refused.status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_NE(refused.status().message().find("findings"), std::string::npos);
  const auto findings = Read("plots.gpkg", {.layer = "findings"});
  ASSERT_EQ(findings.size(), 1U);
  EXPECT_EQ(findings[0].geometry, GeometryState::kNotPolygon);
  EXPECT_EQ(Read("plots.gpkg", {.layer = "plots"}).size(), 3U);
}

TEST_F(LayerFiles, GeoJsonKeepsAwkwardTextAndRefusesWhatJsonCannotHold) {
  const std::string awkward = "quote \" backslash \\ line\nend";
  auto writer = LayerWriter::Create(
      Path("text.geojson"), {.format = LayerFormat::kGeoJson, .epsg = 4490, .fields = kFields});
  ASSERT_TRUE(writer.ok());
  RawBoundary infinite = plots_[0];
  infinite.vertices[1].x = std::numeric_limits<double>::infinity();
  const std::vector<Value> values = {"1", awkward, 0.1};
  const std::vector<Value> raw = {"1", RawText{"\xFF"}, 0.1};
  EXPECT_EQ((*writer)->AddPolygon(infinite, values).code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ((*writer)->AddPolygon(plots_[0], raw).code(), absl::StatusCode::kInvalidArgument);
  ASSERT_TRUE((*writer)->AddPolygon(RawBoundary(), values).ok());
  ASSERT_TRUE((*writer)->Close().ok());
  const auto rows = Read("text.geojson");
  ASSERT_EQ(rows.size(), 1U);
  EXPECT_EQ(rows[0].geometry, GeometryState::kNull);
  EXPECT_EQ(rows[0].attributes[1].text, awkward);
  EXPECT_EQ(rows[0].attributes[2].text, "0.1");
  EXPECT_EQ(info_.epsg, 4490);
}

TEST_F(LayerFiles, RefusesWhatIsNoLayer) {
  Put("notes.txt", "not a layer");
  Put("short.shp", "too short");
  EXPECT_EQ(LayerReader::Open(Path("absent.shp"), {}).status().code(), absl::StatusCode::kNotFound);
  EXPECT_EQ(LayerReader::Open(Path("notes.txt"), {}).status().code(),
            absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(LayerReader::Open(Path("short.shp"), {}).status().code(),
            absl::StatusCode::kInvalidArgument);
}

TEST_F(LayerFiles, RefusesAValueThatDoesNotFitAndWritesNothingUnderTheName) {
  auto writer = LayerWriter::Create(
      Path("plots.shp"), {.format = LayerFormat::kShapefile, .encoding = "GBK", .fields = kFields});
  ASSERT_TRUE(writer.ok());
  const std::vector<Value> too_long = {std::string(20, '9'), "x", 1.0};
  const std::vector<Value> not_in_gbk = {"1", "𠀀", 1.0};
  const std::vector<Value> no_number = {"1", "x", "many"};
  for (const auto& values : {too_long, not_in_gbk, no_number}) {
    EXPECT_EQ((*writer)->AddPolygon(plots_[0], values).code(), absl::StatusCode::kInvalidArgument);
  }
  writer->reset();
  EXPECT_FALSE(std::filesystem::exists(Path("plots.shp")));
  EXPECT_FALSE(std::filesystem::exists(Path("plots.shp.part")));
}

// Whatever single bytes are changed or cut off: reading ends, every row is whole or says what is
// wrong with it, and a record that the headers still claim is a row.
TEST_F(LayerFiles, DamagedFilesGiveRowsOrAReasonAndNeverMore) {
  Write("plots.shp", LayerFormat::kShapefile);
  std::map<std::string, std::string> sound;
  for (const char* name : {"plots.shp", "plots.shx", "plots.dbf"}) sound[name] = Bytes(name);
  rc::check("damage is told", [&] {
    for (const auto& [name, bytes] : sound) Put(name, bytes);
    const auto name = *rc::gen::element<std::string>("plots.shp", "plots.shx", "plots.dbf");
    std::string bytes = sound.at(name);
    for (int i = *rc::gen::inRange(1, 4); i > 0; --i) {
      bytes[*rc::gen::inRange<std::size_t>(0, bytes.size())] = *rc::gen::arbitrary<char>();
    }
    bytes.resize(*rc::gen::oneOf(rc::gen::just(bytes.size()),
                                 rc::gen::inRange<std::size_t>(0, bytes.size() + 1)));
    Put(name, bytes);
    const auto reader = LayerReader::Open(Path("plots.shp"), {});
    if (!reader.ok()) {
      RC_ASSERT(reader.status().code() == absl::StatusCode::kInvalidArgument);
      return;
    }
    std::size_t rows = 0;
    while (true) {
      const auto row = (*reader)->Next();
      RC_ASSERT(row.ok());
      if (!row->has_value()) break;
      ++rows;
      RC_ASSERT((*row)->attributes.size() == (*reader)->Info().fields.size());
      RC_ASSERT(((*row)->geometry == GeometryState::kUnreadable) <= !(*row)->problems.empty());
      if (rows > 10'000) break;  // a header that was made to claim as many
    }
    RC_ASSERT(rows >= 3U || (*reader)->Info().truncated || !(*reader)->Info().notes.empty() ||
              name == "plots.dbf" || rows >= (*reader)->Info().dbf_records.value_or(0));
  });
}

}  // namespace
}  // namespace landbook::geo
