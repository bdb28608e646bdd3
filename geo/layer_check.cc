#include "geo/layer_check.h"

#include <algorithm>
#include <atomic>
#include <numeric>
#include <optional>
#include <system_error>
#include <thread>
#include <utility>

#include "absl/status/status.h"
#include "fmt/format.h"
#include "geo/boundary_check_internal.h"
#include "geo/boundary_check_pair.h"
#include "geo/boundary_check_pair_internal.h"
#include "geo/box_tree.h"
#include "geo/check.h"
#include "geo/hilbert.h"
#include "geo/layer_check_gaps.h"

namespace landbook::geo {
namespace {

// How many plots a worker takes at a time: enough that taking costs nothing, few enough that the
// last ones are shared.
constexpr std::size_t kPlotsAtATime = 64;

// What one worker found.
struct Share {
  std::vector<Finding> findings;
  std::vector<GapStrip> gaps;  // uncovered
  std::int64_t pair_count = 0;
  absl::Status status;
};

// Runs work(item, share) for every item below `count`, on shares.size() threads. When a thread
// cannot be had, those that can do its work too.
template <typename Work>
void ForEach(std::size_t count, std::vector<Share>* shares, const Work& work) {
  std::atomic<std::size_t> next{0};
  const auto run = [&](Share* share) {
    while (true) {
      const std::size_t begin = next.fetch_add(kPlotsAtATime);
      if (begin >= count) return;
      for (std::size_t i = begin; i < std::min(begin + kPlotsAtATime, count); ++i) work(i, share);
    }
  };
  std::vector<std::thread> threads;
  for (std::size_t i = 1; i < shares->size(); ++i) {
    try {
      threads.emplace_back(run, &(*shares)[i]);
    } catch (const std::system_error&) {
      break;
    }
  }
  run(&(*shares)[0]);
  for (std::thread& thread : threads) thread.join();
}

class Layer {
 public:
  Layer(std::span<const LayerPlot> plots, const LayerOptions& options)
      : plots_(plots), options_(options), shares_(static_cast<std::size_t>(options.workers)) {
    const Box* extent = options.plane_extent.has_value() ? &*options.plane_extent : nullptr;
    prepared_.resize(plots.size());
    // Alone first: what is not sound is compared with nothing.
    ForEach(plots.size(), &shares_, [this, extent](std::size_t i, Share* share) {
      CheckOne(plots_[i], extent, &prepared_[i], share);
    });
    OrderOnTheGround();
  }

  absl::StatusOr<LayerVerdict> Run() {
    ForEach(order_.size(), &shares_, [this](std::size_t i, Share* share) { Compare(i, share); });
    LayerVerdict verdict;
    std::vector<GapStrip> gaps;
    for (Share& share : shares_) {
      if (!share.status.ok()) return share.status;
      verdict.pair_count += share.pair_count;
      std::move(share.findings.begin(), share.findings.end(), std::back_inserter(verdict.findings));
      std::move(share.gaps.begin(), share.gaps.end(), std::back_inserter(gaps));
    }
    std::vector<Finding> gap_findings = GapFindings(std::move(gaps), options_.tolerances);
    std::move(gap_findings.begin(), gap_findings.end(), std::back_inserter(verdict.findings));
    std::sort(verdict.findings.begin(), verdict.findings.end(), FindingBefore);
    verdict.kept_out = KeptOut(verdict.findings);
    return verdict;
  }

 private:
  void CheckOne(const LayerPlot& plot, const Box* extent, std::optional<PreparedPlot>* prepared,
                Share* share) const {
    LANDBOOK_GEO_CHECK(plot.subject.boundary != nullptr);
    if (OnPlane(*plot.subject.boundary)) {
      prepared->emplace(plot.subject.id, plot.subject.boundary);
    }
    const BoundaryEdges* edges = prepared->has_value() ? &(*prepared)->edges() : nullptr;
    std::vector<Finding> findings =
        CheckAloneByEdges(plot.subject, edges, options_.tolerances, extent);
    if (!Sound(findings)) prepared->reset();
    if (plot.standing) return;
    std::move(findings.begin(), findings.end(), std::back_inserter(share->findings));
  }

