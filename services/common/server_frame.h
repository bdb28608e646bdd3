// What every server does around its services: where it listens, health, reflection, limits, the
// metrics page, and an orderly end.
#ifndef LANDBOOK_SERVICES_COMMON_SERVER_FRAME_H_
#define LANDBOOK_SERVICES_COMMON_SERVER_FRAME_H_

#include <grpcpp/channel.h>
#include <grpcpp/server.h>
#include <grpcpp/support/channel_arguments.h>

#include <chrono>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "services/common/metrics.h"

namespace landbook::common {

// A place to listen.
struct Address {
  std::string host;
  int port = 0;
  // Of a socket file of this machine; host and port then mean nothing. Empty for all others.
  std::string socket_path = {};
  // HOST:PORT, with brackets around an IPv6 address; unix:PATH of a socket file.
  std::string Text() const;
};

// The address that `text` writes as HOST:PORT ("127.0.0.1:0", "[::1]:50051"); INVALID_ARGUMENT with
// a sentence otherwise.
absl::StatusOr<Address> ParseAddress(std::string_view text);

// The same, or a socket file as unix:/PATH, which callers on the same machine reach with less work
// than a port. INVALID_ARGUMENT for a path that is not absolute or that no socket can have.
absl::StatusOr<Address> ParseListenAddress(std::string_view text);

// OK when nobody outside this machine can reach `address`: 127.0.0.0/8, ::1, the name localhost, or
// a socket file. INVALID_ARGUMENT with a sentence otherwise.
absl::Status CheckLoopback(const Address& address);

// The files of a server that tells its callers apart by their certificates (mutual TLS), all PEM.
// Files that are replaced are taken up within a minute.
struct TlsFiles {
  std::string certificate;
  std::string key;
  // Who signs the certificates of callers.
  std::string client_authority;
  // A directory of the authority's signed lists of revoked certificates, under the names that
  // OpenSSL looks for (HASH.r0); empty for none. With one, a caller whose authority has no list in
  // it is refused.
  std::string client_revoked;
};

// A gRPC server with health (grpc.health.v1) and reflection.
class ServerFrame {
 public:
  struct Options {
    // Port 0 takes a free one. A socket file is made, and removed at the end; who may call is said
    // by its permissions, which the process's umask sets. It is served without TLS only.
    Address listen;
    // Serve without TLS. Only loopback addresses are then taken, because identity is what the
    // client says.
    bool insecure_local = false;
    // Serve with mutual TLS: a caller without a certificate of the authority is not let in.
    std::optional<TlsFiles> tls = {};
  };

  // Starts to serve `services`, which are borrowed. INVALID_ARGUMENT for an address that may not be
  // served so, or neither or both ways to tell callers apart; NOT_FOUND when a file of TLS is not
  // there; UNAVAILABLE when the address is taken.
  static absl::StatusOr<std::unique_ptr<ServerFrame>> Start(
      const Options& options, std::span<grpc::Service* const> services);
  // Stops within a second if Stop was not called.
  ~ServerFrame();
  ServerFrame(const ServerFrame&) = delete;
  ServerFrame& operator=(const ServerFrame&) = delete;

  // Where it listens, with the port that was taken.
  const Address& address() const { return address_; }

  // A channel to this server that leaves the process nowhere. Its calls bring no certificate: they
  // show the process's pass (identity.h). Closed by Stop.
  std::shared_ptr<grpc::Channel> InProcessChannel();

  // Says NOT_SERVING to health checks, takes no more calls, lets those under way finish for
  // `grace`, then cancels the rest and returns when all have ended. Called again it does nothing.
  void Stop(std::chrono::milliseconds grace);

 private:
  ServerFrame() = default;

  std::unique_ptr<grpc::Server> server_;
  Address address_;
};

// The page for Prometheus (/metrics) and for whoever asks whether the process lives (/healthz), by
// plain HTTP/1.1 on a thread of its own.
class MetricsServer {
 public:
  // Starts to serve `registry`, which is borrowed. UNAVAILABLE when the address is taken.
  static absl::StatusOr<std::unique_ptr<MetricsServer>> Start(const Address& listen,
                                                              const MetricRegistry& registry);
  // Stops.
  ~MetricsServer();
  MetricsServer(const MetricsServer&) = delete;
  MetricsServer& operator=(const MetricsServer&) = delete;

  const Address& address() const { return address_; }

 private:
  struct Impl;
  MetricsServer();

  std::unique_ptr<Impl> impl_;
  Address address_;
};

// Waits for SIGTERM or SIGINT without doing any work in a handler. Make it in main before any
// thread starts, since threads inherit what it blocks.
class StopSignals {
 public:
  StopSignals();
  // Returns the signal that came. May be called again for the next one.
  int Wait() const;
};

// What a client's channel needs to hear all refusals and to take large answers.
grpc::ChannelArguments ClientArguments();

}  // namespace landbook::common

#endif  // LANDBOOK_SERVICES_COMMON_SERVER_FRAME_H_
