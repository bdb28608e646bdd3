// The service over gRPC, against a registry that remembers as a book does.
#include "services/conveyance/conveyance_service.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "services/conveyance/office_testing.h"

namespace landbook::conveyance {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::SizeIs;
using Stub = v1::ConveyanceService::Stub;

template <class T>
std::string ReasonOf(const Outcome<T>& outcome) {
  return outcome.ok() ? "" : outcome.refusals().front().reason();
}

// --- Drafts
// ------------------------------------------------------------------------------------------

TEST(DraftsTest, ADraftIsKeptUnderItsRequestId) {
  Office office;
  const auto draft = office.Draft();
  EXPECT_EQ(office.Draft().number(), draft.number());
  EXPECT_NE(office.Draft("d-2").number(), draft.number());
  v1::GetDraftRequest request;
  request.set_county("370303");
  request.set_draft(draft.number());
  const auto got = office.As("wang:reviewer", &Stub::GetDraft, request);
  ASSERT_TRUE(got.ok());
  EXPECT_EQ(got->application().kind(), "contract-transfer");
}

TEST(DraftsTest, ACountyWithoutABookIsRefusedAsTheRegistryRefuses) {
  Office office;
  v1::GetDraftRequest request;
  request.set_county("370399");
  request.set_draft(1);
  const auto refused = office.As("li:intake", &Stub::GetDraft, request);
  EXPECT_EQ(ReasonOf(refused), "RECORD_NOT_FOUND");
  EXPECT_EQ(refused.refusals()[0].field(), "county");
}

TEST(DraftsTest, DraftsAreListedPageByPage) {
  Office office;
  for (const char* id : {"a", "b", "c"}) office.Draft(id);
  v1::ListDraftsRequest request;
  request.set_county("370303");
  request.set_page_size(2);
  const auto first = office.As("li:intake", &Stub::ListDrafts, request);
  ASSERT_TRUE(first.ok());
  EXPECT_THAT(first->drafts(), SizeIs(2));
  request.set_page_token(first->next_page_token());
  const auto second = office.As("li:intake", &Stub::ListDrafts, request);
  ASSERT_TRUE(second.ok());
  ASSERT_THAT(second->drafts(), SizeIs(1));
  EXPECT_EQ(second->drafts(0).number(), 3u);
  EXPECT_EQ(second->next_page_token(), "");
  request.set_page_token("x");
  EXPECT_EQ(ReasonOf(office.As("li:intake", &Stub::ListDrafts, request)), "PAGE_TOKEN_MALFORMED");
  request.set_page_size(1'001);
  EXPECT_EQ(ReasonOf(office.As("li:intake", &Stub::ListDrafts, request)), "PAGE_SIZE_TOO_LARGE");
}

TEST(DraftsTest, AChangeNamesTheEtagItSaw) {
  Office office;
  const auto draft = office.Draft();
  v1::UpdateDraftRequest request;
  request.set_county("370303");
  request.set_draft(draft.number());
  request.set_etag(draft.etag());
  *request.mutable_application() = draft.application();
  request.mutable_application()->set_by_post(true);
  const auto updated = office.As("li:intake", &Stub::UpdateDraft, request);
  ASSERT_TRUE(updated.ok());
  EXPECT_EQ(updated->etag(), "2");
  EXPECT_EQ(ReasonOf(office.As("li:intake", &Stub::UpdateDraft, request)), "RECORD_MOVED");
  v1::DeleteDraftRequest deletion;
  deletion.set_county("370303");
  deletion.set_draft(draft.number());
  deletion.set_etag("1");
  EXPECT_EQ(ReasonOf(office.As("li:intake", &Stub::DeleteDraft, deletion)), "RECORD_MOVED");
  deletion.set_etag("2");
  EXPECT_TRUE(office.As("li:intake", &Stub::DeleteDraft, deletion).ok());
  EXPECT_EQ(ReasonOf(office.As("li:intake", &Stub::DeleteDraft, deletion)), "RECORD_NOT_FOUND");
}

TEST(DraftsTest, ADeclinedDraftSaysAllThatIsMissing) {
  Office office;
  const auto draft = office.Draft();
  office.registry.validated = Parse<v1::CommitResponse>(
      R"(refusals { reason: "CASE_INCOMPLETE" number: 906 message_en: "Missing: contract."
                    message_zh: "缺少：合同。" })");
  v1::DeclineDraftRequest request;
  request.set_county("370303");
  request.set_draft(draft.number());
  request.set_etag(draft.etag());
  request.set_document_number("不受理〔2026〕1号");
  request.set_competent_office("博山区不动产登记中心");
  const auto declined = office.As("li:intake", &Stub::DeclineDraft, request);
  ASSERT_TRUE(declined.ok());
  EXPECT_EQ(declined->state(), v1::DRAFT_STATE_DECLINED);
  ASSERT_THAT(declined->missing(), SizeIs(2));
  EXPECT_THAT(declined->missing(0), HasSubstr("合同"));
  EXPECT_THAT(declined->missing(1), HasSubstr("博山区"));
  EXPECT_EQ(ReasonOf(office.As("li:intake", &Stub::AcceptCase, office.Acceptance(*declined, "a"))),
            "RECORD_ENDED");
}

// --- Acceptance
// --------------------------------------------------------------------------------------

TEST(AcceptanceTest, ADraftBecomesACaseInTheOfficersName) {
  Office office;
  const auto draft = office.Draft();
  const auto accepted =
      office.As("李:intake@370303", &Stub::AcceptCase, office.Acceptance(draft, "a-1"));
  ASSERT_TRUE(accepted.ok());
  EXPECT_EQ(accepted->number(), 1u);
  ASSERT_THAT(office.registry.commits, SizeIs(1));
  EXPECT_EQ(office.registry.commits[0].commit().request_id(), "a-1");
  const v1::Actor& actor = office.registry.actors[0];
  EXPECT_EQ(actor.principal(), "李");
  EXPECT_EQ(actor.role(), v1::ROLE_INTAKE);
  EXPECT_EQ(actor.county(), "370303");
  EXPECT_THAT(actor.via(), ElementsAre("ConveyanceService"));
}

TEST(AcceptanceTest, AskedTwiceItIsDoneOnce) {
  Office office;
  const auto request = office.Acceptance(office.Draft(), "a-1");
  ASSERT_TRUE(office.As("li:intake", &Stub::AcceptCase, request).ok());
  const auto again = office.As("li:intake", &Stub::AcceptCase, request);
  ASSERT_TRUE(again.ok());
  EXPECT_EQ(again->number(), 1u);
  EXPECT_THAT(office.registry.cases, SizeIs(1));
  EXPECT_THAT(office.registry.commits, SizeIs(1));
}

TEST(AcceptanceTest, AfterALostAnswerTheSameIsAskedAgain) {
  Office office;
  const auto draft = office.Draft();
  office.registry.answers_to_lose = 1;
  const auto lost = office.As("li:intake", &Stub::AcceptCase, office.Acceptance(draft, "a-1"));
  ASSERT_FALSE(lost.ok());
  EXPECT_TRUE(lost.refusals()[0].retryable());
  EXPECT_THAT(office.registry.cases, SizeIs(1));
  // Somebody else, by another request: the draft is settled first, by what li asked.
  const auto other = office.As("wang:intake", &Stub::AcceptCase, office.Acceptance(draft, "b-1"));
  ASSERT_TRUE(other.ok());
  EXPECT_EQ(other->number(), 1u);
  EXPECT_THAT(office.registry.cases, SizeIs(1));
  ASSERT_THAT(office.registry.commits, SizeIs(2));
  EXPECT_EQ(office.registry.commits[1].SerializeAsString(),
            office.registry.commits[0].SerializeAsString());
  EXPECT_EQ(office.registry.actors[1].principal(), "li");
}

TEST(AcceptanceTest, ADraftThatWasAskedAboutIsSettledBeforeItIsChanged) {
  Office office;
  const auto draft = office.Draft();
  office.registry.answers_to_lose = 2;
  ASSERT_FALSE(office.As("li:intake", &Stub::AcceptCase, office.Acceptance(draft, "a-1")).ok());
  v1::UpdateDraftRequest request;
  request.set_county("370303");
  request.set_draft(draft.number());
  request.set_etag(draft.etag());
  *request.mutable_application() = draft.application();
  // Still no answer: nothing is changed while it is not known what became of the draft.
  EXPECT_TRUE(office.As("li:intake", &Stub::UpdateDraft, request).refusals()[0].retryable());
  EXPECT_EQ(ReasonOf(office.As("li:intake", &Stub::UpdateDraft, request)), "RECORD_ENDED");
}

TEST(AcceptanceTest, WhatTheBookRefusesComesBackUnchangedAndTheDraftStaysOpen) {
  Office office;
  const auto draft = office.Draft();
  office.registry.refused = {
      common::Refuse(common::Reason::CASE_INCOMPLETE, "application.evidence",
                     {"Missing: contract.", "缺少：合同。"}, "RLCL 34"),
      common::Refuse(common::Reason::CASE_APPLICANTS, "application.applicants",
                     {"Name both.", "请列明双方。"})};
  const auto refused = office.As("li:intake", &Stub::AcceptCase, office.Acceptance(draft, "a-1"));
  ASSERT_FALSE(refused.ok());
  ASSERT_THAT(refused.refusals(), SizeIs(2));
  EXPECT_EQ(refused.refusals()[0].SerializeAsString(),
            office.registry.refused[0].SerializeAsString());
  EXPECT_EQ(refused.refusals()[1].SerializeAsString(),
            office.registry.refused[1].SerializeAsString());
  // The draft is as the clerk saw it: its etag has not moved, and it can be accepted later.
  office.registry.refused.clear();
  EXPECT_TRUE(office.As("li:intake", &Stub::AcceptCase, office.Acceptance(draft, "a-2")).ok());
}

TEST(AcceptanceTest, TheEtagHasToBeTheDrafts) {
  Office office;
  auto request = office.Acceptance(office.Draft(), "a-1");
  request.set_etag("9");
  EXPECT_EQ(ReasonOf(office.As("li:intake", &Stub::AcceptCase, request)), "RECORD_MOVED");
  EXPECT_THAT(office.registry.commits, SizeIs(0));
}

// --- Steps
// -------------------------------------------------------------------------------------------

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

// --- Explain
// -----------------------------------------------------------------------------------------

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
  office.registry.cases[4] = Parse<v1::Case>(R"(number: 4 etag: "9" pack: 1)");
  office.registry.applications[4] = Parse<v1::Application>(
      R"(kind: "contract-transfer" acts { extinguish_right { right { number: 7 } ground: "g" } })");
  v1::ExplainRequest request;
  request.set_county("370303");
  request.set_case_(4);
  ASSERT_TRUE(office.As("zhao:registrar", &Stub::Explain, request).ok());
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

// --- Extension
// ---------------------------------------------------------------------------------------

TEST(ExtensionTest, AVillagesContractsAreShownWithTheirNewTerms) {
  Office office;
  office.registry.plots = {
      Parse<v1::Plot>(
          R"(number: 1 code: "370303100201JC00001" division: "37030310020101" land_use: "0103")"),
      Parse<v1::Plot>(
          R"(number: 2 code: "370303100201JC00002" division: "37030310020101" land_use: "0301")"),
      Parse<v1::Plot>(
          R"(number: 3 code: "370303100299JC00001" division: "37030310029901" land_use: "0103")")};
  const auto right = [](int number, int plot, const std::string& start, const std::string& end) {
    v1::Right made;
    made.set_number(number);
    made.set_unit(plot);
    made.set_type("contract");
    made.set_etag("5");
    made.mutable_term()->set_start_date(start);
    made.mutable_term()->set_end_date(end);
    return made;
  };
  office.registry.rights = {
      right(11, 1, "1997-10-01", "2027-09-30"), right(12, 2, "1977-10-01", "2027-09-30"),
      right(13, 3, "1997-10-01", "2027-09-30"), right(14, 1, "1998-10-01", "2028-09-30")};
  v1::PreviewExtensionRequest request;
  request.set_county("370303");
  request.set_division("370303100201");
  request.set_ending_until_date("2027-12-31");
  const auto preview = office.As("li:intake", &Stub::PreviewExtension, request);
  ASSERT_TRUE(preview.ok()) << preview.refusals()[0].ShortDebugString();
  ASSERT_THAT(preview->rows(), SizeIs(2));
  EXPECT_EQ(preview->rows(0).right(), 11u);
  EXPECT_EQ(preview->rows(0).new_end_date(), "2057-09-30");
  // Forest land: as long as it was given for, 50 years, which the rule leaves between 30 and 70.
  EXPECT_EQ(preview->rows(1).new_end_date(), "2077-09-30");
  ASSERT_THAT(preview->application().acts(), SizeIs(2));
  const auto& act = preview->application().acts(0).vary_right();
  EXPECT_EQ(act.right().number(), 11u);
  EXPECT_EQ(act.etag(), "5");
  EXPECT_EQ(act.term().end_date(), "2057-09-30");
  EXPECT_EQ(act.cause(), v1::VARY_CAUSE_EXTENSION);
  EXPECT_FALSE(preview->more());

  request.set_rights_max(1);
  const auto cut = office.As("li:intake", &Stub::PreviewExtension, request);
  EXPECT_TRUE(cut->more());
  EXPECT_THAT(cut->rows(), SizeIs(1));
  request.set_rights_max(9'001);
  EXPECT_EQ(ReasonOf(office.As("li:intake", &Stub::PreviewExtension, request)),
            "VALUE_OUT_OF_RANGE");
  request.set_rights_max(0);
  request.set_division("370303");
  EXPECT_EQ(ReasonOf(office.As("li:intake", &Stub::PreviewExtension, request)),
            "VALUE_OUT_OF_RANGE");
}

TEST(ExtensionTest, LandThatNoRuleExtendsIsLeftOut) {
  Office office;
  office.registry.plots = {Parse<v1::Plot>(R"(number: 1 code: "c" division: "370303100201")")};
  const PlotRight without_end{office.registry.plots[0],
                              Parse<v1::Right>(R"(number: 1 type: "homestead"
                                  term { start_date: "1997-10-01" end_date: "2027-09-30" })")};
  const auto policy = common::Policy::FromTexts(office.registry.chain);
  ASSERT_TRUE(policy.ok());
  const Law law{*policy, law::PackRules::OfPolicy(*policy)};
  const auto row = ExtensionRowOf(without_end, law, {2026, 3, 2});
  EXPECT_EQ(row.new_end_date(), "");
  EXPECT_NE(row.left_out_because(), "");
  EXPECT_EQ(ExtensionApplication({row}, {without_end}).acts_size(), 0);
}

// --- Duties
// ------------------------------------------------------------------------------------------

class DutiesTest : public testing::Test {
 protected:
  DutiesTest() {
    Put(4, CaseOf("2026-02-25", v1::CASE_STATE_ACCEPTED));
    Put(5, CaseOf("2026-02-02", v1::CASE_STATE_ACCEPTED));
    Put(6, CaseOf("2026-02-20", v1::CASE_STATE_REVIEWED));
    Put(7, CaseOf("2025-02-20", v1::CASE_STATE_ARCHIVED));
  }
  static v1::Case CaseOf(const std::string& accepted, v1::CaseState state) {
    v1::Case the_case;
    the_case.set_code("370303202602250001");
    the_case.set_kind("contract-transfer");
    the_case.set_accepted_date(accepted);
    the_case.set_accepted_by("li");
    the_case.set_pack(1);
    the_case.set_state(state);
    return the_case;
  }
  void Put(std::uint64_t number, v1::Case the_case) {
    the_case.set_number(number);
    the_case.set_etag("3");
    office_.registry.cases[number] = std::move(the_case);
  }
  std::vector<std::uint64_t> Queue(const std::string& officer, v1::ListQueueRequest request = {}) {
    request.set_county("370303");
    const auto queue = office_.As(officer, &Stub::ListQueue, request);
    EXPECT_TRUE(queue.ok());
    std::vector<std::uint64_t> numbers;
    for (const v1::QueuedCase& queued : queue->cases()) numbers.push_back(queued.case_().number());
    return numbers;
  }

  Office office_;
};

TEST_F(DutiesTest, AQueueHasWhatTheOfficerMayTakeTheMostUrgentFirst) {
  EXPECT_THAT(Queue("wang:reviewer"), ElementsAre(5, 4));
  EXPECT_THAT(Queue("li:reviewer"), ElementsAre());
  EXPECT_THAT(Queue("zhao:registrar"), ElementsAre(6));
  EXPECT_THAT(Queue("root:administrator"), ElementsAre(5, 6, 4));
}

TEST_F(DutiesTest, AnAssignedCaseIsInItsOfficersQueueOnly) {
  v1::AssignCaseRequest request;
  request.set_county("370303");
  request.set_case_(5);
  request.set_principal("wang");
  const auto assigned = office_.As("zhao:registrar", &Stub::AssignCase, request);
  ASSERT_TRUE(assigned.ok());
  EXPECT_EQ(assigned->assigned_by(), "zhao");
  EXPECT_THAT(Queue("wang:reviewer"), ElementsAre(5, 4));
  EXPECT_THAT(Queue("sun:reviewer"), ElementsAre(4));
  v1::ListQueueRequest own;
  own.set_assigned_only(true);
  EXPECT_THAT(Queue("wang:reviewer", own), ElementsAre(5));
  v1::ListQueueRequest of_wang;
  of_wang.set_principal("wang");
  EXPECT_THAT(Queue("sun:reviewer", of_wang), ElementsAre(5, 4));
  request.set_case_(99);
  EXPECT_EQ(ReasonOf(office_.As("zhao:registrar", &Stub::AssignCase, request)), "RECORD_NOT_FOUND");
}

TEST_F(DutiesTest, AQueueIsReadPageByPage) {
  v1::ListQueueRequest request;
  request.set_county("370303");
  request.set_page_size(1);
  std::vector<std::uint64_t> numbers;
  do {
    const auto page = office_.As("wang:reviewer", &Stub::ListQueue, request);
    ASSERT_TRUE(page.ok());
    ASSERT_THAT(page->cases(), SizeIs(1));
    numbers.push_back(page->cases(0).case_().number());
    request.set_page_token(page->next_page_token());
  } while (!request.page_token().empty());
  EXPECT_THAT(numbers, ElementsAre(5, 4));
}

TEST_F(DutiesTest, DeadlinesOfCasesAndCautionsAreListedByDay) {
  office_.registry.cautions = {
      Parse<v1::Caution>(R"(number: 9 state: RECORD_STATE_LIVE cause: CAUTION_CAUSE_OBJECTION
          effective_date: "2026-02-10" case_number: 4 etag: "3")")};
  v1::ListDeadlinesRequest request;
  request.set_county("370303");
  const auto all = office_.As("li:intake", &Stub::ListDeadlines, request);
  ASSERT_TRUE(all.ok());
  ASSERT_THAT(all->deadlines(), SizeIs(4));
  EXPECT_EQ(all->deadlines(0).caution(), 9u);
  EXPECT_TRUE(all->deadlines(0).overdue());
  EXPECT_EQ(all->deadlines(0).due_date(), "2026-02-25");
  EXPECT_EQ(all->deadlines(1).case_(), 5u);
  request.set_overdue_only(true);
  EXPECT_THAT(office_.As("li:intake", &Stub::ListDeadlines, request)->deadlines(), SizeIs(1));
  request.set_overdue_only(false);
  request.set_until_date("2026-03-20");
  EXPECT_THAT(office_.As("li:intake", &Stub::ListDeadlines, request)->deadlines(), SizeIs(2));
  request.clear_until_date();
  request.set_principal("wang");
  EXPECT_THAT(office_.As("li:intake", &Stub::ListDeadlines, request)->deadlines(), SizeIs(0));
}

TEST_F(DutiesTest, AReminderThatWasSeenDoesNotComeAgain) {
  // The national pack reminds of nothing, so a pack below it does.
  office_.registry.chain.push_back(R"(code: "county" version: 1 title: "县" parent: "national"
      deadline_rules { matter: "registration" days: 30 working: true remind_days_before: 30
                       source { document: "county rules 1" } })");
  v1::ListDeadlinesRequest request;
  request.set_county("370303");
  request.set_reminding_only(true);
  const auto reminding = office_.As("li:intake", &Stub::ListDeadlines, request);
  ASSERT_TRUE(reminding.ok()) << reminding.refusals()[0].ShortDebugString();
  ASSERT_THAT(reminding->deadlines(), SizeIs(3));
  v1::AcknowledgeReminderRequest seen;
  seen.set_county("370303");
  seen.set_kind(reminding->deadlines(0).kind());
  seen.set_case_(reminding->deadlines(0).case_());
  seen.set_due_date(reminding->deadlines(0).due_date());
  ASSERT_TRUE(office_.As("li:intake", &Stub::AcknowledgeReminder, seen).ok());
  EXPECT_THAT(office_.As("li:intake", &Stub::ListDeadlines, request)->deadlines(), SizeIs(2));
  seen.set_case_(0);
  EXPECT_EQ(ReasonOf(office_.As("li:intake", &Stub::AcknowledgeReminder, seen)),
            "REFERENCE_MISSING");
}

TEST_F(DutiesTest, TheCalendarCountsItsWorkingDays) {
  office_.registry.calendar = {
      Parse<v1::CalendarDay>(R"(date: "2026-03-04" working: false document_number: "d")"),
      Parse<v1::CalendarDay>(R"(date: "2026-03-07" working: true document_number: "d")")};
  v1::ListCalendarRequest request;
  request.set_county("370303");
  request.set_from_date("2026-03-02");
  request.set_until_date("2026-03-08");
  const auto days = office_.As("li:intake", &Stub::ListCalendar, request);
  ASSERT_TRUE(days.ok());
  EXPECT_EQ(days->working_days(), 5u);
  EXPECT_THAT(days->exceptions(), SizeIs(2));
  request.set_until_date("2026-03-01");
  EXPECT_EQ(ReasonOf(office_.As("li:intake", &Stub::ListCalendar, request)), "VALUE_OUT_OF_RANGE");
}

TEST_F(DutiesTest, KindsOfCaseAreThoseOfThePacks) {
  v1::ListCaseKindsRequest request;
  request.set_county("370303");
  const auto kinds = office_.As("zhang", &Stub::ListCaseKinds, request);
  ASSERT_TRUE(kinds.ok());
  std::vector<std::string> codes;
  for (const v1::CaseKind& kind : kinds->case_kinds()) codes.push_back(kind.code());
  EXPECT_THAT(codes, ::testing::Contains("contract-transfer"));
  EXPECT_TRUE(std::is_sorted(codes.begin(), codes.end()));
}

TEST_F(DutiesTest, WhatHasRunOutIsEndedOnceEach) {
  office_.registry.cautions = {
      Parse<v1::Caution>(R"(number: 9 state: RECORD_STATE_LIVE cause: CAUTION_CAUSE_OBJECTION
          effective_date: "2026-02-10" etag: "3")"),
      Parse<v1::Caution>(R"(number: 10 state: RECORD_STATE_LIVE cause: CAUTION_CAUSE_OBJECTION
          effective_date: "2026-02-25" etag: "3")")};
  auto waiting = CaseOf("2026-02-02", v1::CASE_STATE_ACCEPTED);
  *waiting.add_stops() = Parse<v1::ClockStop>(
      R"(cause: CLOCK_STOP_CAUSE_SUPPLEMENT from_date: "2026-02-05" due_date: "2026-03-01")");
  Put(8, waiting);
  v1::LapseDueRequest request;
  request.set_county("370303");
  const auto lapsed = office_.As("zhao:registrar", &Stub::LapseDue, request);
  ASSERT_TRUE(lapsed.ok());
  EXPECT_THAT(lapsed->cautions(), ElementsAre(9));
  EXPECT_THAT(lapsed->cases(), ElementsAre(8));
  ASSERT_THAT(office_.registry.commits, SizeIs(2));
  EXPECT_EQ(office_.registry.commits[0].commit().request_id(), "lapse-caution-9-3");
  EXPECT_EQ(office_.registry.commits[1].commit().request_id(), "lapse-case-8-3");
}

TEST_F(DutiesTest, WhatWasEndedMeanwhileIsLeftAloneAndOtherRefusalsAreTold) {
  office_.registry.cautions = {
      Parse<v1::Caution>(R"(number: 9 state: RECORD_STATE_LIVE cause: CAUTION_CAUSE_OBJECTION
          effective_date: "2026-02-10" etag: "3")")};
  v1::LapseDueRequest request;
  request.set_county("370303");
  office_.registry.refused = {
      common::Refuse(common::Reason::RECORD_MOVED, "etag", {"moved", "已变动"})};
  const auto none = office_.As("zhao:registrar", &Stub::LapseDue, request);
  ASSERT_TRUE(none.ok());
  EXPECT_THAT(none->cautions(), SizeIs(0));
  office_.registry.refused = {
      common::Refuse(common::Reason::NOT_APPOINTED, "", {"nobody", "未任命"})};
  EXPECT_EQ(ReasonOf(office_.As("zhao:registrar", &Stub::LapseDue, request)), "NOT_APPOINTED");
}

}  // namespace
}  // namespace landbook::conveyance
