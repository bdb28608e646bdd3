#include "tools/landbook/session.h"

#include <fmt/format.h>
#include <grpcpp/create_channel.h>
#include <grpcpp/security/credentials.h>

#include <memory>
#include <string>
#include <thread>
#include <utility>

#include "services/common/identity.h"
#include "services/common/refusal_wire.h"
#include "tools/landbook/text_file.h"

namespace landbook::tools {
namespace {

constexpr std::chrono::seconds kCallDeadline{60};
constexpr int kAttemptsMax = 3;
constexpr std::chrono::milliseconds kFirstPause{250};

absl::StatusOr<std::string> ReadOptionalFile(const std::string& path) {
  if (path.empty()) return std::string();
  return ReadTextFile(path);
}

absl::StatusOr<std::shared_ptr<grpc::ChannelCredentials>> CredentialsOf(const Settings& settings) {
  if (settings.certificate_file.empty() && settings.key_file.empty() &&
      settings.authority_file.empty()) {
    return grpc::InsecureChannelCredentials();
  }
  grpc::SslCredentialsOptions options;
  for (const auto& [path, text] : {std::pair{&settings.certificate_file, &options.pem_cert_chain},
                                   std::pair{&settings.key_file, &options.pem_private_key},
                                   std::pair{&settings.authority_file, &options.pem_root_certs}}) {
    absl::StatusOr<std::string> file = ReadOptionalFile(*path);
    if (!file.ok()) return file.status();
    *text = *std::move(file);
  }
  return grpc::SslCredentials(options);
}

}  // namespace

absl::StatusOr<std::unique_ptr<Session>> Session::Open(const Settings& settings) {
  auto credentials = CredentialsOf(settings);
  if (!credentials.ok()) return credentials.status();
  grpc::ChannelArguments arguments;
  arguments.SetMaxReceiveMessageSize(kMessageBytesMax);
  arguments.SetMaxSendMessageSize(kMessageBytesMax);
  common::RaiseDetailsLimit(arguments);
  // Else all sessions with one server would share a connection.
  arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
  // What may be called again is called again below; gRPC's own way keeps a copy of what is sent.
  arguments.SetInt(GRPC_ARG_ENABLE_RETRIES, 0);
  auto channel = grpc::CreateCustomChannel(settings.server, *credentials, arguments);
  return std::unique_ptr<Session>(new Session(settings, std::move(channel)));
}

Session::Session(Settings settings, std::shared_ptr<grpc::Channel> channel)
    : settings_(std::move(settings)),
      channel_(std::move(channel)),
      registry_(v1::RegistryService::NewStub(channel_)),
      conveyance_(v1::ConveyanceService::NewStub(channel_)) {}

void Session::Identify(grpc::ClientContext& context) const {
  if (!settings_.officer.empty()) {
    context.AddMetadata(common::kIdentityKey, common::EncodeMetadata(settings_.officer));
  }
  if (!settings_.purpose.empty()) {
    context.AddMetadata(common::kPurposeKey, common::EncodeMetadata(settings_.purpose));
  }
  if (!settings_.purpose_document.empty()) {
    context.AddMetadata(common::kPurposeDocumentKey,
                        common::EncodeMetadata(settings_.purpose_document));
  }
  context.AddMetadata(common::kDetailsLimitKey, std::to_string(common::kDetailsBytesMax));
}

absl::Status Session::Outcome(const grpc::Status& status) const {
  return OutcomeOfCall(status, settings_.server);
}

grpc::Status Session::Attempt(const Try& attempt) const {
  grpc::ClientContext context;
  Identify(context);
  context.set_deadline(std::chrono::system_clock::now() + kCallDeadline);
  return attempt(&context);
}

grpc::Status Session::AttemptAgain(const Try& attempt) const {
  std::chrono::milliseconds pause = kFirstPause;
  for (int attempts = 1;; ++attempts, pause *= 2) {
    grpc::Status status = Attempt(attempt);
    if (status.error_code() != grpc::StatusCode::UNAVAILABLE || attempts == kAttemptsMax) {
      return status;
    }
    std::this_thread::sleep_for(pause);
  }
}

}  // namespace landbook::tools
