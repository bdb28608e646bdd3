// The same work on PostGIS: the layer that Landbook imports, loaded and checked; the same look-ups;
// a durable commit and a transfer with a line of history each.
#ifndef LANDBOOK_TOOLS_LANDBOOK_BENCH_PEER_H_
#define LANDBOOK_TOOLS_LANDBOOK_BENCH_PEER_H_

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "tools/landbook/bench_ground.h"
#include "tools/landbook/peer_bridge.h"

namespace landbook::tools {

// What of a load took how long, and what it found.
struct PeerLoad {
  double copy_seconds = 0;   // COPY by ogr2ogr, with the primary key
  double index_seconds = 0;  // GiST
  double valid_seconds = 0;  // ST_IsValid of every plot
  double pairs_seconds = 0;  // every pair whose insides meet, with the area of its overlap
  std::string invalid;       // how many plots
  std::string overlaps;      // how many pairs

  double Seconds() const { return copy_seconds + index_seconds + valid_seconds + pairs_seconds; }
};

// A database of PostGIS. All that the benchmark makes there lies in the schema landbook_bench,
// which is dropped at the beginning and the end.
class PeerBook {
 public:
  // Fails when there is no such database, or no PostGIS in it.
  static absl::StatusOr<std::unique_ptr<PeerBook>> Open(const std::string& uri);
  PeerBook(const PeerBook&) = delete;
  PeerBook& operator=(const PeerBook&) = delete;
  ~PeerBook();

  // Versions and the settings that speed and durability hang on, a line each: "fsync = on".
  absl::StatusOr<std::vector<std::string>> Settings();

  // Loads a shapefile of plots in that plane with ogr2ogr, which has to be installed, and checks
  // it. What an earlier load made is dropped before.
  absl::StatusOr<PeerLoad> Load(const std::string& layer_path, int epsg);
  // The table with its indexes, in bytes; nothing of any history.
  absl::StatusOr<double> StoreBytes();
  // The most memory that the server's processes held together while it first loaded, pages that
  // they share counted once (PSS); 0 where this process may not look.
  std::uint64_t PeakMemoryBytes() const { return peak_memory_bytes_; }

  // How many look-ups a second: one caller that waits for each answer, and kBenchStreams
  // connections in pipeline mode with kBenchInFlight requests each. Statements are prepared, and
  // results binary. REQUIRES: loaded.
  absl::StatusOr<double> Read(const BenchGround& ground, ReadLoad load, double seconds);
  absl::StatusOr<double> ReadPipelined(const BenchGround& ground, ReadLoad load, double seconds);

  // How many durable transactions a second, with kBenchCommits connections: one new party each, and
  // one transfer of a right each.
  absl::StatusOr<double> CommitParties(double seconds);
  absl::StatusOr<double> TransferRights(double seconds);

 private:
  PeerBook(std::string uri, std::unique_ptr<PeerConnection> connection)
      : uri_(std::move(uri)), connection_(std::move(connection)) {}

  // A connection on which the statement of a look-up is prepared.
  absl::StatusOr<std::unique_ptr<PeerConnection>> Prepared(const std::string& sql);
  // How long a statement took; its answer into `answer`.
  absl::StatusOr<double> Timed(const std::string& sql, std::string* answer);
  absl::Status Copy(const std::string& layer_path, int epsg);
  // Does now what PostgreSQL would do of itself in the background of the measurements that follow.
  absl::Status Settle();

  std::string uri_;
  std::unique_ptr<PeerConnection> connection_;
  int epsg_ = 0;
  std::uint64_t peak_memory_bytes_ = 0;
};

}  // namespace landbook::tools

#endif  // LANDBOOK_TOOLS_LANDBOOK_BENCH_PEER_H_
