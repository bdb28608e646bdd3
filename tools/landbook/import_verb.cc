// import: a layer of plots into a book, or a new version of a control layer.
#include <fmt/format.h>

#include <chrono>
#include <limits>
#include <memory>
#include <ostream>
#include <string>
#include <vector>

#include "services/common/control_rules.h"
#include "tools/exchange/package_files.h"
#include "tools/landbook/command.h"
#include "tools/landbook/findings_report.h"
#include "tools/landbook/import_job.h"
#include "tools/landbook/import_report.h"
#include "tools/landbook/interrupt.h"
#include "tools/landbook/package_import.h"
#include "tools/landbook/source_options.h"

namespace landbook::tools {
namespace {

using Clock = std::chrono::steady_clock;

struct ImportOptions {
  SourceFlags source;
  bool dry_run = false;
  FindingsPaths findings;
  std::string mapping_path;
  std::uint32_t workers = 0;
  v1::ControlSource control;  // no layer named: an import of plots
};

// What a report says of an import beside its findings.
struct FindingsContext {
  TargetPlane plane;
  ImportReport counts;
};

v1::CreateImportRequest RequestOf(const Session& session, const ImportOptions& options,
                                  const LayerSource& source) {
  v1::CreateImportRequest request;
  request.set_county(session.settings().county);
  request.set_kind(source.kind);
  request.set_source(options.source.path);
  request.set_allocate_division(options.source.allocate_division);
  request.set_dry_run(options.dry_run);
  request.set_workers(options.workers);
  if (options.source.shapes) *request.mutable_control() = options.control;
  const std::uint64_t rows = source.reader->Info().row_count.value_or(0);
  if (rows <= std::numeric_limits<std::uint32_t>::max()) {
    request.set_declared_rows(static_cast<std::uint32_t>(rows));
  }
  return request;
}

// Gives every finding of the import to `report`.
absl::Status ReadFindings(Session& session, const ImportJob& job, FindingsReport& report) {
  v1::ListImportFindingsRequest request;
  request.set_county(session.settings().county);
  request.set_import(job.number());
  grpc::ClientContext context;
  session.Identify(context);
  auto pages = session.registry().ListImportFindings(&context, request);
  v1::ListImportFindingsResponse page;
  absl::Status trouble;
  while (trouble.ok() && pages->Read(&page)) {
    for (const v1::Finding& finding : page.findings()) {
      if (trouble.ok()) trouble = report.Add(finding);
    }
  }
  if (!trouble.ok()) context.TryCancel();
  const absl::Status outcome = session.Outcome(pages->Finish());
  return trouble.ok() ? outcome : trouble;
}

absl::Status SaveFindings(Session& session, const ImportJob& job, const ImportOptions& options,
                          const FindingsContext& context) {
  absl::StatusOr<FindingsReport> report =
      FindingsReport::Begin(options.findings, context.plane.epsg);
  if (!report.ok()) return report.status();
  const absl::Status read = ReadFindings(session, job, *report);
  if (!read.ok()) return read;
  return report->Finish({options.source, context.plane, &session}, context.counts);
}

// Sends and runs. A failure on the way is the one to tell, so whether the server could still be
// asked to stop is not.
absl::StatusOr<v1::Import> RunJob(ImportJob& job, const LayerSource& source,
                                  RowConverter& converter) {
  const absl::Status sent = job.SendRows(*source.reader, converter);
  if (sent.ok()) return job.RunToEnd();
  job.Cancel().IgnoreError();
  return sent;
}

// A package is imported whole when its layout is named and no layer of it is.
bool IsWholePackage(const ImportOptions& options) {
  return options.control.layer().empty() && options.source.layout == Layout::kNyt2539 &&
         options.source.layer.empty() && IsFolderOrArchive(options.source.path);
}

absl::Status Import(const Command& command, Session& session, const ImportOptions& options) {
  if (IsWholePackage(options)) {
    if (!options.findings.page.empty()) {
      return UsageError("the page of findings is of one layer: a package's go to --findings");
    }
    return ImportPackage(command, session,
                         {options.source, options.mapping_path, options.findings.package,
                          options.dry_run, options.workers});
  }
  if (!options.mapping_path.empty()) {
    return UsageError(
        "a mapping file says what the tables of a package are called: give it with --layout "
        "nyt2539 "
        "and the package's folder or zip");
  }
  if (options.source.layout == Layout::kAuto && options.control.layer().empty() &&
      exchange::LooksLikePackage(options.source.path)) {
    command.err << "the package holds more than its layer DK, which alone is read: give --layout "
                   "nyt2539 to import parties, contracts, certificates and parcel layers too\n";
  }
  const Clock::time_point begun = Clock::now();
  const absl::StatusOr<v1::County> county = CountyOf(session);
  if (!county.ok()) return county.status();
  const TargetPlane plane = PlaneOfBook(*county);
  absl::StatusOr<LayerSource> source = OpenLayerSource(options.source);
  if (!source.ok()) return source.status();
  for (const std::string& note : source->reader->Info().notes) command.err << note << "\n";
  absl::StatusOr<RowConverter> converter = RowConverter::Make(*source, plane);
  if (!converter.ok()) return converter.status();

  const InterruptWatch interrupt;
  absl::StatusOr<v1::Import> import;
  absl::StatusOr<ImportJob> job;
  {
    ProgressBar progress(command.err, command.err_is_terminal);
    job = ImportJob::Create(session, RequestOf(session, options, *source), progress);
    if (!job.ok()) return job.status();
    import = RunJob(*job, *source, *converter);
  }
  if (!import.ok()) return import.status();
  const std::chrono::duration<double> took = Clock::now() - begun;
  const FindingsContext context{plane, ReportOf(*import, took.count())};
  AnswerReport(command, context.counts);
  const absl::Status reconciled = Reconcile(*import, job->rows_sent());
  if (!options.findings.any()) return reconciled;
  const absl::Status saved = SaveFindings(session, *job, options, context);
  return reconciled.ok() ? saved : reconciled;
}

void AddControlOptions(CLI::App& verb, ImportOptions& options) {
  std::vector<std::string> layers;
  for (const common::ControlRule& rule : common::kControlRules) layers.emplace_back(rule.layer);
  CLI::Option* control =
      verb.add_option_function<std::string>(
              "--control",
              [&options](const std::string& layer) {
                options.control.set_layer(layer);
                options.source.shapes = true;
              },
              "the rows are shapes of this control layer and make a new version of it")
          ->check(CLI::IsMember(layers));
  CLI::Option* effective = verb.add_option_function<std::string>(
      "--effective",
      [&options](const std::string& day) { options.control.set_effective_date(day); },
      "the first day on which the version may be in force, YYYY-MM-DD");
  CLI::Option* document = verb.add_option_function<std::string>(
      "--document",
      [&options](const std::string& number) { options.control.set_document_number(number); },
      "the number of the document that put it into effect");
  CLI::Option* zone = verb.add_option("--zone-field", options.source.zone_field,
                                      "the column that says what a shape's ground is");
  control->needs(effective)->needs(document);
  effective->needs(control);
  document->needs(control);
  zone->needs(control);
}

}  // namespace

void AddImportVerb(CLI::App& app, Command& command) {
  auto options = std::make_shared<ImportOptions>();
  CLI::App* verb =
      app.add_subcommand("import", "take a layer of plots, or a control layer, into a book");
  AddSourceOptions(*verb, options->source);
  AddControlOptions(*verb, *options);
  verb->add_flag("--dry-run", options->dry_run, "check only");
  AddFindingsOptions(*verb, options->findings);
  verb->add_option("--mapping", options->mapping_path,
                   "a file that says what a package calls the standard's tables and columns");
  verb->add_option("--workers", options->workers, "how many workers check; one a core if not given")
      ->check(CLI::PositiveNumber);
  verb->callback([options, &command] {
    command.RunInCounty(
        [options, &command](Session& session) { return Import(command, session, *options); });
  });
}

}  // namespace landbook::tools
