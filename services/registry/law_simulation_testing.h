// A year of a village in which everybody acts at random, on a calendar of days: the book decides,
// the model foresees, and both are compared after every act and at the end of every day.
#ifndef LANDBOOK_SERVICES_REGISTRY_LAW_SIMULATION_TESTING_H_
#define LANDBOOK_SERVICES_REGISTRY_LAW_SIMULATION_TESTING_H_

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "services/registry/law_simulation_actors_testing.h"
#include "services/registry/law_simulation_model_testing.h"
#include "services/registry/law_simulation_office_testing.h"

namespace landbook::registry {

// What happened in simulated years.
struct SimulatedCounts {
  std::uint64_t commits = 0;
  std::uint64_t accepted = 0;
  std::map<std::string, std::uint64_t> refused;  // by rule, or by reason of form

  void Add(const SimulatedCounts& other);
};

class LawSimulation {
 public:
  explicit LawSimulation(std::uint64_t seed);

  // Runs the year 2026. Empty when book and model agreed; otherwise the first thing on which they
  // did not, with the seed, the day and the act as a line, and what was done before it.
  std::string RunYear();

  const SimulatedCounts& counts() const { return counts_; }
  // For tests that mislead the model, to see that it is told.
  LawModel& model() { return model_; }

 private:
  void Settle(const std::vector<ActRow>& rows);
  void FoundVillage();
  void FoundLand();
  void PutPlot(const std::string& name, const SimulatedPlot& plot);
  void RunDay();
  void BringErrand();
  void BringAroundCase(const Errand& errand);
  void BringRecords(const std::vector<ActRow>& rows);
  void OverrideAtTimes(ActRow* row);
  void WorkOnCases();
  void GoOn(const std::string& name);
  ActRow NextStep(const std::string& name);
  ActRow OddStep(const std::string& name);
  ActRow StillStep(const std::string& name);
  void TakeStep(const ActRow& row);
  // Compares what the model foresaw with what the book said.
  void Judge(const std::string& line, const Words& foreseen, const Decided& decided);
  void Compare(bool whole);
  std::string AnyOfficer(const std::string& role);

  std::uint64_t seed_;
  Dice dice_;
  LawModel model_;
  SimulatedOffice office_;
  Actors actors_;
  BookComparison comparison_;
  SimulatedCounts counts_;
  std::vector<std::string> journal_;  // the lines of what was done, the last ones of which are told
  std::string fault_;
};

}  // namespace landbook::registry

#endif  // LANDBOOK_SERVICES_REGISTRY_LAW_SIMULATION_TESTING_H_
