#include "services/law/state_testing.h"

namespace landbook::law {
namespace {

class MortgageRulesTest : public Village {
 protected:
  void SetUp() override { File("S", "SECURITY", "Contract,Contract2,Manage", "Group1"); }
  std::string Mortgage(const std::string& right, const std::string& to = "Bank",
                       const std::string& more = "object: MORTGAGE_OBJECT_MANAGEMENT_PART") {
    return "register_mortgage { rights { right: $" + right + " } mortgagee: $" + to +
           " mortgage_kind: MORTGAGE_KIND_GENERAL debt_term { start_date: '2026-03-02' end_date: "
           "'2028-03-01' } " +
           more + " }";
  }
  std::string Plain(const std::string& right) { return Mortgage(right, "Bank", ""); }
  void Enter(const std::string& name, const std::string& mortgagee, int sequence,
             const std::string& more = "rights: #Contract") {
    Put<v1::Mortgage>(name,
                      "mortgagee: #" + mortgagee +
                          " registered_date: '2026-01-01' secured_fen: 1000000 entered_sequence: " +
                          std::to_string(sequence) + " state: RECORD_STATE_LIVE " + more);
  }
  void Circulate() {
    Put<v1::Right>("Manage",
                   "unit: #FieldU type: 'management' parent: #Contract holders { party: #Farm } "
                   "basis: GRANT_BASIS_CIRCULATION state: RECORD_STATE_LIVE "
                   "term { start_date: '2020-01-01' end_date: '2028-09-30' }");
  }
  void BuildWorks() {
    Change<v1::Plot>("Works", "structures { description: '厂房' begun_date: '2020-02-01' }");
  }
};

TEST_F(MortgageRulesTest, G01ContractsInWriting) {
  EXPECT_EQ(Ask(Mortgage("Contract"), "debt filing=S"), "");
  EXPECT_EQ(Ask(Mortgage("Contract"), "filing=S"), "G-01@evidence");
}

TEST_F(MortgageRulesTest, G03NobodyBehindIsHarmed) {
  Enter("M", "Bank", 1);
  Enter("M2", "Bank2", 2);
  const std::string ranks = "agree_ranks { right: $Contract mortgages: $M2 mortgages: $M }";
  EXPECT_EQ(Ask(ranks), "G-03@evidence");
  EXPECT_EQ(Ask(ranks, "consent=Bank2"), "G-03@evidence");
  EXPECT_EQ(Ask(ranks, "consent=Bank"), "");
  EXPECT_EQ(Ask("vary_mortgage { mortgage: $M secured_fen: 1000001 }"), "G-03@evidence");
  EXPECT_EQ(Ask("vary_mortgage { mortgage: $M secured_fen: 1000001 }", "consent=Bank2"), "");
  EXPECT_EQ(Ask("vary_mortgage { mortgage: $M secured_fen: 999999 }"), "");
  EXPECT_EQ(Ask("vary_mortgage { mortgage: $M2 secured_fen: 1000001 }"), "");
  // Once they have agreed, the other one ranks behind.
  Put<v1::RankAgreement>("A", "right: #Contract mortgages: [#M2, #M] state: RECORD_STATE_LIVE");
  EXPECT_EQ(Ask("vary_mortgage { mortgage: $M secured_fen: 1000001 }"), "");
  EXPECT_EQ(Ask("vary_mortgage { mortgage: $M2 secured_fen: 1000001 }"), "G-03@evidence");
}

TEST_F(MortgageRulesTest, G04ARegisteredLimitOnTransfer) {
  const std::string pass =
      "transfer_right { right: $Contract cause: TRANSFER_CAUSE_ASSIGNMENT "
      "holders { party: $Suns } }";
  Enter("M", "Bank", 1);
  EXPECT_EQ(Ask(pass, "consent=Group1"), "");
  Change<v1::Mortgage>("M", "transfer_restricted: true");
  EXPECT_EQ(Ask(pass, "consent=Group1"), "G-04@evidence");
  EXPECT_EQ(Ask(pass, "consent=Group1,Bank"), "");
}

TEST_F(MortgageRulesTest, G05WithItsDebt) {
  Enter("M", "Bank", 1);
  EXPECT_EQ(Ask("vary_mortgage { mortgage: $M mortgagee: $Bank2 }"), "G-05@evidence");
  EXPECT_EQ(Ask("vary_mortgage { mortgage: $M mortgagee: $Bank2 }", "debt"), "");
}

TEST_F(MortgageRulesTest, G06ALeaseThatWasThereBeforeSurvives) {
  Circulate();
  EXPECT_EQ(Ask(Mortgage("Contract"), "debt filing=S"), "G-06@rights[0]");
  commit_.add_overrides()->set_rule("G-06");
  EXPECT_EQ(Ask(Mortgage("Contract"), "debt filing=S"), "");
}

TEST_F(MortgageRulesTest, G07LandAndBuildingTogether) {
  Put<v1::Unit>("WorksHouseU",
                "plot: #Works code: '#c101201JB00001F00000001' state: RECORD_STATE_LIVE");
  Put<v1::Right>("House",
                 "unit: #WorksHouseU type: 'construction' holders { party: #Farm } "
                 "basis: GRANT_BASIS_APPROVED_USE state: RECORD_STATE_LIVE");
  EXPECT_EQ(Ask(Plain("Plant"), "debt notice=Village1"), "G-07@rights");
  EXPECT_EQ(Ask(Plain("House"), "debt notice=Village1"), "G-07@rights");
  EXPECT_EQ(Ask("register_mortgage { rights { right: $Plant } rights { right: $House } mortgagee: "
                "$Bank }",
                "debt notice=Village1"),
            "");
}

TEST_F(MortgageRulesTest, G09WhatDischarges) {
  Enter("M", "Bank", 1);
  EXPECT_EQ(Ask("discharge_mortgage { mortgage: $M }"), "G-09@evidence");
  EXPECT_EQ(Ask("discharge_mortgage { mortgage: $M }", "consent=Bank2"), "G-09@evidence");
  EXPECT_EQ(Ask("discharge_mortgage { mortgage: $M }", "consent=Bank"), "");
  EXPECT_EQ(Ask("discharge_mortgage { mortgage: $M }", "order"), "");
}

TEST_F(MortgageRulesTest, G10NeitherOwnershipNorUseChangesWithTheRealisation) {
  Enter("M", "Bank", 1, "rights: #Plant");
  const std::string enforce = "enforce_mortgage { mortgage: $M acquirers { party: $Bank2 } }";
  EXPECT_EQ(AskCommit({enforce}), "");
  EXPECT_EQ(AskCommit({enforce, "amend_plot { plot: $Works land_use: '0701' }"}), "G-10@land_use");
  EXPECT_EQ(last().refusals[0].act, 1U);
  EXPECT_EQ(AskCommit({enforce, "amend_plot { plot: $Yard land_use: '0702' }"}), "");
}

TEST_F(MortgageRulesTest, G11ACeilingAndItsPeriod) {
  const auto maximum = [&](const std::string& more) {
    return "register_mortgage { rights { right: $Contract } mortgagee: $Bank object: "
           "MORTGAGE_OBJECT_MANAGEMENT_PART " +
           more + " }";
  };
  const std::string period =
      " maximum_amount { claim_period { start_date: '2026-03-02' end_date: '2028-03-01' } }";
  EXPECT_EQ(Ask(maximum("mortgage_kind: MORTGAGE_KIND_MAXIMUM_AMOUNT" + period), "debt filing=S"),
            "");
  EXPECT_EQ(Ask(maximum("mortgage_kind: MORTGAGE_KIND_MAXIMUM_AMOUNT"), "debt filing=S"),
            "G-11@maximum_amount");
  EXPECT_EQ(Ask(maximum("mortgage_kind: MORTGAGE_KIND_GENERAL" + period), "debt filing=S"),
            "G-11@maximum_amount");
  Enter("M", "Bank", 1);
  const std::string vary = "vary_mortgage { mortgage: $M maximum_amount { determined_fen: ";
  EXPECT_EQ(Ask(vary + "1000001 } }"), "G-11@maximum_amount.determined_fen");
  EXPECT_EQ(Ask(vary + "1000000 } }"), "");
}

TEST_F(MortgageRulesTest, G14TheDebtEndsWithinTheRightsTerm) {
  const std::string longer =
      "register_mortgage { rights { right: $Contract } mortgagee: $Bank object: "
      "MORTGAGE_OBJECT_MANAGEMENT_PART debt_term { start_date: '2026-03-02' "
      "end_date: '";
  EXPECT_EQ(Ask(longer + "2028-09-30' } }", "debt filing=S"), "");
  EXPECT_EQ(Ask(longer + "2028-10-01' } }", "debt filing=S"), "G-14@debt_term");
}

TEST_F(MortgageRulesTest, G15CollectivePropertyByResolutionOnly) {
  BuildWorks();
  Put<v1::Right>("Hall",
                 "unit: #WorksU type: 'construction' holders { party: #Village1 } "
                 "basis: GRANT_BASIS_APPROVED_USE state: RECORD_STATE_LIVE");
  Resolve("Debt", "Village1", "OTHER");
  Resolve("Stranger", "Group1", "OTHER");
  EXPECT_EQ(Ask(Plain("Hall"), "debt notice=Village1"), "G-15@evidence");
  EXPECT_EQ(Ask(Plain("Hall"), "debt notice=Village1 resolution=Stranger"), "D-12@evidence");
  EXPECT_EQ(Ask(Plain("Hall"), "debt notice=Village1 resolution=Debt"), "");
}

TEST_F(MortgageRulesTest, G16OwnershipIsNotMortgaged) {
  EXPECT_EQ(Ask(Plain("Owner"), "debt"), "G-16@rights[0]");
  BuildWorks();
  EXPECT_EQ(Ask(Plain("Plant"), "debt notice=Farm"), "");
}

TEST_F(MortgageRulesTest, G17NorAHomesteadUnlessALawSaysSo) {
  EXPECT_EQ(Ask(Plain("Home"), "debt consent=Group1,Zhang,Wang,Son"), "G-17@rights[0]");
  const auto open = [&](const std::string& law) {
    v1::PolicyPack pack;
    EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(
        "code: 'p' mortgage_rules { right_type: 'homestead' permitted: true permitting_law: '" +
            law + "' source { document: 'S' } }",
        &pack));
    pack_ = PackRules::Of({pack});
    return Ask(Plain("Home"), "debt");
  };
  EXPECT_EQ(open(""), "G-17@rights[0]");
  EXPECT_EQ(open("县人民政府关于抵押的通知"), "G-17@rights[0]");
  EXPECT_EQ(open("全国人民代表大会常务委员会关于授权的决定"), "");
}

TEST_F(MortgageRulesTest, G19TheManagementPartFiledWithTheIssuer) {
  EXPECT_EQ(Ask(Mortgage("Contract"), "debt"), "G-19@evidence");
  EXPECT_EQ(Ask(Plain("Contract"), "debt filing=S"), "G-19@object");
}

TEST_F(MortgageRulesTest, G20ToAFinancialInstitutionOnly) {
  EXPECT_EQ(Ask(Mortgage("Contract", "Farm"), "debt filing=S"), "G-20@mortgagee");
  Enter("M", "Bank", 1);
  EXPECT_EQ(Ask("vary_mortgage { mortgage: $M mortgagee: $Farm }", "debt"), "G-20@mortgagee");
  BuildWorks();
  EXPECT_EQ(Ask(Mortgage("Plant", "Farm", ""), "debt notice=Farm"), "");
}

TEST_F(MortgageRulesTest, G21TheContractorsConsentAndAFiling) {
  Circulate();
  EXPECT_EQ(Ask(Plain("Manage"), "debt filing=S consent=Zhangs"), "");
  EXPECT_EQ(Ask(Plain("Manage"), "debt filing=S"), "G-21@evidence");
  EXPECT_EQ(Ask(Plain("Manage"), "debt consent=Zhangs"), "G-21@evidence");
}

TEST_F(MortgageRulesTest, G22AndP35NeitherInDisputeNorSupervised) {
  const auto caution = [&](const std::string& cause) {
    Put<v1::Caution>("Q",
                     "unit: #FieldU right: #Contract state: RECORD_STATE_LIVE organ: 'O' "
                     "effective_date: '2026-03-01' cause: CAUTION_CAUSE_" +
                         cause);
    return Ask(Mortgage("Contract"), "debt filing=S");
  };
  EXPECT_EQ(caution("DISPUTE"), "G-22@rights[0]");
  EXPECT_EQ(caution("SUPERVISION"), "P-35@rights[0]");
  EXPECT_EQ(caution("SEIZURE"), "P-34@rights[0]");
  Change<v1::Caution>("Q", "state: RECORD_STATE_ENDED");
  EXPECT_EQ(Ask(Mortgage("Contract"), "debt filing=S"), "");
}

TEST_F(MortgageRulesTest, G23ReleasedInPartAndNeverTheLast) {
  Enter("M", "Bank", 1, "rights: [#Contract, #Contract2]");
  EXPECT_EQ(Ask("vary_mortgage { mortgage: $M released_rights: $Contract2 }", "consent=Bank"), "");
  EXPECT_EQ(Ask("vary_mortgage { mortgage: $M released_rights: $Contract2 }"), "G-23@evidence");
  EXPECT_EQ(
      Ask("vary_mortgage { mortgage: $M released_rights: $Contract released_rights: $Contract2 }",
          "consent=Bank"),
      "G-23@released_rights");
}

TEST_F(MortgageRulesTest, G24AndG25RealisedByJudgmentOrAgreementWithATerm) {
  Enter("M", "Bank", 1);
  const std::string enforce = "enforce_mortgage { mortgage: $M acquirers { party: $Farm } ";
  const std::string within = "term { start_date: '2026-03-02' end_date: '2028-09-30' } }";
  EXPECT_EQ(Ask(enforce + within, "order"), "");
  EXPECT_EQ(Ask(enforce + within, "consent=Bank,Zhangs"), "");
  EXPECT_EQ(Ask(enforce + within, "consent=Bank"), "G-25@evidence");
  EXPECT_EQ(Ask(enforce + "}", "order"), "G-24@term");
  EXPECT_EQ(Ask(enforce + "term { start_date: '2026-03-02' end_date: '2028-10-01' } }", "order"),
            "C-08@term");
}

TEST_F(MortgageRulesTest, M09ANoticeToTheOwner) {
  BuildWorks();
  EXPECT_EQ(Ask(Plain("Plant"), "debt"), "M-09@evidence");
  EXPECT_EQ(Ask(Plain("Plant"), "debt notice=Bank"), "M-09@evidence");
  EXPECT_EQ(Ask(Plain("Plant"), "debt notice=Village1"), "");
}

TEST_F(MortgageRulesTest, M15EnterpriseLandIsNotMortgagedAlone) {
  EXPECT_EQ(Ask(Plain("Plant"), "debt notice=Farm"), "M-15@rights[0]");
  BuildWorks();
  EXPECT_EQ(Ask(Plain("Plant"), "debt notice=Farm"), "");
}

// In Zibo the owner consents (ZB 2(1)2(4)).
class MortgageRulesOfZibo : public MortgageRulesTest {
 protected:
  void SetUp() override {
    const auto chain = common::PackChainFromDirectory(LANDBOOK_SOURCE_DIR "/deploy/policy", "zibo");
    pack_ = PackRules::OfPolicy(*common::Policy::FromTexts(*chain));
    days_ = {{2025, 6, 10}, {2025, 6, 10}};
    Put<v1::Plot>("Works",
                  "kind: 'construction' division: '370303101201' state: RECORD_STATE_LIVE "
                  "structures { description: '厂房' }");
    Put<v1::Party>("Village1", "collective { division: '370303101201' }");
  }
};

TEST_F(MortgageRulesOfZibo, M09TheOwnersConsent) {
  EXPECT_EQ(Ask(Plain("Plant"), "debt notice=Village1"), "M-09@evidence");
  EXPECT_EQ(Ask(Plain("Plant"), "debt consent=Village1"), "");
}

}  // namespace
}  // namespace landbook::law
