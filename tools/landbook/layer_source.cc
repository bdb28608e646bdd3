#include "tools/landbook/layer_source.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <string_view>
#include <utility>

#include "tools/landbook/epsg.h"
#include "tools/landbook/outcome.h"

namespace landbook::tools {
namespace {

namespace fs = std::filesystem;

constexpr int kPackageDepth = 2;
constexpr char kContractedKind[] = "contracted";

// DK, six digits of the county, four of the year: NY/T 2539-2016, chapter 7.
bool IsDkLayer(const fs::path& file) {
  const std::string stem = file.stem().string();
  std::string extension = file.extension().string();
  std::transform(extension.begin(), extension.end(), extension.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return extension == ".shp" && stem.size() == 12 && stem.starts_with("DK") &&
         std::all_of(stem.begin() + 2, stem.end(),
                     [](unsigned char c) { return std::isdigit(c) != 0; });
}

// The DK layers in `folder` and as deep below it as a package keeps them
// (990101样例县/矢量数据/DK9901012026.shp).
std::vector<std::string> DkLayersIn(const fs::path& folder) {
  std::vector<std::string> layers;
  std::error_code error;
  fs::recursive_directory_iterator entry(folder, error);
  for (; !error && entry != fs::recursive_directory_iterator(); entry.increment(error)) {
    if (entry.depth() == kPackageDepth) entry.disable_recursion_pending();
    if (IsDkLayer(entry->path())) layers.push_back(entry->path().string());
  }
  std::sort(layers.begin(), layers.end());
  return layers;
}

std::optional<std::size_t> ColumnNamed(const geo::LayerInfo& info, std::string_view name) {
  for (std::size_t i = 0; i < info.fields.size(); ++i) {
    if (info.fields[i].name == name) return i;
  }
  return std::nullopt;
}

std::string ColumnNames(const geo::LayerInfo& info) {
  std::vector<std::string> names;
  for (const geo::Field& field : info.fields) names.push_back(field.name);
  return names.empty() ? "none" : fmt::format("{}", fmt::join(names, ", "));
}

bool LooksLikeDk(const geo::LayerInfo& info) {
  return ColumnNamed(info, "DKBM").has_value() && ColumnNamed(info, "SCMJ").has_value();
}

bool IsExport(const geo::LayerInfo& info) {
  return ColumnNamed(info, kCodeColumn) && ColumnNamed(info, kStatedAreaColumn) &&
         ColumnNamed(info, kLandUseColumn) && ColumnNamed(info, kLocationColumn) &&
         ColumnNamed(info, kKindColumn);
}

void CollectOthers(const geo::LayerInfo& info, Columns& columns) {
  const std::optional<std::size_t> kind =
      IsExport(info) ? ColumnNamed(info, kKindColumn) : std::nullopt;
  for (std::size_t i = 0; i < info.fields.size(); ++i) {
    const bool taken = columns.code == i || columns.stated_area == i || columns.land_use == i ||
                       columns.location == i || kind == i;
    if (!taken) columns.others.push_back(i);
  }
}

// The column of codes: the one that was named, else the layout's own, else none when codes are
// allocated.
absl::StatusOr<std::optional<std::size_t>> CodeColumn(const geo::LayerInfo& info,
                                                      const SourceFlags& flags,
                                                      std::string_view own) {
  if (!flags.allocate_division.empty()) return std::optional<std::size_t>();
  const std::string_view name = flags.code_field.empty() ? own : flags.code_field;
  const auto column = ColumnNamed(info, name);
  if (column) return column;
  return UsageError(
      fmt::format("the layer {} has no column '{}' for codes (its columns: {}); name one with "
                  "--code-field, or give the division to allocate codes in with --allocate-codes",
                  info.layer, name, ColumnNames(info)));
}

absl::StatusOr<Columns> ColumnsOf(const geo::LayerInfo& info, const SourceFlags& flags,
                                  bool is_dk) {
  Columns columns;
  const auto code = CodeColumn(info, flags, is_dk ? "DKBM" : kCodeColumn);
  if (!code.ok()) return code.status();
  columns.code = *code;
  columns.stated_area = ColumnNamed(info, is_dk ? "SCMJ" : kStatedAreaColumn);
  columns.location = ColumnNamed(info, is_dk ? "DKMC" : kLocationColumn);
  // TDLYLX has three digits of the 2007 classes and stays an attribute: the book's land use is of
  // the 2017 ones.
  if (!is_dk) columns.land_use = ColumnNamed(info, kLandUseColumn);
  CollectOthers(info, columns);
  return columns;
}

// The column that was named, which then has to be there; else the layer's own, if it has it.
absl::StatusOr<std::optional<std::size_t>> NamedOr(const geo::LayerInfo& info,
                                                   const std::string& named, std::string_view own) {
  const auto column = ColumnNamed(info, named.empty() ? own : std::string_view(named));
  if (named.empty() || column) return column;
  return UsageError(fmt::format("the layer {} has no column '{}' (its columns: {})", info.layer,
                                named, ColumnNames(info)));
}

absl::StatusOr<Columns> ColumnsOfShapes(const geo::LayerInfo& info, const SourceFlags& flags) {
  Columns columns;
  const auto code = NamedOr(info, flags.code_field, kCodeColumn);
  if (!code.ok()) return code.status();
  const auto zone = NamedOr(info, flags.zone_field, kZoneColumn);
  if (!zone.ok()) return zone.status();
  columns.code = *code;
  columns.zone = *zone;
  columns.location = ColumnNamed(info, kNameColumn);
  CollectOthers(info, columns);
  return columns;
}

absl::StatusOr<std::string> KindOf(const SourceFlags& flags, bool is_dk) {
  if (!flags.kind.empty()) return flags.kind;
  if (is_dk) return std::string(kContractedKind);
  return UsageError(
      "a plain layer does not say what its plots are: give --kind, a plot kind of the pack "
      "(ownership, contracted, homestead, construction)");
}

absl::StatusOr<std::string> CrsOf(const geo::LayerInfo& info) {
  if (info.crs_by == geo::StatedBy::kNobody) {
    return UsageError(fmt::format(
        "nothing says in which system the coordinates of {} are: give --source-crs EPSG:N",
        info.layer));
  }
  return info.epsg != 0 ? fmt::format("EPSG:{}", info.epsg) : info.crs_wkt;
}

absl::StatusOr<geo::ReaderOptions> ReadingOptions(const SourceFlags& flags) {
  geo::ReaderOptions options;
  options.layer = flags.layer;
  options.encoding = flags.encoding;
  if (flags.source_crs.empty()) return options;
  const absl::StatusOr<int> epsg = ParseEpsg(flags.source_crs);
  if (!epsg.ok()) return UsageError(std::string(epsg.status().message()));
  options.crs = fmt::format("EPSG:{}", *epsg);
  return options;
}

absl::StatusOr<std::unique_ptr<geo::LayerReader>> OpenReader(const SourceFlags& flags) {
  const absl::StatusOr<std::string> path = LayerFileOf(flags.path);
  if (!path.ok()) return path.status();
  const absl::StatusOr<geo::ReaderOptions> options = ReadingOptions(flags);
  if (!options.ok()) return options.status();
  auto reader = geo::LayerReader::Open(*path, *options);
  if (reader.ok() && !(*reader)->Info().polygons) {
    return absl::InvalidArgumentError(
        fmt::format("the layer {} holds no polygons", (*reader)->Info().layer));
  }
  return reader;
}

}  // namespace

absl::StatusOr<std::string> LayerFileOf(const std::string& path) {
  if (!fs::is_directory(path)) return path;
  const std::vector<std::string> layers = DkLayersIn(path);
  if (layers.empty()) return path;
  if (layers.size() == 1) return layers.front();
  return absl::InvalidArgumentError(fmt::format("{} has {} layers of plots ({}); name one of them",
                                                path, layers.size(), fmt::join(layers, ", ")));
}

bool IsFolderOrArchive(const std::string& path) {
  return fs::is_directory(path) || path.ends_with(".zip") || path.ends_with(".ZIP");
}

absl::StatusOr<LayerSource> OpenLayerSource(const SourceFlags& flags) {
  auto reader = OpenReader(flags);
  if (!reader.ok()) return reader.status();
  const geo::LayerInfo& info = (*reader)->Info();
  const bool is_dk =
      flags.layout == Layout::kNyt2539 || (flags.layout == Layout::kAuto && LooksLikeDk(info));
  absl::StatusOr<std::string> kind = flags.shapes ? std::string() : KindOf(flags, is_dk);
  if (!kind.ok()) return kind.status();
  absl::StatusOr<Columns> columns =
      flags.shapes ? ColumnsOfShapes(info, flags) : ColumnsOf(info, flags, is_dk);
  if (!columns.ok()) return columns.status();
  absl::StatusOr<std::string> crs = CrsOf(info);
  if (!crs.ok()) return crs.status();
  return LayerSource{*std::move(reader), *std::move(columns), *std::move(kind), *std::move(crs)};
}

}  // namespace landbook::tools
