// What becomes of a plot whose right was withdrawn (退出地块处置): members come first (RLCL 29, 52;
// LALR 35).
#include <algorithm>
#include <array>
#include <optional>

#include "fmt/format.h"
#include "services/law/evidence.h"
#include "services/law/resolutions.h"
#include "services/law/rule.h"

namespace landbook::law {
namespace {

using Act = v1::Act;

const v1::WithdrawRight& Withdrawal(const Facts& facts) { return facts.act().withdraw_right(); }

// --- W-06, W-09, W-22, W-23: what becomes of the plot.

// The type of right that plots of the kind are given by: the one that stands alone there.
const v1::RightType* TypeWithdrawnFrom(const v1::Plot& plot, const Question& question) {
  for (const std::string_view code : {"contract", "homestead", "construction"}) {
    const v1::RightType* type = question.policy->RightTypeNamed(code);
    if (type == nullptr) continue;
    const auto& kinds = type->plot_kinds();
    if (std::find(kinds.begin(), kinds.end(), plot.kind()) != kinds.end()) return type;
  }
  return nullptr;
}

// What an act says is to become of a plot: DisposePlot, or a withdrawal that says so at once.
struct Disposal {
  v1::PlotDisposition disposition = v1::PLOT_DISPOSITION_UNSPECIFIED;
  const v1::RightType* type = nullptr;
  std::optional<v1::DispositionRule> rule;
};

std::optional<Disposal> DisposalOf(const Facts& facts) {
  Disposal disposal;
  if (facts.is(Act::kDisposePlot)) {
    disposal.disposition = facts.act().dispose_plot().disposition();
    disposal.type = TypeWithdrawnFrom(*facts.plot(), facts.asked);
  } else {
    disposal.disposition = Withdrawal(facts).disposition();
    disposal.type = facts.right().type;
    if (disposal.disposition == v1::PLOT_DISPOSITION_UNSPECIFIED) return std::nullopt;
  }
  if (disposal.type != nullptr) {
    disposal.rule = facts.pack().DispositionRuleFor(disposal.type->code(), disposal.disposition,
                                                    ScopeAt(*facts.plot(), facts.asked));
  }
  return disposal;
}

bool AsksFor(const Disposal& disposal, v1::EvidenceKind kind) {
  if (!disposal.rule || !disposal.rule->permitted()) return false;
  const auto& kinds = disposal.rule->evidence();
  return std::find(kinds.begin(), kinds.end(), static_cast<int>(kind)) != kinds.end();
}

// The standing use right on the plot; 0 for none.
std::uint64_t UseRightOn(const Facts& facts) {
  const auto units =
      StandingRecords<v1::Unit>(facts.state(), Link::kUnitsOfPlot, facts.plots.front().number);
  for (const auto& unit : units) {
    const auto rights = StandingRecords<v1::Right>(facts.state(), Link::kRightsOfUnit, unit.number);
    if (!rights.empty()) return rights.front().number;
  }
  return 0;
}

void RefuseOccupied(const Facts& facts, Answer* answer) {
  const std::uint64_t right = UseRightOn(facts);
  if (right == 0) return;
  answer->Refuse(
      Reason::PLOT_HAS_RIGHTS, "plot",
      {fmt::format("Right {} stands on the plot. A plot is disposed of once its use right has "
                   "ended.",
                   right),
       fmt::format("宗地上尚有第 {} 号权利，须在使用权终止后处置。", right)});
}

bool IsDisposalOf(const Facts& facts, bool (*is_type)(const v1::RightType&)) {
  if (!facts.is(Act::kDisposePlot)) return false;
  const v1::RightType* type = TypeWithdrawnFrom(*facts.plot(), facts.asked);
  return type != nullptr && is_type(*type);
}

void AskReturnedLand(const Facts& facts, Answer* answer) {
  if (IsDisposalOf(facts, &IsContractRight)) RefuseOccupied(facts, answer);
}

bool CollectiveGaveMembersFirst(const Facts& facts) {
  const auto givers = GiversOf(facts.asked, v1::EVIDENCE_KIND_MEMBERS_FIRST);
  return std::any_of(givers.begin(), givers.end(), [&](std::uint64_t giver) {
    const auto party = Find<v1::Party>(facts.state(), giver);
    return party && IsCollectiveOfLand(*party, *facts.plot());
  });
}

void RequireMembersFirst(const Facts& facts, Answer* answer) {
  if (CollectiveGaveMembersFirst(facts)) return;
  answer->Refuse(
      Reason::EVIDENCE_MISSING, "evidence",
      {"Members of the collective come first. Bring the collective's statement that their needs "
       "are met, as evidence of kind MEMBERS_FIRST.",
       "应优先保障本集体成员的需求。请提交集体出具的优先保障成员需求的说明。"});
}

void AskMembersFirst(const Facts& facts, Answer* answer) {
  if (IsDisposalOf(facts, &IsHomestead)) RefuseOccupied(facts, answer);
  const auto disposal = DisposalOf(facts);
  if (!disposal || disposal->type == nullptr || !IsHomestead(*disposal->type)) return;
  if (AsksFor(*disposal, v1::EVIDENCE_KIND_MEMBERS_FIRST)) RequireMembersFirst(facts, answer);
}

// A resolution that the pack asks for, which for contracted land D-02 asks for itself.
void AskResolution(const Disposal& disposal, const Facts& facts, Answer* answer) {
  const auto matter = disposal.rule->resolution();
  const bool elsewhere = matter == v1::RESOLUTION_MATTER_CONTRACT_TO_OUTSIDERS;
  if (matter == v1::RESOLUTION_MATTER_UNSPECIFIED || elsewhere) return;
  if (FindResolution(facts.asked, {.matters = {matter}, .plot = facts.plot()}) ==
      ResolutionFound::kGood) {
    return;
  }
  answer->RefuseBy(
      "D-12", Reason::RESOLUTION_MISSING, "evidence",
      {"The disposition needs a resolution of the land's collective on the matter, which "
       "stands. Name it as evidence.",
       "该项处置须有宗地所属集体就此事项作出的现行有效的决议，请引用。"});
}

void AskDisposition(const Facts& facts, Answer* answer) {
  const auto disposal = DisposalOf(facts);
  if (!disposal) return;
  if (!disposal->rule || !disposal->rule->permitted()) {
    return answer->Refuse(
        Reason::GROUND_NOT_STATUTORY, "disposition",
        {"No policy pack in force permits this disposition of such a plot, or none is "
         "stated.",
         "现行政策包未准许对该类宗地作此处置，或者未写明处置方式。"});
  }
  AskResolution(*disposal, facts, answer);
  const bool planned = disposal->disposition == v1::PLOT_DISPOSITION_CONVERT ||
                       disposal->disposition == v1::PLOT_DISPOSITION_RECLAIM;
  if (!planned || facts.is(Act::kDisposePlot)) return;  // there the door asks for the plan
  if (!Withdrawal(facts).disposition_document().empty()) return;
  answer->Refuse(Reason::EVIDENCE_MISSING, "disposition_document",
                 {"A conversion or a reclamation follows a plan. State its number.",
                  "转用或者复垦须有处置方案，请填写文号。"});
}

void AskOutsiders(const Facts& facts, Answer* answer) {
  const auto disposal = DisposalOf(facts);
  if (!disposal || disposal->disposition != v1::PLOT_DISPOSITION_TO_OUTSIDERS) return;
  RequireMembersFirst(facts, answer);
}

constexpr std::array kDispose = {Act::kDisposePlot};
constexpr std::array kDisposal = {Act::kDisposePlot, Act::kWithdrawRight};

constexpr Rule kRules[] = {
    {"W-06", "RLCL 29", "交回的承包地用于调整或者承包给新增人口",
     "Returned land serves adjustment and new members", kDispose, &AskReturnedLand},
    {"W-09", "LALR 35; ZJLAND 61", "退出的宅基地优先保障成员需求",
     "Withdrawn homesteads serve members first", kDisposal, &AskMembersFirst},
    {"W-22", "pack disposition_rules", "处置方式由政策包准许",
     "The disposition is one that the pack permits", kDisposal, &AskDisposition},
    {"W-23", "RLCL 29, 52; ZB 2(2)4(2)", "承包给外部主体先成员、经三分之二并乡镇批准",
     "Outsiders after members, with two thirds and the township", kDisposal, &AskOutsiders},
};

}  // namespace

std::span<const Rule> DispositionRules() { return kRules; }

}  // namespace landbook::law
