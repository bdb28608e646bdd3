// The facts of an act: the records that it is about, looked up once for all rules.
#ifndef LANDBOOK_SERVICES_LAW_FACTS_H_
#define LANDBOOK_SERVICES_LAW_FACTS_H_

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "landbook/v1/act.pb.h"
#include "landbook/v1/party.pb.h"
#include "landbook/v1/plot.pb.h"
#include "landbook/v1/policy.pb.h"
#include "landbook/v1/right.pb.h"
#include "services/law/question.h"

namespace landbook::law {

// A unit on its plot.
struct Land {
  Numbered<v1::Unit> unit;
  Numbered<v1::Plot> plot;
};

// A right with all that rules about it look at. `type` lives with the policy.
struct RightFacts {
  std::uint64_t number = 0;
  v1::Right right;
  Land land;
  const v1::RightType* type = nullptr;
  // Where the act names it ("right", "rights[1]").
  std::string field;
};

// A party that an act makes a holder, with where the act names it ("holders[0].party").
struct NewHolder {
  Numbered<v1::Party> party;
  std::string field;
};

// What an act is about. Everything is as it stands before the act.
struct Facts {
  const Question& asked;
  // The act's case; of an act that is carried over, that of the act inside.
  v1::Act::ActCase act_case = v1::Act::ACT_NOT_SET;
  bool carried_over = false;
  // The standing rights that it changes, burdens or ends; of a mortgage those that it is over.
  std::vector<RightFacts> rights = {};
  // The land that a grant is of, or that a caution is placed on.
  std::optional<Land> land = std::nullopt;
  // The type of the right that a grant enters.
  const v1::RightType* type = nullptr;
  // The right that a grant derives from.
  std::optional<RightFacts> parent = std::nullopt;
  // Who is to hold the right.
  std::vector<NewHolder> holders = {};
  // The mortgage that it changes, realises or discharges.
  std::optional<Numbered<v1::Mortgage>> mortgage = std::nullopt;
  // The plots that it changes or disposes of.
  std::vector<Numbered<v1::Plot>> plots = {};

  const State& state() const { return *asked.state; }
  const PackRules& pack() const { return *asked.pack; }
  CivilDate today() const { return asked.days.today; }
  const v1::Act& act() const { return *asked.act; }
  // The grant or the mortgage, carried over or not. REQUIRES: the act is one.
  const v1::GrantRight& grant() const;
  const v1::RegisterMortgage& new_mortgage() const;
  bool is(v1::Act::ActCase wanted) const { return act_case == wanted; }
  // The only right of the act; for acts that name exactly one.
  const RightFacts& right() const { return rights.front(); }
  // The type of the right that the act is about: of a grant the one it enters.
  const v1::RightType& right_type() const;
  // The variation of a right that the act is, or corrects by; null for none.
  const v1::VaryRight* varied() const;
  // The plot that the act is about first; null for acts about no land.
  const v1::Plot* plot() const;
};

// The facts of the question's act; nullopt when a reference of it means no record, which form has
// refused before.
std::optional<Facts> FactsOf(const Question& question);

// True when the act ends the right that it is about.
bool EndsRight(const Facts& facts);

// True when an administrator commits without a case, under the number of a document.
bool IsByAdministratorsHand(const Question& question);

// When and where packs are asked about a plot.
RuleScope ScopeAt(const v1::Plot& plot, const Question& question);

// The right of that number with its land and type; nullopt when any of it is not in the book.
std::optional<RightFacts> RightFactsOf(std::uint64_t number, const Question& question);

// What a right is, by the type's own words: collective land ownership (集体土地所有权), the
// household's contract right (土地承包经营权), a management right (土地经营权), a homestead use
// right (宅基地使用权), a right to operate an idle one, the use right of construction land.
inline constexpr std::string_view kManagementRight = "management";
bool IsOwnership(const v1::RightType& type);
bool IsContractRight(const v1::RightType& type);
bool IsManagementRight(const v1::RightType& type);
bool IsHomestead(const v1::RightType& type);
bool IsOperation(const v1::RightType& type);
bool IsConstruction(const v1::RightType& type);

// True when the unit is of a building ("F" in its code), or of the land alone ("W"). Source: GB/T
// 37346, place 20 of a unit's code.
bool IsOfBuilding(const v1::Unit& unit);
bool IsOfLandAlone(const v1::Unit& unit);

// The household; nullopt when the party is none.
std::optional<v1::Household> HouseholdOf(std::uint64_t party, const State& state);
// True when the party is a household of the collective that owns at the plot's division.
bool IsHouseholdOfLand(const v1::Party& party, const v1::Plot& plot, const State& state);
// True when the party is the collective that owns at the plot's division.
bool IsCollectiveOfLand(const v1::Party& party, const v1::Plot& plot);
// True when the party is of the type's class on that plot.
bool IsOfClass(const v1::Party& party, v1::HolderClass holder_class, const v1::Plot& plot,
               const State& state);
// True when the household has a member whose standing is `member`.
bool HasMember(const v1::Household& household);
// True when the party is a household of the collective that owns at the plot's division, in which
// somebody is left who may take land: a member, or one of whom an older register says nothing.
bool TakesLand(const v1::Party& party, const v1::Plot& plot, const State& state);
// The household, and those that were merged into it, back to the first. One that it was split off
// goes on by itself and is not among them.
std::vector<std::uint64_t> MergedInto(std::uint64_t household, const State& state);
// True when nobody is left in the household: it was merged, or every member's standing is lost.
bool IsExtinct(const v1::Household& household);

// The numbers of who holds the right.
std::set<std::uint64_t> HoldersOf(const v1::Right& right);
// The standing rights of that type that the party holds.
std::vector<Numbered<v1::Right>> RightsHeldBy(std::uint64_t party, std::string_view type,
                                              const State& state);

// "assignment", "household-change": the words by which packs name causes and bases.
std::string WordOf(v1::TransferCause cause);
std::string WordOf(v1::GrantBasis basis);
std::string WordOf(v1::VaryCause cause);
std::string WordOf(v1::ExtinguishCause cause);
std::string WordOf(v1::TakingMeasure measure);
std::string WordOf(v1::WithdrawalExtent extent);
std::string WordOf(v1::CompensationKind kind);

// True when an older register says of the plot that it is permanent basic farmland (SFJBNT 1, NY/T
// 2539). The control layer asks for itself, as rule B302.
bool IsBasicFarmland(const v1::Plot& plot);
// True for a class of GB/T 21010-2017 that its Appendix A counts as agricultural land.
bool IsAgricultural(std::string_view land_class);
// True when the plot is forest land: class 03.
bool IsForest(const v1::Plot& plot);

}  // namespace landbook::law

#endif  // LANDBOOK_SERVICES_LAW_FACTS_H_
