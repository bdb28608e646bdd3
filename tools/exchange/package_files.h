// Where the tables of an exchange package lie: in a folder or a zip, as shapefiles, dBASE tables,
// CSV, GeoJSON, or layers of GeoPackages.
#ifndef LANDBOOK_TOOLS_EXCHANGE_PACKAGE_FILES_H_
#define LANDBOOK_TOOLS_EXCHANGE_PACKAGE_FILES_H_

#include <map>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "tools/exchange/field_mapping.h"

namespace landbook::exchange {

// The layers of GB/T 37346 parcels that stand beside the standard's own (KTT_ZDJBXX): land of the
// collective, collective construction land, homesteads.
inline constexpr const char* kParcelLayers[] = {"JA", "JB", "JC"};

// One table: the file as LayerReader opens it, and the layer where the file has several.
struct TableSource {
  std::string path;
  std::string layer;
};

struct PackageFiles {
  // By the standard's name of the table, without county and year ("DK", "CBF_JTCY").
  std::map<std::string, TableSource> tables;
};

// The tables under `path`, a folder or a .zip. A file belongs to a table by its name: the table's,
// with or without county and year behind it (DK3703232016.shp, CBF.dbf), whatever the case and the
// folder. Fails with NOT_FOUND when nothing is there, and with INVALID_ARGUMENT when no table is,
// when two files are one table, when the mapping names a file that is not there, and when the
// attribute tables are in an Access database (.mdb): the message says how to export them.
// The mapping's files belong to the tables that it names for them.
absl::StatusOr<PackageFiles> FindPackage(const std::string& path, const FieldMapping& mapping = {});

// True when `path` is a folder or a zip that holds the attribute tables of a package or parcel
// layers beside DK: more than one layer of plots.
bool LooksLikePackage(const std::string& path);

}  // namespace landbook::exchange

#endif  // LANDBOOK_TOOLS_EXCHANGE_PACKAGE_FILES_H_
