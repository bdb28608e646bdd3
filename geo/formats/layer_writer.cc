#include "geo/formats/layer_writer.h"

#include "fmt/format.h"
#include "geo/formats/geojson_writer.h"
#include "geo/formats/ogr_writer.h"
#include "geo/formats/shapefile_writer.h"

namespace landbook::geo {

absl::StatusOr<std::unique_ptr<LayerWriter>> LayerWriter::Create(const std::string& path,
                                                                 const WriterOptions& options) {
  if (options.add_to_existing && options.format != LayerFormat::kGeoPackage) {
    return absl::InvalidArgumentError(
        fmt::format("{}: only a GeoPackage takes a further layer", path));
  }
  if (options.format == LayerFormat::kShapefile) return CreateShapefile(path, options);
  if (options.format == LayerFormat::kGeoJson) return CreateGeoJson(path, options);
  return CreateOgrLayer(path, options);
}

}  // namespace landbook::geo
