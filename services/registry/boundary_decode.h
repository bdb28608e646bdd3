// Boundaries as a commit brings them, put on the book's plane.
#ifndef LANDBOOK_SERVICES_REGISTRY_BOUNDARY_DECODE_H_
#define LANDBOOK_SERVICES_REGISTRY_BOUNDARY_DECODE_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "geo/boundary.h"
#include "geo/finding.h"
#include "geo/normalise.h"
#include "geo/projection.h"
#include "geo/raw_boundary.h"
#include "landbook/v1/geometry.pb.h"
#include "services/common/refusal.h"

namespace landbook::registry {

// A boundary as it would be kept, and what is left of how it came.
struct DecodedBoundary {
  geo::Boundary boundary;
  // In metres of the plane, before it was rounded; absent for one that came in the compact codec.
  std::optional<geo::RawBoundary> raw;
  // What rounding found: open rings, coordinates that are not finite (B101, B102).
  std::vector<geo::RingFault> faults;

  // `faults` as findings about `subject`.
  std::vector<geo::Finding> FaultsOf(std::uint64_t subject) const;
};

// Reads boundaries in any of the three spellings onto one plane. Not thread-safe; the way from
// degrees onto the plane is made with the first GeoJSON boundary.
class BoundaryDecoder {
 public:
  explicit BoundaryDecoder(std::uint32_t epsg) : epsg_(epsg) {}

  // The boundary, with repeated vertices dropped. Refused, with `field` as its path: absent or
  // without a vertex (BOUNDARY_REQUIRED), not of its spelling (BOUNDARY_UNDECODABLE), more vertices
  // than geo::kVerticesMax (BOUNDARY_TOO_LARGE), degrees that cannot be brought onto the plane
  // (PLANE_UNUSABLE).
  common::Outcome<DecodedBoundary> Decode(const v1::Boundary& boundary, const std::string& field);

 private:
  common::Outcome<DecodedBoundary> DecodeCompact(const std::string& bytes,
                                                 const std::string& field) const;
  common::Outcome<DecodedBoundary> DecodeRaw(absl::StatusOr<geo::RawBoundary> raw, bool in_degrees,
                                             const std::string& field);
  const absl::StatusOr<geo::Transformation>& FromDegrees();

  std::uint32_t epsg_;
  std::optional<absl::StatusOr<geo::Transformation>> from_degrees_;
};

// Whether a ring of the boundary repeats a vertex right behind it, or its first one at its end.
bool RepeatsVertex(const geo::Boundary& boundary);

// A compact boundary that repeats no vertex and whose rings are closed by implication; what the
// survey says of vertices goes along. A boundary that is so already comes back as it is.
geo::Boundary WithoutRepeats(geo::Boundary boundary);

// The polygon or multipolygon of a GeoJSON geometry (RFC 7946) in the unit it is written in;
// further ordinates of a position are dropped. INVALID_ARGUMENT says what was wanted.
absl::StatusOr<geo::RawBoundary> RawFromGeoJson(std::string_view text);

}  // namespace landbook::registry

#endif  // LANDBOOK_SERVICES_REGISTRY_BOUNDARY_DECODE_H_
