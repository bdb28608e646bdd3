// Well-known text and well-known binary (OGC 06-103r4, ISO 19125): how other programs write a
// polygon.
//
// Written is what the book keeps: metres, easting first, a POLYGON for one part and a MULTIPOLYGON
// for several, every ring closed by its first vertex again. Read is what was delivered: a
// RawBoundary with every vertex, so that Normalise can tell an open ring from a closed one. Z and M
// are dropped. PostGIS's own variants (EWKT, EWKB) are refused by name.
#ifndef LANDBOOK_GEO_WELL_KNOWN_H_
#define LANDBOOK_GEO_WELL_KNOWN_H_

#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "geo/boundary.h"
#include "geo/raw_boundary.h"

namespace landbook::geo {

// The text of `boundary` in metres with four decimals, exactly; "POLYGON EMPTY" when it has no
// part. Reading it back and normalising gives the same vertices.
std::string WktOf(const Boundary& boundary);

// The polygon or multipolygon of `text`, in any case, with Z, M or ZM or legacy bare third and
// fourth ordinates, all dropped. Empty polygons within a multipolygon are dropped. Fails with
// INVALID_ARGUMENT that says at which character what was wanted.
absl::StatusOr<RawBoundary> RawFromWkt(std::string_view text);

// The binary of `boundary` in metres, little-endian.
std::string WkbOf(const Boundary& boundary);

// The polygon or multipolygon of `bytes`, in either byte order, with ISO Z, M or ZM dropped. Fails
// with INVALID_ARGUMENT that says at which byte what was wrong; bytes left over are refused. Never
// reads past the end and allocates at most what the bytes can fill.
absl::StatusOr<RawBoundary> RawFromWkb(std::string_view bytes);

}  // namespace landbook::geo

#endif  // LANDBOOK_GEO_WELL_KNOWN_H_
