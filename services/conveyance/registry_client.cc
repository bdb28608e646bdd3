#include "services/conveyance/registry_client.h"

#include <algorithm>
#include <chrono>

#include "fmt/format.h"
#include "services/common/identity.h"
#include "services/common/refusal_wire.h"

namespace landbook::conveyance {
namespace {

// The longest that one call of the registry may take, whatever the caller's patience.
constexpr auto kAskMax = std::chrono::seconds(120);

// The actor as OFFICER[:ROLE[@COUNTY]].
std::string TextOf(const v1::Actor& actor) {
  std::string text = fmt::format("{}:{}", actor.principal(), common::RoleName(actor.role()));
  if (!actor.county().empty()) text += "@" + actor.county();
  return text;
}

}  // namespace

void RegistryClient::Connect(std::shared_ptr<grpc::Channel> channel) {
  auto stub = std::make_shared<v1::RegistryService::Stub>(std::move(channel));
  storage::MutexLock lock(mutex_);
  stub_ = std::move(stub);
}

void RegistryClient::Disconnect() {
  storage::MutexLock lock(mutex_);
  stub_.reset();
}

std::shared_ptr<v1::RegistryService::Stub> RegistryClient::stub() const {
  storage::MutexLock lock(mutex_);
  return stub_;
}

void RegistryClient::Prepare(const CallContext& call, grpc::ClientContext* context) const {
  context->AddMetadata(common::kIdentityKey, kServiceName);
  context->AddMetadata(common::kOnBehalfKey, common::EncodeMetadata(TextOf(call.actor)));
  context->AddMetadata(common::kRequestIdKey, call.request_id);
  context->AddMetadata(common::kDetailsLimitKey, std::to_string(common::kDetailsBytesMax));
  if (!process_pass_.empty()) context->AddMetadata(common::kProcessPassKey, process_pass_);
  if (!call.purpose.empty()) {
    context->AddMetadata(common::kPurposeKey, common::EncodeMetadata(call.purpose));
  }
  if (!call.purpose_document.empty()) {
    context->AddMetadata(common::kPurposeDocumentKey,
                         common::EncodeMetadata(call.purpose_document));
  }
  context->set_deadline(std::min(call.deadline, std::chrono::system_clock::now() + kAskMax));
}

Outcome<bool> RegistryClient::OutcomeOf(const grpc::Status& status) {
  if (status.ok()) return true;
  return common::RefusalsFromStatus(status);
}

bool IsNoAnswer(const common::RefusalList& refusals) {
  return std::any_of(refusals.begin(), refusals.end(), [](const v1::Refusal& refusal) {
    return refusal.number() == 0 || refusal.retryable();
  });
}

}  // namespace landbook::conveyance
