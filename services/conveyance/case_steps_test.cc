#include "services/conveyance/case_steps.h"

#include <google/protobuf/text_format.h>
#include <google/protobuf/util/message_differencer.h>
#include <gtest/gtest.h>

#include <string>

namespace landbook::conveyance {
namespace {

template <class Message>
Message Parse(const std::string& text) {
  Message message;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(text, &message)) << text;
  return message;
}

void ExpectSame(const google::protobuf::Message& got, const google::protobuf::Message& wanted) {
  EXPECT_TRUE(google::protobuf::util::MessageDifferencer::Equals(got, wanted))
      << "got " << got.ShortDebugString() << "\nwanted " << wanted.ShortDebugString();
}

v1::Application TransferApplication() {
  return Parse<v1::Application>(R"(
    registration_type: REGISTRATION_TYPE_TRANSFER kind: "contract-transfer"
    legal_basis: "RLCL 34"
    evidence { kind: EVIDENCE_KIND_CONTRACT date: "2026-03-01" }
    acts { transfer_right { right { number: 7 } etag: "12" cause: TRANSFER_CAUSE_ASSIGNMENT } }
  )");
}

TEST(CaseStepsTest, AStepIsOneActUnderTheRequestsOwnId) {
  const auto request = Parse<v1::ReviewCaseRequest>(R"(
    county: "370303" request_id: "r-1"
    review { case { number: 4 } etag: "9" step: 1 outcome: REVIEW_OUTCOME_PASSED opinion: "ok" })");
  ExpectSame(StepOf(request), Parse<v1::CommitRequest>(R"(
    county: "370303" commit { request_id: "r-1" acts { review_case {
      case { number: 4 } etag: "9" step: 1 outcome: REVIEW_OUTCOME_PASSED opinion: "ok" } } })"));
}

TEST(CaseStepsTest, EveryStepHasItsAct) {
  const auto act_of = [](const v1::CommitRequest& request) {
    EXPECT_EQ(request.county(), "370303");
    EXPECT_EQ(request.commit().request_id(), "r");
    return request.commit().acts(0).act_case();
  };
  const auto asked = [](auto request) {
    request.set_county("370303");
    request.set_request_id("r");
    return request;
  };
  v1::RequestSupplementRequest supplement_request;
  supplement_request.mutable_supplement();
  EXPECT_EQ(act_of(StepOf(asked(supplement_request))), v1::Act::kRequestSupplement);
  EXPECT_EQ(act_of(StepOf(asked(v1::SupplementCaseRequest()))), v1::Act::kSupplementCase);
  EXPECT_EQ(act_of(StepOf(asked(v1::ReviewCaseRequest()))), v1::Act::kReviewCase);
  EXPECT_EQ(act_of(StepOf(asked(v1::BeginNoticeRequest()))), v1::Act::kBeginNotice);
  EXPECT_EQ(act_of(StepOf(asked(v1::ConcludeNoticeRequest()))), v1::Act::kConcludeNotice);
  EXPECT_EQ(act_of(StepOf(asked(v1::RefuseCaseRequest()))), v1::Act::kRefuseCase);
  EXPECT_EQ(act_of(StepOf(asked(v1::RetractCaseRequest()))), v1::Act::kRetractCase);
  EXPECT_EQ(act_of(StepOf(asked(v1::SuspendCaseRequest()))), v1::Act::kSuspendCase);
  EXPECT_EQ(act_of(StepOf(asked(v1::ResumeCaseRequest()))), v1::Act::kResumeCase);
  EXPECT_EQ(act_of(StepOf(asked(v1::DeliverCertificateRequest()))), v1::Act::kDeliverCertificate);
  EXPECT_EQ(act_of(StepOf(asked(v1::ArchiveCaseRequest()))), v1::Act::kArchiveCase);
  EXPECT_EQ(act_of(StepOf(asked(v1::AmendCalendarRequest()))), v1::Act::kAmendCalendar);
}

TEST(CaseStepsTest, AcceptanceKeepsEvidenceInTheApplication) {
  const auto request = Parse<v1::AcceptCaseRequest>(R"(
    county: "370303" draft: 3 etag: "1" request_id: "a-1"
    overrides { rule: "C-10" reason: "seen" document_number: "d" })");
  const auto commit = AcceptanceOf(request, TransferApplication());
  EXPECT_EQ(commit.commit().evidence_size(), 0);
  EXPECT_EQ(commit.commit().legal_basis(), "RLCL 34");
  ASSERT_EQ(commit.commit().acts_size(), 1);
  ExpectSame(commit.commit().acts(0).accept_case().application(), TransferApplication());
  EXPECT_EQ(commit.commit().overrides(0).rule(), "C-10");
}

TEST(CaseStepsTest, RegistrationIsTheActsThenTheCaseThenCertificates) {
  auto application = TransferApplication();
  application.add_acts()->mutable_grant_right()->mutable_unit()->set_number(5);
  application.add_acts()->mutable_register_mortgage();
  application.add_acts()->mutable_discharge_mortgage()->mutable_mortgage()->set_number(2);
  const auto request = Parse<v1::RegisterCaseRequest>(R"(
    county: "370303" request_id: "g-1" issue_certificates: true
    registration { case { number: 4 } etag: "9" })");
  const auto commit = RegistrationOf(request, application);
  ASSERT_TRUE(commit.ok());
  ExpectSame(commit->commit(), Parse<v1::Commit>(R"(
    request_id: "g-1" legal_basis: "RLCL 34"
    evidence { kind: EVIDENCE_KIND_CONTRACT date: "2026-03-01" }
    acts { transfer_right { right { number: 7 } etag: "12" cause: TRANSFER_CAUSE_ASSIGNMENT } }
    acts { grant_right { unit { number: 5 } } }
    acts { register_mortgage {} }
    acts { discharge_mortgage { mortgage { number: 2 } } }
    acts { register_case { case { number: 4 } etag: "9" } }
    acts { issue_certificate { right { number: 7 } } }
    acts { issue_certificate { right { created_by { act: 1 } } } }
    acts { issue_certificate { mortgage { created_by { act: 2 } } } })"));
}

TEST(CaseStepsTest, WithoutCertificatesNoneAreIssued) {
  const auto commit = RegistrationOf(v1::RegisterCaseRequest(), TransferApplication());
  ASSERT_TRUE(commit.ok());
  EXPECT_EQ(commit->commit().acts_size(), 2);
}

TEST(CaseStepsTest, PrivateValuesComeWithTheRegistration) {
  v1::Application application;
  application.add_acts()->mutable_amend_party()->mutable_party()->set_number(8);
  auto request = Parse<v1::RegisterCaseRequest>(R"(
    private_values { act: 0 amend_party { party { number: 8 } becomes { person {
      private { full_name: "new name" } } } } })");
  const auto commit = RegistrationOf(request, application);
  ASSERT_TRUE(commit.ok());
  EXPECT_EQ(commit->commit().acts(0).amend_party().becomes().person().private_().full_name(),
            "new name");

  request.mutable_private_values(0)->set_act(1);
  const auto beyond = RegistrationOf(request, application);
  ASSERT_FALSE(beyond.ok());
  EXPECT_EQ(beyond.refusals()[0].reason(), "VALUE_OUT_OF_RANGE");
  EXPECT_EQ(beyond.refusals()[0].field(), "private_values[0].act");
  request.mutable_private_values(0)->set_act(0);
  EXPECT_FALSE(RegistrationOf(request, TransferApplication()).ok());
}

TEST(CaseStepsTest, EveryVersionThatAnActNamesIsFound) {
  auto request = Parse<v1::CommitRequest>(R"(commit {
    acts { transfer_right { right { number: 7 } etag: "12" } }
    acts { split_plot { plot { number: 3 } } }
    acts { register_mortgage { rights { right { number: 9 } } rights { right { code: "x" } } } }
    acts { set_eligibility { household { number: 5 } etag: "1" } }
    acts { vary_right { right { created_by { act: 0 } } } }
    acts { register_case { case { number: 4 } etag: "9" } } })");
  const auto named = NamedVersions(&request, 5);
  ASSERT_EQ(named.size(), 4u);
  EXPECT_EQ(named[0].kind, v1::RECORD_KIND_RIGHT);
  EXPECT_EQ(named[1].kind, v1::RECORD_KIND_PLOT);
  EXPECT_EQ(named[2].number, 9u);
  EXPECT_EQ(named[3].kind, v1::RECORD_KIND_PARTY);
  for (const NamedVersion& version : named) SetEtag(version, "77");
  EXPECT_EQ(request.commit().acts(0).transfer_right().etag(), "77");
  EXPECT_EQ(request.commit().acts(2).register_mortgage().rights(0).etag(), "77");
  EXPECT_EQ(request.commit().acts(2).register_mortgage().rights(1).etag(), "");
  EXPECT_EQ(request.commit().acts(5).register_case().etag(), "9");
}

TEST(CaseStepsTest, ALapseAskedAgainIsTheSameRequest) {
  const auto caution = LapseOfCaution({"370303", 6, "41"});
  EXPECT_EQ(caution.commit().request_id(), "lapse-caution-6-41");
  EXPECT_EQ(caution.commit().acts(0).lapse_caution().caution().number(), 6u);
  const auto the_case = LapseOfCase({"370303", 6, "41"});
  EXPECT_EQ(the_case.commit().request_id(), "lapse-case-6-41");
  EXPECT_EQ(the_case.commit().acts(0).lapse_case().etag(), "41");
}

TEST(CaseStepsTest, WhatACommitLeftIsFoundByKind) {
  const auto response = Parse<v1::CommitResponse>(R"(
    results { act: "accept_case" records { kind: RECORD_KIND_CASE number: 4 created: true }
              records { kind: RECORD_KIND_CAUTION number: 11 created: true } })");
  EXPECT_EQ(NumberLeftBy(response, v1::RECORD_KIND_CASE), 4u);
  EXPECT_EQ(NumberLeftBy(response, v1::RECORD_KIND_CAUTION), 11u);
  EXPECT_EQ(NumberLeftBy(response, v1::RECORD_KIND_RIGHT), 0u);
}

}  // namespace
}  // namespace landbook::conveyance
