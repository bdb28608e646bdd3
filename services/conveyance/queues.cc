#include "services/conveyance/queues.h"

#include <algorithm>

#include "fmt/format.h"
#include "services/common/identity.h"
#include "services/law/case_progress.h"
#include "storage/check.h"

namespace landbook::conveyance {
namespace {

using common::CivilDate;
using common::FormatCivilDate;
using common::ParseCivilDate;

constexpr NextStep Step(std::string_view verb) { return {.verb = verb}; }

// A case's code begins with its county's, which is where packs are asked.
law::RuleScope ScopeOf(const v1::Case& the_case, const Outlook& outlook) {
  return {.day = ParseCivilDate(the_case.accepted_date()).value_or(outlook.today),
          .division = the_case.code()};
}

std::uint32_t ReviewStepsOf(const v1::Case& the_case, const Outlook& outlook) {
  const auto kind = outlook.rules.CaseKindNamed(the_case.kind(), ScopeOf(the_case, outlook));
  return kind ? kind->review_steps() : 1;
}

bool IsNoticeDue(const v1::Case& the_case, const Outlook& outlook) {
  return outlook.rules.NoticeRuleFor(the_case.kind(), ScopeOf(the_case, outlook)).has_value();
}

bool NoticeIsOver(const v1::Case& the_case, CivilDate today) {
  const auto until = ParseCivilDate(the_case.notice().until_date());
  return until && *until < today;
}

// What follows an open stop; nullopt when none is open, or only the notice's own.
std::optional<NextStep> StepAfterStop(const v1::Case& the_case) {
  const v1::ClockStop* stop = law::OpenStop(the_case);
  if (stop == nullptr || stop->cause() == v1::CLOCK_STOP_CAUSE_NOTICE) return std::nullopt;
  return Step(stop->cause() == v1::CLOCK_STOP_CAUSE_SUPPLEMENT ? "SupplementCase" : "ResumeCase");
}

NextStep StepOfAccepted(const v1::Case& the_case, const Outlook& outlook) {
  const std::uint32_t passed = law::StepsPassed(the_case);
  if (passed < ReviewStepsOf(the_case, outlook)) {
    return {.verb = "ReviewCase", .review_step = passed + 1};
  }
  return Step(IsNoticeDue(the_case, outlook) && !the_case.has_notice() ? "BeginNotice"
                                                                       : "RegisterCase");
}

// How many days lie after today up to the last one, negative when that is over; counted as the
// limit counts them.
int DaysLeft(CivilDate due, bool working, const Outlook& outlook) {
  const bool over = due < outlook.today;
  int days = 0;
  for (CivilDate day = std::min(due, outlook.today); day < std::max(due, outlook.today);) {
    day = common::AddDays(day, 1);
    if (!working || outlook.calendar.IsWorkingDay(day)) ++days;
  }
  return over ? -days : days;
}

// A limit as a pack sets it, for what has no rule of its own: counted in calendar days, not
// reminded of.
struct Limit {
  bool working = false;
  std::uint32_t remind_days_before = 0;
  std::string source;
};

Limit LimitOf(const std::optional<v1::DeadlineRule>& rule) {
  if (!rule) return {};
  return {rule->working(), rule->remind_days_before(), rule->source().document()};
}

v1::Deadline DeadlineAt(v1::DeadlineKind kind, CivilDate due, const Limit& limit,
                        const Outlook& outlook) {
  v1::Deadline deadline;
  deadline.set_kind(kind);
  deadline.set_due_date(FormatCivilDate(due));
  deadline.set_days_left(DaysLeft(due, limit.working, outlook));
  deadline.set_overdue(due < outlook.today);
  deadline.set_reminds(limit.remind_days_before > 0 &&
                       deadline.days_left() <= static_cast<int>(limit.remind_days_before));
  deadline.set_source(limit.source);
  return deadline;
}

std::optional<v1::Deadline> RegistrationDeadline(const v1::Case& the_case, const Outlook& outlook) {
  const auto clock = law::ClockOf(the_case, outlook.rules, outlook.calendar, outlook.today);
  if (!clock || clock->stopped) return std::nullopt;
  const auto rule =
      outlook.rules.DeadlineRuleFor("registration", the_case.kind(), ScopeOf(the_case, outlook));
  return DeadlineAt(v1::DEADLINE_KIND_REGISTRATION, clock->due, LimitOf(rule), outlook);
}

std::optional<v1::Deadline> SupplementDeadline(const v1::Case& the_case, const Outlook& outlook) {
  const v1::ClockStop* stop = law::OpenStop(the_case);
  if (stop == nullptr || stop->cause() != v1::CLOCK_STOP_CAUSE_SUPPLEMENT) return std::nullopt;
  const auto due = ParseCivilDate(stop->due_date());
  if (!due) return std::nullopt;
  const auto rule =
      outlook.rules.DeadlineRuleFor("supplement", the_case.kind(), ScopeOf(the_case, outlook));
  return DeadlineAt(v1::DEADLINE_KIND_SUPPLEMENT, *due, LimitOf(rule), outlook);
}

std::optional<v1::Deadline> NoticeDeadline(const v1::Case& the_case, const Outlook& outlook) {
  if (the_case.state() != v1::CASE_STATE_IN_NOTICE) return std::nullopt;
  const auto until = ParseCivilDate(the_case.notice().until_date());
  if (!until) return std::nullopt;
  const auto rule = outlook.rules.NoticeRuleFor(the_case.kind(), ScopeOf(the_case, outlook));
  const Limit limit{.working = true, .source = rule ? rule->source().document() : ""};
  return DeadlineAt(v1::DEADLINE_KIND_NOTICE_ENDS, common::AddDays(*until, 1), limit, outlook);
}

// The day on which the case ended, one way or the other; nullopt while it is open, and once
// archived.
std::optional<CivilDate> EndOf(const v1::Case& the_case) {
  if (the_case.state() == v1::CASE_STATE_ARCHIVED) return std::nullopt;
  return ParseCivilDate(the_case.registered_date().empty() ? the_case.ended_date()
                                                           : the_case.registered_date());
}

std::optional<v1::Deadline> ArchiveDeadline(const v1::Case& the_case, const Outlook& outlook) {
  const auto ended = EndOf(the_case);
  const auto rule =
      outlook.rules.DeadlineRuleFor("archive", the_case.kind(), ScopeOf(the_case, outlook));
  if (!ended || !rule) return std::nullopt;
  const auto due = law::LastDayOf(*ended, law::PeriodOf(*rule), outlook.calendar);
  return DeadlineAt(v1::DEADLINE_KIND_ARCHIVE, due, LimitOf(rule), outlook);
}

// By which limit a caution of the cause lapses; nullopt for one that only has a last day.
struct LapseWords {
  v1::DeadlineKind kind;
  const char* matter;
};
std::optional<LapseWords> LapseWordsOf(v1::CautionCause cause) {
  switch (cause) {
    case v1::CAUTION_CAUSE_OBJECTION:
      return LapseWords{v1::DEADLINE_KIND_OBJECTION_LAPSES, "objection-lawsuit"};
    case v1::CAUTION_CAUSE_ADVANCE_NOTICE:
      return LapseWords{v1::DEADLINE_KIND_ADVANCE_NOTICE_LAPSES, "advance-notice"};
    default:
      return std::nullopt;
  }
}

// The day on which the caution lapses for want of the step that law asks for.
std::optional<v1::Deadline> LapseDeadline(const v1::Caution& caution, const Outlook& outlook) {
  const auto words = LapseWordsOf(caution.cause());
  const auto day = law::LapseDayOf(caution, outlook.rules, outlook.calendar);
  if (!words || !day) return std::nullopt;
  const auto rule = outlook.rules.DeadlineRuleFor(words->matter, "", {.day = outlook.today});
  return DeadlineAt(words->kind, *day, LimitOf(rule), outlook);
}

// The last day that the caution was placed for.
std::optional<v1::Deadline> ExpiryDeadline(const v1::Caution& caution, const Outlook& outlook) {
  const auto day = ParseCivilDate(caution.expiry_date());
  if (!day) return std::nullopt;
  return DeadlineAt(v1::DEADLINE_KIND_SEIZURE_ENDS, *day, {}, outlook);
}

const google::protobuf::ServiceDescriptor& Verbs() {
  return *v1::Draft::descriptor()->file()->FindServiceByName("ConveyanceService");
}

}  // namespace

std::optional<NextStep> NextStepOf(const v1::Case& the_case, const Outlook& outlook) {
  if (auto stopped = StepAfterStop(the_case)) return stopped;
  switch (the_case.state()) {
    case v1::CASE_STATE_ACCEPTED:
      return StepOfAccepted(the_case, outlook);
    case v1::CASE_STATE_IN_NOTICE:
      if (!NoticeIsOver(the_case, outlook.today)) return std::nullopt;
      return Step("ConcludeNotice");
    case v1::CASE_STATE_REVIEWED:
      return Step("RegisterCase");
    case v1::CASE_STATE_REGISTERED:
    case v1::CASE_STATE_REFUSED:
    case v1::CASE_STATE_RETRACTED:
    case v1::CASE_STATE_LAPSED:
      return Step("ArchiveCase");
    default:
      return std::nullopt;
  }
}

bool MayTake(const NextStep& step, const v1::Case& the_case, const v1::Actor& officer) {
  const auto* method = Verbs().FindMethodByName(std::string(step.verb));
  LANDBOOK_CHECK(method != nullptr);
  if (common::CheckRole(officer, *method)) return false;
  const bool reviewed = law::HasReviewed(the_case, officer.principal());
  if (step.verb == "ReviewCase") return !reviewed && the_case.accepted_by() != officer.principal();
  return step.verb != "RegisterCase" || !reviewed;
}

std::vector<v1::Deadline> DeadlinesOf(const v1::Case& the_case, const Outlook& outlook) {
  std::vector<v1::Deadline> deadlines;
  for (auto deadline :
       {RegistrationDeadline(the_case, outlook), SupplementDeadline(the_case, outlook),
        NoticeDeadline(the_case, outlook), ArchiveDeadline(the_case, outlook)}) {
    if (!deadline) continue;
    deadline->set_case_(the_case.number());
    deadlines.push_back(*std::move(deadline));
  }
  std::sort(deadlines.begin(), deadlines.end(),
            [](const auto& a, const auto& b) { return SortKeyOf(a) < SortKeyOf(b); });
  return deadlines;
}

std::optional<v1::Deadline> DeadlineOf(const v1::Caution& caution, const Outlook& outlook) {
  if (caution.state() != v1::RECORD_STATE_LIVE) return std::nullopt;
  auto deadline = LapseDeadline(caution, outlook);
  auto expiry = ExpiryDeadline(caution, outlook);
  if (!deadline || (expiry && expiry->due_date() < deadline->due_date())) deadline = expiry;
  if (!deadline) return std::nullopt;
  deadline->set_caution(caution.number());
  deadline->set_case_(caution.case_number());
  return deadline;
}

bool HasRunOut(const v1::Caution& caution, const Outlook& outlook) {
  const auto deadline = DeadlineOf(caution, outlook);
  return deadline && deadline->overdue();
}

bool HasRunOut(const v1::Case& the_case, const Outlook& outlook) {
  const auto deadline = SupplementDeadline(the_case, outlook);
  return deadline && deadline->overdue();
}

Reminder ReminderOf(const v1::Deadline& deadline) {
  return {deadline.kind(), deadline.case_(), deadline.caution(), deadline.due_date()};
}

std::string SortKeyOf(const v1::Deadline& deadline) {
  const std::string due = deadline.due_date().empty() ? "9999-99-99" : deadline.due_date();
  return fmt::format("{} {:02} {:020} {:020}", due, static_cast<int>(deadline.kind()),
                     deadline.case_(), deadline.caution());
}

}  // namespace landbook::conveyance
