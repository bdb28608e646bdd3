#include "services/law/state_testing.h"

namespace landbook::law {
namespace {

// A household of Zibo that gives up its land, or its homestead, lacking nothing.
class WithdrawalRulesTest : public Village {
 protected:
  explicit WithdrawalRulesTest(std::string_view pack = "zibo", std::string_view county = "370303",
                               CivilDate today = {2025, 6, 10})
      : Village(pack, county, today) {}
  std::string Return(const std::string& notice) {
    return "withdraw_right { right: $Contract route: WITHDRAWAL_ROUTE_RETURN compensation_fen: 0 "
           "compensation_settled: false notice_date: '" +
           notice + "' }";
  }
  std::string PaidContract(const std::string& more = "extent: WITHDRAWAL_EXTENT_THIS_TERM") {
    return "withdraw_right { right: $Contract route: WITHDRAWAL_ROUTE_PAID compensation_fen: 5000 "
           "compensation_settled: true notice_date: '2024-12-10' tied_to: TIED_TO_NOTHING "
           "compensation { kind: COMPENSATION_KIND_MONEY value_fen: 5000 settled_date: "
           "'2025-06-01' } " +
           more + " }";
  }
  std::map<std::string, std::string> home_ = {
      {"compensation_fen", "1000"},
      {"compensation_settled", "true"},
      {"eligibility_after", "ELIGIBILITY_AFTER_KEPT"},
      {"tied_to", "TIED_TO_NOTHING"},
      {"compensation",
       "{ kind: COMPENSATION_KIND_MONEY value_fen: 1000 settled_date: '2025-06-01' }"}};
  std::string Home() {
    std::string text = "withdraw_right { right: $Home route: WITHDRAWAL_ROUTE_PAID ";
    for (const auto& [field, value] : home_) {
      if (!value.empty()) text += field + ": " + value + " ";
    }
    return text + "}";
  }
  std::string AskHome(const std::string& field, const std::string& value) {
    const auto before = home_;
    home_[field] = value;
    const std::string told = Ask(Home(), home_evidence_);
    home_ = before;
    return told;
  }
  const std::string letter_ = "notice=Zhangs consent=Zhang,Wang,Son";
  const std::string home_evidence_ =
      "consent=Zhang,Wang,Son income=Zhangs residence=Zhangs withdrawal-agreement";
};

TEST_F(WithdrawalRulesTest, W01HalfAYearsWrittenNotice) {
  EXPECT_EQ(Ask(Return("2024-12-10"), letter_), "");
  EXPECT_EQ(Ask(Return("2024-12-11"), letter_), "W-01@notice_date");
  EXPECT_EQ(last().refusals[0].refusal.not_before(), "2025-06-11");
  EXPECT_EQ(Ask(Return(""), letter_), "W-01@notice_date");
  EXPECT_FALSE(last().refusals[0].refusal.cured_by_time());
  at_acceptance_ = true;
  EXPECT_EQ(Ask(Return("2024-12-11"), letter_), "");
  EXPECT_EQ(Say(last().waiting), "W-01@notice_date");
}

// The case's law, today's periods.
TEST_F(WithdrawalRulesTest, W01IsJudgedByTheDayOfTheCommit) {
  days_.law = {2025, 6, 1};
  EXPECT_EQ(Ask(Return("2024-12-10"), letter_), "");
}

TEST_F(WithdrawalRulesTest, W02WithoutTheLetterItIsNoVoluntaryReturn) {
  EXPECT_EQ(Ask(Return("2024-12-10"), "consent=Zhang,Wang,Son"), "W-02@evidence");
  EXPECT_EQ(Ask(Return("2024-12-10"), "notice=Lis consent=Zhang,Wang,Son"), "W-02@evidence");
}

TEST_F(WithdrawalRulesTest, W03AndW21NoConditionOfSettlingOrOfAnotherRight) {
  EXPECT_EQ(Ask(Home(), home_evidence_), "");
  EXPECT_EQ(AskHome("tied_to", "TIED_TO_SETTLING_IN_TOWN"), "W-03@tied_to[0]");
  EXPECT_EQ(AskHome("tied_to", "TIED_TO_CONTRACT_LAND"), "W-21@tied_to[0]");
  EXPECT_EQ(AskHome("tied_to", "[TIED_TO_NOTHING, TIED_TO_INCOME_SHARE]"), "W-21@tied_to[1]");
  EXPECT_EQ(AskHome("tied_to", ""), "W-21@tied_to");
}

TEST_F(WithdrawalRulesTest, W06AndW09APlotWithARightOnItIsNotDisposedOf) {
  const std::string field =
      "dispose_plot { plot: $Field disposition: PLOT_DISPOSITION_FOR_MEMBERS }";
  const std::string yard = "dispose_plot { plot: $Yard disposition: PLOT_DISPOSITION_FOR_MEMBERS }";
  EXPECT_EQ(Ask(field), "W-06@plot");
  EXPECT_EQ(Ask(yard), "W-09@plot");
  Change<v1::Right>("Contract", "state: RECORD_STATE_ENDED");
  Change<v1::Right>("Home", "state: RECORD_STATE_ENDED");
  EXPECT_EQ(Ask(field), "");
  EXPECT_EQ(Ask(yard), "");
}

TEST_F(WithdrawalRulesTest, W07ARunningCirculationIsSettledFirst) {
  Put<v1::Right>("Manage",
                 "unit: #FieldU type: 'management' parent: #Contract holders { party: #Farm } "
                 "state: RECORD_STATE_LIVE");
  EXPECT_EQ(Ask(Return("2024-12-10"), letter_), "W-07@right");
  Change<v1::Right>("Manage", "state: RECORD_STATE_ENDED");
  EXPECT_EQ(Ask(Return("2024-12-10"), letter_), "");
}

TEST_F(WithdrawalRulesTest, W09W22MembersFirstThenWhatThePackPermits) {
  Change<v1::Right>("Home", "state: RECORD_STATE_ENDED");
  Resolve("Meeting", "Group1", "HOMESTEAD_USE");
  Resolve("Strangers", "Group2", "CONTRACT_PLAN");
  const std::string convert =
      "dispose_plot { plot: $Yard disposition: PLOT_DISPOSITION_CONVERT document_number: 'P-1' }";
  EXPECT_EQ(Ask(convert, "members-first=Group1 resolution=Meeting"), "");
  EXPECT_EQ(Ask(convert, "resolution=Meeting"), "W-09@evidence");
  EXPECT_EQ(Ask(convert, "members-first=Farm resolution=Meeting"), "W-09@evidence");
  EXPECT_EQ(Ask(convert, "members-first=Group1"), "D-12@evidence");
  EXPECT_EQ(Ask(convert, "members-first=Group1 resolution=Strangers"), "D-12@evidence");
  Change<v1::Right>("Contract", "state: RECORD_STATE_ENDED");
  EXPECT_EQ(Ask("dispose_plot { plot: $Field disposition: PLOT_DISPOSITION_CONVERT }"),
            "W-22@disposition");
  EXPECT_EQ(Ask("dispose_plot { plot: $Field }"), "W-22@disposition");
  EXPECT_EQ(AskHome("disposition", "PLOT_DISPOSITION_RECLAIM"),
            "W-09@evidence W-22@disposition_document");
}

TEST_F(WithdrawalRulesTest, W11EveryAdultMemberConsents) {
  EXPECT_EQ(Ask(Return("2024-12-10"), "notice=Zhangs consent=Zhang,Wang"), "W-11@evidence");
  EXPECT_EQ(Ask(Return("2024-12-10"), "notice=Zhangs"),
            "W-11@evidence W-11@evidence W-11@evidence");
  v1::Party household = *Find<v1::Party>(state_, NumberOf("Zhangs"));
  household.mutable_household()->mutable_members(2)->set_standing(v1::MEMBER_STANDING_LOST);
  state_.Put(v1::RECORD_KIND_PARTY, NumberOf("Zhangs"), household.SerializeAsString());
  EXPECT_EQ(Ask(Return("2024-12-10"), "notice=Zhangs consent=Zhang,Wang"), "");
}

TEST_F(WithdrawalRulesTest, W13BurdensAreClearedFirst) {
  Put<v1::Mortgage>("M", "rights: #Contract mortgagee: #Bank state: RECORD_STATE_LIVE");
  EXPECT_EQ(Ask(Return("2024-12-10"), letter_), "W-13@right");
  Change<v1::Mortgage>("M", "state: RECORD_STATE_ENDED");
  const auto caution = [&](const std::string& text) {
    Put<v1::Caution>("Q",
                     "unit: #FieldU state: RECORD_STATE_LIVE effective_date: '2025-06-01' " + text);
    return Ask(Return("2024-12-10"), letter_);
  };
  EXPECT_EQ(caution("cause: CAUTION_CAUSE_SEIZURE"), "W-13@right");
  EXPECT_EQ(caution("cause: CAUTION_CAUSE_ADVANCE_NOTICE beneficiaries: #Suns"), "W-13@right");
  EXPECT_EQ(Ask(Return("2024-12-10"), "notice=Zhangs consent=Zhang,Wang,Son,Suns"), "");
  // On the right itself it would be left on nothing.
  EXPECT_EQ(caution("cause: CAUTION_CAUSE_OBJECTION right: #Contract"), "W-13@right");
  EXPECT_EQ(caution("cause: CAUTION_CAUSE_SEIZURE expiry_date: '2025-06-09'"), "");
}

TEST_F(WithdrawalRulesTest, W14TheAgreementSaysWhatBecomesOfEligibility) {
  EXPECT_EQ(AskHome("eligibility_after", ""), "W-14@eligibility_after");
  EXPECT_EQ(AskHome("eligibility_after", "ELIGIBILITY_AFTER_GIVEN_UP"), "");
}

TEST_F(WithdrawalRulesTest, W15ThePaidRouteIsOpenToWhoShowsIt) {
  const std::string consents = "consent=Zhang,Wang,Son ";
  EXPECT_EQ(Ask(Home(), consents), "W-15@evidence");
  EXPECT_EQ(Ask(Home(), consents + "income=Zhangs"), "W-15@evidence");
  EXPECT_EQ(Ask(Home(), consents + "income=Lis residence=Zhangs"), "W-15@evidence");
  Put<v1::Right>("Home2",
                 "unit: #Yard2U type: 'homestead' holders { party: #Zhangs } "
                 "state: RECORD_STATE_LIVE");
  EXPECT_EQ(Ask(Home(), consents), "");
  EXPECT_EQ(Ask("withdraw_right { right: $Plant route: WITHDRAWAL_ROUTE_RETURN }"), "W-15@right");
}

TEST_F(WithdrawalRulesTest, W15AfterThePacksDaysTheOneAboveGoverns) {
  days_ = {{2026, 1, 5}, {2026, 1, 5}};
  EXPECT_EQ(Ask(Home(), home_evidence_), "W-15@evidence");
  EXPECT_EQ(Ask(Home(), "consent=Zhang,Wang,Son civil-status=Zhangs"), "");
  // A case accepted in the plan's period is registered after it.
  days_ = {{2025, 12, 31}, {2026, 1, 20}};
  EXPECT_EQ(Ask(Home(), home_evidence_), "");
}

TEST_F(WithdrawalRulesTest, W16RegisteredOnceCompensationIsSettled) {
  EXPECT_EQ(AskHome("compensation_settled", "false"), "W-16@compensation_settled");
  EXPECT_EQ(AskHome("compensation", "{ kind: COMPENSATION_KIND_MONEY value_fen: 1000 }"),
            "W-16@compensation[0].settled_date");
  EXPECT_EQ(AskHome("compensation",
                    "{ kind: COMPENSATION_KIND_MONEY value_fen: 1000 settled_date: '2025-06-11' }"),
            "W-16@compensation[0].settled_date");
}

TEST_F(WithdrawalRulesTest, W17KindsThatPacksPermitAndPartsThatSum) {
  EXPECT_EQ(AskHome("compensation_fen", "1001"), "W-17@compensation");
  EXPECT_EQ(AskHome("compensation", ""), "W-17@compensation");
  EXPECT_EQ(
      AskHome("compensation",
              "{ kind: COMPENSATION_KIND_UNSPECIFIED value_fen: 1000 settled_date: '2025-06-01' }"),
      "W-17@compensation[0].kind");
  EXPECT_EQ(AskHome("advance", "{ advanced_fen: 1000 }"), "");
  EXPECT_EQ(AskHome("advance", "{ advanced_fen: 1001 }"), "W-17@advance");
}

TEST_F(WithdrawalRulesTest, W18AFundIsPaidBackAtMostWhatItAdvanced) {
  Put<v1::FundAdvance>("A", "advanced_fen: 300 repaid_fen: 200");
  EXPECT_EQ(Ask("repay_advance { advance: $A repaid_fen: 100 }"), "");
  EXPECT_EQ(Ask("repay_advance { advance: $A repaid_fen: 101 }"), "W-18@repaid_fen");
  EXPECT_EQ(Ask("repay_advance { advance: $B repaid_fen: 1 }"), "W-18@advance");
}

TEST_F(WithdrawalRulesTest, W19ThisTermOrForGood) {
  const std::string evidence = letter_ + " income=Zhangs";
  EXPECT_EQ(Ask(PaidContract(), evidence), "");
  EXPECT_EQ(Ask(PaidContract("extent: WITHDRAWAL_EXTENT_FOR_GOOD"), evidence), "");
  EXPECT_EQ(Ask(PaidContract(""), evidence), "W-19@extent");
}

TEST_F(WithdrawalRulesTest, W20EligibilityChangesInTheSameCommit) {
  home_["eligibility_after"] = "ELIGIBILITY_AFTER_GIVEN_UP";
  Change<v1::Right>("Home", "state: RECORD_STATE_ENDED");
  EXPECT_EQ(AskCommit({Home()}), "W-20@eligibility_after");
  Change<v1::Party>("Zhangs", "household { eligibility: HOMESTEAD_ELIGIBILITY_GIVEN_UP }");
  EXPECT_EQ(AskCommit({Home()}), "");
  home_["eligibility_after"] = "ELIGIBILITY_AFTER_SUSPENDED";
  EXPECT_EQ(AskCommit({Home()}), "W-20@eligibility_after");
}

TEST_F(WithdrawalRulesTest, W23AndD02OutsidersComeAfterMembersWithTwoThirdsAndTheTownship) {
  Change<v1::Right>("Contract", "state: RECORD_STATE_ENDED");
  Resolve("Out", "Group1", "CONTRACT_TO_OUTSIDERS");
  const std::string out =
      "dispose_plot { plot: $Field disposition: PLOT_DISPOSITION_TO_OUTSIDERS }";
  EXPECT_EQ(Ask(out), "W-23@evidence D-02@evidence");
  EXPECT_EQ(Ask(out, "members-first=Group1 resolution=Out"), "D-02@evidence");
  EXPECT_EQ(Ask(out, "resolution=Out permit=Township"), "W-23@evidence");
  EXPECT_EQ(Ask(out, "members-first=Group1 resolution=Out permit=Township"), "");
}

TEST_F(WithdrawalRulesTest, W24NoNewContractedLandWithinTheTerm) {
  Resolve("Plan", "Group1", "CONTRACT_PLAN");
  const std::string grant =
      "grant_right { unit: $Field3U type: 'contract' holders { party: $Zhangs } basis: "
      "GRANT_BASIS_HOUSEHOLD_CONTRACT term { start_date: '2025-06-10' end_date: "
      "'2028-09-30' } }";
  EXPECT_EQ(Ask(grant, "contract resolution=Plan"), "");
  Change<v1::Right>("Contract", "state: RECORD_STATE_ENDED ended_cause: 'withdrawn'");
  EXPECT_EQ(Ask(grant, "contract resolution=Plan"), "W-24@holders[0].party");
  days_ = {{2028, 10, 1}, {2028, 10, 1}};
  EXPECT_EQ(Ask(grant, "contract resolution=Plan"), "");
}

TEST_F(WithdrawalRulesTest, W24FollowsAHouseholdIntoThoseThatItIsMergedInto) {
  Resolve("Plan", "Group1", "CONTRACT_PLAN");
  Change<v1::Right>("Contract", "state: RECORD_STATE_ENDED ended_cause: 'withdrawn'");
  const std::string grant =
      "grant_right { unit: $Field3U type: 'contract' holders { party: $Suns } basis: "
      "GRANT_BASIS_HOUSEHOLD_CONTRACT term { start_date: '2025-06-10' end_date: "
      "'2028-09-30' } }";
  EXPECT_EQ(Ask(grant, "contract resolution=Plan"), "");
  Change<v1::Party>("Lis", "household { made_from: #Zhangs ended: true }");
  Change<v1::Party>("Suns", "household { made_from: #Lis }");
  EXPECT_EQ(Ask(grant, "contract resolution=Plan"), "") << "split off it, before";
  Change<v1::Party>("Zhangs", "household { ended: true }");
  EXPECT_EQ(Ask(grant, "contract resolution=Plan"), "W-24@holders[0].party");
}

// What Kaijiang leaves to a measure that is still to be made (KJ 24).
class WithdrawalRulesOfKaijiang : public WithdrawalRulesTest {
 protected:
  WithdrawalRulesOfKaijiang() : WithdrawalRulesTest("kaijiang", "511723", {2025, 9, 1}) {}
};

TEST_F(WithdrawalRulesOfKaijiang, L03ThePaidRouteWaitsForTheCounty) {
  EXPECT_EQ(Ask(PaidContract(), letter_), "L-03@route");
  EXPECT_EQ(last().refusals[0].refusal.county_decides(),
            "农村集体产权自愿有偿流转退出办法（承包地）");
  EXPECT_EQ(Ask(Home(), home_evidence_), "L-03@route");
  EXPECT_EQ(Ask(Return("2025-02-01"), letter_), "");
}

}  // namespace
}  // namespace landbook::law
