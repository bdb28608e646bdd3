#include "geo/formats/shape_record.h"

#include <cstddef>
#include <utility>

#include "fmt/format.h"
#include "geo/compact.h"
#include "geo/formats/byte_order.h"
#include "geo/formats/ring_nesting.h"

namespace landbook::geo {
namespace {

constexpr std::size_t kPolygonHeaderBytes = 44;  // type, box, ring count, vertex count
constexpr std::size_t kVertexBytes = 16;

ShapeContent Unreadable(std::string message) {
  ShapeContent content;
  content.state = GeometryState::kUnreadable;
  content.message = std::move(message);
  return content;
}

ShapeContent NotPolygon(std::uint32_t type) {
  ShapeContent content;
  content.state = GeometryState::kNotPolygon;
  content.message =
      fmt::format("the record holds a shape of type {}, a polygon (5, 15 or 25) is wanted", type);
  return content;
}

// The rings of a polygon's content, flat. Fails by a message when their starts are out of order.
std::string ReadRings(std::string_view content, RawBoundary& rings) {
  const auto ring_count = LittleEndianAt<std::uint32_t>(content, 36);
  const auto vertex_count = LittleEndianAt<std::uint32_t>(content, 40);
  const std::size_t vertices_at = kPolygonHeaderBytes + std::size_t{4} * ring_count;
  rings.vertices.resize(vertex_count);
  for (std::size_t i = 0; i < vertex_count; ++i) {
    rings.vertices[i] = {LittleEndianAt<double>(content, vertices_at + i * kVertexBytes),
                         LittleEndianAt<double>(content, vertices_at + i * kVertexBytes + 8)};
  }
  for (std::size_t ring = 0; ring < ring_count; ++ring) {
    const auto start = LittleEndianAt<std::uint32_t>(content, kPolygonHeaderBytes + 4 * ring);
    const std::uint32_t expected = ring == 0 ? 0 : rings.ring_ends.back();
    const bool last = ring + 1 == ring_count;
    const std::uint32_t end =
        last ? vertex_count
             : LittleEndianAt<std::uint32_t>(content, kPolygonHeaderBytes + 4 * (ring + 1));
    if (start != expected || end < start || end > vertex_count) {
      return fmt::format("ring {} of the record starts at vertex {} and ends at {} of {}", ring,
                         start, end, vertex_count);
    }
    rings.ring_ends.push_back(end);
  }
  return "";
}

ShapeContent ReadPolygon(std::string_view content) {
  if (content.size() < kPolygonHeaderBytes) {
    return Unreadable(
        fmt::format("the record is {} bytes long, too short for a polygon", content.size()));
  }
  const auto ring_count = LittleEndianAt<std::uint32_t>(content, 36);
  const auto vertex_count = LittleEndianAt<std::uint32_t>(content, 40);
  const std::size_t wanted =
      kPolygonHeaderBytes + std::size_t{4} * ring_count + kVertexBytes * std::size_t{vertex_count};
  if (content.size() < wanted) {
    return Unreadable(
        fmt::format("the record claims {} rings of {} vertices, which take {} bytes, and holds {}",
                    ring_count, vertex_count, wanted, content.size()));
  }
  ShapeContent result;
  result.has_z_or_m = LittleEndianAt<std::uint32_t>(content, 0) != kPolygonShape;
  if (vertex_count > kVerticesMax) {
    result = Unreadable(fmt::format("the boundary has {} vertices; the book takes at most {}",
                                    vertex_count, kVerticesMax));
    result.too_many_vertices = true;
    return result;
  }
  if (vertex_count == 0 || ring_count == 0) {
    result.state = GeometryState::kEmpty;
    result.message = "the record is a polygon without vertices";
    return result;
  }
  RawBoundary rings;
  if (std::string wrong = ReadRings(content, rings); !wrong.empty()) {
    return Unreadable(std::move(wrong));
  }
  result.state = GeometryState::kPolygon;
  result.boundary = NestRings(std::move(rings));
  return result;
}

}  // namespace

bool IsPolygonShape(std::uint32_t type) {
  return type == kPolygonShape || type == kPolygonZShape || type == kPolygonMShape;
}

std::uint64_t BytesWithMeasures(std::string_view content) {
  if (content.size() < kPolygonHeaderBytes) return 0;
  const auto type = LittleEndianAt<std::uint32_t>(content, 0);
  const auto rings = LittleEndianAt<std::uint32_t>(content, 36);
  const auto vertices = LittleEndianAt<std::uint32_t>(content, 40);
  if (type != kPolygonZShape && type != kPolygonMShape) return 0;
  const std::uint64_t plane =
      kPolygonHeaderBytes + std::uint64_t{4} * rings + std::uint64_t{kVertexBytes} * vertices;
  const std::uint64_t third = 16 + std::uint64_t{8} * vertices;  // a range, then a value a vertex
  return plane + (type == kPolygonZShape ? 2 : 1) * third;
}

ShapeContent ReadShape(std::string_view content) {
  if (content.size() < 4) return Unreadable("the record is too short to state a shape type");
  const auto type = LittleEndianAt<std::uint32_t>(content, 0);
  if (type == kNullShape) return {};
  return IsPolygonShape(type) ? ReadPolygon(content) : NotPolygon(type);
}

}  // namespace landbook::geo
