// What the model says to rights as they are given, pass and end.
#include <algorithm>

#include "services/registry/law_simulation_model_testing.h"

namespace landbook::registry {
namespace {

bool IsForest(const SimulatedPlot& plot) { return plot.land_use.starts_with("03"); }
bool IsCropland(const std::string& land_use) { return land_use.starts_with("01"); }
bool IsFarmed(const std::string& land_use) {
  return IsCropland(land_use) || land_use.starts_with("02") || land_use.starts_with("03");
}

bool HasEnded(const std::string& party, const SimulatedVillage& village) {
  const auto household = village.households.find(party);
  return household != village.households.end() && household->second.ended;
}

void AskTakers(const Names& takers, SimulatedAnswer* answer) {
  for (const std::string& taker : takers) {
    answer->RefuseIf(HasEnded(taker, answer->village()), "RECORD_ENDED");
    // The split or the merge that would have made the household was refused.
    const bool unmade = taker.starts_with("New") && !answer->village().households.contains(taker);
    answer->RefuseIf(unmade, "REFERENCE_UNRESOLVED");
  }
}

bool AllInside(const Names& takers, const SimulatedPlot& plot, const SimulatedVillage& village) {
  return std::all_of(takers.begin(), takers.end(),
                     [&](const std::string& taker) { return village.IsInside(taker, plot); });
}

bool CollectiveConsents(const SimulatedPlot& plot, const SimulatedAnswer& answer) {
  return answer.GivenBy("consent", plot.collective);
}

// --- Transfers.

struct Passing {
  const SimulatedRight& right;
  const SimulatedPlot& plot;
  std::string name;
  std::string cause;
  Names takers;
};

// An heir shows the death and the succession, unless a judgment says it.
void AskHeir(std::string_view rule, SimulatedAnswer* answer) {
  const bool shown = answer->row().Has("death") && answer->row().Has("inheritance");
  answer->RefuseIf(!shown && !answer->row().Has("order"), rule);
}

void AskExchange(const Passing& passing, SimulatedAnswer* answer) {
  const SimulatedVillage& village = answer->village();
  answer->RefuseIf(!AllInside(passing.takers, passing.plot, village), "C-03");
  const auto other = village.rights.find(answer->row().Fact("for"));
  answer->RefuseIf(other == village.rights.end() || other->second.type != "contract", "C-03");
  const bool told = CollectiveConsents(passing.plot, *answer) ||
                    answer->IsFiled("exchange", passing.name, passing.plot);
  answer->RefuseIf(!told, "C-03");
}

void AskPassingContract(const Passing& passing, SimulatedAnswer* answer) {
  if (passing.cause == "exchange") return AskExchange(passing, answer);
  if (passing.cause == "household-change") return;  // every type alike
  if (passing.cause == "inheritance") {
    if (!IsForest(passing.plot)) return answer->Refuse("I-01");
    return AskHeir("I-02", answer);
  }
  const std::string rule = passing.cause == "gift" ? "I-06" : "C-01";
  const auto& households = answer->village().households;
  const bool somebody_left =
      std::all_of(passing.takers.begin(), passing.takers.end(), [&](const std::string& taker) {
        const auto found = households.find(taker);
        return found != households.end() && !found->second.IsExtinct();
      });
  const bool inside = AllInside(passing.takers, passing.plot, answer->village());
  answer->RefuseIf(!inside || !somebody_left, rule);
  const bool consented = CollectiveConsents(passing.plot, *answer) || answer->row().Has("order");
  answer->RefuseIf(!consented, rule);
}

void AskPassingHomestead(const Passing& passing, SimulatedAnswer* answer) {
  if (passing.cause == "inheritance") return AskHeir("H-07", answer);
  const bool gift = passing.cause == "gift";
  answer->RefuseIf(!AllInside(passing.takers, passing.plot, answer->village()),
                   gift ? "H-08" : "H-06");
  if (passing.cause == "household-change") return;
  for (const std::string& taker : passing.takers) {
    answer->RefuseIf(!answer->village().RightsOf(taker, "homestead").empty(), "H-05");
  }
  answer->RefuseIf(!CollectiveConsents(passing.plot, *answer), gift ? "H-08" : "H-05");
}

void AskPassingManagement(const Passing& passing, SimulatedAnswer* answer) {
  if (passing.cause == "inheritance") return AskHeir("I-03", answer);
  if (passing.cause == "household-change") return;
  const auto contract = answer->village().rights.find(passing.right.parent);
  for (const std::string& contractor : contract->second.holders) {
    answer->RefuseIf(!answer->GivenBy("consent", contractor), "C-14");
  }
  const bool told = CollectiveConsents(passing.plot, *answer) ||
                    answer->IsFiled("recirculation", passing.name, passing.plot);
  answer->RefuseIf(!told, "C-14");
}

// A household's land passes to what it was made into only, on a contract of its own.
void AskHouseholdChange(const Passing& passing, SimulatedAnswer* answer) {
  for (const std::string& taker : passing.takers) {
    const auto household = answer->village().households.find(taker);
    const bool made = household != answer->village().households.end() &&
                      std::any_of(passing.right.holders.begin(), passing.right.holders.end(),
                                  [&](const std::string& holder) {
                                    return household->second.made_from.contains(holder);
                                  });
    answer->RefuseIf(!made && !passing.right.holders.contains(taker), "I-05");
  }
  const bool contract = passing.right.type == "contract";
  answer->RefuseIf(contract && !answer->row().Has("signed-contract"), "I-05");
}

void AskTransfer(SimulatedAnswer* answer) {
  const ActRow& row = answer->row();
  const SimulatedVillage& village = answer->village();
  const SimulatedRight* right = village.Standing(row.name);
  const Names takers = answer->List("to");
  AskTakers(takers, answer);
  if (right == nullptr) return answer->Refuse("RECORD_ENDED");
  answer->RefuseIf(!answer->refused() && takers == right->holders, "NOTHING_CHANGES");
  answer->RefuseIf(right->until < answer->scene().day, "RIGHT_EXPIRED");
  if (answer->refused()) return;
  const Passing passing{*right, village.PlotOf(*right), row.name, row.Fact("cause"), takers};
  if (right->type == "contract") AskPassingContract(passing, answer);
  if (right->type == "homestead") AskPassingHomestead(passing, answer);
  if (right->type == "management") AskPassingManagement(passing, answer);
  if (passing.cause == "household-change") AskHouseholdChange(passing, answer);
  for (const auto& [name, mortgage] : village.mortgages) {
    const auto& over = mortgage.rights;
    if (!mortgage.restricted || std::find(over.begin(), over.end(), row.name) == over.end())
      continue;
    answer->RefuseIf(!answer->GivenBy("consent", mortgage.mortgagee), "G-04");
  }
  AskStandingCautions({"transfer", right->unit(), row.name}, answer);
}

// --- Grants.

// The plot of the unit that the row names.
std::string PlotNamed(const ActRow& row) {
  const std::string unit = row.Fact("unit");
  return unit.substr(0, unit.size() - 1);
}

std::string FirstDay(const ActRow& row) { return row.Fact("term").substr(0, 10); }
std::string LastDay(const ActRow& row) { return row.Fact("term").substr(12); }

void AskPriority(const SimulatedPlot& plot, SimulatedAnswer* answer) {
  const ActRow& row = answer->row();
  if (AllInside(answer->List("holders"), plot, answer->village())) return;
  const bool stated = row.Has("manner") || row.Has("priority");
  const bool passed_over = stated && row.Has("claimed");
  if (passed_over || !row.Has("priority")) answer->Warn("C-10");
  if (!row.Has("priority")) return;
  if (row.Fact("priority").substr(12) >= answer->scene().day) answer->RefuseForNow("C-11");
}

// A lease or an equity contribution of a contract's management part.
void AskCirculation(const SimulatedRight& contract, const SimulatedPlot& plot,
                    SimulatedAnswer* answer) {
  const ActRow& row = answer->row();
  const bool stated = row.Has("manner") || row.Has("priority");
  const std::string land_use = stated ? row.Fact("land-use") : "";
  const std::string manner = row.Fact("manner");
  answer->RefuseIf(!IsFarmed(land_use), "C-07");
  answer->RefuseIf(FirstDay(row) < contract.from || LastDay(row) > contract.until, "C-08");
  AskPriority(plot, answer);
  answer->RefuseIf(!row.Has("signed-contract"), "C-12");
  answer->RefuseIf(DaysAfter(LastDay(row), 1) < MonthsAfter(FirstDay(row), 5 * 12), "C-13");
  answer->RefuseIf(stated && row.Has("capital") && !row.Has("qualification-review"), "C-17");
  if (!land_use.empty() && !IsCropland(land_use) && plot.basic_farmland) answer->Warn("C-29");
  answer->RefuseIf(manner != "lease" && manner != "equity" && manner != "other", "C-31");
  const bool told =
      CollectiveConsents(plot, *answer) || answer->IsFiled("circulation", row.Fact("parent"), plot);
  if (!told) answer->Warn("C-05");
}

// True when the household gave contracted land back in a term that still runs, or one that was
// merged into it.
bool GaveLandBack(const std::string& household, const SimulatedScene& scene) {
  const auto found = scene.village.households.find(household);
  const Names made_from =
      found == scene.village.households.end() ? Names() : found->second.made_from;
  for (const std::string& before : made_from) {
    const bool merged = scene.village.households.at(before).ended;
    if (merged && GaveLandBack(before, scene)) return true;
  }
  return std::any_of(scene.village.rights.begin(), scene.village.rights.end(),
                     [&](const auto& one) {
                       const SimulatedRight& right = one.second;
                       return right.withdrawn && right.type == "contract" &&
                              right.holders.contains(household) && right.until >= scene.day;
                     });
}

// A resolution of the land's collective on the matter, that stands.
void AskResolutionOf(const SimulatedPlot& plot, const std::string& matter, std::string_view rule,
                     SimulatedAnswer* answer) {
  const auto found = answer->village().resolutions.find(answer->row().Fact("resolution"));
  if (found == answer->village().resolutions.end() || found->second.matter != matter) {
    return answer->Refuse(rule);
  }
  const SimulatedResolution& decided = found->second;
  const bool good = decided.stands && decided.collective == plot.collective;
  answer->RefuseIf(!good || decided.met > answer->scene().day, "D-12");
}

void AskNewContract(const SimulatedPlot& plot, SimulatedAnswer* answer) {
  const int years_max = IsForest(plot) ? 70 : 30;
  for (const std::string& holder : answer->List("holders")) {
    const auto household = answer->village().households.find(holder);
    const bool member = answer->village().IsInside(holder, plot) && !household->second.IsExtinct();
    answer->RefuseIf(!member, "R-02");
    answer->RefuseIf(GaveLandBack(holder, answer->scene()), "W-24");
  }
  const ActRow& row = answer->row();
  answer->RefuseIf(LastDay(row) > MonthsAfter(FirstDay(row), 12 * years_max), "R-06");
  answer->RefuseIf(!row.Has("signed-contract"), "C-12");
  AskResolutionOf(plot, "contract-plan", "D-01", answer);
}

// Who is allocated a homestead has none, has a claim to one, and did not sell or give one away.
void AskAllocated(const std::string& holder, const SimulatedPlot& plot, SimulatedAnswer* answer) {
  const SimulatedVillage& village = answer->village();
  answer->RefuseIf(!village.RightsOf(holder, "homestead").empty(), "H-01");
  if (!village.IsInside(holder, plot)) return answer->Refuse("R-03");
  const SimulatedHousehold& household = village.households.at(holder);
  answer->RefuseIf(household.eligibility == "barred", "H-04");
  const bool given_up = household.eligibility == "given-up";
  answer->RefuseIf(given_up || household.IsExtinct(), "R-03");
}

// The members decide, it is shown, the township approves; within the standard of the ground.
void AskAllocation(const SimulatedPlot& plot, SimulatedAnswer* answer) {
  const ActRow& row = answer->row();
  for (const std::string& holder : answer->List("holders")) AskAllocated(holder, plot, answer);
  AskResolutionOf(plot, "homestead-use", "H-02", answer);
  answer->RefuseIf(!row.Has("display"), "H-02");
  answer->RefuseIf(!answer->village().authorities.contains(row.Fact("permit")), "H-02");
  const std::string ground = row.Fact("ground");
  const int area_max_m2 = ground == "cropland" ? 150 : ground == "other-land" ? 200 : 0;
  answer->RefuseIf(plot.area_m2 > area_max_m2, "H-14");
}

void AskGrant(SimulatedAnswer* answer) {
  const ActRow& row = answer->row();
  const SimulatedVillage& village = answer->village();
  const SimulatedPlot& plot = village.plots.at(PlotNamed(row));
  const std::string parent = row.Fact("parent");
  const SimulatedRight* contract = village.Standing(parent);
  AskTakers(answer->List("holders"), answer);
  answer->RefuseIf(!parent.empty() && contract == nullptr, "RECORD_ENDED");
  if (contract != nullptr) {
    answer->RefuseIf(contract->until < answer->scene().day, "RIGHT_EXPIRED");
  }
  const bool homestead = row.Fact("type") == "homestead";
  const bool stands = !village.RightsOn(PlotNamed(row), row.Fact("type")).empty();
  answer->RefuseIf(homestead && stands, "RIGHT_STANDS_ALREADY");
  if (answer->refused()) return;
  if (homestead) AskAllocation(plot, answer);
  answer->RefuseIf(!homestead && stands, "C-24");
  if (contract != nullptr) AskCirculation(*contract, plot, answer);
  if (row.Fact("type") == "contract") AskNewContract(plot, answer);
  AskStandingCautions({"grant", row.Fact("unit"), parent}, answer);
}

// --- The end of a right.

void AskEndOfContract(const SimulatedRight& right, SimulatedAnswer* answer) {
  const std::string cause = answer->row().Fact("cause");
  const SimulatedVillage& village = answer->village();
  if (cause == "term-over") {
    answer->RefuseIf(right.until >= answer->scene().day, "C-22");
  } else if (cause == "loss" || cause == "expropriation") {
    answer->RefuseIf(!answer->HasAnyOf({"other", "order", "permit", "survey"}), "C-22");
  } else if (cause == "household-extinct") {
    for (const std::string& holder : right.holders) {
      const auto household = village.households.find(holder);
      const bool extinct = household != village.households.end() && household->second.IsExtinct();
      answer->RefuseIf(!extinct, "I-01");
    }
  } else {
    answer->Refuse("C-22");  // by agreement, or without a cause
  }
}

void AskEndOfManagement(const SimulatedRight& right, SimulatedAnswer* answer) {
  const std::string cause = answer->row().Fact("cause");
  if (right.until < answer->scene().day) return;
  if (cause == "judgment") return answer->RefuseIf(!answer->row().Has("order"), "C-15");
  if (cause != "agreement") return answer->Refuse("C-15");
  Names sides = right.holders;
  const auto contract = answer->village().rights.find(right.parent);
  if (contract != answer->village().rights.end()) {
    sides.insert(contract->second.holders.begin(), contract->second.holders.end());
  }
  for (const std::string& side : sides) {
    answer->RefuseIf(!answer->GivenBy("consent", side), "C-15");
  }
}

void AskExtinguish(SimulatedAnswer* answer) {
  const std::string& name = answer->row().name;
  const SimulatedVillage& village = answer->village();
  const SimulatedRight* right = village.Standing(name);
  if (right == nullptr) return answer->Refuse("RECORD_ENDED");
  answer->RefuseIf(!village.DerivedFrom(name).empty(), "DERIVED_RIGHT_STANDS");
  answer->RefuseIf(!village.RanksOver(name).empty(), "MORTGAGE_STANDS");
  if (answer->refused()) return;
  if (right->type == "contract") AskEndOfContract(*right, answer);
  if (right->type == "management") AskEndOfManagement(*right, answer);
  if (right->type == "homestead") {
    const bool shown = answer->HasAnyOf({"other", "order", "permit", "survey", "death"});
    answer->RefuseIf(!shown || answer->row().Fact("cause") != "loss", "H-10");
  }
  AskStandingCautions({"extinguish", right->unit(), name}, answer);
}

}  // namespace

void AskRight(SimulatedAnswer* answer) {
  const std::string& verb = answer->row().verb;
  if (verb == "transfer") return AskTransfer(answer);
  if (verb == "grant") return AskGrant(answer);
  AskExtinguish(answer);
}

namespace {

// Who sells a homestead or gives it away has no claim to another (LAL 62(5)).
void BarGiver(const ActRow& row, const SimulatedRight& right, SimulatedVillage* village) {
  const bool given = row.Fact("cause") == "assignment" || row.Fact("cause") == "gift";
  if (!given || right.type != "homestead") return;
  for (const std::string& holder : right.holders) {
    const auto household = village->households.find(holder);
    if (household != village->households.end()) household->second.eligibility = "barred";
  }
}

}  // namespace

void EnterRight(const ActRow& row, SimulatedVillage* village) {
  const auto holders = Parts(row.Fact(row.verb == "transfer" ? "to" : "holders"), ',');
  if (row.verb == "grant" || row.verb == "carry") {
    SimulatedRight right{PlotNamed(row), row.Fact("type"), {holders.begin(), holders.end()},
                         FirstDay(row),  LastDay(row),     row.Fact("parent")};
    if (right.until == "none") right.until = kNoEnd;
    village->rights[row.name] = std::move(right);
    return;
  }
  SimulatedRight& right = village->rights.at(row.name);
  if (row.verb == "transfer") {
    BarGiver(row, right, village);
    right.holders = {holders.begin(), holders.end()};
  } else {
    right.stands = false;
    right.withdrawn = row.verb == "withdraw";
  }
}

}  // namespace landbook::registry
