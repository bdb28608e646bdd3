#include "services/registry/own_records.h"

#include <gtest/gtest.h>

#include <string>

#include "services/registry/access_reads.h"
#include "services/registry/book_appointments.h"
#include "services/registry/book_testing.h"
#include "services/registry/case_reads.h"
#include "services/registry/collective_reads.h"
#include "services/registry/household_reads.h"
#include "services/registry/right_reads.h"

namespace landbook::registry {
namespace {

constexpr std::uint64_t kCollective = 1;
constexpr std::uint64_t kHolder = 2;
constexpr std::uint64_t kFormerMember = 3;
constexpr std::uint64_t kStranger = 4;
constexpr std::uint64_t kBank = 5;
constexpr std::uint64_t kHousehold = 6;
constexpr std::uint64_t kRight = 1;
constexpr std::uint64_t kMortgage = 1;

common::CallContext CallOf(std::uint64_t party) {
  common::CallContext call;
  call.actor = ActorOf("wang", v1::ROLE_CITIZEN);
  call.request_id = "call";
  call.own_only = true;
  call.own_party = party;
  return call;
}

template <typename T>
std::string ReasonOf(const common::Outcome<T>& outcome) {
  return outcome.ok() ? "" : outcome.refusals().front().reason();
}

// A household of one member and one who has left it, its contract right under a bank's mortgage, a
// case about it and a resolution of the collective.
class OwnRecordsTest : public testing::Test {
 protected:
  void SetUp() override {
    v1::Party collective;
    collective.mutable_collective()->set_title("一村集体");
    test_.Put(v1::RECORD_KIND_PARTY, kCollective, collective);
    v1::Party person;
    person.mutable_person();
    for (const std::uint64_t number : {kHolder, kFormerMember, kStranger}) {
      test_.Put(v1::RECORD_KIND_PARTY, number, person);
    }
    v1::Party bank;
    bank.mutable_organisation()->set_title("信用社");
    test_.Put(v1::RECORD_KIND_PARTY, kBank, bank);
    v1::Party household;
    household.mutable_household()->set_collective(kCollective);
    AddMember(kHolder, v1::MEMBER_STANDING_MEMBER, &household);
    AddMember(kFormerMember, v1::MEMBER_STANDING_LOST, &household);
    test_.Put(v1::RECORD_KIND_PARTY, kHousehold, household);
    v1::Right right;
    right.set_type("contract");
    right.set_unit(1);
    right.set_state(v1::RECORD_STATE_LIVE);
    right.add_holders()->set_party(kHousehold);
    test_.Put(v1::RECORD_KIND_RIGHT, kRight, right);
    v1::Mortgage mortgage;
    mortgage.add_rights(kRight);
    mortgage.set_mortgagee(kBank);
    mortgage.set_state(v1::RECORD_STATE_LIVE);
    test_.Put(v1::RECORD_KIND_MORTGAGE, kMortgage, mortgage);
    v1::Case one;
    one.set_code("99010120260301000001");
    one.set_state(v1::CASE_STATE_ACCEPTED);
    one.add_applicants()->set_party(kHousehold);
    test_.Put(v1::RECORD_KIND_CASE, 1, one);
    v1::Application application;
    application.set_kind("contract-mortgage");
    test_.Put(v1::RECORD_KIND_APPLICATION, 1, application);
    v1::Resolution resolution;
    resolution.set_collective(kCollective);
    resolution.set_state(v1::RECORD_STATE_LIVE);
    test_.Put(v1::RECORD_KIND_RESOLUTION, 1, resolution);
  }

  static void AddMember(std::uint64_t person, v1::MemberStanding standing, v1::Party* household) {
    auto& member = *household->mutable_household()->add_members();
    member.set_person(person);
    member.set_standing(standing);
  }

  bool SeesRight(std::uint64_t party) {
    v1::GetRightRequest request;
    request.set_right(kRight);
    const auto right = GetRight(test_.book(), CallOf(party), request);
    EXPECT_EQ(ReasonOf(right), right.ok() ? "" : "RECORD_NOT_FOUND");
    v1::ListRightsRequest list;
    EXPECT_EQ(ListRights(test_.book(), CallOf(party), list)->rights_size(), right.ok() ? 1 : 0);
    v1::GetRightHistoryRequest history;
    history.set_right(kRight);
    EXPECT_EQ(GetRightHistory(test_.book(), CallOf(party), history).ok(), right.ok());
    return right.ok();
  }
  bool SeesMortgage(std::uint64_t party) {
    v1::GetMortgageRequest request;
    request.set_mortgage(kMortgage);
    const bool seen = GetMortgage(test_.book(), CallOf(party), request).ok();
    v1::ListMortgagesRequest list;
    list.set_right(kRight);
    EXPECT_EQ(ListMortgages(test_.book(), CallOf(party), list)->mortgages_size(), seen ? 1 : 0);
    return seen;
  }
  bool SeesCase(std::uint64_t party) {
    v1::GetCaseRequest request;
    request.set_case_("1");
    const bool seen = GetCase(test_.book(), CallOf(party), request).ok();
    EXPECT_EQ(ListCases(test_.book(), CallOf(party), {})->cases_size(), seen ? 1 : 0);
    v1::GetApplicationRequest application;
    application.set_case_(1);
    EXPECT_EQ(GetApplication(test_.book(), CallOf(party), application).ok(), seen);
    return seen;
  }

