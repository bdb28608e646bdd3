// Queues, deadlines, the calendar, and what has run out.
#include "services/conveyance/duty_desk.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "services/conveyance/office_testing.h"

namespace landbook::conveyance {
namespace {

using ::testing::ElementsAre;
using ::testing::SizeIs;
using Stub = v1::ConveyanceService::Stub;

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
