// The book that the benchmarks run on: a sample county, imported by the benchmarked server itself.
#ifndef LANDBOOK_TOOLS_LANDBOOK_BENCH_BOOK_H_
#define LANDBOOK_TOOLS_LANDBOOK_BENCH_BOOK_H_

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "fmt/format.h"
#include "landbook/v1/registry_service.pb.h"
#include "tools/landbook/bench_ground.h"
#include "tools/landbook/own_server.h"
#include "tools/landbook/session.h"
#include "tools/sample_county/options.h"

namespace landbook::tools {

inline constexpr char kBenchCounty[] = "990101";
inline constexpr char kBenchOfficer[] = "bench:administrator";

// A temporary folder with the stores of a server in it; removed when it is destroyed.
class BenchBook {
 public:
  // Makes the county's plots as a layer. There is no server before BeginAnew.
  static absl::StatusOr<std::unique_ptr<BenchBook>> Make(const sample_county::Options& options);
  BenchBook(const BenchBook&) = delete;
  BenchBook& operator=(const BenchBook&) = delete;
  ~BenchBook();

  // Starts a server on a store of its own, in place of any other, and creates the county's book.
  // The store before is left where it is: Linux asks at every new file about those that were
  // removed in the last minute, which a load would have to wait for.
  absl::Status BeginAnew();

  // An import as it ended, and how long it took from its first row to its last count.
  struct Imported {
    double seconds = 0;
    v1::Import import;
  };
  // Imports the layer into the empty book. Fails unless it ended with a verdict on every row, and,
  // for a county without slivers, unless every row was accepted.
  absl::StatusOr<Imported> Import();

  // Kills the server and starts it again; gives how long it took until it served, in seconds.
  absl::StatusOr<double> Recover();
  // Stops the server, so that this process can open the store.
  void StopServer() { server_.reset(); }

  Session& session() { return *session_; }
  const OwnServer& server() const { return *server_; }
  std::string store_directory() const {
    return (folder_ / fmt::format("store-{}", begun_)).string();
  }
  std::uint64_t StoreBytes() const;

  // What can be asked about the county.
  const BenchGround& ground() const { return ground_; }
  std::string layer_path() const { return (folder_ / "plots.shp").string(); }
  int epsg() const { return options_.epsg; }

 private:
  BenchBook(sample_county::Options options, std::filesystem::path folder)
      : options_(std::move(options)), folder_(std::move(folder)) {}
  absl::Status StartServer();
  absl::Status CreateCounty();

  sample_county::Options options_;
  std::filesystem::path folder_;
  int begun_ = 0;  // how often
  std::unique_ptr<OwnServer> server_;
  std::unique_ptr<Session> session_;
  BenchGround ground_;
};

}  // namespace landbook::tools

#endif  // LANDBOOK_TOOLS_LANDBOOK_BENCH_BOOK_H_
