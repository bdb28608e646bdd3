// Values of a row from bytes, strictly.
#ifndef LANDBOOK_GEO_FORMATS_ATTRIBUTE_TEXT_H_
#define LANDBOOK_GEO_FORMATS_ATTRIBUTE_TEXT_H_

#include <string>
#include <string_view>

#include "geo/formats/layer_reader.h"
#include "geo/formats/text_decoder.h"

namespace landbook::geo {

// Appends the value that `bytes` are to the row, and where they are not text of the decoder's
// encoding, the problem that says so with the field's name.
void AppendText(std::string_view bytes, const std::string& field, const TextDecoder& decoder,
                Row& row);

// "CE D2 A1" for three bytes; at most the first 64, then "…".
std::string Hexadecimal(std::string_view bytes);

}  // namespace landbook::geo

#endif  // LANDBOOK_GEO_FORMATS_ATTRIBUTE_TEXT_H_
