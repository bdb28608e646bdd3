#include "services/registry/commit_check.h"

#include <algorithm>
#include <deque>
#include <map>
#include <set>
#include <utility>

#include "fmt/format.h"
#include "geo/area.h"
#include "geo/compact.h"
#include "geo/edit.h"
#include "geo/layer_check.h"
#include "services/registry/boundary_decode.h"
#include "services/registry/boundary_plan.h"
#include "services/registry/commit_control.h"
#include "services/registry/layer_ground.h"
#include "services/registry/window_index.h"

namespace landbook::registry {
namespace {

using common::Reason;

constexpr char kSource[] = "docs/boundary-rules.md";

// A boundary of the commit with what the check needs to know of it.
struct NewBoundary {
  PlannedBoundary planned;
  DecodedBoundary decoded;
  std::vector<geo::Finding> delivered;
};

std::string PathOf(std::uint32_t act) { return fmt::format("commit.acts[{}]", act); }

geo::Tolerances TolerancesOf(const common::Policy& policy, const NewBoundary& boundary) {
  return policy.TolerancesFor(boundary.planned.kind->code());
}

// The vertices of `parts` that `whole` does not have.
std::vector<geo::Vertex> NewVertices(const geo::Boundary& whole,
                                     const std::vector<geo::Boundary>& parts) {
  const std::set<geo::Vertex> old(whole.vertices.begin(), whole.vertices.end());
  std::vector<geo::Vertex> vertices;
  for (const geo::Boundary& part : parts) {
    std::copy_if(part.vertices.begin(), part.vertices.end(), std::back_inserter(vertices),
                 [&](const geo::Vertex& v) { return !old.contains(v); });
  }
  return vertices;
}

class Checker {
 public:
  Checker(const CommitCheckInputs& inputs, const VersionReader& state)
      : inputs_(inputs), state_(state), decoder_(inputs.epsg) {}

  CommitVerdict Run() {
    BoundaryPlan plan = PlanBoundaries(*inputs_.commit, *inputs_.policy, state_);
    verdict_.sequence = inputs_.sequence;
    verdict_.refusals = std::move(plan.refusals);
    for (const PlannedAct& act : plan.acts) {
      replaced_.insert(act.ends.begin(), act.ends.end());
    }
    for (PlannedAct& act : plan.acts) TakeAct(act);
    CheckTiers();
    Finish();
    return std::move(verdict_);
  }

 private:
  // --- Boundaries ------------------------------------------------------------------------------

  void TakeAct(PlannedAct& act) {
    std::vector<geo::Boundary> ended;
    for (const std::uint64_t plot : act.ends) {
      const auto stored = BoundaryOf(state_, plot);
      if (!stored) continue;
      verdict_.replaced.push_back(plot);
      verdict_.windows.push_back({stored->tier, stored->box.Grown(1)});
      ended.push_back(StoredBoundaryOf(stored->compact));
    }
    if (act.change == PlannedChange::kMerge) return TakeMerge(act, ended);
    const std::size_t before = news_.size();
    for (PlannedBoundary& planned : act.brings) {
      auto decoded = decoder_.Decode(*planned.given, planned.field);
      if (decoded.ok()) {
        TakeNew(std::move(planned), std::move(*decoded));
      } else {
        for (v1::Refusal& refusal : decoded.refusals()) {
          verdict_.refusals.push_back(std::move(refusal));
        }
      }
    }
    const bool all = news_.size() - before == act.brings.size();
    if (act.change == PlannedChange::kSplit && all && ended.size() == 1) {
      CheckSplit(act.act, ended.front(), before);
    }
  }

  void TakeNew(PlannedBoundary planned, DecodedBoundary decoded) {
    if (decoded.boundary.empty()) {
      verdict_.refusals.push_back(common::Refuse(
          Reason::BOUNDARY_UNDECODABLE, planned.field,
          {"None of the boundary's coordinates is a finite number on the plane. Send metres of the "
           "book's plane, or GeoJSON in EPSG:4490.",
           "界线的坐标均不是平面上的有限数值。请提供登簿平面的米制坐标，或 EPSG:4490 的 GeoJSON。"},
          kSource));
      return;
    }
    CheckedBoundary checked;
    checked.act = planned.act;
    checked.part = planned.part;
    checked.tier = planned.tier;
    checked.compact = geo::EncodeCompact(decoded.boundary);
    checked.box = decoded.boundary.Bounds();
    checked.computed_area_hundredths_m2 = geo::ComputedAreaHundredthsM2(decoded.boundary);
    verdict_.boundaries.push_back(std::move(checked));
    auto delivered = decoded.FaultsOf(news_.size());
    news_.push_back({std::move(planned), std::move(decoded), std::move(delivered)});
  }

