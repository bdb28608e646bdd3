// What is recorded outside a case: resolutions, members, the steps and the lapse of cautions.
#include <algorithm>

#include "fmt/format.h"
#include "services/registry/law_simulation_actors_testing.h"

namespace landbook::registry {
namespace {

std::string AnyCollective(const SimulatedVillage& village, Dice* dice) {
  return dice->Pick(
      std::vector<std::string>{village.collectives.begin(), village.collectives.end()});
}

}  // namespace

// A meeting of the last weeks: called in time and carried, mostly.
std::vector<ActRow> Actors::RecordResolution() {
  const std::string met = DaysAfter(day(), -static_cast<int>(dice_.Below(10)));
  const std::vector<std::string> bodies = {"member-representatives", "villagers-assembly"};
  const std::vector<std::string> matters = {"contract-plan", "homestead-use", "members"};
  const int favour = dice_.Percent(80) ? 70 : 59;
  const int present = dice_.Percent(90) ? 80 : 59;
  ActRow row = RowOf("resolution", Fresh("R"),
                     {{"of", AnyCollective(village(), &dice_)},
                      {"body", dice_.Percent(90) ? "member-assembly" : dice_.Pick(bodies)},
                      {"matter", dice_.Pick(matters)},
                      {"met", met},
                      {"convened", DaysAfter(met, dice_.Percent(90) ? -20 : -9)},
                      {"entitled", "90"},
                      {"present", std::to_string(present)},
                      {"favour", std::to_string(std::min(favour, present))}});
  const bool shown = dice_.Percent(90);
  if (row.Fact("matter") == "contract-plan" || !shown) {
    row.facts["plan"] = fmt::format("{}..{}", DaysAfter(met, -18), DaysAfter(met, shown ? -1 : -6));
  }
  return {row};
}

std::vector<ActRow> Actors::RevokeResolution() {
  std::vector<std::string> standing;
  for (const auto& [name, resolution] : village().resolutions) {
    if (resolution.stands) standing.push_back(name);
  }
  if (standing.empty()) return {};
  return {RowOf("revoke", dice_.Pick(standing), {})};
}

// Somebody's membership ends, on a ground of the law or on one that is none.
std::vector<ActRow> Actors::ChangeMembers() {
  const auto household = AnyHousehold("", {});
  if (!household) return {};
  std::vector<std::string> members;
  for (const SimulatedMember& member : village().households.at(*household).members) {
    if (!member.lost) members.push_back(member.person);
  }
  const std::string person = dice_.Pick(members);
  const std::vector<std::string> grounds = {"death",           "death",    "civil-servant",
                                            "study",           "marriage", "settled-in-town",
                                            "left-voluntarily"};
  const std::string ground = dice_.Pick(grounds);
  ActRow row = RowOf("membership", person,
                     {{"of", *household},
                      {"standing", "lost"},
                      {"ground", ground},
                      {"since", day()},
                      {"co", "no"}});
  if (ground == "death" && dice_.Percent(85)) row.facts["death"] = "yes";
  if (ground == "civil-servant" && dice_.Percent(85)) row.facts["other"] = "yes";
  if (ground == "left-voluntarily" && dice_.Percent(85)) row.facts["consent"] = person;
  for (const auto& [name, resolution] : village().resolutions) {
    if (resolution.matter == "members") row.facts["resolution"] = name;
  }
  return {row};
}

// Somebody joins: a person, the list that is filed, the membership.
std::vector<ActRow> Actors::TakeIn() {
  const auto household = AnyHousehold("", {});
  if (!household) return {};
  const std::string person = Fresh("P");
  const std::string list = Fresh("Filing");
  ActRow row = RowOf("membership", person,
                     {{"of", *household},
                      {"standing", "member"},
                      {"ground", "marriage"},
                      {"since", day()},
                      {"co", "yes"},
                      {"civil-status", "yes"}});
  if (dice_.Percent(85)) row.facts["filing"] = list;
  for (const auto& [name, resolution] : village().resolutions) {
    const bool of = resolution.collective == village().households.at(*household).collective;
    if (resolution.matter == "members" && of) row.facts["resolution"] = name;
  }
  return {RowOf("person", person, {{"born", "2001-03-03"}}),
          RowOf("file", list, {{"matter", "member-list"}, {"rights", ""}, {"with", "Township"}}),
          row};
}

std::vector<ActRow> Actors::StepOfCaution() {
  const auto name = AnyCaution({"objection", "advance-notice"});
  if (!name) return {};
  const SimulatedCaution& caution = village().cautions.at(*name);
  ActRow row = RowOf("step", *name, {{"document", "L-1"}});
  if (caution.cause == "advance-notice" && caution.registrable.empty()) {
    row.verb = "registrable";
    row.facts["from"] = day();
  } else if (caution.step.empty()) {
    row.facts["date"] = day();
  } else {
    return {};
  }
  return {row};
}

// Whoever lapses a caution looks for one whose time is over, and errs at times.
std::vector<ActRow> Actors::LapseOfCaution() {
  std::vector<std::string> over;
  for (const auto& [name, caution] : village().cautions) {
    const std::string last = village().LastDayOf(caution);
    const bool is_over = !last.empty() && last < day();
    if (caution.of_case.empty() && (is_over || dice_.Percent(4))) over.push_back(name);
  }
  if (over.empty()) return {};
  return {RowOf("lapse", dice_.Pick(over), {})};
}

std::vector<ActRow> Actors::NextRecord() {
  switch (dice_.Below(12)) {
    case 0:
    case 1:
    case 2:
      return RecordResolution();
    case 3:
      return RevokeResolution();
    case 4:
      return ChangeMembers();
    case 5:
      return TakeIn();
    case 6:
    case 7:
    case 8:
      return StepOfCaution();
    default:
      return LapseOfCaution();
  }
}

}  // namespace landbook::registry
