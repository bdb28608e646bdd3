// Whatever the bytes: a head that is taken writes itself as the same bytes.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "storage/check.h"
#include "storage/signed_head.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  namespace storage = landbook::storage;
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  if (const auto head = storage::ParseCanonicalBytes(bytes); head.ok()) {
    LANDBOOK_CHECK(storage::CanonicalBytes(*head) == bytes);
  }
  if (const auto head = storage::ParseHeadText(bytes); head.ok()) {
    LANDBOOK_CHECK(storage::HeadText(*head) == bytes);
  }
  return 0;
}
