#include "tools/landbook/json.h"

#include <fmt/format.h>
#include <google/protobuf/util/json_util.h>

namespace landbook::tools {

std::string JsonOf(const google::protobuf::Message& message) {
  google::protobuf::util::JsonPrintOptions options;
  options.always_print_primitive_fields = true;
  options.preserve_proto_field_names = true;
  std::string text;
  const auto status = google::protobuf::util::MessageToJsonString(message, &text, options);
  // Only a malformed Any or timestamp cannot be printed; the caller shows what there is.
  if (!status.ok()) return fmt::format("{{\"unprintable\":{}}}", JsonText(message.GetTypeName()));
  return text;
}

absl::Status ParseJson(std::string_view text, const std::string& path,
                       google::protobuf::Message& message) {
  const auto status = google::protobuf::util::JsonStringToMessage(
      google::protobuf::StringPiece(text.data(), text.size()), &message);
  if (status.ok()) return absl::OkStatus();
  const std::string reason(status.message().data(), status.message().size());
  return absl::InvalidArgumentError(fmt::format("{} is not a {} in protobuf JSON: {}", path,
                                                message.GetDescriptor()->full_name(), reason));
}

std::string JsonText(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (static_cast<unsigned char>(c) < 0x20) {
      out += fmt::format("\\u{:04x}", static_cast<unsigned>(c));
    } else {
      out += c;
    }
  }
  return out + "\"";
}

}  // namespace landbook::tools
