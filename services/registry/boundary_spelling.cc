#include "services/registry/boundary_spelling.h"

#include <map>
#include <utility>

#include "fmt/format.h"
#include "geo/compact.h"
#include "geo/projection.h"
#include "geo/well_known.h"

namespace landbook::registry {
namespace {

// Degrees of CGCS2000, longitude first.
constexpr char kDegrees[] = "EPSG:4490";

// The way between degrees and the plane, made once for each thread and plane: making it takes
// milliseconds, and it must not be used by two threads.
absl::StatusOr<const geo::Transformation*> WayToDegrees(std::uint32_t epsg) {
  thread_local std::map<std::uint32_t, geo::Transformation> ways;
  const auto known = ways.find(epsg);
  if (known != ways.end()) return &known->second;
  auto made = geo::Transformation::Make(kDegrees, fmt::format("EPSG:{}", epsg));
  if (!made.ok()) return made.status();
  return &ways.emplace(epsg, *std::move(made)).first->second;
}

void AppendRing(std::span<const geo::RawVertex> ring, std::string* text) {
  text->push_back('[');
  for (std::size_t i = 0; i < ring.size(); ++i) {
    if (i > 0) text->push_back(',');
    fmt::format_to(std::back_inserter(*text), "[{:.15f},{:.15f}]", ring[i].x, ring[i].y);
  }
  text->push_back(']');
}

void AppendPart(const geo::RawBoundary& boundary, std::size_t part, std::string* text) {
  const std::size_t begin = part == 0 ? 0 : boundary.part_ends[part - 1];
  text->push_back('[');
  for (std::size_t ring = begin; ring < boundary.part_ends[part]; ++ring) {
    if (ring > begin) text->push_back(',');
    AppendRing(boundary.Ring(ring), text);
  }
  text->push_back(']');
}

}  // namespace

absl::StatusOr<std::string> GeoJsonOf(const geo::Boundary& boundary, std::uint32_t epsg) {
  const auto way = WayToDegrees(epsg);
  if (!way.ok()) return way.status();
  geo::RawBoundary raw = geo::RawOf(boundary);
  (*way)->FromPlane(raw);
  const std::size_t parts = raw.part_ends.size();
  std::string text = parts == 1 ? R"({"type":"Polygon","coordinates":)"
                                : R"({"type":"MultiPolygon","coordinates":[)";
  for (std::size_t part = 0; part < parts; ++part) {
    if (part > 0) text.push_back(',');
    AppendPart(raw, part, &text);
  }
  text += parts == 1 ? "}" : "]}";
  return text;
}

absl::Status SpellBoundary(std::string_view compact, v1::BoundaryFormat format, std::uint32_t epsg,
                           v1::Boundary* boundary) {
  if (format == v1::BOUNDARY_FORMAT_NONE) return absl::OkStatus();
  if (format != v1::BOUNDARY_FORMAT_WKB && format != v1::BOUNDARY_FORMAT_GEOJSON) {
    boundary->set_compact(compact.data(), compact.size());
    return absl::OkStatus();
  }
  const auto decoded = geo::DecodeCompact(compact);
  if (!decoded.ok()) return absl::DataLossError("a kept boundary cannot be decoded");
  if (format == v1::BOUNDARY_FORMAT_WKB) {
    boundary->set_wkb(geo::WkbOf(*decoded));
    return absl::OkStatus();
  }
  auto text = GeoJsonOf(*decoded, epsg);
  if (!text.ok()) return text.status();
  boundary->set_geojson(*std::move(text));
  return absl::OkStatus();
}

}  // namespace landbook::registry
