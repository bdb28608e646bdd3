#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

#include "geo/compact.h"
#include "geo/formats/layer_reader.h"
#include "geo/formats/layer_writer.h"
#include "tools/landbook/fake_registry_testing.h"
#include "tools/landbook/run_testing.h"

namespace landbook::tools {
namespace {

using testing::HasSubstr;

constexpr double kEast = 520'000;
constexpr double kNorth = 4'070'000;

geo::RawBoundary Square(double x, double y, double size) {
  geo::RawBoundary boundary;
  boundary.vertices = {{x, y}, {x, y + size}, {x + size, y + size}, {x + size, y}, {x, y}};
  boundary.EndRing();
  boundary.EndPart();
  return boundary;
}

// A GeoPackage of squares of 20 m, 40 m apart unless `shift_m` moves the second one.
std::string Layer(const std::filesystem::path& path, int count, double shift_m = 0) {
  geo::WriterOptions options;
  options.epsg = 4548;
  options.layer = "plots";
  options.fields = {{"code", geo::FieldType::kText, 0, 0},
                    {"stated_m2", geo::FieldType::kText, 0, 0},
                    {"owner", geo::FieldType::kText, 0, 0}};
  auto writer = geo::LayerWriter::Create(path.string(), options);
  EXPECT_TRUE(writer.ok()) << writer.status();
  for (int i = 0; i < count; ++i) {
    const double shift = i == 1 ? shift_m : 0;
    const std::vector<geo::Value> values = {fmt::format("990101001001JC{:05}", i + 1),
                                            std::string("400.00"), std::string("王")};
    EXPECT_TRUE((*writer)->AddPolygon(Square(kEast + 40.0 * i - shift, kNorth, 20), values).ok());
  }
  EXPECT_TRUE((*writer)->Close().ok());
  return path.string();
}

class ImportTest : public testing::Test {
 protected:
  Ran Import(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), "import");
    arguments.insert(arguments.end(), {"--server", registry_.address, "--county", "990101"});
    return RunLandbook(arguments);
  }
  void Answer(std::uint32_t read, std::uint32_t accepted) {
    registry_.import_result.set_state(v1::IMPORT_STATE_DONE);
    registry_.import_result.set_read(read);
    registry_.import_result.set_accepted(accepted);
    registry_.import_result.set_rejected(read - accepted);
  }

  FakeRegistry registry_;
};

TEST_F(ImportTest, SendsEveryRowOnThePlane) {
  Answer(3, 2);
  registry_.import_result.set_unchanged(1);
  v1::RuleCount& count = *registry_.import_result.add_findings();
  count.set_rule("B201");
  count.set_count(4);
  const std::string layer = Layer(TestFolder() / "plots.gpkg", 3);
  const Ran ran = Import({layer, "--kind", "homestead", "--workers", "2", "--output", "json"});
  EXPECT_EQ(ran.exit_code, 0) << ran.err;
  EXPECT_THAT(ran.out,
              testing::MatchesRegex(R"(\{"read":3,"accepted":2,"unchanged":1,"rejected":1,)"
                                    R"("seconds":[0-9.]+,"findings":\{"B201":4\}\})"
                                    "\n"));
  EXPECT_EQ(registry_.import_request.kind(), "homestead");
  EXPECT_EQ(registry_.import_request.workers(), 2u);
  EXPECT_EQ(registry_.import_request.declared_rows(), 3u);
  ASSERT_EQ(registry_.rows.size(), 3u);
  const v1::ImportRow& row = registry_.rows[1];
  EXPECT_EQ(row.code(), "990101001001JC00002");
  EXPECT_EQ(row.stated_area_m2(), "400.00");
  ASSERT_EQ(row.attributes_size(), 1);
  EXPECT_EQ(row.attributes(0).key(), "owner");
  EXPECT_EQ(row.attributes(0).value(), "王");
  const auto boundary = geo::DecodeCompact(row.boundary());
  ASSERT_TRUE(boundary.ok());
  EXPECT_EQ(boundary->vertices[0], (geo::Vertex{5'200'400'000, 40'700'000'000}));
  EXPECT_EQ(boundary->vertices.size(), 4u);
}

