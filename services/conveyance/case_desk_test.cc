// Steps and registration over gRPC.
#include "services/conveyance/case_desk.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "services/conveyance/office_testing.h"

namespace landbook::conveyance {
namespace {

using ::testing::SizeIs;
using Stub = v1::ConveyanceService::Stub;

TEST(StepsTest, AStepGivesTheCaseAsTheCommitLeftIt) {
  Office office;
  office.registry.cases[4].set_state(v1::CASE_STATE_ACCEPTED);
  const auto request = Parse<v1::ReviewCaseRequest>(R"(county: "370303" request_id: "r-1"
      review { case { number: 4 } etag: "9" step: 1 outcome: REVIEW_OUTCOME_PASSED opinion: "ok" })");
  const auto reviewed = office.As("wang:reviewer", &Stub::ReviewCase, request);
  ASSERT_TRUE(reviewed.ok());
  EXPECT_EQ(reviewed->number(), 4u);
  EXPECT_EQ(reviewed->etag(), std::to_string(office.registry.sequence));
  EXPECT_EQ(office.registry.actors[0].principal(), "wang");
}

TEST(StepsTest, ARoleThatDoesNotTakeTheStepIsRefusedHere) {
  Office office;
  const auto request = Parse<v1::ReviewCaseRequest>(R"(county: "370303" request_id: "r-1"
      review { case { number: 4 } etag: "9" step: 1 outcome: REVIEW_OUTCOME_PASSED opinion: "ok" })");
  EXPECT_EQ(ReasonOf(office.As("li:intake", &Stub::ReviewCase, request)), "ROLE_NOT_ALLOWED");
  EXPECT_THAT(office.registry.commits, SizeIs(0));
}

class RegistrationTest : public testing::Test {
 protected:
  RegistrationTest() {
    office_.registry.cases[4].set_number(4);
    office_.registry.cases[4].set_state(v1::CASE_STATE_REVIEWED);
    office_.registry.applications[4] = Parse<v1::Application>(
        R"(acts { extinguish_right { right { number: 7 } etag: "as accepted" ground: "g" } })");
  }

  Office office_;
  v1::RegisterCaseRequest request_ = Parse<v1::RegisterCaseRequest>(
      R"(county: "370303" request_id: "g-1" registration { case { number: 4 } etag: "9" })");
};

TEST_F(RegistrationTest, WhatWasAcceptedIsRegisteredOverTheRecordsAsTheyStand) {
  const auto registered = office_.As("zhao:registrar", &Stub::RegisterCase, request_);
  ASSERT_TRUE(registered.ok());
  EXPECT_EQ(registered->state(), v1::CASE_STATE_REGISTERED);
  ASSERT_THAT(office_.registry.commits, SizeIs(1));
  const auto& acts = office_.registry.commits[0].commit().acts();
  ASSERT_THAT(acts, SizeIs(2));
  EXPECT_EQ(acts[0].extinguish_right().etag(), "now");
  EXPECT_EQ(acts[1].register_case().etag(), "9");
}

TEST_F(RegistrationTest, SentAgainItIsTheSameCommit) {
  office_.registry.answers_to_lose = 1;
  ASSERT_FALSE(office_.As("zhao:registrar", &Stub::RegisterCase, request_).ok());
  ASSERT_EQ(office_.registry.cases[4].state(), v1::CASE_STATE_REGISTERED);
  const auto again = office_.As("zhao:registrar", &Stub::RegisterCase, request_);
  ASSERT_TRUE(again.ok());
  // The records are looked at as they stood before the entry that registered the case.
  EXPECT_EQ(office_.registry.last_read.sequence(), again->registered_sequence() - 1);
  EXPECT_THAT(office_.registry.commits, SizeIs(2));
}

TEST_F(RegistrationTest, ACaseHasToBeNamed) {
  request_.mutable_registration()->mutable_case_()->set_number(0);
  EXPECT_EQ(ReasonOf(office_.As("zhao:registrar", &Stub::RegisterCase, request_)),
            "REFERENCE_MISSING");
}

TEST(CalendarTest, ACalendarIsAmendedByAnAct) {
  Office office;
  const auto request = Parse<v1::AmendCalendarRequest>(R"(county: "370303" request_id: "c-1"
      calendar { days { date: "2026-10-01" working: false document_number: "国办发明电" } })");
  const auto amended = office.As("zhao:registrar", &Stub::AmendCalendar, request);
  ASSERT_TRUE(amended.ok());
  EXPECT_EQ(amended->sequence(), office.registry.sequence);
  EXPECT_EQ(office.registry.commits[0].commit().acts(0).amend_calendar().days(0).date(),
            "2026-10-01");
}

}  // namespace
}  // namespace landbook::conveyance
