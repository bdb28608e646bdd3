#include "services/registry/commit_control.h"

#include <algorithm>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "services/common/control_rules.h"
#include "services/common/division.h"
#include "services/registry/boundary_plan.h"
#include "services/registry/control_layers.h"
#include "services/registry/layer_ground.h"
#include "services/registry/record_codes.h"
#include "services/registry/window_index.h"

namespace landbook::registry {
namespace {

// Which boundary of the verdict: an act's `part`-th.
struct Brought {
  std::uint32_t act = 0;
  std::uint32_t part = 0;
  friend auto operator<=>(const Brought&, const Brought&) = default;
};

// A plot as an act leaves it: what the rules ask about, and where its boundary is.
struct PlotFacts {
  std::string code;
  std::string kind;
  std::string land_use;
  std::string division;
  std::uint64_t number = 0;        // of a plot of the book
  std::optional<Brought> brought;  // its boundary, when the commit brings one
};

// A plot of which an act asks.
struct Asked {
  Brought by;  // the act, and which of its plots
  PlotFacts plot;
};

// Goes through the acts and follows what earlier ones do to a plot.
class Asking {
 public:
  Asking(const v1::Commit& commit, const VersionReader& state) : commit_(commit), state_(state) {}

  std::vector<Asked> Run() {
    for (int i = 0; i < commit_.acts_size(); ++i) {
      act_ = static_cast<std::uint32_t>(i);
      Take(commit_.acts(i));
    }
    return std::move(asked_);
  }

 private:
  void Take(const v1::Act& act) {
    switch (act.act_case()) {
      case v1::Act::kEstablishPlot:
        return TakeNew(act.establish_plot().plot(), 0, act.establish_plot().plot().kind());
      case v1::Act::kCarryOver:
        if (!act.carry_over().has_plot()) return;
        return TakeNew(act.carry_over().plot().plot(), 0, act.carry_over().plot().plot().kind());
      case v1::Act::kAmendPlot:
        return TakeAmended(act.amend_plot());
      case v1::Act::kCorrect:
        if (act.correct().has_plot()) TakeAmended(act.correct().plot());
        return;
      case v1::Act::kSplitPlot:
        return TakeSplit(act.split_plot());
      case v1::Act::kMergePlots:
        return TakeMerged(act.merge_plots());
      default:
        return;
    }
  }

  void TakeNew(const v1::NewPlot& plot, std::uint32_t part, const std::string& kind) {
    const Brought brought{act_, part};
    PlotFacts facts{plot.code(), kind, plot.land_use(), plot.division(), 0, brought};
    made_[brought] = facts;
    asked_.push_back({brought, std::move(facts)});
  }

  void TakeAmended(const v1::AmendPlot& act) {
    PlotFacts* facts = Find(act.plot());
    if (facts == nullptr) return;
    if (act.has_land_use()) facts->land_use = act.land_use();
    if (act.has_division()) facts->division = act.division();
    if (act.has_boundary()) facts->brought = Brought{act_, 0};
    if (act.has_land_use() || act.has_division() || act.has_boundary()) {
      asked_.push_back({{act_, 0}, *facts});
    }
  }

  void TakeSplit(const v1::SplitPlot& act) {
    const PlotFacts* facts = Find(act.plot());
    if (facts == nullptr) return;
    const std::string kind = facts->kind;
    for (int i = 0; i < act.parts_size(); ++i) {
      TakeNew(act.parts(i), static_cast<std::uint32_t>(i), kind);
    }
  }

  // As MergePlots makes it: the land use that all state alike.
  void TakeMerged(const v1::MergePlots& act) {
    std::optional<PlotFacts> merged;
    for (const auto& of : act.plots()) {
      const PlotFacts* facts = Find(of.plot());
      if (facts == nullptr) return;
      if (!merged) merged = *facts;
      if (facts->land_use != merged->land_use) merged->land_use.clear();
    }
    if (!merged) return;
    const Brought brought{act_, 0};
    merged->number = 0;
    merged->code = act.code();
    merged->brought = brought;
    made_[brought] = *merged;
    asked_.push_back({brought, *std::move(merged)});
  }

  // The plot that a reference means, as the acts before have left it; null when there is none, for
  // which its act is refused.
  PlotFacts* Find(const v1::Reference& reference) {
    if (reference.has_created_by()) {
      return FindMade({reference.created_by().act(), reference.created_by().created()});
    }
    std::uint64_t number = reference.number();
    if (reference.has_code()) {
      for (auto& [brought, facts] : made_) {
        if (facts.code == reference.code()) return &facts;
      }
      const auto named = NumberOfCode(state_, v1::RECORD_KIND_PLOT, reference.code());
      if (!named) return nullptr;
      number = *named;
    }
    const auto known = standing_.find(number);
    if (known != standing_.end()) return &known->second;
    const auto plot = PlotOf(state_, number);
    if (!plot) return nullptr;
    PlotFacts facts{plot->code(), plot->kind(), plot->land_use(), plot->division(), number, {}};
    return &standing_.emplace(number, std::move(facts)).first->second;
  }

