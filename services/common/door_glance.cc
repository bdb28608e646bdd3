#include "services/common/door_glance.h"

#include <google/protobuf/unknown_field_set.h>

#include <algorithm>
#include <string>

#include "geo/utf8.h"
#include "landbook/v1/registry_service.pb.h"
#include "services/common/door_plan.h"

namespace landbook::common {
namespace {

bool IsPlain(const std::string& text) { return text.size() <= kTextBytesMax && geo::IsUtf8(text); }

bool HasUnknownFields(const google::protobuf::Message& message) {
  return !message.GetReflection()->GetUnknownFields(message).empty();
}

bool IsPlain(const v1::Attribute& attribute) {
  return !HasUnknownFields(attribute) && IsPlain(attribute.key()) && IsPlain(attribute.value());
}

// A row as nearly all are: without findings of the reader, and of no older register.
bool IsPlainRow(const google::protobuf::Message& message) {
  const auto& row = static_cast<const v1::ImportRow&>(message);
  return !HasUnknownFields(row) && row.findings().empty() && !row.has_registered() &&
         IsPlain(row.code()) && IsPlain(row.stated_area_m2()) && IsPlain(row.land_use()) &&
         IsPlain(row.location()) &&
         std::all_of(row.attributes().begin(), row.attributes().end(),
                     [](const v1::Attribute& attribute) { return IsPlain(attribute); });
}

}  // namespace

Glance GlanceAt(const google::protobuf::Descriptor& type) {
  return &type == v1::ImportRow::descriptor() ? &IsPlainRow : nullptr;
}

}  // namespace landbook::common
