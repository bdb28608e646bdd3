#include "services/registry/law_simulation_actors_testing.h"

#include <algorithm>
#include <iterator>

#include "fmt/format.h"

namespace landbook::registry {
namespace {

// Evidence that may be left at home.
constexpr const char* kPapers[] = {"application",
                                   "identity",
                                   "signed-contract",
                                   "consent",
                                   "filing",
                                   "notice-letter",
                                   "debt",
                                   "order",
                                   "other",
                                   "death",
                                   "inheritance",
                                   "survey",
                                   "resolution",
                                   "payment",
                                   "withdrawal-agreement",
                                   "civil-status",
                                   "permit",
                                   "display",
                                   "qualification-review"};

// Facts that an act may be silent of.
constexpr const char* kFacts[] = {
    "object", "extent", "eligibility", "priority", "land-use",       "tied",  "settled",
    "manner", "notice", "for",         "document", "ceiling-period", "ground"};

template <typename Keys>
std::vector<std::string> Present(const Keys& keys, const ActRow& row) {
  std::vector<std::string> present;
  for (const char* key : keys) {
    if (row.Has(key)) present.emplace_back(key);
  }
  return present;
}

std::string TakerFact(const ActRow& row) {
  if (row.verb == "transfer") return "to";
  return row.verb == "grant" ? "holders" : "";
}

}  // namespace

std::uint64_t Dice::Next() {
  // SplitMix64 (Steele, Lea and Flood 2014).
  state_ += 0x9e3779b97f4a7c15;
  std::uint64_t mixed = state_;
  mixed = (mixed ^ (mixed >> 30)) * 0xbf58476d1ce4e5b9;
  mixed = (mixed ^ (mixed >> 27)) * 0x94d049bb133111eb;
  return mixed ^ (mixed >> 31);
}

ActRow RowOf(const std::string& verb, const std::string& name,
             std::map<std::string, std::string> facts) {
  return {0, verb, name, std::move(facts), {}};
}

std::string LineOf(const ActRow& row) {
  std::string line = row.name.empty() ? row.verb : fmt::format("{} {}", row.verb, row.name);
  for (const auto& [key, value] : row.facts) line += fmt::format(" {}={}", key, value);
  return line;
}

// --- What actors share.

std::string Actors::Fresh(const std::string& prefix) {
  return fmt::format("{}{}", prefix, ++serial_);
}

std::optional<std::string> Actors::AnyRight(const std::string& type) {
  std::vector<std::string> found;
  for (const auto& [name, right] : village().rights) {
    if (right.stands && right.type == type) found.push_back(name);
  }
  return found.empty() ? std::nullopt : std::optional(dice_.Pick(found));
}

std::optional<std::string> Actors::AnyMortgage() {
  std::vector<std::string> found;
  for (const auto& [name, mortgage] : village().mortgages) found.push_back(name);
  return found.empty() ? std::nullopt : std::optional(dice_.Pick(found));
}

std::optional<std::string> Actors::AnyCaution(const Names& causes) {
  std::vector<std::string> found;
  for (const auto& [name, caution] : village().cautions) {
    if (causes.contains(caution.cause)) found.push_back(name);
  }
  return found.empty() ? std::nullopt : std::optional(dice_.Pick(found));
}

std::optional<std::string> Actors::AnyHousehold(const std::string& collective,
                                                const Names& others) {
  std::vector<std::string> found;
  for (const auto& [name, household] : village().households) {
    const bool of = collective.empty() || household.collective == collective;
    if (of && !household.IsExtinct() && !others.contains(name)) found.push_back(name);
  }
  return found.empty() ? std::nullopt : std::optional(dice_.Pick(found));
}

std::string Actors::AnyBank() {
  return dice_.Pick(std::vector<std::string>{village().banks.begin(), village().banks.end()});
}

std::optional<std::string> Actors::AnyVacant(const std::string& kind, const std::string& type) {
  std::vector<std::string> vacant;
  for (const auto& [name, plot] : village().plots) {
    if (plot.kind == kind && village().RightsOn(name, type).empty()) vacant.push_back(name);
  }
  return vacant.empty() ? std::nullopt : std::optional(dice_.Pick(vacant));
}

std::optional<std::string> Actors::AnyResolution(const std::string& matter,
                                                 const std::string& collective) {
  std::vector<std::string> found;
  for (const auto& [name, resolution] : village().resolutions) {
    const bool of = resolution.collective == collective || dice_.Percent(10);
    if (resolution.matter == matter && of) found.push_back(name);
  }
  return found.empty() ? std::nullopt : std::optional(dice_.Pick(found));
}

const std::string& Actors::CollectiveOf(const std::string& right) const {
  return village().PlotOf(village().rights.at(right)).collective;
}

std::string Actors::UnitsOf(const std::vector<std::string>& rights) const {
  Names units;
  for (const std::string& right : rights) units.insert(village().rights.at(right).unit());
  return fmt::format("{}", fmt::join(units, ","));
}

std::string Actors::ConsentOfAdults(const std::string& right) const {
  return fmt::format("{}", fmt::join(village().Adults(village().rights.at(right), day()), ","));
}

void Actors::FileFirst(const std::string& matter, const std::vector<std::string>& rights,
                       ActRow* row, Errand* errand) {
  const std::string name = Fresh("Filing");
  errand->before.push_back(RowOf("file", name,
                                 {{"matter", matter},
                                  {"rights", fmt::format("{}", fmt::join(rights, ","))},
                                  {"with", CollectiveOf(rights.front())}}));
  row->facts["filing"] = name;
}

Errand Actors::ErrandOf(const Brought& brought, std::vector<ActRow> rows) {
  Errand errand;
  errand.draft.applied =
      RowOf("apply", "", {{"kind", brought.kind}, {"by", brought.by}, {"units", brought.units}});
  errand.draft.rows = std::move(rows);
  // The papers of the kind that no act brings lie with the first.
  for (const std::string& paper : KindNamed(brought.kind).papers) {
    auto& of = errand.draft.rows;
    const bool there =
        std::any_of(of.begin(), of.end(), [&](const ActRow& row) { return row.Has(paper); });
    if (!there) of.front().facts[paper] = "yes";
  }
  return errand;
}

std::optional<Errand> Actors::NextErrand() {
  struct Weighed {
    int weight;
    Maker make;
  };
  static constexpr Weighed kErrands[] = {{12, &Actors::TransferContract},
                                         {5, &Actors::ExchangeContracts},
                                         {3, &Actors::InheritContract},
                                         {10, &Actors::LeaseOut},
                                         {5, &Actors::PassLeaseOn},
                                         {5, &Actors::EndLease},
                                         {6, &Actors::GiveLandBack},
                                         {9, &Actors::ContractLand},
                                         {3, &Actors::EndContract},
                                         {6, &Actors::AllocateHomestead},
                                         {5, &Actors::TransferHomestead},
                                         {2, &Actors::InheritHomestead},
                                         {4, &Actors::GiveHomesteadBack},
                                         {3, &Actors::DivideHousehold},
                                         {2, &Actors::JoinHouseholds},
                                         {14, &Actors::MortgageLand},
                                         {4, &Actors::ChangeMortgage},
                                         {3, &Actors::ReleasePart},
                                         {3, &Actors::AgreeRanks},
                                         {7, &Actors::Discharge},
                                         {3, &Actors::Enforce},
                                         {4, &Actors::Seize},
                                         {2, &Actors::ExtendSeizure},
                                         {7, &Actors::LiftCaution},
                                         {4, &Actors::Object},
                                         {2, &Actors::GiveAdvanceNotice},
                                         {2, &Actors::Freeze}};
  int whole = 0;
  for (const Weighed& errand : kErrands) whole += errand.weight;
  auto thrown = static_cast<int>(dice_.Below(static_cast<std::size_t>(whole)));
  const Weighed* chosen = std::begin(kErrands);
  while (thrown >= chosen->weight) thrown -= (chosen++)->weight;
  auto errand = (this->*chosen->make)();
  if (errand) errand->draft.applied.name = Fresh("A");
  return errand;
}

void Actors::Spoil(Errand* errand) {
  ActRow& row = errand->draft.rows[dice_.Below(errand->draft.rows.size())];
  auto papers = Present(kPapers, row);
  if (row.verb == "ranks") std::erase(papers, "order");  // no court's, there
  const auto facts = Present(kFacts, row);
  const std::string taker = TakerFact(row);
  switch (dice_.Below(6)) {
    case 0:
    case 1:
      if (!papers.empty()) row.facts.erase(dice_.Pick(papers));
      return;
    case 2:
      if (row.Has("consent")) row.facts["consent"] = dice_.Percent(50) ? "Group2" : "Farm";
      return;
    case 3:
      if (taker.empty() || row.Fact("cause") == "household-change") return;
      row.facts[taker] = dice_.Percent(50) ? "Townsman" : "Trader";
      row.facts["co"] = "sole";
      return;
    case 4:
      if (!facts.empty()) row.facts.erase(dice_.Pick(facts));
      return;
    default: {
      auto by = Parts(errand->draft.applied.Fact("by"), ',');
      if (by.size() < 2) return;
      by.pop_back();
      errand->draft.applied.facts["by"] = fmt::format("{}", fmt::join(by, ","));
    }
  }
}

}  // namespace landbook::registry
