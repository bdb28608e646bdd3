// The model that judges the law simulation: what the law says to a row, read from the statutes and
// the packs' texts a second time, over a village of plain structs. It shares no code with the law
// room, so that a rule that goes wrong is wrong in one of the two only.
//
// An answer is a set of words as rows expect them: ids of rules, and reasons for the few refusals
// of form that time can bring about. What goes wrong with the form of one act ends the answer to it
// before its substance is asked.
#ifndef LANDBOOK_SERVICES_REGISTRY_LAW_SIMULATION_MODEL_TESTING_H_
#define LANDBOOK_SERVICES_REGISTRY_LAW_SIMULATION_MODEL_TESTING_H_

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "services/registry/act_rows_testing.h"
#include "services/registry/law_simulation_village_testing.h"

namespace landbook::registry {

using Words = std::set<std::string>;

// Under what the rows of one commit are decided.
struct SimulatedScene {
  const SimulatedVillage& village;  // as the rows before have left it
  const std::vector<ActRow>& rows;  // of the commit
  std::string day;
  std::string of_case;         // whose own cautions are not in its way; empty for none
  bool at_acceptance = false;  // what only time cures is not refused
  bool around_case = false;    // brought by an officer without a case
  bool step_refused = false;   // so that nobody asks what the commit leaves as a whole
};

// What is said to one row.
class SimulatedAnswer {
 public:
  SimulatedAnswer(const ActRow& row, const SimulatedScene& scene) : row_(row), scene_(scene) {}

  void Refuse(std::string_view word) { words_.emplace(word); }
  void RefuseIf(bool refused, std::string_view word) {
    if (refused) Refuse(word);
  }
  // What an officer may accept by an override of the row that names the rule.
  void Warn(std::string_view rule);
  // What a later day cures.
  void RefuseForNow(std::string_view rule) { RefuseIf(!scene_.at_acceptance, rule); }

  bool refused() const { return !words_.empty(); }
  const Words& words() const { return words_; }
  // True when the row overrides a warning that nobody gave.
  bool OverridesNothing() const { return row_.Has("override") && !overridden_; }

  const ActRow& row() const { return row_; }
  const SimulatedScene& scene() const { return scene_; }
  const SimulatedVillage& village() const { return scene_.village; }
  // The names that a fact of the row lists.
  Names List(const std::string& key) const;
  // True when the row brings evidence that the party gave.
  bool GivenBy(const std::string& evidence, const std::string& party) const;
  bool HasAnyOf(std::initializer_list<std::string_view> keys) const;
  // True when the row names a filing in the matter about the right, with the land's collective.
  bool IsFiled(const std::string& matter, const std::string& right,
               const SimulatedPlot& plot) const;

 private:
  const ActRow& row_;
  const SimulatedScene& scene_;
  Words words_;
  bool overridden_ = false;
};

// --- One family of acts each: what is said to the row, and what it changes when nothing is.

void AskRight(SimulatedAnswer* answer);       // grant, transfer, extinguish
void AskWithdrawal(SimulatedAnswer* answer);  // withdraw
void AskMortgage(SimulatedAnswer* answer);    // mortgage, vary, release, ranks, discharge, enforce
void AskCaution(SimulatedAnswer* answer);     // caution, lift, extend, step, registrable, lapse
void AskCollective(SimulatedAnswer* answer);  // resolution, membership, split, merge, file, ...
void EnterRight(const ActRow& row, SimulatedVillage* village);
void EnterMortgage(const ActRow& row, SimulatedVillage* village);
void EnterCaution(const ActRow& row, SimulatedVillage* village);
void EnterCollective(const ActRow& row, SimulatedVillage* village);

// What cautions say to an act of the kind ("transfer", "mortgage") about rights, or about a unit.
struct CautionedAct {
  std::string kind;
  std::string unit;
  std::string right;  // empty for the unit as a whole
};
void AskStandingCautions(const CautionedAct& act, SimulatedAnswer* answer);

// --- Commits and cases.

// A step of the clock that has not ended.
struct SimulatedStop {
  std::string cause;  // "supplement", "suspension" or "notice"
  std::string due;    // of a supplement
};

struct SimulatedCase {
  Draft draft;
  std::string state = "accepted";
  std::string accepted_by;
  std::vector<std::string> reviewers;
  int steps_passed = 0;
  std::vector<SimulatedStop> stops;
  bool noticed = false;
  bool concluded = false;
  bool objected = false;  // by a founded objection
  std::string notice_until;

  bool IsOpen() const;
  // The stop that keeps everything waiting; null for none. A notice keeps nothing waiting.
  const SimulatedStop* Standstill() const;
};

// What the packs ask of a kind of case.
struct SimulatedKind {
  bool single = false;  // one side applies alone
  bool notice = false;
  Names verbs;
  std::vector<std::string> papers;
};
const SimulatedKind& KindNamed(const std::string& kind);

// The officers of the simulated office, by name, with their roles.
const std::map<std::string, Names>& Officers();

class LawModel {
 public:
  SimulatedVillage& village() { return village_; }
  const SimulatedVillage& village() const { return village_; }
  const std::map<std::string, SimulatedCase>& cases() const { return cases_; }
  void set_day(const std::string& day) { day_ = day; }
  const std::string& day() const { return day_; }

  // What is said to each, and done where nothing is. A commit is an officer's, who brings no case,
  // or made by an administrator's hand under a document.
  Words Commit(const std::vector<ActRow>& rows);
  Words CommitByHand(const std::vector<ActRow>& rows);
  Words Accept(const Draft& draft, const std::string& officer);
  Words Step(const ActRow& row);
  Words Supplement(const ActRow& row);
  Words Register(const ActRow& row);
  // What would be said to the commit, and to the application; nothing is done.
  Words Foresee(const std::vector<ActRow>& rows) const;
  // How the draft of the case will be after a supplement.
  static Draft Supplemented(Draft draft, const ActRow& row);

 private:
  // Decides the rows of the scene over the village that it sees, and leaves it as they leave it.
  static Words Decide(const SimulatedScene& scene, SimulatedVillage* village);
  Words Commit(const std::vector<ActRow>& rows, bool around_case);
  Words AskApplication(const Draft& draft, const std::string& of_case) const;
  void End(const std::string& name, const std::string& state);

  std::string day_;
  SimulatedVillage village_;
  std::map<std::string, SimulatedCase> cases_;
};

}  // namespace landbook::registry

#endif  // LANDBOOK_SERVICES_REGISTRY_LAW_SIMULATION_MODEL_TESTING_H_
