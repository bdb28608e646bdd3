// What the packs of deploy/policy say, as law asks them.
#include <gtest/gtest.h>

#include <string>
#include <string_view>

#include "services/common/policy.h"
#include "services/law/pack_rules.h"

namespace landbook::law {
namespace {

using common::ParseCivilDate;

constexpr RuleScope kToday = {{2026, 6, 1}, {}};

PackRules RulesNamed(std::string_view code) {
  const std::string directory = std::string(LANDBOOK_SOURCE_DIR) + "/deploy/policy";
  return PackRules::OfPolicy(
      *common::Policy::FromTexts(*common::PackChainFromDirectory(directory, code)));
}

TEST(NationalPackTest, MortgagesAreAsTheCodesSay) {
  const PackRules rules = RulesNamed("national");
  EXPECT_FALSE(rules.MortgageRuleFor("ownership", kToday)->permitted());
  EXPECT_FALSE(rules.MortgageRuleFor("homestead", kToday)->permitted());
  EXPECT_TRUE(rules.MortgageRuleFor("contract", kToday)->financial_institution_only());
  EXPECT_TRUE(rules.MortgageRuleFor("construction", kToday)->permitted());
  EXPECT_FALSE(rules.MortgageRuleFor("easement", kToday).has_value());
}

TEST(NationalPackTest, WithdrawalsAreAsTheLawsSay) {
  const PackRules rules = RulesNamed("national");
  EXPECT_EQ(rules.WithdrawalRuleFor("contract", kToday)->notice_months(), 6u);
  EXPECT_TRUE(rules.WithdrawalRuleFor("homestead", kToday)->paid());
  EXPECT_FALSE(rules.WithdrawalRuleFor("construction", kToday).has_value());
}

// Trading comes with rules of its own; until then silence refuses every act beside such a caution.
TEST(NationalPackTest, TheCautionTableIsComplete) {
  const PackRules rules = RulesNamed("national");
  for (int cause = 1; cause <= v1::CautionCause_MAX; ++cause) {
    if (cause == v1::CAUTION_CAUSE_TRADING) continue;
    for (int act = 1; act <= v1::ActKind_MAX; ++act) {
      EXPECT_TRUE(rules
                      .CautionRuleFor(static_cast<v1::CautionCause>(cause),
                                      static_cast<v1::ActKind>(act), kToday)
                      .has_value())
          << cause << " x " << act;
    }
  }
  const auto effect = [&](v1::CautionCause cause, v1::ActKind act) {
    return rules.CautionRuleFor(cause, act, kToday)->effect();
  };
  EXPECT_EQ(effect(v1::CAUTION_CAUSE_SEIZURE, v1::ACT_KIND_TRANSFER), v1::CAUTION_EFFECT_REFUSED);
  EXPECT_EQ(effect(v1::CAUTION_CAUSE_ADVANCE_NOTICE, v1::ACT_KIND_TRANSFER),
            v1::CAUTION_EFFECT_NEEDS_CONSENT);
  EXPECT_EQ(effect(v1::CAUTION_CAUSE_ACCEPTED_CASE, v1::ACT_KIND_GRANT), v1::CAUTION_EFFECT_WAITS);
}

// Zibo's measures opened the paid route of homesteads until the end of 2025, and in Zibo.
TEST(ZiboPackTest, ARuleWithoutDaysAndAreaHasItsPacks) {
  const PackRules zibo = RulesNamed("zibo");
  const auto rule_of = [&](std::string_view day, std::string_view division) -> std::string {
    const auto rule = zibo.WithdrawalRuleFor("homestead", {*ParseCivilDate(day), division});
    return rule ? rule->source().document() : "";
  };
  const std::string national =
      RulesNamed("national").WithdrawalRuleFor("homestead", kToday)->source().document();
  EXPECT_NE(rule_of("2025-12-31", "370303101201"), national);
  EXPECT_NE(rule_of("2020-12-06", "370303101201"), national);
  EXPECT_EQ(rule_of("2026-01-01", "370303101201"), national);
  EXPECT_EQ(rule_of("2020-12-05", "370303101201"), national);
  EXPECT_EQ(rule_of("2025-12-31", "370403101201"), national);
  EXPECT_EQ(rule_of("2025-12-31", ""), national);
}

TEST(SamplePackTest, OpensNoMortgageOfHomesteads) {
  EXPECT_FALSE(RulesNamed("sample").MortgageRuleFor("homestead", kToday)->permitted());
}

}  // namespace
}  // namespace landbook::law
