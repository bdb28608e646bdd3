#include "geo/compact.h"

#include <algorithm>
#include <bit>
#include <cstdint>
#include <cstring>
#include <utility>

#include "fmt/format.h"
#include "geo/check.h"
#include "geo/utf8.h"

namespace landbook::geo {
namespace {

constexpr std::uint8_t kPointsFollow = 1;
constexpr std::uint8_t kLinesFollow = 2;

// A difference of two coordinates takes 42 bits zig-zag, which is six bytes of seven bits.
constexpr std::size_t kVertexBytesMax = 12;
constexpr std::size_t kVarintBytesMax = 10;

std::uint64_t ZigZag(std::int64_t value) {
  return (static_cast<std::uint64_t>(value) << 1) ^ static_cast<std::uint64_t>(value >> 63);
}

std::int64_t UnZigZag(std::uint64_t value) {
  return static_cast<std::int64_t>(value >> 1) ^ -static_cast<std::int64_t>(value & 1);
}

// Writes `value` at `out` and returns the place behind it.
char* PutVarint(char* out, std::uint64_t value) {
  while (value >= 0x80) {
    *out++ = static_cast<char>(value | 0x80);
    value >>= 7;
  }
  *out++ = static_cast<char>(value);
  return out;
}

void AppendVarint(std::string& out, std::uint64_t value) {
  char buffer[kVarintBytesMax];
  out.append(buffer, static_cast<std::size_t>(PutVarint(buffer, value) - buffer));
}

void AppendText(std::string& out, const std::string& text) {
  LANDBOOK_GEO_CHECK(IsUtf8(text));
  AppendVarint(out, text.size());
  out += text;
}

bool OnPlane(Vertex v) {
  return v.x >= -kCoordinateMax && v.x <= kCoordinateMax && v.y >= -kCoordinateMax &&
         v.y <= kCoordinateMax;
}

char* PutRing(char* out, std::span<const Vertex> ring, Vertex& last) {
  out = PutVarint(out, ring.size());
  for (const Vertex& v : ring) {
    LANDBOOK_GEO_CHECK(OnPlane(v));
    out = PutVarint(out, ZigZag(v.x - last.x));
    out = PutVarint(out, ZigZag(v.y - last.y));
    last = v;
  }
  return out;
}

// Appends the parts; their bytes are written in place because this is the hot half of a write.
void AppendParts(std::string& out, const Boundary& boundary) {
  const std::size_t start = out.size();
  out.resize(start + boundary.vertices.size() * kVertexBytesMax +
             (boundary.ring_count() + boundary.part_count() + 1) * kVarintBytesMax);
  char* at = PutVarint(out.data() + start, boundary.part_count());
  Vertex last;
  for (std::size_t part = 0; part < boundary.part_count(); ++part) {
    const std::size_t begin = boundary.PartBegin(part);
    const std::size_t end = boundary.PartEnd(part);
    LANDBOOK_GEO_CHECK(begin < end);
    at = PutVarint(at, end - begin);
    for (std::size_t ring = begin; ring < end; ++ring) at = PutRing(at, boundary.Ring(ring), last);
  }
  out.resize(static_cast<std::size_t>(at - out.data()));
}

// The skip of each item of `items`, checked to be increasing vertices that exist.
template <typename Item, typename Append>
void AppendItems(std::string& out, const std::vector<Item>& items, std::size_t vertex_count,
                 Append append) {
  AppendVarint(out, items.size());
  std::uint64_t next = 0;
  for (const Item& item : items) {
    LANDBOOK_GEO_CHECK(item.vertex >= next && item.vertex < vertex_count);
    AppendVarint(out, item.vertex - next);
    append(item);
    next = std::uint64_t{item.vertex} + 1;
  }
}

void AppendPoints(std::string& out, const Boundary& boundary) {
  AppendItems(out, boundary.points, boundary.vertices.size(), [&out](const BoundaryPoint& point) {
    out += static_cast<char>(point.mark);
    out += static_cast<char>(point.method);
    AppendText(out, point.number);
  });
}

void AppendLines(std::string& out, const Boundary& boundary) {
  AppendItems(out, boundary.lines, boundary.vertices.size(), [&out](const BoundaryLine& line) {
    AppendVarint(out, line.nature);
    out += static_cast<char>(line.category);
    out += static_cast<char>(line.position);
    AppendText(out, line.number);
    AppendText(out, line.description);
  });
}

void CheckEnds(const Boundary& boundary) {
  LANDBOOK_GEO_CHECK(std::is_sorted(boundary.ring_ends.begin(), boundary.ring_ends.end()));
  LANDBOOK_GEO_CHECK((boundary.ring_ends.empty() ? 0 : boundary.ring_ends.back()) ==
                     boundary.vertices.size());
  LANDBOOK_GEO_CHECK((boundary.part_ends.empty() ? 0 : boundary.part_ends.back()) ==
                     boundary.ring_ends.size());
}

// Reads the encoding from front to back. After the first thing wrong, `status()` names it and every
// further read gives zero; counts are bounded by the bytes left, so a loop over one ends.
class Reader {
 public:
  explicit Reader(std::string_view bytes)
      : begin_(reinterpret_cast<const std::uint8_t*>(bytes.data())),
        at_(begin_),
        end_(begin_ + bytes.size()) {}

