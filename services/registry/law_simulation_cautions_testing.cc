// What the model says to cautions as they are placed and end, and what they say to other acts.
#include <algorithm>
#include <array>
#include <map>

#include "services/registry/law_simulation_model_testing.h"
#include "storage/check.h"

namespace landbook::registry {
namespace {

// --- The caution table, as the national pack has it: what each cause does to each kind of act.

enum class Effect { kPasses, kWarns, kNeedsConsent, kStands };

// Acts that end, pass or burden a right.
bool Disposes(const std::string& kind) {
  static const auto& disposals = *new Names{"grant", "transfer", "extinguish", "withdraw"};
  return disposals.contains(kind);
}

Effect EffectOf(const std::string& cause, const std::string& kind) {
  const bool disposes = Disposes(kind) || kind == "mortgage";
  if (cause == "seizure" || cause == "supervision") {
    return disposes ? Effect::kStands : Effect::kPasses;
  }
  if (cause == "dispute") {
    return disposes || kind == "enforce" ? Effect::kStands : Effect::kPasses;
  }
  if (cause == "advance-notice") {
    return disposes || kind == "enforce" ? Effect::kNeedsConsent : Effect::kPasses;
  }
  if (cause == "objection" || cause == "correction") {
    return disposes || kind == "enforce" ? Effect::kWarns : Effect::kPasses;
  }
  LANDBOOK_CHECK(cause == "accepted-case");
  const bool waits = disposes || kind == "discharge" || kind == "enforce";
  return waits ? Effect::kStands : Effect::kPasses;
}

std::string RuleOf(const std::string& cause, const std::string& kind) {
  static const auto& rules = *new std::map<std::string, std::string>{
      {"objection", "P-31"}, {"correction", "P-32"},  {"advance-notice", "P-33"},
      {"seizure", "P-34"},   {"supervision", "P-35"}, {"accepted-case", "K-03"},
      {"dispute", "P-16"}};
  if (kind == "withdraw") return "W-13";
  return cause == "dispute" && kind == "mortgage" ? "G-22" : rules.at(cause);
}

bool AllConsent(const SimulatedCaution& caution, const SimulatedAnswer& answer) {
  return std::all_of(caution.beneficiaries.begin(), caution.beneficiaries.end(),
                     [&](const std::string& party) { return answer.GivenBy("consent", party); });
}

void AskOne(const SimulatedCaution& caution, const CautionedAct& act, SimulatedAnswer* answer) {
  const std::string rule = RuleOf(caution.cause, act.kind);
  const bool ends = act.kind == "extinguish" || act.kind == "withdraw";
  // A caution that names a right would be left on nothing when it ends.
  if (ends && !caution.right.empty()) return answer->Refuse(rule);
  switch (EffectOf(caution.cause, act.kind)) {
    case Effect::kPasses:
      return;
    case Effect::kWarns:
      return answer->Warn(rule);
    case Effect::kNeedsConsent:
      return answer->RefuseIf(!AllConsent(caution, *answer), rule);
    case Effect::kStands:
      return answer->Refuse(rule);
  }
}

// --- What becomes of one.

bool KeptByStep(const SimulatedCaution& caution) {
  return caution.cause == "objection" || caution.cause == "advance-notice";
}

void AskPlaced(SimulatedAnswer* answer) {
  const ActRow& row = answer->row();
  const bool ended = row.Has("right") && answer->village().Standing(row.Fact("right")) == nullptr;
  answer->RefuseIf(ended, "RECORD_ENDED");
}

void AskExtended(const SimulatedCaution& caution, SimulatedAnswer* answer) {
  const std::string until = answer->row().Fact("until");
  if (caution.until.empty()) return answer->Refuse("CAUTION_WITHOUT_END");
  if (until == caution.until) return answer->Refuse("NOTHING_CHANGES");
  if (until < caution.until) return answer->Refuse("DATES_BACKWARD");
  answer->RefuseIf(caution.until < answer->scene().day, "P-34");
}

void AskStep(const SimulatedCaution& caution, SimulatedAnswer* answer) {
  const std::string date = answer->row().Fact("date");
  if (date.empty() || !caution.step.empty()) return;
  const std::string last = answer->village().LastDayOf(caution);
  const bool late = !last.empty() && date > last;
  answer->RefuseIf(late, caution.cause == "objection" ? "P-31" : "P-33");
}

void AskLapse(const SimulatedCaution& caution, SimulatedAnswer* answer) {
  const std::string last = answer->village().LastDayOf(caution);
  const bool over = !last.empty() && last < answer->scene().day;
  if (KeptByStep(caution)) {
    return answer->RefuseIf(!over, caution.cause == "objection" ? "P-31" : "P-33");
  }
  if (caution.until.empty()) return answer->Refuse("CAUTION_WITHOUT_END");
  answer->RefuseIf(!over, "P-34");
}

}  // namespace

void AskStandingCautions(const CautionedAct& act, SimulatedAnswer* answer) {
  for (const auto& [name, caution] : answer->village().cautions) {
    if (caution.unit != act.unit) continue;
    if (!caution.right.empty() && caution.right != act.right) continue;
    if (!caution.of_case.empty() && caution.of_case == answer->scene().of_case) continue;
    if (answer->village().IsInForce(caution, answer->scene().day)) AskOne(caution, act, answer);
  }
}

void AskCaution(SimulatedAnswer* answer) {
  const ActRow& row = answer->row();
  if (row.verb == "caution") return AskPlaced(answer);
  const auto found = answer->village().cautions.find(row.name);
  if (found == answer->village().cautions.end()) return answer->Refuse("RECORD_ENDED");
  if (row.verb == "lift") {
    return answer->RefuseIf(!row.Has("document"), "DOCUMENT_NUMBER_REQUIRED");
  }
  if (row.verb == "extend") return AskExtended(found->second, answer);
  if (row.verb == "lapse") return AskLapse(found->second, answer);
  AskStep(found->second, answer);
}

void EnterCaution(const ActRow& row, SimulatedVillage* village) {
  if (row.verb == "caution") {
    SimulatedCaution caution;
    const std::string right = row.Fact("right");
    caution.unit = right.empty() ? row.Fact("unit") : village->rights.at(right).unit();
    caution.right = right;
    caution.cause = row.Fact("cause");
    for (const std::string& party : Parts(row.Fact("beneficiary"), ',')) {
      caution.beneficiaries.insert(party);
    }
    caution.from = row.Fact("from");
    caution.until = row.Fact("until");
    caution.registrable = row.Fact("registrable");
    caution.order = village->next_order++;
    village->cautions[row.name] = std::move(caution);
  } else if (row.verb == "lift" || row.verb == "lapse") {
    village->cautions.erase(row.name);
  } else if (row.verb == "extend") {
    village->cautions.at(row.name).until = row.Fact("until");
  } else {
    SimulatedCaution& caution = village->cautions.at(row.name);
    if (row.Has("date")) caution.step = row.Fact("date");
    if (row.Has("from")) caution.registrable = row.Fact("from");
  }
}

}  // namespace landbook::registry
