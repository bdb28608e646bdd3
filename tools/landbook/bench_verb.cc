// bench: how fast a server on this machine is, on a sample county of its own; and, when one is
// given, how fast PostGIS does the same work in the same run.
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <functional>
#include <memory>
#include <ostream>
#include <string>
#include <thread>
#include <vector>

#include "tools/landbook/bench_book.h"
#include "tools/landbook/bench_commits.h"
#include "tools/landbook/bench_peer.h"
#include "tools/landbook/bench_reads.h"
#include "tools/landbook/command.h"
#include "tools/landbook/json.h"
#include "tools/landbook/outcome.h"

namespace landbook::tools {
namespace {

constexpr std::chrono::seconds kIdle{10};
constexpr double kMega = 1e6;
constexpr double kPerMille = 1000;
constexpr int kTurns = 3;

const std::vector<std::string> kNames = {"import",     "store",    "memory", "find_grpc",
                                         "point_grpc", "get_grpc", "commit", "open",
                                         "transfer",   "find",     "point",  "get"};
// What a county with slivers is measured by: many of its plots are kept out of the book.
const std::vector<std::string> kLoadNames = {"import", "store", "memory"};

struct BenchOptions {
  std::string name;
  std::int64_t plots = 200'000;
  double long_share = 0.02;
  double sliver_share = 0;
  double seconds = 5;
  std::vector<std::string> against;  // "postgis" and its URI, or nothing
};

int PerMille(double share) { return static_cast<int>(share * kPerMille + 0.5); }

// REQUIRES: there are values, an odd number of them.
double MedianOf(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return values[values.size() / 2];
}

bool IsIn(const std::vector<std::string>& names, const std::string& name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

// Runs the benchmarks in an order in which each finds the book that it needs, and the peer's right
// after ours: on a shared machine only figures of about the same time can be compared.
class Bench {
 public:
  Bench(const Command& command, const BenchOptions& options)
      : command_(command), options_(options) {}

  absl::Status Run() {
    sample_county::Options county;
    county.plots = options_.plots;
    county.county_code = kBenchCounty;
    county.long_per_mille = PerMille(options_.long_share);
    county.sliver_per_mille = PerMille(options_.sliver_share);
    if (const absl::Status opened = OpenPeer(); !opened.ok()) return opened;
    auto book = BenchBook::Make(county);
    if (!book.ok()) return book.status();
    book_ = *std::move(book);
    absl::Status status = Load();
    if (status.ok()) status = WhatIsHeld();
    if (status.ok()) status = Calls();
    if (status.ok()) status = Commits();
    if (status.ok()) status = InProcess();
    return status;
  }

 private:
  using Measure = std::function<absl::StatusOr<double>()>;
  using PeerMeasure = std::function<absl::StatusOr<double>(PeerBook& peer)>;
  struct Line {
    std::string name;
    std::string unit;
  };

  bool Wants(const std::string& name) const {
    if (options_.sliver_share > 0 && !IsIn(kLoadNames, name)) return false;
    return options_.name.empty() || options_.name == name;
  }

  absl::Status OpenPeer() {
    if (options_.against.empty()) return absl::OkStatus();
    auto peer = PeerBook::Open(options_.against.back());
    if (!peer.ok()) return peer.status();
    peer_ = *std::move(peer);
    const auto settings = peer_->Settings();
    if (!settings.ok()) return settings.status();
    for (const std::string& line : *settings) command_.err << "postgis: " << line << "\n";
    return absl::OkStatus();
  }

  void Tell(const Line& line, double value, double peer_value) const {
    const bool compared = peer_value > 0;
    command_.out << fmt::format(
        "{{\"name\":{},\"unit\":{},\"landbook\":{:.6g},\"peer\":{},\"ratio\":{}}}\n",
        JsonText(line.name), JsonText(line.unit), value,
        compared ? fmt::format("{:.6g}", peer_value) : "null",
        compared ? fmt::format("{:.4g}", value / peer_value) : "null");
    command_.out.flush();
  }

  // Measures one line, on both sides where there is a peer that does it.
  absl::Status Measured(const Line& line, const Measure& ours, const PeerMeasure& theirs) const {
    if (!Wants(line.name)) return absl::OkStatus();
    const absl::StatusOr<double> value = ours();
    if (!value.ok()) return value.status();
    double peer_value = 0;
    if (peer_ && theirs) {
      const absl::StatusOr<double> measured = theirs(*peer_);
      if (!measured.ok()) return measured.status();
      peer_value = *measured;
    }
    Tell(line, *value, peer_value);
    return absl::OkStatus();
  }

  // The same several times in turns, so that what else the machine does meets both sides alike;
  // tells the median of each. Of look-ups the first turn reads what later ones find in memory.
  absl::Status MeasuredInTurns(const Line& line, const Measure& ours,
                               const PeerMeasure& theirs) const {
    if (!Wants(line.name)) return absl::OkStatus();
    std::vector<double> values;
    std::vector<double> peer_values;
    for (int turn = 0; turn < kTurns; ++turn) {
      const absl::StatusOr<double> value = ours();
      if (!value.ok()) return value.status();
      values.push_back(*value);
      if (!peer_) continue;
      const absl::StatusOr<double> peer_value = theirs(*peer_);
      if (!peer_value.ok()) return peer_value.status();
      peer_values.push_back(*peer_value);
    }
    Tell(line, MedianOf(values), peer_values.empty() ? 0 : MedianOf(peer_values));
    return absl::OkStatus();
  }

  // --- The layer, loaded and checked -----------------------------------------------------------

  // Each load begins with an empty book and an empty table; the last ones are what all that follows
  // is measured on.
  absl::Status Load() {
    const Measure ours = [this] { return LoadBook(); };
    const PeerMeasure theirs = [this](PeerBook& peer) { return LoadPeer(peer); };
    if (Wants("import")) return MeasuredInTurns({"import", "plots/s"}, ours, theirs);
    absl::Status loaded = ours().status();
    if (loaded.ok() && peer_) loaded = theirs(*peer_).status();
    return loaded;
  }

  absl::StatusOr<double> LoadBook() {
    if (const absl::Status begun = book_->BeginAnew(); !begun.ok()) return begun;
    FinishWrites();
    const auto imported = book_->Import();
    if (!imported.ok()) return imported.status();
    TellFindings(*imported);
    return static_cast<double>(options_.plots) / imported->seconds;
  }

  absl::StatusOr<double> LoadPeer(PeerBook& peer) {
    FinishWrites();
    const auto load = peer.Load(book_->layer_path(), book_->epsg());
    if (!load.ok()) return load.status();
    TellSteps(*load);
    return static_cast<double>(options_.plots) / load->Seconds();
  }

  // Whoever loads next shall not wait for what was written before.
  static void FinishWrites() { sync(); }

  // What the books of both sides take on the disk and have taken of memory.
  absl::Status WhatIsHeld() {
    const auto store = [this]() -> absl::StatusOr<double> {
      std::this_thread::sleep_for(kIdle);
      return static_cast<double>(book_->StoreBytes()) / kMega;
    };
    const auto peer_store = [](PeerBook& peer) -> absl::StatusOr<double> {
      const auto bytes = peer.StoreBytes();
      if (!bytes.ok()) return bytes.status();
      return *bytes / kMega;
    };
    const absl::Status status = Measured({"store", "MB"}, store, peer_store);
    if (!status.ok()) return status;
    return Measured(
        {"memory", "MB"},
        [this] { return static_cast<double>(book_->server().PeakResidentBytes()) / kMega; },
        [](PeerBook& peer) { return static_cast<double>(peer.PeakMemoryBytes()) / kMega; });
  }

  void TellFindings(const BenchBook::Imported& imported) const {
    command_.err << fmt::format("landbook: {:.2f} s, {} accepted, {} rejected;", imported.seconds,
                                imported.import.accepted(), imported.import.rejected());
    for (const v1::RuleCount& findings : imported.import.findings()) {
      command_.err << fmt::format(" {} {}", findings.rule(), findings.count());
    }
    command_.err << "\n";
  }

  void TellSteps(const PeerLoad& load) const {
    command_.err << fmt::format(
        "postgis: {:.2f} s, copy {:.2f} s, index {:.2f} s, validity {:.2f} s ({} invalid), pairs "
        "{:.2f} s ({} overlap)\n",
        load.Seconds(), load.copy_seconds, load.index_seconds, load.valid_seconds, load.invalid,
        load.pairs_seconds, load.overlaps);
  }

  // --- Look-ups and commits --------------------------------------------------------------------

  absl::Status Calls() {
    const auto measured = [this](const Line& line, ReadLoad load) {
      const double seconds = options_.seconds / kTurns;
      return MeasuredInTurns(
          line, [this, load, seconds] { return ReadOverGrpc(*book_, load, seconds); },
          [this, load, seconds](PeerBook& peer) {
            return peer.ReadPipelined(book_->ground(), load, seconds);
          });
    };
    absl::Status status = measured({"find_grpc", "windows/s"}, ReadLoad::kWindow);
    if (status.ok()) status = measured({"point_grpc", "points/s"}, ReadLoad::kPoint);
    if (status.ok()) status = measured({"get_grpc", "plots/s"}, ReadLoad::kPlot);
    return status;
  }

  absl::Status Commits() {
    // The commits also fill the memtable that `open` has to recover.
    if (Wants("open") && !Wants("commit")) {
      const auto filled = CommitOrganisations(*book_, options_.seconds);
      if (!filled.ok()) return filled.status();
    }
    absl::Status status = Measured(
        {"commit", "commits/s"}, [this] { return CommitOrganisations(*book_, options_.seconds); },
        [this](PeerBook& peer) { return peer.CommitParties(options_.seconds); });
    if (status.ok()) status = Measured({"open", "s"}, [this] { return book_->Recover(); }, {});
    if (!status.ok()) return status;
    return Measured(
        {"transfer", "transfers/s"}, [this] { return TransferRights(*book_, options_.seconds); },
        [this](PeerBook& peer) { return peer.TransferRights(options_.seconds); });
  }

  absl::Status InProcess() {
    const absl::StatusOr<v1::County> county = CountyOf(book_->session());
    if (!county.ok()) return county.status();
    book_->StopServer();
    const auto measured = [&](const Line& line, ReadLoad load) {
      return Measured(
          line, [&] { return ReadInProcess(*book_, *county, load, options_.seconds); },
          [&](PeerBook& peer) { return peer.Read(book_->ground(), load, options_.seconds); });
    };
    absl::Status status = measured({"find", "windows/s"}, ReadLoad::kWindow);
    if (status.ok()) status = measured({"point", "points/s"}, ReadLoad::kPoint);
    if (status.ok()) status = measured({"get", "plots/s"}, ReadLoad::kPlot);
    return status;
  }

  const Command& command_;
  const BenchOptions options_;
  std::unique_ptr<PeerBook> peer_;
  std::unique_ptr<BenchBook> book_;
};

absl::Status CheckUsage(const BenchOptions& options) {
  if (!options.against.empty() && options.against.front() != "postgis") {
    return UsageError(
        fmt::format("--against {}: only postgis can be compared with; give postgis "
                    "and a URI such as postgresql:///peer",
                    options.against.front()));
  }
  if (options.sliver_share > 0 && !options.name.empty() && !IsIn(kLoadNames, options.name)) {
    return UsageError(fmt::format("a county with slivers is measured by {}, not by {}",
                                  fmt::join(kLoadNames, ", "), options.name));
  }
  return absl::OkStatus();
}

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
  verb->add_option("--sliver-share", options->sliver_share,
                   "share of pairs of neighbours that overlap in a sliver; measures the load only")
      ->capture_default_str()
      ->check(CLI::Range(0.0, 1.0));
  verb->add_option("--seconds", options->seconds, "how long each load runs")
      ->capture_default_str()
      ->check(CLI::PositiveNumber);
  verb->add_option(
          "--against", options->against,
          "do the same work on a PostGIS and print the ratio; tools/peer-postgis starts one")
      ->type_name("postgis URI")
      ->expected(2);
  verb->callback([options, &command] {
    command.action = [options, &command] {
      const absl::Status usage = CheckUsage(*options);
      return usage.ok() ? Bench(command, *options).Run() : usage;
    };
  });
}

}  // namespace landbook::tools