  bool ok() const { return status_.ok(); }
  absl::Status status() const { return status_; }
  std::size_t left() const { return static_cast<std::size_t>(end_ - at_); }

  void Refuse(std::string_view what) {
    if (!status_.ok()) return;
    status_ = absl::InvalidArgumentError(
        fmt::format("compact boundary: {} at byte {} of {}; send the encoding of geo/compact.h",
                    what, at_ - begin_, end_ - begin_));
    end_ = at_;
  }
  void RefuseSize(std::size_t vertices, std::size_t vertices_max) {
    if (!status_.ok()) return;
    status_ = absl::OutOfRangeError(
        fmt::format("compact boundary: {} vertices or more, where {} are allowed; send it in parts",
                    vertices, vertices_max));
    end_ = at_;
  }

  std::uint8_t Byte() {
    if (at_ == end_) {
      Refuse("truncated");
      return 0;
    }
    return *at_++;
  }

  std::uint64_t Varint() {
    // The differences along a ring take three bytes or so.
    constexpr unsigned kShiftMax = 28;
    const std::uint8_t* at = at_;
    std::uint64_t value = 0;
    for (unsigned shift = 0; shift <= kShiftMax && at != end_; shift += 7) {
      const std::uint8_t byte = *at++;
      value |= static_cast<std::uint64_t>(byte & 0x7F) << shift;
      if (byte >= 0x80) continue;
      if (byte == 0 && shift > 0) break;
      at_ = at;
      return value;
    }
    return LongVarint();
  }

  // Reads vertices, each as its difference from the one before, for as long as both numbers of one
  // lie in the next eight bytes in their shortest form, as those of nearly all vertices do, and the
  // vertex lies on the plane. Their lengths vary without a pattern that a processor could guess, so
  // they are found without asking byte by byte. Gives how many were read; `last` becomes the last.
  std::size_t ShortVertices(std::size_t count, Vertex& last, Vertex* out) {
    if (std::endian::native != std::endian::little) return 0;
    const std::uint8_t* at = at_;
    std::size_t read = 0;
    for (; read < count && static_cast<std::size_t>(end_ - at) >= sizeof(std::uint64_t); ++read) {
      std::uint64_t word = 0;
      std::memcpy(&word, at, sizeof(word));
      const std::uint64_t ends = ~word & 0x8080'8080'8080'8080;  // a last byte has no top bit
      const std::uint64_t later_ends = ends & (ends - 1);
      if (later_ends == 0) break;
      const int x_bits = std::countr_zero(ends) + 1;
      const int bits = std::countr_zero(later_ends) + 1;
      const std::uint64_t x = word & (~std::uint64_t{0} >> (64 - x_bits));
      const std::uint64_t y = (word & (~std::uint64_t{0} >> (64 - bits))) >> x_bits;
      if (!Shortest(x, x_bits) || !Shortest(y, bits - x_bits)) break;
      const Vertex next{last.x + UnZigZag(WithoutTopBits(x)), last.y + UnZigZag(WithoutTopBits(y))};
      if (!OnPlane(next)) break;
      out[read] = next;
      last = next;
      at += bits / 8;
    }
    at_ = at;
    return read;
  }

