#include "geo/formats/attribute_text.h"

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

void SetText(std::string_view bytes, const FieldPlace& field, const TextDecoder& decoder,
             Row& row) {
  Attribute& attribute = row.attributes[field.index];
  attribute.state = Attribute::State::kText;
  if (decoder.Decode(bytes, attribute.text)) return;
  attribute = {Attribute::State::kUndecodable, Hexadecimal(bytes)};
  row.problems.push_back(
      {RowProblem::Kind::kTextUndecodable, field.name,
       fmt::format(
           "the value of {} is not text in {}: bytes {}; state the encoding, or correct the "
           "value",
           field.name, decoder.name(), attribute.text)});
}

}  // namespace landbook::geo
