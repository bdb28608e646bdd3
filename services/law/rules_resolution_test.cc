#include "services/law/state_testing.h"

namespace landbook::law {
namespace {

class ResolutionRulesTest : public Village {
 protected:
  explicit ResolutionRulesTest(std::string_view pack = "sample", std::string_view county = "990101")
      : Village(pack, county) {}
  // A resolution of Group1's; `votes` is entitled, present, in favour.
  struct Votes {
    int entitled;
    int present;
    int favour;
  };
  std::string Record(
      const std::string& body, const std::string& matter, Votes votes,
      const std::string& days = "convened_date: '2026-01-05' meeting_date: '2026-01-25'",
      const std::string& more = "") {
    return "record_resolution { collective: $Group1 body: RESOLUTION_BODY_" + body +
           " matters: RESOLUTION_MATTER_" + matter +
           " vote { entitled: " + std::to_string(votes.entitled) +
           " present: " + std::to_string(votes.present) +
           " in_favour: " + std::to_string(votes.favour) + " } " + days + " " + more + " }";
  }
  static constexpr char kShown[] =
      "convened_date: '2026-01-05' meeting_date: '2026-01-25' plan_display_from: '2026-01-06' "
      "plan_display_until: '2026-01-24'";
  static constexpr char kIn2024[] =
      "convened_date: '2024-01-05' meeting_date: '2024-01-25' plan_display_from: '2024-01-06' "
      "plan_display_until: '2024-01-24'";
};

TEST_F(ResolutionRulesTest, D01TheContractingPlanNeedsTwoThirds) {
  EXPECT_EQ(Ask(Record("VILLAGERS_REPRESENTATIVES", "CONTRACT_PLAN", {30, 30, 20}, kIn2024)), "");
  EXPECT_EQ(Ask(Record("VILLAGERS_REPRESENTATIVES", "CONTRACT_PLAN", {30, 30, 19}, kIn2024)),
            "D-01@vote");
}

TEST_F(ResolutionRulesTest, D01AContractRestsOnThePlan) {
  const std::string grant =
      "grant_right { unit: $Field3U type: 'contract' holders { party: $Suns } basis: "
      "GRANT_BASIS_HOUSEHOLD_CONTRACT term { start_date: '2026-03-02' end_date: "
      "'2028-09-30' } }";
  Resolve("Plan", "Group1", "CONTRACT_PLAN");
  Resolve("Use", "Group1", "HOMESTEAD_USE");
  EXPECT_EQ(Ask(grant, "contract resolution=Plan"), "");
  EXPECT_EQ(Ask(grant, "contract"), "D-01@evidence");
  EXPECT_EQ(Ask(grant, "contract resolution=Use"), "D-01@evidence");
}

TEST_F(ResolutionRulesTest, D12OfTheLandsCollectiveStandingAndNotToCome) {
  const std::string grant =
      "grant_right { unit: $Field3U type: 'contract' holders { party: $Suns } basis: "
      "GRANT_BASIS_HOUSEHOLD_CONTRACT term { start_date: '2026-03-02' end_date: "
      "'2028-09-30' } }";
  Resolve("Plan", "Group2", "CONTRACT_PLAN");
  EXPECT_EQ(Ask(grant, "contract resolution=Plan"), "D-12@evidence");
  Resolve("Plan", "Group1", "CONTRACT_PLAN");
  EXPECT_EQ(Ask(grant, "contract resolution=Plan"), "");
  Change<v1::Resolution>("Plan", "meeting_date: '2026-03-03'");
  EXPECT_EQ(Ask(grant, "contract resolution=Plan"), "D-12@evidence");
  Resolve("Plan", "Group1", "CONTRACT_PLAN");
  Change<v1::Resolution>("Plan", "state: RECORD_STATE_ENDED");
  EXPECT_EQ(Ask(grant, "contract resolution=Plan"), "D-12@evidence");
}

TEST_F(ResolutionRulesTest, D02AndD03OutsidersAndAdjustmentsNeedTwoThirds) {
  for (const auto& [matter, rule] : std::map<std::string, std::string>{
           {"CONTRACT_TO_OUTSIDERS", "D-02@vote"}, {"CONTRACT_ADJUSTMENT", "D-03@vote"}}) {
    EXPECT_EQ(Ask(Record("VILLAGERS_REPRESENTATIVES", matter, {30, 30, 20}, kIn2024)), "");
    EXPECT_EQ(Ask(Record("VILLAGERS_REPRESENTATIVES", matter, {30, 30, 19}, kIn2024)), rule);
  }
}

TEST_F(ResolutionRulesTest, D02OutsidersNeedTheTownshipToo) {
  Resolve("Out", "Group1", "CONTRACT_TO_OUTSIDERS");
  const std::string grant =
      "grant_right { unit: $Field3U type: 'management' basis: GRANT_BASIS_OTHER_CONTRACT holders { "
      "party: "
      "$Farm } term { start_date: '2026-03-02' end_date: '2056-03-01' } }";
  EXPECT_EQ(Ask(grant, "contract priority resolution=Out permit=Township"), "");
  EXPECT_EQ(Ask(grant, "contract priority resolution=Out"), "D-02@evidence");
  EXPECT_EQ(Ask(grant, "contract priority permit=Township"), "D-02@evidence");
}

TEST_F(ResolutionRulesTest, D04MarketingConstructionLandNeedsTwoThirds) {
  const std::string charter = "charter_delegates: true";
  const char* const days = "convened_date: '2026-01-05' meeting_date: '2026-01-15'";
  EXPECT_EQ(Ask(Record("MEMBER_REPRESENTATIVES", "MARKET_ENTRY", {30, 30, 20}, days, charter)), "");
  EXPECT_EQ(Ask(Record("MEMBER_REPRESENTATIVES", "MARKET_ENTRY", {30, 30, 19}, days, charter)),
            "D-04@vote");
  const std::string grant =
      "grant_right { unit: $WorksU type: 'construction' holders { party: $Farm } basis: "
      "GRANT_BASIS_MARKET_ENTRY term { start_date: '2026-03-02' end_date: "
      "'2059-12-31' } }";
  Resolve("Market", "Village1", "MARKET_ENTRY");
  EXPECT_EQ(Ask(grant), "D-04@evidence");
  EXPECT_EQ(Ask(grant, "resolution=Market"), "");
}

TEST_F(ResolutionRulesTest, D05TenDaysTwoThirdsPresentTwoThirdsOfAll) {
  const auto met = [](const std::string& convened) {
    return "convened_date: '" + convened + "' meeting_date: '2026-01-15'";
  };
  EXPECT_EQ(Ask(Record("MEMBER_ASSEMBLY", "HOMESTEAD_USE", {90, 60, 60}, met("2026-01-05"))), "");
  EXPECT_EQ(Ask(Record("MEMBER_ASSEMBLY", "HOMESTEAD_USE", {90, 80, 70}, met("2026-01-06"))),
            "D-05@convened_date");
  EXPECT_EQ(Ask(Record("MEMBER_ASSEMBLY", "HOMESTEAD_USE", {90, 59, 59}, met("2026-01-05"))),
            "D-05@vote");
  EXPECT_EQ(Ask(Record("MEMBER_ASSEMBLY", "HOMESTEAD_USE", {90, 80, 59}, met("2026-01-05"))),
            "D-05@vote");
  EXPECT_EQ(Ask(Record("MEMBER_ASSEMBLY", "HOMESTEAD_USE", {0, 0, 0}, met("2026-01-05"))),
            "D-05@vote");
  EXPECT_EQ(Ask(Record("MEMBER_ASSEMBLY", "ADMISSION", {90, 80, 68}, met("2026-01-05"))), "");
  EXPECT_EQ(Ask(Record("MEMBER_ASSEMBLY", "ADMISSION", {90, 80, 67}, met("2026-01-05"))),
            "D-05@vote");
}

TEST_F(ResolutionRulesTest, D06NoBodyDecidesWhatTheLawKeepsForAnother) {
  EXPECT_EQ(Ask(Record("MEMBER_REPRESENTATIVES", "HOMESTEAD_USE", {30, 30, 30})), "D-06@body");
  EXPECT_EQ(Ask(Record("COUNCIL", "CONTRACT_PLAN", {9, 9, 9})), "D-06@body");
  EXPECT_EQ(Ask(Record("VILLAGERS_REPRESENTATIVES", "CONTRACT_PLAN", {30, 30, 30}, kShown)),
            "D-06@body");
  EXPECT_EQ(Ask(Record("MEMBER_REPRESENTATIVES", "MARKET_ENTRY", {30, 30, 20})),
            "D-06@charter_delegates");
  EXPECT_EQ(Ask("record_resolution { collective: $Nobody body: RESOLUTION_BODY_COUNCIL }"),
            "D-06@collective");
}

TEST_F(ResolutionRulesTest, D07VillagersDecideWhereNoOrganisationExists) {
  const std::string plan = Record("VILLAGERS_ASSEMBLY", "CONTRACT_PLAN", {90, 80, 70}, kShown);
  EXPECT_EQ(Ask(plan), "D-07@body");
  Change<v1::Party>("Group1", "collective { acting_body: '某村民委员会' }");
  EXPECT_EQ(Ask(plan), "");
  EXPECT_EQ(Ask(Record("VILLAGERS_ASSEMBLY", "HOMESTEAD_USE", {90, 80, 59})), "D-07@vote");
}

TEST_F(ResolutionRulesTest, C30AContractingPlanIsShownFifteenDays) {
  const auto shown = [](const std::string& until) {
    return "convened_date: '2026-01-05' meeting_date: '2026-01-25' plan_display_from: '2026-01-06' "
           "plan_display_until: '" +
           until + "'";
  };
  const auto plan = [&](const std::string& days) {
    return Ask(Record("MEMBER_ASSEMBLY", "CONTRACT_PLAN", {90, 80, 70}, days));
  };
  EXPECT_EQ(plan(shown("2026-01-20")), "");
  EXPECT_EQ(plan(shown("2026-01-19")), "C-30@plan_display_until");
  EXPECT_EQ(plan(shown("2026-01-25")), "C-30@plan_display_until");  // the vote is on that day
  EXPECT_EQ(plan("convened_date: '2026-01-05' meeting_date: '2026-01-25'"),
            "C-30@plan_display_from");
}

TEST_F(ResolutionRulesTest, RatiosAreComparedExactly) {
  // Two thirds of 2,147,483,646 are 1,431,655,764.
  EXPECT_EQ(Ask(Record("MEMBER_ASSEMBLY", "HOMESTEAD_USE", {2147483646, 2147483646, 1431655764})),
            "");
  EXPECT_EQ(Ask(Record("MEMBER_ASSEMBLY", "HOMESTEAD_USE", {2147483646, 2147483646, 1431655763})),
            "D-05@vote");
}

class ResolutionRulesOfLishui : public ResolutionRulesTest {
 protected:
  ResolutionRulesOfLishui() : ResolutionRulesTest("lishui", "331102") {}
};

TEST_F(ResolutionRulesOfLishui, D11ZhejiangShowsPlansFifteenDays) {
  EXPECT_EQ(Ask(Record("MEMBER_ASSEMBLY", "HOMESTEAD_USE", {90, 80, 70}, kShown)), "");
  EXPECT_EQ(Ask(Record("MEMBER_ASSEMBLY", "HOMESTEAD_USE", {90, 80, 70})),
            "D-11@plan_display_from");
}

}  // namespace
}  // namespace landbook::law
