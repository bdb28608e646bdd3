#include "services/common/control_rules.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "geo/boundary_testing.h"
#include "geo/compact.h"

namespace landbook::common {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr char kVillage[] = "990101001001";

// A square of ground, in metres.
geo::Boundary Square(std::int64_t west, std::int64_t south, std::int64_t size) {
  const auto at = [](std::int64_t x, std::int64_t y) {
    return geo::Vertex{x * geo::kStepsPerMetre, y * geo::kStepsPerMetre};
  };
  return geo::BoundaryOf({{at(west, south + size), at(west + size, south + size),
                           at(west + size, south), at(west, south)}});
}

class ControlRulesTest : public ::testing::Test {
 protected:
  ControlRulesTest()
      : policy_(PolicyOf(R"(
      code: "county" version: 1 title: "县" parent: "national"
      zone_rules {
        layer: "village-plan" zones: "MIX" land_classes: "05" source { document: "Plan 7" }
      }
      tolerances { key: "B303.area_max" value: 2000000 source { document: "Document 8" } })")) {}

  static Policy PolicyOf(const std::string& text) {
    auto chain =
        PackChainFromDirectory(std::string(LANDBOOK_SOURCE_DIR) + "/deploy/policy", "national");
    EXPECT_TRUE(chain.ok());
    chain->push_back(text);
    auto policy = Policy::FromTexts(*chain);
    EXPECT_TRUE(policy.ok()) << policy.refusals().front().message_en();
    return *std::move(policy);
  }

  void AddLayer(const std::string& layer) {
    v1::ControlLayer record;
    record.set_layer(layer);
    record.set_version(3);
    record.set_document_number("D-1");
    ground_.AddLayer(record);
  }
  struct Shape {
    std::string code;
    std::string zone;
    std::vector<std::string> land_classes = {};
    bool unsound = false;
  };
  void AddShape(const std::string& layer, const Shape& shape, const geo::Boundary& boundary) {
    v1::ControlShape record;
    record.set_number(++shapes_);
    record.set_code(shape.code);
    record.set_title("name of " + shape.code);
    record.set_zone(shape.zone);
    record.set_unsound(shape.unsound);
    for (const std::string& land_class : shape.land_classes) record.add_land_classes(land_class);
    ground_.AddShape(layer, record, {boundary});
  }

  // What is found about a plot, as "rule severity shape detail".
  std::vector<std::string> Find(const std::string& kind, const std::string& land_use,
                                const geo::Boundary& boundary) {
    ground_.Finish();
    ControlQuestion question;
    question.use = {policy_.PlotKindNamed(kind), land_use};
    question.village = kVillage;
    question.boundary = &boundary;
    question.name = {"P1", 7};
    auto findings = ground_.FindingsOf(question, policy_);
    EXPECT_TRUE(findings.ok());
    std::vector<std::string> lines;
    for (const v1::Finding& finding : *findings) {
      const char* severities[] = {"", "note", "warning", "error"};
      std::string line = finding.rule() + " " + severities[finding.severity()] + " " +
                         (finding.other_plot().empty() ? "-" : finding.other_plot());
      if (!finding.detail().empty()) line += " " + finding.detail();
      lines.push_back(line);
      last_ = finding;
    }
    return lines;
  }

  Policy policy_;
  ControlGround ground_;
  std::uint64_t shapes_ = 0;
  v1::Finding last_;
};

TEST_F(ControlRulesTest, PassesOverLayersThatAreNotThere) {
  EXPECT_THAT(Find("homestead", "0702", Square(0, 0, 10)), IsEmpty());
}

TEST_F(ControlRulesTest, ConstructionIsKeptOffBasicFarmland) {
  AddLayer("basic-farmland");
  AddShape("basic-farmland", {"F1", ""}, Square(5, 0, 100));
  EXPECT_THAT(Find("homestead", "", Square(0, 0, 10)), ElementsAre("B302 error F1"));
  EXPECT_EQ(last_.measured_millionths(), 50'000'000);
  EXPECT_EQ(last_.tolerance_millionths(), 10'000);
  EXPECT_EQ(last_.unit(), "m2");
  EXPECT_EQ(last_.plot(), "P1");
  EXPECT_EQ(last_.row(), 7);
  EXPECT_EQ(last_.other_row(), -1);
  EXPECT_EQ(last_.control_layer(), "basic-farmland");
  EXPECT_EQ(last_.control_version(), 3u);
  EXPECT_EQ(last_.control_shape(), 1u);
  EXPECT_THAT(last_.message_en(),
              HasSubstr("Layer basic-farmland, version 3 (D-1). Shape F1 name of F1."));
  EXPECT_THAT(last_.message_zh(), HasSubstr("图层：永久基本农田第3版（D-1）。图斑：F1"));
  EXPECT_THAT(Find("contracted", "0101", Square(0, 0, 10)), IsEmpty());
  EXPECT_THAT(Find("contracted", "1006", Square(0, 0, 10)), IsEmpty());
  EXPECT_THAT(Find("contracted", "0601", Square(0, 0, 10)), ElementsAre("B302 error F1"));
  EXPECT_THAT(Find("homestead", "", Square(-5, 0, 10)), IsEmpty());  // along its edge
}

TEST_F(ControlRulesTest, AToleranceIsThePacks) {
  AddLayer("red-line");
  AddShape("red-line", {"R1", ""}, Square(0, 0, 100));
  EXPECT_THAT(Find("construction", "0601", Square(-9, 0, 10)), ElementsAre("B303 error R1"));
  // One square metre: the county's pack lets two pass.
  EXPECT_THAT(Find("construction", "0601", Square(-1, -1, 2)), IsEmpty());
}

TEST_F(ControlRulesTest, APlotStaysInItsVillage) {
  AddLayer("village");
  AddShape("village", {"99010100100100", ""}, Square(0, 0, 100));
  AddShape("village", {"990101001002", ""}, Square(100, 0, 100));
  EXPECT_THAT(Find("contracted", "", Square(50, 50, 10)), IsEmpty());
  EXPECT_THAT(Find("contracted", "", Square(95, 50, 10)), ElementsAre("B301 error 99010100100100"));
  EXPECT_EQ(last_.measured_millionths(), 5'000'000);
  EXPECT_EQ(last_.unit(), "m");
  EXPECT_THAT(Find("contracted", "", Square(150, 50, 10)), ElementsAre("B301 error 99010100100100 outside"));
}

TEST_F(ControlRulesTest, AVillageThatTheLayerDoesNotHaveIsAWarning) {
  AddLayer("village");
  AddShape("village", {"990101001002", ""}, Square(0, 0, 100));
  EXPECT_THAT(Find("contracted", "", Square(50, 50, 10)), ElementsAre("B301 warning - no_village"));
}

TEST_F(ControlRulesTest, CommerceLiesInAZoneOfEachPlanThatAllowsIt) {
  AddLayer("spatial-plan");
  AddLayer("village-plan");
  AddShape("spatial-plan", {"S1", "0901"}, Square(0, 0, 100));
  AddShape("spatial-plan", {"S2", "0701"}, Square(100, 0, 100));
  AddShape("village-plan", {"V1", "MIX-2"}, Square(0, 0, 50));
  AddShape("village-plan", {"V2", "07", {"05"}}, Square(50, 0, 50));
  EXPECT_THAT(Find("construction", "0501", Square(10, 10, 10)), IsEmpty());
  EXPECT_THAT(Find("construction", "0501", Square(45, 10, 10)), IsEmpty());  // in two zones
  EXPECT_THAT(Find("construction", "0501", Square(110, 10, 10)),
              ElementsAre("B304 error -", "B304 error -"));
  EXPECT_EQ(last_.control_layer(), "village-plan");
  EXPECT_THAT(Find("construction", "0601", Square(110, 10, 10)), IsEmpty());  // no commerce
}

TEST_F(ControlRulesTest, ARestrictionBarsClassesOfUse) {
  AddLayer("restricted");
  AddShape("restricted", {"P1", "soil-pollution"}, Square(0, 0, 100));
  AddShape("restricted", {"H1", "heritage"}, Square(200, 0, 100));
  AddShape("restricted", {"X1", "heritage", {"06"}}, Square(400, 0, 100));
  EXPECT_THAT(Find("construction", "0701", Square(10, 10, 10)), ElementsAre("B305 error P1"));
  EXPECT_THAT(Find("construction", "0601", Square(10, 10, 10)), IsEmpty());
  EXPECT_THAT(Find("contracted", "", Square(10, 10, 10)), IsEmpty());
  // A homestead that states no use may be of any class; a restriction that no rule names bars
  // construction; what the shape says goes before the pack.
  EXPECT_THAT(Find("homestead", "", Square(10, 10, 10)), ElementsAre("B305 error P1"));
  EXPECT_THAT(Find("construction", "0601", Square(210, 10, 10)), ElementsAre("B305 error H1"));
  EXPECT_THAT(Find("contracted", "0101", Square(210, 10, 10)), IsEmpty());
  EXPECT_THAT(Find("construction", "0601", Square(410, 10, 10)), ElementsAre("B305 error X1"));
  EXPECT_THAT(Find("construction", "0701", Square(410, 10, 10)), IsEmpty());
}

TEST_F(ControlRulesTest, OutsideTheUrbanBoundaryIsAsGraveAsThePackSays) {
  AddLayer("urban-boundary");
  AddShape("urban-boundary", {"U1", ""}, Square(0, 0, 100));
  EXPECT_THAT(Find("homestead", "", Square(95, 0, 10)), ElementsAre("B306 warning -"));
  EXPECT_EQ(last_.measured_millionths(), 50'000'000);
  policy_ = PolicyOf(R"(
      code: "county" version: 1 title: "县" parent: "national"
      tolerances { key: "B306.severity" value: 3 source { document: "Document 9" } })");
  EXPECT_THAT(Find("homestead", "", Square(95, 0, 10)), ElementsAre("B306 error -"));
}

TEST_F(ControlRulesTest, AFaultyShapeIsAWarningWhereItsBoxLies) {
  AddLayer("basic-farmland");
  AddLayer("urban-boundary");
  AddShape("basic-farmland", {"F1", "", {}, true}, Square(0, 0, 100));
  AddShape("urban-boundary", {"U1", "", {}, true}, Square(0, 0, 100));
  EXPECT_THAT(Find("homestead", "", Square(10, 10, 10)),
              ElementsAre("B302 warning F1 unsound_shape", "B306 warning U1 unsound_shape"));
  EXPECT_THAT(last_.message_en(), HasSubstr("cannot be measured"));
  EXPECT_THAT(Find("homestead", "", Square(210, 10, 10)), ElementsAre("B306 warning -"));
}

TEST_F(ControlRulesTest, APackNamesLayersAndClassesThatThereAre) {
  const auto refused = [](const std::string& rule) {
    auto chain =
        PackChainFromDirectory(std::string(LANDBOOK_SOURCE_DIR) + "/deploy/policy", "national");
    chain->push_back("code: \"county\" version: 1 title: \"县\" parent: \"national\" " + rule);
    const auto policy = Policy::FromTexts(*chain);
    return policy.ok() ? std::string() : policy.refusals().front().field();
  };
  const std::string source = " source { document: \"D\" } }";
  EXPECT_EQ(refused("zone_rules { layer: \"red_line\" zones: \"1\"" + source),
            "county.zone_rules[0].layer");
  EXPECT_EQ(refused("zone_rules { layer: \"restricted\"" + source), "county.zone_rules[0].zones");
  EXPECT_EQ(refused("use_rules { use: \"building\"" + source), "county.use_rules[0].use");
  EXPECT_EQ(refused("use_rules { use: \"commerce\" land_classes: \"5\"" + source),
            "county.use_rules[0].land_classes");
  EXPECT_EQ(refused("use_rules { use: \"commerce\" plot_kinds: \"castle\"" + source),
            "county.use_rules[0].plot_kinds");
  EXPECT_EQ(refused("use_rules { use: \"commerce\" land_classes: \"05\" }"), "county.use_rules[0]");
  EXPECT_EQ(refused("use_rules { use: \"commerce\" land_classes: \"0501\"" + source), "");
}

}  // namespace
}  // namespace landbook::common
