#include "geo/geojson.h"

#include <charconv>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
#include <system_error>
#include <utility>

#include "absl/status/status.h"
#include "fmt/format.h"
#include "geo/decimal.h"

namespace landbook::geo {
namespace {

// Writes the brackets of a geometry; `append_ring` writes a ring with its own.
template <typename AnyBoundary, typename AppendRing>
std::string Geometry(const AnyBoundary& boundary, AppendRing append_ring) {
  const std::size_t parts = boundary.part_ends.size();
  std::string out = parts > 1 ? R"({"type":"MultiPolygon","coordinates":[)"
                              : R"({"type":"Polygon","coordinates":)";
  if (parts == 0) out += "[]";
  std::size_t ring = 0;
  for (std::size_t part = 0; part < parts; ++part) {
    out += part > 0 ? ",[" : "[";
    for (const std::size_t begin = ring; ring < boundary.part_ends[part]; ++ring) {
      if (ring > begin) out += ',';
      append_ring(boundary.Ring(ring), out);
    }
    out += ']';
  }
  out += parts > 1 ? "]}" : "}";
  return out;
}

void AppendPosition(std::string& out, std::int64_t x, std::int64_t y, int decimals) {
  out += out.back() == '[' ? "[" : ",[";
  AppendDecimal(out, x, decimals);
  out += ',';
  AppendDecimal(out, y, decimals);
  out += ']';
}

// Reads the text from front to back. After the first thing wrong, `status_` names it and every
// further read fails.
class GeoJsonReader {
 public:
  explicit GeoJsonReader(std::string_view text) : text_(text) {}

  absl::StatusOr<RawBoundary> Read() && {
    // The coordinates may come before the type, so they are found first and read last.
    std::string_view type;
    std::size_t coordinates = text_.size();
    ReadMembers(type, coordinates);
    SkipBlanks();
    if (ok() && at_ < text_.size()) Refuse("nothing more");
    if (ok() && type != "Polygon" && type != "MultiPolygon") {
      Refuse("a \"type\" of Polygon or MultiPolygon");
    }
    if (ok() && coordinates == text_.size()) Refuse("\"coordinates\"");
    if (ok()) {
      at_ = coordinates;
      type == "Polygon" ? ReadPart() : ReadList([this] { ReadPart(); });
    }
    if (!ok()) return status_;
    return std::move(boundary_);
  }

 private:
  bool ok() const { return status_.ok(); }

  void Refuse(std::string_view wanted) {
    if (!ok()) return;
    status_ = absl::InvalidArgumentError(fmt::format(
        "GeoJSON: {} was wanted at byte {} of {}, but '{}' came; send a geometry such as "
        R"({{"type":"Polygon","coordinates":[[[0,0],[10,0],[10,10],[0,0]]]}})",
        wanted, at_ + 1, text_.size(), text_.substr(at_, 20)));
  }

  void SkipBlanks() {
    while (at_ < text_.size() && std::string_view(" \t\r\n").find(text_[at_]) != text_.npos) ++at_;
  }

  bool Take(char wanted) {
    SkipBlanks();
    if (!ok() || at_ == text_.size() || text_[at_] != wanted) return false;
    ++at_;
    return true;
  }

  void Want(char wanted) {
    if (!Take(wanted)) Refuse(fmt::format("'{}'", wanted));
  }

  // A text without escapes, which no name wanted here has.
  std::string_view Text() {
    Want('"');
    const std::size_t end = text_.find_first_of("\"\\", at_);
    if (!ok() || end == text_.npos || text_[end] == '\\') {
      Refuse("a name");
      return {};
    }
    const std::string_view text = text_.substr(at_, end - at_);
    at_ = end + 1;
    return text;
  }

