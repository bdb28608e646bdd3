#include "tools/landbook/findings_report.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <regex>
#include <set>

#include "tools/landbook/findings_drawing.h"
#include "tools/landbook/findings_page.h"
#include "tools/landbook/findings_styles.h"
#include "tools/landbook/rule_advice.h"

namespace landbook::tools {
namespace {

using testing::HasSubstr;
using testing::Not;

v1::Finding FindingOf(const std::string& rule, std::int64_t row, std::int64_t other_row,
                      std::int64_t measured = 0) {
  v1::Finding finding;
  finding.set_rule(rule);
  finding.set_severity(rule == "B201" ? v1::SEVERITY_ERROR : v1::SEVERITY_WARNING);
  finding.set_row(row);
  finding.set_plot("plot" + std::to_string(row));
  finding.set_other_row(other_row);
  if (rule.starts_with("B2")) finding.set_other_plot("other" + std::to_string(other_row));
  finding.set_measured_millionths(measured);
  finding.set_unit("m");
  finding.set_message_zh("中文 <句>");
  finding.set_message_en("a sentence & more");
  return finding;
}

geo::Boundary Square(std::int64_t x_m, std::int64_t size_m) {
  const std::int64_t x = x_m * geo::kStepsPerMetre;
  const std::int64_t size = size_m * geo::kStepsPerMetre;
  geo::Boundary boundary;
  boundary.vertices = {{x, 0}, {x, size}, {x + size, size}, {x + size, 0}};
  boundary.EndRing();
  boundary.EndPart();
  return boundary;
}

TEST(FindingsLedgerTest, PlotsGatherWhatIsSaidOfThemOnEitherSide) {
  FindingsLedger ledger;
  ledger.Add(FindingOf("B203", 1, 2));
  ledger.Add(FindingOf("B201", 2, 1));
  ledger.Add(FindingOf("B106", 2, -1));
  ledger.Add(FindingOf("B201", 2, -1));
  v1::Finding note = FindingOf("B111", 7, -1);
  note.set_severity(v1::SEVERITY_NOTE);
  ledger.Add(note);
  ASSERT_EQ(ledger.plots().size(), 3U) << "notes ask for nothing";
  const ConcernedPlot& second = ledger.plots().at({2, ""});
  EXPECT_EQ(second.code, "other2");
  EXPECT_EQ(second.severity, v1::SEVERITY_ERROR);
  EXPECT_EQ(second.rules, (std::set<std::string>{"B106", "B201", "B203"}));
  EXPECT_EQ(second.findings, 4U);
  EXPECT_EQ(ledger.plots().at({-1, "other-1"}).findings, 1U) << "a plot of the book, by its code";
  EXPECT_EQ(ledger.rules().at("B201").count, 2U);
}

TEST(FindingsLedgerTest, APairThatOverlapsIsKeptOnce) {
  FindingsLedger ledger;
  ledger.Add(FindingOf("B201", 1, 2));
  ledger.Add(FindingOf("B201", 2, 1));
  ledger.Add(FindingOf("B203", 1, 3));
  ledger.Add(FindingOf("B202", 1, -1));
  ASSERT_EQ(ledger.overlaps().size(), 2U);
  EXPECT_EQ(ledger.overlaps()[1].other.code, "other-1");
}

TEST(FindingsLedgerTest, TheWorstOfARuleAreTheGreatestOrWhereThatIsWorseTheSmallest) {
  FindingsLedger ledger;
  for (const int measured : {30, 10, 50, 20, 40}) {
    ledger.Add(FindingOf("B205", measured, -1, measured));
    ledger.Add(FindingOf("B106", measured, -1, measured));
  }
  const auto rows_of = [&](const char* rule) {
    std::vector<std::int64_t> rows;
    for (const v1::Finding& finding : ledger.rules().at(rule).worst) rows.push_back(finding.row());
    return rows;
  };
  EXPECT_EQ(rows_of("B205"), (std::vector<std::int64_t>{50, 40, 30}));
  EXPECT_EQ(rows_of("B106"), (std::vector<std::int64_t>{10, 20, 30}));
  EXPECT_EQ(ledger.rules().at("B205").count, 5U);
  EXPECT_TRUE(ledger.PlotsOfWorst().contains({10, ""}));
  EXPECT_TRUE(ledger.PlotsOfWorst().contains({50, ""}));
}

TEST(FindingsLedgerTest, WhatTwoPlotsSayOfEachOtherIsOneCase) {
  FindingsLedger ledger;
  ledger.Add(FindingOf("B203", 1, 2, 7));
  ledger.Add(FindingOf("B203", 2, 1, 7));
  ledger.Add(FindingOf("B203", 2, 3, 5));
  EXPECT_EQ(ledger.rules().at("B203").count, 3U);
  ASSERT_EQ(ledger.rules().at("B203").worst.size(), 2U);
  EXPECT_EQ(ledger.rules().at("B203").worst[1].row(), 2);
}

TEST(RuleAdviceTest, EveryRuleOfThePageHasAdviceInBothLanguages) {
  std::ifstream page(LANDBOOK_SOURCE_DIR "/docs/boundary-rules.md");
  const std::string text((std::istreambuf_iterator<char>(page)), {});
  const std::regex rule("\\| (B[0-9]{3}) \\|");
  std::set<std::string> rules;
  for (std::sregex_iterator at(text.begin(), text.end(), rule), end; at != end; ++at) {
    rules.insert((*at)[1]);
  }
  EXPECT_GE(rules.size(), 20U);
  for (const std::string& name : rules) {
    const RuleAdvice& advice = AdviceOn(name);
    EXPECT_EQ(advice.rule, name);
    EXPECT_FALSE(advice.name_zh.empty() || advice.name_en.empty() || advice.advice_zh.empty() ||
                 advice.advice_en.empty())
        << advice.rule;
  }
  EXPECT_FALSE(AdviceOn("B999").advice_en.empty());
}

class FindingsPageTest : public testing::Test {
 protected:
  std::string Page() {
    const auto html = HtmlOf({"a<b>.gpkg", "EPSG:4548", counts_, ledger_, ground_});
    EXPECT_TRUE(html.ok()) << html.status();
    return html.ok() ? *html : "";
  }

