#include "services/landbookd/conveyance_role.h"

#include <grpcpp/create_channel.h>
#include <grpcpp/security/credentials.h>

#include <chrono>
#include <filesystem>
#include <utility>

#include "fmt/format.h"
#include "services/common/server_frame.h"
#include "services/conveyance/store_key.h"
#include "storage/durable_file.h"
#include "storage/rocksdb/rocksdb_engine.h"
#include "storage/secret.h"

namespace landbook {
namespace {

// How often the timer looks whether a book's civil day has changed.
constexpr auto kLookEvery = std::chrono::seconds(30);
constexpr std::size_t kPemBytesMax = 1u << 20;
// A registry that is back is found again within so long.
constexpr int kReconnectMillisMax = 5'000;
// Drafts are few and small beside books.
constexpr std::size_t kCacheBytes = 8u << 20;
constexpr std::size_t kWriteBufferBytes = 4u << 20;

grpc::ChannelArguments PeerArguments() {
  grpc::ChannelArguments arguments = common::ClientArguments();
  arguments.SetInt(GRPC_ARG_MAX_RECONNECT_BACKOFF_MS, kReconnectMillisMax);
  return arguments;
}

absl::StatusOr<std::unique_ptr<storage::Engine>> OpenEngine(const std::string& data_directory) {
  std::error_code error;
  std::filesystem::create_directories(data_directory, error);
  if (error) {
    return absl::UnavailableError(
        fmt::format("cannot make {}: {}", data_directory, error.message()));
  }
  return storage::OpenRocksdb(data_directory + "/conveyance",
                              {.create_if_missing = true,
                               .cache_bytes = kCacheBytes,
                               .write_buffer_bytes = kWriteBufferBytes});
}

}  // namespace

absl::StatusOr<std::shared_ptr<grpc::Channel>> ChannelTo(const RegistryPeer& peer) {
  if (peer.certificate.empty()) {
    return grpc::CreateCustomChannel(peer.address, grpc::InsecureChannelCredentials(),
                                     PeerArguments());
  }
  grpc::SslCredentialsOptions options;
  for (const auto& [path, text] : {std::pair{&peer.certificate, &options.pem_cert_chain},
                                   std::pair{&peer.key, &options.pem_private_key},
                                   std::pair{&peer.authority, &options.pem_root_certs}}) {
    auto file = storage::ReadSmallFile(*path, kPemBytesMax);
    if (!file.ok()) return file.status();
    *text = *std::move(file);
  }
  return grpc::CreateCustomChannel(peer.address, grpc::SslCredentials(options), PeerArguments());
}

absl::StatusOr<std::unique_ptr<ConveyanceRole>> ConveyanceRole::Open(
    const std::string& data_directory, const std::string& keys_directory,
    const common::FrameParts& parts, common::Clock& clock) {
  auto engine = OpenEngine(data_directory);
  if (!engine.ok()) return engine.status();
  const auto is_new = conveyance::IsNewStore(**engine);
  if (!is_new.ok()) return is_new.status();
  const auto key = conveyance::LoadStoreKey(keys_directory, *is_new, storage::SystemRandom());
  if (!key.ok()) return key.status();
  auto drafts = conveyance::DraftStore::Open(**engine, *key, clock, storage::SystemRandom());
  if (!drafts.ok()) return drafts.status();
  std::unique_ptr<ConveyanceRole> role(new ConveyanceRole());
  role->engine_ = *std::move(engine);
  role->drafts_ = *std::move(drafts);
  role->registry_ = std::make_unique<conveyance::RegistryClient>(
      parts.workers, parts.process_pass == nullptr ? "" : *parts.process_pass);
  role->service_ = std::make_unique<conveyance::ConveyanceServer>(parts, *role->registry_,
                                                                  *role->drafts_, clock);
  role->timer_ = std::make_unique<conveyance::LapseTimer>(
      conveyance::LapseTimer::Parts{*role->registry_, *role->drafts_, role->service_->laws(),
                                    role->service_->duties(), clock, parts.logger});
  return role;
}

void ConveyanceRole::Start(std::shared_ptr<grpc::Channel> registry) {
  registry_->Connect(std::move(registry));
  timer_->Start(kLookEvery);
}

}  // namespace landbook
