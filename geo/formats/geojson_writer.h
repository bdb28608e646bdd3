// Writes GeoJSON (RFC 7946, with the member "crs" of the 2008 form where a system is stated); see
// LayerWriter for the contract.
#ifndef LANDBOOK_GEO_FORMATS_GEOJSON_WRITER_H_
#define LANDBOOK_GEO_FORMATS_GEOJSON_WRITER_H_

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "geo/formats/layer_writer.h"

namespace landbook::geo {

// Numbers are written with as many digits as it takes to read the same double back. A coordinate
// that is not finite is refused: JSON has none. REQUIRES: options.format is kGeoJson.
absl::StatusOr<std::unique_ptr<LayerWriter>> CreateGeoJson(const std::string& path,
                                                           const WriterOptions& options);

}  // namespace landbook::geo

#endif  // LANDBOOK_GEO_FORMATS_GEOJSON_WRITER_H_
