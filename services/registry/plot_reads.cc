#include "services/registry/plot_reads.h"

#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

#include "fmt/format.h"
#include "services/registry/book_reader.h"
#include "services/registry/record_reads.h"

namespace landbook::registry {
namespace {

using common::CallContext;
using common::Outcome;
using common::Reason;
using common::Sentence;

Sentence PlotNamed(const std::string& text) {
  return {fmt::format("plot \"{}\"", text), fmt::format("宗地“{}”", text)};
}

// The number of the plot that is named; refused when the book has none.
Outcome<std::uint64_t> PlotNumber(BookReader* reader, const std::string& plot) {
  return NumberNamed(reader, v1::RECORD_KIND_PLOT, plot, "plot", PlotNamed(plot));
}

// The plots in which a party holds rights that stand, by number.
std::vector<std::uint64_t> PlotsOfHolder(BookReader* reader, std::uint64_t holder) {
  std::vector<std::uint64_t> units;
  const auto rights = reader->LinkedOfAll(Table::kRightsOfHolder, {holder});
  for (const auto& right : reader->FindAll<v1::Right>(rights)) {
    if (right && right->state() == v1::RECORD_STATE_LIVE) units.push_back(right->unit());
  }
  std::vector<std::uint64_t> plots;
  for (const auto& unit : reader->FindAll<v1::Unit>(units)) {
    if (unit) plots.push_back(unit->plot());
  }
  std::sort(plots.begin(), plots.end());
  plots.erase(std::unique(plots.begin(), plots.end()), plots.end());
  return plots;
}

}  // namespace

Outcome<v1::Plot> GetPlot(const Book& book, const CallContext& call,
                          const v1::GetPlotRequest& request) {
  auto reader = OpenReader(book, call, request.read());
  if (!reader.ok()) return std::move(reader.refusals());
  return Found(*reader, reader->FindPlot(request.plot(), request.boundary_format()), "plot",
               PlotNamed(request.plot()));
}

Outcome<v1::BatchGetPlotsResponse> BatchGetPlots(const Book& book, const CallContext& call,
                                                 const v1::BatchGetPlotsRequest& request) {
  if (auto refusal = CheckBatchSize(request.plots_size(), "plots")) return *std::move(refusal);
  auto reader = OpenReader(book, call, request.read());
  if (!reader.ok()) return std::move(reader.refusals());
  std::vector<std::uint64_t> numbers;
  for (const std::string& plot : request.plots()) {
    // No plot has the number 0, so what names nothing is missed below with the rest.
    numbers.push_back(reader->NumberOf(v1::RECORD_KIND_PLOT, plot).value_or(0));
  }
  auto plots = reader->FindPlots(numbers, request.boundary_format());
  if (!reader->status().ok()) return common::RefusalFromEngine(reader->status());
  v1::BatchGetPlotsResponse response;
  for (int i = 0; i < request.plots_size(); ++i) {
    auto& plot = plots[static_cast<std::size_t>(i)];
    if (!plot) {
      return NotFound(*reader, fmt::format("plots[{}]", i), PlotNamed(request.plots(i)));
    }
    *response.add_plots() = *std::move(plot);
  }
  return response;
}

Outcome<v1::ListPlotsResponse> ListPlots(const Book& book, const CallContext& call,
                                         const v1::ListPlotsRequest& request) {
  auto paging = ReadPaging(request);
  if (!paging.ok()) return std::move(paging.refusals());
  auto reader = OpenReader(book, call, request.read(), *paging);
  if (!reader.ok()) return std::move(reader.refusals());
  std::optional<std::vector<std::uint64_t>> chosen;
  if (request.holder() != 0) {
    chosen = PlotsOfHolder(&*reader, request.holder());
  } else if (!request.division().empty()) {
    chosen = reader->NumbersOfCodes(v1::RECORD_KIND_PLOT, request.division());
  }
  auto page = FillPage<v1::Plot>(
      *reader, *paging,
      [&](const NumberRange& range) {
        return chosen ? PageOf(*chosen, range) : reader->Numbers(v1::RECORD_KIND_PLOT, range);
      },
      [&](const std::vector<std::uint64_t>& numbers) {
        return reader->FindPlots(numbers, request.boundary_format());
      },
      [&](const v1::Plot& plot) { return plot.division().starts_with(request.division()); });
  return ListAnswer<v1::ListPlotsResponse>(
      *reader, request, std::move(page),
      [](v1::ListPlotsResponse& response) { return response.mutable_plots(); });
}

Outcome<v1::LocatePlotsResponse> LocatePlots(const Book& book, const CallContext& call,
                                             const v1::LocatePlotsRequest& request) {
  if (!request.has_point()) {
    return common::Refuse(Reason::FIELD_REQUIRED, "point",
                          {"A point of the book's plane is wanted, in steps of 0.1 mm.",
                           "须给出登簿平面上的一点，单位为 0.1 毫米。"});
  }
  auto reader = OpenReader(book, call, request.read());
  if (!reader.ok()) return std::move(reader.refusals());
  v1::LocatePlotsResponse response;
  const geo::Vertex point{request.point().x(), request.point().y()};
  for (v1::Plot& plot : reader->Locate(point, request.boundary_format())) {
    *response.add_plots() = std::move(plot);
  }
  return Answered(*reader, std::move(response));
}

Outcome<v1::GetPlotHistoryResponse> GetPlotHistory(const Book& book, const CallContext& call,
                                                   const v1::GetPlotHistoryRequest& request) {
  auto reader = OpenReader(book, call, request.read());
  if (!reader.ok()) return std::move(reader.refusals());
  const auto number = PlotNumber(&*reader, request.plot());
  if (!number.ok()) return number.refusals();
  v1::GetPlotHistoryResponse response;
  for (v1::Plot& plot : reader->PlotHistory(*number, request.boundary_format())) {
    *response.add_versions() = std::move(plot);
  }
  return Answered(*reader, std::move(response));
}

Outcome<v1::GetPlotLineageResponse> GetPlotLineage(const Book& book, const CallContext& call,
                                                   const v1::GetPlotLineageRequest& request) {
  auto reader = OpenReader(book, call, request.read());
  if (!reader.ok()) return std::move(reader.refusals());
  const auto number = PlotNumber(&*reader, request.plot());
  if (!number.ok()) return number.refusals();
  Lineage lineage = reader->LineageOf(*number);
  if (!lineage.complete) {
    return common::Refuse(
        Reason::MESSAGE_TOO_LARGE, "plot",
        {fmt::format(
             "The lineage has more than {} plots on one side. Ask for a plot nearer to what "
             "you look for.",
             BookReader::kLineageMax),
         fmt::format("该宗地的来龙去脉单侧超过 {} 宗，请查询更接近目标的宗地。",
                     BookReader::kLineageMax)});
  }
  v1::GetPlotLineageResponse response;
  for (v1::Plot& plot : lineage.ancestors) *response.add_ancestors() = std::move(plot);
  for (v1::Plot& plot : lineage.descendants) *response.add_descendants() = std::move(plot);
  return Answered(*reader, std::move(response));
}

Outcome<v1::Unit> GetUnit(const Book& book, const CallContext& call,
                          const v1::GetUnitRequest& request) {
  auto reader = OpenReader(book, call, request.read());
  if (!reader.ok()) return std::move(reader.refusals());
  const auto number = reader->NumberOf(v1::RECORD_KIND_UNIT, request.unit());
  return Found(
      *reader, number ? FindVisible<v1::Unit>(call, &*reader, *number) : std::nullopt, "unit",
      {fmt::format("unit \"{}\"", request.unit()), fmt::format("不动产单元“{}”", request.unit())});
}

Outcome<v1::ListUnitsResponse> ListUnits(const Book& book, const CallContext& call,
                                         const v1::ListUnitsRequest& request) {
  auto paging = ReadPaging(request);
  if (!paging.ok()) return std::move(paging.refusals());
  auto reader = OpenReader(book, call, request.read(), *paging);
  if (!reader.ok()) return std::move(reader.refusals());
  const auto plot = PlotNumber(&*reader, request.plot());
  if (!plot.ok()) return plot.refusals();
  auto page = FillPage<v1::Unit>(
      &*reader, *paging,
      [&](const NumberRange& range) { return reader->Linked(Table::kUnitsOfPlot, *plot, range); },
      [](const v1::Unit&) { return true; });
  return ListAnswer<v1::ListUnitsResponse>(
      *reader, request, std::move(page),
      [](v1::ListUnitsResponse& response) { return response.mutable_units(); });
}

namespace {

// The pages of one window, and what they are read from.
class FindPlotsSource {
 public:
  FindPlotsSource(std::shared_ptr<const Book> book, BookReader reader, const geo::Box& window,
                  std::optional<std::uint8_t> tier)
      : book_(std::move(book)), reader_(std::move(reader)), cursor_(&reader_, window, tier) {}
  FindPlotsSource(const FindPlotsSource&) = delete;
  FindPlotsSource& operator=(const FindPlotsSource&) = delete;

