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

void ReadPolygon(std::string_view content, ShapeContent& shape) {
  if (content.size() < kPolygonHeaderBytes) {
    shape = Unreadable(
        fmt::format("the record is {} bytes long, too short for a polygon", content.size()));
    return;
  }
  const auto ring_count = LittleEndianAt<std::uint32_t>(content, 36);
  const auto vertex_count = LittleEndianAt<std::uint32_t>(content, 40);
  const std::size_t wanted =
      kPolygonHeaderBytes + std::size_t{4} * ring_count + kVertexBytes * std::size_t{vertex_count};
  if (content.size() < wanted) {
    shape = Unreadable(
        fmt::format("the record claims {} rings of {} vertices, which take {} bytes, and holds {}",
                    ring_count, vertex_count, wanted, content.size()));
    return;
  }
  shape.has_z_or_m = LittleEndianAt<std::uint32_t>(content, 0) != kPolygonShape;
  if (vertex_count > kVerticesMax) {
    shape = Unreadable(fmt::format("the boundary has {} vertices; the book takes at most {}",
                                   vertex_count, kVerticesMax));
    shape.too_many_vertices = true;
    return;
  }
  if (vertex_count == 0 || ring_count == 0) {
    shape.state = GeometryState::kEmpty;
    shape.message = "the record is a polygon without vertices";
    return;
  }
  if (std::string wrong = ReadRings(content, shape.boundary); !wrong.empty()) {
    shape = Unreadable(std::move(wrong));
    return;
  }
  shape.state = GeometryState::kPolygon;
  shape.boundary = NestRings(std::move(shape.boundary));
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
  ShapeContent shape;
  ReadShape(content, shape);
  return shape;
}

void ReadShape(std::string_view content, ShapeContent& shape) {
  RawBoundary memory = std::move(shape.boundary);
  memory.Clear();
  shape = ShapeContent();
  shape.boundary = std::move(memory);
  if (content.size() < 4) {
    shape = Unreadable("the record is too short to state a shape type");
    return;
  }
  const auto type = LittleEndianAt<std::uint32_t>(content, 0);
  if (IsPolygonShape(type)) return ReadPolygon(content, shape);
  if (type != kNullShape) shape = NotPolygon(type);
}

}  // namespace landbook::geo
