#include "geo/formats/layer_reader.h"

#include <algorithm>
#include <optional>
#include <string_view>
#include <utility>

#include "absl/status/status.h"
#include "fmt/format.h"
#include "geo/formats/gdal_bridge.h"
#include "geo/formats/ogr_reader.h"
#include "geo/formats/shapefile_reader.h"

namespace landbook::geo {
namespace {

bool EndsWithNoCase(std::string_view text, std::string_view lower_end) {
  if (text.size() < lower_end.size()) return false;
  return std::equal(lower_end.begin(), lower_end.end(), text.end() - std::ssize(lower_end),
                    [](char a, char b) { return a == (b >= 'A' && b <= 'Z' ? b - 'A' + 'a' : b); });
}

std::string Stem(std::string_view path) {
  path.remove_prefix(path.find_last_of('/') + 1);
  return std::string(path.substr(0, path.find_last_of('.')));
}

// What a folder or an archive holds that can be read.
struct Contents {
  std::vector<std::string> shapefiles;  // paths relative to it
  std::vector<std::string> others;
};

// The file geodatabase, itself a folder, that the file is a part of; nothing for any other file.
std::optional<std::string> GeodatabaseOf(const std::string& file) {
  for (std::size_t end = file.find('/'); end != std::string::npos; end = file.find('/', end + 1)) {
    if (EndsWithNoCase(std::string_view(file).substr(0, end), ".gdb")) return file.substr(0, end);
  }
  return std::nullopt;
}

Contents ContentsOf(const std::string& folder) {
  Contents contents;
  for (std::string& file : FilesUnder(folder)) {
    if (std::optional<std::string> geodatabase = GeodatabaseOf(file)) {
      const bool seen = !contents.others.empty() && contents.others.back() == *geodatabase;
      if (!seen) contents.others.push_back(*std::move(geodatabase));
      continue;
    }
    if (EndsWithNoCase(file, ".shp")) {
      contents.shapefiles.push_back(std::move(file));
      continue;
    }
    for (const char* end : {".gpkg", ".geojson", ".json", ".topojson", ".fgb", ".csv"}) {
      if (EndsWithNoCase(file, end)) contents.others.push_back(file);
    }
  }
  return contents;
}

// A shapefile of several: the one that was asked for, by the name of its file without the ending.
absl::StatusOr<std::string> ChooseShapefile(const std::string& path,
                                            const std::vector<std::string>& shapefiles,
                                            const std::string& layer) {
  std::string names;
  for (const std::string& file : shapefiles) {
    if (Stem(file) == layer || (layer.empty() && shapefiles.size() == 1)) return file;
    names += (names.empty() ? "" : ", ") + Stem(file);
  }
  return absl::InvalidArgumentError(
      layer.empty() ? fmt::format("{} holds {} layers ({}); state which one to read", path,
                                  shapefiles.size(), names)
                    : fmt::format("{} holds no layer {}; it holds {}", path, layer, names));
}

// Opens what lies in the folder or archive `path`, which GDAL reads as `folder`.
absl::StatusOr<std::unique_ptr<LayerReader>> OpenFolder(const std::string& path,
                                                        const std::string& folder,
                                                        const ReaderOptions& options) {
  const Contents contents = ContentsOf(folder);
  if (!contents.shapefiles.empty()) {
    absl::StatusOr<std::string> chosen = ChooseShapefile(path, contents.shapefiles, options.layer);
    if (!chosen.ok()) return chosen.status();
    std::vector<std::string> layers;
    for (const std::string& file : contents.shapefiles) layers.push_back(Stem(file));
    return OpenShapefile(folder + "/" + *chosen, std::move(layers), options);
  }
  if (contents.others.size() == 1) return OpenOgrLayer(folder + "/" + contents.others[0], options);
  return absl::InvalidArgumentError(
      fmt::format("{} holds {} files that can be read and no shapefile; name one file", path,
                  contents.others.size()));
}

bool HasShapefile(const std::string& dbf_path) {
  const std::string stem = dbf_path.substr(0, dbf_path.size() - 4);
  return FileExists(stem + ".shp") || FileExists(stem + ".SHP");
}

}  // namespace

void Row::ClearAllButAttributes() {
  id = 0;
  geometry = GeometryState::kNull;
  boundary.Clear();
  has_z_or_m = false;
  problems.clear();
}

absl::StatusOr<std::optional<Row>> LayerReader::Next() {
  std::optional<Row> row(std::in_place);
  absl::StatusOr<bool> read = Read(*row);
  if (!read.ok()) return read.status();
  if (!*read) row.reset();
  return row;
}

absl::StatusOr<std::unique_ptr<LayerReader>> LayerReader::Open(const std::string& path,
                                                               const ReaderOptions& options) {
  const bool folder = FolderExists(path);
  if (!folder && !FileExists(path)) {
    return absl::NotFoundError(fmt::format("there is no file or folder {}", path));
  }
  if (folder && EndsWithNoCase(path, ".gdb")) return OpenOgrLayer(path, options);
  if (folder) return OpenFolder(path, path, options);
  if (EndsWithNoCase(path, ".shp")) return OpenShapefile(path, {Stem(path)}, options);
  if (EndsWithNoCase(path, ".dbf") && !HasShapefile(path)) return OpenDbf(path, options);
  if (EndsWithNoCase(path, ".dbf") || EndsWithNoCase(path, ".shx")) {
    return absl::InvalidArgumentError(
        fmt::format("{} is a companion of a shapefile; name the .shp file", path));
  }
  if (EndsWithNoCase(path, ".gdb.zip")) return OpenOgrLayer(path, options);
  if (EndsWithNoCase(path, ".zip")) return OpenFolder(path, "/vsizip/" + path, options);
  return OpenOgrLayer(path, options);
}

}  // namespace landbook::geo
