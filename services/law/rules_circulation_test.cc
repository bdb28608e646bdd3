#include "services/law/state_testing.h"

namespace landbook::law {
namespace {

// A lease to Farm that lacks nothing, but for what a test changes.
class CirculationRulesTest : public Village {
 protected:
  void SetUp() override {
    File("F", "CIRCULATION", "Contract", "Group1");
    terms_ = {{"manner", "CIRCULATION_MANNER_LEASE"},
              {"land_use", "'0101'"},
              {"priority_notice_date", "'2019-10-01'"},
              {"priority_until_date", "'2019-12-31'"}};
  }
  std::string Lease(const std::string& holder = "Farm", const std::string& start = "2020-01-01",
                    const std::string& end = "2028-09-30") {
    std::string text =
        "grant_right { unit: $FieldU type: 'management' parent: $Contract "
        "basis: GRANT_BASIS_CIRCULATION holders { party: $" +
        holder + " } term { start_date: '" + start + "' end_date: '" + end + "' } circulation { ";
    for (const auto& [field, value] : terms_) text += field + ": " + value + " ";
    return text + "} }";
  }
  std::string AskWith(const std::string& field, const std::string& value) {
    const auto before = terms_;
    terms_[field] = value;
    const std::string told = Ask(Lease(), "contract filing=F");
    terms_ = before;
    return told;
  }
  void Circulate() {
    Put<v1::Right>("Manage",
                   "unit: #FieldU type: 'management' parent: #Contract holders { party: #Farm } "
                   "basis: GRANT_BASIS_CIRCULATION state: RECORD_STATE_LIVE "
                   "term { start_date: '2020-01-01' end_date: '2028-09-30' }");
  }
  std::map<std::string, std::string> terms_;
};

TEST_F(CirculationRulesTest, C05AFilingWithTheIssuerOrAWarning) {
  EXPECT_EQ(Ask(Lease(), "contract filing=F"), "");
  EXPECT_EQ(Ask(Lease(), "contract"), "C-05@evidence");
  v1::Override& accepted = *commit_.add_overrides();
  accepted.set_rule("C-05");
  EXPECT_EQ(Ask(Lease(), "contract"), "");
  EXPECT_EQ(Say(last().overridden), "C-05@evidence");
  accepted.set_act(1);
  EXPECT_EQ(Ask(Lease(), "contract"), "C-05@evidence");
  from_import_ = true;
  EXPECT_EQ(Ask(Lease(), "contract"), "");
}

TEST_F(CirculationRulesTest, C07AgriculturalUseStays) {
  EXPECT_EQ(AskWith("land_use", "'1202'"), "");
  EXPECT_EQ(AskWith("land_use", "'0601'"), "C-07@circulation.land_use");
  EXPECT_EQ(AskWith("land_use", "''"), "C-07@circulation.land_use");
}

TEST_F(CirculationRulesTest, C08WithinTheContractsRemainingTerm) {
  EXPECT_EQ(Ask(Lease("Farm", "2020-01-01", "2028-10-01"), "contract filing=F"), "C-08@term");
  Circulate();
  const std::string vary =
      "vary_right { right: $Contract term { start_date: '1998-10-01' end_date: '";
  EXPECT_EQ(Ask(vary + "2028-09-29' } }"), "C-08@term");
  EXPECT_EQ(Ask(vary + "2028-09-30' } }"), "");
  EXPECT_EQ(
      Ask("vary_right { right: $Manage term { start_date: '2020-01-01' end_date: '2028-10-01' } }"),
      "C-08@term");
}

TEST_F(CirculationRulesTest, C10MembersComeFirst) {
  EXPECT_EQ(AskWith("priority_notice_date", "''"), "C-10@circulation.priority_notice_date");
  EXPECT_EQ(AskWith("priority_claimed", "true"), "C-10@circulation.priority_claimed");
  terms_["priority_notice_date"] = "''";
  EXPECT_EQ(Ask(Lease("Lis"), "contract filing=F"), "");
}

TEST_F(CirculationRulesTest, C11PriorityIsLostOnlyAfterThePeriod) {
  EXPECT_EQ(AskWith("priority_until_date", "'2026-03-01'"), "");
  EXPECT_EQ(AskWith("priority_until_date", "'2026-03-02'"), "C-11@circulation.priority_until_date");
  EXPECT_EQ(last().refusals[0].refusal.not_before(), "2026-03-03");
  EXPECT_TRUE(last().refusals[0].refusal.cured_by_time());
  EXPECT_EQ(AskWith("priority_until_date", "''"), "C-11@circulation.priority_until_date");
  EXPECT_EQ(AskWith("priority_until_date", "'2019-09-30'"), "C-11@circulation.priority_until_date");
  at_acceptance_ = true;
  EXPECT_EQ(AskWith("priority_until_date", "'2026-03-02'"), "");
  EXPECT_EQ(Say(last().waiting), "C-11@circulation.priority_until_date");
}

TEST_F(CirculationRulesTest, C12AWrittenContractForACirculation) {
  EXPECT_EQ(Ask(Lease(), "filing=F"), "C-12@evidence");
}

TEST_F(CirculationRulesTest, C13RegisteredFromFiveYearsOn) {
  EXPECT_EQ(Ask(Lease("Farm", "2023-10-01", "2028-09-30"), "contract filing=F"), "");
  EXPECT_EQ(Ask(Lease("Farm", "2023-10-02", "2028-09-30"), "contract filing=F"), "C-13@term");
  Circulate();
  EXPECT_EQ(
      Ask("vary_right { right: $Manage term { start_date: '2020-01-01' end_date: '2024-12-30' } }"),
      "C-13@term");
}

TEST_F(CirculationRulesTest, C14PassingItOnNeedsTheContractorsConsentAndAFiling) {
  Circulate();
  File("R", "RECIRCULATION", "Manage", "Group1");
  const std::string pass =
      "transfer_right { right: $Manage cause: TRANSFER_CAUSE_RECIRCULATION "
      "holders { party: $Zhao } }";
  EXPECT_EQ(Ask(pass, "filing=R consent=Zhangs"), "");
  EXPECT_EQ(Ask(pass, "filing=R"), "C-14@evidence");
  EXPECT_EQ(Ask(pass, "filing=R consent=Zhang"), "C-14@evidence");
  EXPECT_EQ(Ask(pass, "consent=Zhangs"), "C-14@evidence");
  EXPECT_EQ(Ask(pass), "C-14@evidence C-14@evidence");
}

TEST_F(CirculationRulesTest, C15ItEndsBeforeItsTimeByAgreementOrByJudgment) {
  Circulate();
  const std::string end = "extinguish_right { right: $Manage cause: EXTINGUISH_CAUSE_";
  EXPECT_EQ(Ask(end + "AGREEMENT }", "consent=Farm,Zhangs"), "");
  EXPECT_EQ(Ask(end + "AGREEMENT }", "consent=Zhangs"), "C-15@evidence");
  EXPECT_EQ(Ask(end + "AGREEMENT }", "consent=Farm"), "C-15@evidence");
  EXPECT_EQ(Ask(end + "JUDGMENT }"), "C-15@evidence");
  EXPECT_EQ(Ask(end + "JUDGMENT }", "order"), "");
  EXPECT_EQ(Ask(end + "UNSPECIFIED }"), "C-15@cause");
  EXPECT_EQ(Ask(end + "LOSS }"), "C-15@evidence");
  // Who gives the contract right up in the same commit agrees to the end of what derives from it.
  *commit_.add_acts() = ActOf("withdraw_right { right: $Contract }");
  EXPECT_EQ(Ask(end + "AGREEMENT }", "consent=Farm"), "");
  days_ = {{2028, 10, 1}, {2028, 10, 1}};
  EXPECT_EQ(Ask(end + "UNSPECIFIED }"), "");
}

TEST_F(CirculationRulesTest, C17BusinessCapitalIsReviewedFirst) {
  EXPECT_EQ(AskWith("business_capital", "true"), "C-17@evidence");
  terms_["business_capital"] = "true";
  EXPECT_EQ(Ask(Lease(), "contract filing=F qualification-review=CountyGov"), "");
  EXPECT_EQ(Ask(Lease(), "contract filing=F qualification-review=Farm"), "C-17@evidence");
}

TEST_F(CirculationRulesTest, C29BasicFarmlandKeepsItsUse) {
  EXPECT_EQ(AskWith("land_use", "'0204'"), "");
  Change<v1::Plot>("Field", "attributes { key: 'SFJBNT' value: '1' }");
  EXPECT_EQ(AskWith("land_use", "'0204'"), "C-29@circulation.land_use");
  EXPECT_EQ(AskWith("land_use", "'0102'"), "");
  EXPECT_EQ(Ask("amend_plot { plot: $Field land_use: '0204' }"), "C-29@land_use");
  commit_.add_overrides()->set_rule("C-29");
  EXPECT_EQ(AskWith("land_use", "'0204'"), "");
}

TEST_F(CirculationRulesTest, C31AMannerThatPacksPermit) {
  EXPECT_EQ(AskWith("manner", "CIRCULATION_MANNER_EQUITY"), "");
  EXPECT_EQ(AskWith("manner", "CIRCULATION_MANNER_ENTRUSTED"), "C-31@circulation.manner");
  EXPECT_EQ(AskWith("manner", "CIRCULATION_MANNER_UNSPECIFIED"), "C-31@circulation.manner");
}

TEST_F(CirculationRulesTest, C32AWholeVillageWithEveryHouseholdsConsent) {
  EXPECT_EQ(Ask(Lease(), "contract filing=F"), "");
  case_ = v1::Case();
  case_->set_kind("village-circulation");
  EXPECT_EQ(Ask(Lease(), "contract filing=F"), "C-32@evidence");
  EXPECT_EQ(Ask(Lease(), "contract filing=F consent=Zhangs"), "");
}

}  // namespace
}  // namespace landbook::law
