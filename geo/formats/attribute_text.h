// Values of a row from bytes, strictly.
#ifndef LANDBOOK_GEO_FORMATS_ATTRIBUTE_TEXT_H_
#define LANDBOOK_GEO_FORMATS_ATTRIBUTE_TEXT_H_

#include <cstddef>
#include <string>
#include <string_view>

#include "geo/formats/layer_reader.h"
#include "geo/formats/text_decoder.h"

namespace landbook::geo {

// A field of a row.
struct FieldPlace {
  std::size_t index = 0;  // of its attribute, which is there
  const std::string& name;
};

// Makes the field's attribute the value that `bytes` are, and where they are not text of the
// decoder's encoding, adds the problem that says so with the field's name.
void SetText(std::string_view bytes, const FieldPlace& field, const TextDecoder& decoder, Row& row);

// "CE D2 A1" for three bytes; at most the first 64, then "…".
std::string Hexadecimal(std::string_view bytes);

}  // namespace landbook::geo

#endif  // LANDBOOK_GEO_FORMATS_ATTRIBUTE_TEXT_H_
