#include "services/common/door.h"

#include <fmt/format.h>
#include <google/protobuf/descriptor.h>
#include <google/protobuf/unknown_field_set.h>

#include <string>
#include <vector>

#include "geo/utf8.h"
#include "services/common/civil_date.h"
#include "services/common/door_plan.h"

namespace landbook::common {
namespace {

using google::protobuf::EnumValueDescriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::OneofDescriptor;
using google::protobuf::Reflection;
using google::protobuf::UnknownFieldSet;

// One value to check: of a singular field, or item `index` of a repeated one.
struct Place {
  const Message& message;
  const FieldPlan& plan;
  int index;  // -1 for a singular field

  const Reflection& reflection() const { return *message.GetReflection(); }
  const std::string& Text(std::string& scratch) const {
    return index < 0
               ? reflection().GetStringReference(message, plan.field, &scratch)
               : reflection().GetRepeatedStringReference(message, plan.field, index, &scratch);
  }
  int EnumNumber() const {
    return index < 0 ? reflection().GetEnumValue(message, plan.field)
                     : reflection().GetRepeatedEnumValue(message, plan.field, index);
  }
  const Message& Nested() const {
    return index < 0 ? reflection().GetMessage(message, plan.field)
                     : reflection().GetRepeatedMessage(message, plan.field, index);
  }
};

// A text for a sentence: told by its length when long, and withheld when it is a person's.
Sentence Shown(const FieldPlan& plan, const std::string& text) {
  constexpr std::size_t kShownBytesMax = 40;
  if (plan.is_private) return {"a private value", "个人信息"};
  if (text.size() > kShownBytesMax) {
    return {fmt::format("a text of {} bytes", text.size()),
            fmt::format("{} 字节的文本", text.size())};
  }
  return {fmt::format("\"{}\"", text), fmt::format("“{}”", text)};
}

// Walks a request and collects what is wrong. The path is only written when something is.
class Walk {
 public:
  RefusalList Run(const Message& request) {
    CheckMessage(request, PlanOf(*request.GetDescriptor()));
    return std::move(refusals_);
  }

 private:
  struct Step {
    const FieldDescriptor* field;
    int index;
  };

  bool Full() const { return refusals_.size() >= kDoorRefusalsMax; }
  std::string PathOf(const std::string& last) const;
  void Add(Reason reason, const std::string& field, Sentence sentence);

  void CheckMessage(const Message& message, const DoorPlan& plan);
  void CheckUnknown(const UnknownFieldSet& unknown);
  void CheckOneof(const Message& message, const OneofDescriptor& oneof);
  void CheckField(const Message& message, const FieldPlan& plan);
  void CheckRepeated(const Message& message, const FieldPlan& plan);
  void CheckValue(const Place& place);
  void CheckEnum(const Place& place);
  void CheckText(const Place& place);
  void CheckSpelling(const Place& place, const std::string& text);
  void CheckNested(const Place& place);

