#include "geo/snap.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <map>
#include <utility>

#include "geo/boundary_check.h"
#include "geo/exact.h"

namespace landbook::geo {
namespace {

constexpr double kStepsPerMm = 10;

double MmBetween(Vertex a, Vertex b) {
  return std::hypot(static_cast<double>(a.x - b.x), static_cast<double>(a.y - b.y)) / kStepsPerMm;
}

// The distance of `v` from the closed edge.
double MmFromEdge(Vertex v, const Segment& edge) {
  if (Dot(edge.start, v, edge.end) <= 0) return MmBetween(v, edge.start);
  if (Dot(edge.end, v, edge.start) <= 0) return MmBetween(v, edge.end);
  const double cross = std::abs(static_cast<double>(Cross(edge.start, v, edge.end)));
  return cross / (MmBetween(edge.start, edge.end) * kStepsPerMm) / kStepsPerMm;
}

// Vertices of neighbours, each with the first neighbour that has it.
using Targets = std::map<Vertex, std::uint64_t>;

// The neighbours' vertices within reach of the plot.
Targets TargetsNear(const PreparedPlot& plot, std::span<const PreparedPlot* const> neighbours,
                    std::int64_t reach_steps) {
  const Box near = plot.box().Grown(reach_steps);
  Targets targets;
  for (const PreparedPlot* neighbour : neighbours) {
    for (const Vertex& v : neighbour->boundary().vertices) {
      if (near.Contains(v)) targets.emplace(v, neighbour->id());
    }
  }
  return targets;
}

// Those of `targets` at most `steps` from `v`, the nearest first.
const Targets::value_type* NearestTarget(const Targets& targets, Vertex v, std::int64_t steps) {
  const Targets::value_type* nearest = nullptr;
  Int128 nearest2 = static_cast<Int128>(steps) * steps;
  const auto end = targets.upper_bound({v.x + steps, v.y + steps});
  for (auto target = targets.lower_bound({v.x - steps, v.y - steps}); target != end; ++target) {
    const Int128 distance2 = SquaredDistance(v, target->first);
    if (distance2 > nearest2 || (nearest != nullptr && distance2 == nearest2)) continue;
    nearest = &*target;
    nearest2 = distance2;
  }
  return nearest;
}

// Builds the boundary suggested: moves vertices, sets others in, and copies what the survey says.
class Snapper {
 public:
  Snapper(const Boundary& before, Targets targets, const Tolerances& tolerances)
      : before_(before), targets_(std::move(targets)), tolerances_(tolerances) {}

  SnapSuggestion Run() && {
    for (std::size_t ring = 0; ring < before_.ring_count(); ++ring) MoveRing(before_.Ring(ring));
    ForgetTargetsMet();
    for (const Targets::value_type& target : targets_) ChooseEdge(target);
    for (std::size_t i = 0, ring = 0; ring < ring_ends_.size(); ++ring) {
      for (; i < ring_ends_[ring]; ++i) Place(i);
      after_.EndRing();
    }
    after_.part_ends = before_.part_ends;
    CarrySurvey();
    return {std::move(steps_), std::move(after_), {}};
  }

 private:
  // A vertex after moving, and which vertex of the old boundary it was.
  struct Moved {
    Vertex vertex;
    std::uint32_t old = 0;
    std::optional<SnapStep> step;
  };

  Moved MovedOf(std::uint32_t old) const {
    const Vertex v = before_.vertices[old];
    const auto* target = NearestTarget(targets_, v, tolerances_.neighbour_vertex_max_steps);
    if (target == nullptr || target->first == v) return {v, old, std::nullopt};
    return {target->first, old,
            SnapStep{v, target->first, target->second, MmBetween(v, target->first)}};
  }

  // Of vertices beside each other that come to stand on one the first remains.
  void MoveRing(std::span<const Vertex> ring) {
    const std::size_t begin = moved_.size();
    const auto first = static_cast<std::uint32_t>(ring.data() - before_.vertices.data());
    for (std::uint32_t old = first; old < first + ring.size(); ++old) {
      Moved moved = MovedOf(old);
      if (moved_.size() > begin && moved_.back().vertex == moved.vertex) continue;
      moved_.push_back(std::move(moved));
    }
    if (moved_.size() > begin + 1 && moved_.back().vertex == moved_[begin].vertex) {
      moved_.pop_back();
    }
    ring_ends_.push_back(moved_.size());
  }

  // What is left of the targets are those to set into edges: no vertex of the plot stands on them,
  // or nearly on them.
  void ForgetTargetsMet() {
    for (const Moved& moved : moved_) {
      const std::int64_t steps = tolerances_.neighbour_vertex_max_steps;
      while (const auto* met = NearestTarget(targets_, moved.vertex, steps)) {
        targets_.erase(Vertex(met->first));
      }
    }
  }

  // The edge that starts at the i-th moved vertex.
  Segment EdgeAt(std::size_t i) const {
    const auto end = std::upper_bound(ring_ends_.begin(), ring_ends_.end(), i);
    const std::size_t begin = end == ring_ends_.begin() ? 0 : *std::prev(end);
    return {moved_[i].vertex, moved_[i + 1 == *end ? begin : i + 1].vertex};
  }

