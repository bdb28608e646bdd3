// What stands in the way, as the service tells it.
#include "services/conveyance/explainer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "services/conveyance/office_testing.h"

namespace landbook::conveyance {
namespace {

using ::testing::SizeIs;
using Stub = v1::ConveyanceService::Stub;

v1::ExplainRequest ExplainDraft(const v1::Draft& draft, const std::string& day = "") {
  v1::ExplainRequest request;
  request.set_county("370303");
  request.set_draft(draft.number());
  request.set_day(day);
  return request;
}

TEST(ExplainTest, TellsWhatIsMissingWarnsAndWhatWouldRun) {
  Office office;
  const auto draft = office.Draft();
  office.registry.plots = {Parse<v1::Plot>(R"(number: 7 division: "370303100201")")};
  office.registry.validated = Parse<v1::CommitResponse>(R"(
    refusals { reason: "CASE_INCOMPLETE" number: 906 rule: "P-12" message_zh: "缺少：合同。" }
    refusals { reason: "LAW_WARNS" number: 719 rule: "C-10" message_en: "seen?" }
    findings { rule: "B203" severity: SEVERITY_WARNING })");
  const auto explained = office.As("li:intake", &Stub::Explain, ExplainDraft(draft));
  ASSERT_TRUE(explained.ok()) << explained.refusals()[0].ShortDebugString();
  EXPECT_TRUE(office.registry.commits[0].validate_only());
  ASSERT_THAT(explained->refusals(), SizeIs(1));
  ASSERT_THAT(explained->missing(), SizeIs(1));
  EXPECT_EQ(explained->missing(0).kind(), v1::EVIDENCE_KIND_CONTRACT);
  EXPECT_NE(explained->missing(0).source(), "");
  ASSERT_THAT(explained->warnings(), SizeIs(2));
  EXPECT_EQ(explained->warnings(0).rule(), "C-10");
  EXPECT_EQ(explained->case_kind().code(), "contract-transfer");
  EXPECT_EQ(explained->pack(), "national");
  ASSERT_THAT(explained->deadlines(), SizeIs(1));
  // Thirty working days from Monday 2026-03-02.
  EXPECT_EQ(explained->deadlines(0).due_date(), "2026-04-13");
  EXPECT_FALSE(explained->cured_by_time());
}

TEST(ExplainTest, WhatTimeCuresIsToldWithItsDay) {
  Office office;
  const auto draft = office.Draft();
  office.registry.validated = Parse<v1::CommitResponse>(R"(
    refusals { reason: "PERIOD_RUNNING" number: 718 cured_by_time: true not_before: "2026-03-20" }
    refusals { reason: "PERIOD_RUNNING" number: 718 cured_by_time: true not_before: "2026-09-02" })");
  const auto today = office.As("li:intake", &Stub::Explain, ExplainDraft(draft));
  ASSERT_TRUE(today.ok());
  EXPECT_TRUE(today->cured_by_time());
  EXPECT_EQ(today->not_before(), "2026-09-02");
  const auto later = office.As("li:intake", &Stub::Explain, ExplainDraft(draft, "2026-09-01"));
  ASSERT_TRUE(later.ok());
  EXPECT_THAT(later->refusals(), SizeIs(1));
  const auto then = office.As("li:intake", &Stub::Explain, ExplainDraft(draft, "2026-09-02"));
  ASSERT_TRUE(then.ok());
  EXPECT_THAT(then->refusals(), SizeIs(0));
  EXPECT_FALSE(then->cured_by_time());
  EXPECT_EQ(ReasonOf(office.As("li:intake", &Stub::Explain, ExplainDraft(draft, "2026-03-01"))),
            "VALUE_OUT_OF_RANGE");
}

TEST(ExplainTest, WhoDoesNotTakeTheStepIsAnsweredInTheServicesName) {
  Office office;
  const auto draft = office.Draft();
  ASSERT_TRUE(office.As("wang:reviewer", &Stub::Explain, ExplainDraft(draft)).ok());
  EXPECT_EQ(office.registry.actors[0].principal(), "conveyance");
  EXPECT_EQ(office.registry.actors[0].role(), v1::ROLE_INTAKE);
  ASSERT_TRUE(office.As("li:intake", &Stub::Explain, ExplainDraft(draft)).ok());
  EXPECT_EQ(office.registry.actors[1].principal(), "li");
}

TEST(ExplainTest, ACaseIsAskedAboutAsIfItWereRegistered) {
  Office office;
  office.registry.cases[4] = Parse<v1::Case>(
      R"(number: 4 etag: "9" pack: 1 kind: "contract-transfer" code: "370303" state: CASE_STATE_ACCEPTED
         accepted_date: "2026-02-02")");
  office.registry.applications[4] = Parse<v1::Application>(
      R"(kind: "contract-transfer" acts { extinguish_right { right { number: 7 } ground: "g" } })");
  v1::ExplainRequest request;
  request.set_county("370303");
  request.set_case_(4);
  const auto explained = office.As("zhao:registrar", &Stub::Explain, request);
  ASSERT_TRUE(explained.ok());
  // Its clock runs since it was accepted.
  ASSERT_THAT(explained->deadlines(), SizeIs(1));
  EXPECT_EQ(explained->deadlines(0).due_date(), "2026-03-16");
  const auto& acts = office.registry.commits[0].commit().acts();
  ASSERT_THAT(acts, SizeIs(2));
  EXPECT_EQ(acts[1].register_case().etag(), "9");
}

TEST(ExplainTest, ACommitIsAskedAsItIs) {
  Office office;
  v1::ExplainRequest request;
  request.set_county("370303");
  request.mutable_commit()->set_request_id("mine");
  request.mutable_commit()->add_acts()->mutable_open_book();
  ASSERT_TRUE(office.As("root:administrator", &Stub::Explain, request).ok());
  EXPECT_EQ(office.registry.commits[0].commit().request_id(), "mine");
  EXPECT_EQ(office.registry.actors[0].principal(), "root");
}

}  // namespace
}  // namespace landbook::conveyance
