#include "tools/landbook/bench_book.h"

#include <fmt/format.h>
#include <stdlib.h>

#include <chrono>
#include <sstream>
#include <utility>

#include "tools/landbook/import_job.h"
#include "tools/landbook/interrupt.h"
#include "tools/landbook/progress_bar.h"
#include "tools/sample_county/plain_layer.h"
#include "tools/sample_county/plots.h"

namespace landbook::tools {
namespace {

namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;

double SecondsSince(Clock::time_point begun) {
  return std::chrono::duration<double>(Clock::now() - begun).count();
}

absl::StatusOr<fs::path> TemporaryFolder() {
  std::string name = (fs::temp_directory_path() / "landbook-bench-XXXXXX").string();
  if (mkdtemp(name.data()) == nullptr) return absl::UnavailableError("no temporary folder");
  return fs::path(name);
}

absl::StatusOr<BenchGround> GroundOf(const sample_county::Options& options) {
  BenchGround ground;
  const absl::Status generated =
      sample_county::GeneratePlots(options, [&ground](const sample_county::Plot& plot) {
        ground.Add(plot.boundary.Bounds(), plot.code);
        return absl::OkStatus();
      });
  if (!generated.ok()) return generated;
  return ground;
}

}  // namespace

absl::StatusOr<std::unique_ptr<BenchBook>> BenchBook::Make(const sample_county::Options& options) {
  const absl::StatusOr<fs::path> folder = TemporaryFolder();
  if (!folder.ok()) return folder.status();
  auto book = std::unique_ptr<BenchBook>(new BenchBook(options, *folder));
  absl::Status status = sample_county::CheckOptions(options);
  if (!status.ok()) return status;
  absl::StatusOr<BenchGround> ground = GroundOf(options);
  if (!ground.ok()) return ground.status();
  book->ground_ = *std::move(ground);
  status = sample_county::WritePlainLayer(options, geo::LayerFormat::kShapefile, book->layer_path(),
                                          "UTF-8");
  if (!status.ok()) return status;
  return book;
}

BenchBook::~BenchBook() {
  server_.reset();
  std::error_code ignored;  // what cannot be removed is left to the system's cleaning
  fs::remove_all(folder_, ignored);
}

absl::Status BenchBook::StartServer() {
  auto server = OwnServer::Start(store_directory());
  if (!server.ok()) return server.status();
  server_ = *std::move(server);
  Settings settings;
  settings.server = server_->address();
  settings.officer = kBenchOfficer;
  settings.county = kBenchCounty;
  auto session = Session::Open(settings);
  if (!session.ok()) return session.status();
  session_ = *std::move(session);
  return absl::OkStatus();
}

absl::Status BenchBook::CreateCounty() {
  v1::CreateCountyRequest request;
  request.set_request_id("bench");
  request.mutable_county()->set_code(kBenchCounty);
  request.mutable_county()->set_title(options_.county_name);
  request.mutable_county()->set_epsg(static_cast<std::uint32_t>(options_.epsg));
  request.mutable_county()->set_pack("sample");
  return session_->Call(&Session::Registry::CreateCounty, request).status();
}

absl::Status BenchBook::BeginAnew() {
  server_.reset();
  ++begun_;
  const absl::Status started = StartServer();
  return started.ok() ? CreateCounty() : started;
}

absl::StatusOr<BenchBook::Imported> BenchBook::Import() {
  const InterruptWatch interrupt;
  std::ostringstream unseen;
  ProgressBar progress(unseen, false);
  const Clock::time_point begun = Clock::now();
  SourceFlags flags;
  flags.path = layer_path();
  absl::StatusOr<LayerSource> source = OpenLayerSource(flags);
  if (!source.ok()) return source.status();
  auto converter = RowConverter::Make(*source, {options_.epsg});
  if (!converter.ok()) return converter.status();
  v1::CreateImportRequest request;
  request.set_county(kBenchCounty);
  request.set_kind(source->kind);
  auto job = ImportJob::Create(*session_, request, progress);
  if (!job.ok()) return job.status();
  const absl::Status sent = job->SendRows(*source->reader, *converter);
  if (!sent.ok()) return sent;
  const auto import = job->RunToEnd();
  if (!import.ok()) return import.status();
  const double seconds = SecondsSince(begun);
  const bool whole = import->accepted() + import->rejected() == options_.plots;
  const bool sound = import->rejected() == 0 || options_.sliver_per_mille > 0;
  if (import->state() == v1::IMPORT_STATE_DONE && whole && sound) {
    return Imported{seconds, *import};
  }
  return absl::InternalError(fmt::format("of {} plots {} were accepted and {} rejected: {}",
                                         options_.plots, import->accepted(), import->rejected(),
                                         import->failure()));
}

absl::StatusOr<double> BenchBook::Recover() {
  server_->Kill();
  const Clock::time_point begun = Clock::now();
  const absl::Status started = StartServer();
  if (!started.ok()) return started;
  return SecondsSince(begun);
}

std::uint64_t BenchBook::StoreBytes() const {
  std::uint64_t bytes = 0;
  std::error_code error;
  for (const auto& entry : fs::recursive_directory_iterator(store_directory(), error)) {
    if (entry.is_regular_file(error)) bytes += entry.file_size(error);
  }
  return bytes;
}

}  // namespace landbook::tools
