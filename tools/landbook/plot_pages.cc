#include "tools/landbook/plot_pages.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

namespace landbook::tools {
namespace {

constexpr std::size_t kPlotsPerBatch = 1'000;

// A LEB128 varint from the front of `bytes`, which loses it.
std::optional<std::uint64_t> TakeVarint(std::string_view& bytes) {
  std::uint64_t value = 0;
  for (int shift = 0; shift < 64 && !bytes.empty(); shift += 7) {
    const auto byte = static_cast<unsigned char>(bytes.front());
    bytes.remove_prefix(1);
    value |= static_cast<std::uint64_t>(byte & 0x7F) << shift;
    if (byte < 0x80) return value;
  }
  return std::nullopt;
}

std::optional<PackedPlot> TakePlot(std::string_view& page) {
  PackedPlot plot;
  const auto number = TakeVarint(page);
  if (!number || page.empty()) return std::nullopt;
  plot.number = *number;
  plot.tier = static_cast<std::uint8_t>(page.front());
  page.remove_prefix(1);
  const auto length = TakeVarint(page);
  if (!length || *length > page.size()) return std::nullopt;
  plot.index_bytes = page.substr(0, *length);
  page.remove_prefix(*length);
  return plot;
}

struct WindowAnswer {
  std::vector<std::uint64_t> plots;
  std::uint64_t sequence = 0;
};

absl::StatusOr<WindowAnswer> ReadWindow(Session& session, const v1::FindPlotsRequest& request) {
  WindowAnswer answer;
  grpc::ClientContext context;
  session.Identify(context);
  auto pages = session.registry().FindPlots(&context, request);
  v1::FindPlotsResponse response;
  while (pages->Read(&response)) {
    const auto plots = UnpackPage(response.page());
    if (!plots.ok()) {
      context.TryCancel();
      pages->Finish();
      return plots.status();
    }
    for (const PackedPlot& plot : *plots) answer.plots.push_back(plot.number);
    answer.sequence = response.sequence();
  }
  const absl::Status outcome = session.Outcome(pages->Finish());
  if (!outcome.ok()) return outcome;
  return answer;
}

}  // namespace

absl::StatusOr<std::vector<PackedPlot>> UnpackPage(std::string_view page) {
  std::vector<PackedPlot> plots;
  while (!page.empty()) {
    const std::optional<PackedPlot> plot = TakePlot(page);
    if (!plot) {
      return absl::DataLossError(
          fmt::format("a page of plots breaks off after plot {} of it", plots.size()));
    }
    plots.push_back(*plot);
  }
  return plots;
}

absl::StatusOr<v1::BatchGetPlotsResponse> PlotsOfWindow(Session& session,
                                                        const v1::FindPlotsRequest& request,
                                                        v1::BoundaryFormat boundary_format) {
  const absl::StatusOr<WindowAnswer> window = ReadWindow(session, request);
  if (!window.ok()) return window.status();
  v1::BatchGetPlotsResponse all;
  for (std::size_t begin = 0; begin < window->plots.size(); begin += kPlotsPerBatch) {
    v1::BatchGetPlotsRequest batch;
    batch.set_county(request.county());
    batch.mutable_read()->set_sequence(window->sequence);
    batch.set_boundary_format(boundary_format);
    const std::size_t end = std::min(begin + kPlotsPerBatch, window->plots.size());
    for (std::size_t i = begin; i < end; ++i) batch.add_plots(fmt::to_string(window->plots[i]));
    const auto plots = session.Call(&Session::Registry::BatchGetPlots, batch);
    if (!plots.ok()) return plots.status();
    all.MergeFrom(*plots);
  }
  return all;
}

absl::StatusOr<std::uint64_t> SequenceOfWindow(Session& session,
                                               const v1::FindPlotsRequest& request) {
  const absl::StatusOr<WindowAnswer> window = ReadWindow(session, request);
  if (!window.ok()) return window.status();
  if (window->plots.empty()) return absl::NotFoundError("no plot meets the window");
  return window->sequence;
}

}  // namespace landbook::tools
