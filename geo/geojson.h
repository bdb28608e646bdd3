// GeoJSON geometries (RFC 7946, 3.1.6 and 3.1.7): polygons and multipolygons.
//
// RFC 7946 wants degrees on WGS 84; what is written here is what the caller has, in the plane's
// metres or in degrees after Transformation::FromPlane, and the caller says which beside it.
#ifndef LANDBOOK_GEO_GEOJSON_H_
#define LANDBOOK_GEO_GEOJSON_H_

#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "geo/boundary.h"
#include "geo/raw_boundary.h"

namespace landbook::geo {

// The geometry object of `boundary` in metres with four decimals, exactly: a Polygon for one part,
// a MultiPolygon for several, a Polygon without coordinates for none. Rings are closed, and run as
// they do in the boundary.
std::string GeoJsonOf(const Boundary& boundary);

// The geometry object of `raw` with the given number of decimals; nine decimals of a degree are 0.1
// mm on the ground. Fails with INVALID_ARGUMENT for a vertex that is not finite, which JSON cannot
// say, or is too large for so many decimals. REQUIRES: 1 <= decimals <= 9.
absl::StatusOr<std::string> GeoJsonOf(const RawBoundary& raw, int decimals);

// The polygon or multipolygon of the geometry object `text`; third and further ordinates are
// dropped. Its members are "type", "coordinates" and "bbox", which is ignored, in any order. Fails
// with INVALID_ARGUMENT that says at which byte what was wanted, also for any other member, so that
// a "crs" is never passed over in silence.
absl::StatusOr<RawBoundary> RawFromGeoJson(std::string_view text);

}  // namespace landbook::geo

#endif  // LANDBOOK_GEO_GEOJSON_H_
