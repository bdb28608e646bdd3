#include "services/common/call_frame.h"

#include <absl/strings/numbers.h>
#include <fmt/format.h>
#include <grpc/grpc_security_constants.h>

#include <algorithm>
#include <optional>
#include <random>

#include "geo/utf8.h"
#include "services/common/door.h"
#include "services/common/refusal_wire.h"
#include "storage/check.h"
#include "storage/secret.h"

namespace landbook::common {
namespace {

constexpr std::size_t kRequestIdBytesMax = 64;

// The first value that the client sent under `key`.
std::optional<std::string> Metadata(const grpc::CallbackServerContext& context, const char* key) {
  const auto& all = context.client_metadata();
  const auto found = all.find(key);
  if (found == all.end()) return std::nullopt;
  return std::string(found->second.data(), found->second.size());
}

bool IsRequestId(std::string_view text) {
  return !text.empty() && text.size() <= kRequestIdBytesMax &&
         std::all_of(text.begin(), text.end(), [](char c) { return c > 0x20 && c < 0x7f; });
}

// True when the call shows the pass of this process.
bool IsOfProcess(const grpc::CallbackServerContext& context, const std::string* pass) {
  const std::optional<std::string> shown = Metadata(context, kProcessPassKey);
  return pass != nullptr && shown && !pass->empty() && storage::EqualInConstantTime(*shown, *pass);
}

Credentials CredentialsOf(const grpc::CallbackServerContext& context, const FrameParts& parts) {
  Credentials credentials;
  credentials.as = Metadata(context, kIdentityKey);
  credentials.on_behalf = Metadata(context, kOnBehalfKey);
  credentials.same_process = IsOfProcess(context, parts.process_pass);
  const auto peer = context.auth_context();
  if (!peer || !peer->IsPeerAuthenticated()) return credentials;
  const auto names = peer->FindPropertyValues(GRPC_X509_CN_PROPERTY_NAME);
  if (names.size() == 1) credentials.certified_name.emplace(names[0].data(), names[0].size());
  const auto uris = peer->FindPropertyValues(GRPC_PEER_URI_PROPERTY_NAME);
  const auto has = [&](const char* uri) {
    return std::find(uris.begin(), uris.end(), uri) != uris.end();
  };
  credentials.certified_administrator = has(kAdministratorUri);
  credentials.certified_service = has(kServiceUri);
  return credentials;
}

// Unlike any other of this process, and with near certainty of any process.
std::string NewRequestId() {
  static const std::uint64_t start =
      (std::uint64_t{std::random_device{}()} << 32) | std::random_device{}();
  static std::atomic<std::uint64_t> count = 0;
  return fmt::format("{:016x}-{}", start, ++count);
}

std::size_t DetailsBytesMax(const grpc::CallbackServerContext& context) {
  const std::optional<std::string> wanted = Metadata(context, kDetailsLimitKey);
  std::uint64_t bytes = 0;
  if (!wanted || !absl::SimpleAtoi(*wanted, &bytes)) return kDetailsBytesDefault;
  return std::clamp<std::size_t>(bytes, kDetailsBytesDefault, kDetailsBytesMax);
}

// A text of the metadata; PURPOSE_MALFORMED when it is not percent-encoded UTF-8 or is too long.
Outcome<std::string> PurposeOf(const grpc::CallbackServerContext& context, const char* key) {
  const auto value = Metadata(context, key);
  if (!value) return std::string();
  auto text = DecodeMetadata(*value);
  if (text && text->size() <= kPurposeBytesMax && geo::IsUtf8(*text)) return *std::move(text);
  return Refuse(Reason::PURPOSE_MALFORMED, "",
                {fmt::format("what came as {} is no text of at most {} bytes, percent-encoded", key,
                             kPurposeBytesMax),
                 fmt::format("{} 须为按百分号编码、不超过 {} 字节的文本", key, kPurposeBytesMax)});
}

v1::Refusal TooLarge(std::size_t bytes) {
  return Refuse(
      Reason::MESSAGE_TOO_LARGE, "",
      {fmt::format("a message of {} bytes came; at most {} are taken, so send it in parts", bytes,
                   kMessageBytesMax),
       fmt::format("消息 {} 字节；最多 {} 字节，请分批提交", bytes, kMessageBytesMax)});
}

}  // namespace

bool CallContext::Ended() const {
  if (transport != nullptr && transport->IsCancelled()) return true;
  return std::chrono::system_clock::now() >= deadline;
}

RefusalList Call::Check(const google::protobuf::Message& request) const {
  const std::size_t bytes = request.ByteSizeLong();
  if (bytes > kMessageBytesMax) return {TooLarge(bytes)};
  // Whether the county fits comes first: a caller without it learns nothing else.
  const std::optional<std::string> county = CountyOfRequest(*method_, request);
  if (county) {
    if (auto refusal = CheckCounty(context_.actor, *county)) return {*refusal};
  }
  if (auto refusal = CheckAppointment(county)) return {*refusal};
  return CheckRequest(request);
}

std::optional<v1::Refusal> Call::CheckAppointment(const std::optional<std::string>& county) const {
  const v1::Actor& actor = context_.actor;
  if (parts_->appointments == nullptr || actor.role() == v1::ROLE_CITIZEN) return std::nullopt;
  if (county) return parts_->appointments->Check(actor, *county);
  // What every citizen may ask of the server needs no appointment in another role either.
  const auto& roles = method_->options().GetExtension(v1::access).roles();
  const bool for_all = std::find(roles.begin(), roles.end(), v1::ROLE_CITIZEN) != roles.end();
  if (for_all || administers_server_) return std::nullopt;
  return NotAppointed(actor, "");
}

grpc::Status Call::Close(grpc::Status status, std::string_view reason) {
  const auto micros = std::chrono::duration_cast<std::chrono::microseconds>(
                          std::chrono::steady_clock::now() - started_)
                          .count();
  const std::string name = fmt::format("{}/{}", method_->service()->name(), method_->name());
  const std::string code(CodeName(static_cast<absl::StatusCode>(status.error_code())));
  parts_->metrics
      .CounterOf("landbook_calls_total", "Calls answered, by method and canonical code.",
                 {{"method", name}, {"code", code}})
      .Add();
  parts_->metrics
      .HistogramOf("landbook_call_seconds", "How long calls took, by method.", {{"method", name}})
      .Observe(micros);
  parts_->logger.Call(
      {context_.request_id, name, context_.actor.principal(), code, reason, micros});
  return status;
}

grpc::Status Call::End(const RefusalList& refusals) {
  return Close(StatusFromRefusals(refusals, details_bytes_max_), refusals.front().reason());
}

grpc::Status Call::EndWell() { return Close(grpc::Status::OK, ""); }

grpc::Status Call::EndCancelled() {
  return Close(grpc::Status(grpc::StatusCode::CANCELLED, "the caller went away"), "");
}

std::shared_ptr<Call> CallFrame::Open(const Incoming& incoming) {
  const std::shared_ptr<Call> call(new Call());
  call->started_ = std::chrono::steady_clock::now();
  call->parts_ = &parts_;
  call->method_ = service_.FindMethodByName(std::string(incoming.method));
  LANDBOOK_CHECK(call->method_ != nullptr);
  const grpc::CallbackServerContext& transport = *incoming.context;
  call->details_bytes_max_ = DetailsBytesMax(transport);
  CallContext& context = call->context_;
  context.transport = &transport;
  context.deadline = transport.deadline();
  context.request_id = Metadata(transport, kRequestIdKey).value_or("");
  if (!IsRequestId(context.request_id)) context.request_id = NewRequestId();
  incoming.context->AddTrailingMetadata(kRequestIdKey, context.request_id);

  for (const auto& [key, text] : {std::pair(kPurposeKey, &context.purpose),
                                  std::pair(kPurposeDocumentKey, &context.purpose_document)}) {
    auto stated = PurposeOf(transport, key);
    if (!stated.ok()) {
      call->refusals_ = stated.refusals();
      return call;
    }
    *text = *std::move(stated);
  }
  const Credentials credentials = CredentialsOf(transport, parts_);
  call->administers_server_ = credentials.certified_administrator;
  Outcome<v1::Actor> actor = IdentifyActor(parts_.identity, credentials);
  if (!actor.ok()) {
    call->refusals_ = actor.refusals();
    return call;
  }
  context.actor = std::move(*actor);
  if (auto refusal = CheckRole(context.actor, *call->method_)) {
    context.own_only = incoming.serves_own && MayCallForOwn(context.actor, *call->method_);
    if (!context.own_only) call->refusals_ = {*refusal};
  }
  return call;
}

v1::Refusal Busy() {
  return Refuse(Reason::WRITER_BUSY, "",
                {"the server has all the work it can take; send it again shortly",
                 "服务器繁忙；请稍后重新提交"});
}

v1::Refusal ShuttingDown() {
  return Refuse(
      Reason::SHUTTING_DOWN, "",
      {"the server is stopping; send it again when it is back", "服务器正在停止；请稍后重新提交"});
}

v1::Refusal DeadlinePassed() {
  return Refuse(
      Reason::DEADLINE_PASSED, "",
      {"the caller's deadline passed before its turn came; send it again with a later one",
       "轮到处理时已超过调用期限；请放宽期限后重新提交"});
}

}  // namespace landbook::common
