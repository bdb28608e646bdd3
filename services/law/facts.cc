#include "services/law/facts.h"

#include <algorithm>
#include <array>
#include <utility>

#include "fmt/format.h"
#include "services/law/codes.h"

namespace landbook::law {
namespace {

using References = google::protobuf::RepeatedPtrField<v1::HolderReference>;

std::optional<Land> LandOf(std::uint64_t unit_number, const State& state) {
  auto unit = Find<v1::Unit>(state, unit_number);
  if (!unit) return std::nullopt;
  const std::uint64_t plot_number = unit->plot();
  auto plot = Find<v1::Plot>(state, plot_number);
  if (!plot) return std::nullopt;
  return Land{{unit_number, *std::move(unit)}, {plot_number, *std::move(plot)}};
}

// Fills the facts of one act; a reference that means nothing leaves them incomplete.
class Gatherer {
 public:
  explicit Gatherer(Facts* facts) : facts_(*facts), question_(facts->asked) {}

  bool Gather(const v1::Act& act);
  bool complete() const { return complete_; }

 private:
  void Lack() { complete_ = false; }
  void AddRightOf(std::uint64_t number, std::string field);
  void AddRight(const v1::Reference& reference, std::string field);
  void AddMortgage(const v1::Reference& reference);
  void AddPlot(const v1::Reference& reference);
  void AddHolders(const References& references, std::string_view list);
  void Grant(const v1::GrantRight& grant);
  void NewMortgage(const v1::RegisterMortgage& mortgage);
  void CarriedOver(const v1::CarryOver& carried);
  void Corrected(const v1::Correct& correct);
  void Certified(const v1::IssueCertificate& issue);
  void Filed(const v1::RecordFiling& filing);
  void Cautioned(const v1::PlaceCaution& caution);
  bool GatherRight(const v1::Act& act);
  bool GatherMortgage(const v1::Act& act);
  bool GatherPlot(const v1::Act& act);