  PlotFacts* FindMade(const Brought& brought) {
    const auto made = made_.find(brought);
    return made == made_.end() ? nullptr : &made->second;
  }

  const v1::Commit& commit_;
  const VersionReader& state_;
  std::uint32_t act_ = 0;
  std::map<std::uint64_t, PlotFacts> standing_;
  std::map<Brought, PlotFacts> made_;
  std::vector<Asked> asked_;
};

// A plot with its boundary, ready to be asked about.
struct Ready {
  Asked asked;
  geo::Boundary boundary;
};

// The compact boundary of a plot that is asked about; empty when the check refused it.
std::string CompactOf(const PlotFacts& plot, const CommitVerdict& verdict,
                      const VersionReader& state) {
  if (plot.brought) {
    const CheckedBoundary* checked = verdict.Find(plot.brought->act, plot.brought->part);
    return checked == nullptr ? "" : checked->compact;
  }
  auto stored = BoundaryOf(state, plot.number);
  return stored ? std::move(stored->compact) : "";
}

bool IsControlFinding(const BoundaryFinding& found) { return found.finding.rule()[1] == '3'; }

}  // namespace

bool AsksControlLayers(const v1::Act& act) {
  const auto amends = [](const v1::AmendPlot& amend) {
    return amend.has_boundary() || amend.has_land_use() || amend.has_division();
  };
  switch (act.act_case()) {
    case v1::Act::kEstablishPlot:
    case v1::Act::kSplitPlot:
    case v1::Act::kMergePlots:
      return true;
    case v1::Act::kCarryOver:
      return act.carry_over().has_plot();
    case v1::Act::kAmendPlot:
      return amends(act.amend_plot());
    case v1::Act::kCorrect:
      return act.correct().has_plot() && amends(act.correct().plot());
    default:
      return false;
  }
}

bool ControlLayersMoved(const CommitVerdict& verdict, const VersionReader& state,
                        std::string_view day) {
  return verdict.control_checked && verdict.control_layers != LayersInForce(state, day);
}

void CheckControlLayers(const CommitCheckInputs& inputs, const VersionReader& state,
                        CommitVerdict* verdict) {
  std::erase_if(verdict->findings, IsControlFinding);
  verdict->notes -= std::exchange(verdict->control_notes, 0);
  verdict->control_checked = true;
  verdict->control_layers = LayersInForce(state, inputs.day);
  if (verdict->control_layers.empty()) return;
  GroundGatherer gatherer(state, verdict->control_layers);
  std::vector<Ready> ready;
  for (Asked& asked : Asking(*inputs.commit, state).Run()) {
    const v1::PlotKind* kind = inputs.policy->PlotKindNamed(asked.plot.kind);
    const std::string compact = CompactOf(asked.plot, *verdict, state);
    if (kind == nullptr || compact.empty()) continue;
    geo::Boundary boundary = StoredBoundaryOf(compact);
    if (!IsSound(boundary, inputs.policy->TolerancesFor(kind->code()))) continue;
    gatherer.AddWindow(boundary.Bounds());
    gatherer.AddVillage(asked.plot.division);
    ready.push_back({std::move(asked), std::move(boundary)});
  }
  const common::ControlGround ground = gatherer.Finish();
  for (const Ready& plot : ready) {
    const PlotFacts& facts = plot.asked.plot;
    common::ControlQuestion question;
    question.use = {inputs.policy->PlotKindNamed(facts.kind), facts.land_use};
    question.village = std::string_view(facts.division).substr(0, common::kVillageDigits);
    question.boundary = &plot.boundary;
    question.name.code = facts.code;
    auto findings = ground.FindingsOf(question, *inputs.policy);
    if (!findings.ok()) {
      verdict->refusals.push_back(common::RefusalFromEngine(findings.status()));
      return;
    }
    for (v1::Finding& finding : *findings) {
      if (finding.severity() == v1::SEVERITY_NOTE) {
        ++verdict->notes;
        ++verdict->control_notes;
      } else {
        verdict->findings.push_back({plot.asked.by.act, plot.asked.by.part, std::move(finding)});
      }
    }
  }
  std::stable_sort(verdict->findings.begin(), verdict->findings.end(),
                   [](const BoundaryFinding& a, const BoundaryFinding& b) {
                     return std::pair(a.act, a.part) < std::pair(b.act, b.part);
                   });
  if (const auto status = state.view().status(); !status.ok()) {
    verdict->refusals.push_back(common::RefusalFromEngine(status));
  }
}

}  // namespace landbook::registry
