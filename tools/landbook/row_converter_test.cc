#include "tools/landbook/row_converter.h"

#include <gtest/gtest.h>

#include <cmath>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "geo/compact.h"

namespace landbook::tools {
namespace {

// A layer of which the converter asks nothing but its fields.
class LayerOfFields final : public geo::LayerReader {
 public:
  explicit LayerOfFields(const std::vector<std::string>& names) {
    for (const std::string& name : names) {
      info_.fields.push_back({name, geo::FieldType::kText, 0, 0});
    }
  }
  const geo::LayerInfo& Info() const override { return info_; }
  absl::StatusOr<bool> Read(geo::Row&) override { return false; }

 private:
  geo::LayerInfo info_;
};

LayerSource Source() {
  LayerSource source;
  source.reader = std::make_unique<LayerOfFields>(
      std::vector<std::string>{"DKBM", "area", "use", "place", "owner", "crop"});
  source.columns.code = 0;
  source.columns.stated_area = 1;
  source.columns.land_use = 2;
  source.columns.location = 3;
  source.columns.others = {4, 5};
  source.crs = "EPSG:4548";
  return source;
}

geo::Row RowOf(const std::vector<std::string>& texts, const std::vector<geo::RawVertex>& ring) {
  geo::Row row;
  for (const std::string& text : texts) {
    row.attributes.push_back({geo::Attribute::State::kText, text});
  }
  row.attributes.resize(6);
  if (ring.empty()) return row;
  row.geometry = geo::GeometryState::kPolygon;
  row.boundary.vertices = ring;
  row.boundary.EndRing();
  row.boundary.EndPart();
  return row;
}

// Rows of which each has something that the one after it lacks.
std::vector<geo::Row> UnlikeRows() {
  const double x = 590'000;
  const double y = 4'075'000;
  std::vector<geo::Row> rows = {
      RowOf({"3703031012010100001", "400.00", "0101", "村东", "王家", "wheat"},
            {{x, y}, {x, y + 20}, {x + 20, y + 20}, {x + 20, y}, {x, y}}),
      RowOf({"3703031012010100002", "", "", "", "李家"}, {{x, y}, {x + 5, y}, {x + 5, y + 5}}),
      RowOf({}, {}), RowOf({"3703031012010100004"}, {{x, y}, {NAN, y}, {x, y + 5}, {x, y}}),
      RowOf({"3703031012010100005", "1.00"}, {{x, y}, {x, y + 2}, {x + 2, y + 2}, {x, y}})};
  rows[3].problems.push_back({geo::RowProblem::Kind::kTextUndecodable, "owner", "no text"});
  for (std::size_t i = 0; i < rows.size(); ++i) rows[i].id = static_cast<std::int64_t>(i);
  return rows;
}

TEST(RowConverterTest, PutsARowOnThePlaneWithItsColumns) {
  absl::StatusOr<RowConverter> converter = RowConverter::Make(Source(), {4548});
  ASSERT_TRUE(converter.ok()) << converter.status();
  const ConvertedRow first = converter->Convert(UnlikeRows()[0]);
  EXPECT_EQ(first.row.code(), "3703031012010100001");
  EXPECT_EQ(first.row.stated_area_m2(), "400.00");
  EXPECT_EQ(first.row.land_use(), "0101");
  EXPECT_EQ(first.row.location(), "村东");
  ASSERT_EQ(first.row.attributes_size(), 2);
  EXPECT_EQ(first.row.attributes(1).key(), "crop");
  EXPECT_EQ(first.row.attributes(1).value(), "wheat");
  EXPECT_EQ(first.boundary.vertices.size(), 4u);
  EXPECT_EQ(first.row.boundary(), geo::EncodeCompact(first.boundary));
  EXPECT_TRUE(first.row.findings().empty());
}

TEST(RowConverterTest, LeavesNothingOfARowInTheMemoryThatServesTheNext) {
  absl::StatusOr<RowConverter> converter = RowConverter::Make(Source(), {4548});
  ASSERT_TRUE(converter.ok()) << converter.status();
  absl::StatusOr<RowConverter> fresh = RowConverter::Make(Source(), {4548});
  ASSERT_TRUE(fresh.ok());
  ConvertedRow converted;
  for (int turn = 0; turn < 2; ++turn) {
    std::vector<geo::Row> rows = UnlikeRows();
    for (geo::Row& row : rows) {
      const ConvertedRow wanted = fresh->Convert(row);
      converter->Convert(row, converted);
      EXPECT_EQ(converted.row.SerializeAsString(), wanted.row.SerializeAsString()) << row.id;
      EXPECT_EQ(converted.boundary, wanted.boundary) << row.id;
    }
  }
}

}  // namespace
}  // namespace landbook::tools
