#include "tools/landbook/bench_reads.h"

#include <fmt/format.h>

#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "services/registry/book_reader.h"
#include "storage/rocksdb/rocksdb_engine.h"
#include "tools/landbook/bench_calls.h"
#include "tools/landbook/outcome.h"
#include "tools/landbook/plot_pages.h"

namespace landbook::tools {
namespace {

v1::BrowsePlotsRequest WindowAsked(const geo::Box& window) {
  v1::BrowsePlotsRequest request;
  request.set_county(kBenchCounty);
  request.mutable_window()->set_min_x(window.min_x);
  request.mutable_window()->set_min_y(window.min_y);
  request.mutable_window()->set_max_x(window.max_x);
  request.mutable_window()->set_max_y(window.max_y);
  return request;
}

using BrowseStream =
    grpc::ClientReaderWriterInterface<v1::BrowsePlotsRequest, v1::BrowsePlotsResponse>;

// Asks for so many windows; they leave with the last of them.
void Ask(BrowseStream& stream, BenchPlaces& places, int windows) {
  for (int i = 1; i <= windows; ++i) {
    grpc::WriteOptions options;
    if (i < windows) options.set_buffer_hint();
    stream.Write(WindowAsked(places.Window()), options);
  }
}

// Takes one message of an answer as a map would: fails when it is refused, or its page does not
// hold the plots that it says.
absl::Status TakeAnswer(const v1::BrowsePlotsResponse& message) {
  if (message.has_refusals()) return Refused(message.refusals().refusals());
  const auto plots = UnpackPage(message.plots().page());
  if (!plots.ok()) return plots.status();
  if (plots->size() == message.plots().count()) return absl::OkStatus();
  return absl::DataLossError(
      fmt::format("a page of {} plots came that says {}", plots->size(), message.plots().count()));
}

// Keeps one stream full until time is up; gives how many windows were answered.
absl::StatusOr<std::uint64_t> BrowseOnce(const Settings& settings, BenchPlaces places,
                                         const BenchTimer& timer) {
  auto session = Session::Open(settings);
  if (!session.ok()) return session.status();
  grpc::ClientContext context;
  (*session)->Identify(context);
  const auto stream = (*session)->registry().BrowsePlots(&context);
  Ask(*stream, places, kBenchInFlight);
  std::uint64_t answered = 0;
  v1::BrowsePlotsResponse message;
  while (!timer.Passed() && stream->Read(&message)) {
    if (const absl::Status taken = TakeAnswer(message); !taken.ok()) return taken;
    if (!message.last()) continue;
    if (++answered % kBenchAskedTogether == 0) Ask(*stream, places, kBenchAskedTogether);
  }
  stream->WritesDone();
  while (stream->Read(&message)) {
  }
  const absl::Status outcome = (*session)->Outcome(stream->Finish());
  if (!outcome.ok()) return outcome;
  return answered;
}

absl::StatusOr<double> FindOverGrpc(BenchBook& book, double seconds) {
  const BenchTimer timer(seconds);
  std::vector<absl::StatusOr<std::uint64_t>> answered(kBenchStreams);
  std::vector<std::thread> callers;
  for (std::size_t caller = 0; caller < answered.size(); ++caller) {
    callers.emplace_back([&, caller] {
      answered[caller] =
          BrowseOnce(book.session().settings(), BenchPlaces(book.ground(), caller), timer);
    });
  }
  for (std::thread& caller : callers) caller.join();
  std::uint64_t windows = 0;
  for (const auto& of_caller : answered) {
    if (!of_caller.ok()) return of_caller.status();
    windows += *of_caller;
  }
  return timer.RateOf(windows);
}

// A slot's questions do not hang on those of the others.
std::vector<BenchPlaces> PlacesOfSlots(const BenchBook& book, int slots) {
  std::vector<BenchPlaces> places;
  for (int slot = 0; slot < slots; ++slot) {
    places.emplace_back(book.ground(), static_cast<std::uint64_t>(slot));
  }
  return places;
}

absl::StatusOr<double> LocateOverGrpc(BenchBook& book, double seconds) {
  using Calls = OutstandingCalls<v1::LocatePlotsRequest, v1::LocatePlotsResponse>;
  constexpr int kOutstanding = kBenchStreams * kBenchInFlight;
  auto places = PlacesOfSlots(book, kOutstanding);
  const auto fill = [&places](std::size_t slot, v1::LocatePlotsRequest& request) {
    const geo::Vertex point = places[slot].Point();
    request.set_county(kBenchCounty);
    request.mutable_point()->set_x(point.x);
    request.mutable_point()->set_y(point.y);
    request.set_boundary_format(v1::BOUNDARY_FORMAT_NONE);
  };
  return Calls(book.session(), {.method = &Calls::Stub::LocatePlots, .fill = fill, .take = {}},
               kOutstanding)
      .Run(seconds);
}

absl::StatusOr<double> GetOverGrpc(BenchBook& book, double seconds) {
  using Calls = OutstandingCalls<v1::GetPlotRequest, v1::Plot>;
  constexpr int kOutstanding = kBenchStreams * kBenchInFlight;
  auto places = PlacesOfSlots(book, kOutstanding);
  const auto fill = [&places](std::size_t slot, v1::GetPlotRequest& request) {
    request.set_county(kBenchCounty);
    request.set_plot(places[slot].Code());
    request.set_boundary_format(v1::BOUNDARY_FORMAT_COMPACT);
  };
  return Calls(book.session(), {.method = &Calls::Stub::GetPlot, .fill = fill, .take = {}},
               kOutstanding)
      .Run(seconds);
}

bool ReadOnce(registry::BookReader& reader, ReadLoad load, BenchPlaces& places) {
  if (load == ReadLoad::kPoint) {
    reader.Locate(places.Point(), v1::BOUNDARY_FORMAT_NONE);
    return reader.status().ok();
  }
  if (load == ReadLoad::kPlot) {
    return reader.FindPlot(places.Code(), v1::BOUNDARY_FORMAT_COMPACT).has_value();
  }
  registry::WindowCursor cursor(&reader, places.Window(), std::nullopt);
  v1::FindPlotsResponse page;
  while (cursor.Next(&page)) page.Clear();
  return reader.status().ok();
}

}  // namespace

absl::StatusOr<double> ReadInProcess(const BenchBook& book, const v1::County& county, ReadLoad load,
                                     double seconds) {
  const auto engine = storage::OpenRocksdb(book.store_directory());
  if (!engine.ok()) return engine.status();
  // What a server keeps beside its readers is kept here too.
  registry::ReadMemory shared;
  registry::BookMemory memory(&shared, county.book(), county.sequence());
  const registry::BookSource source{engine->get(), county.book(), kBenchCounty, county.epsg(),
                                    &memory};
  BenchPlaces places(book.ground(), 0);
  const BenchTimer timer(seconds);
  std::uint64_t read = 0;
  for (; !timer.Passed(); ++read) {
    registry::BookReader reader(source, county.sequence());
    reader.ExpectNewest();
    if (!ReadOnce(reader, load, places)) {
      return absl::DataLossError(
          fmt::format("a read found nothing: {}", std::string(reader.status().message())));
    }
  }
  return timer.RateOf(read);
}

absl::StatusOr<double> ReadOverGrpc(BenchBook& book, ReadLoad load, double seconds) {
  if (load == ReadLoad::kWindow) return FindOverGrpc(book, seconds);
  if (load == ReadLoad::kPoint) return LocateOverGrpc(book, seconds);
  return GetOverGrpc(book, seconds);
}

}  // namespace landbook::tools
