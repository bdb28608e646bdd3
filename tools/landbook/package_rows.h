// The plots of a package on their way into an import: with the names of neighbours left to the
// holders' private records, the boundary points and lines of JZD and JZX, and what the older
// register says of them.
#ifndef LANDBOOK_TOOLS_LANDBOOK_PACKAGE_ROWS_H_
#define LANDBOOK_TOOLS_LANDBOOK_PACKAGE_ROWS_H_

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "geo/projection.h"
#include "tools/exchange/field_mapping.h"
#include "tools/exchange/scratch.h"
#include "tools/landbook/layer_source.h"
#include "tools/landbook/row_converter.h"

namespace landbook::tools {

// A layer of plots of a package: its kind, and how its columns are called.
struct PlotLayer {
  std::string_view table;  // "DK", "JA", "JB", "JC"
  const char* kind;
};
inline constexpr PlotLayer kPlotLayers[] = {
    {"DK", "contracted"}, {"JA", "ownership"}, {"JB", "construction"}, {"JC", "homestead"}};

// Opens a layer of a package. Of a parcel layer (KTT_ZDJBXX) ZDDM is the code, ZDMJ the stated
// area, YT the land use and ZL the place; of DK as layer_source.h says, but for what the mapping
// renames.
absl::StatusOr<LayerSource> OpenPlotLayer(const PlotLayer& layer, SourceFlags flags,
                                          const exchange::FieldMapping& mapping);

// Adds to the rows of DK what the scratch tables say of them, and notes in them which points and
// lines were found. Not thread-safe.
class PlotDresser {
 public:
  // REQUIRES: all outlive the dresser.
  PlotDresser(exchange::Scratch& scratch, const exchange::FieldMapping& mapping,
              const geo::Transformation& transformation)
      : scratch_(scratch), mapping_(mapping), transformation_(transformation) {}

  absl::Status Dress(ConvertedRow& row);

 private:
  void TakeNamesOut(v1::ImportRow& row) const;
  absl::Status AddRegister(v1::ImportRow& row);
  absl::Status AddSurvey(ConvertedRow& row);

  exchange::Scratch& scratch_;
  const exchange::FieldMapping& mapping_;
  const geo::Transformation& transformation_;
};

// Puts back the text that did not fit the columns of a layer (LANDBOOK_TEXT), attributes in the
// order of the layer's columns.
absl::Status RestoreText(exchange::Scratch& scratch, const std::string& table,
                         const std::vector<geo::Field>& fields, v1::ImportRow& row);

// A parcel's area counts only where it is in square metres (MJDW 1): any other is kept as an
// attribute with a warning, and is no stated area.
absl::Status DressParcel(ConvertedRow& row);

}  // namespace landbook::tools

#endif  // LANDBOOK_TOOLS_LANDBOOK_PACKAGE_ROWS_H_
