#include "services/law/planned.h"

#include <google/protobuf/util/message_differencer.h>

#include <array>
#include <optional>
#include <vector>

namespace landbook::law {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::Reflection;

// Codes are told apart by kind, and a field does not say which kind it means: the first that
// resolves is taken, and taken alike on both sides.
std::optional<std::uint64_t> NumberOf(const v1::Reference& reference, const State& state) {
  constexpr std::array kKinds = {v1::RECORD_KIND_RIGHT,    v1::RECORD_KIND_UNIT,
                                 v1::RECORD_KIND_PLOT,     v1::RECORD_KIND_PARTY,
                                 v1::RECORD_KIND_MORTGAGE, v1::RECORD_KIND_CONTRACT,
                                 v1::RECORD_KIND_CAUTION,  v1::RECORD_KIND_CERTIFICATE};
  for (const v1::RecordKind kind : kKinds) {
    if (const auto number = state.Resolve(reference, kind)) return number;
  }
  return std::nullopt;
}

void Settle(v1::Reference* reference, const State& state) {
  if (reference->target_case() != v1::Reference::kCode) return;
  if (const auto number = NumberOf(*reference, state)) reference->set_number(*number);
}

bool MayDiffer(const FieldDescriptor& field) {
  return field.name() == "etag" || field.name() == "private" ||
         (field.name() == "evidence" && field.cpp_type() == FieldDescriptor::CPPTYPE_UINT32);
}

void Plan(Message* message, const State& state);

void PlanField(const FieldDescriptor& field, Message* message, const State& state) {
  const Reflection& reflection = *message->GetReflection();
  if (MayDiffer(field)) return reflection.ClearField(message, &field);
  if (field.cpp_type() != FieldDescriptor::CPPTYPE_MESSAGE) return;
  if (!field.is_repeated()) return Plan(reflection.MutableMessage(message, &field), state);
  for (int i = 0; i < reflection.FieldSize(*message, &field); ++i) {
    Plan(reflection.MutableRepeatedMessage(message, &field, i), state);
  }
}

void Plan(Message* message, const State& state) {
  if (message->GetDescriptor() == v1::Reference::descriptor()) {
    return Settle(static_cast<v1::Reference*>(message), state);
  }
  std::vector<const FieldDescriptor*> fields;
  message->GetReflection()->ListFields(*message, &fields);
  for (const FieldDescriptor* field : fields) PlanField(*field, message, state);
}

}  // namespace

v1::Act PlannedForm(const v1::Act& act, const State& state) {
  v1::Act planned = act;
  Plan(&planned, state);
  return planned;
}

bool IsSamePlan(const v1::Act& accepted, const v1::Act& registered, const State& state) {
  return google::protobuf::util::MessageDifferencer::Equals(PlannedForm(accepted, state),
                                                            PlannedForm(registered, state));
}

}  // namespace landbook::law
