// Cases: the order of the steps, who may take which, and that what is registered is what was
// accepted (Interim Regulations on Real Estate Registration 10-22).
#include <algorithm>
#include <array>
#include <initializer_list>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "fmt/format.h"
#include "landbook/v1/options.pb.h"
#include "services/law/case_progress.h"
#include "services/law/planned.h"
#include "services/law/rule.h"

namespace landbook::law {
namespace {

using Act = v1::Act;

void RefuseNoCase(Answer* answer) {
  answer->Refuse(Reason::CASE_STEP_OUT_OF_ORDER, "case",
                 {"The step is of no case of the book.", "登记簿中没有该案件。"});
}

// --- K-01: registration is by a case; by hand only an administrator's with a document.

// The acts that the contract says need no case; read once, for an import brings ten thousand acts.
const std::set<Act::ActCase>& ActsWithoutCase() {
  static const auto* const kActs = [] {
    auto* acts = new std::set<Act::ActCase>;
    const auto* all = Act::descriptor()->oneof_decl(0);
    for (int i = 0; i < all->field_count(); ++i) {
      const auto* act = all->field(i);
      if (act->options().GetExtension(v1::act_access).by_case()) continue;
      acts->insert(static_cast<Act::ActCase>(act->number()));
    }
    return acts;
  }();
  return *kActs;
}

void AskByCase(const Question& question, Answer* answer) {
  const auto& acts = question.commit->acts();
  const bool registers =
      std::any_of(acts.begin(), acts.end(), [](const Act& act) { return act.has_register_case(); });
  if (!question.book_open || question.at_acceptance || registers ||
      IsByAdministratorsHand(question)) {
    return;
  }
  for (int i = 0; i < acts.size(); ++i) {
    if (ActsWithoutCase().contains(acts[i].act_case())) continue;
    answer->AboutAct(static_cast<std::uint32_t>(i));
    answer->Refuse(
        Reason::CASE_REQUIRED, "",
        {"The book is open: the act is registered with an accepted case, or by an administrator's "
         "hand under a document number. Bring an application for it (landbook case apply), or "
         "have an administrator commit it under the document that instructs it.",
         "登记簿已启用：该行为须经案件受理后登簿；直接提交的，限系统管理员并须写明文号。请提交申请"
         "，"
         "或由系统管理员依批准文件直接提交。"});
  }
}

// --- K-04: steps come in their order.

bool IsIn(v1::CaseState state, std::initializer_list<v1::CaseState> states) {
  return std::find(states.begin(), states.end(), state) != states.end();
}

bool IsReviewed(const v1::Case& the_case, const Question& question) {
  return IsReviewed(the_case, *question.pack, question.days.law);
}

bool IsNoticeDue(const v1::Case& the_case, const Question& question) {
  return NoticeOf(the_case, *question.pack, question.days.law).has_value();
}

bool StopsFor(const v1::Case& the_case, bool supplement) {
  const v1::ClockStop* stop = OpenStop(the_case);
  if (stop == nullptr || stop->cause() == v1::CLOCK_STOP_CAUSE_NOTICE) return false;
  return (stop->cause() == v1::CLOCK_STOP_CAUSE_SUPPLEMENT) == supplement;
}

bool MayReview(const v1::Case& the_case, const v1::ReviewCase& act, const Question& question) {
  if (!IsIn(the_case.state(), {v1::CASE_STATE_ACCEPTED, v1::CASE_STATE_REVIEWED})) return false;
  if (act.outcome() == v1::REVIEW_OUTCOME_SENT_BACK) return StepsPassed(the_case) > 0;
  return !IsReviewed(the_case, question) && act.step() == StepsPassed(the_case) + 1;
}

bool MayStep(const v1::Case& the_case, const Facts& facts) {
  const v1::CaseState state = the_case.state();
  switch (facts.act_case) {
    case Act::kRequestSupplement:
      return state == v1::CASE_STATE_ACCEPTED;
    case Act::kSupplementCase:
      return IsOpen(state) && StopsFor(the_case, true);
    case Act::kReviewCase:
      return MayReview(the_case, facts.act().review_case(), facts.asked);
    case Act::kBeginNotice:
      return state == v1::CASE_STATE_ACCEPTED && IsReviewed(the_case, facts.asked) &&
             IsNoticeDue(the_case, facts.asked) && !the_case.has_notice();
    case Act::kConcludeNotice:
      return state == v1::CASE_STATE_IN_NOTICE;
    case Act::kRegisterCase:  // whether a notice that is due has run, K-11 asks
      return IsOpen(state) && IsReviewed(the_case, facts.asked);
    case Act::kSuspendCase:
      return IsOpen(state);
    case Act::kResumeCase:
      return IsOpen(state) && StopsFor(the_case, false);
    case Act::kRefuseCase:
    case Act::kRetractCase:
    case Act::kLapseCase:
      return IsOpen(state);
    case Act::kDeliverCertificate:
      return state == v1::CASE_STATE_REGISTERED;
    default:  // ArchiveCase
      return IsIn(state, {v1::CASE_STATE_REGISTERED, v1::CASE_STATE_REFUSED,
                          v1::CASE_STATE_RETRACTED, v1::CASE_STATE_LAPSED});
  }
}

void AskOrder(const Facts& facts, Answer* answer) {
  const v1::Case* the_case = facts.asked.the_case;
  if (the_case == nullptr) return RefuseNoCase(answer);
  if (MayStep(*the_case, facts)) return;
  answer->Refuse(
      Reason::CASE_STEP_OUT_OF_ORDER, "case",
      {fmt::format("The case is {}, with {} review step(s) passed; the step does not come now.",
                   v1::CaseState_Name(the_case->state()), StepsPassed(*the_case)),
       fmt::format("案件处于 {}，已通过 {} 个审核环节，现在不能办理该环节。",
                   v1::CaseState_Name(the_case->state()), StepsPassed(*the_case))});
}

// --- K-05, K-06: separate officers.

void RefuseSameOfficer(const Sentence& why, Answer* answer) {
  answer->Refuse(Reason::CASE_SAME_OFFICER, "case", why);
}

void AskReviewer(const Facts& facts, Answer* answer) {
  const v1::Case* the_case = facts.asked.the_case;
  const v1::Actor* actor = facts.asked.actor;
  if (the_case == nullptr) return;  // K-04
  const bool again = actor != nullptr && HasReviewed(*the_case, actor->principal()) &&
                     facts.act().review_case().step() > 1;
  if (actor != nullptr && actor->principal() != the_case->accepted_by() && !again) return;
  RefuseSameOfficer({"Who reviews a case did not accept it, and reviews one step of it only.",
                     "审核人不得为受理人，且不得审核同一案件的前一环节。"},
                    answer);
}

void AskRegistrar(const Facts& facts, Answer* answer) {
  const v1::Case* the_case = facts.asked.the_case;
  const v1::Actor* actor = facts.asked.actor;
  if (the_case == nullptr) return;  // K-04
  if (actor != nullptr && !HasReviewed(*the_case, actor->principal())) return;
  RefuseSameOfficer({"Who registers a case did not review it.", "登簿人不得为审核人。"}, answer);
}

// --- K-07: what was accepted is what is registered.

// The commit's acts but those that are steps, and certificates, which are no part of what was
// applied for.
std::vector<const Act*> ActsRegistered(const v1::Commit& commit) {
  std::vector<const Act*> acts;
  for (const Act& act : commit.acts()) {
    if (!act.has_register_case() && !act.has_issue_certificate()) acts.push_back(&act);
  }
  return acts;
}

std::vector<const Act*> ActsAccepted(const v1::Application& application) {
  std::vector<const Act*> acts;
  for (const Act& act : application.acts()) {
    if (!act.has_issue_certificate()) acts.push_back(&act);
  }
  return acts;
}

bool IsWhatWasAccepted(const Question& question) {
  const auto application = Find<v1::Application>(*question.state, question.case_number);
  if (!application) return false;
  const auto accepted = ActsAccepted(*application);
  const auto registered = ActsRegistered(*question.commit);
  return std::equal(
      accepted.begin(), accepted.end(), registered.begin(), registered.end(),
      [&](const Act* a, const Act* b) { return IsSamePlan(*a, *b, *question.state); });
}

void AskSameActs(const Question& question, Answer* answer) {
  for (int i = 0; i < question.commit->acts_size(); ++i) {
    if (!question.commit->acts(i).has_register_case() || IsWhatWasAccepted(question)) continue;
    answer->AboutAct(static_cast<std::uint32_t>(i));
    answer->Refuse(
        Reason::CASE_ACTS_DIFFER, "case",
        {"The commit's acts are not those of the application as it was accepted and supplemented. "
         "What was accepted is what is registered.",
         "本次提交的行为与受理（补正）的申请不一致。登簿内容须与受理内容一致。"});
  }
}

// --- K-08: nothing goes on while the clock stands still.

void AskClock(const Facts& facts, Answer* answer) {
  const v1::Case* the_case = facts.asked.the_case;
  if (the_case == nullptr) return;  // K-04
  const v1::ClockStop* stop = OpenStop(*the_case);
  if (stop == nullptr || stop->cause() == v1::CLOCK_STOP_CAUSE_NOTICE) return;
  answer->Refuse(
      Reason::CASE_CLOCK_STANDS, "case",
      {fmt::format("The case has stood still since {}. First it goes on, or ends.",
                   stop->from_date()),
       fmt::format("案件自 {} 起中止或者等待补正，恢复之前不得继续办理。", stop->from_date())});
}

// --- K-09: a supplement's day has to be over.

void AskLapseOfCase(const Facts& facts, Answer* answer) {
  const v1::Case* the_case = facts.asked.the_case;
  if (the_case == nullptr || !IsOpen(the_case->state())) return;  // K-04
  const v1::ClockStop* stop = OpenStop(*the_case);
  const bool waits = stop != nullptr && stop->cause() == v1::CLOCK_STOP_CAUSE_SUPPLEMENT;
  const auto due = waits ? common::ParseCivilDate(stop->due_date()) : std::nullopt;
  if (!due) {
    return answer->Refuse(Reason::PERIOD_RUNNING, "case",
                          {"The case waits for no supplement, and does not lapse.",
                           "案件没有等待补正，不得视为撤回。"});
  }
  if (*due < facts.today()) return;
  const CivilDate first = common::AddDays(*due, 1);
  answer->RefuseUntil(
      first, Reason::PERIOD_RUNNING, "case",
      {fmt::format("The applicants have until {} to bring what is missing.", stop->due_date()),
       fmt::format("补正期限至 {}，期满前不得视为撤回。", stop->due_date())});
}

// --- K-10: all applicants retract.

void AskRetraction(const Facts& facts, Answer* answer) {
  const v1::Case* the_case = facts.asked.the_case;
  if (the_case == nullptr) return;  // K-04
  std::set<std::uint64_t> retract;
  for (const v1::Reference& applicant : facts.act().retract_case().applicants()) {
    const auto party = facts.state().Resolve(applicant, v1::RECORD_KIND_PARTY);
    if (party) retract.insert(*party);
  }
  const auto& applicants = the_case->applicants();
  const bool all =
      std::all_of(applicants.begin(), applicants.end(), [&](const v1::Applicant& applicant) {
        return applicant.party() == 0 || retract.contains(applicant.party());
      });
  if (all) return;
  answer->Refuse(Reason::CASE_APPLICANTS, "applicants",
                 {"All who applied take the case back together. Name every applicant.",
                  "撤回须由全体申请人提出，请列明全部申请人。"});
}

// --- K-11: a notice that is due has run.

void AskConcluded(const v1::Case& the_case, const Facts& facts, Answer* answer) {
  if (!IsReviewed(the_case, facts.asked)) return;  // K-04
  if (!IsNoticeDue(the_case, facts.asked) || the_case.notice().concluded()) return;
  answer->Refuse(
      Reason::CASE_NOTICE_RUNNING, "case",
      {"The case is shown to the public before it is registered, and that has not been concluded.",
       "该案件须公告，公告尚未结束。"});
}

void AskNotice(const Facts& facts, Answer* answer) {
  const v1::Case* the_case = facts.asked.the_case;
  if (the_case == nullptr) return;  // K-04
  if (facts.is(Act::kRegisterCase)) return AskConcluded(*the_case, facts, answer);
  if (the_case->state() != v1::CASE_STATE_IN_NOTICE) return;  // K-04
  const auto until = common::ParseCivilDate(the_case->notice().until_date());
  if (until && *until < facts.today()) return;
  const CivilDate first = common::AddDays(until.value_or(facts.today()), 1);
  answer->RefuseUntil(
      first, Reason::CASE_NOTICE_RUNNING, "case",
      {fmt::format("The notice runs until {}, that day included.", the_case->notice().until_date()),
       fmt::format("公告期至 {}（含当日）。", the_case->notice().until_date())});
}

constexpr std::array kRegister = {Act::kRegisterCase};
constexpr std::array kReview = {Act::kReviewCase};
constexpr std::array kLapse = {Act::kLapseCase};
constexpr std::array kRetract = {Act::kRetractCase};
constexpr std::array kNoticed = {Act::kRegisterCase, Act::kConcludeNotice};
constexpr std::array kSteps = {
    Act::kRequestSupplement, Act::kSupplementCase, Act::kReviewCase,  Act::kBeginNotice,
    Act::kConcludeNotice,    Act::kRegisterCase,   Act::kSuspendCase, Act::kResumeCase,
    Act::kRefuseCase,        Act::kRetractCase,    Act::kLapseCase,   Act::kDeliverCertificate,
    Act::kArchiveCase};
constexpr std::array kGoOn = {Act::kRequestSupplement, Act::kReviewCase,   Act::kBeginNotice,
                              Act::kConcludeNotice,    Act::kRegisterCase, Act::kSuspendCase};

constexpr Rule kRules[] = {
    {"K-01",
     "Interim Regulations 10, 14",
     "登记须经案件办理；直接提交限管理员并有文号",
     "Registration is by a case; by hand only an administrator's with a document",
     {},
     nullptr,
     &AskByCase},
    {"K-03", "Implementing Rules", "先受理的先登记", "What was accepted first is registered first"},
    {"K-04", "Interim Regulations 18-21", "按环节办理", "Steps come in their order", kSteps,
     &AskOrder},
    {"K-05", "Interim Regulations 11; P-18", "审核人不得为受理人", "Who reviews did not accept",
     kReview, &AskReviewer},
    {"K-06", "Interim Regulations 11; P-18", "登簿人不得为审核人", "Who registers did not review",
     kRegister, &AskRegistrar},
    {"K-07",
     "Interim Regulations 18",
     "登簿内容与受理内容一致",
     "What was accepted is what is registered",
     {},
     nullptr,
     &AskSameActs},
    {"K-08", "Interim Regulations 20", "中止、补正期间不得继续",
     "Nothing goes on while the clock stands still", kGoOn, &AskClock},
    {"K-09", "Implementing Rules", "补正期未满不得视为撤回",
     "A supplement's day has to be over before a case lapses", kLapse, &AskLapseOfCase},
    {"K-10", "Interim Regulations 15", "撤回须全体申请人", "All applicants retract", kRetract,
     &AskRetraction},
    {"K-11", "Implementing Rules 17", "须公告的公告期满", "A notice that is due has run", kNoticed,
     &AskNotice},
};

}  // namespace

std::span<const Rule> CaseRules() { return kRules; }

}  // namespace landbook::law
