// Protobuf JSON as the command line speaks it.
#ifndef LANDBOOK_TOOLS_LANDBOOK_JSON_H_
#define LANDBOOK_TOOLS_LANDBOOK_JSON_H_

#include <google/protobuf/message.h>

#include <string>
#include <string_view>

#include "absl/status/status.h"

namespace landbook::tools {

// `message` as protobuf JSON on one line, with the proto's field names, and with zeros, empty texts
// and empty lists printed. 64-bit integers are texts, as protobuf JSON has them.
std::string JsonOf(const google::protobuf::Message& message);

// Reads protobuf JSON into `message`. Fails with INVALID_ARGUMENT that says where the text (`path`,
// for people) is wrong; unknown fields are wrong.
absl::Status ParseJson(std::string_view text, const std::string& path,
                       google::protobuf::Message& message);

// `text` with quotation marks, as JSON writes it. REQUIRES: UTF-8.
std::string JsonText(std::string_view text);

}  // namespace landbook::tools

#endif  // LANDBOOK_TOOLS_LANDBOOK_JSON_H_
