#include "tools/exchange/package_files.h"

#include <algorithm>
#include <cctype>
#include <optional>
#include <string_view>

#include "absl/status/status.h"
#include "fmt/format.h"
#include "geo/formats/gdal_bridge.h"
#include "geo/formats/layer_reader.h"
#include "tools/exchange/table_layout.h"

namespace landbook::exchange {
namespace {

std::string Upper(std::string_view text) {
  std::string upper(text);
  std::transform(upper.begin(), upper.end(), upper.begin(),
                 [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
  return upper;
}

bool IsDigits(std::string_view text) {
  return text.find_first_not_of("0123456789") == std::string_view::npos;
}

// The table that a name without its ending means: "DK3703232016" and "dk" mean DK.
std::optional<std::string> TableOf(std::string_view stem) {
  const std::string upper = Upper(stem);
  const auto is = [&](std::string_view table) {
    constexpr std::size_t kCountyAndYear = 10;
    if (!upper.starts_with(table)) return false;
    const std::string_view rest = std::string_view(upper).substr(table.size());
    return rest.empty() || (rest.size() == kCountyAndYear && IsDigits(rest));
  };
  for (const TableLayout& table : AllTables()) {
    if (is(table.name)) return table.name;
  }
  for (const char* table : kParcelLayers) {
    if (is(table)) return std::string(table);
  }
  return std::nullopt;
}

struct FileName {
  std::string stem;
  std::string ending;  // upper case, with the point
};

FileName NameOf(std::string_view path) {
  path.remove_prefix(path.find_last_of('/') + 1);
  const std::size_t dot = path.find_last_of('.');
  if (dot == std::string_view::npos) return {std::string(path), ""};
  return {std::string(path.substr(0, dot)), Upper(path.substr(dot))};
}

bool IsArchive(const std::string& path) { return NameOf(path).ending == ".ZIP"; }

// What has been found so far.
class Finder {
 public:
  Finder(std::string folder, const FieldMapping& mapping)
      : folder_(std::move(folder)), mapping_(mapping) {}

  absl::Status Take(const std::string& file) {
    const FileName name = NameOf(file);
    const auto named = NamedTables(name);
    for (const auto& [table, layer] : named) {
      const absl::Status added = Add(table, {folder_ + "/" + file, layer});
      if (!added.ok()) return added;
    }
    if (name.ending == ".MDB" || name.ending == ".ACCDB") access_ = file;
    if (name.ending == ".GPKG") return TakeLayers(file);
    if (!named.empty()) return absl::OkStatus();
    const auto table = TableByName(name.stem);
    if (!table || !IsOwnFile(file, name)) return absl::OkStatus();
    return Add(*table, {folder_ + "/" + file, ""});
  }

  absl::StatusOr<PackageFiles> Finish(const std::string& path) {
    for (const auto& [table, source] : mapping_.sources) {
      if (files_.tables.contains(table)) continue;
      return absl::InvalidArgumentError(fmt::format(
          "the mapping file says that the table {} lies in {}, which the package does not have",
          table, source));
    }
    const bool attributes =
        std::any_of(files_.tables.begin(), files_.tables.end(), [](const auto& table) {
          const TableLayout* layout = FindTable(table.first);
          return layout != nullptr && layout->geometry == geo::LayerGeometry::kNothing;
        });
    if (!access_.empty() && !attributes) {
      return absl::InvalidArgumentError(fmt::format(
          "the attribute tables are in {}, an Access database, which is not read: export its "
          "tables (FBF, CBF, CBF_JTCY, CBHT, CBDKXX, CBJYQZDJB, CBJYQZ, …) as .dbf, .csv or into "
          "one .gpkg beside it, each under its own name, and import the package again",
          access_));
    }
    if (files_.tables.empty()) {
      return absl::InvalidArgumentError(fmt::format(
          "{} holds no table of an exchange package: DK, FBF, CBF and the others of NY/T 2539",
          path));
    }
    return std::move(files_);
  }

 private:
  // The table that a name means; none for a table that the mapping says lies elsewhere.
  std::optional<std::string> TableByName(std::string_view stem) const {
    std::optional<std::string> table = TableOf(stem);
    if (table && mapping_.sources.contains(*table)) table.reset();
    return table;
  }

  // The tables that the mapping says lie in the file, each with its layer there.
  std::map<std::string, std::string> NamedTables(const FileName& name) const {
    std::map<std::string, std::string> named;
    for (const auto& [table, source] : mapping_.sources) {
      const FileName wanted = NameOf(source.substr(0, source.find(':')));
      if (wanted.stem != name.stem || wanted.ending != name.ending) continue;
      const std::size_t colon = source.find(':');
      named[table] = colon == std::string::npos ? "" : source.substr(colon + 1);
    }
    return named;
  }

  // A .dbf is a table of its own only where no shapefile has it.
  bool IsOwnFile(const std::string& file, const FileName& name) const {
    if (name.ending == ".SHP" || name.ending == ".CSV" || name.ending == ".GEOJSON") return true;
    if (name.ending != ".DBF") return false;
    const std::string stem = folder_ + "/" + file.substr(0, file.size() - name.ending.size());
    return !geo::FileExists(stem + ".shp") && !geo::FileExists(stem + ".SHP");
  }

  absl::Status TakeLayers(const std::string& file) {
    const std::string path = folder_ + "/" + file;
    const absl::StatusOr<std::vector<std::string>> layers = geo::LayersOf(path);
    if (!layers.ok()) return layers.status();
    for (const std::string& layer : *layers) {
      const auto table = TableByName(layer);
      if (!table) continue;
      if (absl::Status added = Add(*table, {path, layer}); !added.ok()) return added;
    }
    return absl::OkStatus();
  }

  absl::Status Add(const std::string& table, TableSource source) {
    const auto [at, added] = files_.tables.emplace(table, source);
    if (added) return absl::OkStatus();
    return absl::InvalidArgumentError(
        fmt::format("the package has the table {} twice, in {} and {}; take one of them away",
                    table, at->second.path, source.path));
  }

  std::string folder_;
  const FieldMapping& mapping_;
  std::string access_;
  PackageFiles files_;
};

}  // namespace

absl::StatusOr<PackageFiles> FindPackage(const std::string& path, const FieldMapping& mapping) {
  if (!geo::FileExists(path) && !geo::FolderExists(path)) {
    return absl::NotFoundError(fmt::format("there is no file or folder {}", path));
  }
  const std::string folder = IsArchive(path) ? "/vsizip/" + path : path;
  Finder finder(folder, mapping);
  for (const std::string& file : geo::FilesUnder(folder)) {
    if (absl::Status taken = finder.Take(file); !taken.ok()) return taken;
  }
  return finder.Finish(path);
}

bool LooksLikePackage(const std::string& path) {
  if (!geo::FolderExists(path) && !IsArchive(path)) return false;
  const absl::StatusOr<PackageFiles> files = FindPackage(path);
  if (!files.ok()) return false;
  return std::any_of(files->tables.begin(), files->tables.end(), [](const auto& table) {
    return table.first != "DK" && table.first != "JZD" && table.first != "JZX";
  });
}

}  // namespace landbook::exchange
