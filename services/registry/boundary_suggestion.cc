#include "services/registry/boundary_suggestion.h"

#include <fmt/format.h>

#include <deque>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "geo/area.h"
#include "geo/compact.h"
#include "geo/snap.h"
#include "services/registry/layer_ground.h"
#include "services/registry/read_point.h"
#include "services/registry/versions.h"
#include "services/registry/window_index.h"
#include "storage/digest.h"
#include "storage/suite.h"

namespace landbook::registry {
namespace {

using common::Outcome;
using common::Reason;

constexpr std::size_t kTokenDigits = 12;

void WritePoint(geo::Vertex vertex, v1::PlanePoint* point) {
  point->set_x(vertex.x);
  point->set_y(vertex.y);
}

// Among other suggestions for one plot; not a secret, nor proof against one who forges.
std::string TokenOf(const storage::Suite& suite, std::string_view compact) {
  return storage::HexOf(suite.HashOf(compact)).substr(0, kTokenDigits);
}

std::string AreaM2(const geo::Boundary& boundary) {
  return geo::FormatHundredths(geo::ComputedAreaHundredthsM2(boundary));
}

v1::Refusal Ended(const std::string& plot) {
  return common::Refuse(Reason::RECORD_ENDED, "plot",
                        {fmt::format("Plot \"{}\" has ended and has no boundary.", plot),
                         fmt::format("宗地“{}”已终止，没有界线。", plot)});
}

// One plot beside its neighbours as of one entry.
class Suggester {
 public:
  // REQUIRES: `suite`, `state` and `tolerances` outlive the object.
  Suggester(const storage::Suite& suite, const VersionReader& state,
            const geo::Tolerances& tolerances, std::uint64_t plot, const StoredBoundary& stored)
      : suite_(suite),
        tolerances_(tolerances),
        plot_(plot),
        before_(StoredBoundaryOf(stored.compact)),
        standing_(state) {
    const std::int64_t reach_steps = NeighbourReachSteps(tolerances);
    standing_.Add({stored.tier, stored.box.Grown(reach_steps)}, {plot});
  }

  // INTERNAL when GEOS could not measure.
  absl::Status Suggest(v1::BoundarySuggestion* out) const {
    out->set_area_before_m2(AreaM2(before_));
    if (!IsSound(before_, tolerances_)) return absl::OkStatus();
    std::deque<geo::PreparedPlot> prepared;
    std::vector<const geo::PreparedPlot*> neighbours;
    for (const auto& [number, standing] : standing_.plots()) {
      if (!IsSound(standing.boundary, tolerances_)) continue;
      neighbours.push_back(&prepared.emplace_back(number, &standing.boundary));
    }
    const geo::PreparedPlot plot(plot_, &before_);
    const auto suggestion = geo::SuggestSnap(plot, neighbours, tolerances_);
    if (!suggestion.ok()) return suggestion.status();
    if (!suggestion->steps.empty()) Write(*suggestion, out);
    return absl::OkStatus();
  }

 private:
  void Write(const geo::SnapSuggestion& suggestion, v1::BoundarySuggestion* out) const {
    for (const geo::SnapStep& step : suggestion.steps) {
      v1::SnapStep& written = *out->add_steps();
      if (step.before) WritePoint(*step.before, written.mutable_before());
      WritePoint(step.after, written.mutable_after());
      written.set_neighbour(step.neighbour);
      written.set_neighbour_code(standing_.CodeOf(step.neighbour));
      written.set_distance_m(fmt::format("{:.4f}", step.distance_mm / 1'000));
    }
    out->mutable_boundary()->set_compact(geo::EncodeCompact(suggestion.boundary));
    out->set_area_after_m2(AreaM2(suggestion.boundary));
    out->set_token(TokenOf(suite_, out->boundary().compact()));
    for (const geo::Finding& finding : suggestion.errors) {
      *out->add_findings() = FindingRecord(finding, [this](std::uint64_t number) {
        return common::FindingPlot{standing_.CodeOf(number)};
      });
    }
  }

  const storage::Suite& suite_;
  const geo::Tolerances& tolerances_;
  std::uint64_t plot_;
  geo::Boundary before_;
  StandingPlots standing_;
};

}  // namespace

Outcome<v1::BoundarySuggestion> SuggestBoundary(const Book& book, const common::CallContext& call,
                                                const v1::SuggestBoundaryRequest& request) {
  auto reader = OpenReader(book, call, {});
  if (!reader.ok()) return std::move(reader.refusals());
  const auto plot =
      Found(*reader, reader->FindPlot(request.plot(), v1::BOUNDARY_FORMAT_NONE), "plot",
            {fmt::format("plot \"{}\"", request.plot()), fmt::format("宗地“{}”", request.plot())});
  if (!plot.ok()) return plot.refusals();

  const EngineView view(&book.engine());
  const VersionReader state(&view, book.number(), reader->as_of());
  const auto stored = BoundaryOf(state, plot->number());
  if (!view.status().ok()) return common::RefusalFromEngine(view.status());
  if (!stored) return Ended(request.plot());
  const geo::Tolerances tolerances = book.writer().policy()->TolerancesFor(plot->kind());
  v1::BoundarySuggestion response;
  response.set_plot(plot->number());
  response.set_code(plot->code());
  response.set_etag(plot->etag());
  response.set_sequence(reader->as_of());
  absl::Status status =
      Suggester(book.suite(), state, tolerances, plot->number(), *stored).Suggest(&response);
  status.Update(view.status());
  if (!status.ok()) return common::RefusalFromEngine(status);
  return Answered(*reader, std::move(response));
}

}  // namespace landbook::registry
