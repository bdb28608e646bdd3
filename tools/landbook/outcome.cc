#include "tools/landbook/outcome.h"

#include <fmt/format.h>

#include <ostream>
#include <string_view>
#include <utility>

#include "absl/strings/cord.h"
#include "services/common/refusal_wire.h"

namespace landbook::tools {
namespace {

// Payloads that mark a status: absl::Status carries a code and a text, and these say how the text
// is to be shown.
constexpr char kUsageMark[] = "landbook/usage";
constexpr char kLinesMark[] = "landbook/lines";

absl::Status Marked(absl::Status status, const char* mark) {
  status.SetPayload(mark, absl::Cord());
  return status;
}

std::string RefusalLine(const v1::Refusal& refusal) {
  std::string line =
      fmt::format("{} {}: {}", refusal.code(), refusal.reason(), refusal.message_en());
  if (!refusal.source().empty()) line += fmt::format(" [{}]", refusal.source());
  return line;
}

absl::StatusCode CodeOf(const grpc::Status& status) {
  return static_cast<absl::StatusCode>(status.error_code());
}

}  // namespace

absl::Status UsageError(const std::string& sentence) {
  return Marked(absl::InvalidArgumentError(sentence), kUsageMark);
}

absl::Status OutcomeOfCall(const grpc::Status& status, const std::string& server) {
  if (status.ok()) return absl::OkStatus();
  v1::Refusals told;
  for (v1::Refusal& refusal : common::RefusalsFromStatus(status)) {
    // Number 0 is no refusal of ours: a lost connection, another server.
    if (refusal.number() != 0) *told.add_refusals() = std::move(refusal);
  }
  if (told.refusals_size() > 0) {
    return Marked(absl::Status(CodeOf(status), RefusalLines(told.refusals())), kLinesMark);
  }
  if (status.error_code() == grpc::StatusCode::UNAVAILABLE) {
    return absl::UnavailableError(
        fmt::format("no server answers at {} ({}); start landbookd there, or name another with "
                    "--server",
                    server, status.error_message()));
  }
  return absl::Status(CodeOf(status), status.error_message());
}

std::string RefusalLines(const google::protobuf::RepeatedPtrField<v1::Refusal>& refusals) {
  std::string lines;
  for (const v1::Refusal& refusal : refusals) {
    if (!lines.empty()) lines += '\n';
    lines += RefusalLine(refusal);
  }
  return lines;
}

absl::Status Refused(const google::protobuf::RepeatedPtrField<v1::Refusal>& refusals) {
  return Marked(absl::FailedPreconditionError(RefusalLines(refusals)), kLinesMark);
}

absl::Status RefusedBy(const common::RefusalList& refusals) {
  v1::Refusals message;
  message.mutable_refusals()->Assign(refusals.begin(), refusals.end());
  return Refused(message.refusals());
}

int PrintOutcome(const absl::Status& outcome, std::ostream& err) {
  if (outcome.ok()) return kExitDone;
  const std::string text(outcome.message());
  if (outcome.GetPayload(kLinesMark)) {
    err << text << "\n";
    return kExitFailed;
  }
  if (outcome.GetPayload(kUsageMark)) {
    err << text << "\n";
    return kExitUsage;
  }
  err << absl::StatusCodeToString(outcome.code()) << ": " << text << "\n";
  return kExitFailed;
}

}  // namespace landbook::tools
