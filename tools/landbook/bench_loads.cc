#include "tools/landbook/bench_loads.h"

#include <fmt/format.h>

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <random>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "services/registry/book_reader.h"
#include "storage/rocksdb/rocksdb_engine.h"

namespace landbook::tools {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::int64_t kWindowSteps = 200 * geo::kStepsPerMetre;
constexpr int kFindCallers = 2;
constexpr int kCommitsOutstanding = 64;

// Windows and points spread evenly over the county; the same ones in every run.
class Places {
 public:
  Places(const geo::Box& extent, std::uint64_t seed)
      : random_(seed), x_(extent.min_x, extent.max_x), y_(extent.min_y, extent.max_y) {}

  geo::Vertex Point() { return {x_(random_), y_(random_)}; }
  geo::Box Window() {
    const geo::Vertex corner = Point();
    return {corner.x, corner.y, corner.x + kWindowSteps, corner.y + kWindowSteps};
  }

 private:
  std::mt19937_64 random_;
  std::uniform_int_distribution<std::int64_t> x_;
  std::uniform_int_distribution<std::int64_t> y_;
};

struct Deadline {
  explicit Deadline(double length) : begun(Clock::now()), seconds(length) {}
  double Elapsed() const { return std::chrono::duration<double>(Clock::now() - begun).count(); }
  bool Passed() const { return Elapsed() >= seconds; }

  Clock::time_point begun;
  double seconds;
};

absl::Status FindOnce(Session& session, const geo::Box& window) {
  v1::FindPlotsRequest request;
  request.set_county(kBenchCounty);
  request.mutable_window()->set_min_x(window.min_x);
  request.mutable_window()->set_min_y(window.min_y);
  request.mutable_window()->set_max_x(window.max_x);
  request.mutable_window()->set_max_y(window.max_y);
  grpc::ClientContext context;
  session.Identify(context);
  auto pages = session.registry().FindPlots(&context, request);
  v1::FindPlotsResponse page;
  while (pages->Read(&page)) {
  }
  return session.Outcome(pages->Finish());
}

// Keeps 64 commits under way until time is up. Callbacks come on gRPC's own threads.
class CommitLoad {
 public:
  CommitLoad(Session& session, double seconds) : session_(session), deadline_(seconds) {}

  absl::StatusOr<double> Run() {
    calls_.resize(kCommitsOutstanding);
    under_way_ = kCommitsOutstanding;
    for (std::size_t i = 0; i < calls_.size(); ++i) Send(i);
    std::unique_lock lock(mutex_);
    idle_.wait(lock, [this] { return under_way_ == 0; });
    if (!failure_.ok()) return failure_;
    return static_cast<double>(done_) / deadline_.Elapsed();
  }

 private:
  struct Call {
    std::unique_ptr<grpc::ClientContext> context;
    v1::CommitRequest request;
    v1::CommitResponse response;
  };

  void Send(std::size_t slot) {
    Call& call = calls_[slot];
    call.context = std::make_unique<grpc::ClientContext>();
    session_.Identify(*call.context);
    const std::string id = fmt::format("bench-{}-{}", slot, sent_++);
    call.request.Clear();
    call.request.set_county(kBenchCounty);
    v1::Commit& commit = *call.request.mutable_commit();
    commit.set_request_id(id);
    commit.set_document_number("bench");
    v1::Organisation& organisation =
        *commit.add_acts()->mutable_register_party()->mutable_party()->mutable_organisation();
    organisation.set_title(id);
    organisation.set_organisation_kind(v1::ORGANISATION_KIND_ENTERPRISE);
    session_.registry().async()->Commit(
        call.context.get(), &call.request, &call.response,
        [this, slot](const grpc::Status& status) { Done(slot, status); });
  }

  void Done(std::size_t slot, const grpc::Status& status) {
    bool again = false;
    {
      const std::lock_guard lock(mutex_);
      if (!status.ok() && failure_.ok()) failure_ = session_.Outcome(status);
      done_ += status.ok() ? 1 : 0;
      again = failure_.ok() && !deadline_.Passed();
      if (!again && --under_way_ == 0) idle_.notify_one();
    }
    if (again) Send(slot);
  }

  Session& session_;
  const Deadline deadline_;
  std::vector<Call> calls_;
  std::atomic<std::uint64_t> sent_{0};
  std::mutex mutex_;
  std::condition_variable idle_;
  std::uint64_t done_ = 0;
  int under_way_ = 0;
  absl::Status failure_;
};

bool ReadOnce(registry::BookReader& reader, ReadLoad load, const BenchBook& book, Places& places,
              std::mt19937_64& random) {
  if (load == ReadLoad::kPoint) {
    reader.Locate(places.Point(), v1::BOUNDARY_FORMAT_NONE);
    return reader.status().ok();
  }
  if (load == ReadLoad::kPlot) {
    const std::uint64_t number = 1 + random() % static_cast<std::uint64_t>(book.plot_count());
    return reader.FindPlot(number, v1::BOUNDARY_FORMAT_COMPACT).has_value();
  }
  registry::WindowCursor cursor(&reader, places.Window(), std::nullopt);
  v1::FindPlotsResponse page;
  while (cursor.Next(&page)) page.Clear();
  return reader.status().ok();
}

}  // namespace

absl::StatusOr<double> FindOverGrpc(BenchBook& book, double seconds) {
  const Deadline deadline(seconds);
  std::atomic<std::uint64_t> found{0};
  std::vector<absl::Status> outcomes(kFindCallers);
  std::vector<std::thread> callers;
  for (int caller = 0; caller < kFindCallers; ++caller) {
    callers.emplace_back([&, caller] {
      Places places(book.extent(), static_cast<std::uint64_t>(caller));
      absl::Status& outcome = outcomes[static_cast<std::size_t>(caller)];
      while (outcome.ok() && !deadline.Passed()) {
        outcome = FindOnce(book.session(), places.Window());
        ++found;
      }
    });
  }
  for (std::thread& caller : callers) caller.join();
  for (const absl::Status& outcome : outcomes) {
    if (!outcome.ok()) return outcome;
  }
  return static_cast<double>(found) / deadline.Elapsed();
}

absl::StatusOr<double> CommitOverGrpc(BenchBook& book, double seconds) {
  return CommitLoad(book.session(), seconds).Run();
}

absl::StatusOr<double> ReadInProcess(const BenchBook& book, const v1::County& county, ReadLoad load,
                                     double seconds) {
  const auto engine = storage::OpenRocksdb(book.store_directory());
  if (!engine.ok()) return engine.status();
  // What a server keeps beside its readers is kept here too.
  registry::RecordedTimes recorded_times;
  const registry::BookSource source{engine->get(), county.book(), kBenchCounty, county.epsg(),
                                    &recorded_times};
  Places places(book.extent(), 1);
  std::mt19937_64 random(1);
  const Deadline deadline(seconds);
  std::uint64_t read = 0;
  for (; !deadline.Passed(); ++read) {
    registry::BookReader reader(source, county.sequence());
    reader.ExpectNewest();
    if (!ReadOnce(reader, load, book, places, random)) {
      return absl::DataLossError(
          fmt::format("a read found nothing: {}", std::string(reader.status().message())));
    }
  }
  return static_cast<double>(read) / deadline.Elapsed();
}

}  // namespace landbook::tools
