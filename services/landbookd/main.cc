// landbookd: the server. It only wires: what it serves lives in the services' own rooms.
#include <CLI/CLI.hpp>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "fmt/format.h"
#include "services/boundary/boundary_service.h"
#include "services/common/call_frame.h"
#include "services/common/clock.h"
#include "services/common/identity.h"
#include "services/common/logging.h"
#include "services/common/metrics.h"
#include "services/common/server_frame.h"
#include "services/common/worker_pool.h"
#include "services/registry/book_appointments.h"
#include "services/registry/bookshelf.h"
#include "services/registry/registry_service.h"
#include "services/registry/trial_offset.h"
#include "storage/rocksdb/rocksdb_engine.h"

namespace landbook {
namespace {

constexpr auto kShutdownGrace = std::chrono::seconds(10);
constexpr std::size_t kWaitingCallsMax = 1'024;

struct Flags {
  std::string data;
  std::string listen = "127.0.0.1:7600";
  std::string metrics;
  std::vector<std::string> roles = {"all"};
  std::string keys;
  std::string policy;
  std::string trial_clock;
  std::string succeeded_county;
  bool insecure_local = false;
  common::TlsFiles tls;
};

// Where packs lie when --policy does not say: beside the checkout that the binary was built in,
// else where a package installs them.
std::string DefaultPolicyDirectory() {
  std::error_code error;
  const auto binary = std::filesystem::read_symlink("/proc/self/exe", error);
  const auto beside = binary.parent_path() / "../../deploy/policy";
  if (!error && std::filesystem::is_directory(beside, error)) {
    return std::filesystem::weakly_canonical(beside).string();
  }
  return "/usr/share/landbook/policy";
}

void AddFlags(CLI::App* app, Flags* flags) {
  app->add_option("--data", flags->data, "Directory of the embedded store")->required();
  app->add_option("--listen", flags->listen, "HOST:PORT to serve gRPC on; port 0 picks a free one");
  app->add_option("--metrics", flags->metrics, "HOST:PORT to serve Prometheus metrics on");
  app->add_option("--roles", flags->roles, "What to serve: all, registry, boundary")
      ->delimiter(',')
      ->check(CLI::IsMember({"all", "registry", "boundary"}));
  app->add_option(
      "--keys", flags->keys,
      "Directory of the books' keys and last heads (default: DATA with .keys after it)");
  app->add_option("--succeed-key", flags->succeeded_county,
                  "County whose book gets a fresh signing key, in force from its next entry on");
  app->add_option("--policy", flags->policy, "Directory of policy packs for new books");
  app->add_option("--tls-cert", flags->tls.certificate, "The server's certificate, PEM");
  app->add_option("--tls-key", flags->tls.key, "Its key, PEM");
  app->add_option("--client-ca", flags->tls.client_authority,
                  "Who signs the certificates of callers, PEM");
  app->add_option(
      "--client-revoked", flags->tls.client_revoked,
      "Directory of the lists of revoked certificates (HASH.r0, as OpenSSL names them)");
  app->add_flag("--insecure-local", flags->insecure_local,
                "Serve without TLS on a loopback address; callers say who they are");
  app->add_option(
      "--trial-clock", flags->trial_clock,
      "Start the books' time at this moment (RFC 3339); books made so are marked trial");
}

bool Serves(const Flags& flags, std::string_view role) {
  for (const std::string& named : flags.roles) {
    if (named == "all" || named == role) return true;
  }
  return false;
}

// The clock that the books go by: the machine's, or a trial clock from the stated moment or from
// where it was kept.
absl::StatusOr<std::unique_ptr<common::Clock>> MakeClock(const Flags& flags, common::Clock& machine,
                                                         const storage::Engine& engine) {
  if (flags.trial_clock.empty()) return std::make_unique<common::SystemClock>();
  const auto start = common::ParseTime(flags.trial_clock);
  if (!start) {
    return absl::InvalidArgumentError(
        fmt::format("--trial-clock {} is no RFC 3339 time such as 2026-01-01T08:00:00+08:00",
                    flags.trial_clock));
  }
  const auto kept = registry::ReadTrialOffset(engine);
  if (!kept.ok()) return kept.status();
  if (*kept) {
    return std::make_unique<common::TrialClock>(machine,
                                                common::TrialClock::FromOffset{.offset = **kept});
  }
  return std::make_unique<common::TrialClock>(machine, *start);
}

// The directory of keys and last heads, made if it is not there. Each book's keys lie in a folder
// of their own that only its owner may enter, whatever becomes of this one's permissions.
absl::StatusOr<std::string> MakeKeysDirectory(const Flags& flags) {
  const std::string keys = flags.keys.empty() ? flags.data + ".keys" : flags.keys;
  std::error_code error;
  std::filesystem::create_directories(keys, error);
  if (error) {
    return absl::UnavailableError(fmt::format("cannot make {}: {}", keys, error.message()));
  }
  std::filesystem::permissions(keys, std::filesystem::perms::owner_all, error);
  return keys;
}

// The page of metrics; null where none is asked for.
absl::StatusOr<std::unique_ptr<common::MetricsServer>> StartMetrics(
    const Flags& flags, const common::MetricRegistry& metrics) {
  if (flags.metrics.empty()) return std::unique_ptr<common::MetricsServer>();
  const auto address = common::ParseAddress(flags.metrics);
  if (!address.ok()) return address.status();
  return common::MetricsServer::Start(*address, metrics);
}

// What the services work on.
struct Books {
  registry::Bookshelf& shelf;
  storage::Engine& engine;
  common::Clock& clock;
};

// What the flags say of TLS; nullopt when they say nothing.
std::optional<common::TlsFiles> TlsOf(const Flags& flags) {
  const common::TlsFiles& tls = flags.tls;
  const bool named = !tls.certificate.empty() || !tls.key.empty() ||
                     !tls.client_authority.empty() || !tls.client_revoked.empty();
  return named ? std::optional(tls) : std::nullopt;
}

// Serves the books at `listen` until `signals` says stop.
absl::Status ServeBooks(const Flags& flags, const common::Address& listen, const Books& books,
                        const common::StopSignals& signals) {
  const common::InsecureLocalIdentity word_of_mouth;
  const common::CertifiedIdentity certified;
  const registry::BookAppointments appointments(&books.shelf);
  const std::optional<common::TlsFiles> tls = TlsOf(flags);
  common::MetricRegistry metrics;
  const common::Logger logger;
  common::WorkerPool workers({.threads = std::max(2u, std::thread::hardware_concurrency()),
                              .queue_max = kWaitingCallsMax});
  const common::FrameParts parts{
      tls ? static_cast<const common::IdentitySource&>(certified) : word_of_mouth, workers, metrics,
      logger, tls ? &appointments : nullptr};
  registry::RegistryServer registry_server(parts, books.shelf, books.engine, books.clock);
  boundary::BoundaryService boundary_server(parts, {});
  std::vector<grpc::Service*> services;
  if (Serves(flags, "registry")) services.push_back(&registry_server);
  if (Serves(flags, "boundary")) services.push_back(&boundary_server);

  auto server = common::ServerFrame::Start(
      {.listen = listen, .insecure_local = flags.insecure_local, .tls = tls}, services);
  if (!server.ok()) return server.status();
  const auto metrics_server = StartMetrics(flags, metrics);
  if (!metrics_server.ok()) return metrics_server.status();
  fmt::print("ready grpc={}\n", (*server)->address().Text());
  std::fflush(stdout);
  signals.Wait();
  (*server)->Stop(kShutdownGrace);
  registry_server.Stop();
  return absl::OkStatus();
}

absl::Status Serve(const Flags& flags) {
  const common::StopSignals signals;
  const auto listen = common::ParseAddress(flags.listen);
  if (!listen.ok()) return listen.status();
  auto engine = storage::OpenRocksdb(flags.data, {.create_if_missing = true});
  if (!engine.ok()) return engine.status();
  const auto keys = MakeKeysDirectory(flags);
  if (!keys.ok()) return keys.status();
  common::SystemClock machine;
  const auto clock = MakeClock(flags, machine, **engine);
  if (!clock.ok()) return clock.status();
  registry::ReadMemory read_memory;
  const auto shelf =
      registry::Bookshelf::Open({.engine = engine->get(),
                                 .clock = clock->get(),
                                 .random = &storage::SystemRandom(),
                                 .keys_directory = *keys,
                                 .scratch_directory = flags.data,
                                 .read_memory = &read_memory,
                                 .succeeded_county = flags.succeeded_county},
                                flags.policy.empty() ? DefaultPolicyDirectory() : flags.policy);
  if (!shelf.ok()) return shelf.status();
  return ServeBooks(flags, *listen, {.shelf = **shelf, .engine = **engine, .clock = **clock},
                    signals);
}

}  // namespace
}  // namespace landbook

int main(int argc, char** argv) {
  CLI::App app("landbookd: serves county books of rural property rights", "landbookd");
  landbook::Flags flags;
  landbook::AddFlags(&app, &flags);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : 2;
  }
  const absl::Status served = landbook::Serve(flags);
  if (served.ok()) return 0;
  fmt::print(stderr, "landbookd: {}\n", std::string(served.message()));
  return 1;
}
