// Whatever the bytes: decoding ends, gives well-formed UTF-8 or nothing, and well-formed UTF-8
// comes back unchanged from the decoders that take it.
#include <cstddef>
#include <cstdint>
#include <cstdlib>

#include "geo/formats/text_decoder.h"
#include "geo/utf8.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using landbook::geo::TextDecoder;
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  for (const char* name : {"", "UTF-8", "GBK", "BIG5", "CP932", "ISO-8859-1"}) {
    const auto decoder = TextDecoder::ForName(name);
    if (!decoder.ok()) std::abort();
    const auto text = decoder->Decode(bytes);
    if (text.has_value() && !landbook::geo::IsUtf8(*text)) std::abort();
    const bool takes_utf8 = *name == '\0' || decoder->name() == "UTF-8";
    if (takes_utf8 && landbook::geo::IsUtf8(bytes) && text != std::string(bytes)) std::abort();
  }
  return 0;
}
