// The book that the benchmarks run on: a sample county, imported by the benchmarked server itself.
#ifndef LANDBOOK_TOOLS_LANDBOOK_BENCH_BOOK_H_
#define LANDBOOK_TOOLS_LANDBOOK_BENCH_BOOK_H_

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "geo/boundary.h"
#include "landbook/v1/book.pb.h"
#include "tools/landbook/own_server.h"
#include "tools/landbook/session.h"
#include "tools/sample_county/options.h"

namespace landbook::tools {

inline constexpr char kBenchCounty[] = "990101";
inline constexpr char kBenchOfficer[] = "bench:administrator";

// A temporary folder with a server's store in it; removed when it is destroyed.
class BenchBook {
 public:
  // Makes the county's plots as a layer, starts a server and creates the county's book.
  static absl::StatusOr<std::unique_ptr<BenchBook>> Make(const sample_county::Options& options);
  BenchBook(const BenchBook&) = delete;
  BenchBook& operator=(const BenchBook&) = delete;
  ~BenchBook();

  // Imports the layer; gives how long that took, from its first row to its last count, in seconds.
  // Fails unless every row was accepted.
  absl::StatusOr<double> Import();

  // Kills the server and starts it again; gives how long it took until it served, in seconds.
  absl::StatusOr<double> Recover();
  // Stops the server, so that this process can open the store.
  void StopServer() { server_.reset(); }

  Session& session() { return *session_; }
  const OwnServer& server() const { return *server_; }
  std::string store_directory() const { return (folder_ / "store").string(); }
  std::uint64_t StoreBytes() const;

  // The number of plots, and the box that holds them all.
  std::int64_t plot_count() const { return options_.plots; }
  const geo::Box& extent() const { return extent_; }

 private:
  BenchBook(sample_county::Options options, std::filesystem::path folder)
      : options_(std::move(options)), folder_(std::move(folder)) {}
  absl::Status StartServer();
  absl::Status CreateCounty();
  std::string layer_path() const { return (folder_ / "plots.shp").string(); }

  sample_county::Options options_;
  std::filesystem::path folder_;
  std::unique_ptr<OwnServer> server_;
  std::unique_ptr<Session> session_;
  geo::Box extent_;
};

}  // namespace landbook::tools

#endif  // LANDBOOK_TOOLS_LANDBOOK_BENCH_BOOK_H_
