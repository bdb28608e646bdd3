// What banks, courts and claimants bring to the office: mortgages and cautions.
#include <algorithm>

#include "fmt/format.h"
#include "services/registry/law_simulation_actors_testing.h"

namespace landbook::registry {
namespace {

std::string BankAndHolder(const std::string& bank, const std::string& holder) {
  return fmt::format("{}:holder,{}:obligor", bank, holder);
}

std::string UnitsOfMortgage(const SimulatedMortgage& mortgage, const SimulatedVillage& village) {
  Names units;
  for (const std::string& right : mortgage.rights) units.insert(village.rights.at(right).unit());
  return fmt::format("{}", fmt::join(units, ","));
}

std::string HolderUnder(const SimulatedMortgage& mortgage, const SimulatedVillage& village) {
  return village.rights.at(mortgage.rights.front()).holder();
}

}  // namespace

std::optional<Errand> Actors::MortgageLand() {
  const auto right = AnyRight(dice_.Percent(70)   ? "contract"
                              : dice_.Percent(75) ? "management"
                                                  : "homestead");
  if (!right) return std::nullopt;
  std::vector<std::string> rights = {*right};
  const SimulatedRight& first = village().rights.at(*right);
  const auto second = AnyRight("contract");
  const bool joint = second && *second != *right && first.type == "contract" &&
                     CollectiveOf(*second) == CollectiveOf(*right) && dice_.Percent(60);
  if (joint) rights.push_back(*second);
  const std::string bank = dice_.Percent(92) ? AnyBank() : "Farm";
  const int months = 12 + static_cast<int>(dice_.Below(60));
  ActRow row = RowOf("mortgage", Fresh("G"),
                     {{"rights", fmt::format("{}", fmt::join(rights, ","))},
                      {"to", bank},
                      {"fen", std::to_string(100 * (1 + dice_.Below(1000)))},
                      {"debt", "yes"},
                      {"term", fmt::format("{}..{}", day(), MonthsAfter(day(), months))}});
  if (first.type == "contract") row.facts["object"] = "management-part";
  if (first.type == "management") {
    row.facts["consent"] = village().rights.at(first.parent).holder();
  }
  if (dice_.Percent(20)) row.facts["restricted"] = "yes";
  if (dice_.Percent(20)) {
    row.facts["kind"] = "maximum";
    row.facts["ceiling-period"] = row.Fact("term");
  }
  Errand errand;
  if (first.type != "homestead") FileFirst("security", rights, &row, &errand);
  Errand made =
      ErrandOf({"mortgage-first", BankAndHolder(bank, first.holder()), UnitsOf(rights)}, {row});
  made.before = errand.before;
  return made;
}

std::optional<Errand> Actors::ChangeMortgage() {
  const auto name = AnyMortgage();
  if (!name) return std::nullopt;
  const SimulatedMortgage& mortgage = village().mortgages.at(*name);
  ActRow row = RowOf("vary-mortgage", *name, {{"debt", "yes"}});
  if (dice_.Percent(50)) {
    row.facts["to"] = AnyBank();
  } else {
    row.facts["fen"] = std::to_string(mortgage.fen + 100 * static_cast<int>(dice_.Below(3)) - 50);
    if (dice_.Percent(60)) row.facts["consent"] = "Bank,Bank2,Bank3";
  }
  return ErrandOf(
      {"mortgage-change", BankAndHolder(mortgage.mortgagee, HolderUnder(mortgage, village())),
       UnitsOfMortgage(mortgage, village())},
      {row});
}

std::optional<Errand> Actors::ReleasePart() {
  const auto name = AnyMortgage();
  if (!name) return std::nullopt;
  const SimulatedMortgage& mortgage = village().mortgages.at(*name);
  const ActRow row = RowOf(
      "release", *name,
      {{"rights", dice_.Pick(mortgage.rights)}, {"consent", mortgage.mortgagee}, {"debt", "yes"}});
  return ErrandOf(
      {"mortgage-change", BankAndHolder(mortgage.mortgagee, HolderUnder(mortgage, village())),
       UnitsOfMortgage(mortgage, village())},
      {row});
}

// The ranks of two that stand over one right are turned round.
std::optional<Errand> Actors::AgreeRanks() {
  const auto name = AnyMortgage();
  if (!name) return std::nullopt;
  const std::string right = village().mortgages.at(*name).rights.front();
  auto ranked = village().RanksOver(right);
  if (ranked.size() < 2) return std::nullopt;
  std::reverse(ranked.begin(), ranked.end());
  const std::string worse = village().mortgages.at(ranked.back()).mortgagee;
  const ActRow row = RowOf("ranks", Fresh("K"),
                           {{"over", right},
                            {"order", fmt::format("{}", fmt::join(ranked, ","))},
                            {"consent", dice_.Percent(60) ? "Bank,Bank2,Bank3" : worse},
                            {"debt", "yes"}});
  const std::string best = village().mortgages.at(ranked.front()).mortgagee;
  return ErrandOf({"mortgage-change", BankAndHolder(best, village().rights.at(right).holder()),
                   village().rights.at(right).unit()},
                  {row});
}

std::optional<Errand> Actors::Discharge() {
  const auto name = AnyMortgage();
  if (!name) return std::nullopt;
  const SimulatedMortgage& mortgage = village().mortgages.at(*name);
  const ActRow row = RowOf("discharge", *name, {{"consent", mortgage.mortgagee}, {"other", "yes"}});
  return ErrandOf(
      {"mortgage-discharge", mortgage.mortgagee + ":holder", UnitsOfMortgage(mortgage, village())},
      {row});
}

std::optional<Errand> Actors::Enforce() {
  const auto name = AnyMortgage();
  if (!name) return std::nullopt;
  const SimulatedMortgage& mortgage = village().mortgages.at(*name);
  const SimulatedRight& right = village().rights.at(mortgage.rights.front());
  ActRow row = RowOf("enforce", *name,
                     {{"to", "Farm"}, {"co", "sole"}, {"proceeds", "900"}, {"order", "yes"}});
  if (right.type == "contract") {
    std::string until = MonthsAfter(day(), 12 * (1 + static_cast<int>(dice_.Below(8))));
    if (dice_.Percent(85)) until = std::max(day(), std::min(until, right.until));
    row.facts["term"] = fmt::format("{}..{}", day(), until);
  }
  return ErrandOf({"mortgage-enforcement", "Court:organ", UnitsOfMortgage(mortgage, village())},
                  {row});
}

// --- Cautions.

std::optional<Errand> Actors::Seize() {
  const auto right = AnyRight(dice_.Percent(70) ? "contract" : "homestead");
  if (!right) return std::nullopt;
  const int months = 2 + static_cast<int>(dice_.Below(10));
  ActRow row = RowOf("caution", Fresh("S"),
                     {{"cause", "seizure"},
                      {"organ", "Court"},
                      {"from", day()},
                      {"until", MonthsAfter(day(), months)},
                      {"order", "yes"}});
  if (dice_.Percent(50)) {
    row.facts["unit"] = village().rights.at(*right).unit();
  } else {
    row.facts["right"] = *right;
  }
  return ErrandOf({"seizure", "Court:organ", UnitsOf({*right})}, {row});
}

std::optional<Errand> Actors::ExtendSeizure() {
  const auto name = AnyCaution({"seizure"});
  if (!name) return std::nullopt;
  const SimulatedCaution& caution = village().cautions.at(*name);
  const ActRow row =
      RowOf("extend", *name,
            {{"until", MonthsAfter(caution.until, 6)}, {"document", "X-2"}, {"order", "yes"}});
  return ErrandOf({"seizure", "Court:organ", caution.unit}, {row});
}

std::optional<Errand> Actors::LiftCaution() {
  const auto name = AnyCaution(
      {"seizure", "dispute", "correction", "supervision", "objection", "advance-notice"});
  if (!name) return std::nullopt;
  const SimulatedCaution& caution = village().cautions.at(*name);
  const ActRow row = RowOf("lift", *name, {{"document", "X-3"}});
  if (caution.cause == "objection" || caution.cause == "advance-notice") {
    return ErrandOf(
        {caution.cause + "-cancellation", *caution.beneficiaries.begin() + ":holder", caution.unit},
        {row});
  }
  const std::string kind = caution.cause == "seizure" ? "seizure-release" : "freeze";
  return ErrandOf({kind, "Court:organ", caution.unit}, {row});
}

std::optional<Errand> Actors::Object() {
  const auto right = AnyRight(dice_.Percent(70) ? "contract" : "homestead");
  const auto claimant = AnyHousehold("", {});
  if (!right || !claimant) return std::nullopt;
  const ActRow row = RowOf("caution", Fresh("O"),
                           {{"cause", "objection"},
                            {"right", *right},
                            {"organ", *claimant},
                            {"beneficiary", *claimant},
                            {"from", day()},
                            {"other", "yes"}});
  return ErrandOf({"objection", *claimant + ":holder", UnitsOf({*right})}, {row});
}

std::optional<Errand> Actors::GiveAdvanceNotice() {
  const auto right = AnyRight("contract");
  if (!right) return std::nullopt;
  const std::string giver = village().rights.at(*right).holder();
  const auto taker = AnyHousehold(CollectiveOf(*right), {giver});
  if (!taker) return std::nullopt;
  ActRow row = RowOf("caution", Fresh("V"),
                     {{"cause", "advance-notice"},
                      {"right", *right},
                      {"organ", *taker},
                      {"beneficiary", *taker},
                      {"from", day()},
                      {"signed-contract", "yes"}});
  if (dice_.Percent(50)) {
    row.facts["registrable"] = DaysAfter(day(), static_cast<int>(dice_.Below(60)));
  }
  return ErrandOf(
      {"advance-notice", fmt::format("{}:holder,{}:obligor", *taker, giver), UnitsOf({*right})},
      {row});
}

std::optional<Errand> Actors::Freeze() {
  const auto right = AnyRight("contract");
  if (!right) return std::nullopt;
  const std::vector<std::string> causes = {"dispute", "correction", "supervision"};
  ActRow row = RowOf("caution", Fresh("F"),
                     {{"cause", dice_.Pick(causes)},
                      {"unit", village().rights.at(*right).unit()},
                      {"organ", "Township"},
                      {"from", day()},
                      {"order", "yes"}});
  if (dice_.Percent(60)) row.facts["until"] = MonthsAfter(day(), 2);
  return ErrandOf({"freeze", "Township:organ", UnitsOf({*right})}, {row});
}

}  // namespace landbook::registry
