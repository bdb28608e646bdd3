#include "geo/formats/attribute_text.h"

#include <optional>
#include <utility>

#include "fmt/format.h"

namespace landbook::geo {

std::string Hexadecimal(std::string_view bytes) {
  constexpr std::size_t kBytesMax = 64;
  std::string text;
  for (const char c : bytes.substr(0, kBytesMax)) {
    if (!text.empty()) text += ' ';
    text += fmt::format("{:02X}", static_cast<unsigned char>(c));
  }
  if (bytes.size() > kBytesMax) text += " …";
  return text;
}

void AppendText(std::string_view bytes, const std::string& field, const TextDecoder& decoder,
                Row& row) {
  std::optional<std::string> text = decoder.Decode(bytes);
  if (text.has_value()) {
    row.attributes.push_back({Attribute::State::kText, *std::move(text)});
    return;
  }
  std::string hexadecimal = Hexadecimal(bytes);
  row.problems.push_back(
      {RowProblem::Kind::kTextUndecodable, field,
       fmt::format(
           "the value of {} is not text in {}: bytes {}; state the encoding, or correct the "
           "value",
           field, decoder.name(), hexadecimal)});
  row.attributes.push_back({Attribute::State::kUndecodable, std::move(hexadecimal)});
}

}  // namespace landbook::geo