  // Sorts the sound plots along the Hilbert curve, so that the tree over their boxes is narrow.
  void OrderOnTheGround() {
    std::vector<std::pair<std::uint64_t, std::size_t>> positions;
    for (std::size_t i = 0; i < plots_.size(); ++i) {
      if (!prepared_[i].has_value()) continue;
      const Box& box = prepared_[i]->box();
      const Vertex centre = {std::midpoint(box.min_x, box.max_x),
                             std::midpoint(box.min_y, box.max_y)};
      positions.emplace_back(HilbertPosition(centre), i);
    }
    std::sort(positions.begin(), positions.end());
    std::vector<Box> boxes;
    boxes.reserve(positions.size());
    for (const auto& [position, plot] : positions) {
      order_.push_back(plot);
      boxes.push_back(prepared_[plot]->box());
    }
    tree_ = BoxTree(std::move(boxes));
  }

  // Compares the plot at `position` of the order with those after it.
  void Compare(std::size_t position, Share* share) const {
    const PreparedPlot& plot = *prepared_[order_[position]];
    const bool standing = plots_[order_[position]].standing;
    PairOutcome outcome;
    if (!standing) AddHoleStrips(plot, options_.tolerances, &outcome.gaps);
    const Box window = plot.box().Grown(ReachSteps(options_.tolerances));
    tree_.Query(window, position + 1, [&](std::size_t other) {
      if (standing && plots_[order_[other]].standing) return true;
      ++share->pair_count;
      share->status.Update(
          ComparePlots(plot, *prepared_[order_[other]], options_.tolerances, &outcome));
      return true;
    });
    std::move(outcome.findings.begin(), outcome.findings.end(),
              std::back_inserter(share->findings));
    for (const GapStrip& strip : outcome.gaps) AddUncovered(strip, Near(), &share->gaps);
  }

  PlotsNear Near() const {
    return [this](const Box& window, const std::function<void(const PreparedPlot&)>& visit) {
      tree_.Query(window, [&](std::size_t position) {
        visit(*prepared_[order_[position]]);
        return true;
      });
    };
  }

  // The new plots with an error of their own or with another plot. Between two new plots both stay
  // out: which came first in a file says nothing about who is right.
  std::vector<std::uint64_t> KeptOut(const std::vector<Finding>& findings) const {
    std::vector<std::uint64_t> concerned;
    for (const Finding& finding : findings) {
      if (finding.severity != Severity::kError) continue;
      concerned.push_back(finding.subject);
      if (finding.other != kNoOther) concerned.push_back(finding.other);
    }
    std::sort(concerned.begin(), concerned.end());
    std::vector<std::uint64_t> kept_out;
    for (const LayerPlot& plot : plots_) {
      const std::uint64_t id = plot.subject.id;
      if (!plot.standing && std::binary_search(concerned.begin(), concerned.end(), id)) {
        kept_out.push_back(id);
      }
    }
    std::sort(kept_out.begin(), kept_out.end());
    return kept_out;
  }

  std::span<const LayerPlot> plots_;
  const LayerOptions& options_;
  std::vector<Share> shares_;
  std::vector<std::optional<PreparedPlot>> prepared_;  // none for plots that are not sound
  std::vector<std::size_t> order_;                     // sound plots along the Hilbert curve
  BoxTree tree_;                                       // their boxes, in that order
};

absl::Status CheckIds(std::span<const LayerPlot> plots) {
  std::vector<std::uint64_t> ids;
  ids.reserve(plots.size());
  for (const LayerPlot& plot : plots) ids.push_back(plot.subject.id);
  std::sort(ids.begin(), ids.end());
  const auto twice = std::adjacent_find(ids.begin(), ids.end());
  if (twice == ids.end()) return absl::OkStatus();
  return absl::InvalidArgumentError(fmt::format(
      "two plots of the layer have the id {}; findings need one id for each plot", *twice));
}

}  // namespace

absl::StatusOr<LayerVerdict> CheckLayer(std::span<const LayerPlot> plots,
                                        const LayerOptions& options) {
  if (options.workers < 1) {
    return absl::InvalidArgumentError(
        fmt::format("{} workers were asked for; at least 1 is needed", options.workers));
  }
  if (absl::Status status = CheckIds(plots); !status.ok()) return status;
  return Layer(plots, options).Run();
}

}  // namespace landbook::geo