  TestBook test_;
};

TEST_F(OwnRecordsTest, AMemberSeesWhatTheHouseholdHolds) {
  EXPECT_TRUE(SeesRight(kHolder));
  EXPECT_TRUE(SeesMortgage(kHolder));
  EXPECT_TRUE(SeesCase(kHolder));
}

TEST_F(OwnRecordsTest, WhoHasLeftOrNeverBelongedSeesNothing) {
  for (const std::uint64_t party : {kFormerMember, kStranger}) {
    EXPECT_FALSE(SeesRight(party)) << party;
    EXPECT_FALSE(SeesMortgage(party)) << party;
    EXPECT_FALSE(SeesCase(party)) << party;
  }
}

TEST_F(OwnRecordsTest, ABankSeesItsMortgageAndNotTheRightBelow) {
  EXPECT_TRUE(SeesMortgage(kBank));
  EXPECT_FALSE(SeesRight(kBank));
  EXPECT_FALSE(SeesCase(kBank));
}

TEST_F(OwnRecordsTest, AHouseholdIsItsMembersOwnAndItsMembersAreNot) {
  v1::GetHouseholdOverviewRequest request;
  request.set_household(std::to_string(kHousehold));
  EXPECT_TRUE(GetHouseholdOverview(test_.book(), CallOf(kHolder), request).ok());
  EXPECT_EQ(ReasonOf(GetHouseholdOverview(test_.book(), CallOf(kStranger), request)),
            "RECORD_NOT_FOUND");
  v1::GetPartyHistoryRequest history;
  history.set_party(kFormerMember);
  EXPECT_EQ(ReasonOf(GetPartyHistory(test_.book(), CallOf(kHolder), history)), "RECORD_NOT_FOUND");
  history.set_party(kHolder);
  EXPECT_TRUE(GetPartyHistory(test_.book(), CallOf(kHolder), history).ok());
}

TEST_F(OwnRecordsTest, WhatACollectiveDecidedIsItsMembersToRead) {
  v1::GetResolutionRequest request;
  request.set_resolution(1);
  EXPECT_TRUE(GetResolution(test_.book(), CallOf(kHolder), request).ok());
  EXPECT_EQ(ReasonOf(GetResolution(test_.book(), CallOf(kStranger), request)), "RECORD_NOT_FOUND");
}

TEST_F(OwnRecordsTest, AHolderReadsTheAccessesToItselfOnly) {
  v1::ListAccessesRequest request;
  EXPECT_EQ(ReasonOf(ListAccesses(test_.book(), CallOf(kHolder), request)), "RECORD_NOT_FOUND");
  request.set_party(kStranger);
  EXPECT_EQ(ReasonOf(ListAccesses(test_.book(), CallOf(kHolder), request)), "RECORD_NOT_FOUND");
  request.set_party(kHousehold);
  EXPECT_TRUE(ListAccesses(test_.book(), CallOf(kHolder), request).ok());
  request.set_party(kHolder);
  EXPECT_TRUE(ListAccesses(test_.book(), CallOf(kHolder), request).ok());
}

TEST_F(OwnRecordsTest, WhoseRecordsACallerSeesIsSaidByItsAppointment) {
  v1::Appointment appointment;
  appointment.set_principal("xinyongshe");
  appointment.set_role(v1::ROLE_BANK);
  appointment.set_from_date("2020-01-01");
  appointment.set_party(kBank);
  test_.Put(v1::RECORD_KIND_APPOINTMENT, 1, appointment);
  const auto party = OwnPartyOf(test_.book(), ActorOf("xinyongshe", v1::ROLE_BANK));
  ASSERT_TRUE(party.ok());
  EXPECT_EQ(*party, kBank);
  EXPECT_EQ(ReasonOf(OwnPartyOf(test_.book(), ActorOf("xinyongshe", v1::ROLE_CITIZEN))),
            "NOT_APPOINTED");
  EXPECT_EQ(ReasonOf(OwnPartyOf(test_.book(), ActorOf("other", v1::ROLE_BANK))), "NOT_APPOINTED");
}

}  // namespace
}  // namespace landbook::registry