  Outcome<common::PageStep> Next(v1::FindPlotsResponse& page) {
    const bool filled = cursor_.Next(&page);
    return Answered(reader_, filled ? common::PageStep::kPage : common::PageStep::kEnd);
  }

 private:
  const std::shared_ptr<const Book> book_;
  BookReader reader_;
  WindowCursor cursor_;
};

Outcome<geo::Box> CheckedWindow(const v1::FindPlotsRequest& request) {
  const v1::Window& window = request.window();
  if (!request.has_window()) {
    return common::Refuse(Reason::FIELD_REQUIRED, "window",
                          {"A window on the book's plane is wanted, in steps of 0.1 mm.",
                           "须给出登簿平面上的范围，单位为 0.1 毫米。"});
  }
  if (window.min_x() > window.max_x() || window.min_y() > window.max_y()) {
    return common::Refuse(Reason::VALUE_OUT_OF_RANGE, "window",
                          {"The window's least corner lies beyond its greatest. Exchange them.",
                           "范围的最小角点大于最大角点，请对调。"});
  }
  return geo::Box{window.min_x(), window.min_y(), window.max_x(), window.max_y()};
}

Outcome<std::optional<std::uint8_t>> CheckedTier(const Book& book, const std::string& code) {
  if (code.empty()) return std::optional<std::uint8_t>();
  const auto policy = book.writer().policy();
  if (const v1::Tier* tier = policy->TierNamed(code)) {
    return std::optional<std::uint8_t>(static_cast<std::uint8_t>(tier->number()));
  }
  return common::Refuse(
      Reason::VALUE_OUT_OF_RANGE, "tier",
      {fmt::format("The pack {} has no tier \"{}\". Leave it empty for all tiers.", policy->code(),
                   code),
       fmt::format("政策包 {} 没有层“{}”；留空表示全部层。", policy->code(), code)});
}

}  // namespace

Outcome<common::PageSource<v1::FindPlotsResponse>> OpenFindPlots(
    std::shared_ptr<const Book> book, const CallContext& call,
    const v1::FindPlotsRequest& request) {
  const auto window = CheckedWindow(request);
  if (!window.ok()) return window.refusals();
  const auto tier = CheckedTier(*book, request.tier());
  if (!tier.ok()) return tier.refusals();
  auto reader = OpenReader(*book, call, request.read());
  if (!reader.ok()) return std::move(reader.refusals());
  auto source =
      std::make_shared<FindPlotsSource>(std::move(book), std::move(*reader), *window, *tier);
  return common::PageSource<v1::FindPlotsResponse>(
      [source](v1::FindPlotsResponse& page) { return source->Next(page); });
}

}  // namespace landbook::registry
