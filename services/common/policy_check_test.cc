// What a lower pack may say and what refuses to load, list by list.
#include "services/common/policy_check.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "services/common/policy.h"

namespace landbook::common {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

// A lower pack's rules under the shipped chain, and what is told: "RULE REASON path"; nothing where
// they are taken.
struct LowerPack {
  const char* what;
  const char* rules;
  std::vector<std::string> told;
};

constexpr char kSource[] = " source { document: \"张店区 2025-3\" } } ";
const std::string kLooser = "L-01 PACK_LOOSER_THAN_ABOVE lower.";
const std::string kStatute = "L-05 PACK_AGAINST_STATUTE lower.";
const std::string kUnreadable = " PACK_UNREADABLE lower.";

// Each "{S}" of the rules stands for a source and the end of its rule.
std::string WithSources(std::string rules) {
  for (std::size_t at = rules.find("{S}"); at != std::string::npos; at = rules.find("{S}", at)) {
    rules.replace(at, 3, kSource);
  }
  return rules;
}

std::vector<std::string> Told(const std::string& rules, const std::string& above = "national") {
  std::vector<std::string> chain =
      *PackChainFromDirectory(std::string(LANDBOOK_SOURCE_DIR) + "/deploy/policy", above);
  chain.push_back("code: 'lower' version: 1 title: '下级' parent: '" + above + "' " +
                  WithSources(rules));
  const Outcome<Policy> policy = Policy::FromTexts(chain);
  std::vector<std::string> told;
  if (policy.ok()) return told;
  for (const v1::Refusal& refusal : policy.refusals()) {
    told.push_back(refusal.rule() + " " + refusal.reason() + " " + refusal.field());
  }
  return told;
}

std::vector<std::string> ToldInZhejiang(const std::string& rules) {
  return Told("divisions: '331102' " + rules, "zhejiang");
}

void Check(const std::vector<LowerPack>& packs) {
  for (const LowerPack& pack : packs) EXPECT_EQ(Told(pack.rules), pack.told) << pack.what;
}

TEST(LowerPackTest, ACautionDoesNotLessThanAbove) {
  const std::string seized = "caution_rules { cause: CAUTION_CAUSE_SEIZURE acts: ";
  EXPECT_THAT(Told(seized + "ACT_KIND_TRANSFER effect: CAUTION_EFFECT_WARNS {S}"),
              ElementsAre(kLooser + "caution_rules[0]"));
  EXPECT_THAT(Told(seized + "ACT_KIND_TRANSFER effect: CAUTION_EFFECT_REFUSED {S}"), IsEmpty());
  EXPECT_THAT(Told(seized + "ACT_KIND_TRANSFER effect: CAUTION_EFFECT_REFUSED {S}" + seized +
                   "[ACT_KIND_VARY, ACT_KIND_TRANSFER] effect: CAUTION_EFFECT_REFUSED {S}"),
              ElementsAre(kUnreadable + "caution_rules[1]"));
  EXPECT_THAT(
      Told("caution_rules { cause: CAUTION_CAUSE_SEIZURE effect: CAUTION_EFFECT_REFUSED {S}"),
      ElementsAre(kUnreadable + "caution_rules[0].acts"));
}

TEST(LowerPackTest, AMortgageIsNotOpenedOrEased) {
  Check({{"what above forbids",
          "mortgage_rules { right_type: 'ownership' permitted: true {S}",
          {kStatute + "mortgage_rules[0]"}},
         {"what a law opens",
          "mortgage_rules { right_type: 'homestead' permitted: true permitting_law: "
          "'中华人民共和国宅基地法' {S}",
          {}},
         {"to whoever lends",
          "mortgage_rules { right_type: 'contract' permitted: true object: "
          "MORTGAGE_OBJECT_MANAGEMENT_PART {S}",
          {kLooser + "mortgage_rules[0]"}},
         {"forbidden here", "mortgage_rules { right_type: 'construction' {S}", {}}});
}

TEST(LowerPackTest, AWithdrawalKeepsItsNotice) {
  Check(
      {{"shorter",
        "withdrawal_rules { right_type: 'contract' notice_months: 3 paid: true {S}",
        {kLooser + "withdrawal_rules[0]"}},
       {"longer", "withdrawal_rules { right_type: 'contract' notice_months: 9 paid: true {S}", {}},
       {"with a condition",
        "withdrawal_rules { right_type: 'contract' notice_months: 6 paid: true any_of { all: "
        "WITHDRAWAL_CONDITION_STEADY_INCOME } {S}",
        {}}});
}

TEST(LowerPackTest, AConsentIsNotAskedForLess) {
  const std::string rule =
      "consent_rules { rule: 'C-01' right_type: 'contract' party: "
      "CONSENT_PARTY_COLLECTIVE ";
  EXPECT_THAT(Told(rule + "acts: ACT_KIND_TRANSFER form: CONSENT_FORM_NOTICE {S}"),
              ElementsAre(kLooser + "consent_rules[0]"));
  EXPECT_THAT(Told(rule + "acts: ACT_KIND_TRANSFER form: CONSENT_FORM_CONSENT warns: true {S}"),
              ElementsAre(kLooser + "consent_rules[0]"));
  EXPECT_THAT(Told(rule + "acts: ACT_KIND_TRANSFER form: CONSENT_FORM_APPROVAL {S}"), IsEmpty());
  EXPECT_THAT(Told(rule + "acts: ACT_KIND_DISPOSE form: CONSENT_FORM_NOTICE {S}"), IsEmpty());
  EXPECT_THAT(Told(rule + "form: CONSENT_FORM_CONSENT {S}"),
              ElementsAre(kUnreadable + "consent_rules[0].acts"));
}

TEST(LowerPackTest, AResolutionNeedsWhatTheLawAsks) {
  const std::string use =
      "resolution_rules { matter: RESOLUTION_MATTER_HOMESTEAD_USE body: "
      "RESOLUTION_BODY_MEMBER_ASSEMBLY favour_of: MAJORITY_OF_ENTITLED ";
  EXPECT_THAT(Told(use + "favour_numerator: 1 favour_denominator: 2 {S}"),
              ElementsAre(kLooser + "resolution_rules[0]"));
  EXPECT_THAT(Told(use + "favour_numerator: 3 favour_denominator: 4 {S}"), IsEmpty());
  EXPECT_THAT(Told(use + "favour_numerator: 3 favour_denominator: 4 present_numerator: 1 "
                         "present_denominator: 2 {S}"),
              ElementsAre(kLooser + "resolution_rules[0]"));
  EXPECT_THAT(Told(use + "favour_numerator: 3 favour_denominator: 4 convened_days_before: 5 {S}"),
              ElementsAre(kLooser + "resolution_rules[0]"));
  EXPECT_THAT(Told(use + "favour_numerator: 3 favour_denominator: 2 {S}"),
              ElementsAre(kUnreadable + "resolution_rules[0].favour_denominator"));
  EXPECT_THAT(Told("resolution_rules { matter: RESOLUTION_MATTER_SHARES body: "
                   "RESOLUTION_BODY_MEMBER_REPRESENTATIVES favour_numerator: 2 favour_denominator: "
                   "3 favour_of: MAJORITY_OF_ENTITLED {S}"),
              ElementsAre(kLooser + "resolution_rules[0].body"));
}

TEST(LowerPackTest, ANoticeIsNotShortened) {
  const std::string first = "notice_rules { case_kinds: 'contract-first' stops_clock: true ";
  EXPECT_THAT(Told(first + "working_days: 10 {S}"), ElementsAre(kLooser + "notice_rules[0]"));
  EXPECT_THAT(Told(first + "working_days: 20 {S}"), IsEmpty());
  EXPECT_THAT(Told("notice_rules { case_kinds: 'castle-first' working_days: 20 {S}"),
              ElementsAre(kUnreadable + "notice_rules[0].case_kinds"));
  EXPECT_THAT(Told("notice_rules { working_days: 20 {S}"),
              ElementsAre(kUnreadable + "notice_rules[0].case_kinds"));
}

TEST(LowerPackTest, ATimeLimitIsNotLengthenedAndTheCodesAreNotTouched) {
  const std::string looser = kLooser + "deadline_rules[0]";
  Check(
      {{"longer", "deadline_rules { matter: 'registration' days: 60 working: true {S}", {looser}},
       {"shorter", "deadline_rules { matter: 'registration' days: 20 working: true {S}", {}},
       {"shorter, as calendar days", "deadline_rules { matter: 'registration' days: 30 {S}", {}},
       {"longer for one kind",
        "deadline_rules { matter: 'registration' case_kinds: 'seizure' days: 31 working: true {S}",
        {looser}},
       {"shorter for one kind",
        "deadline_rules { matter: 'registration' case_kinds: 'seizure' days: 1 working: true {S}",
        {}},
       {"a period of the Civil Code",
        "deadline_rules { matter: 'objection-lawsuit' days: 10 {S}",
        {kStatute + "deadline_rules[0]"}},
       {"of what nobody counts",
        "deadline_rules { matter: 'lunch' days: 1 {S}",
        {kUnreadable + "deadline_rules[0].matter"}}});
}

TEST(LowerPackTest, AMannerIsNotOpenedOrLengthened) {
  Check({{"longer",
          "manner_rules { right_type: 'operation' manner: CIRCULATION_MANNER_LEASE permitted: true "
          "years_max: 30 {S}",
          {kLooser + "manner_rules[0]"}},
         {"shorter",
          "manner_rules { right_type: 'operation' manner: CIRCULATION_MANNER_LEASE permitted: true "
          "years_max: 10 {S}",
          {}},
         {"of which nothing is said above",
          "manner_rules { right_type: 'operation' manner: CIRCULATION_MANNER_OTHER permitted: true "
          "{S}",
          {}}});
  const char* again =
      "manner_rules { right_type: 'operation' manner: CIRCULATION_MANNER_COOPERATION permitted: "
      "false {S}";
  EXPECT_THAT(Told(std::string("divisions: '370303' ") + again, "zibo"), IsEmpty());
}

TEST(LowerPackTest, ADispositionKeepsWhatItNeeds) {
  const std::string rule =
      "disposition_rules { right_type: 'contract' disposition: PLOT_DISPOSITION_TO_OUTSIDERS "
      "permitted: true resolution: RESOLUTION_MATTER_CONTRACT_TO_OUTSIDERS ";
  EXPECT_THAT(Told(rule + "evidence: EVIDENCE_KIND_PERMIT {S}"),
              ElementsAre(kLooser + "disposition_rules[0]"));
  EXPECT_THAT(Told(rule + "evidence: [EVIDENCE_KIND_PERMIT, EVIDENCE_KIND_MEMBERS_FIRST, "
                          "EVIDENCE_KIND_DISPLAY] {S}"),
              IsEmpty());
}

TEST(LowerPackTest, AHomesteadsCapIsNotRaised) {
  const std::string cap =
      "area_cap_rules { right_type: 'homestead' ground: HOMESTEAD_GROUND_CROPLAND area_max_m2: ";
  EXPECT_THAT(ToldInZhejiang(cap + "'126' {S}"), ElementsAre(kLooser + "area_cap_rules[0]"));
  EXPECT_THAT(ToldInZhejiang(cap + "'125.01' {S}"), ElementsAre(kLooser + "area_cap_rules[0]"));
  EXPECT_THAT(ToldInZhejiang(cap + "'125.00' {S}"), IsEmpty());
  EXPECT_THAT(Told(cap + "'300' {S}"), IsEmpty()) << "nothing is said above";
  EXPECT_THAT(Told(cap + "'100' persons_min: 5 persons_max: 3 {S}"),
              ElementsAre(kUnreadable + "area_cap_rules[0].persons_min"));
}

TEST(LowerPackTest, AGroundOfTakingBackNamesAStatuteOrNone) {
  const std::string rule =
      "taking_rules { ground: 'untidy' right_types: 'homestead' measures: 'take-back' ";
  EXPECT_THAT(Told(rule + "{S}"), IsEmpty());
  EXPECT_THAT(Told(rule + "statute: '张店区办法' {S}"),
              ElementsAre(kStatute + "taking_rules[0].statute"));
  EXPECT_THAT(Told(rule + "statute: 'ZJLAND 59' {S}"),
              ElementsAre(kStatute + "taking_rules[0].statute"))
      << "of another province";
  EXPECT_THAT(ToldInZhejiang(rule + "statute: 'ZJLAND 59' {S}"), IsEmpty());
  EXPECT_THAT(Told(rule + "statute: 'LAL 66(2)' {S}"), IsEmpty());
  EXPECT_THAT(Told("taking_rules { ground: 'public-works' right_types: 'homestead' measures: "
                   "'take-back' statute: 'LAL 66(1)' approval: CONSENT_PARTY_TOWNSHIP hearing: "
                   "true {S}"),
              ElementsAre(kLooser + "taking_rules[0]"))
      << "without compensation";
}

TEST(LowerPackTest, AnExtensionStaysWithinTheLaws) {
  Check({{"wider",
          "extension_rules { right_type: 'contract' years_min: 20 years_max: 30 {S}",
          {kLooser + "extension_rules[0]"}},
         {"wider on one class",
          "extension_rules { right_type: 'contract' land_classes: '0401' years_min: 30 years_max: "
          "60 {S}",
          {kLooser + "extension_rules[0]"}},
         {"narrower on one class",
          "extension_rules { right_type: 'contract' land_classes: '0401' years_min: 40 years_max: "
          "50 {S}",
          {}},
         {"backward",
          "extension_rules { right_type: 'contract' land_classes: '11' years_min: 31 "
          "years_max: 30 {S}",
          {kUnreadable + "extension_rules[0].years_min"}}});
}

TEST(LowerPackTest, APermitIsNotAskedForLater) {
  Check({{"later",
          "building_permit_rules { plot_kinds: 'construction' begun_from_date: "
          "'2020-01-01' {S}",
          {kLooser + "building_permit_rules[0]"}},
         {"earlier",
          "building_permit_rules { plot_kinds: 'construction' begun_from_date: "
          "'2000-01-01' {S}",
          {}},
         {"of other plots",
          "building_permit_rules { plot_kinds: 'homestead' begun_from_date: "
          "'2020-01-01' {S}",
          {}}});
}

TEST(LowerPackTest, AKindOfCaseGainsDocumentsAndStepsOnly) {
  Check({{"a document and a step",
          "case_kinds { code: 'contract-transfer' registration_type: REGISTRATION_TYPE_TRANSFER "
          "review_steps: 2 documents { kind: "
          "EVIDENCE_KIND_OTHER title_zh: '村委会证明' title_en: 'village statement' when: "
          "DOCUMENT_WHEN_ALWAYS } {S}",
          {}},
         {"one applicant alone",
          "case_kinds { code: 'contract-transfer' registration_type: REGISTRATION_TYPE_TRANSFER "
          "single_applicant: true {S}",
          {kLooser + "case_kinds[0]"}},
         {"another act",
          "case_kinds { code: 'contract-transfer' registration_type: REGISTRATION_TYPE_TRANSFER "
          "acts: 'withdraw_right' {S}",
          {kLooser + "case_kinds[0]"}},
         {"of its own",
          "case_kinds { code: 'own' registration_type: REGISTRATION_TYPE_OTHER acts: 'amend_plot' "
          "{S}",
          {}},
         {"without its acts",
          "case_kinds { code: 'own' registration_type: REGISTRATION_TYPE_OTHER {S}",
          {kUnreadable + "case_kinds[0]"}},
         {"registered otherwise",
          "case_kinds { code: 'contract-transfer' registration_type: REGISTRATION_TYPE_FIRST {S}",
          {kLooser + "case_kinds[0]"}},
         {"of no act",
          "case_kinds { code: 'own' registration_type: REGISTRATION_TYPE_OTHER acts: 'fly' {S}",
          {kUnreadable + "case_kinds[0].acts"}}});
}

TEST(LowerPackTest, ARuleMeetsAnotherOnlyWhereDaysAndDivisionsDo) {
  const std::string shorter =
      "withdrawal_rules { right_type: 'contract' notice_months: 9 paid: "
      "true source { document: 'x' ";
  EXPECT_THAT(
      Told(shorter + "until_date: '2025-12-31' } } " + shorter + "from_date: '2026-01-01' } }"),
      IsEmpty());
  EXPECT_THAT(
      Told(shorter + "until_date: '2026-01-01' } } " + shorter + "from_date: '2026-01-01' } }"),
      ElementsAre(kUnreadable + "withdrawal_rules[1]"));
  EXPECT_THAT(Told(shorter + "divisions: '370303' } } " + shorter + "divisions: '370304' } }"),
              IsEmpty());
  EXPECT_THAT(Told(shorter + "divisions: '3703' } } " + shorter + "divisions: '370304' } }"),
              ElementsAre(kUnreadable + "withdrawal_rules[1]"));
}

TEST(LowerPackTest, ItsDaysAndItsAreaFit) {
  Check({{"it ends before it begins",
          "from_date: '2026-01-01' until_date: '2025-12-31'",
          {kUnreadable + "until_date"}},
         {"a rule ends before it begins",
          "withdrawal_rules { right_type: 'contract' notice_months: 9 source { document: 'x' "
          "from_date: '2026-01-01' until_date: '2025-12-31' } }",
          {kUnreadable + "withdrawal_rules[0].source.until_date"}}});
  EXPECT_THAT(Told("divisions: '370303'", "zibo"), IsEmpty());
  EXPECT_THAT(Told("divisions: '371000'", "zibo"), ElementsAre(kUnreadable + "divisions"));
  EXPECT_THAT(Told("", "zibo"), ElementsAre(kUnreadable + "divisions"));
}

TEST(LowerPackTest, WhatNoRuleAsksForIsNotSet) {
  Check({{"a parameter",
          "parameters { key: 'levy.rate' number: 3 {S}",
          {kUnreadable + "parameters[0].key"}},
         {"a matter twice",
          "open_matters { key: 'k' decide_zh: '定' decide_en: 'decide' {S} open_matters { key: 'k' "
          "decide_zh: '定' decide_en: 'decide' {S}",
          {kUnreadable + "open_matters[1]"}},
         {"a document twice",
          "documents { key: 'D' title: 't' issued_date: '2025-01-01' organ: 'o' } documents { key: "
          "'D' title: 't' issued_date: '2025-01-01' organ: 'o' }",
          {kUnreadable + "documents[1].key"}}});
}

// A book stays under the packs that it adopted, whatever is asked of packs since.
TEST(LowerPackTest, WhatABookAdoptedIsNotAskedAgain) {
  std::vector<std::string> chain =
      *PackChainFromDirectory(std::string(LANDBOOK_SOURCE_DIR) + "/deploy/policy", "national");
  const std::string head = "code: 'lower' version: 1 title: '下级' parent: 'national' ";
  chain.push_back(WithSources(head + "deadline_rules { matter: 'registration' days: 60 {S}"));
  EXPECT_FALSE(Policy::FromTexts(chain).ok());
  EXPECT_TRUE(Policy::FromAdopted(chain).ok());
  chain.back() = head + "tiers { code: 'surface' number: 9 }";
  EXPECT_FALSE(Policy::FromAdopted(chain).ok()) << "a code used twice cannot be read";
}

// What is looser is told with the rule that it is looser than.
TEST(LowerPackTest, SaysThanWhat) {
  std::vector<std::string> chain =
      *PackChainFromDirectory(std::string(LANDBOOK_SOURCE_DIR) + "/deploy/policy", "national");
  chain.push_back(WithSources(
      "code: 'lower' version: 1 title: '下级' parent: 'national' deadline_rules { matter: "
      "'registration' days: 60 working: true {S}"));
  const auto policy = Policy::FromTexts(chain);
  ASSERT_EQ(policy.refusals().size(), 1u);
  EXPECT_EQ(policy.refusals()[0].source(), "Interim Regulations on Real Estate Registration 20");
  EXPECT_THAT(policy.refusals()[0].message_en(), ::testing::HasSubstr("60 days"));
}

}  // namespace
}  // namespace landbook::common
