// landbookd: the server. It only wires: what it serves lives in the services' own rooms.
#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
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
#include "services/landbookd/conveyance_role.h"
#include "services/registry/book_appointments.h"
#include "services/registry/bookshelf.h"
#include "services/registry/registry_service.h"
#include "services/registry/trial_offset.h"
#include "storage/digest.h"
#include "storage/rocksdb/rocksdb_engine.h"
#include "storage/secret.h"

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
  std::vector<std::string> peers;
  RegistryPeer registry;
};

// Where packs lie: where --policy says, else beside the checkout that the binary was built in, else
// where a package installs them.
std::string PolicyDirectory(const Flags& flags) {
  if (!flags.policy.empty()) return flags.policy;
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
  app->add_option("--listen", flags->listen,
                  "HOST:PORT to serve gRPC on; port 0 picks a free one; or unix:/PATH");
  app->add_option("--metrics", flags->metrics, "HOST:PORT to serve Prometheus metrics on");
  app->add_option("--roles", flags->roles, "What to serve: all, registry, boundary, conveyance")
      ->delimiter(',')
      ->check(CLI::IsMember({"all", "registry", "boundary", "conveyance"}));
  app->add_option("--peer", flags->peers,
                  "ROLE=HOST:PORT: where a role is that this process does not serve (registry)");
  app->add_option("--peer-cert", flags->registry.certificate,
                  "The certificate of this service towards its peers, PEM; issued with --service");
  app->add_option("--peer-key", flags->registry.key, "Its key, PEM");
  app->add_option("--peer-ca", flags->registry.authority,
                  "Who signs the certificates of peers, PEM");
  app->add_option(
      "--keys", flags->keys,
      "Directory of the books' keys and last heads (default: DATA with .keys after it)");
  app->add_option("--succeed-key", flags->succeeded_county,
                  "County whose book gets a fresh signing key, in force from its next entry on");
  app->add_option("--policy", flags->policy,
                  "Directory of policy packs for new books and for checks without one");
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

// Where the registry is, by --peer; this process's own when it serves one.
absl::StatusOr<RegistryPeer> RegistryOf(const Flags& flags) {
  constexpr std::string_view kRegistry = "registry=";
  RegistryPeer peer = flags.registry;
  for (const std::string& named : flags.peers) {
    const bool registry = named.starts_with(kRegistry);
    const auto address =
        common::ParseAddress(registry ? named.substr(kRegistry.size()) : std::string());
    if (!registry || !address.ok()) {
      return absl::InvalidArgumentError(
          fmt::format("--peer {} came; registry=HOST:PORT is wanted", named));
    }
    peer.address = address->Text();
  }
  const bool own = Serves(flags, "registry");
  if (own != peer.address.empty() && Serves(flags, "conveyance")) {
    return absl::InvalidArgumentError(
        own ? "the registry is served here, so --peer registry=... has no meaning"
            : "conveyance needs a registry: serve it here too, or say --peer registry=HOST:PORT");
  }
  const bool tls = !peer.certificate.empty();
  if (!own && tls == flags.insecure_local) {
    return absl::InvalidArgumentError(
        "towards a registry elsewhere --peer-cert, --peer-key and --peer-ca are wanted, or none of "
        "them with --insecure-local");
  }
  return peer;
}

// What shows services of this process to each other.
absl::StatusOr<std::string> ProcessPass() {
  const auto secret = storage::Secret::Fresh(storage::SystemRandom());
  if (!secret.ok()) return secret.status();
  return storage::HexOf(secret->bytes());
}

// Serves what the flags name, over `books` where there are any, until `signals` says stop.
class Server {
 public:
  Server(const Flags& flags, const common::Address& listen, std::string process_pass)
      : flags_(flags), listen_(listen), tls_(TlsOf(flags)), pass_(std::move(process_pass)) {}

  // With the books of this process.
  absl::Status ServeBooks(const Books& books, const std::string& keys,
                          const common::StopSignals& signals) {
    const registry::BookAppointments appointments(&books.shelf);
    const common::FrameParts parts = Parts(tls_ ? &appointments : nullptr);
    registry::RegistryServer registry_server(parts, books.shelf, books.engine, books.clock);
    if (Serves(flags_, "registry")) services_.push_back(&registry_server);
    const absl::Status served = ServeBeside(parts, keys, books.clock, signals);
    registry_server.Stop();
    return served;
  }

  // Without: the registry is elsewhere, and says who has which role.
  absl::Status ServeWithoutBooks(common::Clock& clock, const std::string& keys,
                                 const common::StopSignals& signals) {
    return ServeBeside(Parts(nullptr), keys, clock, signals);
  }

 private:
  common::FrameParts Parts(const common::Appointments* appointments) {
    return {tls_ ? static_cast<const common::IdentitySource&>(certified_) : word_of_mouth_,
            workers_,
            metrics_,
            logger_,
            appointments,
            &pass_};
  }

  // The services that need no book of this process, and all of them together.
  absl::Status ServeBeside(const common::FrameParts& parts, const std::string& keys,
                           common::Clock& clock, const common::StopSignals& signals) {
    boundary::BoundaryService boundary_server(parts, {.policy_directory = PolicyDirectory(flags_)});
    if (Serves(flags_, "boundary")) services_.push_back(&boundary_server);
    std::unique_ptr<ConveyanceRole> conveyance;
    if (Serves(flags_, "conveyance")) {
      auto opened = ConveyanceRole::Open(flags_.data, keys, parts, clock);
      if (!opened.ok()) return opened.status();
      conveyance = *std::move(opened);
      services_.push_back(conveyance->service());
    }
    return Listen(conveyance.get(), signals);
  }

  absl::Status Listen(ConveyanceRole* conveyance, const common::StopSignals& signals) {
    auto server = common::ServerFrame::Start(
        {.listen = listen_, .insecure_local = flags_.insecure_local, .tls = tls_}, services_);
    if (!server.ok()) return server.status();
    const auto metrics_server = StartMetrics(flags_, metrics_);
    if (!metrics_server.ok()) return metrics_server.status();
    if (conveyance != nullptr) {
      const auto registry = ChannelToRegistry(server->get());
      if (!registry.ok()) return registry.status();
      conveyance->Start(*registry);
    }
    fmt::print("ready grpc={}\n", (*server)->address().Text());
    std::fflush(stdout);
    signals.Wait();
    if (conveyance != nullptr) conveyance->StopDailyWork();
    (*server)->Stop(kShutdownGrace);
    if (conveyance != nullptr) conveyance->Disconnect();
    return absl::OkStatus();
  }

  absl::StatusOr<std::shared_ptr<grpc::Channel>> ChannelToRegistry(common::ServerFrame* server) {
    const auto peer = RegistryOf(flags_);
    if (!peer.ok()) return peer.status();
    if (peer->address.empty()) return server->InProcessChannel();
    return ChannelTo(*peer);
  }

  const Flags& flags_;
  const common::Address listen_;
  const std::optional<common::TlsFiles> tls_;
  const std::string pass_;
  const common::InsecureLocalIdentity word_of_mouth_;
  const common::CertifiedIdentity certified_;
  common::MetricRegistry metrics_;
  const common::Logger logger_;
  common::WorkerPool workers_{{.threads = std::max(2u, std::thread::hardware_concurrency()),
                               .queue_max = kWaitingCallsMax}};
  std::vector<grpc::Service*> services_;
};

// Opens the books of this process, and serves them.
absl::Status ServeFromStore(const Flags& flags, const std::string& keys, Server* server,
                            const common::StopSignals& signals) {
  auto engine = storage::OpenRocksdb(
      flags.data, {.create_if_missing = true, .kinds_in_stretches = registry::kSpacesInStretches});
  if (!engine.ok()) return engine.status();
  common::SystemClock machine;
  const auto clock = MakeClock(flags, machine, **engine);
  if (!clock.ok()) return clock.status();
  registry::ReadMemory read_memory;
  const auto shelf = registry::Bookshelf::Open({.engine = engine->get(),
                                                .clock = clock->get(),
                                                .random = &storage::SystemRandom(),
                                                .keys_directory = keys,
                                                .scratch_directory = flags.data,
                                                .read_memory = &read_memory,
                                                .succeeded_county = flags.succeeded_county},
                                               PolicyDirectory(flags));
  if (!shelf.ok()) return shelf.status();
  return server->ServeBooks({.shelf = **shelf, .engine = **engine, .clock = **clock}, keys,
                            signals);
}

absl::Status Serve(const Flags& flags) {
  const common::StopSignals signals;
  const auto listen = common::ParseListenAddress(flags.listen);
  if (!listen.ok()) return listen.status();
  if (const auto registry = RegistryOf(flags); !registry.ok()) return registry.status();
  const auto keys = MakeKeysDirectory(flags);
  if (!keys.ok()) return keys.status();
  auto pass = ProcessPass();
  if (!pass.ok()) return pass.status();
  Server server(flags, *listen, *std::move(pass));
  if (Serves(flags, "registry") || !Serves(flags, "conveyance")) {
    return ServeFromStore(flags, *keys, &server, signals);
  }
  if (!flags.trial_clock.empty()) {
    return absl::InvalidArgumentError(
        "--trial-clock belongs to the process that serves the registry");
  }
  common::SystemClock clock;
  return server.ServeWithoutBooks(clock, *keys, signals);
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
