#include "services/common/refusal.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>

#include "storage/check.h"

namespace landbook::common {
namespace {

constexpr ReasonInfo kReasons[] = {
#define X(name, number, code, retryable) {Reason::name, #name, absl::StatusCode::code, retryable},
#include "services/common/refusals.def"
#undef X
};

constexpr bool NumbersIncrease() {
  for (std::size_t i = 1; i < std::size(kReasons); ++i) {
    if (kReasons[i - 1].reason >= kReasons[i].reason) return false;
  }
  return true;
}
static_assert(NumbersIncrease(), "refusals.def is sorted by number and has no number twice");

// Canonical codes by their value in google.rpc.Code.
constexpr std::string_view kCodeNames[] = {
    "OK",
    "CANCELLED",
    "UNKNOWN",
    "INVALID_ARGUMENT",
    "DEADLINE_EXCEEDED",
    "NOT_FOUND",
    "ALREADY_EXISTS",
    "PERMISSION_DENIED",
    "RESOURCE_EXHAUSTED",
    "FAILED_PRECONDITION",
    "ABORTED",
    "OUT_OF_RANGE",
    "UNIMPLEMENTED",
    "INTERNAL",
    "UNAVAILABLE",
    "DATA_LOSS",
    "UNAUTHENTICATED",
};

// Engines tell a full disk in the words of the operating system.
bool SaysFull(std::string_view message) {
  return message.find(std::strerror(ENOSPC)) != std::string_view::npos ||
         message.find(" is full") != std::string_view::npos;
}

struct EngineCase {
  Reason reason;
  std::string_view english;
  std::string_view chinese;
};

EngineCase CaseOf(const absl::Status& status) {
  switch (status.code()) {
    case absl::StatusCode::kUnavailable:
      if (SaysFull({status.message().data(), status.message().size()})) {
        return {Reason::STORE_FULL, "the store has no room left; free space and send it again",
                "存储空间已满；请清理空间后重新提交"};
      }
      return {Reason::STORE_UNAVAILABLE, "the store cannot be written now; send it again later",
              "存储暂不可用；请稍后重新提交"};
    case absl::StatusCode::kDataLoss:
      return {Reason::STORE_CORRUPT,
              "stored bytes contradict their checksums; restore the book from its backup",
              "存储数据与校验值不符；请从备份恢复登记簿"};
    case absl::StatusCode::kDeadlineExceeded:
      return {Reason::DEADLINE_PASSED, "the store did not answer in time; send it again",
              "存储未在期限内响应；请重新提交"};
    default:
      return {Reason::INVARIANT_BROKEN, "the server used its store wrongly; report this",
              "服务器内部错误；请报告"};
  }
}

}  // namespace

std::span<const ReasonInfo> AllReasons() { return kReasons; }

const ReasonInfo& InfoOf(Reason reason) {
  const auto* found =
      std::lower_bound(std::begin(kReasons), std::end(kReasons), reason,
                       [](const ReasonInfo& info, Reason wanted) { return info.reason < wanted; });
  LANDBOOK_CHECK(found != std::end(kReasons) && found->reason == reason);
  return *found;
}

std::optional<Reason> ReasonNamed(std::string_view name) {
  for (const ReasonInfo& info : kReasons) {
    if (info.name == name) return info.reason;
  }
  return std::nullopt;
}

std::string_view CodeName(absl::StatusCode code) {
  const auto index = static_cast<std::size_t>(code);
  return index < std::size(kCodeNames) ? kCodeNames[index] : "UNKNOWN";
}

v1::Refusal Refuse(Reason reason, std::string field, Sentence sentence, std::string source) {
  const ReasonInfo& info = InfoOf(reason);
  v1::Refusal refusal;
  refusal.set_reason(info.name.data(), info.name.size());
  refusal.set_number(static_cast<std::uint32_t>(reason));
  refusal.set_field(std::move(field));
  refusal.set_message_en(std::move(sentence.english));
  refusal.set_message_zh(std::move(sentence.chinese));
  refusal.set_source(std::move(source));
  const std::string_view code = CodeName(info.code);
  refusal.set_code(code.data(), code.size());
  refusal.set_retryable(info.retryable);
  return refusal;
}

v1::Refusal RefusalFromEngine(const absl::Status& status) {
  LANDBOOK_CHECK(!status.ok());
  const EngineCase found = CaseOf(status);
  const std::string_view message(status.message().data(), status.message().size());
  return Refuse(found.reason, "",
                {fmt::format("{} ({})", found.english, message), std::string(found.chinese)});
}

}  // namespace landbook::common
