// Whatever the bytes: a place or a line of the window index that is taken writes itself as the same
// bytes, and a page token that is none is refused.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "landbook/v1/registry_service.pb.h"
#include "services/registry/page_token.h"
#include "services/registry/record_index.h"
#include "storage/check.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  namespace registry = landbook::registry;
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  if (const auto place = registry::DecodePlace(bytes); place.ok()) {
    LANDBOOK_CHECK(registry::EncodePlace(*place) == bytes);
  }
  for (std::uint8_t size_class = 0; size_class < registry::kWindowClassCount; ++size_class) {
    const auto value = registry::DecodeWindowValue(size_class, bytes);
    if (!value.ok()) continue;
    LANDBOOK_CHECK(value->packed.size() <= bytes.size());
    LANDBOOK_CHECK(value->compact.size() <= value->packed.size());
  }
  landbook::v1::ListPlotsRequest request;
  request.set_county("990101");
  request.set_page_token(std::string(bytes));
  const auto paging = registry::ReadPaging(request);
  LANDBOOK_CHECK(!paging.ok() || bytes.empty() || paging->place.has_value());
  return 0;
}
