// What households bring to the office: their land, its circulation, their homesteads and
// themselves.
#include <algorithm>

#include "fmt/format.h"
#include "services/registry/law_simulation_actors_testing.h"

namespace landbook::registry {
namespace {

std::string BothSides(const std::string& taker, const std::string& giver) {
  return fmt::format("{}:holder,{}:obligor", taker, giver);
}

// A household holds jointly, anybody else alone.
void SetTaker(const std::string& key, const std::string& taker, const SimulatedVillage& village,
              ActRow* row) {
  row->facts[key] = taker;
  if (!village.households.contains(taker) && !taker.starts_with("New")) row->facts["co"] = "sole";
}

}  // namespace

std::optional<Errand> Actors::TransferContract() {
  const auto right = AnyRight("contract");
  if (!right) return std::nullopt;
  const std::string giver = village().rights.at(*right).holder();
  const std::string collective = CollectiveOf(*right);
  const auto taker = AnyHousehold(collective, {giver});
  if (!taker) return std::nullopt;
  ActRow row = RowOf("transfer", *right,
                     {{"cause", dice_.Percent(25) ? "gift" : "assignment"},
                      {"consent", collective},
                      {"signed-contract", "yes"}});
  SetTaker("to", *taker, village(), &row);
  return ErrandOf({"contract-transfer", BothSides(*taker, giver), UnitsOf({*right})}, {row});
}

std::optional<Errand> Actors::ExchangeContracts() {
  const auto a = AnyRight("contract");
  const auto b = AnyRight("contract");
  if (!a || !b || *a == *b) return std::nullopt;
  const std::string of_a = village().rights.at(*a).holder();
  const std::string of_b = village().rights.at(*b).holder();
  if (of_a == of_b) return std::nullopt;
  Errand errand;
  ActRow first = RowOf("transfer", *a, {{"cause", "exchange"}, {"for", *b}});
  ActRow second = RowOf("transfer", *b, {{"cause", "exchange"}, {"for", *a}});
  SetTaker("to", of_b, village(), &first);
  SetTaker("to", of_a, village(), &second);
  FileFirst("exchange", {*a, *b}, &first, &errand);
  second.facts["filing"] = first.Fact("filing");
  first.facts["signed-contract"] = "yes";
  Errand made = ErrandOf(
      {"contract-exchange",
       fmt::format("{0}:holder,{1}:holder,{0}:obligor,{1}:obligor", of_a, of_b), UnitsOf({*a, *b})},
      dice_.Percent(85) ? std::vector{first, second} : std::vector{first});
  made.before = errand.before;
  return made;
}

std::optional<Errand> Actors::InheritContract() {
  const auto right = AnyRight("contract");
  if (!right) return std::nullopt;
  ActRow row = RowOf("transfer", *right,
                     {{"cause", "inheritance"}, {"death", "yes"}, {"inheritance", "yes"}});
  SetTaker("to", "Townsman", village(), &row);
  return ErrandOf({"contract-inheritance", "Townsman:holder", UnitsOf({*right})}, {row});
}

std::optional<Errand> Actors::LeaseOut() {
  const auto contract = AnyRight("contract");
  if (!contract) return std::nullopt;
  const SimulatedRight& right = village().rights.at(*contract);
  const std::string giver = right.holder();
  const auto member = AnyHousehold(CollectiveOf(*contract), {giver});
  const std::string taker = dice_.Percent(50) || !member ? "Farm" : *member;
  const int years = 3 + static_cast<int>(dice_.Below(9));
  std::string until = DaysAfter(MonthsAfter(day(), 12 * years), -1);
  if (dice_.Percent(75)) until = std::min(until, right.until);
  ActRow row = RowOf("grant", Fresh("M"),
                     {{"unit", right.unit()},
                      {"type", "management"},
                      {"parent", *contract},
                      {"term", fmt::format("{}..{}", day(), std::max(day(), until))},
                      {"basis", "circulation"},
                      {"manner", dice_.Percent(70) ? "lease" : "equity"},
                      {"land-use", dice_.Percent(80) ? "0101" : "0204"},
                      {"signed-contract", "yes"}});
  SetTaker("holders", taker, village(), &row);
  if (taker == "Farm") {
    const int left = dice_.Percent(80) ? -5 : 4;
    row.facts["priority"] = fmt::format("{}..{}", DaysAfter(day(), -40), DaysAfter(day(), left));
    if (dice_.Percent(30)) {
      row.facts["capital"] = "yes";
      row.facts["qualification-review"] = "CountyGov";
    }
  }
  Errand errand;
  if (dice_.Percent(85)) FileFirst("circulation", {*contract}, &row, &errand);
  Errand made = ErrandOf({"management-first", BothSides(taker, giver), right.unit()}, {row});
  made.before = errand.before;
  return made;
}

std::optional<Errand> Actors::PassLeaseOn() {
  const auto lease = AnyRight("management");
  if (!lease) return std::nullopt;
  const SimulatedRight& right = village().rights.at(*lease);
  const auto taker = AnyHousehold(CollectiveOf(*lease), {right.holder()});
  if (!taker) return std::nullopt;
  ActRow row = RowOf("transfer", *lease,
                     {{"cause", "recirculation"},
                      {"consent", village().rights.at(right.parent).holder()},
                      {"signed-contract", "yes"}});
  SetTaker("to", *taker, village(), &row);
  Errand errand;
  FileFirst("recirculation", {*lease}, &row, &errand);
  Errand made =
      ErrandOf({"management-transfer", BothSides(*taker, right.holder()), right.unit()}, {row});
  made.before = errand.before;
  return made;
}

std::optional<Errand> Actors::EndLease() {
  const auto lease = AnyRight("management");
  if (!lease) return std::nullopt;
  const SimulatedRight& right = village().rights.at(*lease);
  const std::string contractor = village().rights.at(right.parent).holder();
  ActRow row = RowOf("extinguish", *lease,
                     {{"cause", dice_.Percent(80) ? "agreement" : "judgment"},
                      {"consent", fmt::format("{},{}", right.holder(), contractor)},
                      {"other", "yes"}});
  if (row.Fact("cause") == "judgment") row.facts["order"] = "yes";
  return ErrandOf({"management-cancellation", BothSides(right.holder(), contractor), right.unit()},
                  {row});
}

// The plain return, or the paid route; the letter came half a year ago, or not so long.
std::optional<Errand> Actors::GiveLandBack() {
  const auto contract = AnyRight("contract");
  if (!contract) return std::nullopt;
  const std::string holder = village().rights.at(*contract).holder();
  const int since = dice_.Percent(70) ? 190 : 165;
  ActRow row = RowOf("withdraw", *contract,
                     {{"route", "return"},
                      {"notice", DaysAfter(day(), -since)},
                      {"notice-letter", holder},
                      {"consent", ConsentOfAdults(*contract)}});
  if (dice_.Percent(50)) {
    return ErrandOf({"contract-return", holder + ":holder", UnitsOf({*contract})}, {row});
  }
  row.facts["route"] = "paid";
  row.facts["fen"] = "5000";
  row.facts["settled"] = "yes";
  row.facts["extent"] = dice_.Percent(50) ? "this-term" : "for-good";
  row.facts["pay"] = fmt::format("money:5000:{}", day());
  row.facts["tied"] = "nothing";
  return ErrandOf(
      {"contract-withdrawal", BothSides(holder, CollectiveOf(*contract)), UnitsOf({*contract})},
      {row});
}

// Land that nobody contracts goes to a household, by the plan that the collective resolved.
std::optional<Errand> Actors::ContractLand() {
  const auto plot = AnyVacant("contracted", "contract");
  if (!plot) return std::nullopt;
  const std::string collective = village().plots.at(*plot).collective;
  const auto holder = AnyHousehold(collective, {});
  const auto plan = AnyResolution("contract-plan", collective);
  if (!holder || !plan) return std::nullopt;
  const std::string until = DaysAfter(MonthsAfter(day(), 12 * 30), -1);
  const ActRow row = RowOf("grant", Fresh("C"),
                           {{"unit", *plot + "U"},
                            {"type", "contract"},
                            {"holders", *holder},
                            {"term", fmt::format("{}..{}", day(), until)},
                            {"basis", "household-contract"},
                            {"signed-contract", "yes"},
                            {"resolution", *plan}});
  return ErrandOf({"contract-first", *holder + ":holder", *plot + "U"}, {row});
}

std::optional<Errand> Actors::AllocateHomestead() {
  const auto plot = AnyVacant("homestead", "homestead");
  if (!plot) return std::nullopt;
  const std::string collective = village().plots.at(*plot).collective;
  const auto holder = AnyHousehold(collective, {});
  const auto decided = AnyResolution("homestead-use", collective);
  if (!holder || !decided) return std::nullopt;
  const ActRow row = RowOf("grant", Fresh("Home"),
                           {{"unit", *plot + "U"},
                            {"type", "homestead"},
                            {"holders", *holder},
                            {"term", day() + "..none"},
                            {"basis", "allocation"},
                            {"ground", dice_.Percent(50) ? "cropland" : "other-land"},
                            {"permit", "Township"},
                            {"display", "yes"},
                            {"resolution", *decided}});
  return ErrandOf({"homestead-allocation", *holder + ":holder", *plot + "U"}, {row});
}

std::optional<Errand> Actors::EndContract() {
  const auto contract = AnyRight("contract");
  if (!contract) return std::nullopt;
  const std::string holder = village().rights.at(*contract).holder();
  const std::vector<std::string> causes = {"loss", "term-over", "household-extinct", "agreement"};
  const ActRow row =
      RowOf("extinguish", *contract, {{"cause", dice_.Pick(causes)}, {"other", "yes"}});
  return ErrandOf({"contract-cancellation", holder + ":holder", UnitsOf({*contract})}, {row});
}

std::optional<Errand> Actors::TransferHomestead() {
  const auto home = AnyRight("homestead");
  if (!home) return std::nullopt;
  const std::string giver = village().rights.at(*home).holder();
  const std::string collective = CollectiveOf(*home);
  auto taker = AnyHousehold(collective, {giver});
  // Most who come have no homestead yet.
  for (int i = 0; i < 6 && taker && !village().RightsOf(*taker, "homestead").empty(); ++i) {
    taker = AnyHousehold(collective, {giver});
  }
  if (!taker) return std::nullopt;
  ActRow row = RowOf("transfer", *home,
                     {{"cause", dice_.Percent(70) ? "assignment" : "gift"},
                      {"consent", collective},
                      {"signed-contract", "yes"}});
  SetTaker("to", *taker, village(), &row);
  return ErrandOf({"homestead-transfer", BothSides(*taker, giver), UnitsOf({*home})}, {row});
}

std::optional<Errand> Actors::InheritHomestead() {
  const auto home = AnyRight("homestead");
  if (!home) return std::nullopt;
  ActRow row = RowOf("transfer", *home,
                     {{"cause", "inheritance"}, {"death", "yes"}, {"inheritance", "yes"}});
  SetTaker("to", "Townsman", village(), &row);
  return ErrandOf({"homestead-inheritance", "Townsman:holder", UnitsOf({*home})}, {row});
}

std::optional<Errand> Actors::GiveHomesteadBack() {
  const auto home = AnyRight("homestead");
  if (!home) return std::nullopt;
  const std::string holder = village().rights.at(*home).holder();
  const bool gives_up = dice_.Percent(40) && village().households.contains(holder);
  std::vector<ActRow> rows = {RowOf("withdraw", *home,
                                    {{"route", "paid"},
                                     {"fen", "7000"},
                                     {"settled", "yes"},
                                     {"eligibility", gives_up ? "given-up" : "kept"},
                                     {"pay", fmt::format("money:7000:{}", day())},
                                     {"tied", "nothing"},
                                     {"consent", ConsentOfAdults(*home)}})};
  if (gives_up && dice_.Percent(85)) {
    rows.push_back(
        RowOf("eligibility", holder, {{"to", "given-up"}, {"withdrawal-agreement", "yes"}}));
  }
  return ErrandOf(
      {"homestead-withdrawal", BothSides(holder, CollectiveOf(*home)), UnitsOf({*home})}, rows);
}

std::optional<Errand> Actors::DivideHousehold() {
  const auto old = AnyHousehold("", {});
  if (!old) return std::nullopt;
  const auto& members = village().households.at(*old).members;
  if (members.empty()) return std::nullopt;
  const std::string made = Fresh("New");
  std::vector<ActRow> rows = {RowOf(
      "split-household", *old,
      {{"into", fmt::format("{}:{}", made, members.back().person)}, {"civil-status", "yes"}})};
  const auto contracts = village().RightsOf(*old, "contract");
  if (!contracts.empty()) {
    rows.push_back(
        RowOf("transfer", contracts.front(),
              {{"cause", "household-change"}, {"to", made}, {"signed-contract", "yes"}}));
  }
  const std::string units = contracts.empty() ? "" : UnitsOf({contracts.front()});
  return ErrandOf({"contract-household-change", fmt::format("{0}:holder,{0}:obligor", *old), units},
                  rows);
}

std::optional<Errand> Actors::JoinHouseholds() {
  const auto a = AnyHousehold("", {});
  if (!a) return std::nullopt;
  const std::string collective = village().households.at(*a).collective;
  const auto b = AnyHousehold(dice_.Percent(80) ? collective : "", {*a});
  if (!b || village().households.at(*a).members.empty()) return std::nullopt;
  const std::string made = Fresh("New");
  const std::string head = village().households.at(*a).members.front().person;
  std::vector<ActRow> rows = {
      RowOf("merge-households", made,
            {{"of", fmt::format("{},{}", *a, *b)}, {"head", head}, {"civil-status", "yes"}})};
  std::vector<std::string> rights;
  for (const std::string& old : {*a, *b}) {
    for (const std::string& right : village().RightsOf(old, "")) {
      if (dice_.Percent(4)) continue;  // left behind
      rights.push_back(right);
      rows.push_back(
          RowOf("transfer", right,
                {{"cause", "household-change"}, {"to", made}, {"signed-contract", "yes"}}));
    }
  }
  return ErrandOf({"contract-household-change", BothSides(*a, *b), UnitsOf(rights)}, rows);
}

}  // namespace landbook::registry
