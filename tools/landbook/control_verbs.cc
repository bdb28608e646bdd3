// control list, shapes: the versions of the control layers, and what they hold.
#include <fmt/format.h>

#include <map>
#include <memory>
#include <string>

#include "tools/landbook/command.h"

namespace landbook::tools {
namespace {

struct ControlOptions {
  std::string layer;
  std::string day;
  std::string as_of;
  v1::BoundaryFormat boundary = v1::BOUNDARY_FORMAT_NONE;
};

std::string StandingOf(const v1::ControlLayer& layer) {
  if (layer.state() != v1::CONTROL_LAYER_STATE_WHOLE) return "incomplete";
  return layer.in_force() ? "in force" : "not in force";
}

absl::Status List(const Command& command, Session& session, const ControlOptions& options) {
  v1::ListControlLayersRequest request;
  request.set_county(session.settings().county);
  request.set_layer(options.layer);
  request.set_day(options.day);
  *request.mutable_read() = ReadAsOf(options.as_of);
  const auto layers = session.CallAllPages(&Session::Registry::ListControlLayers, request);
  if (!layers.ok()) return layers.status();
  Table table(
      {"number", "layer", "version", "effective", "document", "shapes", "left out", "standing"});
  for (const v1::ControlLayer& layer : layers->layers()) {
    table.Add({fmt::to_string(layer.number()), layer.layer(), fmt::to_string(layer.version()),
               layer.effective_date(), layer.document_number(), fmt::to_string(layer.shapes()),
               fmt::to_string(layer.rows_left_out()), StandingOf(layer)});
  }
  command.Answer(*layers, table);
  return absl::OkStatus();
}

absl::Status Shapes(const Command& command, Session& session, const ControlOptions& options) {
  const absl::StatusOr<std::uint64_t> layer = NumberFrom(options.layer, "a control layer");
  if (!layer.ok()) return layer.status();
  v1::ListControlShapesRequest request;
  request.set_county(session.settings().county);
  request.set_layer(*layer);
  request.set_boundary_format(options.boundary);
  *request.mutable_read() = ReadAsOf(options.as_of);
  const auto shapes = session.CallAllPages(&Session::Registry::ListControlShapes, request);
  if (!shapes.ok()) return shapes.status();
  Table table({"number", "row", "code", "name", "zone", "boundary"});
  for (const v1::ControlShape& shape : shapes->shapes()) {
    table.Add({fmt::to_string(shape.number()), fmt::to_string(shape.row()), shape.code(),
               shape.title(), shape.zone(), shape.unsound() ? "faulty: its box" : "sound"});
  }
  command.Answer(*shapes, table);
  return absl::OkStatus();
}

void AddAsOf(CLI::App& verb, ControlOptions& options) {
  verb.add_option("--as-of", options.as_of, "a recorded time, RFC 3339, or an entry's number");
}

}  // namespace

void AddControlVerbs(CLI::App& app, Command& command) {
  CLI::App* control = app.add_subcommand("control", "the control layers of a book");
  control->require_subcommand(1);

  auto listed = std::make_shared<ControlOptions>();
  CLI::App* list = control->add_subcommand("list", "the versions of the layers");
  list->add_option("--layer", listed->layer, "only those of this layer");
  list->add_option("--day", listed->day, "the day for which it is told what is in force");
  AddAsOf(*list, *listed);
  list->callback([listed, &command] {
    command.RunInCounty(
        [listed, &command](Session& session) { return List(command, session, *listed); });
  });

  auto shown = std::make_shared<ControlOptions>();
  CLI::App* shapes = control->add_subcommand("shapes", "the shapes of a version");
  shapes->add_option("NUMBER", shown->layer, "the version's number")->required();
  const std::map<std::string, v1::BoundaryFormat> formats{{"none", v1::BOUNDARY_FORMAT_NONE},
                                                          {"compact", v1::BOUNDARY_FORMAT_COMPACT},
                                                          {"wkb", v1::BOUNDARY_FORMAT_WKB},
                                                          {"geojson", v1::BOUNDARY_FORMAT_GEOJSON}};
  shapes->add_option("--boundary", shown->boundary, "how boundaries are written")
      ->transform(CLI::CheckedTransformer(formats))
      ->option_text("none|compact|wkb|geojson");
  AddAsOf(*shapes, *shown);
  shapes->callback([shown, &command] {
    command.RunInCounty(
        [shown, &command](Session& session) { return Shapes(command, session, *shown); });
  });
}

}  // namespace landbook::tools
