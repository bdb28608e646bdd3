#include "services/conveyance/queues.h"

#include <google/protobuf/text_format.h>
#include <gtest/gtest.h>

#include <string>

#include "services/conveyance/office_law.h"

namespace landbook::conveyance {
namespace {

using common::CivilDate;

template <class Message>
Message Parse(const std::string& text) {
  Message message;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(text, &message)) << text;
  return message;
}

constexpr char kPack[] = R"(
  code: "p" version: 1
  case_kinds { code: "plain" review_steps: 1 }
  case_kinds { code: "twice" review_steps: 2 }
  case_kinds { code: "shown" review_steps: 1 }
  notice_rules { case_kinds: "shown" working_days: 15 stops_clock: true source { document: "IR 17" } }
  deadline_rules { matter: "registration" days: 5 working: true remind_days_before: 2
                   source { document: "IR 20" } }
  deadline_rules { matter: "supplement" days: 10 source { document: "IR 17" } }
  deadline_rules { matter: "archive" days: 7 source { document: "archive rules" } }
  deadline_rules { matter: "objection-lawsuit" days: 15 source { document: "CC 220" } }
  deadline_rules { matter: "advance-notice" days: 90 source { document: "CC 221" } })";

// A Monday to Friday office, closed on 2026-03-04.
class QueuesTest : public testing::Test {
 protected:
  QueuesTest() : rules_(law::PackRules::Of({Parse<v1::PolicyPack>(kPack)})) {
    days_.Add(Parse<v1::CalendarDay>(R"(date: "2026-03-04" working: false)"));
  }

  Outlook On(CivilDate day) const { return {rules_, calendar_, day}; }

  // Accepted on Monday 2026-03-02 by li.
  static v1::Case Accepted(const std::string& kind, const std::string& more = "") {
    return Parse<v1::Case>(R"(number: 4 code: "370303202603020001" state: CASE_STATE_ACCEPTED
        accepted_date: "2026-03-02" accepted_by: "li" kind: ")" +
                           kind + "\" " + more);
  }
  static v1::Actor Officer(const std::string& name, v1::Role role) {
    v1::Actor actor;
    actor.set_principal(name);
    actor.set_role(role);
    return actor;
  }

  law::PackRules rules_;
  KnownDays days_;
  law::Calendar calendar_{days_};
};

constexpr CivilDate kMonday{2026, 3, 2};

TEST_F(QueuesTest, EveryReviewStepComesInItsTurn) {
  auto the_case = Accepted("twice");
  EXPECT_EQ(NextStepOf(the_case, On(kMonday)), (NextStep{"ReviewCase", 1}));
  the_case.add_reviews()->set_outcome(v1::REVIEW_OUTCOME_PASSED);
  EXPECT_EQ(NextStepOf(the_case, On(kMonday)), (NextStep{"ReviewCase", 2}));
  the_case.add_reviews()->set_outcome(v1::REVIEW_OUTCOME_SENT_BACK);
  EXPECT_EQ(NextStepOf(the_case, On(kMonday)), (NextStep{"ReviewCase", 1}));
  the_case.set_state(v1::CASE_STATE_REVIEWED);
  EXPECT_EQ(NextStepOf(the_case, On(kMonday)), (NextStep{"RegisterCase", 0}));
}

TEST_F(QueuesTest, ACaseThatIsShownWaitsForItsNotice) {
  auto the_case = Accepted("shown", "reviews { outcome: REVIEW_OUTCOME_PASSED }");
  EXPECT_EQ(NextStepOf(the_case, On(kMonday)), (NextStep{"BeginNotice", 0}));
  the_case.set_state(v1::CASE_STATE_IN_NOTICE);
  the_case.mutable_notice()->set_until_date("2026-03-24");
  EXPECT_EQ(NextStepOf(the_case, On({2026, 3, 24})), std::nullopt);
  EXPECT_EQ(NextStepOf(the_case, On({2026, 3, 25})), (NextStep{"ConcludeNotice", 0}));
}

