#include "services/conveyance/duty_desk.h"

#include <algorithm>
#include <iterator>
#include <optional>
#include <utility>

#include "fmt/format.h"
#include "services/conveyance/case_steps.h"
#include "services/conveyance/paging.h"

namespace landbook::conveyance {
namespace {

using common::CivilDate;
using common::ParseCivilDate;
using common::Reason;
using Stub = RegistryClient::Stub;

// How far ahead of today calendars are read: no deadline that runs ends later.
constexpr int kDaysAhead = 730;
// How far back at most: an older case counts from there on Mondays to Fridays.
constexpr int kDaysBack = 3'650;
constexpr int kCalendarDaysMax = 1'000;

const std::vector<v1::CaseState>& OpenStates() {
  static const std::vector<v1::CaseState> kStates = {
      v1::CASE_STATE_ACCEPTED, v1::CASE_STATE_IN_NOTICE, v1::CASE_STATE_REVIEWED};
  return kStates;
}

// Those in which somebody still has something to do.
const std::vector<v1::CaseState>& UnarchivedStates() {
  static const std::vector<v1::CaseState> kStates = {
      v1::CASE_STATE_ACCEPTED,   v1::CASE_STATE_IN_NOTICE, v1::CASE_STATE_REVIEWED,
      v1::CASE_STATE_REGISTERED, v1::CASE_STATE_REFUSED,   v1::CASE_STATE_RETRACTED,
      v1::CASE_STATE_LAPSED};
  return kStates;
}

// Who has which case.
using Assignees = std::map<std::uint64_t, std::string>;

Outcome<Assignees> AssigneesOf(const DraftStore& drafts, std::string_view county) {
  const auto assignments = drafts.Assignments(county);
  if (!assignments.ok()) return assignments.refusals();
  Assignees assignees;
  for (const v1::Assignment& assignment : *assignments) {
    assignees[assignment.case_()] = assignment.principal();
  }
  return assignees;
}

std::string AssigneeOf(const Assignees& assignees, std::uint64_t the_case) {
  const auto found = assignees.find(the_case);
  return found == assignees.end() ? "" : found->second;
}

// The first day on which anything that is looked at began.
CivilDate EarliestOf(const std::vector<v1::Case>& cases, CivilDate today) {
  CivilDate earliest = today;
  for (const v1::Case& the_case : cases) {
    earliest = std::min(earliest, ParseCivilDate(the_case.accepted_date()).value_or(today));
  }
  return std::max(earliest, common::AddDays(today, -kDaysBack));
}

// A case in the queue of an officer; nullopt when it is not for the officer.
std::optional<v1::QueuedCase> QueuedOf(const v1::Case& the_case, const Outlook& outlook,
                                       const v1::Actor& officer) {
  const auto step = NextStepOf(the_case, outlook);
  if (!step || !MayTake(*step, the_case, officer)) return std::nullopt;
  v1::QueuedCase queued;
  *queued.mutable_case_() = the_case;
  queued.set_next_step(std::string(step->verb));
  queued.set_review_step(step->review_step);
  const auto deadlines = DeadlinesOf(the_case, outlook);
  if (!deadlines.empty()) *queued.mutable_deadline() = deadlines.front();
  return queued;
}

bool IsWanted(const v1::Deadline& deadline, const v1::ListDeadlinesRequest& request) {
  if (!request.until_date().empty() && deadline.due_date() > request.until_date()) return false;
  if (request.overdue_only() && !deadline.overdue()) return false;
  if (request.reminding_only() && !deadline.reminds()) return false;
  return request.principal().empty() || deadline.assigned_to() == request.principal();
}

// What a lapse was refused for because there is nothing to end any more: somebody was first, the
// step was shown, or the last day was moved.
bool IsNoLongerDue(const common::RefusalList& refusals) {
  return std::all_of(refusals.begin(), refusals.end(), [](const v1::Refusal& refusal) {
    const auto is = [&](Reason reason) {
      return refusal.number() == static_cast<std::uint32_t>(reason);
    };
    return is(Reason::RECORD_ENDED) || is(Reason::RECORD_MOVED) ||
           is(Reason::CASE_STEP_OUT_OF_ORDER) || is(Reason::PERIOD_RUNNING);
  });
}

v1::Refusal RangeRefused(const v1::ListCalendarRequest& request) {
  return common::Refuse(
      Reason::VALUE_OUT_OF_RANGE, "until_date",
      {fmt::format("{} to {} was asked for; the last day lies 0 to {} days after the first.",
                   request.from_date(), request.until_date(), kCalendarDaysMax),
       fmt::format("查询区间为 {} 至 {}；末日须在首日之后 0 至 {} 天内。", request.from_date(),
                   request.until_date(), kCalendarDaysMax)});
}

v1::Refusal NoSubject() {
  return common::Refuse(Reason::REFERENCE_MISSING, "case",
                        {"A reminder is about one case or one caution. Name which.",
                         "提醒须针对一个案件或者一项限制登记，请指明。"});
}

}  // namespace

const Law& OfficeDay::LawOf(const v1::Case& the_case) const {
  const auto found = accepted_under.find(the_case.pack());
  return found == accepted_under.end() ? *in_force : *found->second;
}

Task<Outcome<OfficeDay>> DutyDesk::Look(const CallContext& call, std::string county,
                                        std::vector<v1::CaseState> states) {
  OfficeDay office;
  auto in_force = co_await parts_.laws.Read(call, county, 0);
  if (!in_force.ok()) co_return Outcome<OfficeDay>(std::move(in_force.refusals()));
  office.in_force = *std::move(in_force);
  office.today = parts_.laws.TodayBy(*office.in_force);
  v1::ListCasesRequest request;
  request.set_county(county);
  for (const v1::CaseState state : states) request.add_states(state);
  auto cases = co_await parts_.registry.AskAll<v1::ListCasesRequest, v1::ListCasesResponse>(
      &Stub::ListCases, call, std::move(request));
  if (!cases.ok()) co_return Outcome<OfficeDay>(std::move(cases.refusals()));
  office.cases.assign(cases->cases().begin(), cases->cases().end());
  for (const v1::Case& the_case : office.cases) {
    if (the_case.pack() == 0 || office.accepted_under.contains(the_case.pack())) continue;
    auto law = co_await parts_.laws.Read(call, county, the_case.pack());
    if (!law.ok()) co_return Outcome<OfficeDay>(std::move(law.refusals()));
    office.accepted_under[the_case.pack()] = *std::move(law);
  }
  const DayRange range{EarliestOf(office.cases, office.today),
                       common::AddDays(office.today, kDaysAhead)};
  auto days = co_await parts_.laws.ReadDays(call, county, range);
  if (!days.ok()) co_return Outcome<OfficeDay>(std::move(days.refusals()));
  office.days = *std::move(days);
  co_return Outcome<OfficeDay>(std::move(office));
}

Task<Outcome<std::vector<v1::Caution>>> DutyDesk::LapsingCautions(const CallContext& call,
                                                                  std::string county) {
  using Result = Outcome<std::vector<v1::Caution>>;
  v1::ListCautionsRequest request;
  request.set_county(county);
  const auto cautions =
      co_await parts_.registry.AskAll<v1::ListCautionsRequest, v1::ListCautionsResponse>(
          &Stub::ListCautions, call, std::move(request));
  if (!cautions.ok()) co_return Result(cautions.refusals());
  co_return Result(
      std::vector<v1::Caution>(cautions->cautions().begin(), cautions->cautions().end()));
}

Task<Outcome<v1::ListQueueResponse>> DutyDesk::ListQueue(const CallContext& call,
                                                         const v1::ListQueueRequest& request) {
  using Result = Outcome<v1::ListQueueResponse>;
  const auto office = co_await Look(call, request.county(), UnarchivedStates());
  if (!office.ok()) co_return Result(office.refusals());
  const auto assignees = AssigneesOf(parts_.drafts, request.county());
  if (!assignees.ok()) co_return Result(assignees.refusals());
  v1::Actor officer = call.actor;
  if (!request.principal().empty()) officer.set_principal(request.principal());
  const law::Calendar calendar(*office->days);
  std::vector<Keyed<v1::QueuedCase>> queue;
  for (const v1::Case& the_case : office->cases) {
    const std::string assignee = AssigneeOf(*assignees, the_case.number());
    const bool for_officer =
        assignee == officer.principal() || (assignee.empty() && !request.assigned_only());
    if (!for_officer) continue;
    auto queued =
        QueuedOf(the_case, {office->LawOf(the_case).rules, calendar, office->today}, officer);
    if (!queued) continue;
    queued->set_assigned_to(assignee);
    queued->mutable_deadline()->set_assigned_to(assignee);
    queued->mutable_deadline()->set_case_(the_case.number());
    std::string key = SortKeyOf(queued->deadline());
    queue.push_back({std::move(key), *std::move(queued)});
  }
  auto page = PageOf(std::move(queue), request);
  if (!page.ok()) co_return Result(std::move(page.refusals()));
  v1::ListQueueResponse response;
  for (v1::QueuedCase& queued : page->items) *response.add_cases() = std::move(queued);
  response.set_next_page_token(page->next_page_token);
  co_return Result(std::move(response));
}

Task<Outcome<v1::Assignment>> DutyDesk::AssignCase(const CallContext& call,
                                                   const v1::AssignCaseRequest& request) {
  v1::GetCaseRequest wanted;
  wanted.set_county(request.county());
  wanted.set_case_(std::to_string(request.case_()));
  const auto the_case = co_await parts_.registry.Ask<v1::GetCaseRequest, v1::Case>(
      &Stub::GetCase, call, std::move(wanted));
  if (!the_case.ok()) co_return Outcome<v1::Assignment>(the_case.refusals());
  v1::Assignment assignment;
  assignment.set_case_(request.case_());
  assignment.set_principal(request.principal());
  assignment.set_assigned_by(call.actor.principal());
  co_return parts_.drafts.Assign(request.county(), assignment);
}

Task<Outcome<v1::ListDeadlinesResponse>> DutyDesk::ListDeadlines(
    const CallContext& call, const v1::ListDeadlinesRequest& request) {
  using Result = Outcome<v1::ListDeadlinesResponse>;
  const auto office = co_await Look(call, request.county(), UnarchivedStates());
  if (!office.ok()) co_return Result(office.refusals());
  const auto cautions = co_await LapsingCautions(call, request.county());
  if (!cautions.ok()) co_return Result(cautions.refusals());
  const auto assignees = AssigneesOf(parts_.drafts, request.county());
  if (!assignees.ok()) co_return Result(assignees.refusals());
  const auto seen = parts_.drafts.Acknowledged(request.county());
  if (!seen.ok()) co_return Result(seen.refusals());

  const law::Calendar calendar(*office->days);
  std::vector<v1::Deadline> all;
  for (const v1::Case& the_case : office->cases) {
    auto some = DeadlinesOf(the_case, {office->LawOf(the_case).rules, calendar, office->today});
    std::move(some.begin(), some.end(), std::back_inserter(all));
  }
  for (const v1::Caution& caution : *cautions) {
    auto one = DeadlineOf(caution, {office->in_force->rules, calendar, office->today});
    if (one) all.push_back(*std::move(one));
  }
  std::vector<Keyed<v1::Deadline>> deadlines;
  for (v1::Deadline& deadline : all) {
    deadline.set_assigned_to(AssigneeOf(*assignees, deadline.case_()));
    if (std::binary_search(seen->begin(), seen->end(), ReminderOf(deadline))) {
      deadline.set_reminds(false);
    }
    if (IsWanted(deadline, request)) {
      deadlines.push_back({SortKeyOf(deadline), std::move(deadline)});
    }
  }
  auto page = PageOf(std::move(deadlines), request);
  if (!page.ok()) co_return Result(std::move(page.refusals()));
  v1::ListDeadlinesResponse response;
  for (v1::Deadline& deadline : page->items) *response.add_deadlines() = std::move(deadline);
  response.set_next_page_token(page->next_page_token);
  co_return Result(std::move(response));
}

Task<Outcome<v1::AcknowledgeReminderResponse>> DutyDesk::AcknowledgeReminder(
    const CallContext& call, const v1::AcknowledgeReminderRequest& request) {
  using Result = Outcome<v1::AcknowledgeReminderResponse>;
  if (request.case_() == 0 && request.caution() == 0) co_return Result(NoSubject());
  const auto admitted = co_await parts_.laws.Read(call, request.county(), 0);
  if (!admitted.ok()) co_return Result(admitted.refusals());
  const auto kept = parts_.drafts.Acknowledge(
      request.county(), {request.kind(), request.case_(), request.caution(), request.due_date()});
  if (!kept.ok()) co_return Result(kept.refusals());
  co_return Result(v1::AcknowledgeReminderResponse());
}

Task<Outcome<v1::ListCalendarResponse>> DutyDesk::ListCalendar(
    const CallContext& call, const v1::ListCalendarRequest& request) {
  using Result = Outcome<v1::ListCalendarResponse>;
  const CivilDate from = *ParseCivilDate(request.from_date());
  const CivilDate until = *ParseCivilDate(request.until_date());
  if (until < from || until > common::AddDays(from, kCalendarDaysMax)) {
    co_return Result(RangeRefused(request));
  }
  const DayRange range{from, until};
  const auto days = co_await parts_.laws.ReadDays(call, request.county(), range);
  if (!days.ok()) co_return Result(days.refusals());
  const law::Calendar calendar(**days);
  v1::ListCalendarResponse response;
  std::uint32_t working = 0;
  for (CivilDate day = from; day <= until; day = common::AddDays(day, 1)) {
    if (calendar.IsWorkingDay(day)) ++working;
    auto said = law::Find<v1::CalendarDay>(**days, law::CalendarDayNumber(day));
    if (said) *response.add_exceptions() = *std::move(said);
  }
  response.set_working_days(working);
  co_return Result(std::move(response));
}

Task<Outcome<v1::ListCaseKindsResponse>> DutyDesk::ListCaseKinds(
    const CallContext& call, const v1::ListCaseKindsRequest& request) {
  using Result = Outcome<v1::ListCaseKindsResponse>;
  const auto in_force = co_await parts_.laws.Read(call, request.county(), 0);
  if (!in_force.ok()) co_return Result(in_force.refusals());
  const Law& law = **in_force;
  const law::RuleScope scope{.day = parts_.laws.TodayBy(law), .division = request.county()};
  v1::ListCaseKindsResponse response;
  for (v1::CaseKind& kind : law.CaseKinds(scope)) {
    *response.add_case_kinds() = std::move(kind);
  }
  co_return Result(std::move(response));
}

Task<Outcome<bool>> DutyDesk::Lapse(const CallContext& call, v1::CommitRequest commit) {
  const auto lapsed = co_await parts_.registry.Ask<v1::CommitRequest, v1::CommitResponse>(
      &Stub::Commit, call, std::move(commit));
  if (lapsed.ok()) co_return Outcome<bool>(true);
  if (IsNoLongerDue(lapsed.refusals())) co_return Outcome<bool>(false);
  co_return Outcome<bool>(lapsed.refusals());
}

Task<Outcome<v1::LapseDueResponse>> DutyDesk::LapseDue(const CallContext& call,
                                                       const v1::LapseDueRequest& request) {
  using Result = Outcome<v1::LapseDueResponse>;
  const auto office = co_await Look(call, request.county(), OpenStates());
  if (!office.ok()) co_return Result(office.refusals());
  const auto cautions = co_await LapsingCautions(call, request.county());
  if (!cautions.ok()) co_return Result(cautions.refusals());
  const law::Calendar calendar(*office->days);
  v1::LapseDueResponse response;
  for (const v1::Caution& caution : *cautions) {
    if (!HasRunOut(caution, {office->in_force->rules, calendar, office->today})) continue;
    const Lapsed run_out{request.county(), caution.number(), caution.etag()};
    const auto lapsed = co_await Lapse(call, LapseOfCaution(run_out));
    if (!lapsed.ok()) co_return Result(lapsed.refusals());
    if (*lapsed) response.add_cautions(caution.number());
  }
  for (const v1::Case& the_case : office->cases) {
    if (!HasRunOut(the_case, {office->LawOf(the_case).rules, calendar, office->today})) continue;
    const Lapsed run_out{request.county(), the_case.number(), the_case.etag()};
    const auto lapsed = co_await Lapse(call, LapseOfCase(run_out));
    if (!lapsed.ok()) co_return Result(lapsed.refusals());
    if (*lapsed) response.add_cases(the_case.number());
  }
  co_return Result(std::move(response));
}

}  // namespace landbook::conveyance
