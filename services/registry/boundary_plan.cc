#include "services/registry/boundary_plan.h"

#include <map>
#include <set>
#include <utility>

#include "fmt/format.h"
#include "geo/area.h"
#include "services/common/refusal.h"
#include "services/registry/keys.h"
#include "services/registry/record_codes.h"
#include "storage/check.h"

namespace landbook::registry {
namespace {

using common::Reason;

constexpr std::int64_t kMm2PerHundredthM2 = 10'000;

// An area as an act states it; nothing for none. What cannot be read the door has refused.
std::optional<std::int64_t> AreaMm2(const std::string& text) {
  const auto hundredths = geo::ParseHundredths(text);
  if (text.empty() || !hundredths.ok()) return std::nullopt;
  return *hundredths * kMm2PerHundredthM2;
}

class Planner {
 public:
  Planner(const v1::Commit& commit, const common::Policy& policy, const VersionReader& state)
      : commit_(commit), policy_(policy), state_(state) {}

  BoundaryPlan Run() {
    for (int i = 0; i < commit_.acts_size(); ++i) {
      act_ = static_cast<std::uint32_t>(i);
      Plan(commit_.acts(i));
    }
    return std::move(plan_);
  }

 private:
  void Plan(const v1::Act& act) {
    switch (act.act_case()) {
      case v1::Act::kEstablishPlot:
        return PlanNew(act.establish_plot().plot(), "establish_plot.plot");
      case v1::Act::kCarryOver:
        if (!act.carry_over().has_plot()) return;
        return PlanNew(act.carry_over().plot().plot(), "carry_over.plot.plot");
      case v1::Act::kAmendPlot:
        return PlanAmend(act.amend_plot(), "amend_plot");
      case v1::Act::kCorrect:
        if (act.correct().has_plot()) PlanAmend(act.correct().plot(), "correct.plot");
        return;
      case v1::Act::kSplitPlot:
        return PlanSplit(act.split_plot());
      case v1::Act::kMergePlots:
        return PlanMerge(act.merge_plots());
      case v1::Act::kRetirePlot:
        return PlanRetire(act.retire_plot());
      default:
        return;
    }
  }

  void PlanNew(const v1::NewPlot& plot, const std::string& path) {
    PlannedAct planned{PlannedChange::kBring, act_, {}, {}};
    Bring(plot, plot.kind(), path, &planned);
    Keep(std::move(planned));
  }

  void PlanAmend(const v1::AmendPlot& act, const std::string& path) {
    if (!act.has_boundary()) return;
    PlannedAct planned{PlannedChange::kBring, act_, {}, {}};
    const auto plot = End(act.plot(), path + ".plot", &planned);
    if (!plot) return;
    PlannedBoundary boundary = BoundaryOfKind(plot->kind(), path + ".boundary");
    boundary.given = &act.boundary();
    boundary.code = plot->code();
    boundary.stated_area_mm2 = AreaMm2(act.stated_area_m2());
    if (boundary.kind != nullptr) planned.brings.push_back(std::move(boundary));
    Keep(std::move(planned));
  }

  void PlanSplit(const v1::SplitPlot& act) {
    PlannedAct planned{PlannedChange::kSplit, act_, {}, {}};
    const auto plot = End(act.plot(), "split_plot.plot", &planned);
    if (!plot) return;
    for (int i = 0; i < act.parts_size(); ++i) {
      Bring(act.parts(i), plot->kind(), fmt::format("split_plot.parts[{}]", i), &planned);
    }
    Keep(std::move(planned));
  }

  void PlanMerge(const v1::MergePlots& act) {
    PlannedAct planned{PlannedChange::kMerge, act_, {}, {}};
    std::string kind;
    for (int i = 0; i < act.plots_size(); ++i) {
      const auto plot =
          End(act.plots(i).plot(), fmt::format("merge_plots.plots[{}].plot", i), &planned);
      if (!plot) return;
      kind = plot->kind();
    }
    if (planned.ends.size() < 2) return;
    PlannedBoundary boundary = BoundaryOfKind(kind, "merge_plots");
    boundary.code = act.code();
    if (boundary.kind != nullptr) planned.brings.push_back(std::move(boundary));
    Keep(std::move(planned));
  }

  void PlanRetire(const v1::RetirePlot& act) {
    PlannedAct planned{PlannedChange::kEnd, act_, {}, {}};
    if (End(act.plot(), "retire_plot.plot", &planned)) plan_.acts.push_back(std::move(planned));
  }