TEST_F(QueuesTest, AStopIsEndedBeforeAnythingElse) {
  auto the_case =
      Accepted("plain", R"(stops { cause: CLOCK_STOP_CAUSE_SUPPLEMENT from_date: "2026-03-03" })");
  EXPECT_EQ(NextStepOf(the_case, On(kMonday)), (NextStep{"SupplementCase", 0}));
  the_case.mutable_stops(0)->set_cause(v1::CLOCK_STOP_CAUSE_SUSPENSION);
  EXPECT_EQ(NextStepOf(the_case, On(kMonday)), (NextStep{"ResumeCase", 0}));
  the_case.mutable_stops(0)->set_until_date("2026-03-05");
  EXPECT_EQ(NextStepOf(the_case, On(kMonday)), (NextStep{"ReviewCase", 1}));
}

TEST_F(QueuesTest, WhatHasEndedIsArchivedAndThenNothing) {
  auto the_case = Accepted("plain");
  for (const auto state : {v1::CASE_STATE_REGISTERED, v1::CASE_STATE_REFUSED,
                           v1::CASE_STATE_RETRACTED, v1::CASE_STATE_LAPSED}) {
    the_case.set_state(state);
    EXPECT_EQ(NextStepOf(the_case, On(kMonday)), (NextStep{"ArchiveCase", 0}));
  }
  the_case.set_state(v1::CASE_STATE_ARCHIVED);
  EXPECT_EQ(NextStepOf(the_case, On(kMonday)), std::nullopt);
}

TEST_F(QueuesTest, AStepIsTakenByItsRoleAndByNobodyTwice) {
  const auto the_case =
      Accepted("twice", R"(reviews { outcome: REVIEW_OUTCOME_PASSED reviewer: "wang" })");
  const NextStep review{"ReviewCase", 2};
  EXPECT_TRUE(MayTake(review, the_case, Officer("zhao", v1::ROLE_REVIEWER)));
  EXPECT_FALSE(MayTake(review, the_case, Officer("zhao", v1::ROLE_REGISTRAR)));
  EXPECT_FALSE(MayTake(review, the_case, Officer("li", v1::ROLE_REVIEWER)));
  EXPECT_FALSE(MayTake(review, the_case, Officer("wang", v1::ROLE_REVIEWER)));
  const NextStep registration{"RegisterCase", 0};
  EXPECT_TRUE(MayTake(registration, the_case, Officer("li", v1::ROLE_REGISTRAR)));
  EXPECT_FALSE(MayTake(registration, the_case, Officer("wang", v1::ROLE_REGISTRAR)));
  EXPECT_FALSE(MayTake(registration, the_case, Officer("zhao", v1::ROLE_CITIZEN)));
}

TEST_F(QueuesTest, RegistrationIsDueInWorkingDays) {
  // Days one to five: Tuesday 3, Thursday 5 (Wednesday is closed), Friday 6, Monday 9,
  // Tuesday 10.
  const auto deadlines = DeadlinesOf(Accepted("plain"), On(kMonday));
  ASSERT_EQ(deadlines.size(), 1u);
  EXPECT_EQ(deadlines[0].kind(), v1::DEADLINE_KIND_REGISTRATION);
  EXPECT_EQ(deadlines[0].due_date(), "2026-03-10");
  EXPECT_EQ(deadlines[0].days_left(), 5);
  EXPECT_FALSE(deadlines[0].reminds());
  EXPECT_EQ(deadlines[0].source(), "IR 20");
  const auto near = DeadlinesOf(Accepted("plain"), On({2026, 3, 6}));
  EXPECT_EQ(near[0].days_left(), 2);
  EXPECT_TRUE(near[0].reminds());
  EXPECT_FALSE(near[0].overdue());
  const auto late = DeadlinesOf(Accepted("plain"), On({2026, 3, 12}));
  EXPECT_EQ(late[0].days_left(), -2);
  EXPECT_TRUE(late[0].overdue());
}

