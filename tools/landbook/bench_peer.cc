#include "tools/landbook/bench_peer.h"

#include <fmt/format.h>
#include <sys/wait.h>
#include <unistd.h>

#include <functional>
#include <thread>
#include <utility>

#include "tools/landbook/peer_memory.h"

namespace landbook::tools {
namespace {

constexpr char kStatement[] = "bench";

// What commits and transfers need; the table of plots is made by ogr2ogr.
constexpr char kMakeSchema[] =
    "DROP SCHEMA IF EXISTS landbook_bench CASCADE; CREATE SCHEMA landbook_bench;"
    "CREATE TABLE landbook_bench.parties (id bigserial PRIMARY KEY, title text NOT NULL);"
    "CREATE TABLE landbook_bench.rights (id bigint PRIMARY KEY, holder bigint NOT NULL);"
    "CREATE TABLE landbook_bench.journal (id bigserial PRIMARY KEY, right_id bigint NOT NULL,"
    " holder bigint NOT NULL, recorded_at timestamptz NOT NULL)";

constexpr char kDropPlots[] = "DROP TABLE IF EXISTS landbook_bench.plots";

// A planner without statistics would not take the index.
constexpr char kPrepareForReads[] =
    "CREATE UNIQUE INDEX plots_code ON landbook_bench.plots (dkbm); ANALYZE landbook_bench.plots";

// The connection's process, when it is one of this machine.
constexpr char kBackendHere[] =
    "SELECT CASE WHEN inet_server_addr() IS NULL OR inet_server_addr() = inet_client_addr()"
    " THEN pg_backend_pid()::text ELSE '' END";

// Two polygons whose insides meet: one predicate for what overlaps, contains and equals.
constexpr char kPairs[] =
    "SELECT count(*), coalesce(sum(ST_Area(ST_Intersection(a.geom, b.geom))), 0)"
    " FROM landbook_bench.plots a JOIN landbook_bench.plots b"
    " ON a.geom && b.geom AND a.id < b.id WHERE ST_Relate(a.geom, b.geom, 'T********')";

std::string StatementOf(ReadLoad load, int epsg) {
  switch (load) {
    case ReadLoad::kWindow:
      return fmt::format(
          "SELECT id, geom FROM landbook_bench.plots"
          " WHERE geom && ST_MakeEnvelope($1::float8, $2::float8, $3::float8, $4::float8, {})",
          epsg);
    case ReadLoad::kPoint:
      return fmt::format(
          "SELECT id, dkbm, dkmc, scmj FROM landbook_bench.plots"
          " WHERE ST_Intersects(geom, ST_SetSRID(ST_MakePoint($1::float8, $2::float8), {}))",
          epsg);
    case ReadLoad::kPlot:
      return "SELECT id, dkbm, dkmc, scmj, geom FROM landbook_bench.plots WHERE dkbm = $1::text";
  }
  return "";
}

double Metres(std::int64_t steps) {
  return static_cast<double>(steps) / static_cast<double>(geo::kStepsPerMetre);
}

std::vector<PeerValue> NextQuestion(ReadLoad load, BenchPlaces& places) {
  if (load == ReadLoad::kPlot) return {places.Code()};
  if (load == ReadLoad::kPoint) {
    const geo::Vertex point = places.Point();
    return {Metres(point.x), Metres(point.y)};
  }
  const geo::Box window = places.Window();
  return {Metres(window.min_x), Metres(window.min_y), Metres(window.max_x), Metres(window.max_y)};
}

// Runs a program and waits for its end. Its messages go where this process's go.
absl::Status RunProgram(std::vector<std::string> words) {
  std::vector<char*> arguments;
  for (std::string& word : words) arguments.push_back(word.data());
  arguments.push_back(nullptr);
  const pid_t process = fork();
  if (process < 0) return absl::UnavailableError("no process can be made");
  if (process == 0) {
    execvp(arguments.front(), arguments.data());
    _exit(127);
  }
  int status = 0;
  waitpid(process, &status, 0);
  if (WIFEXITED(status) && WEXITSTATUS(status) == 0) return absl::OkStatus();
  return absl::InternalError(
      fmt::format("{} did not end well; it comes with Debian's gdal-bin", words.front()));
}

// Asks so many questions; they leave together.
absl::Status Ask(PeerConnection& connection, ReadLoad load, BenchPlaces& places, int questions) {
  for (int i = 0; i < questions; ++i) {
    const absl::Status sent = connection.Send(kStatement, NextQuestion(load, places));
    if (!sent.ok()) return sent;
  }
  return connection.Flush();
}

// Keeps the pipeline of one connection full until time is up; gives how many answers came.
absl::StatusOr<std::uint64_t> RunPipeline(PeerConnection& connection, ReadLoad load,
                                          BenchPlaces places, const BenchTimer& timer) {
  absl::Status status = connection.BeginPipeline();
  if (status.ok()) status = Ask(connection, load, places, kBenchInFlight);
  std::uint64_t answered = 0;
  while (status.ok() && !timer.Passed()) {
    status = connection.Receive().status();
    if (status.ok() && ++answered % kBenchAskedTogether == 0) {
      status = Ask(connection, load, places, kBenchAskedTogether);
    }
  }
  if (!status.ok()) return status;
  return answered;
}

using PeerTask = std::function<absl::StatusOr<std::uint64_t>(std::size_t index)>;

// Runs tasks beside each other; gives the sum of what they count.
absl::StatusOr<std::uint64_t> RunBeside(std::size_t count, const PeerTask& task) {
  std::vector<absl::StatusOr<std::uint64_t>> counts(count, absl::UnknownError("did not run"));
  std::vector<std::thread> threads;
  for (std::size_t i = 0; i < count; ++i) {
    threads.emplace_back([&, i] { counts[i] = task(i); });
  }
  for (std::thread& thread : threads) thread.join();
  std::uint64_t sum = 0;
  for (const auto& counted : counts) {
    if (!counted.ok()) return counted.status();
    sum += *counted;
  }
  return sum;
}

// Durable transactions of one prepared statement over many connections, each waiting for its own.
absl::StatusOr<double> RunTransactions(
    const std::vector<std::unique_ptr<PeerConnection>>& connections, double seconds,
    const std::function<std::vector<PeerValue>(std::size_t slot, std::uint64_t turn)>& values) {
  const BenchTimer timer(seconds);
  const auto done =
      RunBeside(connections.size(), [&](std::size_t slot) -> absl::StatusOr<std::uint64_t> {
        std::uint64_t turn = 0;
        for (; !timer.Passed(); ++turn) {
          const auto changed = connections[slot]->Execute(kStatement, values(slot, turn));
          if (!changed.ok()) return changed.status();
          if (*changed != 1)
            return absl::DataLossError("PostgreSQL: a transaction changed nothing");
        }
        return turn;
      });
  if (!done.ok()) return done.status();
  return timer.RateOf(*done);
}

}  // namespace

absl::StatusOr<std::unique_ptr<PeerBook>> PeerBook::Open(const std::string& uri) {
  auto connection = PeerConnection::Open(uri);
  if (!connection.ok()) return connection.status();
  std::unique_ptr<PeerBook> book(new PeerBook(uri, *std::move(connection)));
  // What is dropped is told as a notice, which nobody here wants to read.
  const auto quiet = book->connection_->Run("SET client_min_messages = warning");
  if (!quiet.ok()) return quiet.status();
  if (const auto version = book->connection_->Run("SELECT postgis_version()"); !version.ok()) {
    return absl::FailedPreconditionError(
        fmt::format("{}; the database wants CREATE EXTENSION postgis",
                    std::string(version.status().message())));
  }
  if (const auto made = book->connection_->Run(kMakeSchema); !made.ok()) return made.status();
  return book;
}

PeerBook::~PeerBook() {
  // A connection that is lost leaves the schema to the next run, which drops it first.
  (void)connection_->Run("DROP SCHEMA IF EXISTS landbook_bench CASCADE");
}

absl::StatusOr<std::vector<std::string>> PeerBook::Settings() {
  std::vector<std::string> lines;
  const auto version = connection_->Run("SELECT version() || '; ' || postgis_full_version()");
  if (!version.ok()) return version.status();
  lines.push_back(*version);
  for (const char* name :
       {"shared_buffers", "max_wal_size", "work_mem", "maintenance_work_mem",
        "effective_cache_size", "random_page_cost", "max_parallel_workers_per_gather", "jit",
        "fsync", "synchronous_commit", "full_page_writes", "wal_level"}) {
    const auto value = connection_->Run(fmt::format("SHOW {}", name));
    if (!value.ok()) return value.status();
    lines.push_back(fmt::format("{} = {}", name, *value));
  }
  return lines;
}

absl::StatusOr<double> PeerBook::Timed(const std::string& sql, std::string* answer) {
  const BenchTimer timer(0);
  auto answered = connection_->Run(sql);
  if (!answered.ok()) return answered.status();
  *answer = *std::move(answered);
  return timer.Elapsed();
}

absl::Status PeerBook::Copy(const std::string& layer_path, int epsg) {
  return RunProgram({"ogr2ogr",    "-q",
                     "-f",         "PostgreSQL",
                     "PG:" + uri_, layer_path,
                     "-nln",       "landbook_bench.plots",
                     "-nlt",       "POLYGON",
                     "-a_srs",     fmt::format("EPSG:{}", epsg),
                     "-lco",       "SPATIAL_INDEX=NONE",
                     "-lco",       "GEOMETRY_NAME=geom",
                     "-lco",       "FID=id",
                     "-gt",        "unlimited",
                     "--config",   "PG_USE_COPY",
                     "YES"});
}

absl::StatusOr<PeerLoad> PeerBook::Load(const std::string& layer_path, int epsg) {
  epsg_ = epsg;
  const auto backend = connection_->Run(kBackendHere);
  if (!backend.ok()) return backend.status();
  if (const auto dropped = connection_->Run(kDropPlots); !dropped.ok()) return dropped.status();
  const PeerMemory memory(*backend);
  PeerLoad load;
  std::string ignored;
  const BenchTimer copy(0);
  if (const absl::Status copied = Copy(layer_path, epsg); !copied.ok()) return copied;
  load.copy_seconds = copy.Elapsed();
  const auto indexed =
      Timed("CREATE INDEX plots_geom ON landbook_bench.plots USING gist (geom)", &ignored);
  if (!indexed.ok()) return indexed.status();
  load.index_seconds = *indexed;
  if (const auto ready = connection_->Run(kPrepareForReads); !ready.ok()) return ready.status();
  const auto valid =
      Timed("SELECT count(*) FROM landbook_bench.plots WHERE NOT ST_IsValid(geom)", &load.invalid);
  if (!valid.ok()) return valid.status();
  load.valid_seconds = *valid;
  const auto pairs = Timed(kPairs, &load.overlaps);
  if (!pairs.ok()) return pairs.status();
  load.pairs_seconds = *pairs;
  // Of the first load: shared buffers that were filled once stay so.
  if (peak_memory_bytes_ == 0) peak_memory_bytes_ = memory.PeakBytes();
  if (const absl::Status settled = Settle(); !settled.ok()) return settled;
  return load;
}

absl::Status PeerBook::Settle() {
  // A statement each: VACUUM runs in no transaction.
  for (const char* statement : {"VACUUM (ANALYZE) landbook_bench.plots", "CHECKPOINT"}) {
    if (const auto done = connection_->Run(statement); !done.ok()) return done.status();
  }
  return absl::OkStatus();
}

absl::StatusOr<double> PeerBook::StoreBytes() {
  const auto bytes = connection_->Run("SELECT pg_total_relation_size('landbook_bench.plots')");
  if (!bytes.ok()) return bytes.status();
  return std::stod(*bytes);
}

absl::StatusOr<std::unique_ptr<PeerConnection>> PeerBook::Prepared(const std::string& sql) {
  auto connection = PeerConnection::Open(uri_);
  if (!connection.ok()) return connection.status();
  const absl::Status prepared = (*connection)->Prepare(kStatement, sql);
  if (!prepared.ok()) return prepared;
  return connection;
}

absl::StatusOr<double> PeerBook::Read(const BenchGround& ground, ReadLoad load, double seconds) {
  const auto connection = Prepared(StatementOf(load, epsg_));
  if (!connection.ok()) return connection.status();
  BenchPlaces places(ground, 0);
  const BenchTimer timer(seconds);
  std::uint64_t read = 0;
  for (; !timer.Passed(); ++read) {
    const auto rows = (*connection)->Execute(kStatement, NextQuestion(load, places));
    if (!rows.ok()) return rows.status();
    if (load == ReadLoad::kPlot && *rows != 1) {
      return absl::DataLossError("PostgreSQL: a plot is not there");
    }
  }
  return timer.RateOf(read);
}

absl::StatusOr<double> PeerBook::ReadPipelined(const BenchGround& ground, ReadLoad load,
                                               double seconds) {
  std::vector<std::unique_ptr<PeerConnection>> connections;
  for (int i = 0; i < kBenchStreams; ++i) {
    auto connection = Prepared(StatementOf(load, epsg_));
    if (!connection.ok()) return connection.status();
    connections.push_back(*std::move(connection));
  }
  const BenchTimer timer(seconds);
  const auto answered = RunBeside(connections.size(), [&](std::size_t i) {
    return RunPipeline(*connections[i], load, BenchPlaces(ground, i), timer);
  });
  if (!answered.ok()) return answered.status();
  return timer.RateOf(*answered);
}

absl::StatusOr<double> PeerBook::CommitParties(double seconds) {
  std::vector<std::unique_ptr<PeerConnection>> connections;
  for (int i = 0; i < kBenchCommits; ++i) {
    auto connection = Prepared("INSERT INTO landbook_bench.parties (title) VALUES ($1::text)");
    if (!connection.ok()) return connection.status();
    connections.push_back(*std::move(connection));
  }
  return RunTransactions(connections, seconds, [](std::size_t slot, std::uint64_t turn) {
    return std::vector<PeerValue>{fmt::format("bench-{}-{}", slot, turn)};
  });
}

absl::StatusOr<double> PeerBook::TransferRights(double seconds) {
  const auto made = connection_->Run(fmt::format(
      "INSERT INTO landbook_bench.rights SELECT id, 0 FROM generate_series(0, {}) AS id;"
      "ANALYZE landbook_bench.rights",
      kBenchCommits * kBenchRightsPerCommit - 1));
  if (!made.ok()) return made.status();
  std::vector<std::unique_ptr<PeerConnection>> connections;
  for (int i = 0; i < kBenchCommits; ++i) {
    auto connection = Prepared(
        "WITH moved AS (UPDATE landbook_bench.rights SET holder = $2::bigint WHERE id = $1::bigint"
        " RETURNING id, holder) INSERT INTO landbook_bench.journal (right_id, holder, recorded_at)"
        " SELECT id, holder, now() FROM moved");
    if (!connection.ok()) return connection.status();
    connections.push_back(*std::move(connection));
  }
  return RunTransactions(connections, seconds, [](std::size_t slot, std::uint64_t turn) {
    const auto right =
        static_cast<std::int64_t>(slot * kBenchRightsPerCommit + turn % kBenchRightsPerCommit);
    const auto holder = static_cast<std::int64_t>(turn / kBenchRightsPerCommit + 1);
    return std::vector<PeerValue>{right, holder};
  });
}

}  // namespace landbook::tools