  void ReadMembers(std::string_view& type, std::size_t& coordinates) {
    Want('{');
    do {
      const std::size_t name_at = at_;
      const std::string_view name = Text();
      Want(':');
      if (name == "type") {
        type = Text();
      } else if (name == "coordinates") {
        coordinates = at_;
        SkipArray();
      } else if (name == "bbox") {
        SkipArray();
      } else {
        at_ = ok() ? name_at : at_;
        Refuse("\"type\", \"coordinates\" or \"bbox\"");
      }
    } while (Take(','));
    Want('}');
  }

  // Goes behind the array that comes next, which holds arrays and numbers only.
  void SkipArray() {
    SkipBlanks();
    if (at_ == text_.size() || text_[at_] != '[') return Refuse("'['");
    for (int depth = 0; ok() && at_ < text_.size(); ++at_) {
      if (text_[at_] == '[') ++depth;
      if (text_[at_] == ']' && --depth == 0) {
        ++at_;
        return;
      }
      if (text_[at_] == '"' || text_[at_] == '{') Refuse("a number");
    }
    Refuse("']'");
  }

  template <typename ReadItem>
  void ReadList(ReadItem read_item) {
    Want('[');
    if (Take(']')) return;
    do read_item();
    while (Take(','));
    Want(']');
  }

  double Number() {
    SkipBlanks();
    double number = 0;
    const char* const last = text_.data() + text_.size();
    const auto [end, error] = std::from_chars(text_.data() + at_, last, number);
    // from_chars also takes "nan" and "inf", which are not JSON.
    if (error == std::errc::invalid_argument || !std::isfinite(number)) {
      Refuse("a number");
      return 0;
    }
    at_ = static_cast<std::size_t>(end - text_.data());
    if (error == std::errc::result_out_of_range) Refuse("a number that a double can hold");
    return number;
  }

  void ReadPosition() {
    Want('[');
    RawVertex vertex;
    vertex.x = Number();
    Want(',');
    vertex.y = Number();
    while (ok() && Take(',')) Number();
    Want(']');
    if (ok()) boundary_.vertices.push_back(vertex);
  }

  void ReadRing() {
    ReadList([this] { ReadPosition(); });
    boundary_.EndRing();
  }

  void ReadPart() {
    const std::size_t rings = boundary_.ring_ends.size();
    ReadList([this] { ReadRing(); });
    if (boundary_.ring_ends.size() > rings) boundary_.EndPart();
  }

  std::string_view text_;
  std::size_t at_ = 0;
  RawBoundary boundary_;
  absl::Status status_;
};

}  // namespace

std::string GeoJsonOf(const Boundary& boundary) {
  return Geometry(boundary, [](std::span<const Vertex> ring, std::string& out) {
    out += '[';
    for (const Vertex& v : ring) AppendPosition(out, v.x, v.y, 4);
    if (!ring.empty()) AppendPosition(out, ring[0].x, ring[0].y, 4);
    out += ']';
  });
}

absl::StatusOr<std::string> GeoJsonOf(const RawBoundary& raw, int decimals) {
  // Beyond 2^53 a double no longer tells one unit of the last decimal from the next.
  const double scale = std::pow(10.0, decimals);
  const double limit = 9e15;
  for (const RawVertex& v : raw.vertices) {
    if (std::fabs(v.x * scale) <= limit && std::fabs(v.y * scale) <= limit) continue;
    return absl::InvalidArgumentError(
        fmt::format("the vertex ({}, {}) cannot be written with {} decimals; send finite "
                    "coordinates, or fewer decimals",
                    v.x, v.y, decimals));
  }
  return Geometry(raw, [scale, decimals](std::span<const RawVertex> ring, std::string& out) {
    out += '[';
    for (const RawVertex& v : ring) {
      AppendPosition(out, std::llround(v.x * scale), std::llround(v.y * scale), decimals);
    }
    out += ']';
  });
}

absl::StatusOr<RawBoundary> RawFromGeoJson(std::string_view text) {
  return GeoJsonReader(text).Read();
}

}  // namespace landbook::geo
