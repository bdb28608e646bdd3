#include "services/common/door.h"

#include <gmock/gmock.h>
#include <google/protobuf/unknown_field_set.h>
#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <string>
#include <vector>

#include "landbook/v1/registry_service.pb.h"

namespace landbook::common {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

// "REASON path" of each refusal.
std::vector<std::string> Told(const google::protobuf::Message& request) {
  std::vector<std::string> told;
  for (const v1::Refusal& refusal : CheckRequest(request)) {
    told.push_back(refusal.reason() + " " + refusal.field());
    EXPECT_NE(refusal.message_en().find(refusal.field()), std::string::npos);
    EXPECT_FALSE(refusal.message_zh().empty());
  }
  return told;
}

v1::CommitRequest CommitOf(const v1::Act& act) {
  v1::CommitRequest request;
  request.set_county("909900");
  request.mutable_commit()->set_request_id("r1");
  *request.mutable_commit()->add_acts() = act;
  return request;
}

v1::Act Appointment() {
  v1::Act act;
  v1::AppointOfficer& appoint = *act.mutable_appoint_officer();
  appoint.set_principal("li");
  appoint.set_role(v1::ROLE_REGISTRAR);
  appoint.set_from_date("2026-01-01");
  return act;
}

v1::Act Grant() {
  v1::Act act;
  v1::GrantRight& grant = *act.mutable_grant_right();
  grant.mutable_unit()->set_number(1);
  grant.set_type("contract");
  grant.set_co_ownership(v1::CO_OWNERSHIP_JOINT);
  grant.mutable_term()->set_start_date("2026-01-01");
  grant.mutable_term()->set_end_date("2055-12-31");
  return act;
}

TEST(DoorTest, LetsAWholeRequestPass) {
  EXPECT_THAT(Told(CommitOf(Appointment())), IsEmpty());
  EXPECT_THAT(Told(CommitOf(Grant())), IsEmpty());
}

TEST(DoorTest, RequiredTextsAreToldWithTheirPath) {
  v1::CommitRequest request;
  request.mutable_commit()->add_acts()->mutable_appoint_officer()->set_role(v1::ROLE_BANK);
  EXPECT_THAT(Told(request),
              ElementsAre("FIELD_REQUIRED county", "FIELD_REQUIRED commit.request_id",
                          "FIELD_REQUIRED commit.acts[0].appoint_officer.principal",
                          "FIELD_REQUIRED commit.acts[0].appoint_officer.from_date"));
}

TEST(DoorTest, AZeroIsStatedWhereTheFieldHasPresence) {
  v1::MemberReference member;
  member.mutable_person()->set_number(0);
  member.set_standing(v1::MemberStanding(1));
  EXPECT_THAT(Told(member), ElementsAre("FIELD_REQUIRED co_holder"));
  member.set_co_holder(false);
  EXPECT_THAT(Told(member), IsEmpty());
}

TEST(DoorTest, DatesAreDaysOfTheCalendar) {
  v1::Act act = Grant();
  act.mutable_grant_right()->mutable_term()->set_end_date("2023-02-29");
  v1::CommitRequest request = CommitOf(Grant());
  *request.mutable_commit()->add_acts() = Grant();
  *request.mutable_commit()->add_acts() = act;
  EXPECT_THAT(Told(request),
              ElementsAre("DATE_MALFORMED commit.acts[2].grant_right.term.end_date"));
}

TEST(DoorTest, AnEmptyOptionalDateIsAbsent) {
  v1::Act act = Appointment();
  act.mutable_appoint_officer()->set_until_date("");
  EXPECT_THAT(Told(CommitOf(act)), IsEmpty());
  act.mutable_appoint_officer()->set_until_date("soon");
  EXPECT_THAT(Told(CommitOf(act)),
              ElementsAre("DATE_MALFORMED commit.acts[0].appoint_officer.until_date"));
}

TEST(DoorTest, EnumsAreSpecifiedAndKnown) {
  v1::Act act = Appointment();
  act.mutable_appoint_officer()->set_role(v1::ROLE_UNSPECIFIED);
  EXPECT_THAT(Told(CommitOf(act)),
              ElementsAre("FIELD_UNSPECIFIED commit.acts[0].appoint_officer.role"));
  act.mutable_appoint_officer()->set_role(static_cast<v1::Role>(77));
  EXPECT_THAT(Told(CommitOf(act)),
              ElementsAre("VALUE_OUT_OF_RANGE commit.acts[0].appoint_officer.role"));
}

TEST(DoorTest, AnEnumMayStayOpenWhereTheProtoSaysSo) {
  v1::GetPlotRequest request;
  request.set_county("909900");
  request.set_plot("1");
  EXPECT_THAT(Told(request), IsEmpty());
  request.set_boundary_format(static_cast<v1::BoundaryFormat>(9));
  EXPECT_THAT(Told(request), ElementsAre("VALUE_OUT_OF_RANGE boundary_format"));
}

TEST(DoorTest, UnknownFieldsAreFoundAtAnyDepth) {
  v1::Act act = Appointment();
  v1::AppointOfficer& appoint = *act.mutable_appoint_officer();
  appoint.GetReflection()->MutableUnknownFields(&appoint)->AddVarint(900, 1);
  v1::CommitRequest request = CommitOf(act);
  request.GetReflection()->MutableUnknownFields(&request)->AddLengthDelimited(901, "x");
  EXPECT_THAT(Told(request),
              ElementsAre("FIELD_UNKNOWN 901", "FIELD_UNKNOWN commit.acts[0].appoint_officer.900"));
}

TEST(DoorTest, AOneofNeedsAMemberUnlessItMayBeEmpty) {
  v1::CommitRequest request = CommitOf({});
  EXPECT_THAT(Told(request), ElementsAre("ONEOF_REQUIRED commit.acts[0].act"));
  v1::ListRightsRequest list;
  list.set_county("909900");
  list.mutable_read()->set_min_sequence(3);
  EXPECT_THAT(Told(list), IsEmpty());
  v1::ListCasesRequest cases;
  cases.set_county("909900");
  EXPECT_THAT(Told(cases), IsEmpty());
  v1::ListFilingsRequest filings;
  filings.set_county("909900");
  EXPECT_THAT(Told(filings), ElementsAre("ONEOF_REQUIRED filter"));
}

// An application holds acts, and an act may hold an application.
TEST(DoorTest, ActsInsideAnApplicationAreLookedInto) {
  v1::Act accept;
  v1::Application& application = *accept.mutable_accept_case()->mutable_application();
  application.set_kind("contract-transfer");
  application.set_registration_type(v1::REGISTRATION_TYPE_TRANSFER);
  application.set_filing_place(v1::FILING_PLACE_WINDOW);
  application.add_acts();
  EXPECT_THAT(Told(CommitOf(accept)),
              ElementsAre("ONEOF_REQUIRED commit.acts[0].accept_case.application.acts[0].act"));
}

TEST(DoorTest, WhatTheServerFillsMayNotCome) {
  v1::CreateCountyRequest request;
  request.set_request_id("r");
  v1::County& county = *request.mutable_county();
  county.set_code("909900");
  county.set_title("样本县");
  county.set_epsg(4548);
  county.set_pack("sample");
  EXPECT_THAT(Told(request), IsEmpty());
  county.set_sequence(4);
  county.set_state(v1::BOOK_STATE_OPEN);
  EXPECT_THAT(Told(request),
              ElementsAre("FIELD_OUTPUT_ONLY county.state", "FIELD_OUTPUT_ONLY county.sequence"));
}

TEST(DoorTest, TextsAreBoundedAndUtf8) {
  v1::GetCountyRequest request;
  request.set_county(std::string(1024, '9'));
  EXPECT_THAT(Told(request), IsEmpty());
  request.set_county(std::string(1025, '9'));
  EXPECT_THAT(Told(request), ElementsAre("FIELD_TOO_LONG county"));
  request.set_county("\xc0\xaf");
  EXPECT_THAT(Told(request), ElementsAre("TEXT_NOT_UTF8 county"));
  v1::CommitRequest commit = CommitOf(Appointment());
  commit.mutable_commit()->set_request_id(std::string(65, 'r'));
  EXPECT_THAT(Told(commit), ElementsAre("FIELD_TOO_LONG commit.request_id"));
}

TEST(DoorTest, ItemsOfRepeatedTextsAreCheckedOneByOne) {
  v1::BatchGetPlotsRequest request;
  request.set_county("909900");
  request.add_plots("1");
  request.add_plots("\xff");
  EXPECT_THAT(Told(request), ElementsAre("TEXT_NOT_UTF8 plots[1]"));
}

TEST(DoorTest, APrivateTextIsNotRepeatedInTheSentence) {
  v1::PersonPrivate person;
  person.set_full_name("张三");
  person.set_birth_date("1990-02-31");
  const RefusalList told = CheckRequest(person);
  ASSERT_EQ(told.size(), 1u);
  EXPECT_EQ(told[0].message_en().find("1990"), std::string::npos);
  EXPECT_EQ(told[0].message_zh().find("1990"), std::string::npos);
}

TEST(DoorTest, AreasHaveAtMostTwoDecimals) {
  for (const char* text : {"0", "0.5", "1234.56", "999999999999.99", "10"}) {
    EXPECT_TRUE(IsAreaText(text)) << text;
  }
  for (const char* text : {"", ".5", "1.", "1.234", "-1", "+1", "1e3", "01", "1,5", " 1", "1 ",
                           "1000000000000", "1.2.3", "nan", "１"}) {
    EXPECT_FALSE(IsAreaText(text)) << text;
  }
  v1::Structure structure;
  structure.set_description("房屋");
  structure.set_floor_area_m2("88.123");
  EXPECT_THAT(Told(structure), ElementsAre("AREA_MALFORMED floor_area_m2"));
}

TEST(DoorTest, AreaTextsThatItTakesAreExactHundredths) {
  EXPECT_TRUE(rc::check([] {
    const auto hundredths = *rc::gen::inRange<std::int64_t>(0, 100'000'000'000'000);
    const std::string cents = std::to_string(100 + hundredths % 100).substr(1);
    RC_ASSERT(IsAreaText(std::to_string(hundredths / 100) + "." + cents));
  }));
}

TEST(DoorTest, TellsNoMoreThanItsLimit) {
  v1::CommitRequest request = CommitOf({});
  for (int i = 0; i < 5'000; ++i) request.mutable_commit()->add_acts();
  EXPECT_EQ(CheckRequest(request).size(), kDoorRefusalsMax);
}

// Whatever bytes parse, the door answers, and each path it tells begins with a field of the
// request.
TEST(DoorTest, AnswersToAnyBytes) {
  EXPECT_TRUE(rc::check([] {
    const auto bytes = *rc::gen::container<std::string>(rc::gen::arbitrary<char>());
    v1::CommitRequest request;
    static_cast<void>(request.ParsePartialFromString(bytes));
    for (const v1::Refusal& refusal : CheckRequest(request)) {
      RC_ASSERT(!refusal.field().empty());
      RC_ASSERT(ReasonNamed(refusal.reason()).has_value());
    }
  }));
}

}  // namespace
}  // namespace landbook::common
