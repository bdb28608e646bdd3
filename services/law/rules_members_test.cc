#include "services/law/state_testing.h"

namespace landbook::law {
namespace {

class MemberRulesTest : public Village {
 protected:
  std::string Membership(const std::string& person, const std::string& standing,
                         const std::string& ground, const std::string& co_holder = "false") {
    return "change_membership { household: $Zhangs person: $" + person +
           " standing: MEMBER_STANDING_" + standing + " ground: MEMBERSHIP_GROUND_" + ground +
           " since_date: '2026-02-01' co_holder: " + co_holder + " }";
  }
  std::string Pass(const std::string& right, const std::string& cause, const std::string& to) {
    return "transfer_right { right: $" + right + " cause: TRANSFER_CAUSE_" + cause +
           " holders { party: $" + to + " } }";
  }
};

TEST_F(MemberRulesTest, D08ANewMemberIsConfirmedAndTheListIsFiled) {
  Put<v1::Party>("Bride", "person {}");
  Resolve("New", "Group1", "MEMBERS");
  File("L", "MEMBER_LIST", "", "Township");
  File("Wrong", "MEMBER_LIST", "", "Group1");
  const std::string joins = Membership("Bride", "MEMBER", "MARRIAGE", "true");
  EXPECT_EQ(Ask(joins, "civil-status resolution=New filing=L"), "");
  EXPECT_EQ(Ask(joins, "civil-status"), "D-08@evidence");
  EXPECT_EQ(Ask(joins, "civil-status resolution=New"), "D-08@evidence");
  EXPECT_EQ(Ask(joins, "civil-status resolution=New filing=Wrong"), "D-08@evidence");
  EXPECT_EQ(Ask("change_membership { household: $Zhangs person: $Bride standing: "
                "MEMBER_STANDING_MEMBER ground: MEMBERSHIP_GROUND_CONFIRMED_BEFORE since_date: "
                "'2020-01-01' }"),
            "");
  Resolve("Talent", "Group1", "ADMISSION");
  EXPECT_EQ(Ask(Membership("Bride", "ADMITTED", "ADMITTED")), "D-08@evidence");
  EXPECT_EQ(Ask(Membership("Bride", "ADMITTED", "ADMITTED"), "resolution=Talent"), "");
}

TEST_F(MemberRulesTest, D08AHouseholdOfAnOpenBookBringsNoMembers) {
  const auto founded = [](const std::string& standing) {
    return "register_party { party { household {} } collective: $Group1 members { person: $Son "
           "standing: MEMBER_STANDING_" +
           standing + " } }";
  };
  EXPECT_EQ(Ask(founded("MEMBER")), "") << "a book in preparation";
  book_open_ = true;
  EXPECT_EQ(Ask(founded("MEMBER")), "D-08@members");
  EXPECT_EQ(Ask(founded("ADMITTED")), "D-08@members");
  EXPECT_EQ(Ask(founded("NOT_MEMBER")), "");
}

TEST_F(MemberRulesTest, D09MembershipIsLostOnTheLawsGroundsOnly) {
  EXPECT_EQ(Ask(Membership("Son", "LOST", "CIVIL_SERVANT"), "other"), "");
  EXPECT_EQ(Ask(Membership("Zhang", "LOST", "DEATH"), "death"), "");
  EXPECT_EQ(Ask(Membership("Zhang", "LOST", "DEATH"), "other"), "D-09@evidence");
  EXPECT_EQ(Ask(Membership("Son", "LOST", "MEMBER_ELSEWHERE")), "D-09@evidence");
  for (const char* ground :
       {"STUDY", "MILITARY_SERVICE", "WORK_OR_BUSINESS", "DIVORCE", "WIDOWHOOD", "PRISON",
        "SETTLED_IN_TOWN", "RIGHT_WITHDRAWN", "UNSPECIFIED"}) {
    const std::string told = Ask(Membership("Son", "LOST", ground, "true"), "other civil-status");
    EXPECT_EQ(told, "D-09@ground") << ground;
  }
  // By whatever name.
  EXPECT_EQ(Ask(Membership("Son", "NOT_MEMBER", "STUDY", "true"), "other"), "D-09@ground");
}

TEST_F(MemberRulesTest, D10LandIsKeptOnMarriageDivorceAndWidowhood) {
  EXPECT_EQ(Ask(Membership("Wang", "MEMBER", "DIVORCE"), "civil-status"), "D-10@co_holder");
  EXPECT_EQ(Ask(Membership("Wang", "MEMBER", "DIVORCE", "true"), "civil-status"), "");
  commit_.add_overrides()->set_rule("D-10");
  EXPECT_EQ(Ask(Membership("Wang", "MEMBER", "DIVORCE"), "civil-status"), "");
}

TEST_F(MemberRulesTest, D13LeavingByRequestAndConsent) {
  Resolve("Leave", "Group1", "MEMBERS");
  const std::string leaves = Membership("Son", "LOST", "LEFT_VOLUNTARILY");
  EXPECT_EQ(Ask(leaves, "consent=Son resolution=Leave"), "");
  EXPECT_EQ(Ask(leaves, "consent=Son"), "D-13@evidence");
  EXPECT_EQ(Ask(leaves, "consent=Zhang resolution=Leave"), "D-13@evidence");
  Resolve("Leave", "Group2", "MEMBERS");
  EXPECT_EQ(Ask(leaves, "consent=Son resolution=Leave"), "D-12@evidence");
}

TEST_F(MemberRulesTest, I01CroplandIsNotInherited) {
  EXPECT_EQ(Ask(Pass("Contract", "INHERITANCE", "Suns"), "death inheritance"), "I-01@cause");
  const std::string end =
      "extinguish_right { right: $Contract2 cause: EXTINGUISH_CAUSE_HOUSEHOLD_EXTINCT }";
  EXPECT_EQ(Ask(end, "death"), "I-01@cause");
  v1::Party household = *Find<v1::Party>(state_, NumberOf("Lis"));
  household.mutable_household()->mutable_members(0)->set_standing(v1::MEMBER_STANDING_LOST);
  state_.Put(v1::RECORD_KIND_PARTY, NumberOf("Lis"), household.SerializeAsString());
  EXPECT_EQ(Ask(end, "death"), "");
}

TEST_F(MemberRulesTest, I02HeirsOfForestLandGoOn) {
  EXPECT_EQ(Ask(Pass("Wood", "INHERITANCE", "Townsman"), "death inheritance"), "");
  EXPECT_EQ(Ask(Pass("Wood", "INHERITANCE", "Townsman"), "death"), "I-02@evidence");
  EXPECT_EQ(Ask(Pass("Wood", "INHERITANCE", "Townsman"), "inheritance"), "I-02@evidence");
}

TEST_F(MemberRulesTest, I03SoDoHeirsOfLandByOtherMethods) {
  Put<v1::Right>("Waste",
                 "unit: #Field3U type: 'management' holders { party: #Zhao } "
                 "basis: GRANT_BASIS_OTHER_CONTRACT state: RECORD_STATE_LIVE");
  EXPECT_EQ(Ask(Pass("Waste", "INHERITANCE", "Townsman"), "death inheritance"), "");
  EXPECT_EQ(Ask(Pass("Waste", "INHERITANCE", "Townsman"), "death"), "I-03@evidence");
}

TEST_F(MemberRulesTest, I05ASplitHouseholdsLandHasItsOwnContract) {
  Put<v1::Party>("Sons", "household { collective: #Group1 made_from: #Zhangs }");
  EXPECT_EQ(Ask(Pass("Contract", "HOUSEHOLD_CHANGE", "Sons"), "contract"), "");
  EXPECT_EQ(Ask(Pass("Contract", "HOUSEHOLD_CHANGE", "Sons")), "I-05@evidence");
  EXPECT_EQ(Ask(Pass("Contract", "HOUSEHOLD_CHANGE", "Suns"), "contract"), "I-05@holders[0].party");
  EXPECT_EQ(Ask(Pass("Home", "HOUSEHOLD_CHANGE", "Sons")), "");
}

TEST_F(MemberRulesTest, I06AGiftInsideTheCollectiveIsATransfer) {
  EXPECT_EQ(Ask(Pass("Contract", "GIFT", "Suns"), "consent=Group1"), "");
  EXPECT_EQ(Ask(Pass("Contract", "GIFT", "Suns")), "I-06@evidence");
  EXPECT_EQ(Ask(Pass("Contract", "GIFT", "Farm"), "consent=Group1"), "I-06@holders[0].party");
}

TEST_F(MemberRulesTest, I07ASplitIsAmongItsOwnMembersAndLeavesSomebody) {
  const auto split = [&](const std::string& members) {
    return Ask("split_household { household: $Zhangs parts { " + members + " } }", "civil-status");
  };
  EXPECT_EQ(split("members: $Son members: $Child"), "");
  EXPECT_EQ(split("members: $Li"), "I-07@parts[0].members[0]");
  EXPECT_EQ(split("members: $Zhang members: $Wang members: $Son members: $Child"), "I-07@parts");
}

TEST_F(MemberRulesTest, I08AMergeIsWithinOneCollectiveAndTakesEveryRight) {
  const auto merge = [](const std::string& a, const std::string& b) {
    return "merge_households { households { household: $" + a + " } households { household: $" + b +
           " } }";
  };
  EXPECT_EQ(Ask(merge("Zhangs", "Lis")), "");
  EXPECT_EQ(Ask(merge("Suns", "Zhaos")), "I-08@households");
  EXPECT_EQ(AskCommit({merge("Lis", "Zhaos")}), "I-08@households");
  Change<v1::Right>("Contract2", "state: RECORD_STATE_ENDED");
  EXPECT_EQ(AskCommit({merge("Lis", "Zhaos")}), "");
}

}  // namespace
}  // namespace landbook::law
