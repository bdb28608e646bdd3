#include "services/law/state_testing.h"

namespace landbook::law {
namespace {

class ContractRulesTest : public Village {
 protected:
  std::string Transfer(const std::string& cause, const std::string& to,
                       const std::string& more = "") {
    return "transfer_right { right: $Contract cause: TRANSFER_CAUSE_" + cause +
           " holders { party: $" + to + " } " + more + " }";
  }
  std::string Grant(const std::string& holder, const std::string& term,
                    const std::string& more = "basis: GRANT_BASIS_HOUSEHOLD_CONTRACT") {
    return "grant_right { unit: $Field3U type: 'contract' holders { party: $" + holder +
           " } term { start_date: '2026-03-02' end_date: '" + term + "' } " + more + " }";
  }
  void SetUp() override { Resolve("Plan", "Group1", "CONTRACT_PLAN"); }
};

TEST_F(ContractRulesTest, R01OwnershipStaysTheCollectives) {
  EXPECT_EQ(Ask("transfer_right { right: $Owner cause: TRANSFER_CAUSE_JUDGMENT "
                "holders { party: $Farm } }"),
            "R-01@right");
  EXPECT_EQ(Ask("extinguish_right { right: $Owner }"), "R-01@right");
  EXPECT_EQ(Ask("extinguish_right { right: $Owner cause: EXTINGUISH_CAUSE_EXPROPRIATION }"), "");
  const std::string grant =
      "grant_right { unit: $GroundU type: 'ownership' basis: GRANT_BASIS_OWNERSHIP holders { ";
  EXPECT_EQ(Ask(grant + "party: $Farm } }"), "R-01@holders[0].party");
  EXPECT_EQ(Ask(grant + "party: $Village1 } }"), "");
}

TEST_F(ContractRulesTest, R02AContractIsAHouseholdsOfTheCollective) {
  EXPECT_EQ(Ask(Grant("Suns", "2028-09-30"), "contract resolution=Plan"), "");
  EXPECT_EQ(Ask(Grant("Zhaos", "2028-09-30"), "contract resolution=Plan"), "R-02@holders[0].party");
  EXPECT_EQ(Ask(Transfer("JUDGMENT", "Farm"), "order"), "R-02@holders[0].party");
  // People who are admitted in part get no land (RCEO 15).
  Put<v1::Party>("Experts",
                 "household { collective: #Group1 members { person: #Townsman "
                 "standing: MEMBER_STANDING_ADMITTED } }");
  EXPECT_EQ(Ask(Grant("Experts", "2028-09-30"), "contract resolution=Plan"),
            "R-02@holders[0].party");
}

TEST_F(ContractRulesTest, R06NoTermIsLongerThanLawAllows) {
  EXPECT_EQ(Ask(Grant("Suns", "2056-03-01"), "contract resolution=Plan"), "");
  EXPECT_EQ(Ask(Grant("Suns", "2096-03-02"), "contract resolution=Plan"), "R-06@term");
  EXPECT_EQ(Ask(Grant("Suns", "2056-03-03"), "contract resolution=Plan"), "R-06@term");
  // What an older register says of a contract is measured by the longest term of all.
  EXPECT_EQ(
      Ask("carry_over { right { unit: $Field3U type: 'contract' holders { party: $Suns } term { "
          "start_date: '1998-10-01' end_date: '2058-09-30' } } }"),
      "");
  EXPECT_EQ(
      Ask("carry_over { right { unit: $Field3U type: 'contract' holders { party: $Suns } term { "
          "start_date: '1998-10-01' end_date: '2068-10-02' } } }"),
      "R-06@term");
}

TEST_F(ContractRulesTest, C01ToAnotherHouseholdOfTheCollectiveWithTheIssuersConsent) {
  EXPECT_EQ(Ask(Transfer("ASSIGNMENT", "Suns"), "consent=Group1"), "");
  EXPECT_EQ(Ask(Transfer("ASSIGNMENT", "Suns")), "C-01@evidence");
  EXPECT_EQ(Ask(Transfer("ASSIGNMENT", "Suns"), "consent=Group2"), "C-01@evidence");
  EXPECT_EQ(Ask(Transfer("ASSIGNMENT", "Zhaos"), "consent=Group1"), "C-01@holders[0].party");
  EXPECT_EQ(Ask(Transfer("ASSIGNMENT", "Farm"), "consent=Group1"), "C-01@holders[0].party");
  EXPECT_EQ(Ask(Transfer("EQUITY", "Suns"), "consent=Group1"), "C-01@cause");
  const auto others = [&](const std::string& standing) {
    Put<v1::Party>("Others",
                   "household { collective: #Group1 members { person: #Li standing: "
                   "MEMBER_STANDING_" +
                       standing + " } }");
    return Ask(Transfer("ASSIGNMENT", "Others"), "consent=Group1");
  };
  EXPECT_EQ(others("MEMBER"), "");
  EXPECT_EQ(others("NOT_STATED"), "") << "an older register is silent";
  EXPECT_EQ(others("LOST"), "C-01@holders[0].party");
  EXPECT_EQ(others("NOT_MEMBER"), "C-01@holders[0].party");
  EXPECT_EQ(Ask(Transfer("RECIRCULATION", "Suns"), "consent=Group1"), "C-01@cause");
}

TEST_F(ContractRulesTest, C02AJudgmentStandsInForTheIssuersConsentOnly) {
  EXPECT_EQ(Ask(Transfer("ASSIGNMENT", "Suns"), "order"), "");
  EXPECT_EQ(Ask(Transfer("ASSIGNMENT", "Suns"), "other"), "C-01@evidence");
  EXPECT_EQ(Ask("transfer_right { right: $Home cause: TRANSFER_CAUSE_ASSIGNMENT "
                "holders { party: $Suns } }",
                "order"),
            "H-05@evidence");
}

TEST_F(ContractRulesTest, C03AnExchangeIsOfOneCollectivesParcelsBothAtOnceAndFiled) {
  File("X", "EXCHANGE", "Contract,Contract2", "Group1");
  const std::string there = Transfer("EXCHANGE", "Lis", "exchanged_for: $Contract2");
  const std::string back =
      "transfer_right { right: $Contract2 cause: TRANSFER_CAUSE_EXCHANGE holders { party: $Zhangs "
      "} "
      "exchanged_for: $Contract }";
  EXPECT_EQ(Ask(there, "filing=X"), "");
  EXPECT_EQ(Ask(there), "C-03@evidence");
  EXPECT_EQ(Ask(there, "consent=Group1"), "");  // more than a filing
  EXPECT_EQ(Ask(Transfer("EXCHANGE", "Lis"), "filing=X"), "C-03@exchanged_for");
  EXPECT_EQ(Ask(Transfer("EXCHANGE", "Zhaos", "exchanged_for: $Contract2"), "filing=X"),
            "C-03@holders[0].party");
  EXPECT_EQ(AskCommit({there, back}), "");
  EXPECT_EQ(AskCommit({there}), "C-03@exchanged_for");
  Change<v1::Party>("Lis", "household { collective: #Group2 }");
  EXPECT_EQ(AskCommit({there, back}), "C-03@exchanged_for C-03@exchanged_for");
}

TEST_F(ContractRulesTest, C03AFilingIsOfItsMatterItsRightAndNotOfADayToCome) {
  const std::string there = Transfer("EXCHANGE", "Lis", "exchanged_for: $Contract2");
  File("Other", "SECURITY", "Contract", "Group1");
  File("Elsewhere", "EXCHANGE", "Contract2", "Group1");
  File("Stranger", "EXCHANGE", "Contract", "Group2");
  for (const char* filing : {"filing=Other", "filing=Elsewhere", "filing=Stranger"}) {
    EXPECT_EQ(Ask(there, filing), "C-03@evidence") << filing;
  }
  File("Early", "EXCHANGE", "Contract", "Group1");
  Change<v1::Filing>("Early", "date: '2026-03-03'");
  EXPECT_EQ(Ask(there, "filing=Early"), "C-03@evidence");
}

TEST_F(ContractRulesTest, C12AWrittenContract) {
  EXPECT_EQ(Ask(Grant("Suns", "2028-09-30"), "resolution=Plan contract"), "");
  EXPECT_EQ(Ask(Grant("Suns", "2028-09-30"), "resolution=Plan"), "C-12@evidence");
  EXPECT_EQ(Ask(Grant("Suns", "2028-09-30", "basis: GRANT_BASIS_EXISTING")), "");
}

TEST_F(ContractRulesTest, C22NoTakingBackWithinTheTerm) {
  const std::string end = "extinguish_right { right: $Contract cause: EXTINGUISH_CAUSE_";
  EXPECT_EQ(Ask(end + "LOSS }", "other"), "");
  EXPECT_EQ(Ask(end + "LOSS }"), "C-22@evidence");
  EXPECT_EQ(Ask(end + "AGREEMENT }", "consent=Zhangs"), "C-22@cause");
  EXPECT_EQ(Ask(end + "UNSPECIFIED }"), "C-22@cause");
  EXPECT_EQ(Ask(end + "TERM_OVER }"), "C-22@cause");
  EXPECT_EQ(Ask(end + "JUDGMENT }", "other"), "C-22@evidence");
  EXPECT_EQ(Ask(end + "JUDGMENT }", "order"), "");
  EXPECT_EQ(Ask("take_back_right { right: $Contract measure: TAKING_MEASURE_TAKE_BACK "
                "ground: 'public-works' approved_by: $CountyGov }",
                "permit=CountyGov hearing"),
            "C-22@ground");
  days_ = {{2028, 10, 1}, {2028, 10, 1}};
  EXPECT_EQ(Ask(end + "TERM_OVER }"), "");
}

TEST_F(ContractRulesTest, C24OneLandIsNotContractedTwice) {
  const std::string grant =
      "grant_right { unit: $FieldU type: 'contract' holders { party: $Lis } basis: "
      "GRANT_BASIS_EXISTING "
      "term { start_date: '2026-03-02' end_date: '2028-09-30' } }";
  EXPECT_EQ(Ask(grant), "C-24@type");
  Change<v1::Right>("Contract", "state: RECORD_STATE_ENDED");
  EXPECT_EQ(Ask(grant), "");
}

TEST_F(ContractRulesTest, C27MembersComeFirstForLandByOtherMethods) {
  Resolve("Out", "Group1", "CONTRACT_TO_OUTSIDERS");
  const std::string grant =
      "grant_right { unit: $Field3U type: 'management' basis: GRANT_BASIS_OTHER_CONTRACT "
      "term { start_date: '2026-03-02' end_date: '2056-03-01' } holders { party: $";
  const std::string evidence = "contract resolution=Out permit=Township";
  EXPECT_EQ(Ask(grant + "Farm } }", evidence), "C-27@evidence");
  EXPECT_EQ(Ask(grant + "Farm } }", evidence + " priority"), "");
  const std::string shown =
      "circulation { priority_notice_date: '2026-01-26' priority_until_date: '";
  EXPECT_EQ(Ask(grant + "Farm } " + shown + "2026-02-28' } }", evidence), "");
  EXPECT_EQ(Ask(grant + "Farm } " + shown + "2026-03-02' } }", evidence), "C-27@evidence");
  EXPECT_EQ(Ask(grant + "Suns } }", "contract"), "");
}

}  // namespace
}  // namespace landbook::law
