// Who acts in the law simulation: households, banks, courts and the collectives, each bringing
// errands to the office at random, most of them as the law has it and some spoiled.
#ifndef LANDBOOK_SERVICES_REGISTRY_LAW_SIMULATION_ACTORS_TESTING_H_
#define LANDBOOK_SERVICES_REGISTRY_LAW_SIMULATION_ACTORS_TESTING_H_

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "services/registry/law_simulation_model_testing.h"

namespace landbook::registry {

// Chance, the same for the same seed on every machine.
class Dice {
 public:
  explicit Dice(std::uint64_t seed) : state_(seed) {}

  std::uint64_t Next();
  // One of 0 to count - 1. REQUIRES: count > 0.
  std::size_t Below(std::size_t count) { return static_cast<std::size_t>(Next() % count); }
  // True so many times of a hundred.
  bool Percent(std::size_t percent) { return Below(100) < percent; }
  template <typename Item>
  const Item& Pick(const std::vector<Item>& items) {
    return items[Below(items.size())];
  }

 private:
  std::uint64_t state_;
};

// A row, as a case file would have it.
ActRow RowOf(const std::string& verb, const std::string& name,
             std::map<std::string, std::string> facts);
// The same as a line of text.
std::string LineOf(const ActRow& row);

// What somebody comes to the office with: rows that are recorded at once, then an application.
struct Errand {
  std::vector<ActRow> before;
  Draft draft;
};

class Actors {
 public:
  Actors(const LawModel& model, Dice* dice) : model_(model), dice_(*dice) {}

  // An errand as the law has it, or nothing where the village has no occasion for the one that came
  // up. Its kind of case and its papers are stated.
  std::optional<Errand> NextErrand();
  // Changes one thing of the errand: a paper, a consent, a taker, a date.
  void Spoil(Errand* errand);
  // What is recorded outside a case: a resolution, a change of members, a step of a caution, its
  // lapse. Nothing where there is no occasion.
  std::vector<ActRow> NextRecord();

 private:
  using Maker = std::optional<Errand> (Actors::*)();

  // Land and homesteads (law_simulation_land_testing.cc).
  std::optional<Errand> TransferContract();
  std::optional<Errand> ExchangeContracts();
  std::optional<Errand> InheritContract();
  std::optional<Errand> LeaseOut();
  std::optional<Errand> PassLeaseOn();
  std::optional<Errand> EndLease();
  std::optional<Errand> GiveLandBack();
  std::optional<Errand> ContractLand();
  std::optional<Errand> EndContract();
  std::optional<Errand> AllocateHomestead();
  std::optional<Errand> TransferHomestead();
  std::optional<Errand> InheritHomestead();
  std::optional<Errand> GiveHomesteadBack();
  std::optional<Errand> DivideHousehold();
  std::optional<Errand> JoinHouseholds();

  // Banks and courts (law_simulation_burdens_testing.cc).
  std::optional<Errand> MortgageLand();
  std::optional<Errand> ChangeMortgage();
  std::optional<Errand> ReleasePart();
  std::optional<Errand> AgreeRanks();
  std::optional<Errand> Discharge();
  std::optional<Errand> Enforce();
  std::optional<Errand> Seize();
  std::optional<Errand> ExtendSeizure();
  std::optional<Errand> LiftCaution();
  std::optional<Errand> Object();
  std::optional<Errand> GiveAdvanceNotice();
  std::optional<Errand> Freeze();

  // Records.
  std::vector<ActRow> RecordResolution();
  std::vector<ActRow> ChangeMembers();
  std::vector<ActRow> TakeIn();
  std::vector<ActRow> StepOfCaution();
  std::vector<ActRow> LapseOfCaution();
  std::vector<ActRow> RevokeResolution();

  // What actors share.
  const SimulatedVillage& village() const { return model_.village(); }
  const std::string& day() const { return model_.day(); }
  std::string Fresh(const std::string& prefix);
  std::optional<std::string> AnyRight(const std::string& type);
  std::optional<std::string> AnyMortgage();
  std::optional<std::string> AnyCaution(const Names& causes);
  // A household of the collective, another than those; one of any collective without one.
  std::optional<std::string> AnyHousehold(const std::string& collective, const Names& others);
  std::string AnyBank();
  // A plot of the kind in which no right of the type stands.
  std::optional<std::string> AnyVacant(const std::string& kind, const std::string& type);
  // A resolution on the matter, of the collective mostly.
  std::optional<std::string> AnyResolution(const std::string& matter,
                                           const std::string& collective);
  const std::string& CollectiveOf(const std::string& right) const;
  std::string UnitsOf(const std::vector<std::string>& rights) const;
  std::string ConsentOfAdults(const std::string& right) const;
  // Files the dealing before the errand and names the filing in its row.
  void FileFirst(const std::string& matter, const std::vector<std::string>& rights, ActRow* row,
                 Errand* errand);
  // An errand about one row: the kind of case, who applies, and the units.
  struct Brought {
    std::string kind;
    std::string by;
    std::string units;
  };
  static Errand ErrandOf(const Brought& brought, std::vector<ActRow> rows);

  const LawModel& model_;
  Dice& dice_;
  std::uint64_t serial_ = 0;
};

// How many households each of the two groups begins with.
inline constexpr int kHouseholdsOfGroup = 9;

}  // namespace landbook::registry

#endif  // LANDBOOK_SERVICES_REGISTRY_LAW_SIMULATION_ACTORS_TESTING_H_