  void TakeMerge(PlannedAct& act, const std::vector<geo::Boundary>& ended) {
    if (act.brings.empty() || ended.size() != act.ends.size()) return;
    PlannedBoundary& planned = act.brings.front();
    auto merged = geo::Merge(ended);
    if (!merged.ok()) {
      verdict_.refusals.push_back(
          common::Refuse(Reason::MERGE_NOT_ADJACENT, planned.field,
                         {std::string(merged.status().message()),
                          "所列宗地不能合并：须沿边界线相邻且互不重叠，请先更正其界线。"},
                         fmt::format("{} B501", kSource)));
      return;
    }
    const geo::Tolerances tolerances = inputs_.policy->TolerancesFor(planned.kind->code());
    CheckUnion(act.act, ended, {*merged}, tolerances);
    TakeNew(std::move(planned), DecodedBoundary{*std::move(merged), std::nullopt, {}});
  }

  // --- Splits and merges -----------------------------------------------------------------------

  void CheckSplit(std::uint32_t act, const geo::Boundary& whole, std::size_t first) {
    std::vector<geo::Boundary> parts;
    const geo::Tolerances tolerances = TolerancesOf(*inputs_.policy, news_[first]);
    for (std::size_t i = first; i < news_.size(); ++i) {
      const geo::Boundary& part = news_[i].decoded.boundary;
      // What is not sound is told by its own findings, and has no union.
      if (!IsSound(part, tolerances) || !news_[i].decoded.faults.empty()) return;
      parts.push_back(part);
    }
    CheckUnion(act, {whole}, parts, tolerances);
    NodeNeighbours(act, whole, NewVertices(whole, parts), news_[first].planned.tier);
  }

  void CheckUnion(std::uint32_t act, const std::vector<geo::Boundary>& before,
                  const std::vector<geo::Boundary>& after, const geo::Tolerances& tolerances) {
    const auto findings = geo::UnionFindings(before, after, tolerances, act);
    if (!findings.ok()) {
      verdict_.refusals.push_back(common::RefusalFromEngine(findings.status()));
      return;
    }
    for (const geo::Finding& finding : *findings) {
      verdict_.refusals.push_back(
          common::Refuse(Reason::PARTS_DIFFER_FROM_WHOLE, PathOf(act),
                         {fmt::format("B501 {}", geo::SentenceEnglish(finding)),
                          fmt::format("B501 {}", geo::SentenceChinese(finding))},
                         fmt::format("{} B501", kSource)));
    }
  }

  // Sets new vertices on the outline into the neighbours that have an edge there, so that both go
  // on matching vertex by vertex.
  void NodeNeighbours(std::uint32_t act, const geo::Boundary& whole,
                      const std::vector<geo::Vertex>& vertices, std::uint8_t tier) {
    StandingPlots& near = Near(tier);
    const TierWindow window{tier, whole.Bounds().Grown(1)};
    near.Add(window, replaced_);
    for (const auto& [plot, standing] : near.plots()) {
      if (!standing.boundary.Bounds().Intersects(window.box)) continue;
      auto noded = geo::NodedInto(standing.boundary, vertices);
      if (!noded) continue;
      if (const auto changed = geo::NeighbourFinding(standing.boundary, *noded, act, plot)) {
        RefuseNeighbour(act, *changed, near.CodeOf(plot));
        continue;
      }
      verdict_.noded.push_back({act, plot, standing.from, tier, geo::EncodeCompact(*noded)});
      near.Find(plot)->boundary = *std::move(noded);
    }
  }

  void RefuseNeighbour(std::uint32_t act, const geo::Finding& finding, const std::string& code) {
    verdict_.refusals.push_back(common::Refuse(
        Reason::NEIGHBOUR_WOULD_CHANGE, PathOf(act),
        {fmt::format("B502 {} The neighbour is {}.", geo::SentenceEnglish(finding), code),
         fmt::format("B502 {}相邻宗地：{}。", geo::SentenceChinese(finding), code)},
        fmt::format("{} B502", kSource)));
  }