TEST_F(ImportTest, MessagesStaySmall) {
  constexpr int kRows = 30'000;
  Answer(kRows, kRows);
  const std::string layer = Layer(TestFolder() / "plots.gpkg", kRows);
  const Ran ran = Import({layer, "--kind", "homestead"});
  EXPECT_EQ(ran.exit_code, 0) << ran.err;
  EXPECT_EQ(registry_.rows.size(), static_cast<std::size_t>(kRows));
  EXPECT_GT(registry_.message_bytes.size(), 1u);
  for (const std::size_t bytes : registry_.message_bytes) EXPECT_LT(bytes, 2u << 20);
}

TEST_F(ImportTest, CountsThatDoNotAgreeFail) {
  const std::string layer = Layer(TestFolder() / "plots.gpkg", 3);
  Answer(2, 2);
  EXPECT_THAT(Import({layer, "--kind", "homestead"}).err, HasSubstr("do not agree"));
  Answer(3, 2);
  registry_.import_result.set_rejected(0);
  EXPECT_EQ(Import({layer, "--kind", "homestead"}).exit_code, 1);
}

TEST_F(ImportTest, AnImportThatFailedOrWasStoppedFails) {
  const std::string layer = Layer(TestFolder() / "plots.gpkg", 1);
  registry_.import_result.set_state(v1::IMPORT_STATE_FAILED);
  registry_.import_result.set_failure("the disk is full");
  const Ran failed = Import({layer, "--kind", "homestead"});
  EXPECT_EQ(failed.exit_code, 1);
  EXPECT_THAT(failed.err, HasSubstr("the disk is full"));
  registry_.import_result.set_state(v1::IMPORT_STATE_CANCELLED);
  EXPECT_EQ(Import({layer, "--kind", "homestead"}).exit_code, 1);
}

