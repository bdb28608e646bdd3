// bench: how fast a server on this machine is, on a sample county of its own.
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <memory>
#include <ostream>
#include <string>
#include <thread>
#include <vector>

#include "tools/landbook/bench_book.h"
#include "tools/landbook/bench_loads.h"
#include "tools/landbook/command.h"
#include "tools/landbook/json.h"

namespace landbook::tools {
namespace {

constexpr double kLoadSeconds = 5;
constexpr std::chrono::seconds kIdle{10};
constexpr double kMega = 1e6;
constexpr double kPerMille = 1000;

const std::vector<std::string> kNames = {"import", "store", "memory", "find_grpc", "commit",
                                         "open",   "find",  "point",  "get"};

struct BenchOptions {
  std::string name;
  std::int64_t plots = 200'000;
  double long_share = 0.02;
};

// Runs the benchmarks in an order in which each finds the book that it needs.
class Bench {
 public:
  Bench(const Command& command, const BenchOptions& options)
      : command_(command), options_(options) {}

  absl::Status Run() {
    sample_county::Options county;
    county.plots = options_.plots;
    county.county_code = kBenchCounty;
    county.long_per_mille = static_cast<int>(options_.long_share * kPerMille + 0.5);
    auto book = BenchBook::Make(county);
    if (!book.ok()) return book.status();
    book_ = *std::move(book);
    absl::Status status = Import();
    if (status.ok()) status = WithServer();
    if (status.ok()) status = InProcess();
    return status;
  }

 private:
  bool Wants(const std::string& name) const {
    return options_.name.empty() || options_.name == name;
  }

  void Tell(const std::string& name, const std::string& unit, double value) const {
    command_.out << fmt::format(
        "{{\"name\":{},\"unit\":{},\"landbook\":{:.6g},\"peer\":null,\"ratio\":null}}\n",
        JsonText(name), JsonText(unit), value);
    command_.out.flush();
  }

  absl::Status TellIfOk(const std::string& name, const std::string& unit,
                        const absl::StatusOr<double>& value) const {
    if (value.ok()) Tell(name, unit, *value);
    return value.status();
  }

  absl::Status Import() {
    const absl::StatusOr<double> seconds = book_->Import();
    if (!seconds.ok()) return seconds.status();
    if (Wants("import")) Tell("import", "plots/s", static_cast<double>(options_.plots) / *seconds);
    if (Wants("store")) {
      std::this_thread::sleep_for(kIdle);
      Tell("store", "MB", static_cast<double>(book_->StoreBytes()) / kMega);
    }
    return absl::OkStatus();
  }

  absl::Status WithServer() {
    absl::Status status;
    if (Wants("find_grpc")) {
      status = TellIfOk("find_grpc", "windows/s", FindOverGrpc(*book_, kLoadSeconds));
    }
    // The commits also fill the memtable that `open` has to recover.
    if (status.ok() && (Wants("commit") || Wants("open"))) {
      const absl::StatusOr<double> rate = CommitOverGrpc(*book_, kLoadSeconds);
      status = rate.status();
      if (rate.ok() && Wants("commit")) Tell("commit", "commits/s", *rate);
    }
    if (status.ok() && Wants("memory")) {
      Tell("memory", "MB", static_cast<double>(book_->server().PeakResidentBytes()) / kMega);
    }
    if (status.ok() && Wants("open")) status = TellIfOk("open", "s", book_->Recover());
    return status;
  }

  absl::Status InProcess() {
    const absl::StatusOr<v1::County> county = CountyOf(book_->session());
    if (!county.ok()) return county.status();
    book_->StopServer();
    const auto read = [&](const char* name, const char* unit, ReadLoad load) -> absl::Status {
      if (!Wants(name)) return absl::OkStatus();
      return TellIfOk(name, unit, ReadInProcess(*book_, *county, load, kLoadSeconds));
    };
    absl::Status status = read("find", "windows/s", ReadLoad::kWindow);
    if (status.ok()) status = read("point", "points/s", ReadLoad::kPoint);
    if (status.ok()) status = read("get", "plots/s", ReadLoad::kPlot);
    return status;
  }

  const Command& command_;
  const BenchOptions options_;
  std::unique_ptr<BenchBook> book_;
};

}  // namespace

void AddBenchVerb(CLI::App& app, Command& command) {
  auto options = std::make_shared<BenchOptions>();
  CLI::App* verb =
      app.add_subcommand("bench", "measure a server of its own; one JSON object a line");
  verb->add_option("NAME", options->name, "which; all of them if not given")
      ->check(CLI::IsMember(kNames));
  verb->add_option("--plots", options->plots, "how many plots the sample county has")
      ->capture_default_str()
      ->check(CLI::PositiveNumber);
  verb->add_option("--long-share", options->long_share, "share of plots 200 m to 5,000 m long")
      ->capture_default_str()
      ->check(CLI::Range(0.0, 1.0));
  verb->callback([options, &command] {
    command.action = [options, &command] { return Bench(command, *options).Run(); };
  });
}

}  // namespace landbook::tools
