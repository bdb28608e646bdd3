// plot get, find, history, lineage.
#include <fmt/format.h>

#include <memory>
#include <string>

#include "tools/landbook/command.h"
#include "tools/landbook/plane_input.h"
#include "tools/landbook/plot_pages.h"

namespace landbook::tools {
namespace {

struct PlotOptions {
  std::string plot;
  std::string as_of;
  v1::BoundaryFormat boundary = v1::BOUNDARY_FORMAT_NONE;
  std::string box;
  std::string point;
  std::string holder;
  std::string crs;
};

Table PlotTable() {
  return Table({"number", "code", "kind", "state", "m2", "mu", "location", "entry"});
}

void AddPlot(Table& table, const v1::Plot& plot) {
  table.Add({fmt::to_string(plot.number()), plot.code(), plot.kind(),
             plot.state() == v1::RECORD_STATE_LIVE ? "live" : "ended", plot.recorded_area_m2(),
             plot.recorded_area_mu(), plot.location(), plot.etag()});
}

template <typename Plots>
Table TableOf(const Plots& plots) {
  Table table = PlotTable();
  for (const v1::Plot& plot : plots) AddPlot(table, plot);
  return table;
}

void AddBoundaryOption(CLI::App& verb, PlotOptions& options) {
  const std::map<std::string, v1::BoundaryFormat> formats{{"none", v1::BOUNDARY_FORMAT_NONE},
                                                          {"compact", v1::BOUNDARY_FORMAT_COMPACT},
                                                          {"wkb", v1::BOUNDARY_FORMAT_WKB},
                                                          {"geojson", v1::BOUNDARY_FORMAT_GEOJSON}};
  verb.add_option("--boundary", options.boundary, "how boundaries are written")
      ->transform(CLI::CheckedTransformer(formats))
      ->option_text("none|compact|wkb|geojson");
}

absl::Status Get(const Command& command, Session& session, const PlotOptions& options) {
  v1::GetPlotRequest request;
  request.set_county(session.settings().county);
  request.set_plot(options.plot);
  *request.mutable_read() = ReadAsOf(options.as_of);
  request.set_boundary_format(options.boundary);
  const auto plot = session.Call(&Session::Registry::GetPlot, request);
  if (!plot.ok()) return plot.status();
  command.Answer(*plot);
  return absl::OkStatus();
}

absl::Status History(const Command& command, Session& session, const PlotOptions& options) {
  v1::GetPlotHistoryRequest request;
  request.set_county(session.settings().county);
  request.set_plot(options.plot);
  request.set_boundary_format(options.boundary);
  *request.mutable_read() = ReadAsOf(options.as_of);
  const auto history = session.Call(&Session::Registry::GetPlotHistory, request);
  if (!history.ok()) return history.status();
  command.Answer(*history, TableOf(history->versions()));
  return absl::OkStatus();
}

absl::Status Lineage(const Command& command, Session& session, const PlotOptions& options) {
  v1::GetPlotLineageRequest request;
  request.set_county(session.settings().county);
  request.set_plot(options.plot);
  *request.mutable_read() = ReadAsOf(options.as_of);
  const auto lineage = session.Call(&Session::Registry::GetPlotLineage, request);
  if (!lineage.ok()) return lineage.status();
  Table table({"", "number", "code", "kind", "m2"});
  for (const v1::Plot& plot : lineage->ancestors()) {
    table.Add({"made from", fmt::to_string(plot.number()), plot.code(), plot.kind(),
               plot.recorded_area_m2()});
  }
  for (const v1::Plot& plot : lineage->descendants()) {
    table.Add({"made into", fmt::to_string(plot.number()), plot.code(), plot.kind(),
               plot.recorded_area_m2()});
  }
  command.Answer(*lineage, table);
  return absl::OkStatus();
}

absl::Status FindByHolder(const Command& command, Session& session, const PlotOptions& options) {
  const absl::StatusOr<std::uint64_t> holder = NumberFrom(options.holder, "a holder");
  if (!holder.ok()) return holder.status();
  v1::ListPlotsRequest request;
  request.set_county(session.settings().county);
  request.set_holder(*holder);
  *request.mutable_read() = ReadAsOf(options.as_of);
  request.set_boundary_format(options.boundary);
  const auto plots = session.CallAllPages(&Session::Registry::ListPlots, request);
  if (!plots.ok()) return plots.status();
  command.Answer(*plots, TableOf(plots->plots()));
  return absl::OkStatus();
}

absl::Status FindAtPoint(const Command& command, Session& session, const PlotOptions& options) {
  const absl::StatusOr<v1::County> county = CountyOf(session);
  if (!county.ok()) return county.status();
  const auto point = ParsePoint(options.point, {options.crs, static_cast<int>(county->epsg())});
  if (!point.ok()) return point.status();
  v1::LocatePlotsRequest request;
  request.set_county(session.settings().county);
  request.mutable_point()->set_x(point->x);
  request.mutable_point()->set_y(point->y);
  *request.mutable_read() = ReadAsOf(options.as_of);
  request.set_boundary_format(options.boundary);
  const auto plots = session.Call(&Session::Registry::LocatePlots, request);
  if (!plots.ok()) return plots.status();
  command.Answer(*plots, TableOf(plots->plots()));
  return absl::OkStatus();
}

absl::Status FindInBox(const Command& command, Session& session, const PlotOptions& options) {
  const absl::StatusOr<v1::County> county = CountyOf(session);
  if (!county.ok()) return county.status();
  const auto box = ParseBox(options.box, {options.crs, static_cast<int>(county->epsg())});
  if (!box.ok()) return box.status();
  v1::FindPlotsRequest request;
  request.set_county(session.settings().county);
  request.mutable_window()->set_min_x(box->min_x);
  request.mutable_window()->set_min_y(box->min_y);
  request.mutable_window()->set_max_x(box->max_x);
  request.mutable_window()->set_max_y(box->max_y);
  *request.mutable_read() = ReadAsOf(options.as_of);
  const auto plots = PlotsOfWindow(session, request, options.boundary);
  if (!plots.ok()) return plots.status();
  command.Answer(*plots, TableOf(plots->plots()));
  return absl::OkStatus();
}

absl::Status Find(const Command& command, Session& session, const PlotOptions& options) {
  if (!options.box.empty()) return FindInBox(command, session, options);
  if (!options.point.empty()) return FindAtPoint(command, session, options);
  return FindByHolder(command, session, options);
}

using PlotVerb = absl::Status (*)(const Command&, Session&, const PlotOptions&);

void AddReading(CLI::App& plot, Command& command, const char* name, const char* description,
                PlotVerb run) {
  auto options = std::make_shared<PlotOptions>();
  CLI::App* verb = plot.add_subcommand(name, description);
  verb->add_option("CODE", options->plot, "the plot's number or any code it has or had")
      ->required();
  if (run != History) {
    verb->add_option("--as-of", options->as_of, "a recorded time, RFC 3339, or an entry's number");
  }
  if (run != Lineage) AddBoundaryOption(*verb, *options);
  verb->callback([options, run, &command] {
    command.RunInCounty(
        [options, run, &command](Session& session) { return run(command, session, *options); });
  });
}

void AddFind(CLI::App& plot, Command& command) {
  auto options = std::make_shared<PlotOptions>();
  CLI::App* verb = plot.add_subcommand("find", "plots in a box, at a point or of a holder");
  CLI::Option_group* where = verb->add_option_group("where");
  where->add_option("--bbox", options->box, "X0,Y0,X1,Y1: plots whose box meets this one");
  where->add_option("--at", options->point, "X,Y: plots that this point lies in or on");
  where->add_option("--holder", options->holder, "a party's number: plots it holds a right in");
  where->require_option(1);
  verb->add_option("--crs", options->crs, "EPSG:N of the numbers; the book's plane if not given");
  verb->add_option("--as-of", options->as_of, "a recorded time, RFC 3339, or an entry's number");
  AddBoundaryOption(*verb, *options);
  verb->callback([options, &command] {
    command.RunInCounty(
        [options, &command](Session& session) { return Find(command, session, *options); });
  });
}

}  // namespace

void AddPlotVerbs(CLI::App& app, Command& command) {
  CLI::App* plot = app.add_subcommand("plot", "plots of a book");
  plot->require_subcommand(1);
  AddReading(*plot, command, "get", "a plot as it stands, or stood", Get);
  AddFind(*plot, command);
  AddReading(*plot, command, "history", "every version of a plot, oldest first", History);
  AddReading(*plot, command, "lineage", "what a plot was made from and into", Lineage);
  AddPlotMapVerb(*plot, command);
  AddPlotChangeVerbs(*plot, command);
}

}  // namespace landbook::tools
