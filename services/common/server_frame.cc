#include "services/common/server_frame.h"

#include <absl/strings/numbers.h>
#include <arpa/inet.h>
#include <fmt/format.h>
#include <grpcpp/ext/proto_server_reflection_plugin.h>
#include <grpcpp/health_check_service_interface.h>
#include <grpcpp/security/server_credentials.h>
#include <grpcpp/security/tls_certificate_provider.h>
#include <grpcpp/security/tls_credentials_options.h>
#include <grpcpp/server_builder.h>
#include <pthread.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstring>
#include <memory>
#include <utility>

#include "services/common/call_frame.h"
#include "services/common/refusal_wire.h"

namespace landbook::common {
namespace {

// gRPC itself cuts off what is far too large; up to here a message is read, so that it can be
// refused by name.
constexpr int kReceiveBytesMax = 2 * static_cast<int>(kMessageBytesMax);
constexpr unsigned kFilesWatchedEverySeconds = 30;

absl::Status Malformed(std::string_view text) {
  return absl::InvalidArgumentError(fmt::format(
      "the address \"{}\" came; HOST:PORT is wanted, such as 127.0.0.1:0 or [::1]:50051", text));
}

constexpr std::string_view kSocketScheme = "unix:";
constexpr std::size_t kSocketPathBytesMax = sizeof(sockaddr_un::sun_path) - 1;

// True when some process serves the socket file; one that was left behind does not count. gRPC
// takes the place of either.
bool IsServed(const std::string& socket_path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  socket_path.copy(address.sun_path, kSocketPathBytesMax);
  const int caller = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const bool served =
      ::connect(caller, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
  ::close(caller);
  return served;
}

bool IsLoopback(const std::string& host) {
  if (host == "localhost") return true;
  in_addr v4;
  if (inet_pton(AF_INET, host.c_str(), &v4) == 1) return ntohl(v4.s_addr) >> 24 == 127;
  in6_addr v6;
  return inet_pton(AF_INET6, host.c_str(), &v6) == 1 && IN6_IS_ADDR_LOOPBACK(&v6);
}

// The files are watched once the server runs: one that is not there would let nobody in, unseen.
absl::Status CheckReadable(const TlsFiles& files) {
  for (const std::string& path : {files.certificate, files.key, files.client_authority}) {
    if (::access(path.c_str(), R_OK) != 0) {
      return absl::NotFoundError(fmt::format("cannot read {}: {}", path, std::strerror(errno)));
    }
  }
  if (!files.client_revoked.empty() && ::access(files.client_revoked.c_str(), R_OK | X_OK) != 0) {
    return absl::NotFoundError(
        fmt::format("cannot read {}: {}", files.client_revoked, std::strerror(errno)));
  }
  return absl::OkStatus();
}

std::shared_ptr<grpc::ServerCredentials> TlsCredentials(const TlsFiles& files) {
  grpc::experimental::TlsServerCredentialsOptions options(
      std::make_shared<grpc::experimental::FileWatcherCertificateProvider>(
          files.key, files.certificate, files.client_authority, kFilesWatchedEverySeconds));
  options.watch_root_certs();
  options.watch_identity_key_cert_pairs();
  options.set_cert_request_type(GRPC_SSL_REQUEST_AND_REQUIRE_CLIENT_CERTIFICATE_AND_VERIFY);
  if (!files.client_revoked.empty()) options.set_crl_directory(files.client_revoked);
  return grpc::experimental::TlsServerCredentials(options);
}

// How callers are told apart, and that the address may be served so.
absl::StatusOr<std::shared_ptr<grpc::ServerCredentials>> CredentialsOf(
    const ServerFrame::Options& options) {
  if (options.insecure_local == options.tls.has_value()) {
    return absl::InvalidArgumentError(
        "one way to tell callers apart is wanted: --tls-cert, --tls-key and --client-ca, or "
        "--insecure-local on a loopback address");
  }
  if (options.tls) {
    if (!options.listen.socket_path.empty()) {
      return absl::InvalidArgumentError(
          fmt::format("{} is a socket file, which is served with --insecure-local only; with TLS "
                      "give HOST:PORT",
                      options.listen.Text()));
    }
    if (auto readable = CheckReadable(*options.tls); !readable.ok()) return readable;
    return TlsCredentials(*options.tls);
  }
  if (auto loopback = CheckLoopback(options.listen); !loopback.ok()) return loopback;
  return grpc::InsecureServerCredentials();
}

sigset_t Signals() {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGTERM);
  sigaddset(&set, SIGINT);
  return set;
}

}  // namespace

std::string Address::Text() const {
  if (!socket_path.empty()) return fmt::format("{}{}", kSocketScheme, socket_path);
  const bool six = host.find(':') != std::string::npos;
  return six ? fmt::format("[{}]:{}", host, port) : fmt::format("{}:{}", host, port);
}

absl::StatusOr<Address> ParseAddress(std::string_view text) {
  const std::size_t colon = text.rfind(':');
  if (colon == std::string_view::npos || colon == 0) return Malformed(text);
  std::string_view host = text.substr(0, colon);
  if (host.front() == '[' && host.back() == ']' && host.size() > 2) {
    host = host.substr(1, host.size() - 2);
  } else if (host.find_first_of(":[]") != std::string_view::npos) {
    return Malformed(text);
  }
  const std::string_view digits = text.substr(colon + 1);
  int port = 0;
  if (digits.empty() || digits.find_first_not_of("0123456789") != std::string_view::npos ||
      !absl::SimpleAtoi(absl::string_view(digits.data(), digits.size()), &port) || port > 65'535) {
    return Malformed(text);
  }
  return Address{std::string(host), port};
}

absl::StatusOr<Address> ParseListenAddress(std::string_view text) {
  if (!text.starts_with(kSocketScheme)) return ParseAddress(text);
  const std::string_view path = text.substr(kSocketScheme.size());
  if (!path.starts_with('/') || path.size() > kSocketPathBytesMax) {
    return absl::InvalidArgumentError(fmt::format(
        "the socket file \"{}\" came; unix:/PATH is wanted, with an absolute path of at "
        "most {} bytes",
        text, kSocketPathBytesMax));
  }
  return Address{.host = "", .port = 0, .socket_path = std::string(path)};
}

absl::Status CheckLoopback(const Address& address) {
  if (!address.socket_path.empty() || IsLoopback(address.host)) return absl::OkStatus();
  return absl::InvalidArgumentError(fmt::format(
      "{} can be reached from other machines; without TLS listen on 127.0.0.1 or [::1], or give "
      "--tls-cert, --tls-key and --client-ca",
      address.Text()));
}

absl::StatusOr<std::unique_ptr<ServerFrame>> ServerFrame::Start(
    const Options& options, std::span<grpc::Service* const> services) {
  const auto credentials = CredentialsOf(options);
  if (!credentials.ok()) return credentials.status();
  const Address& listen = options.listen;
  if (!listen.socket_path.empty() && IsServed(listen.socket_path)) {
    return absl::UnavailableError(fmt::format("{} is served already", listen.Text()));
  }
  grpc::EnableDefaultHealthCheckService(true);
  grpc::reflection::InitProtoReflectionServerBuilderPlugin();
  grpc::ServerBuilder builder;
  // A second server on the same port must fail, not share it.
  builder.AddChannelArgument(GRPC_ARG_ALLOW_REUSEPORT, 0);
  builder.SetMaxReceiveMessageSize(kReceiveBytesMax);
  builder.SetMaxSendMessageSize(-1);
  int port = 0;
  builder.AddListeningPort(listen.Text(), *credentials, &port);
  for (grpc::Service* service : services) builder.RegisterService(service);

  std::unique_ptr<ServerFrame> frame(new ServerFrame());
  frame->server_ = builder.BuildAndStart();
  if (!frame->server_ || port == 0) {
    return absl::UnavailableError(
        fmt::format("cannot listen on {}; is the port taken?", listen.Text()));
  }
  frame->address_ = listen;
  if (listen.socket_path.empty()) frame->address_.port = port;
  return frame;
}

std::shared_ptr<grpc::Channel> ServerFrame::InProcessChannel() {
  return server_->InProcessChannel(ClientArguments());
}

ServerFrame::~ServerFrame() { Stop(std::chrono::seconds(1)); }

void ServerFrame::Stop(std::chrono::milliseconds grace) {
  if (!server_) return;
  server_->GetHealthCheckService()->Shutdown();
  server_->Shutdown(std::chrono::system_clock::now() + grace);
  server_->Wait();
  server_.reset();
}

StopSignals::StopSignals() {
  const sigset_t set = Signals();
  pthread_sigmask(SIG_BLOCK, &set, nullptr);
}

int StopSignals::Wait() const {
  const sigset_t set = Signals();
  int signal = 0;
  while (sigwait(&set, &signal) != 0) {
  }
  return signal;
}

grpc::ChannelArguments ClientArguments() {
  grpc::ChannelArguments arguments;
  arguments.SetMaxReceiveMessageSize(-1);
  arguments.SetMaxSendMessageSize(-1);
  RaiseDetailsLimit(arguments);
  return arguments;
}

}  // namespace landbook::common