  // A number of any length, or what is wrong with it.
  std::uint64_t LongVarint() {
    std::uint64_t value = 0;
    for (unsigned shift = 0; shift < 70; shift += 7) {
      const std::uint8_t byte = Byte();
      if (!ok()) return 0;
      if (shift == 63 && byte > 1) break;
      value |= static_cast<std::uint64_t>(byte & 0x7F) << shift;
      if (byte < 0x80) {
        if (byte != 0 || shift == 0) return value;
        Refuse("number not in its shortest form");
        return 0;
      }
    }
    Refuse("number of more than 64 bits");
    return 0;
  }

  // A count of items that take at least `bytes_each`, so at most what the bytes left can hold.
  std::size_t Count(std::size_t bytes_each) {
    const std::uint64_t count = Varint();
    if (count <= left() / bytes_each) return static_cast<std::size_t>(count);
    Refuse("truncated: a count larger than the bytes left can hold");
    return 0;
  }

  std::string Text() {
    const std::size_t size = Count(1);
    std::string text(reinterpret_cast<const char*>(at_), size);
    at_ += size;
    if (!IsUtf8(text)) Refuse("text that is not UTF-8");
    return text;
  }

 private:
  static bool Shortest(std::uint64_t word, int bits) {
    return bits == 8 || word >> (bits - 8) != 0;
  }

  // Joins the lower seven bits of each byte.
  static std::uint64_t WithoutTopBits(std::uint64_t word) {
    word = (word & 0x007F'007F'007F'007F) | (word & 0x7F00'7F00'7F00'7F00) >> 1;
    word = (word & 0x0000'3FFF'0000'3FFF) | (word & 0x3FFF'0000'3FFF'0000) >> 2;
    return (word & 0x0FFF'FFFF) | (word & 0x0FFF'FFFF'0000'0000) >> 4;
  }

