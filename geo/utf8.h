// Whether bytes are text.
#ifndef LANDBOOK_GEO_UTF8_H_
#define LANDBOOK_GEO_UTF8_H_

#include <string_view>

namespace landbook::geo {

// True when `text` is well-formed UTF-8 (RFC 3629): shortest forms only, no surrogates, nothing
// above U+10FFFF. The empty text is well-formed.
bool IsUtf8(std::string_view text);

}  // namespace landbook::geo

#endif  // LANDBOOK_GEO_UTF8_H_
