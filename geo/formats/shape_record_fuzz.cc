// Whatever the bytes: a shape's record is read to its end and no further, and what comes out is
// rings that fit their own counts, or a sentence.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "geo/formats/shape_record.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using landbook::geo::GeometryState;
  const std::string_view content(reinterpret_cast<const char*>(data), size);
  const landbook::geo::ShapeContent shape = landbook::geo::ReadShape(content);
  const bool polygon = shape.state == GeometryState::kPolygon;
  if (!polygon && shape.state != GeometryState::kNull && shape.message.empty()) std::abort();
  if (!polygon) return 0;
  const auto& boundary = shape.boundary;
  if (boundary.ring_ends.empty() || boundary.part_ends.empty()) std::abort();
  if (boundary.ring_ends.back() != boundary.vertices.size()) std::abort();
  if (boundary.part_ends.back() != boundary.ring_ends.size()) std::abort();
  if (boundary.vertices.size() * 16 > size) std::abort();
  return 0;
}
