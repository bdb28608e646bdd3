#include "services/law/state_testing.h"

namespace landbook::law {
namespace {

constexpr char kHeirNote[] = "该权利人为本农民集体经济组织原成员住宅的合法继承人";

class HomesteadRulesTest : public Village {
 protected:
  explicit HomesteadRulesTest(std::string_view pack = "sample", std::string_view county = "990101")
      : Village(pack, county) {}
  void SetUp() override { Resolve("Use", "Group1", "HOMESTEAD_USE"); }
  std::string Grant(const std::string& holder, const std::string& basis,
                    const std::string& more = "") {
    return "grant_right { unit: $Yard2U type: 'homestead' basis: GRANT_BASIS_" + basis +
           " holders { party: $" + holder + " } term { start_date: '2026-03-02' no_end: true } " +
           more + " }";
  }
  std::string Allocate(const std::string& holder,
                       const std::string& ground = "HOMESTEAD_GROUND_OTHER_LAND") {
    return Grant(holder, "ALLOCATION", "homestead_ground: " + ground);
  }
  std::string Pass(const std::string& cause, const std::string& to, const std::string& more = "") {
    return "transfer_right { right: $Home cause: TRANSFER_CAUSE_" + cause + " holders { party: $" +
           to + " } " + more + " }";
  }
  std::string Operate(const std::string& manner, const std::string& end) {
    return "grant_right { unit: $YardU type: 'operation' parent: $Home basis: "
           "GRANT_BASIS_CIRCULATION "
           "holders { party: $Farm } term { start_date: '2026-03-02' end_date: '" +
           end + "' } circulation { manner: CIRCULATION_MANNER_" + manner + " } }";
  }
  const std::string procedure_ = "permit=Township resolution=Use display";
  const std::string adults_ = "contract consent=Zhang,Wang,Son";
};

TEST_F(HomesteadRulesTest, H01OneHouseholdOneHomestead) {
  EXPECT_EQ(Ask(Allocate("Lis"), procedure_), "");
  EXPECT_EQ(Ask(Allocate("Zhangs"), procedure_), "H-01@holders[0].party");
  EXPECT_EQ(Ask(Grant("Zhangs", "EXISTING"), "title"), "");
  EXPECT_EQ(last().notes.size(), 1U);
}

TEST_F(HomesteadRulesTest, H02TheMembersDecideItIsShownTheTownshipApproves) {
  EXPECT_EQ(Ask(Allocate("Lis"), "permit=Township display"), "H-02@evidence");
  EXPECT_EQ(Ask(Allocate("Lis"), "resolution=Use display"), "H-02@evidence");
  EXPECT_EQ(Ask(Allocate("Lis"), "permit=Farm resolution=Use display"), "H-02@evidence");
  EXPECT_EQ(Ask(Allocate("Lis"), "permit=Township resolution=Use"), "H-02@evidence");
}

TEST_F(HomesteadRulesTest, H03NeverOnBasicFarmland) {
  EXPECT_EQ(Ask(Allocate("Lis"), procedure_), "");
  Change<v1::Plot>("Yard2", "attributes { key: 'SFJBNT' value: '1' }");
  EXPECT_EQ(Ask(Allocate("Lis"), procedure_), "H-03@unit");
}

TEST_F(HomesteadRulesTest, H04WhoSoldTheHouseGetsNoOther) {
  const std::string held =
      "set_eligibility { household: $Lis eligibility: HOMESTEAD_ELIGIBILITY_HELD }";
  EXPECT_EQ(Ask(held, "other"), "");
  Change<v1::Party>("Lis", "household { eligibility: HOMESTEAD_ELIGIBILITY_BARRED }");
  EXPECT_EQ(Ask(Allocate("Lis"), procedure_), "H-04@holders[0].party");
  EXPECT_EQ(Ask(held, "other"), "H-04@eligibility");
  EXPECT_EQ(Ask(held, "order"), "");
}

TEST_F(HomesteadRulesTest, H05ToAHouseholdWithoutOneWithTheCollectivesConsent) {
  EXPECT_EQ(Ask(Pass("ASSIGNMENT", "Suns"), "consent=Group1"), "");
  EXPECT_EQ(Ask(Pass("ASSIGNMENT", "Suns")), "H-05@evidence");
  EXPECT_EQ(Ask(Pass("EQUITY", "Suns"), "consent=Group1"), "H-05@cause");
  Put<v1::Right>("SunHome",
                 "unit: #Yard2U type: 'homestead' holders { party: #Suns } "
                 "state: RECORD_STATE_LIVE");
  EXPECT_EQ(Ask(Pass("ASSIGNMENT", "Suns"), "consent=Group1"), "H-05@holders[0].party");
  EXPECT_EQ(Ask(Pass("EXCHANGE", "Suns", "exchanged_for: $SunHome"), "consent=Group1"), "");
}

TEST_F(HomesteadRulesTest, H06NeverToAnybodyOutside) {
  EXPECT_EQ(Ask(Pass("ASSIGNMENT", "Townsman"), "consent=Group1"), "H-06@holders[0].party");
  EXPECT_EQ(Ask(Pass("JUDGMENT", "Farm"), "order"), "H-06@holders[0].party");
  EXPECT_EQ(Ask(Pass("ASSIGNMENT", "Zhaos"), "consent=Group1"), "");  // the village's own land
  EXPECT_EQ(Ask("correct { holders { right: $Home holders { party: $Farm } } }"),
            "H-06@holders[0].party");
}

TEST_F(HomesteadRulesTest, H07AnInheritedHouseWithTheProofAndTheNote) {
  EXPECT_EQ(Ask(Pass("INHERITANCE", "Townsman"), "death inheritance"), "");
  EXPECT_EQ(last().notes, std::vector<std::string>{kHeirNote});
  EXPECT_EQ(Ask(Pass("INHERITANCE", "Townsman"), "death"), "H-07@evidence");
  EXPECT_EQ(Ask(Pass("INHERITANCE", "Townsman"), "order"), "");
  EXPECT_EQ(Ask(Pass("INHERITANCE", "Suns"), "death inheritance"), "");
  EXPECT_TRUE(last().notes.empty());
  // The land alone is nobody's inheritance outside the collective.
  Change<v1::Unit>("YardU", "code: '#c101201JC00001W00000000'");
  EXPECT_EQ(Ask(Pass("INHERITANCE", "Townsman"), "death inheritance"), "H-06@holders[0].party");
  // With the house on it, which passes in the same commit, it follows.
  Put<v1::Unit>("HouseU", "plot: #Yard code: '#c101201JC00001F00000001' state: RECORD_STATE_LIVE");
  Put<v1::Right>("House",
                 "unit: #HouseU type: 'homestead' holders { party: #Zhangs } "
                 "state: RECORD_STATE_LIVE");
  *commit_.add_acts() = ActOf(
      "transfer_right { right: $House cause: TRANSFER_CAUSE_INHERITANCE "
      "holders { party: $Townsman } }");
  EXPECT_EQ(Ask(Pass("INHERITANCE", "Townsman"), "death inheritance"), "");
  EXPECT_EQ(last().notes, std::vector<std::string>{kHeirNote});
}

TEST_F(HomesteadRulesTest, H08AGiftAsATransfer) {
  EXPECT_EQ(Ask(Pass("GIFT", "Suns"), "consent=Group1"), "");
  EXPECT_EQ(Ask(Pass("GIFT", "Suns")), "H-08@evidence");
  EXPECT_EQ(Ask(Pass("GIFT", "Townsman"), "consent=Group1"), "H-08@holders[0].party");
}

TEST_F(HomesteadRulesTest, H09ALeaseOfTwentyYears) {
  EXPECT_EQ(Ask(Operate("LEASE", "2046-03-01"), adults_), "");
  EXPECT_EQ(Ask(Operate("LEASE", "2046-03-02"), adults_), "H-09@term");
}

TEST_F(HomesteadRulesTest, H10AHomesteadThatIsLostEnds) {
  const std::string end = "extinguish_right { right: $Home cause: EXTINGUISH_CAUSE_";
  EXPECT_EQ(Ask(end + "LOSS }", "other"), "");
  EXPECT_EQ(Ask(end + "LOSS }"), "H-10@evidence");
  EXPECT_EQ(Ask(end + "AGREEMENT }", "other"), "H-10@cause");
  EXPECT_EQ(Ask(end + "UNSPECIFIED }", "other"), "H-10@cause");
}

TEST_F(HomesteadRulesTest, H14AnAllocationWithinTheStandard) {
  Change<v1::Plot>("Yard2", "recorded_area_m2: '200.00'");
  EXPECT_EQ(Ask(Allocate("Lis"), procedure_), "");
  EXPECT_EQ(Ask(Allocate("Lis", "HOMESTEAD_GROUND_CROPLAND"), procedure_), "H-14@unit");
  EXPECT_EQ(Ask(Allocate("Lis", "HOMESTEAD_GROUND_UNSPECIFIED"), procedure_),
            "H-14@homestead_ground");
  Change<v1::Plot>("Yard2", "recorded_area_m2: '200.01'");
  EXPECT_EQ(Ask(Allocate("Lis"), procedure_), "H-14@unit");
  Change<v1::Plot>("Yard2", "recorded_area_m2: ''");
  EXPECT_EQ(Ask(Allocate("Lis"), procedure_), "H-14@unit");
}

TEST_F(HomesteadRulesTest, H14ACapForEachPersonCountsMembersWithinBounds) {
  v1::PolicyPack pack;
  ASSERT_TRUE(google::protobuf::TextFormat::ParseFromString(
      "code: 'p' area_cap_rules { right_type: 'homestead' ground: HOMESTEAD_GROUND_OTHER_LAND "
      "area_max_m2: '30' per_person: true persons_min: 3 persons_max: 5 source { document: 'S' } }",
      &pack));
  pack_ = PackRules::Of({pack});
  Change<v1::Plot>("Yard2", "recorded_area_m2: '90'");
  EXPECT_EQ(Ask(Allocate("Lis"), procedure_), "");  // one member counts as three
  Change<v1::Plot>("Yard2", "recorded_area_m2: '90.01'");
  EXPECT_EQ(Ask(Allocate("Lis"), procedure_), "H-14@unit");
}

TEST_F(HomesteadRulesTest, H18WhatExistsIsRecordedWithTheExcess) {
  Change<v1::Plot>("Yard2", "recorded_area_m2: '260.00'");
  EXPECT_EQ(Ask(Grant("Lis", "EXISTING"), "title"), "H-18@unit");
  EXPECT_EQ(last().notes.size(), 1U);
  commit_.add_overrides()->set_rule("H-18");
  EXPECT_EQ(Ask(Grant("Lis", "EXISTING"), "title"), "");
  Change<v1::Plot>("Yard2", "recorded_area_m2: '250.00'");
  commit_.clear_overrides();
  EXPECT_EQ(Ask(Grant("Lis", "EXISTING"), "title"), "");
}

TEST_F(HomesteadRulesTest, H19EligibilityIsGivenUpByAgreementOnly) {
  const std::string up = "set_eligibility { household: $Lis eligibility: HOMESTEAD_ELIGIBILITY_";
  EXPECT_EQ(Ask(up + "GIVEN_UP }", "withdrawal-agreement"), "");
  EXPECT_EQ(Ask(up + "GIVEN_UP }"), "H-19@evidence");
  EXPECT_EQ(Ask(up + "SUSPENDED }"), "H-19@evidence");
}

TEST_F(HomesteadRulesTest, O01AMannerThatPacksPermit) {
  EXPECT_EQ(Ask(Operate("COOPERATION", "2056-03-01"), adults_), "");
  EXPECT_EQ(Ask(Operate("OTHER", "2046-03-01"), adults_), "O-01@circulation.manner");
}

TEST_F(HomesteadRulesTest, O02EveryAdultMemberConsentsToIt) {
  EXPECT_EQ(Ask(Operate("LEASE", "2046-03-01"), "contract consent=Zhang,Wang"), "O-02@evidence");
  state_.SetBirthDate(NumberOf("Child"), std::nullopt);
  EXPECT_EQ(Ask(Operate("LEASE", "2046-03-01"), adults_), "O-02@right");
}

TEST_F(HomesteadRulesTest, R03AMemberHouseholdsAndNobodyElses) {
  EXPECT_EQ(Ask(Grant("Farm", "EXISTING"), "title"), "R-03@holders[0].party");
  EXPECT_EQ(Ask(Grant("Farm", "INHERITED_HOUSE"), "title"), "");
  Put<v1::Party>("Experts",
                 "household { collective: #Group1 members { person: #Townsman "
                 "standing: MEMBER_STANDING_ADMITTED } }");
  EXPECT_EQ(Ask(Allocate("Experts"), procedure_), "R-03@holders[0].party");
  Change<v1::Party>("Lis", "household { eligibility: HOMESTEAD_ELIGIBILITY_GIVEN_UP }");
  EXPECT_EQ(Ask(Allocate("Lis"), procedure_), "R-03@holders[0].party");
}

TEST_F(HomesteadRulesTest, S01AStructureWithItsPermit) {
  const auto built = [&](const std::string& structure) {
    Put<v1::Plot>("Yard2",
                  "kind: 'homestead' division: '#c101201' recorded_area_m2: '160.00' "
                  "state: RECORD_STATE_LIVE structures { description: '房屋' " +
                      structure + " }");
    return Ask(Grant("Lis", "EXISTING"), "title");
  };
  EXPECT_EQ(built("begun_date: '2019-12-31' completed_date: '2021-01-01'"), "");
  EXPECT_EQ(built("begun_date: '2020-01-01'"), "S-01@unit");
  EXPECT_EQ(built("begun_date: '2020-01-01' permit_number: 'P-1'"), "");
  EXPECT_EQ(built("completed_date: '2020-01-01'"), "S-01@unit");
  EXPECT_EQ(built("completed_date: '2019-12-31'"), "");
  EXPECT_EQ(built(""), "S-01@unit");  // nobody says when
  EXPECT_EQ(Ask(Grant("Lis", "EXISTING"), "title building-permit"), "");
}

TEST_F(HomesteadRulesTest, S02HouseAndLandGoTogether) {
  Put<v1::Unit>("YardLandU",
                "plot: #Yard code: '#c101201JC00001W00000000' state: RECORD_STATE_LIVE");
  Put<v1::Right>("HomeLand",
                 "unit: #YardLandU type: 'homestead' holders { party: #Suns } "
                 "state: RECORD_STATE_LIVE");
  EXPECT_EQ(AskCommit({Pass("ASSIGNMENT", "Zhangs")}), "S-02@right");
  Put<v1::Right>("HomeLand",
                 "unit: #YardLandU type: 'homestead' holders { party: #Zhangs } "
                 "state: RECORD_STATE_LIVE");
  EXPECT_EQ(AskCommit({Pass("ASSIGNMENT", "Zhangs")}), "");
  Change<v1::Right>("Home", "state: RECORD_STATE_ENDED");
  EXPECT_EQ(AskCommit({"withdraw_right { right: $Home }"}), "S-02@right");
}

TEST_F(HomesteadRulesTest, S03LandIllegallyOccupiedIsNotConfirmed) {
  Change<v1::Plot>("Yard2", "unconfirmed: true");
  EXPECT_EQ(Ask(Grant("Lis", "EXISTING"), "title"), "S-03@unit");
  EXPECT_EQ(Ask("carry_over { right { unit: $Yard2U type: 'homestead' holders { party: $Lis } } }"),
            "S-03@unit");
  Change<v1::Plot>("Yard2", "unconfirmed: false");
  EXPECT_EQ(Ask(Grant("Lis", "EXISTING"), "title"), "");
}

// Nobody has set the county's standard (H3).
class HomesteadRulesOfMinhou : public HomesteadRulesTest {
 protected:
  HomesteadRulesOfMinhou() : HomesteadRulesTest("minhou", "350121") {}
};

TEST_F(HomesteadRulesOfMinhou, L03WhatIsUnsetIsRefusedByName) {
  EXPECT_EQ(Ask(Allocate("Lis"), procedure_), "L-03@homestead_ground");
  EXPECT_EQ(last().refusals[0].refusal.county_decides(), "闽侯县宅基地面积标准");
  EXPECT_EQ(Ask(Grant("Lis", "EXISTING"), "title"), "");
}

}  // namespace
}  // namespace landbook::law
