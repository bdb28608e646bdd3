// Writes one shapefile, or one .dbf; see LayerWriter for the contract.
#ifndef LANDBOOK_GEO_FORMATS_SHAPEFILE_WRITER_H_
#define LANDBOOK_GEO_FORMATS_SHAPEFILE_WRITER_H_

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "geo/formats/layer_writer.h"

namespace landbook::geo {

// REQUIRES: options.format is kShapefile. `path` ends in ".shp", or ".dbf" for a table.
absl::StatusOr<std::unique_ptr<LayerWriter>> CreateShapefile(const std::string& path,
                                                             const WriterOptions& options);

}  // namespace landbook::geo

#endif  // LANDBOOK_GEO_FORMATS_SHAPEFILE_WRITER_H_
