#include "services/registry/acts_awaiting_law.h"

#include <algorithm>
#include <array>
#include <string>

#include "fmt/format.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/message.h"

namespace landbook::registry {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

constexpr std::array kActs = {
    v1::Act::kRecordResolution, v1::Act::kChangeMembership,  v1::Act::kSplitHousehold,
    v1::Act::kMergeHouseholds,  v1::Act::kSetEligibility,    v1::Act::kTakeBackRight,
    v1::Act::kDisposePlot,      v1::Act::kAgreeRanks,        v1::Act::kRepayAdvance,
    v1::Act::kExtendCaution,    v1::Act::kRecordCautionStep, v1::Act::kLapseCaution};

// A field of a message that an act is, or that a carry-over or a correction holds.
struct WaitingField {
  std::string_view message;
  std::string_view field;
};

constexpr std::array<WaitingField, 17> kFields = {{{"TransferRight", "price_fen"},
                                                   {"TransferRight", "exchanged_for"},
                                                   {"TransferRight", "new_contract"},
                                                   {"VaryRight", "cause"},
                                                   {"ExtinguishRight", "cause"},
                                                   {"WithdrawRight", "extent"},
                                                   {"WithdrawRight", "compensation"},
                                                   {"WithdrawRight", "advance"},
                                                   {"WithdrawRight", "tied_to"},
                                                   {"WithdrawRight", "disposition"},
                                                   {"WithdrawRight", "disposition_document"},
                                                   {"RegisterMortgage", "object"},
                                                   {"RegisterMortgage", "maximum_amount"},
                                                   {"RegisterMortgage", "support"},
                                                   {"VaryMortgage", "released_rights"},
                                                   {"VaryMortgage", "maximum_amount"},
                                                   {"VaryMortgage", "support"}}};

bool IsSet(const Message& message, const FieldDescriptor& field) {
  return field.is_repeated() ? message.GetReflection()->FieldSize(message, &field) > 0
                             : message.GetReflection()->HasField(message, &field);
}

void CheckFields(const Message& message, const std::string& path, ActContext* context) {
  const auto& type = *message.GetDescriptor();
  for (const WaitingField& waiting : kFields) {
    if (type.name() != waiting.message) continue;
    const FieldDescriptor* field = type.FindFieldByName(std::string(waiting.field));
    if (field != nullptr && IsSet(message, *field)) {
      RefuseNotTaken(path + std::string(waiting.field), context);
    }
  }
}

// The message that is set of the oneof, with its field; null for none.
const FieldDescriptor* SetOf(const Message& message, int oneof) {
  return message.GetReflection()->GetOneofFieldDescriptor(
      message, message.GetDescriptor()->oneof_decl(oneof));
}

}  // namespace

void RefuseNotTaken(std::string_view field, ActContext* context) {
  const std::string path = context->Path(field);
  context->Refuse(
      Reason::ACT_NOT_TAKEN, field,
      {fmt::format("{}: this server does not take this yet. Enter it once the server is renewed.",
                   path),
       fmt::format("{}：本服务器尚不能办理该项，请待系统升级后办理。", path)});
}

bool LawIsBuilt(const v1::Act& act, ActContext* context) {
  if (std::find(kActs.begin(), kActs.end(), act.act_case()) != kActs.end()) {
    RefuseNotTaken("", context);
    return false;
  }
  const std::size_t before = context->refusal_count();
  const FieldDescriptor* set = SetOf(act, 0);
  if (set == nullptr) return true;
  const Message& outer = act.GetReflection()->GetMessage(act, set);
  CheckFields(outer, "", context);
  const bool nests = act.has_carry_over() || act.has_correct();
  const FieldDescriptor* inner = nests ? SetOf(outer, 0) : nullptr;
  if (inner != nullptr) {
    CheckFields(outer.GetReflection()->GetMessage(outer, inner), inner->name() + ".", context);
  }
  return context->refusal_count() == before;
}

}  // namespace landbook::registry
