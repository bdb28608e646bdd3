// How the village of the law simulation begins: its people, its land, and what each holds.
#include "fmt/format.h"
#include "services/registry/law_simulation_testing.h"
#include "storage/check.h"

namespace landbook::registry {
namespace {

constexpr char kVillage[] = "990101101201";

std::string DivisionOf(const std::string& collective) {
  return fmt::format("{}0{}", kVillage, collective.back());
}

}  // namespace

// Puts what the village begins with into the book; the model is told by whoever calls.
void LawSimulation::Settle(const std::vector<ActRow>& rows) {
  for (const ActRow& row : rows) {
    // No assembly has confirmed the members (D-08): households come by an administrator's hand.
    const std::string officer = row.verb == "household" ? "" : "Ren";
    const Decided decided = office_.Bring({row}, {officer, "D-0"});
    LANDBOOK_CHECK(decided.accepted());
  }
}

void LawSimulation::FoundVillage() {
  SimulatedVillage& village = model_.village();
  for (const std::string holiday :
       {"2026-02-16", "2026-02-17", "2026-02-18", "2026-10-01", "2026-10-02", "2026-10-05"}) {
    Settle({RowOf("calendar", fmt::format("{0}..{0}", holiday), {{"working", "no"}})});
    village.calendar[holiday] = false;
  }
  Settle({RowOf("calendar", "2026-02-14..2026-02-14", {{"working", "yes"}})});
  village.calendar["2026-02-14"] = true;
  village.collectives = {"Group1", "Group2"};
  village.authorities = {"Township", "CountyGov", "Court"};
  village.banks = {"Bank", "Bank2", "Bank3"};
  for (const std::string& name : village.authorities) Settle({RowOf("authority", name, {})});
  for (const std::string& name : village.banks) {
    Settle({RowOf("organisation", name, {{"bank", "yes"}})});
  }
  Settle({RowOf("organisation", "Farm", {{"credit", "91990101MA0000001Y"}}),
          RowOf("person", "Townsman", {{"born", "1985-12-12"}}),
          RowOf("person", "Trader", {{"born", "1979-04-04"}})});
  for (const std::string& group : village.collectives) {
    Settle({RowOf("collective", group,
                  {{"division", DivisionOf(group)}, {"issuer", DivisionOf(group)}})});
    for (int i = 1; i <= kHouseholdsOfGroup; ++i) {
      const std::string name = fmt::format("H{}{}", group.back(), i);
      SimulatedHousehold household{group, {}, "", {}};
      std::vector<std::string> people;
      // The first is of age; the last may come of age in the year.
      for (std::size_t j = 0; j <= dice_.Below(4); ++j) {
        const std::string person = fmt::format("{}{}", name, static_cast<char>('a' + j));
        const int year = j == 0 ? 1960 + static_cast<int>(dice_.Below(30))
                                : 1985 + static_cast<int>(dice_.Below(30));
        const std::string born =
            fmt::format("{}-{:02}-{:02}", year, 1 + dice_.Below(12), 1 + dice_.Below(28));
        village.born[person] = born;
        household.members.push_back({person});
        people.push_back(person);
        Settle({RowOf("person", person, {{"born", born}})});
      }
      Settle({RowOf("household", name,
                    {{"of", group},
                     {"members", fmt::format("{}", fmt::join(people, ","))},
                     {"code", fmt::format("{}{:04}", DivisionOf(group), i)}})});
      village.households[name] = std::move(household);
    }
  }
}

void LawSimulation::PutPlot(const std::string& name, const SimulatedPlot& plot) {
  v1::Plot record;
  const std::size_t serial = model_.village().plots.size() + 1;
  const bool contracted = plot.kind == "contracted";
  record.set_code(contracted ? fmt::format("{}{:05}", DivisionOf(plot.collective), serial)
                             : fmt::format("{}JC{:05}", kVillage, serial));
  record.set_kind(plot.kind);
  record.set_division(DivisionOf(plot.collective));
  record.set_tier("surface");
  record.set_recorded_area_m2(fmt::format("{}.00", plot.area_m2));
  record.set_land_use(plot.land_use);
  if (plot.basic_farmland) {
    v1::Attribute& attribute = *record.add_attributes();
    attribute.set_key("SFJBNT");
    attribute.set_value("1");
  }
  record.set_state(v1::RECORD_STATE_LIVE);
  office_.PutPlot(name, record);
  model_.village().plots[name] = plot;
  Settle({RowOf("unit", name + "U", {{"plot", name}, {"fixture", contracted ? "W" : "F"}})});
}

void LawSimulation::FoundLand() {
  SimulatedVillage& village = model_.village();
  const std::vector<std::string> terms = {"2023-10-01..2053-09-30", "2023-10-01..2053-09-30",
                                          "1998-10-01..2028-09-30", "1996-07-01..2026-06-30"};
  const auto households = village.households;
  int serial = 0;
  for (const auto& [name, household] : households) {
    ++serial;
    const bool forest = dice_.Percent(15);
    const std::string field = fmt::format("Field{}", serial);
    PutPlot(field, {household.collective, "contracted", forest ? "0301" : "0101",
                    !forest && dice_.Percent(40)});
    const ActRow contract = RowOf("carry", fmt::format("Old{}", serial),
                                  {{"unit", field + "U"},
                                   {"type", "contract"},
                                   {"holders", name},
                                   {"term", dice_.Pick(terms)},
                                   {"basis", "household-contract"}});
    Settle({contract});
    EnterRight(contract, &village);
    const std::string vacant = fmt::format("Spare{}", serial);
    if (dice_.Percent(40)) {
      PutPlot(vacant, {household.collective, "contracted", "0101", dice_.Percent(30)});
    }
    const std::string yard = fmt::format("Yard{}", serial);
    PutPlot(yard, {household.collective, "homestead", "", false, dice_.Percent(70) ? 140 : 180});
    if (!dice_.Percent(60)) continue;
    const ActRow home = RowOf("carry", fmt::format("House{}", serial),
                              {{"unit", yard + "U"},
                               {"type", "homestead"},
                               {"holders", name},
                               {"term", "2000-01-01..none"},
                               {"basis", "existing"}});
    Settle({home});
    EnterRight(home, &village);
  }
}

}  // namespace landbook::registry
