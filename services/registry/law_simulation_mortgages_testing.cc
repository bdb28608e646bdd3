// What the model says to mortgages: registered, changed, released in part, ranked, discharged and
// realised.
#include <algorithm>

#include "services/registry/law_simulation_model_testing.h"

namespace landbook::registry {
namespace {

// Where an act about mortgages meets cautions: at each right that it is about.
void AskCautionsOn(const std::vector<std::string>& rights, const std::string& kind,
                   SimulatedAnswer* answer) {
  for (const std::string& name : rights) {
    AskStandingCautions({kind, answer->village().rights.at(name).unit(), name}, answer);
  }
}

// --- Registration.

void AskSecured(const std::string& name, const SimulatedRight& right, SimulatedAnswer* answer) {
  const ActRow& row = answer->row();
  const SimulatedVillage& village = answer->village();
  const SimulatedPlot& plot = village.PlotOf(right);
  if (right.type == "homestead") return answer->Refuse("G-17");
  const bool told =
      answer->GivenBy("consent", plot.collective) || answer->IsFiled("security", name, plot);
  if (right.type == "contract") {
    answer->RefuseIf(row.Fact("object") != "management-part", "G-19");
    answer->RefuseIf(!told, "G-19");
  } else {
    answer->RefuseIf(!told, "G-21");
    for (const std::string& contractor : village.rights.at(right.parent).holders) {
      answer->RefuseIf(!answer->GivenBy("consent", contractor), "G-21");
    }
  }
  answer->RefuseIf(!village.banks.contains(row.Fact("to")), "G-20");
  if (row.Fact("term").substr(12) > right.until) answer->Warn("G-14");
}

void AskNewMortgage(SimulatedAnswer* answer) {
  const ActRow& row = answer->row();
  const auto names = Parts(row.Fact("rights"), ',');
  for (const std::string& name : names) {
    const SimulatedRight* right = answer->village().Standing(name);
    answer->RefuseIf(right == nullptr, "RECORD_ENDED");
    if (right != nullptr) {
      answer->RefuseIf(right->until < answer->scene().day, "RIGHT_EXPIRED");
    }
  }
  if (answer->refused()) return;
  answer->RefuseIf(!row.Has("debt"), "G-01");
  const bool maximum = row.Fact("kind") == "maximum";
  answer->RefuseIf(maximum != row.Has("ceiling-period"), "G-11");
  for (const std::string& name : names) {
    AskSecured(name, answer->village().rights.at(name), answer);
    if (!answer->village().DerivedFrom(name).empty()) answer->Warn("G-06");
  }
  AskCautionsOn(names, "mortgage", answer);
}

// --- Changes.

// Those who stand behind the mortgage over any of its rights.
Names Behind(const std::string& name, const SimulatedVillage& village) {
  Names behind;
  for (const std::string& right : village.mortgages.at(name).rights) {
    const auto ranked = village.RanksOver(right);
    for (auto one = std::find(ranked.begin(), ranked.end(), name) + 1; one < ranked.end(); ++one) {
      behind.insert(village.mortgages.at(*one).mortgagee);
    }
  }
  return behind;
}

void AskRelease(const SimulatedMortgage& mortgage, SimulatedAnswer* answer) {
  const Names released = answer->List("rights");
  if (released.empty()) return;
  const bool all = std::all_of(mortgage.rights.begin(), mortgage.rights.end(),
                               [&](const std::string& right) { return released.contains(right); });
  answer->RefuseIf(all, "G-23");
  answer->RefuseIf(!answer->GivenBy("consent", mortgage.mortgagee), "G-23");
}

void AskChange(SimulatedAnswer* answer) {
  const ActRow& row = answer->row();
  const auto found = answer->village().mortgages.find(row.name);
  if (found == answer->village().mortgages.end()) return answer->Refuse("RECORD_ENDED");
  const SimulatedMortgage& mortgage = found->second;
  for (const std::string& released : answer->List("rights")) {
    const bool over = std::find(mortgage.rights.begin(), mortgage.rights.end(), released) !=
                      mortgage.rights.end();
    answer->RefuseIf(!over, "MORTGAGE_OF_ANOTHER_RIGHT");
  }
  if (answer->refused()) return;
  const bool same_fen = !row.Has("fen") || std::stoll(row.Fact("fen")) == mortgage.fen;
  const bool same_mortgagee = !row.Has("to") || row.Fact("to") == mortgage.mortgagee;
  if (same_fen && same_mortgagee && !row.Has("rights")) return answer->Refuse("NOTHING_CHANGES");
  if (row.Has("fen") && std::stoll(row.Fact("fen")) > mortgage.fen) {
    for (const std::string& mortgagee : Behind(row.name, answer->village())) {
      answer->RefuseIf(!answer->GivenBy("consent", mortgagee), "G-03");
    }
  }
  answer->RefuseIf(row.Has("to") && !row.Has("debt"), "G-05");
  answer->RefuseIf(row.Has("to") && !answer->village().banks.contains(row.Fact("to")), "G-20");
  AskRelease(mortgage, answer);
  AskCautionsOn(mortgage.rights, "mortgage", answer);
}

void AskRanks(SimulatedAnswer* answer) {
  const ActRow& row = answer->row();
  const SimulatedVillage& village = answer->village();
  const std::string over = row.Fact("over");
  const SimulatedRight* right = village.Standing(over);
  if (right == nullptr) return answer->Refuse("RECORD_ENDED");
  const auto agreed = Parts(row.Fact("order"), ',');
  const auto before = village.RanksOver(over);
  for (const std::string& name : agreed) {
    if (!village.mortgages.contains(name)) {
      answer->Refuse("RECORD_ENDED");
    } else if (std::find(before.begin(), before.end(), name) == before.end()) {
      answer->Refuse("MORTGAGE_OF_ANOTHER_RIGHT");
    }
  }
  if (answer->refused()) return;
  SimulatedVillage as_agreed = village;
  as_agreed.ranks.push_back({over, agreed});
  const auto after = as_agreed.RanksOver(over);
  for (std::size_t i = 0; i < before.size(); ++i) {
    const auto place = std::find(after.begin(), after.end(), before[i]) - after.begin();
    if (place <= static_cast<std::ptrdiff_t>(i)) continue;
    const std::string& mortgagee = village.mortgages.at(before[i]).mortgagee;
    answer->RefuseIf(!answer->GivenBy("consent", mortgagee), "G-03");
  }
  AskStandingCautions({"mortgage", right->unit(), over}, answer);
}

// --- The end.

void AskDischarge(SimulatedAnswer* answer) {
  const auto found = answer->village().mortgages.find(answer->row().name);
  if (found == answer->village().mortgages.end()) return answer->Refuse("RECORD_ENDED");
  const bool shown =
      answer->row().Has("order") || answer->GivenBy("consent", found->second.mortgagee);
  answer->RefuseIf(!shown, "G-09");
  AskCautionsOn(found->second.rights, "discharge", answer);
}

// Of a contract right a management right is granted, within its term and on land that nobody
// manages under another one.
void AskRealised(const std::string& name, const SimulatedRight& right, SimulatedAnswer* answer) {
  const ActRow& row = answer->row();
  if (right.type != "contract") return;
  answer->RefuseIf(!row.Has("term"), "G-24");
  if (row.Has("term")) {
    const std::string term = row.Fact("term");
    answer->RefuseIf(term.substr(0, 10) < right.from || term.substr(12) > right.until, "C-08");
  }
  answer->RefuseIf(!answer->village().DerivedFrom(name).empty(), "C-24");
}

void AskEnforcement(SimulatedAnswer* answer) {
  const ActRow& row = answer->row();
  const SimulatedVillage& village = answer->village();
  const auto found = village.mortgages.find(row.name);
  if (found == village.mortgages.end()) return answer->Refuse("RECORD_ENDED");
  const SimulatedMortgage& mortgage = found->second;
  Names sides = {mortgage.mortgagee};
  bool contract = false;
  for (const std::string& name : mortgage.rights) {
    const SimulatedRight& right = village.rights.at(name);
    answer->RefuseIf(right.until < answer->scene().day, "RIGHT_EXPIRED");
    sides.insert(right.holders.begin(), right.holders.end());
    contract = contract || right.type == "contract";
  }
  answer->RefuseIf(row.Has("term") && !contract, "FIELD_OF_ANOTHER_KIND");
  for (const std::string& taker : answer->List("to")) {
    const auto household = village.households.find(taker);
    const bool ended = household != village.households.end() && household->second.ended;
    answer->RefuseIf(ended, "RECORD_ENDED");
  }
  if (answer->refused()) return;
  for (const std::string& name : mortgage.rights) {
    AskRealised(name, village.rights.at(name), answer);
  }
  const bool agreed = std::all_of(sides.begin(), sides.end(), [&](const std::string& side) {
    return answer->GivenBy("consent", side);
  });
  answer->RefuseIf(!agreed && !row.Has("order"), "G-25");
  AskCautionsOn(mortgage.rights, "enforce", answer);
}

void Realise(const ActRow& row, SimulatedVillage* village) {
  const auto takers = Parts(row.Fact("to"), ',');
  for (const std::string& name : village->mortgages.at(row.name).rights) {
    SimulatedRight& right = village->rights.at(name);
    if (right.type != "contract") {
      right.holders = {takers.begin(), takers.end()};
      continue;
    }
    const std::string term = row.Fact("term");
    village->rights[row.name + "." + name] = {
        right.plot,         "management",    {takers.begin(), takers.end()},
        term.substr(0, 10), term.substr(12), name};
  }
}

}  // namespace

void AskMortgage(SimulatedAnswer* answer) {
  const std::string& verb = answer->row().verb;
  if (verb == "mortgage") return AskNewMortgage(answer);
  if (verb == "ranks") return AskRanks(answer);
  if (verb == "discharge") return AskDischarge(answer);
  if (verb == "enforce") return AskEnforcement(answer);
  AskChange(answer);
}

void EnterMortgage(const ActRow& row, SimulatedVillage* village) {
  if (row.verb == "mortgage") {
    village->mortgages[row.name] = {Parts(row.Fact("rights"), ','), row.Fact("to"),
                                    std::stoll(row.Fact("fen")), row.Has("restricted"),
                                    village->next_order++};
  } else if (row.verb == "ranks") {
    village->ranks.push_back({row.Fact("over"), Parts(row.Fact("order"), ',')});
  } else if (row.verb == "discharge") {
    village->mortgages.erase(row.name);
  } else if (row.verb == "enforce") {
    Realise(row, village);
    village->mortgages.erase(row.name);
  } else {
    SimulatedMortgage& mortgage = village->mortgages.at(row.name);
    if (row.Has("fen")) mortgage.fen = std::stoll(row.Fact("fen"));
    if (row.Has("to")) mortgage.mortgagee = row.Fact("to");
    for (const std::string& released : Parts(row.Fact("rights"), ',')) {
      std::erase(mortgage.rights, released);
    }
  }
}

}  // namespace landbook::registry
