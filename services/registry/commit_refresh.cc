// RefreshVerdict of commit_check.h: what the writer looks at again.
#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "fmt/format.h"
#include "geo/layer_check.h"
#include "services/registry/boundary_plan.h"
#include "services/registry/commit_check.h"
#include "services/registry/commit_control.h"
#include "services/registry/layer_ground.h"
#include "services/registry/window_index.h"

namespace landbook::registry {
namespace {

using common::Reason;

class Refresh {
 public:
  Refresh(const CommitCheckInputs& inputs, const VersionReader& now, CommitVerdict* verdict)
      : inputs_(inputs), now_(now), verdict_(*verdict) {}

  void Run() {
    for (const std::uint64_t plot : verdict_.replaced) CheckReplaced(plot);
    for (const NodedNeighbour& noded : verdict_.noded) CheckNoded(noded);
    for (const PlannedAct& act : PlanBoundaries(*inputs_.commit, *inputs_.policy, now_).acts) {
      for (const PlannedBoundary& planned : act.brings) {
        planned_.emplace(std::pair(planned.act, planned.part), planned);
      }
    }
    except_.insert(verdict_.replaced.begin(), verdict_.replaced.end());
    for (const NodedNeighbour& noded : verdict_.noded) except_.insert(noded.plot);
    for (std::size_t i = 0; i < verdict_.boundaries.size(); ++i) CheckAgain(i);
    std::stable_sort(verdict_.findings.begin(), verdict_.findings.end(),
                     [](const BoundaryFinding& a, const BoundaryFinding& b) {
                       return std::pair(a.act, a.part) < std::pair(b.act, b.part);
                     });
    verdict_.sequence = inputs_.sequence;
  }

 private:
  void CheckReplaced(std::uint64_t plot) {
    const auto stored = BoundaryOf(now_, plot);
    if (stored && stored->from <= verdict_.sequence) return;
    verdict_.refusals.push_back(common::Refuse(
        Reason::RECORD_MOVED, "commit",
        {fmt::format(
             "The boundary of plot number {} changed after this commit was checked. Read it "
             "again and send the commit anew.",
             plot),
         fmt::format("编号 {} 的宗地界线在本次提交检查之后已变更，请重新读取并重新提交。", plot)}));
  }

  void CheckNoded(const NodedNeighbour& noded) {
    const auto stored = BoundaryOf(now_, noded.plot);
    if (stored && stored->from == noded.from) return;
    verdict_.refusals.push_back(common::Refuse(
        Reason::NEIGHBOUR_WOULD_CHANGE, fmt::format("commit.acts[{}]", noded.act),
        {fmt::format(
             "The neighbouring plot number {} changed after this commit was checked. Send the "
             "commit again.",
             noded.plot),
         fmt::format("编号 {} 的相邻宗地在本次提交检查之后已变更，请重新提交。", noded.plot)},
        "docs/boundary-rules.md B502"));
  }

  // Compares one boundary with the plots near it that changed since. All plots near it and the
  // commit's other boundaries take part, since they may cover the ground between the two (B205).
  void CheckAgain(std::size_t i) {
    const CheckedBoundary& checked = verdict_.boundaries[i];
    const auto planned = planned_.find(std::pair(checked.act, checked.part));
    if (planned == planned_.end()) return;  // its act is refused: the plot or its kind is gone
    geo::LayerOptions options;
    options.tolerances = inputs_.policy->TolerancesFor(planned->second.kind->code());
    const TierWindow window = {checked.tier,
                               checked.box.Grown(NeighbourReachSteps(options.tolerances))};
    StandingPlots changed(now_);
    changed.Add(window, except_, verdict_.sequence);
    if (changed.plots().empty()) return;
    StandingPlots near(now_);
    near.Add(window, except_);
    const std::map<std::size_t, geo::Boundary> own = OwnIn(window);
    std::vector<geo::LayerPlot> layer;
    for (const auto& [id, boundary] : own) {
      geo::LayerPlot& plot = layer.emplace_back();
      plot.subject.id = id;
      plot.subject.boundary = &boundary;
      plot.standing = id != i;
    }
    for (const auto& [plot, standing] : near.plots()) {
      layer.push_back(LayerPlotOf(plot, standing));
    }
    const auto found = geo::CheckLayer(layer, options);
    if (!found.ok()) return verdict_.refusals.push_back(common::RefusalFromEngine(found.status()));
    for (const geo::Finding& finding : found->findings) {
      const std::uint64_t other = finding.subject == i ? finding.other : finding.subject;
      if (other == geo::kNoOther || other < kStandingId) continue;
      if (changed.plots().contains(other - kStandingId)) Keep(finding, planned->second, near);
    }
  }

  // The commit's own boundaries in the window, by their place in the verdict.
  std::map<std::size_t, geo::Boundary> OwnIn(const TierWindow& window) const {
    std::map<std::size_t, geo::Boundary> own;
    for (std::size_t i = 0; i < verdict_.boundaries.size(); ++i) {
      const CheckedBoundary& boundary = verdict_.boundaries[i];
      if (boundary.tier != window.tier || !boundary.box.Intersects(window.box)) continue;
      own.emplace(i, StoredBoundaryOf(boundary.compact));
    }
    return own;
  }

  void Keep(const geo::Finding& finding, const PlannedBoundary& planned,
            const StandingPlots& near) {
    verdict_.findings.push_back(
        {planned.act, planned.part, FindingRecord(finding, [&](std::uint64_t id) {
           return common::FindingPlot{.code = id < kStandingId ? planned.code
                                                               : near.CodeOf(id - kStandingId)};
         })});
  }

  const CommitCheckInputs& inputs_;
  const VersionReader& now_;
  CommitVerdict& verdict_;
  std::map<std::pair<std::uint32_t, std::uint32_t>, PlannedBoundary> planned_;
  std::set<std::uint64_t> except_;
};

}  // namespace

void RefreshVerdict(const CommitCheckInputs& inputs, const VersionReader& now,
                    CommitVerdict* verdict) {
  Refresh(inputs, now, verdict).Run();
  if (ControlLayersMoved(*verdict, now, inputs.day)) CheckControlLayers(inputs, now, verdict);
}

}  // namespace landbook::registry