  const std::uint8_t* begin_;
  const std::uint8_t* at_;
  const std::uint8_t* end_;
  absl::Status status_;
};

std::int64_t ReadCoordinate(Reader& reader, std::int64_t last) {
  const std::int64_t difference = UnZigZag(reader.Varint());
  const bool small = difference >= -2 * kCoordinateMax && difference <= 2 * kCoordinateMax;
  const std::int64_t value = small ? last + difference : 0;
  if (small && value >= -kCoordinateMax && value <= kCoordinateMax) return value;
  reader.Refuse("coordinate out of range");
  return 0;
}

void ReadRing(Reader& reader, std::size_t vertices_max, Boundary& boundary) {
  const std::size_t count = reader.Count(2);
  if (count > vertices_max - boundary.vertices.size()) {
    reader.RefuseSize(boundary.vertices.size() + count, vertices_max);
    return;
  }
  Vertex last = boundary.vertices.empty() ? Vertex{} : boundary.vertices.back();
  const std::size_t before = boundary.vertices.size();
  boundary.vertices.resize(before + count);
  Vertex* const out = boundary.vertices.data() + before;
  for (std::size_t i = 0; i < count && reader.ok();) {
    i += reader.ShortVertices(count - i, last, out + i);
    if (i == count) break;
    last.x = ReadCoordinate(reader, last.x);
    last.y = ReadCoordinate(reader, last.y);
    out[i++] = last;
  }
  boundary.EndRing();
}

void ReadPart(Reader& reader, std::size_t vertices_max, Boundary& boundary) {
  const std::size_t rings = reader.Count(1);
  if (rings == 0) reader.Refuse("part without a ring");
  for (std::size_t i = 0; i < rings && reader.ok(); ++i) ReadRing(reader, vertices_max, boundary);
  boundary.EndPart();
}

// The vertex of the next item, after `next - 1` vertices were used or skipped.
std::uint32_t ReadItemVertex(Reader& reader, std::uint64_t& next, std::size_t vertex_count) {
  const std::uint64_t skip = reader.Varint();
  if (skip >= vertex_count - std::min<std::uint64_t>(next, vertex_count)) {
    reader.Refuse("point or line of a vertex that is not there");
    return 0;
  }
  const auto vertex = static_cast<std::uint32_t>(next + skip);
  next = std::uint64_t{vertex} + 1;
  return vertex;
}

// A section that a flag announced holds something, or the boundary would have two encodings.
std::size_t ReadItemCount(Reader& reader, std::size_t bytes_each) {
  const std::size_t count = reader.Count(bytes_each);
  if (count == 0) reader.Refuse("points or lines announced and none there");
  return count;
}

void ReadPoints(Reader& reader, Boundary& boundary) {
  const std::size_t count = ReadItemCount(reader, 4);
  std::uint64_t next = 0;
  for (std::size_t i = 0; i < count && reader.ok(); ++i) {
    BoundaryPoint point;
    point.vertex = ReadItemVertex(reader, next, boundary.vertices.size());
    point.mark = reader.Byte();
    point.method = reader.Byte();
    point.number = reader.Text();
    boundary.points.push_back(std::move(point));
  }
}

std::uint32_t ReadNature(Reader& reader) {
  const std::uint64_t nature = reader.Varint();
  if (nature > 0xFFFF'FFFF) reader.Refuse("nature of a line of more than 32 bits");
  return static_cast<std::uint32_t>(nature);
}

void ReadLines(Reader& reader, Boundary& boundary) {
  const std::size_t count = ReadItemCount(reader, 6);
  std::uint64_t next = 0;
  for (std::size_t i = 0; i < count && reader.ok(); ++i) {
    BoundaryLine line;
    line.vertex = ReadItemVertex(reader, next, boundary.vertices.size());
    line.nature = ReadNature(reader);
    line.category = reader.Byte();
    line.position = reader.Byte();
    line.number = reader.Text();
    line.description = reader.Text();
    boundary.lines.push_back(std::move(line));
  }
}

}  // namespace

std::string EncodeCompact(const Boundary& boundary) {
  std::string out;
  EncodeCompact(boundary, out);
  return out;
}

void EncodeCompact(const Boundary& boundary, std::string& out) {
  CheckEnds(boundary);
  const int flags =
      (boundary.points.empty() ? 0 : kPointsFollow) | (boundary.lines.empty() ? 0 : kLinesFollow);
  out.assign({kCompactVersion, static_cast<char>(flags)});
  AppendParts(out, boundary);
  if (!boundary.points.empty()) AppendPoints(out, boundary);
  if (!boundary.lines.empty()) AppendLines(out, boundary);
}

absl::StatusOr<Boundary> DecodeCompact(std::string_view bytes, std::size_t vertices_max) {
  Reader reader(bytes);
  Boundary boundary;
  if (reader.Byte() != kCompactVersion) reader.Refuse("unknown version (1 is known)");
  const std::uint8_t flags = reader.Byte();
  if (flags > (kPointsFollow | kLinesFollow)) reader.Refuse("unknown flags");
  const std::size_t parts = reader.Count(2);
  for (std::size_t i = 0; i < parts && reader.ok(); ++i) ReadPart(reader, vertices_max, boundary);
  if (reader.ok() && (flags & kPointsFollow) != 0) ReadPoints(reader, boundary);
  if (reader.ok() && (flags & kLinesFollow) != 0) ReadLines(reader, boundary);
  if (reader.ok() && reader.left() > 0) reader.Refuse("bytes left over");
  if (!reader.ok()) return reader.status();
  return boundary;
}

}  // namespace landbook::geo