  ImportReport counts_;
  FindingsLedger ledger_;
  FindingsGround ground_;
};

TEST_F(FindingsPageTest, ItNeedsNothingElseAndEscapesWhatItShows) {
  counts_.read = 12'345;
  counts_.rules_not_run = {"B301"};
  ledger_.Add(FindingOf("B201", 1, 2, 2'000'000));
  const std::string html = Page();
  EXPECT_THAT(html, HasSubstr("12345"));
  EXPECT_THAT(html, HasSubstr("B301"));
  EXPECT_THAT(html, HasSubstr("a&lt;b&gt;.gpkg"));
  EXPECT_THAT(html, HasSubstr("中文 &lt;句&gt;"));
  EXPECT_THAT(html, HasSubstr("a sentence &amp; more"));
  EXPECT_THAT(html, HasSubstr(std::string(AdviceOn("B201").advice_zh)));
  EXPECT_THAT(html, HasSubstr(std::string(AdviceOn("B201").advice_en)));
  for (const char* foreign : {"<script", "http:", "https:", "<link", "<img", "url("}) {
    EXPECT_THAT(html, Not(HasSubstr(foreign)));
  }
  EXPECT_THAT(html, Not(HasSubstr("<svg"))) << "no plot is known, so none is drawn";
}

TEST_F(FindingsPageTest, ErrorsComeBeforeWarnings) {
  ledger_.Add(FindingOf("B106", 1, -1));
  ledger_.Add(FindingOf("B201", 1, 2));
  const std::string html = Page();
  EXPECT_LT(html.find("<h2 id=\"B201\""), html.find("<h2 id=\"B106\""));
}

TEST_F(FindingsPageTest, NoFindingsAreSaidToBeNone) {
  EXPECT_THAT(Page(), HasSubstr("There are no findings."));
}

TEST_F(FindingsPageTest, AnOverlapIsDrawnWholeAndEnlarged) {
  ground_[{1, ""}] = Square(0, 20);
  ground_[{2, ""}] = Square(18, 20);
  v1::Finding finding = FindingOf("B201", 1, 2, 2'000'000);
  finding.mutable_place()->set_x(19 * geo::kStepsPerMetre);
  finding.mutable_place()->set_y(10 * geo::kStepsPerMetre);
  const auto svg = SvgOf(finding, ground_);
  ASSERT_TRUE(svg.ok()) << svg.status();
  EXPECT_THAT(*svg, HasSubstr("class=\"common\""));
  EXPECT_THAT(*svg, HasSubstr("whole, width 43.7 m")) << "38 m and its margin";
  const auto count = [&](const std::string& word) {
    std::size_t found = 0;
    for (auto at = svg->find(word); at != std::string::npos; at = svg->find(word, at + 1)) ++found;
    return found;
  };
  EXPECT_EQ(count("<svg viewBox"), 2U);
  EXPECT_EQ(count("class=\"plot\""), 2U);
  EXPECT_EQ(count("class=\"other\""), 2U);
  EXPECT_EQ(count("class=\"place\""), 2U);
}

TEST_F(FindingsPageTest, AFindingFarFromItsPlotStillDrawsThePlot) {
  ground_[{1, ""}] = Square(0, 20);
  v1::Finding finding = FindingOf("B106", 1, -1);
  finding.mutable_place()->set_x(geo::kCoordinateMax);
  const auto svg = SvgOf(finding, ground_);
  ASSERT_TRUE(svg.ok());
  EXPECT_THAT(*svg, HasSubstr("whole, width 23.0 m"));
}

TEST(FindingsStylesTest, EachLayerHasASymbolForEachSeverity) {
  std::set<std::string_view> layers;
  for (const LayerStyle& style : FindingsStyles()) {
    layers.insert(style.layer);
    for (const char* severity : {"error", "warning", "note"}) {
      EXPECT_THAT(style.qml, HasSubstr("<category value=\"" + std::string(severity) + "\""));
    }
    for (const char* symbol : {"<symbol name=\"0\"", "<symbol name=\"1\"", "<symbol name=\"2\""}) {
      EXPECT_THAT(style.qml, HasSubstr(symbol));
    }
  }
  EXPECT_EQ(layers, (std::set<std::string_view>{"findings", "plots", "overlaps"}));
}

}  // namespace
}  // namespace landbook::tools