  Facts& facts_;
  const Question& question_;
  bool complete_ = true;
};

void Gatherer::AddRightOf(std::uint64_t number, std::string field) {
  auto right = RightFactsOf(number, question_);
  if (!right) return Lack();
  right->field = std::move(field);
  facts_.rights.push_back(*std::move(right));
}

void Gatherer::AddRight(const v1::Reference& reference, std::string field) {
  const auto number = question_.state->Resolve(reference, v1::RECORD_KIND_RIGHT);
  if (!number) return Lack();
  AddRightOf(*number, std::move(field));
}

void Gatherer::AddMortgage(const v1::Reference& reference) {
  facts_.mortgage = FindReferred<v1::Mortgage>(*question_.state, reference);
  if (!facts_.mortgage) return Lack();
  for (const std::uint64_t right : facts_.mortgage->record.rights()) {
    AddRightOf(right, "mortgage");
  }
}

void Gatherer::AddPlot(const v1::Reference& reference) {
  auto plot = FindReferred<v1::Plot>(*question_.state, reference);
  if (!plot) return Lack();
  facts_.plots.push_back(*std::move(plot));
}

void Gatherer::AddHolders(const References& references, std::string_view list) {
  for (int i = 0; i < references.size(); ++i) {
    auto party = FindReferred<v1::Party>(*question_.state, references[i].party());
    if (!party) return Lack();
    facts_.holders.push_back({*std::move(party), fmt::format("{}[{}].party", list, i)});
  }
}

void Gatherer::Grant(const v1::GrantRight& grant) {
  facts_.act_case = v1::Act::kGrantRight;
  const auto unit = question_.state->Resolve(grant.unit(), v1::RECORD_KIND_UNIT);
  if (unit) facts_.land = LandOf(*unit, *question_.state);
  facts_.type = question_.policy->RightTypeNamed(grant.type());
  if (!facts_.land || facts_.type == nullptr) return Lack();
  AddHolders(grant.holders(), "holders");
  if (!grant.has_parent()) return;
  const auto parent = question_.state->Resolve(grant.parent(), v1::RECORD_KIND_RIGHT);
  if (parent) facts_.parent = RightFactsOf(*parent, question_);
  if (!facts_.parent) return Lack();
  facts_.parent->field = "parent";
}

void Gatherer::NewMortgage(const v1::RegisterMortgage& mortgage) {
  facts_.act_case = v1::Act::kRegisterMortgage;
  for (int i = 0; i < mortgage.rights_size(); ++i) {
    AddRight(mortgage.rights(i).right(), fmt::format("rights[{}]", i));
  }
}

void Gatherer::CarriedOver(const v1::CarryOver& carried) {
  facts_.carried_over = true;
  if (carried.has_right()) Grant(carried.right());
  if (carried.has_mortgage()) NewMortgage(carried.mortgage());
}

void Gatherer::Corrected(const v1::Correct& correct) {
  if (correct.has_plot()) AddPlot(correct.plot().plot());
  if (correct.has_right()) AddRight(correct.right().right(), "right");
  if (!correct.has_holders()) return;
  AddRight(correct.holders().right(), "right");
  AddHolders(correct.holders().holders(), "holders");
}

void Gatherer::Certified(const v1::IssueCertificate& issue) {
  if (issue.has_right()) AddRight(issue.right(), "right");
  if (issue.has_mortgage()) AddMortgage(issue.mortgage());
}

void Gatherer::Filed(const v1::RecordFiling& filing) {
  for (int i = 0; i < filing.rights_size(); ++i) {
    AddRight(filing.rights(i), fmt::format("rights[{}]", i));
  }
}

void Gatherer::Cautioned(const v1::PlaceCaution& caution) {
  if (caution.has_right()) return AddRight(caution.right(), "right");
  const auto unit = question_.state->Resolve(caution.unit(), v1::RECORD_KIND_UNIT);
  if (unit) facts_.land = LandOf(*unit, *question_.state);
  if (!facts_.land) Lack();
}

bool Gatherer::GatherRight(const v1::Act& act) {
  switch (act.act_case()) {
    case v1::Act::kGrantRight:
      Grant(act.grant_right());
      return true;
    case v1::Act::kCarryOver:
      CarriedOver(act.carry_over());
      return true;
    case v1::Act::kTransferRight:
      AddRight(act.transfer_right().right(), "right");
      AddHolders(act.transfer_right().holders(), "holders");
      return true;
    case v1::Act::kVaryRight:
      AddRight(act.vary_right().right(), "right");
      return true;
    case v1::Act::kExtinguishRight:
      AddRight(act.extinguish_right().right(), "right");
      return true;
    case v1::Act::kWithdrawRight:
      AddRight(act.withdraw_right().right(), "right");
      return true;
    case v1::Act::kTakeBackRight:
      AddRight(act.take_back_right().right(), "right");
      return true;
    case v1::Act::kCorrect:
      Corrected(act.correct());
      return true;
    default:
      return false;
  }
}

bool Gatherer::GatherMortgage(const v1::Act& act) {
  switch (act.act_case()) {
    case v1::Act::kRegisterMortgage:
      NewMortgage(act.register_mortgage());
      return true;
    case v1::Act::kVaryMortgage:
      AddMortgage(act.vary_mortgage().mortgage());
      return true;
    case v1::Act::kDischargeMortgage:
      AddMortgage(act.discharge_mortgage().mortgage());
      return true;
    case v1::Act::kEnforceMortgage:
      AddMortgage(act.enforce_mortgage().mortgage());
      AddHolders(act.enforce_mortgage().acquirers(), "acquirers");
      return true;
    case v1::Act::kAgreeRanks:
      AddRight(act.agree_ranks().right(), "right");
      return true;
    case v1::Act::kIssueCertificate:
      Certified(act.issue_certificate());
      return true;
    case v1::Act::kRecordFiling:
      Filed(act.record_filing());
      return true;
    case v1::Act::kPlaceCaution:
      Cautioned(act.place_caution());
      return true;
    default:
      return false;
  }
}

bool Gatherer::GatherPlot(const v1::Act& act) {
  switch (act.act_case()) {
    case v1::Act::kAmendPlot:
      AddPlot(act.amend_plot().plot());
      return true;
    case v1::Act::kSplitPlot:
      AddPlot(act.split_plot().plot());
      return true;
    case v1::Act::kMergePlots:
      for (const auto& plot : act.merge_plots().plots()) AddPlot(plot.plot());
      return true;
    case v1::Act::kRetirePlot:
      AddPlot(act.retire_plot().plot());
      return true;
    case v1::Act::kEstablishUnit:
      AddPlot(act.establish_unit().plot());
      return true;
    case v1::Act::kDisposePlot:
      AddPlot(act.dispose_plot().plot());
      return true;
    default:
      return false;
  }
}

bool Gatherer::Gather(const v1::Act& act) {
  return GatherRight(act) || GatherMortgage(act) || GatherPlot(act);
}

// A value's name without the enum's, in lower case with dashes.
std::string Word(std::string_view name, std::string_view before) {
  std::string word(name.substr(std::min(before.size(), name.size())));
  for (char& c : word) c = c == '_' ? '-' : static_cast<char>(c >= 'A' && c <= 'Z' ? c + 32 : c);
  return word;
}

bool IsOf(const v1::Unit& unit, char fixture) {
  constexpr std::size_t kFixturePlace = 19;
  return unit.code().size() > kFixturePlace && unit.code()[kFixturePlace] == fixture;
}

}  // namespace

const v1::GrantRight& Facts::grant() const {
  return carried_over ? act().carry_over().right() : act().grant_right();
}

const v1::RegisterMortgage& Facts::new_mortgage() const {
  return carried_over ? act().carry_over().mortgage() : act().register_mortgage();
}

const v1::RightType& Facts::right_type() const {
  return type != nullptr ? *type : *rights.front().type;
}

const v1::VaryRight* Facts::varied() const {
  if (act().has_vary_right()) return &act().vary_right();
  return act().correct().has_right() ? &act().correct().right() : nullptr;
}

const v1::Plot* Facts::plot() const {
  if (land) return &land->plot.record;
  if (!rights.empty()) return &rights.front().land.plot.record;
  return plots.empty() ? nullptr : &plots.front().record;
}

std::optional<Facts> FactsOf(const Question& question) {
  Facts facts{.asked = question, .act_case = question.act->act_case()};
  Gatherer gatherer(&facts);
  gatherer.Gather(*question.act);
  if (!gatherer.complete()) return std::nullopt;
  return facts;
}

bool EndsRight(const Facts& facts) {
  if (facts.is(v1::Act::kWithdrawRight) || facts.is(v1::Act::kExtinguishRight)) return true;
  if (!facts.is(v1::Act::kTakeBackRight)) return false;
  const v1::TakingMeasure measure = facts.act().take_back_right().measure();
  return measure == v1::TAKING_MEASURE_ADJUST || measure == v1::TAKING_MEASURE_TAKE_BACK;
}

bool IsByAdministratorsHand(const Question& question) {
  return question.by_hand && question.actor != nullptr &&
         question.actor->role() == v1::ROLE_ADMINISTRATOR &&
         !question.commit->document_number().empty();
}

RuleScope ScopeAt(const v1::Plot& plot, const Question& question) {
  return {.day = question.days.law, .division = plot.division()};
}

std::optional<RightFacts> RightFactsOf(std::uint64_t number, const Question& question) {
  auto right = Find<v1::Right>(*question.state, number);
  if (!right) return std::nullopt;
  auto land = LandOf(right->unit(), *question.state);
  const v1::RightType* type = question.policy->RightTypeNamed(right->type());
  if (!land || type == nullptr) return std::nullopt;
  return RightFacts{number, *std::move(right), *std::move(land), type, "right"};
}

bool IsOwnership(const v1::RightType& type) {
  return type.holder_class() == v1::HOLDER_CLASS_COLLECTIVE;
}
bool IsContractRight(const v1::RightType& type) { return type.code() == "contract"; }
bool IsManagementRight(const v1::RightType& type) { return type.code() == kManagementRight; }
bool IsHomestead(const v1::RightType& type) { return type.code() == "homestead"; }
bool IsOperation(const v1::RightType& type) { return type.code() == "operation"; }
bool IsConstruction(const v1::RightType& type) { return type.code() == "construction"; }

bool IsOfBuilding(const v1::Unit& unit) { return IsOf(unit, 'F'); }
bool IsOfLandAlone(const v1::Unit& unit) { return IsOf(unit, 'W'); }

std::optional<v1::Household> HouseholdOf(std::uint64_t party, const State& state) {
  const auto found = Find<v1::Party>(state, party);
  if (!found || !found->has_household()) return std::nullopt;
  return found->household();
}

bool IsHouseholdOfLand(const v1::Party& party, const v1::Plot& plot, const State& state) {
  if (!party.has_household()) return false;
  const auto collective = Find<v1::Party>(state, party.household().collective());
  return collective && IsCollectiveOfLand(*collective, plot);
}

bool IsCollectiveOfLand(const v1::Party& party, const v1::Plot& plot) {
  return party.has_collective() && DivisionsAgree({party.collective().division(), plot.division()});
}

bool IsOfClass(const v1::Party& party, v1::HolderClass holder_class, const v1::Plot& plot,
               const State& state) {
  switch (holder_class) {
    case v1::HOLDER_CLASS_ANYONE:
      return true;
    case v1::HOLDER_CLASS_COLLECTIVE:
      return IsCollectiveOfLand(party, plot);
    case v1::HOLDER_CLASS_HOUSEHOLD_OF_THE_COLLECTIVE:
      return IsHouseholdOfLand(party, plot, state);
    default:
      return false;
  }
}

bool HasMember(const v1::Household& household) {
  return std::any_of(household.members().begin(), household.members().end(),
                     [](const v1::HouseholdMember& member) {
                       return member.standing() == v1::MEMBER_STANDING_MEMBER;
                     });
}

bool TakesLand(const v1::Party& party, const v1::Plot& plot, const State& state) {
  const auto& members = party.household().members();
  return IsHouseholdOfLand(party, plot, state) && !party.household().ended() &&
         std::any_of(members.begin(), members.end(), [](const v1::HouseholdMember& member) {
           return member.standing() == v1::MEMBER_STANDING_MEMBER ||
                  member.standing() == v1::MEMBER_STANDING_NOT_STATED;
         });
}

std::vector<std::uint64_t> MergedInto(std::uint64_t household, const State& state) {
  std::vector<std::uint64_t> merged = {household};
  for (std::size_t i = 0; i < merged.size(); ++i) {
    const auto record = HouseholdOf(merged[i], state);
    if (!record) continue;
    for (const std::uint64_t before : record->made_from()) {
      const auto old = HouseholdOf(before, state);
      if (old && old->ended()) merged.push_back(before);
    }
  }
  return merged;
}

bool IsExtinct(const v1::Household& household) {
  return household.ended() || std::all_of(household.members().begin(), household.members().end(),
                                          [](const v1::HouseholdMember& member) {
                                            return member.standing() == v1::MEMBER_STANDING_LOST;
                                          });
}

std::set<std::uint64_t> HoldersOf(const v1::Right& right) {
  std::set<std::uint64_t> holders;
  for (const v1::Holder& holder : right.holders()) holders.insert(holder.party());
  return holders;
}

std::vector<Numbered<v1::Right>> RightsHeldBy(std::uint64_t party, std::string_view type,
                                              const State& state) {
  auto rights = StandingRecords<v1::Right>(state, Link::kRightsOfHolder, party);
  std::erase_if(rights, [&](const auto& right) { return right.record.type() != type; });
  return rights;
}

std::string WordOf(v1::TransferCause cause) {
  return Word(v1::TransferCause_Name(cause), "TRANSFER_CAUSE_");
}
std::string WordOf(v1::GrantBasis basis) {
  return Word(v1::GrantBasis_Name(basis), "GRANT_BASIS_");
}
std::string WordOf(v1::VaryCause cause) { return Word(v1::VaryCause_Name(cause), "VARY_CAUSE_"); }
std::string WordOf(v1::ExtinguishCause cause) {
  return Word(v1::ExtinguishCause_Name(cause), "EXTINGUISH_CAUSE_");
}
std::string WordOf(v1::TakingMeasure measure) {
  return Word(v1::TakingMeasure_Name(measure), "TAKING_MEASURE_");
}
std::string WordOf(v1::WithdrawalExtent extent) {
  return Word(v1::WithdrawalExtent_Name(extent), "WITHDRAWAL_EXTENT_");
}
std::string WordOf(v1::CompensationKind kind) {
  return Word(v1::CompensationKind_Name(kind), "COMPENSATION_KIND_");
}

bool IsBasicFarmland(const v1::Plot& plot) {
  return std::any_of(
      plot.attributes().begin(), plot.attributes().end(), [](const v1::Attribute& attribute) {
        const bool named = attribute.key() == "SFJBNT" || attribute.key().ends_with(".SFJBNT");
        return named && attribute.value() == "1";
      });
}

bool IsAgricultural(std::string_view land_class) {
  constexpr std::array<std::string_view, 20> kAgricultural = {
      "0101", "0102", "0103", "0201", "0202", "0203", "0204", "0301", "0302", "0303",
      "0304", "0305", "0306", "0307", "0401", "0402", "0403", "1006", "1103", "1104"};
  constexpr std::array<std::string_view, 3> kOnFarms = {"1107", "1202", "1203"};
  return std::find(kAgricultural.begin(), kAgricultural.end(), land_class) != kAgricultural.end() ||
         std::find(kOnFarms.begin(), kOnFarms.end(), land_class) != kOnFarms.end();
}

bool IsForest(const v1::Plot& plot) { return plot.land_use().starts_with("03"); }

}  // namespace landbook::law
