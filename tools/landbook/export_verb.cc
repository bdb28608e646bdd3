// export: a book's plots as a layer.
#include <fmt/format.h>

#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <ostream>
#include <string>
#include <utility>

#include "geo/compact.h"
#include "geo/formats/layer_writer.h"
#include "geo/projection.h"
#include "tools/landbook/command.h"
#include "tools/landbook/export_columns.h"
#include "tools/landbook/layer_source.h"
#include "tools/landbook/package_export.h"
#include "tools/landbook/progress_bar.h"

namespace landbook::tools {
namespace {

constexpr std::uint32_t kPageSize = 1'000;
constexpr int kCgcs2000Epsg = 4490;

struct ExportOptions {
  std::string path;
  std::string kind;
  std::optional<geo::LayerFormat> format;
  std::string encoding;
  std::string as_of;
  Layout layout = Layout::kPlain;
  int year = 0;
};

absl::StatusOr<geo::LayerFormat> FormatOf(const ExportOptions& options) {
  if (options.format) return *options.format;
  const std::string extension = std::filesystem::path(options.path).extension().string();
  if (extension == ".shp") return geo::LayerFormat::kShapefile;
  if (extension == ".gpkg") return geo::LayerFormat::kGeoPackage;
  if (extension == ".geojson" || extension == ".json") return geo::LayerFormat::kGeoJson;
  if (extension == ".fgb") return geo::LayerFormat::kFlatGeobuf;
  return UsageError(fmt::format(
      "'{}' does not say which format: give --format shp, gpkg, geojson or fgb", options.path));
}

// Calls `visit` with every plot that stands, of the kind that is wanted, by number.
absl::Status ForEachPlot(Session& session, v1::ListPlotsRequest request, const std::string& kind,
                         const std::function<absl::Status(const v1::Plot&)>& visit) {
  request.set_page_size(kPageSize);
  do {
    const auto page = session.Call(&Session::Registry::ListPlots, request);
    if (!page.ok()) return page.status();
    for (const v1::Plot& plot : page->plots()) {
      if (plot.state() != v1::RECORD_STATE_LIVE) continue;
      if (!kind.empty() && plot.kind() != kind) continue;
      const absl::Status visited = visit(plot);
      if (!visited.ok()) return visited;
    }
    request.set_page_token(page->next_page_token());
  } while (!request.page_token().empty());
  return absl::OkStatus();
}

// How boundaries leave the plane: GeoJSON is read as degrees everywhere, and 15 decimals of
// CGCS2000 come back on the same grid points; planes of other datums, and the other formats, keep
// metres.
struct OutgoingPlane {
  int epsg = 0;
  std::optional<geo::Transformation> to_degrees;
};

OutgoingPlane OutgoingPlaneOf(geo::LayerFormat format, int plane_epsg) {
  OutgoingPlane outgoing{plane_epsg, std::nullopt};
  if (format != geo::LayerFormat::kGeoJson) return outgoing;
  auto transformation = geo::Transformation::Make(fmt::format("EPSG:{}", kCgcs2000Epsg),
                                                  fmt::format("EPSG:{}", plane_epsg));
  if (!transformation.ok()) return outgoing;
  outgoing.epsg = kCgcs2000Epsg;
  outgoing.to_degrees = *std::move(transformation);
  return outgoing;
}

absl::Status WritePlot(const v1::Plot& plot, const ExportColumns& columns,
                       const OutgoingPlane& outgoing, geo::LayerWriter& writer) {
  const auto boundary = geo::DecodeCompact(plot.boundary().compact());
  if (!boundary.ok()) {
    return absl::DataLossError(fmt::format("the boundary of plot {} cannot be read: {}",
                                           plot.code(), std::string(boundary.status().message())));
  }
  geo::RawBoundary raw = geo::RawOf(*boundary);
  if (outgoing.to_degrees) outgoing.to_degrees->FromPlane(raw);
  return writer.AddPolygon(raw, columns.ValuesOf(plot));
}

absl::Status ExportAsPackage(const Command& command, Session& session,
                             const ExportOptions& options) {
  if (!options.kind.empty()) {
    return UsageError("a package holds the plots of every kind: leave --kind out");
  }
  if (options.format == geo::LayerFormat::kFlatGeobuf) {
    return UsageError("a FlatGeobuf holds no tables: give --format shp, gpkg or geojson");
  }
  return ExportPackage(command, session,
                       {{options.path, options.format.value_or(geo::LayerFormat::kShapefile),
                         options.encoding, options.year},
                        options.as_of});
}

absl::Status Export(const Command& command, Session& session, const ExportOptions& options) {
  if (options.layout == Layout::kNyt2539) return ExportAsPackage(command, session, options);
  const absl::StatusOr<geo::LayerFormat> format = FormatOf(options);
  if (!format.ok()) return format.status();
  const absl::StatusOr<v1::County> county = CountyOf(session);
  if (!county.ok()) return county.status();
  v1::ListPlotsRequest request;
  request.set_county(county->code());
  // Both passes and all their pages are of one entry.
  if (options.as_of.empty()) {
    request.mutable_read()->set_sequence(county->sequence());
  } else {
    *request.mutable_read() = ReadAsOf(options.as_of);
  }

  ProgressBar progress(command.err, command.err_is_terminal);
  std::uint32_t plot_count = 0;
  ExportColumns columns(options.kind.empty());
  progress.Begin("reading");
  request.set_boundary_format(v1::BOUNDARY_FORMAT_NONE);
  absl::Status status =
      ForEachPlot(session, request, options.kind, [&](const v1::Plot& plot) -> absl::Status {
        columns.Note(plot);
        progress.Show(++plot_count, 0);
        return absl::OkStatus();
      });
  if (!status.ok()) return status;
  for (const std::string& sentence : columns.Settle()) command.err << sentence << "\n";

  const OutgoingPlane outgoing = OutgoingPlaneOf(*format, static_cast<int>(county->epsg()));
  geo::WriterOptions writing;
  writing.format = *format;
  writing.layer = "plots";
  writing.epsg = outgoing.epsg;
  writing.encoding = options.encoding;
  writing.fields = columns.Fields();
  auto writer = geo::LayerWriter::Create(options.path, writing);
  if (!writer.ok()) return writer.status();
  progress.Begin("writing");
  std::uint32_t written = 0;
  request.set_boundary_format(v1::BOUNDARY_FORMAT_COMPACT);
  status = ForEachPlot(session, request, options.kind, [&](const v1::Plot& plot) {
    progress.Show(++written, plot_count);
    return WritePlot(plot, columns, outgoing, **writer);
  });
  if (status.ok()) status = (*writer)->Close();
  if (!status.ok()) return status;
  if (command.json()) {
    command.out << fmt::format("{{\"plots\":{}}}\n", written);
  } else {
    command.out << fmt::format("{} plots written to {}\n", written, options.path);
  }
  return absl::OkStatus();
}

}  // namespace

void AddExportVerb(CLI::App& app, Command& command) {
  auto options = std::make_shared<ExportOptions>();
  CLI::App* verb = app.add_subcommand("export", "write a book's plots as a layer");
  verb->add_option("PATH", options->path, "the file to write, or the folder of a package")
      ->required();
  auto format = std::make_shared<geo::LayerFormat>(geo::LayerFormat::kGeoPackage);
  const std::map<std::string, geo::LayerFormat> formats{{"shp", geo::LayerFormat::kShapefile},
                                                        {"gpkg", geo::LayerFormat::kGeoPackage},
                                                        {"geojson", geo::LayerFormat::kGeoJson},
                                                        {"fgb", geo::LayerFormat::kFlatGeobuf}};
  CLI::Option* chosen = verb->add_option("--format", *format, "in place of the file's ending");
  chosen->transform(CLI::CheckedTransformer(formats))->option_text("shp|gpkg|geojson|fgb");
  const std::map<std::string, Layout> layouts{{"nyt2539", Layout::kNyt2539},
                                              {"plain", Layout::kPlain}};
  verb->add_option("--layout", options->layout,
                   "plain, a layer of plots; nyt2539, an exchange package in the folder PATH")
      ->transform(CLI::CheckedTransformer(layouts))
      ->option_text("nyt2539|plain");
  verb->add_option("--year", options->year, "of a package, behind the names of its layers")
      ->check(CLI::Range(1949, 9999));
  verb->add_option("--kind", options->kind, "only plots of this kind");
  verb->add_option("--encoding", options->encoding,
                   "of a shapefile's text; UTF-8 if not given, GB18030 in a package");
  verb->add_option("--as-of", options->as_of, "a recorded time, RFC 3339, or an entry's number");
  verb->callback([options, format, chosen, &command] {
    if (chosen->count() > 0) options->format = *format;
    command.RunInCounty(
        [options, &command](Session& session) { return Export(command, session, *options); });
  });
}

}  // namespace landbook::tools
