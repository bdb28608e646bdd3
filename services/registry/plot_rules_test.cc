#include "services/registry/plot_rules.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "services/registry/book_testing.h"
#include "services/registry/plot_code.h"
#include "services/registry/view.h"
#include "storage/memory_engine.h"

namespace landbook::registry {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

v1::PlotKind Kind(v1::PlotCodeLayout layout, const std::string& letters) {
  v1::PlotKind kind;
  kind.set_code("kind");
  kind.set_code_layout(layout);
  kind.set_feature_letters(letters);
  return kind;
}

common::Policy PolicyNamed(const std::string& pack) {
  const auto chain =
      common::PackChainFromDirectory(std::string(LANDBOOK_SOURCE_DIR) + "/deploy/policy", pack);
  EXPECT_TRUE(chain.ok());
  auto policy = common::Policy::FromTexts(*chain);
  EXPECT_TRUE(policy.ok());
  return *std::move(policy);
}

TEST(PlotRules, RunsTheRulesThatTheUseNeeds) {
  const common::Policy policy = PolicyNamed("national");
  const v1::PlotKind* contracted = policy.PlotKindNamed("contracted");
  const v1::PlotKind* homestead = policy.PlotKindNamed("homestead");
  // Without any layer none of the rules runs, so that all of them are told.
  const auto rules = [&](const PlotUse& use) { return RulesNotRun(use, policy, {}); };
  EXPECT_THAT(rules({contracted, ""}), ElementsAre("B301", "B305"));
  EXPECT_THAT(rules({homestead, ""}), ElementsAre("B301", "B302", "B303", "B305", "B306"));
  EXPECT_THAT(rules({contracted, "0702"}), ElementsAre("B301", "B302", "B303", "B305", "B306"));
  // Country roads are farmland to the three classes; other roads are not.
  EXPECT_THAT(rules({contracted, "1006"}), ElementsAre("B301", "B305"));
  EXPECT_THAT(rules({contracted, "1003"}), ElementsAre("B301", "B302", "B303", "B305", "B306"));
  EXPECT_THAT(rules({homestead, "0501"}),
              ElementsAre("B301", "B302", "B303", "B304", "B305", "B306"));
}

TEST(PlotRules, TellsTheRulesThatDoNotRun) {
  const common::Policy policy = PolicyNamed("national");
  const v1::PlotKind* homestead = policy.PlotKindNamed("homestead");
  EXPECT_THAT(RulesNotRun({homestead, "0501"}, policy, {}),
              ElementsAre("B301", "B302", "B303", "B304", "B305", "B306"));
  const std::vector<std::string> layers = {"red-line", "spatial-plan", "village"};
  EXPECT_THAT(RulesNotRun({homestead, "0501"}, policy, layers),
              ElementsAre("B302", "B304", "B305", "B306"));
}

// The refusals of a plot's layers under the packs of a chain.
std::vector<std::string> LayerRefusals(const std::string& pack, bool from_import,
                                       bool carried_over) {
  const common::Policy policy = PolicyNamed(pack);
  const storage::MemoryEngine engine;
  const EngineView view(&engine);
  Overlay overlay(&view);
  const v1::Commit commit;
  CommitFacts facts;
  facts.commit = &commit;
  facts.sequence = 1;
  facts.from_import = from_import;
  facts.policy = &policy;
  const law::PackRules rules = law::PackRules::OfPolicy(policy);
  facts.rules = &rules;
  const CommitVerdict verdict;
  facts.verdict = &verdict;
  ActContext context(&overlay, 1, facts);
  context.BeginAct(0, "establish_plot");
  context.set_carried_over(carried_over);
  CheckLayers({policy.PlotKindNamed("contracted"), ""}, "plot", &context);
  return ReasonsOf(carried_over ? context.breaches() : context.refusals());
}

TEST(PlotRules, RefusesAnActThatLacksALayer) {
  EXPECT_THAT(LayerRefusals("national", false, false),
              ElementsAre("LAYER_MISSING", "LAYER_MISSING"));
  EXPECT_THAT(LayerRefusals("sample", false, false), IsEmpty());
  EXPECT_THAT(LayerRefusals("national", true, false), IsEmpty());
  EXPECT_EQ(LayerRefusals("national", false, true).size(), 2u);
}

TEST(PlotCode, BeginsWithTheDivisionAndTheKindsLetters) {
  const v1::PlotKind contracted = Kind(v1::PLOT_CODE_LAYOUT_CONTRACTED, "JD");
  const v1::PlotKind homestead = Kind(v1::PLOT_CODE_LAYOUT_CADASTRAL, "JC");
  EXPECT_EQ(PlotCodePrefix({&contracted, "990101001001"}), "99010100100100");
  EXPECT_EQ(PlotCodePrefix({&contracted, "99010100100107"}), "99010100100107");
  EXPECT_EQ(PlotCodePrefix({&homestead, "99010100100107"}), "990101001001JC");
}

TEST(PlotCode, HasToBeOfItsDivision) {
  const v1::PlotKind homestead = Kind(v1::PLOT_CODE_LAYOUT_CADASTRAL, "JC");
  const PlotCodeBasis basis{&homestead, "990101001001"};
  EXPECT_EQ(FaultOfPlotCode({"990101001001JC00001", "990101"}, basis), std::nullopt);
  EXPECT_EQ(FaultOfPlotCode({"990101001002JC00001", "990101"}, basis), Reason::PLOT_CODE_MALFORMED);
}

TEST(PlotRules, WritesAreasAlike) {
  EXPECT_EQ(AreaText("12.5"), "12.50");
  EXPECT_EQ(AreaText(""), "");
}

}  // namespace
}  // namespace landbook::registry
