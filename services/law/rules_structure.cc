// What stands on a homestead, and who operates it: the right to operate an idle one, structures
// with their permits, house and land as one, land illegally occupied (LAL 62(6), CC 356, 357, 705).
#include <algorithm>
#include <array>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "fmt/format.h"
#include "services/law/evidence.h"
#include "services/law/rule.h"
#include "services/law/term.h"

namespace landbook::law {
namespace {

using Act = v1::Act;

// --- O-01, H-09: an operating right in a permitted manner, at most as long as a lease may be.

bool IsGrantOfOperation(const Facts& facts) {
  return facts.is(Act::kGrantRight) && IsOperation(*facts.type);
}

std::optional<v1::MannerRule> OperationManner(const Facts& facts) {
  return facts.pack().MannerRuleFor(facts.type->code(), facts.grant().circulation().manner(),
                                    ScopeAt(*facts.plot(), facts.asked));
}

void AskOperationManner(const Facts& facts, Answer* answer) {
  if (!IsGrantOfOperation(facts)) return;
  const auto rule = OperationManner(facts);
  if (rule && rule->permitted()) return;
  answer->Refuse(
      Reason::GROUND_NOT_STATUTORY, "circulation.manner",
      {"No policy pack in force permits an operating right in this manner, or none is stated.",
       "现行政策包未准许以该方式盘活闲置宅基地和农房，或者未写明方式。"});
}

void AskLease(const Facts& facts, Answer* answer) {
  if (!IsGrantOfOperation(facts)) return;
  const auto rule = OperationManner(facts);
  const auto term = ReadTerm(facts.grant().term());
  if (!rule || rule->years_max() == 0 || !term) return;
  if (LastsAtMostYears(*term, static_cast<int>(std::min(rule->years_max(), 9999U)))) return;
  const Sentence said = SayTerm(*term);
  answer->Refuse(
      Reason::TERM_TOO_LONG, "term",
      {fmt::format("The term {} is longer than {} years, its first and last day counted.",
                   said.english, rule->years_max()),
       fmt::format("期限{}超过 {} 年（含首末两日）。", said.chinese, rule->years_max())},
      rule->source().document());
}

// --- S-01: a structure that needs a permit is registered with it.

// The day that decides: of the beginning, or of the end where nobody knows when building began.
std::string DayBuilt(const v1::Structure& structure) {
  return structure.begun_date().empty() ? structure.completed_date() : structure.begun_date();
}

bool NeedsPermit(const v1::Structure& structure, const v1::BuildingPermitRule& rule) {
  if (!structure.permit_number().empty()) return false;
  const std::string day = DayBuilt(structure);
  return day.empty() || day >= rule.begun_from_date();
}

std::vector<v1::Structure> StructuresOf(const Land& land) {
  const auto& of_plot = land.plot.record.structures();
  const auto& of_unit = land.unit.record.structures();
  std::vector<v1::Structure> structures(of_plot.begin(), of_plot.end());
  structures.insert(structures.end(), of_unit.begin(), of_unit.end());
  return structures;
}

void AskPermit(const Facts& facts, Answer* answer) {
  const auto rule =
      facts.pack().BuildingPermitRuleFor(facts.plot()->kind(), ScopeAt(*facts.plot(), facts.asked));
  if (!rule || Has(facts.asked, v1::EVIDENCE_KIND_BUILDING_PERMIT)) return;
  const auto structures = StructuresOf(*facts.land);
  const bool lacks =
      std::any_of(structures.begin(), structures.end(),
                  [&](const v1::Structure& structure) { return NeedsPermit(structure, *rule); });
  if (!lacks) return;
  answer->Refuse(
      Reason::EVIDENCE_MISSING, "unit",
      {fmt::format("A structure on the plot was begun on {} or later, or nobody says when, and "
                   "it has no building permit. Bring the permit, or state when it was built.",
                   rule->begun_from_date()),
       fmt::format("宗地上有 {} 及以后开工（或者未写明建成时间）的建筑物没有规划许可。请提交许可，"
                   "或者写明开工、竣工日期。",
                   rule->begun_from_date())},
      rule->source().document());
}

// --- S-02: house and land go together.

// The units of the plot that lie on each other: the land alone, and the building on it.
bool LieTogether(const v1::Unit& a, const v1::Unit& b) {
  return (IsOfBuilding(a) && IsOfLandAlone(b)) || (IsOfLandAlone(a) && IsOfBuilding(b));
}

std::optional<std::uint64_t> RightThatGoes(const v1::Act& act, const State& state) {
  if (act.has_transfer_right()) {
    return state.Resolve(act.transfer_right().right(), v1::RECORD_KIND_RIGHT);
  }
  if (act.has_withdraw_right()) {
    return state.Resolve(act.withdraw_right().right(), v1::RECORD_KIND_RIGHT);
  }
  if (act.has_take_back_right()) {
    return state.Resolve(act.take_back_right().right(), v1::RECORD_KIND_RIGHT);
  }
  return std::nullopt;
}

// True when a right of the same type on a unit that lies together with this one's is left with
// others.
bool LeavesOtherBehind(const RightFacts& gone, const Question& question) {
  const std::set<std::uint64_t> holders =
      Stands(gone.right) ? HoldersOf(gone.right) : std::set<std::uint64_t>{};
  for (const auto& unit :
       StandingRecords<v1::Unit>(*question.state, Link::kUnitsOfPlot, gone.land.plot.number)) {
    if (!LieTogether(unit.record, gone.land.unit.record)) continue;
    for (const auto& right :
         StandingRecords<v1::Right>(*question.state, Link::kRightsOfUnit, unit.number)) {
      if (right.record.type() == gone.right.type() && HoldersOf(right.record) != holders)
        return true;
    }
  }
  return false;
}

void AskHouseAndLand(const Question& question, Answer* answer) {
  for (int i = 0; i < question.commit->acts_size(); ++i) {
    const auto number = RightThatGoes(question.commit->acts(i), *question.state);
    const auto right = number ? RightFactsOf(*number, question) : std::nullopt;
    if (!right || !(IsHomestead(*right->type) || IsConstruction(*right->type))) continue;
    if (!LeavesOtherBehind(*right, question)) continue;
    answer->AboutAct(static_cast<std::uint32_t>(i));
    answer->Refuse(
        Reason::RIGHTS_DIFFER, "right",
        {fmt::format("House and land of plot {} go together; after this commit they would have "
                     "different holders. Pass both at once.",
                     right->land.plot.record.code()),
         fmt::format("宗地 {} 的房屋与土地须一并处分，提交后两者权利人不一致。请一并办理。",
                     right->land.plot.record.code())});
  }
}

// --- S-03: land illegally occupied is not confirmed.

void AskUnconfirmed(const Facts& facts, Answer* answer) {
  if (!facts.plot()->unconfirmed()) return;
  answer->Refuse(
      Reason::PLOT_UNCONFIRMED, "unit",
      {fmt::format("Plot {} was surveyed on land illegally occupied; no right in it can be "
                   "registered until it is confirmed.",
                   facts.plot()->code()),
       fmt::format("宗地 {} 系违法占地测量入库，合法性未确认前不得登记权利。",
                   facts.plot()->code())});
}

constexpr std::array kGrant = {Act::kGrantRight};

constexpr Rule kRules[] = {
    {"H-09", "CC 705", "租赁期限不超过二十年", "A lease is at most twenty years", kGrant,
     &AskLease},
    {"O-01", "LAL 62(6); pack manner_rules", "盘活方式由政策包准许",
     "An operating right is given in a permitted manner", kGrant, &AskOperationManner},
    {"O-02", "CC 301", "盘活须全体成年成员同意", "Every adult member consents to it"},
    {"S-01", "City and Rural Planning Law 41; pack building_permit_rules",
     "须有规划许可的建筑物凭许可登记", "A structure that needs a permit is registered with it",
     kGrant, &AskPermit},
    {"S-02",
     "CC 356-357",
     "房地一并处分",
     "House and land go together",
     {},
     nullptr,
     &AskHouseAndLand},
    {"S-03", "Interim Regulations 22; ZB 2(2)2(2)", "违法占用的不予确认",
     "Land illegally occupied is not confirmed", kGrant, &AskUnconfirmed, nullptr, false,
     CarriedOver::kKept},
};

}  // namespace

std::span<const Rule> StructureRules() { return kRules; }

}  // namespace landbook::law
