#include "services/common/refusal_wire.h"

#include <algorithm>
#include <string>
#include <utility>

#include "storage/check.h"

namespace landbook::common {
namespace {

constexpr char kErrorInfoUrl[] = "type.googleapis.com/google.rpc.ErrorInfo";
constexpr char kBadRequestUrl[] = "type.googleapis.com/google.rpc.BadRequest";
constexpr char kRefusalsUrl[] = "type.googleapis.com/landbook.v1.Refusals";

// grpc-message is percent-encoded on the wire and shares the 8 KiB with the details.
constexpr std::size_t kMessageBytesMax = 512;

// Cuts `text` to at most `bytes_max` bytes without splitting a UTF-8 character.
std::string CutText(const std::string& text, std::size_t bytes_max) {
  if (text.size() <= bytes_max) return text;
  std::size_t end = bytes_max;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xc0) == 0x80) --end;
  return text.substr(0, end);
}

void AddDetail(v1::Status& status, const char* url, const google::protobuf::MessageLite& detail) {
  v1::DetailAny& any = *status.add_details();
  any.set_type_url(url);
  any.set_value(detail.SerializeAsString());
}

v1::ErrorInfo ErrorInfoOf(const v1::Refusal& first, std::size_t total, std::size_t told) {
  v1::ErrorInfo info;
  info.set_reason(first.reason());
  info.set_domain("landbook");
  auto& metadata = *info.mutable_metadata();
  metadata["number"] = std::to_string(first.number());
  metadata["retryable"] = first.retryable() ? "true" : "false";
  metadata["refusals"] = std::to_string(total);
  metadata["told"] = std::to_string(told);
  if (!first.source().empty()) metadata["source"] = CutText(first.source(), 256);
  return info;
}

// What one refusal takes, once in Refusals and once in BadRequest, with their tags and lengths.
std::size_t BytesOf(const v1::Refusal& refusal) {
  constexpr std::size_t kTags = 24;
  const std::size_t violation =
      refusal.field().empty() ? 0 : refusal.field().size() + refusal.message_en().size() + kTags;
  return refusal.ByteSizeLong() + kTags + violation;
}

// A refusal so long that it does not fit alone keeps its name and loses the ends of its sentences.
v1::Refusal Shortened(v1::Refusal refusal) {
  refusal.set_message_en(CutText(refusal.message_en(), kMessageBytesMax));
  refusal.set_message_zh(CutText(refusal.message_zh(), kMessageBytesMax));
  refusal.set_field(CutText(refusal.field(), 256));
  refusal.set_source(CutText(refusal.source(), 256));
  return refusal;
}

// The refusals that fit, from the first on.
v1::Refusals Fitting(std::span<const v1::Refusal> refusals, std::size_t bytes_max) {
  v1::Refusals told;
  std::size_t bytes = 512 + kMessageBytesMax;  // the status itself and ErrorInfo
  for (const v1::Refusal& refusal : refusals) {
    bytes += BytesOf(refusal);
    if (bytes > bytes_max) break;
    *told.add_refusals() = refusal;
  }
  if (told.refusals().empty()) *told.add_refusals() = Shortened(refusals.front());
  return told;
}

v1::BadRequest BadRequestOf(const v1::Refusals& told) {
  v1::BadRequest bad;
  for (const v1::Refusal& refusal : told.refusals()) {
    if (refusal.field().empty()) continue;
    auto& violation = *bad.add_field_violations();
    violation.set_field(refusal.field());
    violation.set_description(refusal.message_en());
  }
  return bad;
}

absl::StatusCode CodeOf(const v1::Refusal& refusal) {
  const std::optional<Reason> reason = ReasonNamed(refusal.reason());
  return reason ? InfoOf(*reason).code : absl::StatusCode::kUnknown;
}

RefusalList ForeignStatus(const grpc::Status& status) {
  const auto code = static_cast<absl::StatusCode>(status.error_code());
  v1::Refusal refusal;
  const std::string name(CodeName(code));
  refusal.set_reason(name);
  refusal.set_code(name);
  refusal.set_message_en(status.error_message());
  refusal.set_retryable(code == absl::StatusCode::kUnavailable);
  return {std::move(refusal)};
}

}  // namespace

grpc::Status StatusFromRefusals(std::span<const v1::Refusal> refusals,
                                std::size_t details_bytes_max) {
  LANDBOOK_CHECK(!refusals.empty());
  const v1::Refusals told = Fitting(refusals, details_bytes_max);
  const v1::Refusal& first = told.refusals(0);
  const auto code = static_cast<grpc::StatusCode>(CodeOf(first));
  v1::Status status;
  status.set_code(code);
  status.set_message(CutText(first.message_en(), kMessageBytesMax));
  AddDetail(status, kErrorInfoUrl,
            ErrorInfoOf(first, refusals.size(), static_cast<std::size_t>(told.refusals_size())));
  const v1::BadRequest bad = BadRequestOf(told);
  if (bad.field_violations_size() > 0) AddDetail(status, kBadRequestUrl, bad);
  AddDetail(status, kRefusalsUrl, told);
  return grpc::Status(code, status.message(), status.SerializeAsString());
}

RefusalList RefusalsFromStatus(const grpc::Status& status) {
  if (status.ok()) return {};
  v1::Status details;
  if (!details.ParseFromString(status.error_details())) return ForeignStatus(status);
  for (const v1::DetailAny& any : details.details()) {
    v1::Refusals told;
    if (any.type_url() != kRefusalsUrl || !told.ParseFromString(any.value())) continue;
    if (told.refusals().empty()) continue;
    return {told.refusals().begin(), told.refusals().end()};
  }
  return ForeignStatus(status);
}

void RaiseDetailsLimit(grpc::ChannelArguments& arguments) {
  // Twice, for base64 and the message beside the details.
  arguments.SetInt(GRPC_ARG_MAX_METADATA_SIZE, static_cast<int>(2 * kDetailsBytesMax));
}

}  // namespace landbook::common
