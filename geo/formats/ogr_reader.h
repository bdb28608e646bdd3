// Reads what GDAL reads, but shapefiles; see LayerReader for the contract.
#ifndef LANDBOOK_GEO_FORMATS_OGR_READER_H_
#define LANDBOOK_GEO_FORMATS_OGR_READER_H_

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "geo/formats/layer_reader.h"

namespace landbook::geo {

// The reader of the layer that `options` choose in the source at `path`.
absl::StatusOr<std::unique_ptr<LayerReader>> OpenOgrLayer(const std::string& path,
                                                          const ReaderOptions& options);

}  // namespace landbook::geo

#endif  // LANDBOOK_GEO_FORMATS_OGR_READER_H_