  void Bring(const v1::NewPlot& plot, const std::string& kind, const std::string& path,
             PlannedAct* planned) {
    PlannedBoundary boundary = BoundaryOfKind(kind, path + ".boundary");
    boundary.part = static_cast<std::uint32_t>(planned->brings.size());
    boundary.given = &plot.boundary();
    boundary.code = plot.code();
    boundary.stated_area_mm2 = AreaMm2(plot.stated_area_m2());
    if (boundary.kind != nullptr) planned->brings.push_back(std::move(boundary));
  }

  // Remembers what the act creates, so that later acts which name it are known to.
  void Keep(PlannedAct planned) {
    for (const PlannedBoundary& boundary : planned.brings) {
      if (planned.change == PlannedChange::kBring && !planned.ends.empty()) continue;
      creating_acts_.insert(act_);
      if (!boundary.code.empty()) created_codes_.insert(boundary.code);
    }
    plan_.acts.push_back(std::move(planned));
  }

  PlannedBoundary BoundaryOfKind(const std::string& kind, const std::string& path) const {
    PlannedBoundary boundary;
    boundary.act = act_;
    boundary.field = fmt::format("commit.acts[{}].{}", act_, path);
    const v1::PlotKind* found = policy_.PlotKindNamed(kind);
    const v1::Tier* tier = found == nullptr ? nullptr : policy_.TierNamed(found->tier());
    if (tier == nullptr) return boundary;
    boundary.kind = found;
    boundary.tier = static_cast<std::uint8_t>(tier->number());
    return boundary;
  }

  // The plot whose boundary the act ends or replaces; nothing when it is not in the book or this
  // commit has touched its boundary before.
  std::optional<v1::Plot> End(const v1::Reference& reference, const std::string& path,
                              PlannedAct* planned) {
    const auto number = NumberOf(reference);
    if ((number && !touched_.insert(*number).second) || IsCreatedHere(reference)) {
      RefuseTwice(path);
      return std::nullopt;
    }
    auto plot = number ? PlotOf(state_, *number) : std::nullopt;
    if (plot) planned->ends.push_back(*number);
    return plot;
  }

  bool IsCreatedHere(const v1::Reference& reference) const {
    if (reference.has_created_by()) return creating_acts_.contains(reference.created_by().act());
    return reference.has_code() && created_codes_.contains(reference.code());
  }

  std::optional<std::uint64_t> NumberOf(const v1::Reference& reference) const {
    if (reference.has_number()) return reference.number();
    if (!reference.has_code()) return std::nullopt;
    return NumberOfCode(state_, v1::RECORD_KIND_PLOT, reference.code());
  }

  void RefuseTwice(const std::string& path) {
    plan_.refusals.push_back(
        common::Refuse(Reason::PLOT_CHANGED_TWICE, fmt::format("commit.acts[{}].{}", act_, path),
                       {"The commit makes or changes the boundary of this plot in an earlier act "
                        "already. Send what "
                        "follows as a commit of its own.",
                        "本次提交在前一项行为中已设立该宗地或改变其界线，请将后续变更另行提交。"}));
  }

  const v1::Commit& commit_;
  const common::Policy& policy_;
  const VersionReader& state_;
  BoundaryPlan plan_;
  std::uint32_t act_ = 0;
  std::set<std::uint64_t> touched_;
  std::set<std::uint32_t> creating_acts_;
  std::set<std::string> created_codes_;
};

}  // namespace

bool TouchesBoundary(const v1::Act& act) {
  switch (act.act_case()) {
    case v1::Act::kEstablishPlot:
    case v1::Act::kSplitPlot:
    case v1::Act::kMergePlots:
    case v1::Act::kRetirePlot:
      return true;
    case v1::Act::kAmendPlot:
      return act.amend_plot().has_boundary();
    case v1::Act::kCorrect:
      return act.correct().has_plot() && act.correct().plot().has_boundary();
    case v1::Act::kCarryOver:
      return act.carry_over().has_plot();
    default:
      return false;
  }
}

std::optional<v1::Plot> PlotOf(const VersionReader& state, std::uint64_t number) {
  const auto bytes = state.Value(RecordKey(v1::RECORD_KIND_PLOT, number));
  if (!bytes) return std::nullopt;
  v1::Plot plot;
  LANDBOOK_CHECK(plot.ParseFromString(*bytes));
  return plot;
}

BoundaryPlan PlanBoundaries(const v1::Commit& commit, const common::Policy& policy,
                            const VersionReader& state) {
  return Planner(commit, policy, state).Run();
}

}  // namespace landbook::registry