TEST_F(QueuesTest, AWaitingCaseIsDueForItsSupplementOnly) {
  const auto the_case = Accepted("plain", R"(stops { cause: CLOCK_STOP_CAUSE_SUPPLEMENT
      from_date: "2026-03-03" due_date: "2026-03-13" })");
  const auto deadlines = DeadlinesOf(the_case, On(kMonday));
  ASSERT_EQ(deadlines.size(), 1u);
  EXPECT_EQ(deadlines[0].kind(), v1::DEADLINE_KIND_SUPPLEMENT);
  EXPECT_EQ(deadlines[0].days_left(), 11);
  EXPECT_FALSE(HasRunOut(the_case, On({2026, 3, 13})));
  EXPECT_TRUE(HasRunOut(the_case, On({2026, 3, 14})));
  EXPECT_FALSE(HasRunOut(Accepted("plain"), On({2026, 3, 14})));
}

TEST_F(QueuesTest, ANoticeIsDueOnTheDayAfterItsLast) {
  auto the_case =
      Accepted("shown", R"(stops { cause: CLOCK_STOP_CAUSE_NOTICE from_date: "2026-03-03" }
      notice { until_date: "2026-03-24" })");
  the_case.set_state(v1::CASE_STATE_IN_NOTICE);
  const auto deadlines = DeadlinesOf(the_case, On(kMonday));
  ASSERT_EQ(deadlines.size(), 1u);
  EXPECT_EQ(deadlines[0].kind(), v1::DEADLINE_KIND_NOTICE_ENDS);
  EXPECT_EQ(deadlines[0].due_date(), "2026-03-25");
}

TEST_F(QueuesTest, ARegisteredCaseIsDueForTheArchive) {
  auto the_case = Accepted("plain", R"(registered_date: "2026-03-10")");
  the_case.set_state(v1::CASE_STATE_REGISTERED);
  const auto deadlines = DeadlinesOf(the_case, On({2026, 3, 10}));
  ASSERT_EQ(deadlines.size(), 1u);
  EXPECT_EQ(deadlines[0].kind(), v1::DEADLINE_KIND_ARCHIVE);
  EXPECT_EQ(deadlines[0].due_date(), "2026-03-17");
  the_case.set_state(v1::CASE_STATE_ARCHIVED);
  EXPECT_TRUE(DeadlinesOf(the_case, On({2026, 3, 10})).empty());
}

TEST_F(QueuesTest, CautionsLapseOnTheirDays) {
  const auto objection = Parse<v1::Caution>(R"(number: 9 state: RECORD_STATE_LIVE
      cause: CAUTION_CAUSE_OBJECTION effective_date: "2026-03-02" case_number: 4)");
  const auto deadline = DeadlineOf(objection, On(kMonday));
  ASSERT_TRUE(deadline.has_value());
  EXPECT_EQ(deadline->kind(), v1::DEADLINE_KIND_OBJECTION_LAPSES);
  EXPECT_EQ(deadline->due_date(), "2026-03-17");
  EXPECT_EQ(deadline->caution(), 9u);
  EXPECT_EQ(deadline->case_(), 4u);
  EXPECT_FALSE(HasRunOut(objection, On({2026, 3, 17})));
  EXPECT_TRUE(HasRunOut(objection, On({2026, 3, 18})));

  auto sued = objection;
  sued.set_step_date("2026-03-10");
  EXPECT_FALSE(DeadlineOf(sued, On(kMonday)).has_value());
  auto ended = objection;
  ended.set_state(v1::RECORD_STATE_ENDED);
  EXPECT_FALSE(DeadlineOf(ended, On(kMonday)).has_value());

  const auto seizure = Parse<v1::Caution>(R"(number: 10 state: RECORD_STATE_LIVE
      cause: CAUTION_CAUSE_SEIZURE effective_date: "2026-03-02" expiry_date: "2029-03-01")");
  EXPECT_EQ(DeadlineOf(seizure, On(kMonday))->kind(), v1::DEADLINE_KIND_SEIZURE_ENDS);
  EXPECT_EQ(DeadlineOf(seizure, On(kMonday))->due_date(), "2029-03-01");
}

TEST_F(QueuesTest, DeadlinesAreOrderedByDayThenKind) {
  v1::Deadline early;
  early.set_due_date("2026-03-02");
  v1::Deadline late;
  late.set_due_date("2026-03-03");
  EXPECT_LT(SortKeyOf(early), SortKeyOf(late));
  EXPECT_LT(SortKeyOf(late), SortKeyOf(v1::Deadline()));
}

}  // namespace
}  // namespace landbook::conveyance
