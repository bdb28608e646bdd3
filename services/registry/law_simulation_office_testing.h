// The office of the law simulation: brings rows to a book in memory, as commits and as cases, and
// keeps which record each name means. And the comparison of that book with the model.
#ifndef LANDBOOK_SERVICES_REGISTRY_LAW_SIMULATION_OFFICE_TESTING_H_
#define LANDBOOK_SERVICES_REGISTRY_LAW_SIMULATION_OFFICE_TESTING_H_

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "services/registry/act_rows_testing.h"
#include "services/registry/act_testing.h"
#include "services/registry/law_simulation_model_testing.h"

namespace landbook::registry {

// Who brings rows that are no step of a case.
struct Bringer {
  std::string officer;        // of the office; empty for an administrator's hand
  std::string document = {};  // that allows what is done by hand
};

class SimulatedOffice {
 public:
  SimulatedOffice();

  void set_day(const std::string& day) { bench_.day = day; }
  ActBench& bench() { return bench_; }
  // Puts a plot as it lies, by no act.
  void PutPlot(const std::string& name, const v1::Plot& plot);

  // Brings the rows as one commit.
  Decided Bring(const std::vector<ActRow>& rows, const Bringer& by);
  // Brings an application by that name, and steps of its case by the officer of the row's `by`.
  Decided Accept(const Draft& draft, const std::string& officer);
  Decided Supplement(const Draft& supplemented, const ActRow& row);
  Decided Step(const ActRow& row);
  // Registers the draft's acts; with the fact `tampered`, at another price than was accepted.
  Decided Register(const Draft& draft, const ActRow& row);

  // The number of what is named. REQUIRES: it was made.
  std::uint64_t NumberOf(const std::string& name) const { return named_.at(name).number; }
  // The name of the record; its kind and number where nothing made it a name.
  std::string NameOf(v1::RecordKind kind, std::uint64_t number) const;

 private:
  v1::Commit Gather(const std::vector<ActRow>& rows);
  Decided CommitAs(const v1::Actor& actor, const std::vector<ActRow>& rows,
                   const v1::Commit& commit);
  v1::Application ApplicationFor(const Draft& draft, v1::Commit* commit);
  Decided BringApplication(const ActRow& row, const v1::Commit& commit);
  void NameWithin(const ActRow& row, std::uint32_t act);
  void Name(const ActRow& row, const std::vector<std::uint64_t>& created);
  void Call(const std::string& name, v1::RecordKind kind, std::uint64_t number);

  ActBench bench_;
  OfficerRows officers_;
  NamedRecords named_;
  std::map<std::pair<int, std::uint64_t>, std::string> names_;
};

class BookComparison {
 public:
  BookComparison(const LawModel& model, SimulatedOffice& office) : model_(model), office_(office) {}

  // What of the book is not as the model has it, or breaks an invariant, as sentences. Records that
  // had ended when they were last looked at are left out, save in a whole comparison.
  std::vector<std::string> Differences(bool whole);

 private:
  using Key = std::pair<int, std::uint64_t>;

  template <typename Record, typename Visit>
  void ForEach(Visit visit);
  void CompareRights();
  void CompareMortgages();
  void CompareCautions();
  void CompareCases();
  void CompareHouseholds();
  void CompareOrders();
  void CompareRanks(const std::string& right, const law::State& state);
  void CompareQueue(const std::string& unit, const law::State& state);
  std::vector<std::string> QueueOf(const std::string& unit) const;
  void Expect(const std::string& what, const std::string& in_model, const std::string& in_book);
  void Tell(const std::string& what, const std::optional<std::string>& fault);

  const LawModel& model_;
  SimulatedOffice& office_;
  bool whole_ = false;
  std::set<Key> ended_;
  std::vector<std::string> differences_;
};

}  // namespace landbook::registry

#endif  // LANDBOOK_SERVICES_REGISTRY_LAW_SIMULATION_OFFICE_TESTING_H_
