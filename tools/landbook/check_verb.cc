// check: the rules of an import without a server or a book, in this process.
#include <fmt/format.h>

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <ostream>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "services/boundary/layer_intake.h"
#include "services/common/control_rules.h"
#include "services/common/policy.h"
#include "tools/landbook/command.h"
#include "tools/landbook/epsg.h"
#include "tools/landbook/findings_report.h"
#include "tools/landbook/import_report.h"
#include "tools/landbook/outcome.h"
#include "tools/landbook/packs.h"
#include "tools/landbook/progress_bar.h"
#include "tools/landbook/row_converter.h"
#include "tools/landbook/source_options.h"

namespace landbook::tools {
namespace {

using Clock = std::chrono::steady_clock;
using boundary::LayerIntake;

constexpr int kRowsPerMessage = 1'000;

struct CheckOptions {
  SourceFlags source;
  std::string plane;
  std::string pack = "national";
  std::string pack_directory = DefaultPackDirectory();
  FindingsPaths findings;
  std::vector<std::string> control;  // LAYER=PATH
  int workers = static_cast<int>(std::max(1u, std::thread::hardware_concurrency()));
};

// Gives the shapes of a control layer, named as LAYER=PATH, to the intake. `message` holds what the
// first message says, and is empty afterwards.
absl::Status TakeControl(const CheckOptions& options, const std::string& named,
                         const TargetPlane& plane, LayerIntake& intake,
                         v1::CheckLayerRequest& message) {
  const std::size_t equals = named.find('=');
  SourceFlags flags;
  flags.shapes = true;
  flags.path = named.substr(equals + 1);
  flags.source_crs = options.source.source_crs;
  absl::StatusOr<LayerSource> source = OpenLayerSource(flags);
  if (!source.ok()) return source.status();
  absl::StatusOr<RowConverter> converter = RowConverter::Make(*source, plane);
  if (!converter.ok()) return converter.status();
  bool last = false;
  while (!last) {
    v1::ControlRows& control = *message.add_control();
    control.set_layer(named.substr(0, equals));
    control.set_source(flags.path);
    while (!last && control.rows_size() < kRowsPerMessage) {
      absl::StatusOr<std::optional<geo::Row>> row = source->reader->Next();
      if (!row.ok()) return row.status();
      last = !row->has_value();
      if (!last) *control.add_rows() = converter->Convert(**std::move(row)).row;
    }
    const common::RefusalList refusals = intake.Take(common::CallContext(), message);
    if (!refusals.empty()) return RefusedBy(refusals);
    message.Clear();
  }
  return absl::OkStatus();
}

// Gives every row of the source to the intake.
absl::Status TakeRows(LayerSource& source, RowConverter& converter, LayerIntake& intake,
                      v1::CheckLayerRequest message, ProgressBar& progress) {
  progress.Begin("reading");
  const common::CallContext call;
  const std::uint64_t total = source.reader->Info().row_count.value_or(0);
  std::uint64_t rows = 0;
  while (true) {
    absl::StatusOr<std::optional<geo::Row>> row = source.reader->Next();
    if (!row.ok()) return row.status();
    if (row->has_value()) {
      *message.add_rows() = converter.Convert(**std::move(row)).row;
      progress.Show(++rows, total);
      if (message.rows_size() < kRowsPerMessage) continue;
    }
    const bool last = message.rows_size() < kRowsPerMessage;
    const common::RefusalList refusals = intake.Take(call, message);
    if (!refusals.empty()) return RefusedBy(refusals);
    if (last) return absl::OkStatus();
    message.Clear();
  }
}

// Checks what the intake took, and gives every finding to `visit`.
absl::StatusOr<v1::Import> Finish(LayerIntake& intake,
                                  const std::function<absl::Status(const v1::Finding&)>& visit) {
  auto pages = intake.Finish(common::CallContext());
  if (!pages.ok()) return RefusedBy(pages.refusals());
  v1::Import result;
  while (true) {
    v1::CheckLayerResponse page;
    const auto step = (*pages)(page);
    if (!step.ok()) return RefusedBy(step.refusals());
    if (*step == common::PageStep::kEnd) return result;
    for (const v1::Finding& finding : page.findings()) {
      const absl::Status visited = visit(finding);
      if (!visited.ok()) return visited;
    }
    if (page.has_result()) result = page.result();
  }
}

// What is checked, and the plane that it would be put on.
struct CheckedSource {
  LayerSource& source;
  TargetPlane plane;
};

absl::StatusOr<v1::Import> CheckSource(const Command& command, const CheckOptions& options,
                                       const CheckedSource& checked, FindingsReport& report) {
  const auto& [source, plane] = checked;
  absl::StatusOr<RowConverter> converter = RowConverter::Make(source, plane);
  if (!converter.ok()) return converter.status();
  ProgressBar progress(command.err, command.err_is_terminal);
  LayerIntake intake({.policy_directory = options.pack_directory, .threads = options.workers});
  v1::CheckLayerRequest first;
  first.set_pack(options.pack);
  first.set_kind(source.kind);
  first.set_epsg(static_cast<std::uint32_t>(plane.epsg));
  first.set_county(command.settings.county);
  first.set_codes_allocated(!options.source.allocate_division.empty());
  for (const std::string& layer : options.control) {
    const absl::Status shapes = TakeControl(options, layer, plane, intake, first);
    if (!shapes.ok()) return shapes;
  }
  const absl::Status taken = TakeRows(source, *converter, intake, std::move(first), progress);
  if (!taken.ok()) return taken;
  progress.Begin("checking");
  return Finish(intake, [&report](const v1::Finding& finding) { return report.Add(finding); });
}

// The plane that is named, with the ways onto it of the pack that is.
absl::StatusOr<TargetPlane> PlaneOfCheck(const CheckOptions& options) {
  const absl::StatusOr<int> epsg = ParseEpsg(options.plane);
  if (!epsg.ok()) return UsageError(std::string(epsg.status().message()));
  const auto chain = common::PackChainFromDirectory(options.pack_directory, options.pack);
  if (!chain.ok()) return RefusedBy(chain.refusals());
  const auto policy = common::Policy::FromTexts(*chain);
  if (!policy.ok()) return RefusedBy(policy.refusals());
  TargetPlane plane{*epsg};
  for (const auto* way : policy->PlaneTransformationsTo(static_cast<std::uint32_t>(*epsg))) {
    plane.ways.push_back(OfficeWayOf(*way));
  }
  return plane;
}

absl::Status Check(const Command& command, const CheckOptions& options) {
  const Clock::time_point begun = Clock::now();
  const absl::StatusOr<TargetPlane> plane = PlaneOfCheck(options);
  if (!plane.ok()) return plane.status();
  absl::StatusOr<LayerSource> source = OpenLayerSource(options.source);
  if (!source.ok()) return source.status();
  for (const std::string& note : source->reader->Info().notes) command.err << note << "\n";
  absl::StatusOr<FindingsReport> report = FindingsReport::Begin(options.findings, plane->epsg);
  if (!report.ok()) return report.status();
  const auto result = CheckSource(command, options, {*source, *plane}, *report);
  if (!result.ok()) return result.status();
  const std::chrono::duration<double> took = Clock::now() - begun;
  const ImportReport counts = ReportOf(*result, took.count());
  const absl::Status written = report->Finish({options.source, *plane, nullptr}, counts);
  AnswerReport(command, counts);
  return written;
}

}  // namespace

void AddCheckVerb(CLI::App& app, Command& command) {
  auto options = std::make_shared<CheckOptions>();
  CLI::App* verb = app.add_subcommand("check", "the rules of an import, without a server");
  AddSourceOptions(*verb, options->source);
  verb->add_option("--crs", options->plane, "EPSG:N of the plane that a book would have")
      ->required();
  verb->add_option("--policy", options->pack, "the policy pack")->capture_default_str();
  verb->add_option("--packs", options->pack_directory, "the folder of the packs' files")
      ->capture_default_str();
  AddFindingsOptions(*verb, options->findings);
  verb->add_option("--control", options->control,
                   "a control layer to check against, as LAYER=PATH; may be given for each layer")
      ->check([](const std::string& given) -> std::string {
        const std::string layer = given.substr(0, given.find('='));
        if (given.find('=') != std::string::npos && common::ControlRuleOf(layer) != nullptr) {
          return "";
        }
        return "LAYER=PATH is wanted, LAYER being a control layer; '" + given + "' came";
      });
  verb->add_option("--workers", options->workers, "how many threads check")
      ->check(CLI::PositiveNumber);
  verb->callback([options, &command] {
    command.action = [options, &command] { return Check(command, *options); };
  });
}

}  // namespace landbook::tools
