// Procedure: who applies and with what, what an objection does, and cautions that run out (Interim
// Regulations on Real Estate Registration 14-22, CC 220, 221).
#include <algorithm>
#include <array>
#include <optional>
#include <set>
#include <string>

#include "fmt/format.h"
#include "services/law/calendar.h"
#include "services/law/documents.h"
#include "services/law/rule.h"

namespace landbook::law {
namespace {

using Act = v1::Act;

// The application that an act brings.
const v1::Application& ApplicationOf(const Facts& facts) {
  return facts.is(Act::kAcceptCase) ? facts.act().accept_case().application()
                                    : facts.act().supplement_case().application();
}

// --- P-11: both sides apply, but where the law lets one.

bool HasSide(const v1::Application& application, v1::ApplicantSide side) {
  return std::any_of(
      application.applicants().begin(), application.applicants().end(),
      [&](const v1::ApplicantReference& applicant) { return applicant.side() == side; });
}

void AskSides(const Facts& facts, Answer* answer) {
  const v1::Application& application = ApplicationOf(facts);
  const auto kind = KindOf(application, facts.asked);
  if (!kind || kind->single_applicant()) return;  // a kind that is unknown: P-12
  const bool instructed = HasSide(application, v1::APPLICANT_SIDE_ORGAN) ||
                          HasSide(application, v1::APPLICANT_SIDE_EX_OFFICIO);
  const bool both = HasSide(application, v1::APPLICANT_SIDE_HOLDER) &&
                    HasSide(application, v1::APPLICANT_SIDE_OBLIGOR);
  if (both || instructed) return;
  answer->Refuse(Reason::CASE_APPLICANTS, "application.applicants",
                 {"Holder and obligor apply together for this kind of case. Name both.",
                  "该类登记须由权利人与义务人共同申请，请列明双方。"});
}

// --- P-12: the documents are complete; all that is missing is told at once.

void AskDocuments(const Facts& facts, Answer* answer) {
  const v1::Application& application = ApplicationOf(facts);
  const auto kind = KindOf(application, facts.asked);
  if (!kind) {
    return answer->Refuse(
        Reason::CASE_INCOMPLETE, "application.kind",
        {fmt::format("No policy pack in force knows the kind of case \"{}\".", application.kind()),
         fmt::format("现行政策包没有业务类型“{}”。", application.kind())});
  }
  for (const v1::DocumentRule& document : MissingDocuments(application, *kind, facts.asked)) {
    answer->Refuse(Reason::CASE_INCOMPLETE, "application.evidence", MissingSentence(document),
                   kind->source().document());
  }
  for (int i = 0; i < application.applicants_size(); ++i) {
    const auto& applicant = application.applicants(i);
    if (!applicant.has_agent() || !applicant.authority_document().empty()) continue;
    answer->Refuse(Reason::CASE_INCOMPLETE,
                   fmt::format("application.applicants[{}].authority_document", i),
                   {"An agent applies by an authority. State its number.",
                    "由代理人申请的，请填写授权委托书编号。"});
  }
}

// --- P-13: the application agrees with the book.

std::set<std::uint64_t> ApplicantsOn(v1::ApplicantSide side, const v1::Application& application,
                                     const State& state) {
  std::set<std::uint64_t> parties;
  for (const v1::ApplicantReference& applicant : application.applicants()) {
    if (applicant.side() != side) continue;
    const auto party = state.Resolve(applicant.party(), v1::RECORD_KIND_PARTY);
    if (party) parties.insert(*party);
  }
  return parties;
}

bool AsksObligor(v1::TransferCause cause) {
  return cause != v1::TRANSFER_CAUSE_INHERITANCE && cause != v1::TRANSFER_CAUSE_JUDGMENT &&
         cause != v1::TRANSFER_CAUSE_HOUSEHOLD_CHANGE;
}

// Who disposes is who holds the right in the book, so that an heir enters it first (CC 232).
bool HoldersApply(const Act& act, const v1::Application& application, const State& state) {
  if (!act.has_transfer_right() || !AsksObligor(act.transfer_right().cause())) return true;
  const auto right = FindReferred<v1::Right>(state, act.transfer_right().right());
  if (!right) return false;
  const auto obligors = ApplicantsOn(v1::APPLICANT_SIDE_OBLIGOR, application, state);
  const auto holders = HoldersOf(right->record);
  return std::includes(obligors.begin(), obligors.end(), holders.begin(), holders.end());
}

bool TakersApply(const Act& act, const v1::Application& application, const State& state) {
  if (!act.has_transfer_right()) return true;
  const auto applicants = ApplicantsOn(v1::APPLICANT_SIDE_HOLDER, application, state);
  const auto& holders = act.transfer_right().holders();
  return std::all_of(holders.begin(), holders.end(), [&](const v1::HolderReference& holder) {
    const auto party = state.Resolve(holder.party(), v1::RECORD_KIND_PARTY);
    // A party that the application's own acts create, as a household's split does, cannot apply
    // yet.
    return !party || applicants.contains(*party);
  });
}

// A right that its holder gives up, varies or ends: one of its holders applies.
bool HolderAmong(const Act& act, const v1::Application& application, const State& state) {
  if (!act.has_withdraw_right() && !act.has_vary_right() && !act.has_extinguish_right())
    return true;
  const auto right = FindReferred<v1::Right>(state, RightsNamed(act).front());
  if (!right) return false;
  std::set<std::uint64_t> applicants = ApplicantsOn(v1::APPLICANT_SIDE_HOLDER, application, state);
  applicants.merge(ApplicantsOn(v1::APPLICANT_SIDE_OBLIGOR, application, state));
  const auto holders = HoldersOf(right->record);
  const bool instructed = HasSide(application, v1::APPLICANT_SIDE_ORGAN) ||
                          HasSide(application, v1::APPLICANT_SIDE_EX_OFFICIO);
  return instructed || std::any_of(holders.begin(), holders.end(), [&](std::uint64_t holder) {
           return applicants.contains(holder);
         });
}

std::string NameOf(const Act& act) {
  const auto* field = Act::descriptor()->FindFieldByNumber(static_cast<int>(act.act_case()));
  return field == nullptr ? "" : field->name();
}

void AskActsOfKind(const v1::Application& application, const v1::CaseKind& kind, Answer* answer) {
  for (int i = 0; i < application.acts_size(); ++i) {
    const std::string name = NameOf(application.acts(i));
    if (std::find(kind.acts().begin(), kind.acts().end(), name) != kind.acts().end()) continue;
    answer->Refuse(
        Reason::CASE_INCOMPLETE, fmt::format("application.acts[{}]", i),
        {fmt::format("The act {} is none that a case of kind {} does.", name, kind.code()),
         fmt::format("业务类型“{}”不包含行为 {}。", kind.title_zh(), name)});
  }
}

void AskAgreement(const Facts& facts, Answer* answer) {
  const v1::Application& application = ApplicationOf(facts);
  if (const auto kind = KindOf(application, facts.asked)) AskActsOfKind(application, *kind, answer);
  const bool agrees =
      std::all_of(application.acts().begin(), application.acts().end(), [&](const Act& act) {
        return HoldersApply(act, application, facts.state()) &&
               TakersApply(act, application, facts.state()) &&
               HolderAmong(act, application, facts.state());
      });
  if (agrees) return;
  answer->Refuse(
      Reason::CASE_APPLICANTS, "application.applicants",
      {"The applicants are not those whom the acts are about: whoever gives a right holds it in "
       "the book, and whoever takes it applies.",
       "申请人与登簿记载或者申请的行为不符：义务人须为登记簿上的权利人，取得权利的人须为申请人。"});
}

// --- P-16: a founded objection keeps it from registration.

void AskObjections(const Facts& facts, Answer* answer) {
  const v1::Case* the_case = facts.asked.the_case;
  if (the_case == nullptr || the_case->notice().objections_founded() == 0) return;
  answer->Refuse(
      Reason::CASE_NOTICE_RUNNING, "case",
      {fmt::format("{} objection(s) to the notice were found founded. The case is refused, or its "
                   "ground is settled first.",
                   the_case->notice().objections_founded()),
       fmt::format("公告期间有 {} 项异议成立，不予登记。",
                   the_case->notice().objections_founded())});
}

// --- P-31, P-33, P-34: cautions run out.

std::optional<Numbered<v1::Caution>> CautionOf(const Facts& facts) {
  switch (facts.act_case) {
    case Act::kLapseCaution:
      return FindReferred<v1::Caution>(facts.state(), facts.act().lapse_caution().caution());
    case Act::kExtendCaution:
      return FindReferred<v1::Caution>(facts.state(), facts.act().extend_caution().caution());
    default:
      return FindReferred<v1::Caution>(facts.state(), facts.act().record_caution_step().caution());
  }
}

void RefuseRunning(std::optional<CivilDate> last, Answer* answer) {
  if (!last) {
    return answer->Refuse(
        Reason::PERIOD_RUNNING, "caution",
        {"The caution does not run out: the step that keeps it was shown, its period has "
         "not begun, or it has no last day.",
         "该限制不会自行失效：已提交相应材料，期间尚未起算，或者没有届满日。"});
  }
  const CivilDate first = common::AddDays(*last, 1);
  answer->RefuseUntil(
      first, Reason::PERIOD_RUNNING, "caution",
      {fmt::format("The caution stands until {}. It lapses from {} on.",
                   common::FormatCivilDate(*last), common::FormatCivilDate(first)),
       fmt::format("该限制至 {} 仍有效，自 {} 起失效。", common::FormatCivilDate(*last),
                   common::FormatCivilDate(first))});
}

void AskLapse(const Facts& facts, v1::CautionCause cause, Answer* answer) {
  const auto caution = CautionOf(facts);
  if (!caution || caution->record.cause() != cause) return;
  const auto last = LapseDayOf(caution->record, facts.pack(), Calendar(facts.state()));
  if (facts.is(Act::kLapseCaution)) {
    if (!last || facts.today() <= *last) RefuseRunning(last, answer);
    return;
  }
  const auto step = common::ParseCivilDate(facts.act().record_caution_step().step_date());
  if (!step || !last || *step <= *last) return;
  answer->Refuse(
      Reason::PERIOD_RUNNING, "step_date",
      {fmt::format("The step of {} came after {}, the last day for it. The caution has lapsed.",
                   common::FormatCivilDate(*step), common::FormatCivilDate(*last)),
       fmt::format("{} 的步骤晚于期限 {}，该限制已失效。", common::FormatCivilDate(*step),
                   common::FormatCivilDate(*last))});
}

void AskObjection(const Facts& facts, Answer* answer) {
  AskLapse(facts, v1::CAUTION_CAUSE_OBJECTION, answer);
}

void AskAdvanceNotice(const Facts& facts, Answer* answer) {
  AskLapse(facts, v1::CAUTION_CAUSE_ADVANCE_NOTICE, answer);
}

bool LapsesByStep(v1::CautionCause cause) {
  return cause == v1::CAUTION_CAUSE_OBJECTION || cause == v1::CAUTION_CAUSE_ADVANCE_NOTICE;
}

// A seizure, and any other caution with a last day, stands to its end, and is extended before it.
void AskSeizure(const Facts& facts, Answer* answer) {
  const auto caution = CautionOf(facts);
  if (!caution || LapsesByStep(caution->record.cause())) return;
  const auto last = common::ParseCivilDate(caution->record.expiry_date());
  const bool over = last && *last < facts.today();
  if (facts.is(Act::kLapseCaution)) {
    if (!over) RefuseRunning(last, answer);
    return;
  }
  if (!over) return;
  answer->Refuse(Reason::PERIOD_RUNNING, "caution",
                 {fmt::format("The caution ran out on {}; one that has is placed anew.",
                              caution->record.expiry_date()),
                  fmt::format("该限制已于 {} 届满，须重新办理。", caution->record.expiry_date())});
}

constexpr std::array kAccept = {Act::kAcceptCase, Act::kSupplementCase};
constexpr std::array kRegister = {Act::kRegisterCase};
constexpr std::array kRunsOut = {Act::kLapseCaution, Act::kRecordCautionStep};
constexpr std::array kExpires = {Act::kLapseCaution, Act::kExtendCaution};

constexpr Rule kRules[] = {
    {"L-03", "H3", "未定事项拒绝办理并指明须决定的事项", "What is unset is refused by name"},
    {"P-11", "Interim Regulations 14", "共同申请，法定情形可单方申请",
     "Both sides apply, but in the cases of article 14", kAccept, &AskSides},
    {"P-12", "Interim Regulations 16, 17", "申请材料齐全，一次性告知",
     "The documents are complete; what is missing is told at once", kAccept, &AskDocuments},
    {"P-13", "Interim Regulations 18", "申请与登记簿记载一致",
     "The application agrees with the book", kAccept, &AskAgreement},
    {"P-16", "Interim Regulations 22", "公告异议成立的不予登记",
     "A founded objection keeps it from registration", kRegister, &AskObjections},
    {"P-31", "CC 220", "异议登记十五日内未起诉的失效",
     "An objection lapses without a lawsuit in fifteen days", kRunsOut, &AskObjection},
    {"P-32",
     "CC 220",
     "更正办理中的提示",
     "While a correction is under way whoever relies on it is warned",
     {},
     nullptr,
     nullptr,
     true},
    {"P-33", "CC 221", "预告登记九十日内未申请的失效",
     "An advance notice lapses ninety days after registration could be asked for", kRunsOut,
     &AskAdvanceNotice},
    {"P-34", "Civil Procedure Law; CC 399(5)", "查封轮候、续封与到期",
     "Seizures queue, are extended in time and end with their day", kExpires, &AskSeizure},
    {"P-35", "CC 399(5)", "查封、扣押、监管的不得抵押",
     "What is sealed or supervised is not mortgaged"},
};

}  // namespace

std::span<const Rule> ProcedureRules() { return kRules; }

}  // namespace landbook::law
