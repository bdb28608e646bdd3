// plot split, plot merge.
#include <fmt/format.h>

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "tools/landbook/command.h"
#include "tools/landbook/commit.h"
#include "tools/landbook/request_id.h"
#include "tools/landbook/row_converter.h"

namespace landbook::tools {
namespace {

struct ChangeOptions {
  std::string plot;
  std::vector<std::string> plots;
  SourceFlags parts;
  std::string merged_code;
  std::string document_number;
  std::string legal_basis;
  std::string request_id;
  bool explain = false;
};

absl::StatusOr<v1::Plot> PlotAsSeen(Session& session, const std::string& plot) {
  v1::GetPlotRequest request;
  request.set_county(session.settings().county);
  request.set_plot(plot);
  request.set_boundary_format(v1::BOUNDARY_FORMAT_NONE);
  return session.Call(&Session::Registry::GetPlot, request);
}

v1::CommitRequest CommitOf(const Session& session, const ChangeOptions& options) {
  v1::CommitRequest request;
  request.set_county(session.settings().county);
  request.set_validate_only(options.explain);
  v1::Commit& commit = *request.mutable_commit();
  commit.set_request_id(options.request_id.empty() ? NewRequestId() : options.request_id);
  commit.set_document_number(options.document_number);
  commit.set_legal_basis(options.legal_basis);
  return request;
}

// The part that a row draws. A part that cannot be drawn as it came is refused here: nothing of a
// split may be left out in silence.
absl::StatusOr<v1::NewPlot> PartOf(const v1::ImportRow& row, const v1::Plot& whole) {
  for (const v1::Finding& finding : row.findings()) {
    if (finding.severity() != v1::SEVERITY_ERROR) continue;
    return absl::InvalidArgumentError(fmt::format("row {} of the parts: {}: {}", row.row(),
                                                  finding.rule(), finding.message_en()));
  }
  v1::NewPlot part;
  part.set_code(row.code());
  part.set_kind(whole.kind());
  part.set_division(whole.division());
  part.mutable_boundary()->set_compact(row.boundary());
  part.set_stated_area_m2(row.stated_area_m2());
  part.set_land_use(row.land_use().empty() ? whole.land_use() : row.land_use());
  part.set_location(row.location().empty() ? whole.location() : row.location());
  *part.mutable_attributes() = row.attributes();
  return part;
}

absl::Status ReadParts(LayerSource& source, RowConverter& converter, const v1::Plot& whole,
                       v1::SplitPlot& split) {
  while (true) {
    absl::StatusOr<std::optional<geo::Row>> row = source.reader->Next();
    if (!row.ok()) return row.status();
    if (!row->has_value()) return absl::OkStatus();
    absl::StatusOr<v1::NewPlot> part = PartOf(converter.Convert(**std::move(row)).row, whole);
    if (!part.ok()) return part.status();
    *split.add_parts() = *std::move(part);
  }
}

absl::Status Split(const Command& command, Session& session, const ChangeOptions& options) {
  const absl::StatusOr<v1::County> county = CountyOf(session);
  if (!county.ok()) return county.status();
  const absl::StatusOr<v1::Plot> whole = PlotAsSeen(session, options.plot);
  if (!whole.ok()) return whole.status();
  SourceFlags flags = options.parts;
  flags.kind = whole->kind();
  if (flags.code_field.empty()) flags.allocate_division = whole->division();
  absl::StatusOr<LayerSource> source = OpenLayerSource(flags);
  if (!source.ok()) return source.status();
  absl::StatusOr<RowConverter> converter =
      RowConverter::Make(*source, static_cast<int>(county->epsg()));
  if (!converter.ok()) return converter.status();
  v1::CommitRequest request = CommitOf(session, options);
  v1::SplitPlot& split = *request.mutable_commit()->add_acts()->mutable_split_plot();
  split.mutable_plot()->set_number(whole->number());
  split.set_etag(whole->etag());
  const absl::Status read = ReadParts(*source, *converter, *whole, split);
  if (!read.ok()) return read;
  return SendCommit(command, session, request);
}

absl::Status Merge(const Command& command, Session& session, const ChangeOptions& options) {
  v1::CommitRequest request = CommitOf(session, options);
  v1::MergePlots& merge = *request.mutable_commit()->add_acts()->mutable_merge_plots();
  merge.set_code(options.merged_code);
  for (const std::string& code : options.plots) {
    const absl::StatusOr<v1::Plot> plot = PlotAsSeen(session, code);
    if (!plot.ok()) return plot.status();
    v1::PlotVersion& version = *merge.add_plots();
    version.mutable_plot()->set_number(plot->number());
    version.set_etag(plot->etag());
  }
  return SendCommit(command, session, request);
}

void AddCommitOptions(CLI::App& verb, ChangeOptions& options) {
  verb.add_option("--document", options.document_number,
                  "the number of the document that instructs it")
      ->required();
  verb.add_option("--basis", options.legal_basis, "the legal basis");
  verb.add_option("--request-id", options.request_id, "sent again, it gives the same answer");
  verb.add_flag("--explain", options.explain, "say what would happen and change nothing");
}

}  // namespace

void AddPlotChangeVerbs(CLI::App& plot, Command& command) {
  auto split_options = std::make_shared<ChangeOptions>();
  CLI::App* split = plot.add_subcommand("split", "divide a plot into the polygons of a layer");
  split->add_option("CODE", split_options->plot, "the plot's number or code")->required();
  split->add_option("PARTS", split_options->parts.path, "a layer with one polygon a part")
      ->required();
  split->add_option("--layer", split_options->parts.layer, "the layer, where there are several");
  split->add_option("--code-field", split_options->parts.code_field,
                    "the column that holds the parts' codes; the book allocates them if not given");
  split->add_option("--source-crs", split_options->parts.source_crs, "EPSG:N of the coordinates");
  AddCommitOptions(*split, *split_options);
  split->callback([split_options, &command] {
    command.RunInCounty([split_options, &command](Session& session) {
      return Split(command, session, *split_options);
    });
  });

  auto merge_options = std::make_shared<ChangeOptions>();
  CLI::App* merge = plot.add_subcommand("merge", "join plots that touch along an edge");
  merge->add_option("CODES", merge_options->plots, "the plots' numbers or codes")
      ->required()
      ->expected(2, 1'000);
  merge->add_option("--code", merge_options->merged_code,
                    "the merged plot's code; the book allocates one if not given");
  AddCommitOptions(*merge, *merge_options);
  merge->callback([merge_options, &command] {
    command.RunInCounty([merge_options, &command](Session& session) {
      return Merge(command, session, *merge_options);
    });
  });
}

}  // namespace landbook::tools