  // Notes the target for the nearest edge that it lies on or nearly on, the first of several.
  void ChooseEdge(const Targets::value_type& target) {
    std::optional<SnapStep> chosen;
    std::size_t edge_chosen = 0;
    for (std::size_t i = 0; i < moved_.size(); ++i) {
      const Segment edge = EdgeAt(i);
      if (!WithinDistance(target.first, edge, tolerances_.vertex_on_edge_max_steps)) continue;
      const double distance_mm = MmFromEdge(target.first, edge);
      if (chosen && chosen->distance_mm <= distance_mm) continue;
      chosen = SnapStep{std::nullopt, target.first, target.second, distance_mm};
      edge_chosen = i;
    }
    if (chosen) set_in_[edge_chosen].push_back(*chosen);
  }

  // Adds the i-th moved vertex, and after it what is set into its edge.
  void Place(std::size_t i) {
    starts_.push_back(after_.vertices.size());
    after_.vertices.push_back(moved_[i].vertex);
    if (moved_[i].step) steps_.push_back(*moved_[i].step);
    const auto found = set_in_.find(i);
    if (found == set_in_.end()) return;
    const Segment edge = EdgeAt(i);
    std::stable_sort(
        found->second.begin(), found->second.end(), [&edge](const SnapStep& a, const SnapStep& b) {
          return Dot(edge.start, a.after, edge.end) < Dot(edge.start, b.after, edge.end);
        });
    for (const SnapStep& step : found->second) {
      after_.vertices.push_back(step.after);
      steps_.push_back(step);
    }
  }

  // The i-th moved vertex that the old vertex is; none when it fell together with the one before.
  std::optional<std::size_t> MovedIndexOf(std::uint32_t old) const {
    const auto at = std::lower_bound(moved_.begin(), moved_.end(), old,
                                     [](const Moved& m, std::uint32_t v) { return m.old < v; });
    if (at == moved_.end() || at->old != old) return std::nullopt;
    return static_cast<std::size_t>(at - moved_.begin());
  }

  void CarrySurvey() {
    for (BoundaryPoint point : before_.points) {
      const std::optional<std::size_t> index = MovedIndexOf(point.vertex);
      if (!index) continue;
      point.vertex = static_cast<std::uint32_t>(starts_[*index]);
      after_.points.push_back(std::move(point));
    }
    for (BoundaryLine line : before_.lines) {
      const std::optional<std::size_t> index = MovedIndexOf(line.vertex);
      if (!index) continue;
      const std::size_t end =
          *index + 1 < starts_.size() ? starts_[*index + 1] : after_.vertices.size();
      for (std::size_t vertex = starts_[*index]; vertex < end; ++vertex) {
        line.vertex = static_cast<std::uint32_t>(vertex);
        after_.lines.push_back(line);
      }
    }
  }

  const Boundary& before_;
  Targets targets_;
  const Tolerances& tolerances_;
  std::vector<Moved> moved_;
  std::vector<std::size_t> ring_ends_;                   // in moved_
  std::map<std::size_t, std::vector<SnapStep>> set_in_;  // by the moved vertex before them
  std::vector<std::size_t> starts_;                      // where each moved vertex came to stand
  std::vector<SnapStep> steps_;
  Boundary after_;
};

// The errors of the boundary suggested, in the order of findings.
absl::StatusOr<std::vector<Finding>> ErrorsOf(const Boundary& boundary, std::uint64_t id,
                                              std::span<const PreparedPlot* const> neighbours,
                                              const Tolerances& tolerances) {
  Subject subject;
  subject.id = id;
  subject.boundary = &boundary;
  std::vector<Finding> findings = CheckAlone(subject, tolerances, nullptr);
  if (Sound(findings)) {
    const PreparedPlot plot(id, &boundary);
    for (const PreparedPlot* neighbour : neighbours) {
      if (!plot.box().Intersects(neighbour->box())) continue;
      const absl::Status status = CheckPair(plot, *neighbour, tolerances, &findings);
      if (!status.ok()) return status;
    }
  }
  std::erase_if(findings, [](const Finding& f) { return f.severity != Severity::kError; });
  std::sort(findings.begin(), findings.end(), FindingBefore);
  return findings;
}

}  // namespace

absl::StatusOr<SnapSuggestion> SuggestSnap(const PreparedPlot& plot,
                                           std::span<const PreparedPlot* const> neighbours,
                                           const Tolerances& tolerances) {
  const std::int64_t reach_steps =
      std::max(tolerances.neighbour_vertex_max_steps, tolerances.vertex_on_edge_max_steps);
  SnapSuggestion suggestion =
      Snapper(plot.boundary(), TargetsNear(plot, neighbours, reach_steps), tolerances).Run();
  if (suggestion.steps.empty()) return suggestion;
  auto errors = ErrorsOf(suggestion.boundary, plot.id(), neighbours, tolerances);
  if (!errors.ok()) return errors.status();
  suggestion.errors = *std::move(errors);
  return suggestion;
}

}  // namespace landbook::geo
