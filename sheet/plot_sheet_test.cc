#include "sheet/plot_sheet.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <numbers>

#include "geo/area.h"
#include "sheet/point_table.h"
#include "sheet/sheet_map.h"
#include "sheet/sheet_testing.h"
#include "sheet/sheet_text.h"

namespace landbook::sheet {
namespace {

using testing::Contains;
using testing::HasSubstr;
using testing::Not;

PlotFacts Facts(const std::vector<Ring>& rings) {
  PlotFacts facts;
  facts.county = "样例县 990101";
  facts.code = "990101001001JC00012";
  facts.location = "样例村三组";
  facts.land_use = "0702";
  facts.plane = "EPSG:4548";
  facts.boundary = BoundaryOf(rings);
  facts.recorded_hundredths_m2 = geo::ComputedAreaHundredthsM2(facts.boundary);
  facts.drawn_date = "2026-03-02";
  facts.drawn_at = "2026-03-02T01:00:00Z";
  facts.trace = {"entry 12"};
  return facts;
}

Ring Circle(int vertices, double radius_m) {
  Ring ring;
  for (int i = 0; i < vertices; ++i) {
    const double turn = -2 * std::numbers::pi * i / vertices;
    ring.emplace_back(radius_m * std::cos(turn), radius_m * std::sin(turn));
  }
  return ring;
}

const Ring kHouse = {{0, 0}, {0, 12}, {15, 12}, {15, 0}};

Drawing Draw(const PlotFacts& facts, const std::vector<Neighbour>& neighbours = {},
             const SheetOptions& options = {}) {
  const auto plan = PlanSheet(facts, options, PlainRuler);
  EXPECT_TRUE(plan.ok()) << plan.status();
  return plan.ok() ? DrawSheet(facts, neighbours, *plan, PlainRuler) : Drawing();
}

TEST(PlotSheetTest, ASmallPlotsSheetIsOnePageWithEverythingOnIt) {
  const Drawing drawing = Draw(Facts({kHouse}));
  ASSERT_EQ(drawing.pages.size(), 1U);
  const auto texts = TextsOf(drawing.pages[0]);
  for (const char* text : {"宗地图",
                           "样例县 990101",
                           "990101001001JC00012",
                           "0702",
                           "180.00 m²（0.27 亩 mu）",
                           "样例村三组",
                           "EPSG:4548",
                           "J1",
                           "J4",
                           "12.00",
                           "15.00",
                           "JC00012",
                           "180.00",
                           "北 N",
                           "比例尺 scale 1:200",
                           "2026-03-02",
                           "entry 12",
                           "制图",
                           "审核",
                           "0.0000",
                           "15.0000"}) {
    EXPECT_THAT(texts, Contains(text));
  }
  EXPECT_THAT(texts, Not(Contains("权利人"))) << "nothing was said of a holder";
}

TEST(PlotSheetTest, AHolderIsShownWhenTheCallerKnowsOne) {
  PlotFacts facts = Facts({kHouse});
  facts.holder = "户主0";
  const auto texts = TextsOf(Draw(facts).pages[0]);
  EXPECT_THAT(texts, Contains("权利人"));
  EXPECT_THAT(texts, Contains("户主0"));
}

TEST(PlotSheetTest, AnAreaThatDiffersFromTheBoundarysIsSaid) {
  PlotFacts facts = Facts({kHouse});
  facts.recorded_hundredths_m2 = 17'950;
  EXPECT_THAT(TextsOf(Draw(facts).pages[0]),
              Contains("179.50 m²（0.27 亩 mu）；按界址计算 computed 180.00 m²"));
}

TEST(PlotSheetTest, ManyPointsGoOnInATableOnFurtherPages) {
  const Drawing drawing = Draw(Facts({Circle(300, 140)}));
  ASSERT_EQ(drawing.pages.size(), 4U);
  EXPECT_THAT(TextsOf(drawing.pages[0]), Contains(HasSubstr("见界址点坐标表")));
  std::vector<std::string> table;
  for (std::size_t page = 1; page < drawing.pages.size(); ++page) {
    const auto texts = TextsOf(drawing.pages[page]);
    EXPECT_THAT(texts, Contains("界址点坐标表"));
    table.insert(table.end(), texts.begin(), texts.end());
  }
  for (int i = 1; i <= 300; ++i)
    EXPECT_EQ(std::count(table.begin(), table.end(), "J" + std::to_string(i)), 1);
}

TEST(PlotSheetTest, NoTwoLabelsOfTheMapOverlap) {
  for (const Ring& ring : {Circle(300, 140), Circle(40, 20), Circle(90, 3000), kHouse}) {
    const PlotFacts facts = Facts({ring});
    const auto plan = PlanSheet(facts, {}, PlainRuler);
    ASSERT_TRUE(plan.ok()) << plan.status();
    Omitted omitted;
    const auto layers = SheetMap(facts, *plan, PlainRuler).Draw({}, omitted);
    std::vector<LabelBox> boxes;
    for (const Mark& mark : layers.back().marks) {
      const Text* text = std::get_if<Text>(&mark);
      if (!text || text->align != Align::kCentre || text->bold) continue;
      boxes.push_back({text->at, PlainRuler(*text), text->size_mm, text->turn});
      for (std::size_t i = 0; i + 1 < boxes.size(); ++i) {
        ASSERT_FALSE(Overlap(boxes[i], boxes.back())) << text->text;
      }
    }
    EXPECT_GE(boxes.size(), 4U);
    EXPECT_LT(omitted.numbers, ring.size());
  }
}

TEST(PlotSheetTest, ThePaperIsTurnedWhereThatAllowsALargerScale) {
  const auto plan_of = [](const Ring& ring) {
    const auto plan = PlanSheet(Facts({ring}), {}, PlainRuler);
    EXPECT_TRUE(plan.ok());
    return *plan;
  };
  const SheetPlan wide = plan_of({{0, 0}, {0, 6}, {5000, 6}, {5000, 0}});
  EXPECT_GT(wide.width_mm, wide.height_mm);
  EXPECT_EQ(wide.view.denominator, 25'000);
  const SheetPlan tall = plan_of({{0, 0}, {0, 5000}, {6, 5000}, {6, 0}});
  EXPECT_LT(tall.width_mm, tall.height_mm);
  EXPECT_EQ(plan_of({{0, 0}, {0, 5}, {4.2, 5}, {4.2, 0}}).view.denominator, 100);
}

TEST(PlotSheetTest, AScaleThatDoesNotFitIsRefusedWithTheOneThatDoes) {
  SheetOptions options;
  options.denominator = 100;
  const auto plan =
      PlanSheet(Facts({{{0, 0}, {0, 300}, {300, 300}, {300, 0}}}), options, PlainRuler);
  EXPECT_EQ(plan.status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(std::string(plan.status().message()),
            "the plot does not fit on A4 at 1:100; the largest scale that fits is 1:5000");
  options.denominator = 3'000;
  EXPECT_EQ(Draw(Facts({{{0, 0}, {0, 300}, {300, 300}, {300, 0}}}), {}, options).pages.size(), 1U);
  EXPECT_FALSE(PlanSheet(Facts({{{0, 0}, {0, 3e5}, {3e5, 3e5}, {3e5, 0}}}), {}, PlainRuler).ok());
}

TEST(PlotSheetTest, APlotWithoutAnAreaIsRefused) {
  EXPECT_FALSE(PlanSheet(Facts({}), {}, PlainRuler).ok());
  EXPECT_FALSE(PlanSheet(Facts({{{0, 0}, {1, 1}, {2, 2}}}), {}, PlainRuler).ok());
}

TEST(PlotSheetTest, HeadTextsThatLeaveNoMapAreRefused) {
  PlotFacts facts = Facts({kHouse});
  for (int i = 0; i < 3000; ++i) facts.location += "村";
  const auto plan = PlanSheet(facts, {}, PlainRuler);
  EXPECT_THAT(std::string(plan.status().message()), HasSubstr("no room is left for the map"));
}

TEST(PlotSheetTest, NeighboursThatAdjoinAreNamed) {
  const std::vector<Neighbour> neighbours = {
      {"990101001001JC00013", BoundaryOf({{{15, 0}, {15, 12}, {40, 12}, {40, 0}}})},
      {"990101001002JC00001", BoundaryOf({{{0, 20}, {0, 40}, {15, 40}, {15, 20}}})},
      {"990101001001JC00014", BoundaryOf({{{-0.1, 0}, {-0.1, 12}, {-0.15, 12}, {-0.15, 0}}})}};
  const auto texts = TextsOf(Draw(Facts({kHouse}), neighbours).pages[0]);
  EXPECT_THAT(texts, Contains("JC00013"));
  EXPECT_THAT(texts, Contains("990101001002JC00001")) << "of another village: its whole code";
  EXPECT_THAT(texts, Contains(HasSubstr("not written on the map: 990101001001JC00014")));
}

TEST(PlotSheetTest, AdjoiningMeansWithinTwentyCentimetres) {
  const auto at = [](double x) { return BoundaryOf({{{x, 3}, {x, 5}, {x + 5, 4}}}); };
  const geo::Boundary house = BoundaryOf({kHouse});
  EXPECT_TRUE(Adjoin(house, at(15)));
  EXPECT_TRUE(Adjoin(house, at(15.2)));
  EXPECT_FALSE(Adjoin(house, at(15.2001)));
  EXPECT_TRUE(Adjoin(at(15.2), house));
}

TEST(PlotSheetTest, ShortCodesDropWhatTheStructureShares) {
  struct Case {
    const char *code, *reference, *expected;
  };
  for (const Case& c : {Case{"990101001001JC00001", "990101001001JB00002", "JC00001"},
                        Case{"990101001002JC00001", "990101001001JC00002", "990101001002JC00001"},
                        Case{"9901010010010300017", "9901010010010300019", "00017"},
                        Case{"9901010010010400017", "9901010010010300019", "9901010010010400017"},
                        Case{"9901010010010300017", "990101001001JC00001", "9901010010010300017"},
                        Case{"A-1", "A-2", "A-1"}}) {
    EXPECT_EQ(ShortCode(c.code, c.reference), c.expected);
  }
}

TEST(PlotSheetTest, TheTableNamesRingsAndSurveyNumbersWhereThereAreAny) {
  geo::Boundary boundary =
      BoundaryOf({{{0, 0}, {0, 30}, {30, 30}, {30, 0}}, {{10, 10}, {10, 20}, {20, 20}, {20, 10}}});
  PointTable table = TableOfPoints(NumberPoints(boundary));
  ASSERT_EQ(table.rows.size(), 10U);
  EXPECT_TRUE(table.rows[5].heading);
  EXPECT_EQ(table.rows[1].cells, (std::vector<std::string>{"J1", "30.0000", "0.0000", "30.00"}))
      << "X is the northing";
  boundary.points = {{1, "7", 0, 0}};
  table = TableOfPoints(NumberPoints(boundary));
  EXPECT_EQ(table.rows[1].cells,
            (std::vector<std::string>{"J1", "7", "30.0000", "0.0000", "30.00"}));
}

TEST(SheetTextTest, LinesBreakAtBlanksOrBetweenAnyTwoCharacters) {
  const auto wrap = [](const char* text, double width_mm) {
    return WrapText(PlainText(text, 2), width_mm, PlainRuler);
  };
  EXPECT_EQ(wrap("", 10), (std::vector<std::string>{""}));
  EXPECT_EQ(wrap("样例村三组", 4), (std::vector<std::string>{"样例", "村三", "组"}));
  EXPECT_EQ(wrap("one two three", 8), (std::vector<std::string>{"one two ", "three"}));
  EXPECT_EQ(wrap("𠮷村", 1), (std::vector<std::string>{"𠮷", "村"})) << "one character at least";
}

}  // namespace
}  // namespace landbook::sheet
