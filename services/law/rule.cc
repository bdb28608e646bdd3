#include "services/law/rule.h"

#include <algorithm>
#include <array>
#include <map>
#include <utility>

#include "fmt/format.h"
#include "services/law/cautions.h"
#include "services/law/consent.h"
#include "storage/check.h"

namespace landbook::law {
namespace {

std::vector<Rule> JoinFamilies() {
  std::vector<Rule> all;
  for (const auto family :
       {ContractRules(), CirculationRules(), HomesteadRules(), StructureRules(), MortgageRules(),
        WithdrawalRules(), DispositionRules(), ResolutionRules(), MemberRules(), TakingRules(),
        CaseRules(), ProcedureRules()}) {
    all.insert(all.end(), family.begin(), family.end());
  }
  return all;
}

// The highest number of an act's case, beyond which nothing is looked up.
constexpr std::size_t kActCasesMax = 128;
using RulesOfAct = std::array<std::vector<const Rule*>, kActCasesMax>;

const RulesOfAct& RulesByAct() {
  static const RulesOfAct* const kByAct = [] {
    auto* by_act = new RulesOfAct;
    for (const Rule& rule : AllRules()) {
      for (const v1::Act::ActCase act : rule.acts) {
        LANDBOOK_CHECK(static_cast<std::size_t>(act) < kActCasesMax);
        (*by_act)[static_cast<std::size_t>(act)].push_back(&rule);
      }
    }
    return by_act;
  }();
  return *kByAct;
}

std::size_t PlaceOf(std::string_view id) {
  static const auto* const kPlaces = [] {
    auto* places = new std::map<std::string_view, std::size_t>;
    for (const Rule& rule : AllRules()) places->emplace(rule.id, places->size());
    return places;
  }();
  const auto place = kPlaces->find(id);
  return place == kPlaces->end() ? kPlaces->size() : place->second;
}

// What warns says so by its reason: a rule that warns may refuse outright where a pack is stricter.
bool Warns(const v1::Refusal& refusal) {
  return refusal.number() == static_cast<std::uint32_t>(Reason::LAW_WARNS);
}

bool Accepts(const v1::Override& accepted, const Told& told) {
  return accepted.act() == told.act && accepted.rule() == told.refusal.rule();
}

bool IsOverridden(const Told& told, const v1::Commit& commit) {
  return std::any_of(commit.overrides().begin(), commit.overrides().end(),
                     [&](const v1::Override& accepted) { return Accepts(accepted, told); });
}

// Gathers the answers of all rules into one judgment.
class Court {
 public:
  Court(const Question& question, bool carried_over)
      : question_(question), carried_over_(carried_over) {}

  void Hear(const Rule& rule, Answer answer);
  // What consents and cautions answered, each told by its own rule.
  void Hear(Answer answer) {
    told_.insert(told_.end(), answer.told().begin(), answer.told().end());
  }
  Judgment Decide();

 private:
  // True for a breach that is kept with what is carried over.
  bool IsKept(const Rule* rule) const {
    return carried_over_ && (rule == nullptr || rule->carried_over != CarriedOver::kRefused);
  }

  const Question& question_;
  bool carried_over_;
  std::vector<Told> told_;
  std::vector<std::string> notes_;
};

void Court::Hear(const Rule& rule, Answer answer) {
  for (Told told : answer.told()) {
    if (told.refusal.rule().empty()) told.refusal.set_rule(std::string(rule.id));
    told_.push_back(std::move(told));
  }
  notes_.insert(notes_.end(), answer.notes().begin(), answer.notes().end());
}

Judgment Court::Decide() {
  std::stable_sort(told_.begin(), told_.end(), [](const Told& a, const Told& b) {
    return std::pair(a.act, PlaceOf(a.refusal.rule())) <
           std::pair(b.act, PlaceOf(b.refusal.rule()));
  });
  Judgment judgment;
  for (Told& told : told_) {
    const Rule* rule = RuleNamed(told.refusal.rule());
    if (told.refusal.source().empty() && rule != nullptr) {
      told.refusal.set_source(std::string(rule->source));
    }
    if (IsKept(rule)) {
      judgment.breaches.push_back(std::move(told));
    } else if (Warns(told.refusal) &&
               (question_.from_import || IsOverridden(told, *question_.commit))) {
      judgment.overridden.push_back(std::move(told));
    } else if (question_.at_acceptance && told.refusal.cured_by_time()) {
      judgment.waiting.push_back(std::move(told));
    } else {
      judgment.refusals.push_back(std::move(told));
    }
  }
  judgment.notes = std::move(notes_);
  return judgment;
}

void HearRules(const Facts& facts, Court* court) {
  const auto act = static_cast<std::size_t>(facts.act_case);
  if (act >= kActCasesMax) return;
  for (const Rule* rule : RulesByAct()[act]) {
    if (rule->ask == nullptr ||
        (facts.carried_over && rule->carried_over == CarriedOver::kNotAsked))
      continue;
    Answer answer;
    answer.AboutAct(facts.asked.position);
    rule->ask(facts, &answer);
    court->Hear(*rule, std::move(answer));
  }
}

template <typename Ask>
void HearTable(const Facts& facts, Ask ask, Court* court) {
  Answer answer;
  answer.AboutAct(facts.asked.position);
  ask(facts, &answer);
  court->Hear(std::move(answer));
}

Judgment Unresolved(const Question& question) {
  Judgment judgment;
  judgment.refusals.push_back(
      {question.position,
       common::Refuse(Reason::REFERENCE_UNRESOLVED, "",
                      {"A record that the act rests on is not in the book, so law cannot be asked.",
                       "登记簿中缺少本行为所依据的记录，无法审查。"})});
  return judgment;
}

}  // namespace

std::span<const Rule> AllRules() {
  static const auto* const kAll = new std::vector<Rule>(JoinFamilies());
  return *kAll;
}

const Rule* RuleNamed(std::string_view id) {
  const auto rules = AllRules();
  const std::size_t place = PlaceOf(id);
  return place < rules.size() ? &rules[place] : nullptr;
}

Judgment Judge(const Question& question) {
  LANDBOOK_CHECK(question.state != nullptr && question.policy != nullptr);
  LANDBOOK_CHECK(question.pack != nullptr && question.act != nullptr);
  LANDBOOK_CHECK(question.commit != nullptr);
  const auto facts = FactsOf(question);
  if (!facts) return Unresolved(question);
  Court court(question, facts->carried_over);
  HearRules(*facts, &court);
  HearTable(*facts, &AskConsents, &court);
  HearTable(*facts, &AskCautions, &court);
  return court.Decide();
}

Judgment JudgeCommit(const Question& question) {
  LANDBOOK_CHECK(question.state != nullptr && question.policy != nullptr);
  LANDBOOK_CHECK(question.pack != nullptr && question.commit != nullptr);
  Court court(question, /*carried_over=*/false);
  for (const Rule& rule : AllRules()) {
    if (rule.ask_commit == nullptr) continue;
    Answer answer;
    rule.ask_commit(question, &answer);
    court.Hear(rule, std::move(answer));
  }
  return court.Decide();
}

}  // namespace landbook::law
