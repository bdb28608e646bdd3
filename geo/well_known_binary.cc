// Well-known binary; the text is in well_known_text.cc.
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <utility>

#include "absl/status/status.h"
#include "fmt/format.h"
#include "geo/normalise.h"
#include "geo/well_known.h"

namespace landbook::geo {
namespace {

constexpr std::uint32_t kPolygon = 3;
constexpr std::uint32_t kMultiPolygon = 6;
constexpr std::uint32_t kExtendedFlags = 0xE000'0000;  // EWKB's Z, M and SRID bits

// The bytes of `value` from the least significant one, whatever the machine's order is.
template <typename Value>
void AppendLittleEndian(std::string& out, Value value) {
  for (std::size_t i = 0; i < sizeof(Value); ++i) {
    out += static_cast<char>(static_cast<std::uint8_t>(value >> (8 * i)));
  }
}

void AppendHeader(std::string& out, std::uint32_t type, std::size_t count) {
  out += '\1';
  AppendLittleEndian(out, type);
  AppendLittleEndian(out, static_cast<std::uint32_t>(count));
}

void AppendVertex(std::string& out, Vertex v) {
  AppendLittleEndian(out, std::bit_cast<std::uint64_t>(MetresFromSteps(v.x)));
  AppendLittleEndian(out, std::bit_cast<std::uint64_t>(MetresFromSteps(v.y)));
}

void AppendRing(std::string& out, std::span<const Vertex> ring) {
  AppendLittleEndian(out, static_cast<std::uint32_t>(ring.empty() ? 0 : ring.size() + 1));
  for (const Vertex& v : ring) AppendVertex(out, v);
  if (!ring.empty()) AppendVertex(out, ring.front());
}

void AppendPart(std::string& out, const Boundary& boundary, std::size_t part) {
  const std::size_t begin = boundary.PartBegin(part);
  const std::size_t end = boundary.PartEnd(part);
  AppendHeader(out, kPolygon, end - begin);
  for (std::size_t ring = begin; ring < end; ++ring) AppendRing(out, boundary.Ring(ring));
}

// The head of one geometry: its kind without dimensions, and the numbers of each of its vertices.
struct Head {
  std::uint32_t kind = 0;
  std::uint32_t ordinates = 2;
};

// Reads the binary from front to back. After the first thing wrong, `status()` names it and every
// further read gives zero.
class WkbReader {
 public:
  explicit WkbReader(std::string_view bytes) : bytes_(bytes) {}

  absl::StatusOr<RawBoundary> Read() && {
    const Head head = ReadHead();
    if (head.kind == kMultiPolygon) {
      ReadParts(head);
    } else if (head.kind == kPolygon) {
      ReadPart(head);
    } else {
      Refuse(fmt::format("geometry of kind {}, where a polygon (3) or multipolygon (6) was wanted",
                         head.kind));
    }
    if (ok() && at_ < bytes_.size()) Refuse("bytes left over");
    if (!ok()) return status_;
    return std::move(boundary_);
  }

 private:
  bool ok() const { return status_.ok(); }
  std::size_t left() const { return bytes_.size() - at_; }

  void Refuse(std::string_view what) {
    if (!ok()) return;
    status_ = absl::InvalidArgumentError(
        fmt::format("well-known binary: {} at byte {} of {}; send an ISO polygon or multipolygon",
                    what, at_, bytes_.size()));
  }

  template <typename Value>
  Value Number() {
    if (!ok() || left() < sizeof(Value)) {
      Refuse("truncated");
      return 0;
    }
    Value value = 0;
    for (std::size_t i = 0; i < sizeof(Value); ++i) {
      const std::size_t place = little_endian_ ? i : sizeof(Value) - 1 - i;
      const auto byte = static_cast<std::uint8_t>(bytes_[at_ + i]);
      value = static_cast<Value>(value | static_cast<Value>(byte) << (8 * place));
    }
    at_ += sizeof(Value);
    return value;
  }

  // A count of items that take at least `bytes_each`, so at most what the bytes left can hold.
  std::uint32_t ReadCount(std::size_t bytes_each) {
    const auto count = Number<std::uint32_t>();
    if (count <= left() / bytes_each) return count;
    Refuse("truncated: a count larger than the bytes left can hold");
    return 0;
  }

  Head ReadHead() {
    const auto order = Number<std::uint8_t>();
    if (order > 1) Refuse(fmt::format("unknown byte order {}", order));
    little_endian_ = order == 1;
    const auto type = Number<std::uint32_t>();
    if ((type & kExtendedFlags) != 0) Refuse("PostGIS's EWKB, which is not ISO");
    const std::uint32_t dimensions = type / 1000;
    if (dimensions > 3) Refuse(fmt::format("unknown dimensions in type {}", type));
    return {type % 1000, dimensions == 0 ? 2U : dimensions == 3 ? 4U : 3U};
  }

  void ReadRing(std::uint32_t ordinates) {
    const std::uint32_t count = ReadCount(ordinates * sizeof(double));
    boundary_.vertices.reserve(boundary_.vertices.size() + count);
    for (std::uint32_t i = 0; i < count; ++i) {
      const double x = std::bit_cast<double>(Number<std::uint64_t>());
      const double y = std::bit_cast<double>(Number<std::uint64_t>());
      at_ += (ordinates - 2) * sizeof(double);
      boundary_.vertices.push_back({x, y});
    }
    boundary_.EndRing();
  }

  void ReadPart(const Head& head) {
    const std::uint32_t rings = ReadCount(sizeof(std::uint32_t));
    for (std::uint32_t i = 0; i < rings && ok(); ++i) ReadRing(head.ordinates);
    if (rings > 0) boundary_.EndPart();
  }

  void ReadParts(const Head& whole) {
    const std::uint32_t parts = ReadCount(9);
    for (std::uint32_t i = 0; i < parts && ok(); ++i) {
      const Head head = ReadHead();
      if (head.kind != kPolygon || head.ordinates != whole.ordinates) {
        Refuse("a part that is not a polygon of the whole's dimensions");
      }
      if (ok()) ReadPart(head);
    }
  }

  std::string_view bytes_;
  std::size_t at_ = 0;
  bool little_endian_ = true;
  RawBoundary boundary_;
  absl::Status status_;
};

}  // namespace

std::string WkbOf(const Boundary& boundary) {
  std::string out;
  const std::size_t parts = boundary.part_count();
  out.reserve(9 + parts * 9 + boundary.ring_count() * 20 + boundary.vertices.size() * 16);
  if (parts == 0) AppendHeader(out, kPolygon, 0);
  if (parts > 1) AppendHeader(out, kMultiPolygon, parts);
  for (std::size_t part = 0; part < parts; ++part) AppendPart(out, boundary, part);
  return out;
}

absl::StatusOr<RawBoundary> RawFromWkb(std::string_view bytes) { return WkbReader(bytes).Read(); }

}  // namespace landbook::geo
