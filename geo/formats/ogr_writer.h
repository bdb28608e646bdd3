// Writes GeoPackage and FlatGeobuf through GDAL; see LayerWriter for the contract.
#ifndef LANDBOOK_GEO_FORMATS_OGR_WRITER_H_
#define LANDBOOK_GEO_FORMATS_OGR_WRITER_H_

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "geo/formats/layer_writer.h"

namespace landbook::geo {

// A FlatGeobuf is written with its index (a packed Hilbert R-tree), which is what the format is for:
// its rows lie in the order of that curve, not of the calls; a row without a geometry is refused
// with INVALID_ARGUMENT, since such an index has no place for it; and memory grows by about a
// hundred bytes a row, while the rows themselves lie in a second ".part" file until Close().
// REQUIRES: options.format is kGeoPackage or kFlatGeobuf.
absl::StatusOr<std::unique_ptr<LayerWriter>> CreateOgrLayer(const std::string& path,
                                                            const WriterOptions& options);

}  // namespace landbook::geo

#endif  // LANDBOOK_GEO_FORMATS_OGR_WRITER_H_
