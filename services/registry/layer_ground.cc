#include "services/registry/layer_ground.h"

#include <algorithm>
#include <utility>

#include "geo/compact.h"
#include "services/registry/boundary_plan.h"
#include "services/registry/window_index.h"
#include "storage/check.h"

namespace landbook::registry {

std::int64_t NeighbourReachSteps(const geo::Tolerances& tolerances) {
  return std::max({tolerances.neighbour_vertex_max_steps, tolerances.vertex_on_edge_max_steps,
                   tolerances.gap_width_min_steps});
}

geo::Boundary StoredBoundaryOf(std::string_view compact) {
  auto boundary = geo::DecodeCompact(compact);
  LANDBOOK_CHECK(boundary.ok());
  return *std::move(boundary);
}

void StandingPlots::Add(const TierWindow& window, const std::set<std::uint64_t>& except,
                        std::uint64_t newer_than) {
  ForEachInWindow(state_, window, [&](const WindowLine& line) {
    const bool wanted = line.from > newer_than && !except.contains(line.plot);
    if (wanted && !plots_.contains(line.plot)) {
      plots_.emplace(line.plot, StandingPlot{line.from, StoredBoundaryOf(line.compact)});
    }
    return true;
  });
}

StandingPlot* StandingPlots::Find(std::uint64_t number) {
  const auto found = plots_.find(number);
  return found == plots_.end() ? nullptr : &found->second;
}

std::string StandingPlots::CodeOf(std::uint64_t number) const {
  const auto plot = PlotOf(state_, number);
  return plot ? plot->code() : "";
}

geo::LayerPlot LayerPlotOf(std::uint64_t number, const StandingPlot& standing) {
  geo::LayerPlot plot;
  plot.subject.id = kStandingId + number;
  plot.subject.boundary = &standing.boundary;
  plot.standing = true;
  return plot;
}

bool IsSound(const geo::Boundary& boundary, const geo::Tolerances& tolerances) {
  geo::Subject subject;
  subject.boundary = &boundary;
  return geo::Sound(geo::CheckAlone(subject, tolerances, nullptr));
}

v1::Finding FindingRecord(const geo::Finding& finding,
                          const std::function<common::FindingPlot(std::uint64_t id)>& name_of) {
  const common::FindingPlot subject = name_of(finding.subject);
  const common::FindingPlot other =
      finding.other == geo::kNoOther ? common::FindingPlot{} : name_of(finding.other);
  return common::FindingToWire(finding, {.subject = subject, .other = other});
}

}  // namespace landbook::registry
