#include "services/conveyance/explainer.h"

#include <algorithm>
#include <utility>

#include "fmt/format.h"
#include "services/common/identity.h"
#include "services/conveyance/queues.h"
#include "services/law/documents.h"

namespace landbook::conveyance {
namespace {

using common::CivilDate;
using common::ParseCivilDate;
using common::Reason;
using Stub = RegistryClient::Stub;

// How far ahead of a day the calendar is read: no deadline is longer than a year of working days.
constexpr int kDaysAhead = 730;

bool Is(const v1::Refusal& refusal, Reason reason) {
  return refusal.number() == static_cast<std::uint32_t>(reason);
}

// True when time has cured it by the day: then it stands in the way no more.
bool IsCuredBy(const v1::Refusal& refusal, CivilDate day) {
  const auto from = ParseCivilDate(refusal.not_before());
  return refusal.cured_by_time() && from && *from <= day;
}

v1::Finding WarningOf(const v1::Refusal& refusal) {
  v1::Finding warning;
  warning.set_rule(refusal.rule());
  warning.set_severity(v1::SEVERITY_WARNING);
  warning.set_row(-1);
  warning.set_other_row(-1);
  warning.set_message_en(refusal.message_en());
  warning.set_message_zh(refusal.message_zh());
  return warning;
}

void Sort(const v1::CommitResponse& answer, CivilDate day, v1::ExplainResponse* explained) {
  for (const v1::Refusal& refusal : answer.refusals()) {
    if (IsCuredBy(refusal, day)) continue;
    if (Is(refusal, Reason::LAW_WARNS)) {
      *explained->add_warnings() = WarningOf(refusal);
    } else {
      *explained->add_refusals() = refusal;
    }
  }
  for (const v1::Finding& finding : answer.findings()) {
    if (finding.severity() == v1::SEVERITY_WARNING) *explained->add_warnings() = finding;
  }
}

void TellTime(v1::ExplainResponse* explained) {
  const auto& refusals = explained->refusals();
  const bool only_time = std::all_of(refusals.begin(), refusals.end(),
                                     [](const auto& refusal) { return refusal.cured_by_time(); });
  if (refusals.empty() || !only_time) return;
  explained->set_cured_by_time(true);
  for (const v1::Refusal& refusal : refusals) {
    if (refusal.not_before() > explained->not_before()) {
      explained->set_not_before(refusal.not_before());
    }
  }
}

// The documents of the kind's list that the book said were missing.
void TellMissing(const v1::CaseKind& kind, v1::ExplainResponse* explained) {
  for (const v1::DocumentRule& document : kind.documents()) {
    const std::string said = law::MissingSentence(document).chinese;
    const auto& refusals = explained->refusals();
    const bool missing =
        std::any_of(refusals.begin(), refusals.end(), [&](const v1::Refusal& refusal) {
          return Is(refusal, Reason::CASE_INCOMPLETE) && refusal.message_zh() == said;
        });
    if (!missing) continue;
    v1::MissingDocument& told = *explained->add_missing();
    told.set_kind(document.kind());
    told.set_title_zh(document.title_zh());
    told.set_title_en(document.title_en());
    const auto& own = document.source().document();
    told.set_source(own.empty() ? kind.source().document() : own);
  }
}

// What runs for the case, or would run from an acceptance on the day.
void TellDeadlines(const std::string& kind, const Circumstances& at,
                   v1::ExplainResponse* explained) {
  const law::RuleScope scope{.day = at.day, .division = at.division};
  if (const auto notice = at.law.rules.NoticeRuleFor(kind, scope)) {
    explained->set_notice_working_days(notice->working_days());
  }
  if (at.the_case != nullptr) {
    const auto deadlines = DeadlinesOf(*at.the_case, {at.law.rules, at.calendar, at.day});
    explained->mutable_deadlines()->Assign(deadlines.begin(), deadlines.end());
    return;
  }
  const auto rule = at.law.rules.DeadlineRuleFor("registration", kind, scope);
  if (!rule) return;
  v1::Deadline& deadline = *explained->add_deadlines();
  deadline.set_kind(v1::DEADLINE_KIND_REGISTRATION);
  deadline.set_due_date(
      common::FormatCivilDate(law::LastDayOf(at.day, law::PeriodOf(*rule), at.calendar)));
  deadline.set_days_left(static_cast<int>(rule->days()));
  deadline.set_source(rule->source().document());
}

v1::Refusal DayHasPassed(const std::string& day, CivilDate today) {
  return common::Refuse(Reason::VALUE_OUT_OF_RANGE, "day",
                        {fmt::format("{} has passed: today is {}. Ask for today or a later day.",
                                     day, common::FormatCivilDate(today)),
                         fmt::format("{} 已过，今天是 {}。请询问今天或者以后的日期。", day,
                                     common::FormatCivilDate(today))});
}

// The role that takes the commit: registrar for what registers, intake for what accepts.
v1::Role RoleFor(const v1::CommitRequest& commit) {
  const auto& acts = commit.commit().acts();
  const bool accepts = std::any_of(acts.begin(), acts.end(),
                                   [](const v1::Act& act) { return act.has_accept_case(); });
  return accepts ? v1::ROLE_INTAKE : v1::ROLE_REGISTRAR;
}

bool Takes(v1::Role role, v1::Role wanted) {
  return role == wanted || role == v1::ROLE_ADMINISTRATOR;
}

v1::CommitRequest AskedBy(const v1::ExplainRequest& request, const CallContext& call) {
  v1::CommitRequest commit;
  commit.set_county(request.county());
  commit.mutable_commit()->set_request_id("explain-" + call.request_id.substr(0, 48));
  return commit;
}

Question AboutApplication(const v1::ExplainRequest& request, const v1::Application& application,
                          const CallContext& call) {
  Question question;
  question.commit = AskedBy(request, call);
  v1::Commit& commit = *question.commit.mutable_commit();
  commit.set_legal_basis(application.legal_basis());
  *commit.add_acts()->mutable_accept_case()->mutable_application() = application;
  question.application = application;
  return question;
}

Question AboutCommit(const v1::ExplainRequest& request, const CallContext& call) {
  Question question;
  question.commit = AskedBy(request, call);
  const std::string own_id = question.commit.commit().request_id();
  *question.commit.mutable_commit() = request.commit();
  if (request.commit().request_id().empty()) {
    question.commit.mutable_commit()->set_request_id(own_id);
  }
  for (const v1::Act& act : request.commit().acts()) {
    if (act.has_accept_case()) question.application = act.accept_case().application();
  }
  return question;
}

}  // namespace

CallContext InOwnName(const CallContext& call, v1::Role role, std::string_view county) {
  CallContext own = call;
  own.actor.Clear();
  own.actor.set_principal(kServicePrincipal);
  own.actor.set_role(role);
  own.actor.set_county(std::string(county));
  return own;
}

v1::ExplainResponse ExplanationOf(const v1::CommitResponse& answer,
                                  const std::optional<v1::Application>& application,
                                  const Circumstances& at) {
  v1::ExplainResponse explained;
  Sort(answer, at.day, &explained);
  TellTime(&explained);
  explained.set_pack(at.law.policy.code());
  explained.set_pack_version(at.law.policy.version());
  if (!application) return explained;
  const auto kind =
      at.law.rules.CaseKindNamed(application->kind(), {.day = at.day, .division = at.division});
  if (!kind) return explained;
  *explained.mutable_case_kind() = *kind;
  TellMissing(*kind, &explained);
  TellDeadlines(application->kind(), at, &explained);
  return explained;
}

Task<Outcome<Question>> Explainer::AboutDraft(const CallContext& call,
                                              const v1::ExplainRequest& request) {
  auto kept = parts_.drafts.Get(call.actor, {request.county(), request.draft()});
  if (!kept.ok()) co_return Outcome<Question>(std::move(kept.refusals()));
  co_return Outcome<Question>(AboutApplication(request, kept->draft.application(), call));
}

Task<Outcome<Question>> Explainer::AboutCase(const CallContext& call,
                                             const v1::ExplainRequest& request) {
  CaseDesk::CaseAt wanted;
  wanted.county = request.county();
  wanted.number_or_code = std::to_string(request.case_());
  const auto the_case = co_await parts_.cases.GetCase(call, std::move(wanted));
  if (!the_case.ok()) co_return Outcome<Question>(the_case.refusals());
  v1::RegisterCaseRequest registration;
  registration.set_county(request.county());
  registration.set_request_id("explain-" + call.request_id.substr(0, 48));
  registration.mutable_registration()->mutable_case_()->set_number(request.case_());
  registration.mutable_registration()->set_etag(the_case->etag());
  auto planned = co_await parts_.cases.PlanRegistration(call, registration);
  if (!planned.ok()) co_return Outcome<Question>(std::move(planned.refusals()));
  Question question;
  question.commit = std::move(planned->commit);
  question.application = std::move(planned->application);
  question.pack = planned->the_case.pack();
  question.the_case = std::move(planned->the_case);
  co_return Outcome<Question>(std::move(question));
}

Task<Outcome<Question>> Explainer::QuestionOf(const CallContext& call,
                                              const v1::ExplainRequest& request) {
  switch (request.subject_case()) {
    case v1::ExplainRequest::kDraft:
      co_return co_await AboutDraft(call, request);
    case v1::ExplainRequest::kCase:
      co_return co_await AboutCase(call, request);
    case v1::ExplainRequest::kApplication:
      co_return Outcome<Question>(AboutApplication(request, request.application(), call));
    default:  // the door lets nothing in that names no subject
      co_return Outcome<Question>(AboutCommit(request, call));
  }
}

Task<std::string> Explainer::DivisionOf(const CallContext& call, std::string county,
                                        const std::optional<v1::Application>& application) {
  if (!application || application->units().empty()) co_return std::string();
  v1::GetUnitRequest unit_request;
  unit_request.set_county(county);
  unit_request.set_unit(NumberOrCode(application->units(0)));
  if (unit_request.unit().empty()) co_return std::string();
  const auto unit = co_await parts_.registry.Ask<v1::GetUnitRequest, v1::Unit>(
      &Stub::GetUnit, call, std::move(unit_request));
  if (!unit.ok()) co_return std::string();
  v1::GetPlotRequest plot_request;
  plot_request.set_county(county);
  plot_request.set_plot(std::to_string(unit->plot()));
  const auto plot = co_await parts_.registry.Ask<v1::GetPlotRequest, v1::Plot>(
      &Stub::GetPlot, call, std::move(plot_request));
  co_return plot.ok() ? plot->division() : std::string();
}

Task<Outcome<v1::ExplainResponse>> Explainer::Explain(const CallContext& call,
                                                      const v1::ExplainRequest& request) {
  using Result = Outcome<v1::ExplainResponse>;
  const auto in_force = co_await parts_.laws.Read(call, request.county(), 0);
  if (!in_force.ok()) co_return Result(in_force.refusals());
  const CivilDate today = parts_.laws.TodayBy(**in_force);
  const CivilDate day = ParseCivilDate(request.day()).value_or(today);
  if (day < today) co_return Result(DayHasPassed(request.day(), today));

  auto question = co_await QuestionOf(call, request);
  if (!question.ok()) co_return Result(std::move(question.refusals()));
  const auto governing = co_await parts_.laws.Read(call, request.county(), question->pack);
  if (!governing.ok()) co_return Result(governing.refusals());
  const v1::Case* the_case = question->the_case ? &*question->the_case : nullptr;
  const auto accepted = ParseCivilDate(the_case == nullptr ? "" : the_case->accepted_date());
  const DayRange range{accepted.value_or(day), common::AddDays(day, kDaysAhead)};
  const auto days = co_await parts_.laws.ReadDays(call, request.county(), range);
  if (!days.ok()) co_return Result(days.refusals());

  const v1::Role wanted = RoleFor(question->commit);
  const bool own = !Takes(call.actor.role(), wanted) && !request.has_commit();
  const CallContext asker = own ? InOwnName(call, wanted, request.county()) : call;
  question->commit.set_validate_only(true);
  const v1::CommitRequest commit = question->commit;
  const auto answer = co_await parts_.registry.Ask<v1::CommitRequest, v1::CommitResponse>(
      &Stub::Commit, asker, commit);
  if (!answer.ok()) co_return Result(answer.refusals());
  const std::string division = co_await DivisionOf(asker, request.county(), question->application);
  const law::Calendar calendar(**days);
  co_return Result(ExplanationOf(*answer, question->application,
                                 {**governing, calendar, day, division, the_case}));
}

}  // namespace landbook::conveyance