  // --- Layers ----------------------------------------------------------------------------------

  StandingPlots& Near(std::uint8_t tier) { return near_.try_emplace(tier, state_).first->second; }

  void CheckTiers() {
    std::map<std::uint8_t, std::vector<std::size_t>> by_tier;
    for (std::size_t i = 0; i < news_.size(); ++i) by_tier[news_[i].planned.tier].push_back(i);
    for (const auto& [tier, members] : by_tier) CheckTier(tier, members);
  }

  void CheckTier(std::uint8_t tier, const std::vector<std::size_t>& members) {
    geo::LayerOptions options;
    options.tolerances = TolerancesOf(*inputs_.policy, news_[members.front()]);
    options.plane_extent = inputs_.plane_extent;
    StandingPlots& near = Near(tier);
    std::vector<geo::LayerPlot> layer;
    for (const std::size_t i : members) {
      const NewBoundary& boundary = news_[i];
      layer.push_back({SubjectOf(i), false});
      const TierWindow window{
          tier, boundary.decoded.boundary.Bounds().Grown(NeighbourReachSteps(options.tolerances))};
      near.Add(window, replaced_);
      verdict_.windows.push_back(window);
    }
    for (const auto& [plot, standing] : near.plots()) {
      layer.push_back(LayerPlotOf(plot, standing));
    }
    const auto found = geo::CheckLayer(layer, options);
    if (!found.ok()) {
      verdict_.refusals.push_back(common::RefusalFromEngine(found.status()));
      return;
    }
    for (const geo::Finding& finding : found->findings) Keep(finding, near);
  }

  geo::Subject SubjectOf(std::size_t i) const {
    const NewBoundary& boundary = news_[i];
    return {.id = i,
            .boundary = &boundary.decoded.boundary,
            .stated_area_mm2 = boundary.planned.stated_area_mm2,
            .several_parts = TolerancesOf(*inputs_.policy, boundary).several_parts,
            .delivered = boundary.delivered,
            .raw = boundary.decoded.raw ? &*boundary.decoded.raw : nullptr};
  }

  void Keep(const geo::Finding& finding, const StandingPlots& near) {
    if (finding.severity == geo::Severity::kNote) {
      ++verdict_.notes;
      return;
    }
    const std::uint64_t about = finding.subject < kStandingId ? finding.subject : finding.other;
    const PlannedBoundary& planned = news_[about].planned;
    verdict_.findings.push_back(
        {planned.act, planned.part, FindingRecord(finding, [&](std::uint64_t id) {
           return common::FindingPlot{.code = id < kStandingId ? news_[id].planned.code
                                                               : near.CodeOf(id - kStandingId)};
         })});
  }

  void Finish() {
    // Tier after tier was checked; the verdict goes by act.
    std::stable_sort(verdict_.findings.begin(), verdict_.findings.end(),
                     [](const BoundaryFinding& a, const BoundaryFinding& b) {
                       return std::pair(a.act, a.part) < std::pair(b.act, b.part);
                     });
    if (const auto status = state_.view().status(); !status.ok()) {
      verdict_.refusals.push_back(common::RefusalFromEngine(status));
    }
  }

  const CommitCheckInputs& inputs_;
  const VersionReader& state_;
  BoundaryDecoder decoder_;
  CommitVerdict verdict_;
  std::set<std::uint64_t> replaced_;
  std::deque<NewBoundary> news_;  // by act, then part; a finding's id is the position here
  std::map<std::uint8_t, StandingPlots> near_;
};

}  // namespace

bool NeedsCheck(const v1::Commit& commit) {
  return std::any_of(commit.acts().begin(), commit.acts().end(), [](const v1::Act& act) {
    return TouchesBoundary(act) || AsksControlLayers(act);
  });
}

CommitVerdict CheckCommit(const CommitCheckInputs& inputs, const VersionReader& state) {
  CommitVerdict verdict = Checker(inputs, state).Run();
  CheckControlLayers(inputs, state, &verdict);
  return verdict;
}

}  // namespace landbook::registry
