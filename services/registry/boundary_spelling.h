// A kept boundary in the spelling that a caller asked for.
#ifndef LANDBOOK_SERVICES_REGISTRY_BOUNDARY_SPELLING_H_
#define LANDBOOK_SERVICES_REGISTRY_BOUNDARY_SPELLING_H_

#include <cstdint>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "geo/boundary.h"
#include "landbook/v1/geometry.pb.h"

namespace landbook::registry {

// Writes the compact boundary in `format`. The compact spelling, and the unspecified one, pass the
// bytes through; NONE leaves `boundary` as it is. `epsg` is the book's plane, for GeoJSON.
// DATA_LOSS when the bytes are no boundary; fails as geo::Transformation does for a plane without a
// way to EPSG:4490.
absl::Status SpellBoundary(std::string_view compact, v1::BoundaryFormat format, std::uint32_t epsg,
                           v1::Boundary* boundary);

// A GeoJSON geometry (RFC 7946) in EPSG:4490 degrees, longitude first, 15 decimals: a Polygon for
// one part, a MultiPolygon for several, every ring closed. Thread-safe; the first call of a thread
// for a plane takes some milliseconds.
absl::StatusOr<std::string> GeoJsonOf(const geo::Boundary& boundary, std::uint32_t epsg);

}  // namespace landbook::registry

#endif  // LANDBOOK_SERVICES_REGISTRY_BOUNDARY_SPELLING_H_
