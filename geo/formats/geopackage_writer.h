// Writes GeoPackage through GDAL; see LayerWriter for the contract.
#ifndef LANDBOOK_GEO_FORMATS_GEOPACKAGE_WRITER_H_
#define LANDBOOK_GEO_FORMATS_GEOPACKAGE_WRITER_H_

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "geo/formats/layer_writer.h"

namespace landbook::geo {

// REQUIRES: options.format is kGeoPackage.
absl::StatusOr<std::unique_ptr<LayerWriter>> CreateGeoPackage(const std::string& path,
                                                              const WriterOptions& options);

}  // namespace landbook::geo

#endif  // LANDBOOK_GEO_FORMATS_GEOPACKAGE_WRITER_H_
