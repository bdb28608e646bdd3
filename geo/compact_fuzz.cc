// The compact decoder on any bytes: it never crashes, and what it accepts encodes to those bytes.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "geo/check.h"
#include "geo/compact.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const absl::StatusOr<landbook::geo::Boundary> boundary = landbook::geo::DecodeCompact(bytes);
  if (boundary.ok()) LANDBOOK_GEO_CHECK(landbook::geo::EncodeCompact(*boundary) == bytes);
  return 0;
}
