#include "tools/landbook/table.h"

#include <fmt/format.h>
#include <google/protobuf/descriptor.h>
#include <google/protobuf/timestamp.pb.h>
#include <google/protobuf/util/time_util.h>

#include <algorithm>
#include <ostream>
#include <utility>

#include "storage/digest.h"

namespace landbook::tools {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::Reflection;

constexpr std::size_t kBytesShownMax = 32;

struct CodeRange {
  char32_t first;
  char32_t last;
};

// The blocks of wide characters that names and addresses of a county can hold.
constexpr CodeRange kWide[] = {
    {0x1100, 0x115F}, {0x2E80, 0x303E},   {0x3041, 0x33FF},   {0x3400, 0x4DBF},  {0x4E00, 0x9FFF},
    {0xA000, 0xA4CF}, {0xAC00, 0xD7A3},   {0xF900, 0xFAFF},   {0xFE30, 0xFE4F},  {0xFF00, 0xFF60},
    {0xFFE0, 0xFFE6}, {0x1F300, 0x1F64F}, {0x1F900, 0x1F9FF}, {0x20000, 0x3FFFD}};
constexpr CodeRange kCombining[] = {
    {0x0300, 0x036F}, {0x200B, 0x200F}, {0xFE00, 0xFE0F}, {0xE0100, 0xE01EF}};

template <std::size_t kCount>
bool In(const CodeRange (&ranges)[kCount], char32_t code) {
  return std::any_of(std::begin(ranges), std::end(ranges), [code](const CodeRange& range) {
    return range.first <= code && code <= range.last;
  });
}

struct Character {
  char32_t code = 0;
  std::size_t bytes = 1;
};

std::size_t LengthFromLead(unsigned char lead) {
  if (lead >= 0xF0) return 4;
  if (lead >= 0xE0) return 3;
  return lead >= 0xC0 ? 2 : 1;
}

// The character that `text` begins with; its first byte alone when that is not UTF-8.
Character FirstCharacter(std::string_view text) {
  const auto lead = static_cast<unsigned char>(text[0]);
  const std::size_t length = LengthFromLead(lead);
  if (length == 1 || length > text.size()) return {lead, 1};
  char32_t code = lead & (0x7Fu >> length);
  for (std::size_t i = 1; i < length; ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    if ((byte & 0xC0) != 0x80) return {lead, 1};
    code = (code << 6) | (byte & 0x3Fu);
  }
  return {code, length};
}

std::string ShownBytes(const std::string& bytes) {
  const std::string_view shown = std::string_view(bytes).substr(0, kBytesShownMax);
  return storage::HexOf(shown) + (bytes.size() > kBytesShownMax ? "…" : "");
}

// The value of one field: `index` counts in a repeated one and is -1 for a single one.
std::string ValueText(const Message& message, const FieldDescriptor& field, int index) {
  const Reflection& r = *message.GetReflection();
  const bool many = index >= 0;
  switch (field.cpp_type()) {
    case FieldDescriptor::CPPTYPE_BOOL:
      return (many ? r.GetRepeatedBool(message, &field, index) : r.GetBool(message, &field))
                 ? "true"
                 : "false";
    case FieldDescriptor::CPPTYPE_INT32:
      return fmt::to_string(many ? r.GetRepeatedInt32(message, &field, index)
                                 : r.GetInt32(message, &field));
    case FieldDescriptor::CPPTYPE_INT64:
      return fmt::to_string(many ? r.GetRepeatedInt64(message, &field, index)
                                 : r.GetInt64(message, &field));
    case FieldDescriptor::CPPTYPE_UINT32:
      return fmt::to_string(many ? r.GetRepeatedUInt32(message, &field, index)
                                 : r.GetUInt32(message, &field));
    case FieldDescriptor::CPPTYPE_UINT64:
      return fmt::to_string(many ? r.GetRepeatedUInt64(message, &field, index)
                                 : r.GetUInt64(message, &field));
    case FieldDescriptor::CPPTYPE_ENUM:
      return (many ? r.GetRepeatedEnum(message, &field, index) : r.GetEnum(message, &field))
          ->name();
    case FieldDescriptor::CPPTYPE_STRING: {
      const std::string text =
          many ? r.GetRepeatedString(message, &field, index) : r.GetString(message, &field);
      return field.type() == FieldDescriptor::TYPE_BYTES ? ShownBytes(text) : text;
    }
    default:
      return "";  // messages are walked, and the API has no floating point
  }
}

class RecordPrinter {
 public:
  explicit RecordPrinter(std::ostream& out) : out_(out) {}

  void Print(const Message& message, std::size_t indent) {
    std::vector<const FieldDescriptor*> fields;
    message.GetReflection()->ListFields(message, &fields);
    std::size_t width = 0;
    for (const FieldDescriptor* field : fields) width = std::max(width, field->name().size());
    for (const FieldDescriptor* field : fields) {
      PrintField(message, *field, {indent, width});
    }
  }

 private:
  struct Layout {
    std::size_t indent;
    std::size_t width;
  };

  void PrintField(const Message& message, const FieldDescriptor& field, const Layout& layout) {
    if (!field.is_repeated()) return PrintValue(message, field, -1, layout);
    const int count = message.GetReflection()->FieldSize(message, &field);
    for (int i = 0; i < count; ++i) PrintValue(message, field, i, layout);
  }

  void PrintValue(const Message& message, const FieldDescriptor& field, int index,
                  const Layout& layout) {
    const std::string margin(layout.indent, ' ');
    if (field.cpp_type() != FieldDescriptor::CPPTYPE_MESSAGE) {
      out_ << margin << fmt::format("{:<{}}  ", field.name(), layout.width)
           << ValueText(message, field, index) << "\n";
      return;
    }
    const Reflection& r = *message.GetReflection();
    const Message& inner =
        index < 0 ? r.GetMessage(message, &field) : r.GetRepeatedMessage(message, &field, index);
    if (const auto* time = dynamic_cast<const google::protobuf::Timestamp*>(&inner)) {
      out_ << margin << fmt::format("{:<{}}  ", field.name(), layout.width)
           << google::protobuf::util::TimeUtil::ToString(*time) << "\n";
      return;
    }
    out_ << margin << field.name() << "\n";
    Print(inner, layout.indent + 2);
  }

  std::ostream& out_;
};

}  // namespace

std::size_t DisplayWidth(std::string_view text) {
  std::size_t width = 0;
  while (!text.empty()) {
    const Character character = FirstCharacter(text);
    if (In(kWide, character.code)) {
      width += 2;
    } else if (!In(kCombining, character.code)) {
      width += 1;
    }
    text.remove_prefix(character.bytes);
  }
  return width;
}

void Table::Print(std::ostream& out) const {
  std::vector<std::size_t> widths(rows_[0].size(), 0);
  for (const auto& row : rows_) {
    for (std::size_t i = 0; i < row.size(); ++i) {
      widths[i] = std::max(widths[i], DisplayWidth(row[i]));
    }
  }
  for (const auto& row : rows_) {
    for (std::size_t i = 0; i < row.size(); ++i) {
      out << row[i];
      if (i + 1 < row.size()) out << std::string(widths[i] - DisplayWidth(row[i]) + 2, ' ');
    }
    out << "\n";
  }
}

void PrintRecord(const Message& record, std::ostream& out) { RecordPrinter(out).Print(record, 0); }

}  // namespace landbook::tools
