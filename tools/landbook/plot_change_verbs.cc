// plot split, merge, amend, snap: by an administrator's hand under a document, or as what an
// application applies for.
#include <fmt/format.h>

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <ostream>
#include <string>
#include <utility>
#include <vector>

#include "tools/landbook/case_answer.h"
#include "tools/landbook/command.h"
#include "tools/landbook/commit.h"
#include "tools/landbook/outcome.h"
#include "tools/landbook/request_id.h"
#include "tools/landbook/row_converter.h"
#include "tools/landbook/table.h"

namespace landbook::tools {
namespace {

struct ChangeOptions {
  std::string plot;
  std::vector<std::string> plots;
  SourceFlags parts;  // or the plot amended
  std::string merged_code;
  std::string accepted;  // the token of a suggestion
  std::string document_number;
  std::string application;  // a file: the change is what it applies for
  std::string legal_basis;
  std::string request_id;
  std::vector<std::string> overrides;  // RULE=REASON
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
  for (const std::string& override : options.overrides) {
    const std::size_t equals = override.find('=');
    v1::Override& accepted = *commit.add_overrides();
    accepted.set_rule(override.substr(0, equals));
    accepted.set_reason(override.substr(equals + 1));
    accepted.set_document_number(options.document_number);
  }
  return request;
}

// The plots that the change is about, by number.
std::vector<std::uint64_t> PlotsOf(const v1::Act& act) {
  if (act.has_split_plot()) return {act.split_plot().plot().number()};
  if (act.has_amend_plot()) return {act.amend_plot().plot().number()};
  std::vector<std::uint64_t> plots;
  for (const v1::PlotVersion& version : act.merge_plots().plots()) {
    plots.push_back(version.plot().number());
  }
  return plots;
}

absl::Status AddUnits(Session& session, std::uint64_t plot, v1::Application& application) {
  v1::ListUnitsRequest request;
  request.set_county(session.settings().county);
  request.set_plot(fmt::to_string(plot));
  const auto units = session.CallAllPages(&Session::Registry::ListUnits, request);
  if (!units.ok()) return units.status();
  for (const v1::Unit& unit : units->units()) application.add_units()->set_number(unit.number());
  return absl::OkStatus();
}

// The application of the file with the change as its act. What the file leaves out is what such a
// case has as a rule: its kind, the window, the units of the plots.
absl::StatusOr<v1::Application> ApplicationFor(Session& session, const ChangeOptions& options,
                                               const v1::Act& change) {
  absl::StatusOr<v1::Application> application = ReadApplication(options.application);
  if (!application.ok()) return application;
  if (!application->acts().empty()) {
    return absl::InvalidArgumentError(
        fmt::format("{} has acts of its own; leave them out, for the change is what is applied for",
                    options.application));
  }
  *application->add_acts() = change;
  if (application->kind().empty()) application->set_kind("plot-change");
  if (application->registration_type() == v1::REGISTRATION_TYPE_UNSPECIFIED) {
    application->set_registration_type(v1::REGISTRATION_TYPE_CHANGE);
  }
  if (application->filing_place() == v1::FILING_PLACE_UNSPECIFIED) {
    application->set_filing_place(v1::FILING_PLACE_WINDOW);
  }
  if (application->legal_basis().empty()) application->set_legal_basis(options.legal_basis);
  if (!application->units().empty()) return application;
  for (const std::uint64_t plot : PlotsOf(change)) {
    if (absl::Status added = AddUnits(session, plot, *application); !added.ok()) return added;
  }
  return application;
}

// Commits the change by hand, or keeps it as the draft of an application.
absl::Status Bring(const Command& command, Session& session, const ChangeOptions& options,
                   const v1::CommitRequest& request) {
  if (options.application.empty()) return SendCommit(command, session, request);
  auto application = ApplicationFor(session, options, request.commit().acts(0));
  if (!application.ok()) return application.status();
  return KeepDraft(command, session, *std::move(application), request.commit().request_id());
}

// Refuses a row that cannot be drawn as it came: nothing of a change may be left out in silence.
absl::Status Drawable(const v1::ImportRow& row) {
  for (const v1::Finding& finding : row.findings()) {
    if (finding.severity() != v1::SEVERITY_ERROR) continue;
    return absl::InvalidArgumentError(
        fmt::format("row {}: {}: {}", row.row(), finding.rule(), finding.message_en()));
  }
  return absl::OkStatus();
}

absl::StatusOr<v1::NewPlot> PartOf(const v1::ImportRow& row, const v1::Plot& whole) {
  if (absl::Status drawable = Drawable(row); !drawable.ok()) return drawable;
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

// Gives every row of the layer, on the book's plane, to `take`, until that fails.
absl::Status ReadRows(const v1::County& county, const SourceFlags& flags,
                      const std::function<absl::Status(const v1::ImportRow&)>& take) {
  absl::StatusOr<LayerSource> source = OpenLayerSource(flags);
  if (!source.ok()) return source.status();
  absl::StatusOr<RowConverter> converter = RowConverter::Make(*source, PlaneOfBook(county));
  if (!converter.ok()) return converter.status();
  while (true) {
    absl::StatusOr<std::optional<geo::Row>> row = source->reader->Next();
    if (!row.ok()) return row.status();
    if (!row->has_value()) return absl::OkStatus();
    const absl::Status taken = take(converter->Convert(**std::move(row)).row);
    if (!taken.ok()) return taken;
  }
}

// A plot of the book, and how a layer about it is read.
struct PlotToChange {
  v1::County county;
  v1::Plot plot;
  SourceFlags flags;
};

absl::StatusOr<PlotToChange> PlotToChangeBy(Session& session, const ChangeOptions& options) {
  absl::StatusOr<v1::County> county = CountyOf(session);
  if (!county.ok()) return county.status();
  absl::StatusOr<v1::Plot> plot = PlotAsSeen(session, options.plot);
  if (!plot.ok()) return plot.status();
  SourceFlags flags = options.parts;
  flags.kind = plot->kind();
  if (flags.code_field.empty()) flags.allocate_division = plot->division();
  return PlotToChange{*std::move(county), *std::move(plot), std::move(flags)};
}

absl::Status Split(const Command& command, Session& session, const ChangeOptions& options) {
  const absl::StatusOr<PlotToChange> change = PlotToChangeBy(session, options);
  if (!change.ok()) return change.status();
  v1::CommitRequest request = CommitOf(session, options);
  v1::SplitPlot& split = *request.mutable_commit()->add_acts()->mutable_split_plot();
  split.mutable_plot()->set_number(change->plot.number());
  split.set_etag(change->plot.etag());
  const absl::Status read =
      ReadRows(change->county, change->flags, [&](const v1::ImportRow& row) -> absl::Status {
        absl::StatusOr<v1::NewPlot> part = PartOf(row, change->plot);
        if (!part.ok()) return part.status();
        *split.add_parts() = *std::move(part);
        return absl::OkStatus();
      });
  if (!read.ok()) return read;
  return Bring(command, session, options, request);
}

// The one row that is about the plot: that with its code, or the only one where no field has codes.
absl::StatusOr<v1::ImportRow> RowOfPlot(const PlotToChange& change) {
  std::vector<v1::ImportRow> rows;
  const bool by_code = !change.flags.code_field.empty();
  const absl::Status read = ReadRows(change.county, change.flags, [&](const v1::ImportRow& row) {
    if (!by_code || row.code() == change.plot.code()) rows.push_back(row);
    return absl::OkStatus();
  });
  if (!read.ok()) return read;
  if (rows.size() == 1) return std::move(rows.front());
  return absl::InvalidArgumentError(
      by_code ? fmt::format("{} rows have the code {} in '{}'; exactly one is wanted", rows.size(),
                            change.plot.code(), change.flags.code_field)
              : fmt::format("the layer has {} rows; exactly one is wanted, or --code-field to find "
                            "the plot's own by its code",
                            rows.size()));
}

absl::Status Amend(const Command& command, Session& session, const ChangeOptions& options) {
  const absl::StatusOr<PlotToChange> change = PlotToChangeBy(session, options);
  if (!change.ok()) return change.status();
  const absl::StatusOr<v1::ImportRow> row = RowOfPlot(*change);
  if (!row.ok()) return row.status();
  if (absl::Status drawable = Drawable(*row); !drawable.ok()) return drawable;
  v1::CommitRequest request = CommitOf(session, options);
  v1::AmendPlot& amend = *request.mutable_commit()->add_acts()->mutable_amend_plot();
  amend.mutable_plot()->set_number(change->plot.number());
  amend.set_etag(change->plot.etag());
  amend.mutable_boundary()->set_compact(row->boundary());
  if (!row->stated_area_m2().empty()) amend.set_stated_area_m2(row->stated_area_m2());
  return Bring(command, session, options, request);
}

std::string MetresOf(const v1::PlanePoint& point) {
  constexpr double kStepsPerMetre = 10'000;
  return fmt::format("{:.4f} {:.4f}", static_cast<double>(point.x()) / kStepsPerMetre,
                     static_cast<double>(point.y()) / kStepsPerMetre);
}

void ShowSuggestion(const Command& command, const v1::BoundarySuggestion& suggestion) {
  Table table({"vertex", "moves to", "m", "of plot"});
  for (const v1::SnapStep& step : suggestion.steps()) {
    table.Add({step.has_before() ? MetresOf(step.before()) : "(set in)", MetresOf(step.after()),
               step.distance_m(), step.neighbour_code()});
  }
  command.Answer(suggestion, table);
  for (const v1::Finding& finding : suggestion.findings()) {
    command.err << finding.rule() << ": " << finding.message_en() << "\n";
  }
  if (command.json() || suggestion.steps().empty()) return;
  command.out << fmt::format("area {} m2, then {} m2; to accept: --accept {}\n",
                             suggestion.area_before_m2(), suggestion.area_after_m2(),
                             suggestion.token());
}

// Why what a person has accepted cannot be carried out.
absl::Status Acceptable(const v1::BoundarySuggestion& suggestion, const std::string& accepted) {
  if (suggestion.token() != accepted) {
    return absl::FailedPreconditionError(
        suggestion.token().empty()
            ? fmt::format("'{}' was accepted, and the plot now meets its neighbours", accepted)
            : fmt::format("'{}' was accepted, and what is suggested now is '{}'; look at it again",
                          accepted, suggestion.token()));
  }
  if (suggestion.findings().empty()) return absl::OkStatus();
  return absl::FailedPreconditionError(
      fmt::format("the boundary suggested would have errors, first {}: {}; have it surveyed",
                  suggestion.findings(0).rule(), suggestion.findings(0).message_en()));
}

absl::Status Snap(const Command& command, Session& session, const ChangeOptions& options) {
  v1::SuggestBoundaryRequest asked;
  asked.set_county(session.settings().county);
  asked.set_plot(options.plot);
  const auto suggestion = session.Call(&Session::Registry::SuggestBoundary, asked);
  if (!suggestion.ok()) return suggestion.status();
  if (options.accepted.empty()) {
    ShowSuggestion(command, *suggestion);
    return absl::OkStatus();
  }
  if (options.document_number.empty() && options.application.empty()) {
    return UsageError(
        "--accept needs --document, the number of the document that instructs it, or --apply");
  }
  if (absl::Status status = Acceptable(*suggestion, options.accepted); !status.ok()) return status;
  v1::CommitRequest request = CommitOf(session, options);
  v1::AmendPlot& amend = *request.mutable_commit()->add_acts()->mutable_amend_plot();
  amend.mutable_plot()->set_number(suggestion->plot());
  amend.set_etag(suggestion->etag());
  *amend.mutable_boundary() = suggestion->boundary();
  return Bring(command, session, options, request);
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
  return Bring(command, session, options, request);
}

// What allows the change: a document, under which an administrator makes it, or an application.
CLI::Option_group& AddCommitOptions(CLI::App& verb, ChangeOptions& options) {
  CLI::Option_group* by = verb.add_option_group("by");
  by->add_option("--document", options.document_number,
                 "the document under which an administrator makes it by hand");
  CLI::Option* apply =
      by->add_option("--apply", options.application,
                     "an application in protobuf JSON without acts: keep it as a draft for a case");
  verb.add_option("--basis", options.legal_basis, "the legal basis");
  verb.add_option("--override", options.overrides,
                  "a warning that is accepted, as RULE=REASON; may be given for each rule")
      ->check([](const std::string& given) -> std::string {
        const std::size_t equals = given.find('=');
        if (equals != std::string::npos && equals > 0 && equals + 1 < given.size()) return "";
        return "RULE=REASON is wanted, as in B203='surveyed so'; '" + given + "' came";
      })
      ->excludes(apply);
  verb.add_option("--request-id", options.request_id, "sent again, it gives the same answer");
  verb.add_flag("--explain", options.explain, "say what would happen and change nothing")
      ->excludes(apply);
  return *by;
}

void AddPlotOption(CLI::App& verb, ChangeOptions& options) {
  verb.add_option("CODE", options.plot, "the plot's number or code")->required();
}

void AddLayerOptions(CLI::App& verb, ChangeOptions& options) {
  verb.add_option("--layer", options.parts.layer, "the layer, where there are several");
  verb.add_option("--source-crs", options.parts.source_crs, "EPSG:N of the coordinates");
}

using Change = absl::Status (*)(const Command&, Session&, const ChangeOptions&);

void RunAs(CLI::App& verb, Command& command, std::shared_ptr<ChangeOptions> options,
           Change change) {
  verb.callback([options = std::move(options), change, &command] {
    command.RunInCounty([options, change, &command](Session& session) {
      return change(command, session, *options);
    });
  });
}

void AddSplit(CLI::App& plot, Command& command) {
  auto options = std::make_shared<ChangeOptions>();
  CLI::App* verb = plot.add_subcommand("split", "divide a plot into the polygons of a layer");
  AddPlotOption(*verb, *options);
  verb->add_option("PARTS", options->parts.path, "a layer with one polygon a part")->required();
  AddLayerOptions(*verb, *options);
  verb->add_option("--code-field", options->parts.code_field,
                   "the column that holds the parts' codes; the book allocates them if not given");
  AddCommitOptions(*verb, *options).require_option(1);
  RunAs(*verb, command, std::move(options), Split);
}

void AddMerge(CLI::App& plot, Command& command) {
  auto options = std::make_shared<ChangeOptions>();
  CLI::App* verb = plot.add_subcommand("merge", "join plots that touch along an edge");
  verb->add_option("CODES", options->plots, "the plots' numbers or codes")
      ->required()
      ->expected(2, 1'000);
  verb->add_option("--code", options->merged_code,
                   "the merged plot's code; the book allocates one if not given");
  AddCommitOptions(*verb, *options).require_option(1);
  RunAs(*verb, command, std::move(options), Merge);
}

void AddAmend(CLI::App& plot, Command& command) {
  auto options = std::make_shared<ChangeOptions>();
  CLI::App* verb = plot.add_subcommand("amend", "give a plot the boundary that a layer draws");
  AddPlotOption(*verb, *options);
  verb->add_option("LAYER", options->parts.path, "a layer with the plot's polygon")->required();
  AddLayerOptions(*verb, *options);
  verb->add_option("--code-field", options->parts.code_field,
                   "the column by which the plot's row is found; else the layer has one row");
  AddCommitOptions(*verb, *options).require_option(1);
  RunAs(*verb, command, std::move(options), Amend);
}

void AddSnap(CLI::App& plot, Command& command) {
  auto options = std::make_shared<ChangeOptions>();
  CLI::App* verb = plot.add_subcommand(
      "snap", "suggest how a plot could meet its neighbours exactly where it nearly does");
  AddPlotOption(*verb, *options);
  verb->add_option("--accept", options->accepted,
                   "carry out the suggestion that was shown with this word");
  AddCommitOptions(*verb, *options).require_option(0, 1);
  RunAs(*verb, command, std::move(options), Snap);
}

}  // namespace

void AddPlotChangeVerbs(CLI::App& plot, Command& command) {
  AddSplit(plot, command);
  AddMerge(plot, command);
  AddAmend(plot, command);
  AddSnap(plot, command);
}

}  // namespace landbook::tools
