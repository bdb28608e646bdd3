#include "services/registry/law_simulation_model_testing.h"

#include <algorithm>

namespace landbook::registry {
namespace {

bool IsOneOf(const std::string& verb, std::initializer_list<std::string_view> verbs) {
  return std::find(verbs.begin(), verbs.end(), verb) != verbs.end();
}

void Ask(SimulatedAnswer* answer) {
  const std::string& verb = answer->row().verb;
  if (IsOneOf(verb, {"grant", "transfer", "extinguish"})) return AskRight(answer);
  if (verb == "withdraw") return AskWithdrawal(answer);
  if (IsOneOf(verb, {"mortgage", "vary-mortgage", "release", "ranks", "discharge", "enforce"})) {
    return AskMortgage(answer);
  }
  if (IsOneOf(verb, {"caution", "lift", "extend", "step", "registrable", "lapse"})) {
    return AskCaution(answer);
  }
  AskCollective(answer);
}

void Enter(const ActRow& row, SimulatedVillage* village) {
  if (IsOneOf(row.verb, {"grant", "transfer", "extinguish", "withdraw"})) {
    return EnterRight(row, village);
  }
  if (IsOneOf(row.verb,
              {"mortgage", "vary-mortgage", "release", "ranks", "discharge", "enforce"})) {
    return EnterMortgage(row, village);
  }
  if (IsOneOf(row.verb, {"caution", "lift", "extend", "step", "registrable", "lapse"})) {
    return EnterCaution(row, village);
  }
  EnterCollective(row, village);
}

// What is recorded without a case: who decided, who belongs to whom, what was filed, and how the
// time of a caution runs.
bool NeedsCase(const std::string& verb) {
  return !IsOneOf(verb,
                  {"file", "resolution", "revoke", "membership", "step", "registrable", "lapse"});
}

// --- What a commit leaves as a whole.

bool PassesInReturn(const ActRow& row, const std::vector<ActRow>& rows) {
  return std::any_of(rows.begin(), rows.end(), [&](const ActRow& other) {
    return other.verb == "transfer" && other.Fact("cause") == "exchange" &&
           other.name == row.Fact("for") && other.Fact("for") == row.name;
  });
}

bool OfOneCollective(const ActRow& row, const SimulatedVillage& after) {
  Names collectives;
  for (const std::string& right : {row.name, row.Fact("for")}) {
    for (const std::string& holder : after.rights.at(right).holders) {
      const auto household = after.households.find(holder);
      if (household == after.households.end()) return false;  // an heir from outside
      collectives.insert(household->second.collective);
    }
  }
  return collectives.size() == 1;
}

void AskWholeOf(const ActRow& row, const std::vector<ActRow>& rows, const SimulatedVillage& after,
                Words* words) {
  if (row.verb == "transfer" && row.Fact("cause") == "exchange" && row.Has("for")) {
    if (!PassesInReturn(row, rows) || !OfOneCollective(row, after)) words->insert("C-03");
  }
  const std::string said = row.Fact("eligibility");
  if (row.verb == "withdraw" && (said == "given-up" || said == "suspended")) {
    for (const std::string& holder : after.rights.at(row.name).holders) {
      const auto household = after.households.find(holder);
      const bool entered =
          household == after.households.end() || household->second.eligibility == said;
      if (!entered) words->insert("W-20");
    }
  }
  if (row.verb == "merge-households") {
    for (const std::string& old : Parts(row.Fact("of"), ',')) {
      if (!after.RightsOf(old, "").empty()) words->insert("I-08");
    }
  }
}

}  // namespace

// --- Answers.

void SimulatedAnswer::Warn(std::string_view rule) {
  if (row_.Fact("override") == rule) {
    overridden_ = true;
  } else {
    Refuse(rule);
  }
}

Names SimulatedAnswer::List(const std::string& key) const {
  const auto parts = Parts(row_.Fact(key), ',');
  return {parts.begin(), parts.end()};
}

bool SimulatedAnswer::GivenBy(const std::string& evidence, const std::string& party) const {
  return List(evidence).contains(party);
}

bool SimulatedAnswer::HasAnyOf(std::initializer_list<std::string_view> keys) const {
  return std::any_of(keys.begin(), keys.end(),
                     [&](std::string_view key) { return row_.Has(std::string(key)); });
}

bool SimulatedAnswer::IsFiled(const std::string& matter, const std::string& right,
                              const SimulatedPlot& plot) const {
  const auto found = village().filings.find(row_.Fact("filing"));
  if (found == village().filings.end()) return false;
  const SimulatedFiling& filing = found->second;
  return filing.matter == matter && filing.rights.contains(right) && filing.with == plot.collective;
}

// --- Commits.

Words LawModel::Decide(const SimulatedScene& scene, SimulatedVillage* village) {
  Words words;
  for (const ActRow& row : scene.rows) {
    SimulatedAnswer answer(row, scene);
    Ask(&answer);
    words.insert(answer.words().begin(), answer.words().end());
    // An application is told of a warning that is overridden and was not given.
    if (scene.at_acceptance && answer.OverridesNothing()) words.insert("OVERRIDE_WITHOUT_WARNING");
    if (!answer.refused()) Enter(row, village);
  }
  if (!words.empty() || scene.step_refused) return words;
  for (const ActRow& row : scene.rows) {
    AskWholeOf(row, scene.rows, *village, &words);
    if (scene.around_case && NeedsCase(row.verb)) words.insert("K-01");
  }
  return words;
}

Words LawModel::Commit(const std::vector<ActRow>& rows, bool around_case) {
  SimulatedVillage after = village_;
  const Words words = Decide({after, rows, day_, {}, false, around_case}, &after);
  if (words.empty()) village_ = std::move(after);
  return words;
}

Words LawModel::Commit(const std::vector<ActRow>& rows) { return Commit(rows, true); }
Words LawModel::CommitByHand(const std::vector<ActRow>& rows) { return Commit(rows, false); }

Words LawModel::Foresee(const std::vector<ActRow>& rows) const {
  SimulatedVillage after = village_;
  return Decide({after, rows, day_, {}}, &after);
}

}  // namespace landbook::registry
