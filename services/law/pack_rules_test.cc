#include "services/law/pack_rules.h"

#include <google/protobuf/text_format.h>

#include <string>
#include <vector>

#include "gtest/gtest.h"

namespace landbook::law {
namespace {

// The packs of a chain, the top one first.
PackRules RulesOf(const std::vector<std::string>& texts) {
  std::vector<v1::PolicyPack> chain;
  for (const std::string& text : texts) {
    EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(text, &chain.emplace_back())) << text;
  }
  return PackRules::Of(std::move(chain));
}

constexpr RuleScope kScope = {.day = {2026, 3, 2}, .division = "370303101201"};

TEST(PackRules, ARuleHasTheDaysAndPlaceOfItsPack) {
  const PackRules rules =
      RulesOf({"withdrawal_rules { right_type: 'homestead' notice_months: 1 }",
               "divisions: '3703' from_date: '2020-12-06' until_date: '2025-12-31' "
               "withdrawal_rules { right_type: 'homestead' notice_months: 2 }"});
  const auto months = [&](common::CivilDate day, std::string_view division) {
    return rules.WithdrawalRuleFor("homestead", {day, division})->notice_months();
  };
  EXPECT_EQ(months({2025, 12, 31}, "370303101201"), 2U);
  EXPECT_EQ(months({2026, 1, 1}, "370303101201"), 1U);
  EXPECT_EQ(months({2020, 12, 5}, "370303101201"), 1U);
  EXPECT_EQ(months({2025, 6, 1}, "330102"), 1U);
  EXPECT_EQ(months({2025, 6, 1}, ""), 1U);
  EXPECT_FALSE(rules.WithdrawalRuleFor("contract", kScope).has_value());
}

TEST(PackRules, ARulesOwnDaysGoBeforeThePacks) {
  const PackRules rules =
      RulesOf({"until_date: '2020-01-01' caution_rules { cause: CAUTION_CAUSE_SEIZURE "
               "acts: ACT_KIND_GRANT source { until_date: '2030-01-01' } }"});
  EXPECT_TRUE(
      rules.CautionRuleFor(v1::CAUTION_CAUSE_SEIZURE, v1::ACT_KIND_GRANT, kScope).has_value());
  EXPECT_FALSE(
      rules.CautionRuleFor(v1::CAUTION_CAUSE_SEIZURE, v1::ACT_KIND_VARY, kScope).has_value());
}

TEST(PackRules, ConsentsAddUpAndTheStrictestFormCounts) {
  const PackRules rules = RulesOf(
      {"consent_rules { rule: 'A-1' right_type: 'r' acts: ACT_KIND_TRANSFER party: "
       "CONSENT_PARTY_COLLECTIVE form: CONSENT_FORM_NOTICE warns: true } "
       "consent_rules { rule: 'A-2' right_type: 'r' acts: ACT_KIND_TRANSFER causes: 'gift' party: "
       "CONSENT_PARTY_CONTRACTOR form: CONSENT_FORM_CONSENT }",
       "consent_rules { rule: 'A-3' right_type: 'r' acts: ACT_KIND_TRANSFER party: "
       "CONSENT_PARTY_COLLECTIVE form: CONSENT_FORM_CONSENT }"});
  const auto gift = rules.ConsentRulesFor({"r", v1::ACT_KIND_TRANSFER, "gift"}, kScope);
  ASSERT_EQ(gift.size(), 2U);
  EXPECT_EQ(gift[0].rule(), "A-3");
  EXPECT_FALSE(gift[0].warns());
  EXPECT_EQ(rules.ConsentRulesFor({"r", v1::ACT_KIND_TRANSFER, "assignment"}, kScope).size(), 1U);
  EXPECT_TRUE(rules.ConsentRulesFor({"r", v1::ACT_KIND_GRANT, "gift"}, kScope).empty());
}

TEST(PackRules, ALowerPackNeverAsksForLess) {
  const PackRules rules =
      RulesOf({"consent_rules { rule: 'A' right_type: 'r' acts: ACT_KIND_TRANSFER party: "
               "CONSENT_PARTY_COLLECTIVE form: CONSENT_FORM_CONSENT }",
               "consent_rules { rule: 'B' right_type: 'r' acts: ACT_KIND_TRANSFER party: "
               "CONSENT_PARTY_COLLECTIVE form: CONSENT_FORM_NOTICE warns: true }"});
  const auto asked = rules.ConsentRulesFor({"r", v1::ACT_KIND_TRANSFER, ""}, kScope);
  ASSERT_EQ(asked.size(), 1U);
  EXPECT_EQ(asked[0].form(), v1::CONSENT_FORM_CONSENT);
  EXPECT_FALSE(asked[0].warns());
}

TEST(PackRules, AResolutionNeedsTheStricterOfEachFigure) {
  const PackRules rules = RulesOf(
      {"resolution_rules { matter: RESOLUTION_MATTER_SHARES body: RESOLUTION_BODY_MEMBER_ASSEMBLY "
       "favour_numerator: 2 favour_denominator: 3 favour_of: MAJORITY_OF_ENTITLED "
       "present_numerator: 2 "
       "present_denominator: 3 convened_days_before: 10 source { document: 'N' } }",
       "resolution_rules { matter: RESOLUTION_MATTER_SHARES body: RESOLUTION_BODY_MEMBER_ASSEMBLY "
       "favour_numerator: 3 favour_denominator: 4 favour_of: MAJORITY_OF_PRESENT "
       "plan_display_days: 15 "
       "source { document: 'Z' } }"});
  const auto rule = rules.ResolutionRuleFor(v1::RESOLUTION_MATTER_SHARES,
                                            v1::RESOLUTION_BODY_MEMBER_ASSEMBLY, kScope);
  ASSERT_TRUE(rule.has_value());
  EXPECT_EQ(rule->favour_numerator(), 3U);
  EXPECT_EQ(rule->favour_denominator(), 4U);
  EXPECT_EQ(rule->favour_of(), v1::MAJORITY_OF_ENTITLED);
  EXPECT_EQ(rule->present_denominator(), 3U);
  EXPECT_EQ(rule->convened_days_before(), 10U);
  EXPECT_EQ(rule->plan_display_days(), 15U);
  EXPECT_EQ(rule->source().document(), "N; Z");
  EXPECT_FALSE(
      rules.ResolutionRuleFor(v1::RESOLUTION_MATTER_SHARES, v1::RESOLUTION_BODY_COUNCIL, kScope)
          .has_value());
}

TEST(PackRules, TheLongerNoticeAndTheShorterLimit) {
  const PackRules rules =
      RulesOf({"notice_rules { case_kinds: 'k' working_days: 15 } "
               "deadline_rules { matter: 'registration' days: 30 }",
               "notice_rules { case_kinds: 'k' working_days: 20 } deadline_rules { matter: "
               "'registration' days: 20 } deadline_rules { matter: 'registration' "
               "case_kinds: 'k' days: 5 }"});
  EXPECT_EQ(rules.NoticeRuleFor("k", kScope)->working_days(), 20U);
  EXPECT_FALSE(rules.NoticeRuleFor("other", kScope).has_value());
  EXPECT_EQ(rules.DeadlineRuleFor("registration", "k", kScope)->days(), 5U);
  EXPECT_EQ(rules.DeadlineRuleFor("registration", "other", kScope)->days(), 20U);
}

TEST(PackRules, ThePermissionOfTheLowestWithTheShortestTerm) {
  const PackRules rules =
      RulesOf({"manner_rules { right_type: 'o' manner: CIRCULATION_MANNER_LEASE permitted: "
               "true years_max: 20 }",
               "manner_rules { right_type: 'o' manner: CIRCULATION_MANNER_LEASE permitted: "
               "true }"});
  EXPECT_EQ(rules.MannerRuleFor("o", v1::CIRCULATION_MANNER_LEASE, kScope)->years_max(), 20U);
  EXPECT_FALSE(rules.MannerRuleFor("o", v1::CIRCULATION_MANNER_EQUITY, kScope).has_value());
}

TEST(PackRules, TheSmallestCapOfEachGround) {
  const PackRules rules =
      RulesOf({"area_cap_rules { right_type: 'h' ground: HOMESTEAD_GROUND_CROPLAND "
               "area_max_m2: '125' }",
               "area_cap_rules { right_type: 'h' ground: HOMESTEAD_GROUND_CROPLAND "
               "area_max_m2: '99.5' } area_cap_rules { right_type: 'h' ground: "
               "HOMESTEAD_GROUND_OTHER_LAND area_max_m2: '200' }"});
  const auto caps = rules.AreaCapRules("h", kScope);
  ASSERT_EQ(caps.size(), 2U);
  EXPECT_EQ(caps[0].area_max_m2(), "99.5");
}

TEST(PackRules, AGroundWithAStatuteGoesBeforeOneWithout) {
  const PackRules rules =
      RulesOf({"taking_rules { ground: 'g' right_types: 'h' statute: 'LAL 66' }",
               "taking_rules { ground: 'g' right_types: 'h' }"});
  const auto taking = rules.TakingRulesFor("g", "h", kScope);
  ASSERT_EQ(taking.size(), 2U);
  EXPECT_EQ(taking[0].statute(), "LAL 66");
  EXPECT_TRUE(rules.TakingRulesFor("g", "contract", kScope).empty());
}

TEST(PackRules, AnExtensionIsNarrowedAndLandOfNoClassIsCropland) {
  const PackRules rules =
      RulesOf({"extension_rules { right_type: 'c' years_min: 30 years_max: 30 } "
               "extension_rules { right_type: 'c' land_classes: '04' years_min: 30 "
               "years_max: 50 }",
               "extension_rules { right_type: 'c' land_classes: '04' years_min: 20 "
               "years_max: 40 }"});
  EXPECT_EQ(rules.ExtensionRuleFor("c", "0401", kScope)->years_max(), 40U);
  EXPECT_EQ(rules.ExtensionRuleFor("c", "0401", kScope)->years_min(), 30U);
  EXPECT_EQ(rules.ExtensionRuleFor("c", "", kScope)->years_max(), 30U);
  EXPECT_FALSE(rules.ExtensionRuleFor("h", "0401", kScope).has_value());
}

TEST(PackRules, TheEarlierDayOfPermits) {
  const PackRules rules =
      RulesOf({"building_permit_rules { plot_kinds: 'h' begun_from_date: '2020-01-01' }",
               "building_permit_rules { plot_kinds: 'h' begun_from_date: '2021-01-01' }"});
  EXPECT_EQ(rules.BuildingPermitRuleFor("h", kScope)->begun_from_date(), "2020-01-01");
  EXPECT_FALSE(rules.BuildingPermitRuleFor("c", kScope).has_value());
}

TEST(PackRules, DocumentsAndReviewStepsAddUp) {
  const PackRules rules =
      RulesOf({"case_kinds { code: 'k' single_applicant: true documents { kind: "
               "EVIDENCE_KIND_IDENTITY } }",
               "case_kinds { code: 'k' review_steps: 2 documents { kind: "
               "EVIDENCE_KIND_SURVEY } }"});
  const auto kind = rules.CaseKindNamed("k", kScope);
  ASSERT_TRUE(kind.has_value());
  EXPECT_TRUE(kind->single_applicant());
  EXPECT_EQ(kind->review_steps(), 2U);
  EXPECT_EQ(kind->documents_size(), 2);
  EXPECT_FALSE(rules.CaseKindNamed("other", kScope).has_value());
}

TEST(PackRules, WhatTheCountyStillHasToDecide) {
  const PackRules rules = RulesOf({"open_matters { key: 'k' decide_en: 'above' }",
                                   "open_matters { key: 'k' decide_en: 'below' }"});
  EXPECT_EQ(rules.OpenMatterFor("k", kScope)->decide_en(), "below");
  EXPECT_FALSE(rules.OpenMatterFor("other", kScope).has_value());
}

}  // namespace
}  // namespace landbook::law
