#include "services/law/state_testing.h"

namespace landbook::law {
namespace {

class TakingRulesTest : public Village {
 protected:
  TakingRulesTest() : Village("kaijiang", "511723", {2025, 9, 1}) {}
  std::string Take(const std::string& ground, const std::string& measure = "TAKE_BACK",
                   const std::string& more =
                       "approved_by: $Township compensation_fen: 900 compensation_settled: true") {
    return "take_back_right { right: $Home measure: TAKING_MEASURE_" + measure + " ground: '" +
           ground + "' " + more + " }";
  }
  const std::string evidence_ = "permit=Township hearing";
};

TEST_F(TakingRulesTest, T01AGroundThatAStatuteNames) {
  EXPECT_EQ(Ask(Take("public-works"), evidence_), "");
  EXPECT_EQ(Ask(Take("several-homesteads"), evidence_), "T-01@ground");
  EXPECT_EQ(Ask(Take("long-idle", "RUN_TOGETHER"), evidence_), "T-01@ground");
  EXPECT_EQ(Ask(Take("over-size", "ADJUST"), evidence_), "T-01@ground");
  EXPECT_EQ(Ask(Take("illegal-building", "CORRECT"), evidence_), "T-01@ground");
  EXPECT_EQ(Ask(Take("bad-neighbours"), evidence_), "T-01@ground");
  EXPECT_EQ(Ask(Take("use-not-approved", "ADJUST"), evidence_), "T-01@ground");
  EXPECT_EQ(Ask(Take("use-not-approved", "CORRECT", "approved_by: $Township"), evidence_), "");
}

TEST_F(TakingRulesTest, T01WhatIsAdjustedGetsOtherLand) {
  const std::string more =
      "approved_by: $Township compensation_fen: 900 compensation_settled: true "
      "replaced_by: $New";
  EXPECT_EQ(Ask(Take("public-works", "ADJUST", more), evidence_), "T-01@replaced_by");
  Put<v1::Right>("New",
                 "unit: #Yard2U type: 'homestead' holders { party: #Lis } "
                 "state: RECORD_STATE_LIVE");
  EXPECT_EQ(Ask(Take("public-works", "ADJUST", more), evidence_), "T-01@replaced_by");
  Put<v1::Right>("New",
                 "unit: #Yard2U type: 'homestead' holders { party: #Zhangs } "
                 "state: RECORD_STATE_LIVE");
  EXPECT_EQ(Ask(Take("public-works", "ADJUST", more), evidence_), "");
}

TEST_F(TakingRulesTest, T02TheApprovingGovernmentApproves) {
  const std::string paid = "compensation_fen: 900 compensation_settled: true";
  EXPECT_EQ(Ask(Take("public-works", "TAKE_BACK", paid), "hearing"), "T-02@approved_by");
  EXPECT_EQ(Ask(Take("public-works", "TAKE_BACK", paid + " approved_by: $Farm"), "hearing"),
            "T-02@approved_by");
  EXPECT_EQ(Ask(Take("public-works"), "hearing"), "T-02@evidence");
  EXPECT_EQ(Ask(Take("public-works"), "hearing permit=Court"), "T-02@evidence");
}

TEST_F(TakingRulesTest, T03TheHolderIsHeard) {
  EXPECT_EQ(Ask(Take("public-works"), "permit=Township"), "T-03@evidence");
}

TEST_F(TakingRulesTest, T04CompensationIsSettledWhereDue) {
  EXPECT_EQ(
      Ask(Take("public-works", "TAKE_BACK", "approved_by: $Township compensation_settled: true"),
          evidence_),
      "T-04@compensation_fen");
  EXPECT_EQ(Ask(Take("public-works", "TAKE_BACK", "approved_by: $Township compensation_fen: 900"),
                evidence_),
            "T-04@compensation_settled");
}

TEST_F(TakingRulesTest, D03ContractedLandIsAdjustedAfterADisasterByTwoThirdsAndTwoApprovals) {
  Put<v1::Right>("New",
                 "unit: #Field3U type: 'contract' holders { party: #Zhangs } "
                 "state: RECORD_STATE_LIVE");
  Resolve("Plan", "Group1", "CONTRACT_ADJUSTMENT");
  const std::string adjust =
      "take_back_right { right: $Contract measure: TAKING_MEASURE_ADJUST ground: "
      "'disaster' approved_by: $CountyGov replaced_by: $New }";
  EXPECT_EQ(Ask(adjust, "permit=Township,CountyGov hearing resolution=Plan"), "");
  EXPECT_EQ(Ask(adjust, "permit=Township,CountyGov hearing"), "D-03@evidence");
  EXPECT_EQ(Ask(adjust, "permit=CountyGov hearing resolution=Plan"), "D-03@evidence");
}

class ExtensionRulesTest : public Village {
 protected:
  ExtensionRulesTest() : Village("lishui", "331102", {2028, 9, 20}) {}
  void SetUp() override { Resolve("Plan", "Group1", "CONTRACT_PLAN"); }
  std::string Extend(const std::string& right, const std::string& end,
                     const std::string& cause = "EXTENSION",
                     const std::string& start = "1998-10-01") {
    return "vary_right { right: $" + right + " cause: VARY_CAUSE_" + cause +
           " term { start_date: '" + start + "' end_date: '" + end + "' } }";
  }
};

TEST_F(ExtensionRulesTest, E01ByThirtyYearsOnCroplandByTheirOwnTermsElsewhere) {
  const std::string evidence = "resolution=Plan display";
  EXPECT_EQ(Ask(Extend("Contract", "2058-09-30"), evidence), "");
  EXPECT_EQ(Ask(Extend("Contract", "2058-10-01"), evidence), "E-01@term");
  EXPECT_EQ(Ask(Extend("Contract", "2048-09-30"), evidence), "E-01@term");
  EXPECT_EQ(Ask(Extend("Contract", "2058-09-30", "EXTENSION", "1998-10-02"), evidence),
            "E-01@term");
  EXPECT_EQ(Ask(Extend("Wood", "2098-09-30"), evidence), "");
  EXPECT_EQ(Ask(Extend("Wood", "2098-10-01"), evidence), "E-01@term");
  EXPECT_EQ(Ask(Extend("Home", "2098-10-01"), evidence), "E-01@term");
  EXPECT_EQ(Ask(Extend("Contract", "2028-10-01", "UNSPECIFIED")), "E-01@cause");
  EXPECT_EQ(Ask(Extend("Contract", "2028-09-29", "UNSPECIFIED")), "");
}

TEST_F(ExtensionRulesTest, E02ByAPlanThatWasShownAndResolved) {
  EXPECT_EQ(Ask(Extend("Contract", "2058-09-30"), "display"), "E-02@evidence");
  EXPECT_EQ(Ask(Extend("Contract", "2058-09-30"), "resolution=Plan"), "E-02@evidence");
  Resolve("Other", "Group2", "CONTRACT_PLAN");
  EXPECT_EQ(Ask(Extend("Contract", "2058-09-30"), "resolution=Other display"), "D-12@evidence");
}

TEST_F(ExtensionRulesTest, E03MadeUpToTheTermOfTheLaw) {
  Change<v1::Right>("Contract", "term { start_date: '2010-01-01' end_date: '2030-12-31' }");
  const auto vary = [&](const std::string& end) {
    return Ask(Extend("Contract", end, "STATUTORY_TERM", "2010-01-01"));
  };
  EXPECT_EQ(vary("2039-12-31"), "");
  EXPECT_EQ(vary("2041-12-31"), "E-03@term");
  EXPECT_EQ(vary("2030-12-30"), "E-03@term");
}

}  // namespace
}  // namespace landbook::law
