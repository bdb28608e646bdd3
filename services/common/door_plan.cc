#include "services/common/door_plan.h"

#include <algorithm>
#include <iterator>
#include <memory>
#include <string_view>
#include <unordered_map>

#include "landbook/v1/options.pb.h"
#include "services/common/door_glance.h"
#include "storage/mutex.h"

namespace landbook::common {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::OneofDescriptor;

// The oneofs that may be empty: a read without as_of is of the newest state, a list without a
// filter is of everything. Every other oneof is a fact that nobody may leave open.
constexpr std::string_view kMayBeEmpty[] = {
    "landbook.v1.ReadOptions.as_of",
    "landbook.v1.ListRightsRequest.filter",
    "landbook.v1.ListCasesRequest.filter",
};

bool MayBeEmpty(const OneofDescriptor& oneof) {
  return std::find(std::begin(kMayBeEmpty), std::end(kMayBeEmpty), oneof.full_name()) !=
         std::end(kMayBeEmpty);
}

std::uint32_t BytesMaxOf(const FieldDescriptor& field, const v1::FieldRule& rule) {
  if (rule.bytes_max() > 0) return rule.bytes_max();
  return field.type() == FieldDescriptor::TYPE_STRING ? kTextBytesMax : 0;
}

FieldPlan RulesOf(const FieldDescriptor& field) {
  const v1::FieldRule& rule = field.options().GetExtension(v1::rule);
  FieldPlan plan;
  plan.field = &field;
  plan.required = rule.required();
  plan.may_be_unspecified = rule.may_be_unspecified();
  plan.output_only = rule.output_only();
  plan.civil_date = rule.civil_date();
  plan.area_m2 = rule.area_m2();
  plan.is_private = rule.private_();
  plan.bytes_max = BytesMaxOf(field, rule);
  return plan;
}

// All plans made so far. Never destroyed, because calls may outlive static objects.
class PlanBook {
 public:
  const DoorPlan& Of(const Descriptor& type) {
    storage::MutexLock lock(mutex_);
    return Make(type);
  }

 private:
  // The plan is entered before its fields are followed, so a type that nests in itself ends.
  const DoorPlan& Make(const Descriptor& type) LANDBOOK_REQUIRES(mutex_) {
    std::unique_ptr<DoorPlan>& entry = plans_[&type];
    if (entry) return *entry;
    entry = std::make_unique<DoorPlan>();
    DoorPlan& plan = *entry;  // the entry's address may change below, the plan's does not
    for (int i = 0; i < type.field_count(); ++i) plan.fields.push_back(RulesOf(*type.field(i)));
    std::sort(plan.fields.begin(), plan.fields.end(), [](const FieldPlan& a, const FieldPlan& b) {
      return a.field->number() < b.field->number();
    });
    for (int i = 0; i < type.real_oneof_decl_count(); ++i) {
      if (!MayBeEmpty(*type.oneof_decl(i))) plan.oneofs.push_back(type.oneof_decl(i));
    }
    plan.glance = GlanceAt(type);
    for (FieldPlan& field : plan.fields) {
      const Descriptor* nested = field.field->message_type();
      if (nested != nullptr) field.message = &Make(*nested);
    }
    return plan;
  }

  storage::Mutex mutex_;
  std::unordered_map<const Descriptor*, std::unique_ptr<DoorPlan>> plans_
      LANDBOOK_GUARDED_BY(mutex_);
};

}  // namespace

const DoorPlan& PlanOf(const Descriptor& type) {
  static PlanBook& book = *new PlanBook();
  return book.Of(type);
}

}  // namespace landbook::common
