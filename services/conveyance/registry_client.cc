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

// A failure that is none of the registry's own: it was not reached, or went away before it
// answered.
v1::Refusal NotAnswered(const grpc::Status& status) {
  if (status.error_code() == grpc::StatusCode::DEADLINE_EXCEEDED) return common::DeadlinePassed();
  return common::Refuse(
      common::Reason::STORE_UNAVAILABLE, "",
      {fmt::format("the registry gave no answer ({}); send the same request again later",
                   status.error_message()),
       "登记簿服务没有应答；请稍后以同一请求编号重新提交"});
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
  auto refusals = common::RefusalsFromStatus(status);
  // Number 0 is no refusal of ours.
  if (refusals.front().number() == 0) return NotAnswered(status);
  return refusals;
}

bool IsNoAnswer(const common::RefusalList& refusals) {
  return std::any_of(refusals.begin(), refusals.end(), [](const v1::Refusal& refusal) {
    // What has to wait for another case (CAUTION_WAITS) may be asked again too, but was decided.
    return refusal.retryable() && refusal.code() != "FAILED_PRECONDITION";
  });
}

}  // namespace landbook::conveyance
