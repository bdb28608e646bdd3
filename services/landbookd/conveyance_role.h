// The conveyance service as landbookd runs it: its store of drafts, its way to the registry, its
// timer.
#ifndef LANDBOOK_SERVICES_LANDBOOKD_CONVEYANCE_ROLE_H_
#define LANDBOOK_SERVICES_LANDBOOKD_CONVEYANCE_ROLE_H_

#include <grpcpp/channel.h>

#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "services/common/call_frame.h"
#include "services/common/clock.h"
#include "services/conveyance/conveyance_service.h"
#include "services/conveyance/draft_store.h"
#include "services/conveyance/lapse_timer.h"
#include "services/conveyance/registry_client.h"
#include "storage/engine.h"

namespace landbook {

// Where the registry is, when it is in another process.
struct RegistryPeer {
  std::string address;  // HOST:PORT; empty for this process
  // The certificate, key and authority that are used towards it, PEM files; empty without TLS.
  std::string certificate;
  std::string key;
  std::string authority;
};

// The way to a registry in another process. NOT_FOUND when a file cannot be read.
absl::StatusOr<std::shared_ptr<grpc::Channel>> ChannelTo(const RegistryPeer& peer);

class ConveyanceRole {
 public:
  // Drafts lie in DATA/conveyance, their key in KEYS/conveyance.key: made with a new store, and
  // wanted by one that is there. Fails as the engine, the key's file and the store do. What `parts`
  // and `clock` refer to outlives the role.
  static absl::StatusOr<std::unique_ptr<ConveyanceRole>> Open(const std::string& data_directory,
                                                              const std::string& keys_directory,
                                                              const common::FrameParts& parts,
                                                              common::Clock& clock);
  ConveyanceRole(const ConveyanceRole&) = delete;
  ConveyanceRole& operator=(const ConveyanceRole&) = delete;

  grpc::Service* service() { return service_.get(); }
  // Begins with the daily work, and to answer calls, over `registry`.
  void Start(std::shared_ptr<grpc::Channel> registry);
  // Ends the daily work. Calls go on.
  void StopDailyWork() { timer_->Stop(); }
  // Lets go of the registry, once no call is served any more.
  void Disconnect() { registry_->Disconnect(); }

 private:
  ConveyanceRole() = default;

  std::unique_ptr<storage::Engine> engine_;
  std::unique_ptr<conveyance::DraftStore> drafts_;
  std::unique_ptr<conveyance::RegistryClient> registry_;
  std::unique_ptr<conveyance::ConveyanceServer> service_;
  std::unique_ptr<conveyance::LapseTimer> timer_;
};

}  // namespace landbook

#endif  // LANDBOOK_SERVICES_LANDBOOKD_CONVEYANCE_ROLE_H_
