// What the model says to what a collective decides, to who belongs to it, to households that divide
// and join, and to filings.
#include <algorithm>

#include "services/registry/law_simulation_model_testing.h"

namespace landbook::registry {
namespace {

// --- Resolutions: the member assembly is called ten days before, two thirds come and two thirds of
// all are in favour; a contracting plan has been shown for fifteen days by then (RCEO 27).

int Count(const ActRow& row, const std::string& key) { return std::stoi(row.Fact(key, "0")); }

void AskPlanShown(SimulatedAnswer* answer) {
  const ActRow& row = answer->row();
  if (row.Fact("matter") != "contract-plan") return;
  const std::string plan = row.Fact("plan");
  const bool shown = !plan.empty() && DaysAfter(plan.substr(0, 10), 14) <= plan.substr(12) &&
                     plan.substr(12) < row.Fact("met");
  answer->RefuseIf(!shown, "C-30");
}

void AskResolution(SimulatedAnswer* answer) {
  const ActRow& row = answer->row();
  const std::string body = row.Fact("body");
  // Villagers never decide on members, representatives on nothing here.
  const bool of_villagers = body == "villagers-assembly" && row.Fact("matter") != "members";
  if (body != "member-assembly" && !of_villagers) return answer->Refuse("D-06");
  AskPlanShown(answer);
  if (of_villagers) return answer->Refuse("D-07");
  answer->RefuseIf(row.Fact("convened") > DaysAfter(row.Fact("met"), -10), "D-05");
  const int entitled = Count(row, "entitled");
  const bool carried =
      3 * Count(row, "present") >= 2 * entitled && 3 * Count(row, "favour") >= 2 * entitled;
  answer->RefuseIf(!carried, "D-05");
}

// --- Members.

// A resolution of the collective on members, that stands.
void AskDecided(const std::string& collective, std::string_view rule, SimulatedAnswer* answer) {
  const auto found = answer->village().resolutions.find(answer->row().Fact("resolution"));
  if (found == answer->village().resolutions.end() || found->second.matter != "members") {
    return answer->Refuse(rule);
  }
  const bool good = found->second.stands && found->second.collective == collective &&
                    found->second.met <= answer->scene().day;
  answer->RefuseIf(!good, "D-12");
}

bool EndsMembership(const std::string& ground) {
  static const auto& grounds = *new Names{"death", "nationality-lost", "member-elsewhere",
                                          "civil-servant", "left-voluntarily"};
  return grounds.contains(ground);
}

void AskLost(const SimulatedHousehold& household, SimulatedAnswer* answer) {
  const ActRow& row = answer->row();
  const std::string ground = row.Fact("ground");
  // Land is kept on marriage until there is land elsewhere (RLCL 31).
  if (ground == "marriage" && row.Fact("co") == "no") answer->Warn("D-10");
  if (!EndsMembership(ground)) return answer->Refuse("D-09");
  if (ground == "death") {
    answer->RefuseIf(!answer->HasAnyOf({"death", "order"}), "D-09");
  } else if (ground != "left-voluntarily") {
    answer->RefuseIf(!answer->HasAnyOf({"other", "civil-status", "order"}), "D-09");
  } else if (!answer->GivenBy("consent", row.name)) {
    answer->Refuse("D-13");
  } else {
    AskDecided(household.collective, "D-13", answer);
  }
}

void AskJoined(const SimulatedHousehold& household, SimulatedAnswer* answer) {
  AskDecided(household.collective, "D-08", answer);
  if (answer->refused()) return;
  const auto filed = answer->village().filings.find(answer->row().Fact("filing"));
  const bool listed = filed != answer->village().filings.end() &&
                      filed->second.matter == "member-list" &&
                      answer->village().authorities.contains(filed->second.with);
  answer->RefuseIf(!listed, "D-08");
}

void AskMembership(SimulatedAnswer* answer) {
  const ActRow& row = answer->row();
  const SimulatedHousehold& household = answer->village().households.at(row.Fact("of"));
  if (household.ended) return answer->Refuse("RECORD_ENDED");
  if (row.Fact("standing") == "lost") return AskLost(household, answer);
  AskJoined(household, answer);
}

// --- Households.

void AskSplit(SimulatedAnswer* answer) {
  const SimulatedHousehold& household = answer->village().households.at(answer->row().name);
  if (household.ended) return answer->Refuse("RECORD_ENDED");
  Names stay;
  for (const SimulatedMember& member : household.members) {
    if (!member.lost) stay.insert(member.person);
  }
  const Names members = stay;
  for (const std::string& part : Parts(answer->row().Fact("into"), ';')) {
    for (const std::string& person : Parts(Parts(part, ':').at(1), ',')) {
      answer->RefuseIf(!members.contains(person), "I-07");
      stay.erase(person);
    }
  }
  answer->RefuseIf(stay.empty(), "I-07");
}

void AskMerge(SimulatedAnswer* answer) {
  Names collectives;
  bool headed = false;
  for (const std::string& name : answer->List("of")) {
    const SimulatedHousehold& household = answer->village().households.at(name);
    answer->RefuseIf(household.ended, "RECORD_ENDED");
    collectives.insert(household.collective);
    for (const SimulatedMember& member : household.members) {
      headed = headed || member.person == answer->row().Fact("head");
    }
  }
  answer->RefuseIf(!headed, "HOUSEHOLD_HEAD_REQUIRED");
  if (answer->refused()) return;
  answer->RefuseIf(collectives.size() > 1, "I-08");
}

void AskEligibility(SimulatedAnswer* answer) {
  const ActRow& row = answer->row();
  const SimulatedHousehold& household = answer->village().households.at(row.name);
  if (household.ended) return answer->Refuse("RECORD_ENDED");
  const std::string to = row.Fact("to");
  const bool given_up = to == "given-up" || to == "suspended";
  answer->RefuseIf(given_up && !row.Has("withdrawal-agreement"), "H-19");
  const bool reinstated = household.eligibility == "barred" && to != "barred";
  answer->RefuseIf(reinstated && !row.Has("order"), "H-04");
  if (!answer->refused()) answer->RefuseIf(household.eligibility == to, "NOTHING_CHANGES");
}

void AskFiling(SimulatedAnswer* answer) {
  for (const std::string& right : answer->List("rights")) {
    answer->RefuseIf(answer->village().Standing(right) == nullptr, "RECORD_ENDED");
  }
}

void Split(const ActRow& row, SimulatedVillage* village) {
  for (const std::string& part : Parts(row.Fact("into"), ';')) {
    const auto named = Parts(part, ':');
    SimulatedHousehold& old = village->households.at(row.name);
    SimulatedHousehold made;
    made.collective = old.collective;
    made.made_from = {row.name};
    for (const std::string& person : Parts(named.at(1), ',')) {
      made.members.push_back({person});
      std::erase_if(old.members,
                    [&](const SimulatedMember& member) { return member.person == person; });
    }
    village->households[named.at(0)] = std::move(made);
  }
}

void Merge(const ActRow& row, SimulatedVillage* village) {
  SimulatedHousehold made;
  for (const std::string& name : Parts(row.Fact("of"), ',')) {
    SimulatedHousehold& old = village->households.at(name);
    made.collective = old.collective;
    made.made_from.insert(name);
    made.members.insert(made.members.end(), old.members.begin(), old.members.end());
    old.members.clear();
    old.ended = true;
  }
  village->households[row.name] = std::move(made);
}

void ChangeMember(const ActRow& row, SimulatedVillage* village) {
  auto& members = village->households.at(row.Fact("of")).members;
  const auto found = std::find_if(members.begin(), members.end(),
                                  [&](const auto& member) { return member.person == row.name; });
  const bool lost = row.Fact("standing") == "lost";
  if (found == members.end()) {
    members.push_back({row.name, lost});
  } else {
    found->lost = lost;
  }
}

}  // namespace

void AskCollective(SimulatedAnswer* answer) {
  const ActRow& row = answer->row();
  if (row.verb == "resolution") return AskResolution(answer);
  if (row.verb == "revoke") {
    return answer->RefuseIf(!answer->village().resolutions.at(row.name).stands, "RECORD_ENDED");
  }
  if (row.verb == "membership") return AskMembership(answer);
  if (row.verb == "split-household") return AskSplit(answer);
  if (row.verb == "merge-households") return AskMerge(answer);
  if (row.verb == "eligibility") return AskEligibility(answer);
  AskFiling(answer);
}

void EnterCollective(const ActRow& row, SimulatedVillage* village) {
  if (row.verb == "resolution") {
    village->resolutions[row.name] = {row.Fact("of"), row.Fact("matter"), row.Fact("met")};
  } else if (row.verb == "revoke") {
    village->resolutions.at(row.name).stands = false;
  } else if (row.verb == "membership") {
    ChangeMember(row, village);
  } else if (row.verb == "split-household") {
    Split(row, village);
  } else if (row.verb == "merge-households") {
    Merge(row, village);
  } else if (row.verb == "eligibility") {
    village->households.at(row.name).eligibility = row.Fact("to");
  } else {
    const auto rights = Parts(row.Fact("rights"), ',');
    village->filings[row.name] = {
        row.Fact("matter"), {rights.begin(), rights.end()}, row.Fact("with")};
  }
}

}  // namespace landbook::registry
