// A sample county's contracted plots as one plain layer: what a check or a benchmark reads.
#ifndef LANDBOOK_TOOLS_SAMPLE_COUNTY_PLAIN_LAYER_H_
#define LANDBOOK_TOOLS_SAMPLE_COUNTY_PLAIN_LAYER_H_

#include <string>

#include "absl/status/status.h"
#include "geo/formats/layer_writer.h"
#include "tools/sample_county/options.h"
#include "tools/sample_county/plots.h"

namespace landbook::sample_county {

// Writes the layer to `path` with the fields DKBM (code), DKMC (name) and SCMJ (area in m2).
// A shapefile and a GeoPackage are in the county's plane; GeoJSON is in EPSG:4490. `encoding` is of
// a shapefile's text. A fault that the format cannot hold (B404 outside a shapefile) is refused
// with INVALID_ARGUMENT.
absl::Status WritePlainLayer(const Options& options, geo::LayerFormat format,
                             const std::string& path, const std::string& encoding);

// Writes the planted faults: a line of heads, then one line a fault with rule, plot, other_plot and
// row (counted from 0, as a shapefile's are), parted by tabs.
absl::Status WriteFaultPlan(const Options& options, const std::string& path);

}  // namespace landbook::sample_county

#endif  // LANDBOOK_TOOLS_SAMPLE_COUNTY_PLAIN_LAYER_H_
