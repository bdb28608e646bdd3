#include "services/common/policy.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "services/common/policy_check.h"
#include "services/common/tolerance_keys.h"

namespace landbook::common {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

const std::string kDirectory = std::string(LANDBOOK_SOURCE_DIR) + "/deploy/policy";

std::vector<std::string> Chain(std::string_view code) {
  return *PackChainFromDirectory(kDirectory, code);
}

Policy National() { return *Policy::FromTexts(Chain("national")); }

// A pack under the national one with `rules` in it; what it is refused for, "REASON path".
std::vector<std::string> Refused(const std::string& rules, bool sample = false) {
  std::vector<std::string> chain = Chain("national");
  chain.push_back("code: \"lower\" version: 1 title: \"下级\" parent: \"national\" " +
                  std::string(sample ? "sample: true " : "") + rules);
  const Outcome<Policy> policy = Policy::FromTexts(chain);
  std::vector<std::string> told;
  if (policy.ok()) return told;
  for (const v1::Refusal& refusal : policy.refusals()) {
    told.push_back(refusal.reason() + " " + refusal.field());
  }
  return told;
}

TEST(NationalPackTest, DefinesTheKindsEveryPackHas) {
  const Policy policy = National();
  EXPECT_EQ(policy.code(), "national");
  EXPECT_FALSE(policy.sample());
  EXPECT_EQ(policy.time_zone().name(), "Asia/Shanghai");
  EXPECT_EQ(policy.certificate_numbering(), nullptr);
  const struct {
    const char* kind;
    const char* tier;
    const char* letters;
  } kinds[] = {{"ownership", "ownership", "JA"},
               {"contracted", "surface", "JD"},
               {"homestead", "surface", "JC"},
               {"construction", "surface", "JB"}};
  for (const auto& [kind, tier, letters] : kinds) {
    ASSERT_NE(policy.PlotKindNamed(kind), nullptr) << kind;
    EXPECT_EQ(policy.PlotKindNamed(kind)->tier(), tier);
    EXPECT_EQ(policy.PlotKindNamed(kind)->feature_letters(), letters);
  }
  EXPECT_EQ(policy.TierNamed("below")->number(), 4u);
  EXPECT_EQ(policy.TierNamed("nowhere"), nullptr);
  EXPECT_EQ(policy.Tiers().size(), 4u);
}

TEST(NationalPackTest, TolerancesAreTheDefaults) {
  const Policy policy = National();
  EXPECT_EQ(policy.TolerancesFor("homestead"), geo::Tolerances());
  EXPECT_EQ(policy.TolerancesFor("contracted").several_parts, geo::Severity::kError);
  EXPECT_EQ(policy.ToleranceValues().size(), ToleranceKeys().size());
}

TEST(ShippedPacksTest, EveryChainLoads) {
  const std::vector<std::pair<std::string, std::size_t>> chains = {
      {"national", 1}, {"shandong", 2}, {"zibo", 3},   {"zhejiang", 2},
      {"lishui", 3},   {"kaijiang", 2}, {"minhou", 2}, {"sample", 2}};
  for (const auto& [code, packs] : chains) {
    const auto policy = Policy::FromTexts(Chain(code));
    ASSERT_TRUE(policy.ok()) << code << ": " << policy.refusals()[0].message_en();
    EXPECT_EQ(policy->code(), code);
    EXPECT_EQ(policy->chain().size(), packs) << code;
    EXPECT_EQ(policy->sample(), code == "sample") << code;
  }
}

TEST(SamplePackTest, IsMarkedAndDescendsFromTheNationalOne) {
  const Policy policy = *Policy::FromTexts(Chain("sample"));
  EXPECT_TRUE(policy.sample());
  EXPECT_EQ(policy.chain().size(), 2u);
  EXPECT_EQ(policy.certificate_numbering()->registry(), "样本县");
  for (const char* layer : {"village", "basic-farmland", "red-line", "urban-boundary",
                            "spatial-plan", "village-plan", "restricted"}) {
    EXPECT_NE(policy.LayerNotKeptNamed(layer), nullptr) << layer;
  }
  EXPECT_EQ(National().LayerNotKeptNamed("village"), nullptr);
}

TEST(PolicyTest, AnEmptyPackBelowChangesNothing) { EXPECT_THAT(Refused(""), IsEmpty()); }

TEST(PolicyTest, TextThatIsNoPackIsRefused) {
  EXPECT_EQ(Policy::FromTexts(std::vector<std::string>{"colour: 3"}).refusals()[0].reason(),
            "PACK_UNREADABLE");
  EXPECT_EQ(Policy::FromTexts({}).refusals()[0].reason(), "PACK_CHAIN_BROKEN");
  EXPECT_EQ(Policy::FromTexts(std::vector<std::string>{std::string(2u << 20, ' ')})
                .refusals()[0]
                .reason(),
            "PACK_UNREADABLE");
}

TEST(PolicyTest, TheChainHasToHold) {
  std::vector<std::string> chain = Chain("sample");
  std::swap(chain[0], chain[1]);
  EXPECT_EQ(Policy::FromTexts(chain).refusals()[0].reason(), "PACK_CHAIN_BROKEN");
  chain = Chain("national");
  chain.push_back("code: \"national\" version: 2 title: \"x\" parent: \"national\"");
  EXPECT_EQ(Policy::FromTexts(chain).refusals()[0].field(), "national.code");
}

TEST(PolicyTest, EveryRuleHasASource) {
  EXPECT_THAT(Refused("tiers { code: \"air\" number: 9 }"),
              ElementsAre("PACK_RULE_WITHOUT_SOURCE lower.tiers[0]"));
  EXPECT_THAT(Refused("mortgage_rules { right_type: \"ownership\" }"),
              ElementsAre("PACK_RULE_WITHOUT_SOURCE lower.mortgage_rules[0]"));
  EXPECT_THAT(Refused("tiers { code: \"air\" number: 9 source { document: \"CC 345\" } }"),
              IsEmpty());
}

TEST(PolicyTest, AnOfficeDecisionWithoutItsDocumentIsForSamplesOnly) {
  const std::string rule =
      "layers_not_kept { layer: \"village\" source { document: \"office decision (sample)\" } }";
  EXPECT_THAT(Refused(rule), ElementsAre("PACK_RULE_WITHOUT_SOURCE lower.layers_not_kept[0]"));
  EXPECT_THAT(Refused(rule, true), IsEmpty());
}

TEST(PolicyTest, CodesAndNumbersAreUsedOnce) {
  EXPECT_THAT(Refused("tiers { code: \"surface\" number: 9 source { document: \"x\" } }"),
              ElementsAre("PACK_UNREADABLE lower.tiers[0].code"));
  EXPECT_THAT(Refused("tiers { code: \"air\" number: 2 source { document: \"x\" } }"),
              ElementsAre("PACK_UNREADABLE lower.tiers[0].number"));
  EXPECT_THAT(Refused("tiers { code: \"air\" number: 256 source { document: \"x\" } }"),
              ElementsAre("PACK_UNREADABLE lower.tiers[0].number"));
}

TEST(PolicyTest, CodesAreDefined) {
  EXPECT_THAT(
      Refused("plot_kinds { code: \"k\" tier: \"moon\" feature_letters: \"JB\" code_layout: "
              "PLOT_CODE_LAYOUT_CADASTRAL source { document: \"x\" } }"),
      ElementsAre("PACK_UNREADABLE lower.plot_kinds[0].tier"));
  EXPECT_THAT(Refused("withdrawal_rules { right_type: \"moon\" source { document: \"x\" } }"),
              ElementsAre("PACK_UNREADABLE lower.withdrawal_rules[0].right_type"));
  EXPECT_THAT(Refused("plot_kinds { code: \"k\" tier: \"surface\" feature_letters: \"XX\" "
                      "code_layout: PLOT_CODE_LAYOUT_CADASTRAL source { document: \"x\" } }"),
              ElementsAre("PACK_UNREADABLE lower.plot_kinds[0].feature_letters"));
  EXPECT_THAT(Refused("plot_kinds { code: \"k\" tier: \"surface\" feature_letters: \"JB\" "
                      "source { document: \"x\" } }"),
              Contains("PACK_UNREADABLE lower.plot_kinds[0].code_layout"));
}

TEST(PolicyTest, StructureHoldsAlways) {
  EXPECT_THAT(Refused("tiers { code: \"air\" number: 9 source { document: \"x\" from_date: "
                      "\"2026-01-01\" } }"),
              ElementsAre("PACK_UNREADABLE lower.tiers[0]"));
}

TEST(PolicyTest, TolerancesAreKnownAndSensible) {
  const auto rule = [](const std::string& key, int value, const std::string& document) {
    return "tolerances { key: \"" + key + "\" value: " + std::to_string(value) +
           " source { document: \"" + document + "\" } }";
  };
  EXPECT_THAT(Refused(rule("B999.width", 5, "x")),
              ElementsAre("PACK_UNREADABLE lower.tolerances[0].key"));
  EXPECT_THAT(Refused(rule("B201.width_max", 10'001, "x")),
              ElementsAre("PACK_UNREADABLE lower.tolerances[0].value"));
  EXPECT_THAT(Refused(rule("B201.width_max", -1, "x")),
              ElementsAre("PACK_UNREADABLE lower.tolerances[0].value"));
  EXPECT_THAT(Refused(rule("B201.width_max", 20, "practice")),
              ElementsAre("PACK_RULE_WITHOUT_SOURCE lower.tolerances[0]"));
  EXPECT_THAT(Refused(rule("B201.width_max", 20, "鲁自然资发〔2024〕1号")), IsEmpty());
  EXPECT_THAT(Refused(rule("B201.width_max", 5, "practice")), IsEmpty());
  EXPECT_THAT(Refused(rule("B107.area_min", 500'000, "practice")),
              ElementsAre("PACK_RULE_WITHOUT_SOURCE lower.tolerances[0]"));
}

TEST(PolicyTest, ALowerToleranceReplacesTheHigher) {
  std::vector<std::string> chain = Chain("national");
  chain.push_back(
      "code: \"lower\" version: 1 title: \"x\" parent: \"national\" tolerances { key: "
      "\"B201.width_max\" value: 5 source { document: \"practice\" } }");
  EXPECT_EQ(Policy::FromTexts(chain)->TolerancesFor("homestead").overlap_width_max_steps, 5);
}

std::string HomesteadMortgage(const std::string& law) {
  return "mortgage_rules { right_type: \"homestead\" permitted: true permitting_law: \"" + law +
         "\" source { document: \"x\" } }";
}

std::string WayTo4548(const std::string& pipeline, const std::string& source) {
  return "plane_transformations { source_epsg: 2384 plane_epsg: 4548 pipeline: \"" + pipeline +
         "\" source { " + source + " } } ";
}

TEST(PolicyTest, AWayOntoThePlaneIsAPipelineWithASource) {
  const std::string named = "document: \"X县自然资源局 2021 年坐标转换参数\"";
  EXPECT_THAT(Refused(WayTo4548("+proj=pipeline +step +proj=noop", named)), IsEmpty());
  EXPECT_THAT(Refused(WayTo4548("+proj=noop", named)),
              ElementsAre("PACK_UNREADABLE lower.plane_transformations[0].pipeline"));
  EXPECT_THAT(Refused(WayTo4548("+proj=pipeline +step +proj=noop", "")),
              Contains("PACK_RULE_WITHOUT_SOURCE lower.plane_transformations[0]"));
  EXPECT_THAT(Refused(WayTo4548("+proj=pipeline +step +proj=noop", named) +
                      WayTo4548("+proj=pipeline +step +proj=geos", named)),
              ElementsAre("PACK_UNREADABLE lower.plane_transformations[1]"));
}

TEST(PolicyTest, TheLowestPacksWayOntoThePlaneComesFirst) {
  std::vector<std::string> chain = Chain("national");
  for (const char* code : {"office", "district"}) {
    const std::string parent = code == std::string("office") ? "national" : "office";
    chain.push_back(std::string("code: \"") + code + "\" version: 1 title: \"县\" parent: \"" +
                    parent + "\" " +
                    WayTo4548(std::string("+proj=pipeline +step +proj=noop +title=") + code,
                              "document: \"D\""));
  }
  const Policy policy = *Policy::FromTexts(chain);
  const auto ways = policy.PlaneTransformationsTo(4548);
  ASSERT_EQ(ways.size(), 2u);
  EXPECT_THAT(ways[0]->pipeline(), HasSubstr("district"));
  EXPECT_THAT(policy.PlaneTransformationsTo(4549), IsEmpty());
}

TEST(PolicyTest, AHomesteadsMortgageNeedsALaw) {
  const char* refused = "PACK_AGAINST_STATUTE lower.mortgage_rules[0]";
  EXPECT_THAT(Refused(HomesteadMortgage("")), ElementsAre(refused));
  EXPECT_THAT(Refused(HomesteadMortgage("某县人民政府关于宅基地抵押的通知")), ElementsAre(refused));
  EXPECT_THAT(Refused(HomesteadMortgage("山东省宅基地管理办法")), ElementsAre(refused));
  EXPECT_THAT(Refused(HomesteadMortgage("Notice of the province")), ElementsAre(refused));
  EXPECT_THAT(Refused(HomesteadMortgage("全国人民代表大会常务委员会关于授权试点的决定")),
              IsEmpty());
  EXPECT_THAT(Refused(HomesteadMortgage("Decision of the NPC Standing Committee of 2027-01-01")),
              IsEmpty());
  EXPECT_THAT(Refused(HomesteadMortgage("中华人民共和国宅基地法")), IsEmpty());
}

// A type of its own, with a kind of its own beside homesteads, does not get round the statute.
TEST(PolicyTest, AnotherNameForAHomesteadRightIsStillOne) {
  EXPECT_THAT(
      Refused("right_types { code: \"villa\" plot_kinds: \"homestead\" holder_class: "
              "HOLDER_CLASS_ANYONE transferee_class: HOLDER_CLASS_ANYONE source { document: "
              "\"x\" } } mortgage_rules { right_type: \"villa\" permitted: true source { "
              "document: \"x\" } }"),
      ElementsAre("PACK_AGAINST_STATUTE lower.mortgage_rules[0]"));
}

TEST(PackDirectoryTest, SaysWhatIsMissing) {
  EXPECT_EQ(PackChainFromDirectory(kDirectory, "atlantis").refusals()[0].reason(), "PACK_UNKNOWN");
  EXPECT_EQ(PackChainFromDirectory(kDirectory, "").refusals()[0].reason(), "PACK_UNKNOWN");
  EXPECT_EQ(PackChainFromDirectory("/nonexistent", "national").refusals()[0].reason(),
            "PACK_UNREADABLE");
}

TEST(PackDirectoryTest, CirclesAndTwinsAreRefused) {
  const std::filesystem::path directory = ::testing::TempDir() + "/packs";
  std::filesystem::create_directories(directory);
  const auto write = [&](const char* name, const char* text) {
    std::ofstream(directory / name) << text;
  };
  write("a.textproto", "code: \"a\" parent: \"b\"");
  write("b.textproto", "code: \"b\" parent: \"a\"");
  EXPECT_EQ(PackChainFromDirectory(directory, "a").refusals()[0].reason(), "PACK_CHAIN_BROKEN");
  write("c.textproto", "code: \"a\"");
  EXPECT_EQ(PackChainFromDirectory(directory, "a").refusals()[0].reason(), "PACK_CHAIN_BROKEN");
  std::filesystem::remove_all(directory);
}

}  // namespace
}  // namespace landbook::common