TEST_F(ImportTest, FindingsLandInAFile) {
  Answer(1, 0);
  v1::Finding& finding = registry_.import_findings.emplace_back();
  finding.set_rule("B107");
  finding.set_severity(v1::SEVERITY_ERROR);
  finding.set_row(0);
  finding.set_other_row(-1);
  finding.set_measured_millionths(250'000);
  finding.set_unit("m2");
  const auto folder = TestFolder();
  const std::string layer = Layer(folder / "plots.gpkg", 1);
  const std::string file = (folder / "findings.gpkg").string();
  const Ran ran = Import({layer, "--kind", "homestead", "--findings", file});
  EXPECT_EQ(ran.exit_code, 0) << ran.err;
  auto reader = geo::LayerReader::Open(file, {.layer = "findings"});
  ASSERT_TRUE(reader.ok()) << reader.status();
  EXPECT_EQ((*reader)->Info().layer, "findings");
  EXPECT_EQ((*reader)->Info().epsg, 4548);
  const auto row = (*reader)->Next();
  ASSERT_TRUE(row.ok() && row->has_value());
  EXPECT_EQ((*row)->attributes[0].text, "B107");
  EXPECT_EQ((*row)->attributes[1].text, "error");
  EXPECT_EQ((*row)->attributes[5].state, geo::Attribute::State::kNull);
  EXPECT_EQ((*row)->attributes[6].text, "0.25");
}

TEST_F(ImportTest, WhatIsMissingIsAskedForBeforeAnythingIsSent) {
  const std::string layer = Layer(TestFolder() / "plots.gpkg", 1);
  EXPECT_EQ(Import({layer}).exit_code, 2) << "no kind";
  const Ran field = Import({layer, "--kind", "homestead", "--code-field", "DKBM"});
  EXPECT_EQ(field.exit_code, 2);
  EXPECT_THAT(field.err, HasSubstr("code, stated_m2, owner"));
  EXPECT_EQ(Import({layer + ".not", "--kind", "homestead"}).exit_code, 1);
  EXPECT_TRUE(registry_.rows.empty());
}

TEST(CheckTest, RunsTheRulesWithoutAServer) {
  const auto folder = TestFolder();
  const std::string packs = std::string(LANDBOOK_SOURCE_DIR) + "/deploy/policy";
  const auto check = [&](const std::string& layer) {
    return RunLandbook({"check", layer, "--crs", "EPSG:4548", "--kind", "homestead", "--packs",
                        packs, "--county", "990101", "--output", "json"});
  };
  const Ran clean = check(Layer(folder / "clean.gpkg", 3));
  EXPECT_EQ(clean.exit_code, 0) << clean.err;
  EXPECT_THAT(clean.out, HasSubstr(R"("read":3,"accepted":3,"unchanged":0,"rejected":0)"));
  // The second square moved 25 m west overlaps the first by 5 m.
  const Ran overlap = check(Layer(folder / "overlap.gpkg", 3, 25));
  EXPECT_EQ(overlap.exit_code, 0) << overlap.err;
  EXPECT_THAT(overlap.out, HasSubstr(R"("read":3,"accepted":1,"unchanged":0,"rejected":2)"));
  EXPECT_THAT(overlap.out, HasSubstr("\"B201\":"));
}

TEST(CheckTest, AnUnknownPackIsRefused) {
  const std::string layer = Layer(TestFolder() / "plots.gpkg", 1);
  const Ran ran =
      RunLandbook({"check", layer, "--crs", "4548", "--kind", "homestead", "--packs",
                   std::string(LANDBOOK_SOURCE_DIR) + "/deploy/policy", "--policy", "atlantis"});
  EXPECT_EQ(ran.exit_code, 1);
  EXPECT_THAT(ran.err, HasSubstr("PACK_UNKNOWN"));
}

// A FlatGeobuf has an order of its own.
void SortByCode(std::vector<v1::ImportRow>& rows) {
  std::sort(rows.begin(), rows.end(),
            [](const v1::ImportRow& a, const v1::ImportRow& b) { return a.code() < b.code(); });
}

TEST_F(ImportTest, AnExportReadsBackByteForByte) {
  const auto folder = TestFolder();
  const std::string layer = Layer(folder / "plots.gpkg", 3);
  Answer(3, 3);
  ASSERT_EQ(Import({layer, "--kind", "homestead"}).exit_code, 0);
  SortByCode(registry_.rows);
  const std::vector<v1::ImportRow> first = registry_.rows;
  for (const v1::ImportRow& row : first) {
    v1::Plot& plot = registry_.plots.emplace_back();
    plot.set_state(v1::RECORD_STATE_LIVE);
    plot.set_kind("homestead");
    plot.set_code(row.code());
    plot.set_stated_area_m2(row.stated_area_m2());
    *plot.mutable_attributes() = row.attributes();
    plot.mutable_boundary()->set_compact(row.boundary());
  }
  for (const char* name : {"out.gpkg", "out.shp", "out.geojson", "out.fgb"}) {
    const std::string path = (folder / name).string();
    const Ran exported = RunLandbook({"export", path, "--kind", "homestead", "--server",
                                      registry_.address, "--county", "990101"});
    ASSERT_EQ(exported.exit_code, 0) << exported.err;
    registry_.rows.clear();
    ASSERT_EQ(Import({path, "--kind", "homestead"}).exit_code, 0) << name;
    ASSERT_EQ(registry_.rows.size(), first.size());
    SortByCode(registry_.rows);
    for (std::size_t i = 0; i < first.size(); ++i) {
      v1::ImportRow again = registry_.rows[i];
      again.set_row(first[i].row());
      EXPECT_EQ(again.SerializeAsString(), first[i].SerializeAsString()) << name;
    }
  }
}

}  // namespace
}  // namespace landbook::tools
