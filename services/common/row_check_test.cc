#include "services/common/row_check.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <algorithm>
#include <random>
#include <string>
#include <vector>

#include "geo/compact.h"
#include "services/common/finding_wire.h"

namespace landbook::common {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

v1::PlotKind Kind(v1::PlotCodeLayout layout, const char* letters) {
  v1::PlotKind kind;
  kind.set_code_layout(layout);
  kind.set_feature_letters(letters);
  return kind;
}

const v1::PlotKind kHomestead = Kind(v1::PLOT_CODE_LAYOUT_CADASTRAL, "JC");
const v1::PlotKind kContracted = Kind(v1::PLOT_CODE_LAYOUT_CONTRACTED, "JD");

std::string Square() {
  geo::Boundary square;
  square.vertices = {{0, 0}, {100'000, 0}, {100'000, 100'000}, {0, 100'000}};
  square.EndRing();
  square.EndPart();
  return geo::EncodeCompact(square);
}

v1::ImportRow Row(std::int64_t number, const std::string& code) {
  v1::ImportRow row;
  row.set_row(number);
  row.set_code(code);
  row.set_boundary(Square());
  return row;
}

// "B401 malformed" of each finding.
std::vector<std::string> Found(const CheckedRow& row) {
  std::vector<std::string> found;
  for (const geo::Finding& finding : row.findings) {
    found.push_back(geo::RuleName(finding.rule) + " " + finding.detail);
  }
  return found;
}

std::vector<std::string> Found(const v1::ImportRow& row, bool allocated = false) {
  return Found(*CheckRow(row, {kHomestead, "370303", allocated}, {0}));
}

TEST(PlotCodeTest, CadastralCodesHaveTheKindsLetters) {
  const CodeRules rules = {kHomestead, "370303"};
  EXPECT_EQ(CheckPlotCode(rules, "370303101201JC00001"), std::nullopt);
  EXPECT_EQ(CheckPlotCode(rules, "370303101201JB00001"), CodeFault::kNotOfKind);
  EXPECT_EQ(CheckPlotCode(rules, "370304101201JC00001"), CodeFault::kOtherCounty);
  EXPECT_EQ(CheckPlotCode({kHomestead, ""}, "370304101201JC00001"), std::nullopt);
  for (const char* code : {"", "370303101201JC0000", "370303101201JC000011", "37030310120XJC00001",
                           "370303101201AC00001", "370303101201Jc00001", "370303101201JC0000x",
                           "370303101201JC00000", "3703031012010100001"}) {
    EXPECT_EQ(CheckPlotCode(rules, code), CodeFault::kMalformed) << code;
  }
}

TEST(PlotCodeTest, ContractedCodesAreNineteenDigits) {
  const CodeRules rules = {kContracted, "370303"};
  EXPECT_EQ(CheckPlotCode(rules, "3703031012010100001"), std::nullopt);
  EXPECT_EQ(CheckPlotCode(rules, "3703041012010100001"), CodeFault::kOtherCounty);
  EXPECT_EQ(CheckPlotCode(rules, "370303101201JD00001"), CodeFault::kMalformed);
  EXPECT_EQ(CheckPlotCode(rules, "370303101201010001"), CodeFault::kMalformed);
}

TEST(RowCheckTest, AGoodRowHasNoFindings) {
  v1::ImportRow row = Row(1, "370303101201JC00001");
  row.set_stated_area_m2("100.25");
  row.set_land_use("0702");
  const Outcome<CheckedRow> checked = CheckRow(row, {kHomestead, "370303"}, {0});
  EXPECT_THAT(Found(*checked), IsEmpty());
  EXPECT_EQ(checked->stated_area_mm2, 100'250'000);
  EXPECT_EQ(checked->boundary->vertices.size(), 4u);
  EXPECT_FALSE(checked->HasError());
}

TEST(RowCheckTest, CodesAreWantedUnlessTheyAreAllocated) {
  EXPECT_THAT(Found(Row(1, "")), ElementsAre("B403 code"));
  EXPECT_THAT(Found(Row(1, ""), true), IsEmpty());
  EXPECT_THAT(Found(Row(1, "x")), ElementsAre("B401 malformed"));
  EXPECT_THAT(Found(Row(1, "370304101201JC00001")), ElementsAre("B401 other_county"));
  EXPECT_THAT(Found(Row(1, "370303101201JB00001")), ElementsAre("B401 not_of_kind"));
}

TEST(RowCheckTest, ARowWithoutABoundaryStaysOutAndSaysSoOnce) {
  v1::ImportRow row = Row(1, "370303101201JC00001");
  row.clear_boundary();
  EXPECT_THAT(Found(row), ElementsAre("B403 null"));
  v1::Finding& finding = *row.add_findings();
  finding.set_rule("B403");
  finding.set_severity(v1::SEVERITY_ERROR);
  finding.set_detail("not_polygon");
  EXPECT_THAT(Found(row), ElementsAre("B403 not_polygon"));
}

TEST(RowCheckTest, AttributesAreInTheirCodeLists) {
  v1::ImportRow row = Row(1, "370303101201JC00001");
  row.set_stated_area_m2("12,5");
  row.set_land_use("宅基地");
  EXPECT_THAT(Found(row), ElementsAre("B403 stated_area", "B403 land_use"));
}

TEST(RowCheckTest, ABoundaryTooLargeIsAFindingNotAnEndOfTheImport) {
  geo::Boundary large;
  for (std::int64_t i = 0; i <= 100'000; ++i) large.vertices.push_back({i, i % 2});
  large.EndRing();
  large.EndPart();
  v1::ImportRow row = Row(1, "370303101201JC00001");
  row.set_boundary(geo::EncodeCompact(large));
  EXPECT_THAT(Found(row), ElementsAre("B403 too_many_vertices"));
}

TEST(RowCheckTest, WhatNoReaderSendsIsRefused) {
  v1::ImportRow row = Row(1, "370303101201JC00001");
  row.set_boundary("\x07garbage");
  const auto garbage = CheckRow(row, {kHomestead, "370303"}, {4});
  ASSERT_FALSE(garbage.ok());
  EXPECT_EQ(garbage.refusals()[0].reason(), "BOUNDARY_UNDECODABLE");
  EXPECT_EQ(garbage.refusals()[0].field(), "rows[4].boundary");
  row.set_boundary(Square());
  row.add_findings()->set_rule("B999");
  EXPECT_EQ(CheckRow(row, {kHomestead, "370303"}, {4}).refusals()[0].field(),
            "rows[4].findings[0]");
  EXPECT_EQ(CheckShapeRow(row, {4, "control[1]."}).refusals()[0].field(),
            "control[1].rows[4].findings[0]");
}

TEST(RowCheckTest, BothRowsOfOneCodeStayOutInAnyOrder) {
  std::vector<CheckedRow> rows;
  const std::string codes[] = {"370303101201JC00002", "370303101201JC00001", "370303101201JC00002",
                               "", ""};
  for (std::int64_t i = 0; i < 5; ++i) {
    rows.push_back(*CheckRow(Row(i, codes[i]), {kHomestead, "370303", true}, {}));
  }
  std::mt19937 random(7);
  for (int round = 0; round < 20; ++round) {
    std::vector<CheckedRow> shuffled = rows;
    std::shuffle(shuffled.begin(), shuffled.end(), random);
    AssignSubjects(shuffled);
    ASSERT_THAT(Found(shuffled[3]), ElementsAre("B402 in_file"));
    ASSERT_THAT(Found(shuffled[4]), ElementsAre("B402 in_file"));
    EXPECT_EQ(shuffled[3].row, 0);
    EXPECT_EQ(shuffled[3].findings[0].subject, 3u);
    EXPECT_EQ(shuffled[3].findings[0].other, 4u);
    EXPECT_EQ(shuffled[4].findings[0].other, 3u);
    for (int i = 0; i < 3; ++i)
      EXPECT_THAT(Found(shuffled[static_cast<std::size_t>(i)]), IsEmpty());
  }
}

TEST(RowCheckTest, AreasAreExact) {
  EXPECT_EQ(AreaFromText("0.1"), 100'000);
  EXPECT_EQ(AreaFromText("999999999999.99"), 999'999'999'999'990'000);
  EXPECT_TRUE(rc::check([] {
    const auto hundredths = *rc::gen::inRange<std::int64_t>(0, 100'000'000'000);
    const std::string cents = std::to_string(100 + hundredths % 100).substr(1);
    RC_ASSERT(AreaFromText(std::to_string(hundredths / 100) + "." + cents) == hundredths * 10'000);
  }));
}

TEST(FindingWireTest, TellsBothPlotsAndBothLanguages) {
  geo::Finding finding;
  finding.rule = geo::Rule::kOverlap;
  finding.severity = geo::Severity::kError;
  finding.other = 1;
  finding.place = {5, 6};
  finding.measured = 1'500'000;
  finding.unit = geo::Unit::kSquareMetre;
  const FindingPlot subject = {"A", 3};
  const FindingPlot other = {"B", -1};
  const v1::Finding wire = FindingToWire(finding, {subject, other});
  EXPECT_EQ(wire.rule(), "B201");
  EXPECT_EQ(wire.plot(), "A");
  EXPECT_EQ(wire.other_plot(), "B");
  EXPECT_EQ(wire.row(), 3);
  EXPECT_EQ(wire.other_row(), -1);
  EXPECT_EQ(wire.unit(), "m2");
  EXPECT_EQ(wire.message_en(), geo::SentenceEnglish(finding));
  EXPECT_EQ(wire.message_zh(), geo::SentenceChinese(finding));
  finding.other = geo::kNoOther;
  EXPECT_EQ(FindingToWire(finding, {subject, other}).other_plot(), "");
}

TEST(FindingWireTest, AReadersFindingComesBack) {
  for (const char* rule : {"B101", "B102", "B306", "B403", "B404", "B502"}) {
    v1::Finding wire;
    wire.set_rule(rule);
    wire.set_severity(v1::SEVERITY_ERROR);
    wire.set_detail("open");
    wire.set_unit("m");
    wire.mutable_place()->set_y(9);
    const std::optional<geo::Finding> back = FindingFromWire(wire, 12);
    ASSERT_TRUE(back.has_value()) << rule;
    EXPECT_EQ(geo::RuleName(back->rule), rule);
    EXPECT_EQ(back->subject, 12u);
    EXPECT_EQ(back->unit, geo::Unit::kMetre);
    EXPECT_EQ(back->place, (geo::Vertex{0, 9}));
  }
  v1::Finding wrong;
  wrong.set_rule("B101");
  EXPECT_FALSE(FindingFromWire(wrong, 0).has_value());
  wrong.set_severity(v1::SEVERITY_NOTE);
  wrong.set_unit("furlong");
  EXPECT_FALSE(FindingFromWire(wrong, 0).has_value());
}

}  // namespace
}  // namespace landbook::common
