// A delivered layer, opened and understood: which layout it has, which of its columns mean what,
// and in which system its coordinates are.
#ifndef LANDBOOK_TOOLS_LANDBOOK_LAYER_SOURCE_H_
#define LANDBOOK_TOOLS_LANDBOOK_LAYER_SOURCE_H_

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "geo/formats/layer_reader.h"

namespace landbook::tools {

enum class Layout { kAuto, kNyt2539, kPlain };

// How the user says that a source is to be read; every field may stay empty.
struct SourceFlags {
  std::string path;
  std::string layer;
  Layout layout = Layout::kAuto;
  std::string kind;
  std::string code_field;
  std::string allocate_division;
  std::string source_crs;
  std::string encoding;
  // The rows are shapes of a control layer: no kind, and a code only where there is one.
  bool shapes = false;
  std::string zone_field;  // of shapes: the column that says what the ground is
};

// Columns by their position in LayerInfo::fields, where the layer has them.
struct Columns {
  std::optional<std::size_t> code;
  std::optional<std::size_t> stated_area;
  std::optional<std::size_t> land_use;
  std::optional<std::size_t> location;
  std::optional<std::size_t> zone;  // one of `others`, which goes by kZoneColumn
  // The columns that are none of these, and that the book keeps as they came.
  std::vector<std::size_t> others;
};

struct LayerSource {
  std::unique_ptr<geo::LayerReader> reader;
  Columns columns;
  std::string kind;  // of every plot: a code of the pack
  std::string crs;   // what the coordinates are in: "EPSG:N" or WKT
};

// The columns of a plain layer that `export` writes, so that an export reads back as it was.
inline constexpr char kCodeColumn[] = "code";
inline constexpr char kStatedAreaColumn[] = "stated_m2";
inline constexpr char kLandUseColumn[] = "land_use";
inline constexpr char kLocationColumn[] = "location";
// The columns of a control layer beside `code`: a shape's name, and what it says of the ground.
inline constexpr char kNameColumn[] = "name";
inline constexpr char kZoneColumn[] = "zone";
// Says the kinds of the plots of an export that holds several. Such an export is known by having
// all these columns, and its kinds are not taken for an attribute.
inline constexpr char kKindColumn[] = "plot_kind";

// The file to read at `path`: the DK layer where `path` is the folder of an NY/T 2539 package, or a
// folder above its layers (矢量数据/DK<county><year>.shp), else `path` itself. Fails with
// INVALID_ARGUMENT when a package has several DK layers.
absl::StatusOr<std::string> LayerFileOf(const std::string& path);

// True for a folder and for a .zip.
bool IsFolderOrArchive(const std::string& path);

// Opens what the flags name. Layout `auto` takes a layer with the columns DKBM and SCMJ for an
// NY/T 2539 DK layer, whose codes are in DKBM, stated areas in SCMJ and names in DKMC, and any
// other for a plain one, which needs a kind and a code field (or `code`) or a division to allocate
// codes in. Shapes of a control layer have codes in the code field (or `code`), names in `name` and
// zones in the zone field (or `zone`), each where there is one. Fails with a usage error when one
// of these is missing or not there, when the layer holds no polygons, and when nothing says in
// which system its coordinates are.
absl::StatusOr<LayerSource> OpenLayerSource(const SourceFlags& flags);

}  // namespace landbook::tools

#endif  // LANDBOOK_TOOLS_LANDBOOK_LAYER_SOURCE_H_
