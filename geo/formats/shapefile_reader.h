// Reads one shapefile; see LayerReader for the contract.
#ifndef LANDBOOK_GEO_FORMATS_SHAPEFILE_READER_H_
#define LANDBOOK_GEO_FORMATS_SHAPEFILE_READER_H_

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "geo/formats/layer_reader.h"

namespace landbook::geo {

// The reader of the shapefile whose .shp is at `shp_path`; companions are looked for beside it in
// lower and upper case. `layers` are all layers of the source it belongs to. `options.layer` is not
// looked at. Rows are as many as the largest count among .shp, .shx and .dbf, so that a record that
// only one of the files holds is a row with a problem and not a row less.
absl::StatusOr<std::unique_ptr<LayerReader>> OpenShapefile(const std::string& shp_path,
                                                           std::vector<std::string> layers,
                                                           const ReaderOptions& options);

// The reader of a dBASE table that no shapefile goes with; a .cpg beside it states its encoding.
// Its rows have no geometry.
absl::StatusOr<std::unique_ptr<LayerReader>> OpenDbf(const std::string& dbf_path,
                                                     const ReaderOptions& options);

}  // namespace landbook::geo

#endif  // LANDBOOK_GEO_FORMATS_SHAPEFILE_READER_H_