  std::vector<Step> steps_;
  RefusalList refusals_;
};

std::string NameAt(const FieldDescriptor& field, int index) {
  return index < 0 ? field.name() : fmt::format("{}[{}]", field.name(), index);
}

std::string NameAt(const Place& place) { return NameAt(*place.plan.field, place.index); }

std::string Walk::PathOf(const std::string& last) const {
  std::string path;
  for (const Step& step : steps_) path += NameAt(*step.field, step.index) + ".";
  return path + last;
}

void Walk::Add(Reason reason, const std::string& field, Sentence sentence) {
  if (Full()) return;
  const std::string path = PathOf(field);
  sentence.english = fmt::format("{}: {}", path, sentence.english);
  sentence.chinese = fmt::format("{}：{}", path, sentence.chinese);
  refusals_.push_back(Refuse(reason, path, std::move(sentence)));
}

void Walk::CheckMessage(const Message& message, const DoorPlan& plan) {
  if (Full()) return;
  CheckUnknown(message.GetReflection()->GetUnknownFields(message));
  for (const OneofDescriptor* oneof : plan.oneofs) CheckOneof(message, *oneof);
  for (const FieldPlan& field : plan.fields) CheckField(message, field);
}

void Walk::CheckUnknown(const UnknownFieldSet& unknown) {
  for (int i = 0; i < unknown.field_count() && !Full(); ++i) {
    const int number = unknown.field(i).number();
    Add(Reason::FIELD_UNKNOWN, std::to_string(number),
        {fmt::format("field number {} is not known here; send only fields of this server's version",
                     number),
         fmt::format("字段号 {} 未知；请只提交本服务版本定义的字段", number)});
  }
}

void Walk::CheckOneof(const Message& message, const OneofDescriptor& oneof) {
  if (message.GetReflection()->HasOneof(message, &oneof)) return;
  std::string members;
  for (int i = 0; i < oneof.field_count(); ++i) {
    members += (i == 0 ? "" : ", ") + oneof.field(i)->name();
  }
  Add(Reason::ONEOF_REQUIRED, oneof.name(),
      {fmt::format("nothing came; exactly one of {} is wanted", members),
       fmt::format("未提供；{} 中须提供一项", members)});
}

void Walk::CheckField(const Message& message, const FieldPlan& plan) {
  const Reflection& reflection = *message.GetReflection();
  const FieldDescriptor& field = *plan.field;
  const bool repeated = field.is_repeated();
  // Of a field without presence, "has" means "is not at its default".
  const bool present =
      repeated ? reflection.FieldSize(message, &field) > 0 : reflection.HasField(message, &field);
  if (plan.output_only) {
    if (present) {
      Add(Reason::FIELD_OUTPUT_ONLY, field.name(),
          {"only the server sets this; leave it out", "该字段由服务器填写；请勿提交"});
    }
    return;
  }
  if (present) {
    if (repeated) return CheckRepeated(message, plan);
    return CheckValue({message, plan, -1});
  }
  const bool open_enum = !repeated && !field.has_presence() && field.enum_type() != nullptr;
  if (open_enum && !plan.may_be_unspecified) {
    Add(Reason::FIELD_UNSPECIFIED, field.name(),
        {fmt::format("nothing came; a value of {} is wanted", field.enum_type()->name()),
         fmt::format("未指定；须取 {} 的值", field.enum_type()->name())});
  } else if (plan.required) {
    Add(Reason::FIELD_REQUIRED, field.name(),
        {"nothing came; this has to be stated", "未填写；该项为必填"});
  }
}

void Walk::CheckRepeated(const Message& message, const FieldPlan& plan) {
  const int count = message.GetReflection()->FieldSize(message, plan.field);
  const bool looks_at_items = plan.message != nullptr || plan.bytes_max > 0 ||
                              plan.field->enum_type() != nullptr || plan.civil_date || plan.area_m2;
  if (!looks_at_items) return;
  for (int i = 0; i < count && !Full(); ++i) CheckValue({message, plan, i});
}

void Walk::CheckValue(const Place& place) {
  switch (place.plan.field->cpp_type()) {
    case FieldDescriptor::CPPTYPE_MESSAGE:
      return CheckNested(place);
    case FieldDescriptor::CPPTYPE_ENUM:
      return CheckEnum(place);
    case FieldDescriptor::CPPTYPE_STRING:
      return CheckText(place);
    default:
      return;  // numbers and booleans: what their wire type holds is what they may be
  }
}

void Walk::CheckEnum(const Place& place) {
  const int number = place.EnumNumber();
  const auto& type = *place.plan.field->enum_type();
  if (number == 0 && !place.plan.may_be_unspecified) {
    Add(Reason::FIELD_UNSPECIFIED, NameAt(place),
        {fmt::format("the unspecified value came; another value of {} is wanted", type.name()),
         fmt::format("取值未指定；须取 {} 的其他值", type.name())});
  } else if (type.FindValueByNumber(number) == nullptr) {
    Add(Reason::VALUE_OUT_OF_RANGE, NameAt(place),
        {fmt::format("{} is no value of {}; send one that this server knows", number, type.name()),
         fmt::format("{} 不是 {} 的取值；请提交本服务已定义的值", number, type.name())});
  }
}

void Walk::CheckText(const Place& place) {
  std::string scratch;
  const std::string& text = place.Text(scratch);
  const FieldPlan& plan = place.plan;
  if (plan.bytes_max > 0 && text.size() > plan.bytes_max) {
    Add(Reason::FIELD_TOO_LONG, NameAt(place),
        {fmt::format("{} bytes came; at most {} are taken", text.size(), plan.bytes_max),
         fmt::format("长度 {} 字节；最多 {} 字节", text.size(), plan.bytes_max)});
    return;
  }
  if (plan.field->type() != FieldDescriptor::TYPE_STRING) return;
  if (!geo::IsUtf8(text)) {
    Add(Reason::TEXT_NOT_UTF8, NameAt(place),
        {"the text is not UTF-8; encode it so", "文本不是 UTF-8 编码；请转换后提交"});
    return;
  }
  if (!text.empty()) CheckSpelling(place, text);
}

void Walk::CheckSpelling(const Place& place, const std::string& text) {
  if (place.plan.civil_date && !ParseCivilDate(text)) {
    const Sentence shown = Shown(place.plan, text);
    Add(Reason::DATE_MALFORMED, NameAt(place),
        {fmt::format("{} came; a day of the calendar as YYYY-MM-DD is wanted", shown.english),
         fmt::format("收到 {}；须为日历中存在的日期，格式 YYYY-MM-DD", shown.chinese)});
  }
  if (place.plan.area_m2 && !IsAreaText(text)) {
    const Sentence shown = Shown(place.plan, text);
    Add(Reason::AREA_MALFORMED, NameAt(place),
        {fmt::format("{} came; an area in m2 with at most two decimals is wanted, such as 1234.56",
                     shown.english),
         fmt::format("收到 {}；须为以平方米计、至多两位小数的面积，如 1234.56", shown.chinese)});
  }
}

void Walk::CheckNested(const Place& place) {
  const DoorPlan& plan = *place.plan.message;
  if (plan.glance != nullptr && plan.glance(place.Nested())) return;
  steps_.push_back({place.plan.field, place.index});
  CheckMessage(place.Nested(), plan);
  steps_.pop_back();
}

}  // namespace

RefusalList CheckRequest(const google::protobuf::Message& request) { return Walk().Run(request); }

bool IsAreaText(std::string_view text) {
  constexpr std::size_t kWholeDigitsMax = 12;
  const std::size_t point = text.find('.');
  const std::string_view whole = text.substr(0, point);
  const auto digits = [](std::string_view part) {
    return !part.empty() && part.find_first_not_of("0123456789") == std::string_view::npos;
  };
  if (!digits(whole) || whole.size() > kWholeDigitsMax) return false;
  if (whole.size() > 1 && whole.front() == '0') return false;
  if (point == std::string_view::npos) return true;
  const std::string_view decimals = text.substr(point + 1);
  return digits(decimals) && decimals.size() <= 2;
}

}  // namespace landbook::common
