#include "tools/landbook/export_columns.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <iterator>
#include <set>
#include <utility>

#include "tools/landbook/layer_source.h"

namespace landbook::tools {
namespace {

constexpr const char* kOwnColumns[] = {kCodeColumn, kStatedAreaColumn, kLandUseColumn,
                                       kLocationColumn, kKindColumn};
// Names that GDAL's formats keep for themselves.
constexpr const char* kTakenNames[] = {"fid", "ogc_fid", "geom", "geometry", "id"};
constexpr std::size_t kShapefileTextMax = 254;

// A character takes at most a third more bytes in GB18030 than in UTF-8.
std::size_t WidthFor(std::size_t utf8_bytes) {
  return std::clamp<std::size_t>((utf8_bytes * 4 + 2) / 3, 1, kShapefileTextMax);
}

// Databases take names that differ in case for the same.
std::string Folded(std::string name) {
  std::transform(name.begin(), name.end(), name.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return name;
}

geo::Value TextOrNull(std::string text) {
  if (text.empty()) return std::monostate();
  return text;
}

}  // namespace

std::vector<std::string> ExportColumns::OwnValues(const v1::Plot& plot) const {
  std::vector<std::string> values = {plot.code(), plot.stated_area_m2(), plot.land_use(),
                                     plot.location()};
  if (with_kind_) values.push_back(plot.kind());
  return values;
}

void ExportColumns::Note(const v1::Plot& plot) {
  const std::vector<std::string> own = OwnValues(plot);
  for (std::size_t i = 0; i < own.size(); ++i) {
    own_bytes_max_[i] = std::max(own_bytes_max_[i], own[i].size());
  }
  for (const v1::Attribute& attribute : plot.attributes()) {
    Column& column = attributes_[attribute.key()];
    column.bytes_max = std::max(column.bytes_max, attribute.value().size());
  }
}

std::vector<std::string> ExportColumns::Settle() {
  std::set<std::string> taken(std::begin(kOwnColumns), std::end(kOwnColumns));
  taken.insert(std::begin(kTakenNames), std::end(kTakenNames));
  std::vector<std::string> sentences;
  for (auto& [key, column] : attributes_) {
    column.name = key;
    while (!taken.insert(Folded(column.name)).second) column.name += '_';
    if (column.name != key) {
      sentences.push_back(fmt::format("the attribute '{}' is written as '{}': the name is taken",
                                      key, column.name));
    }
  }
  return sentences;
}

std::vector<geo::Field> ExportColumns::Fields() const {
  std::vector<geo::Field> fields;
  const std::size_t own_count = with_kind_ ? 5 : 4;
  for (std::size_t i = 0; i < own_count; ++i) {
    fields.push_back({kOwnColumns[i], geo::FieldType::kText, WidthFor(own_bytes_max_[i]), 0});
  }
  for (const auto& [key, column] : attributes_) {
    fields.push_back({column.name, geo::FieldType::kText, WidthFor(column.bytes_max), 0});
  }
  return fields;
}

std::vector<geo::Value> ExportColumns::ValuesOf(const v1::Plot& plot) const {
  std::vector<geo::Value> values;
  for (std::string& text : OwnValues(plot)) values.push_back(TextOrNull(std::move(text)));
  const std::size_t first_attribute = values.size();
  values.resize(first_attribute + attributes_.size());
  for (const v1::Attribute& attribute : plot.attributes()) {
    const auto at = attributes_.find(attribute.key());
    if (at == attributes_.end()) continue;
    const auto position = static_cast<std::size_t>(std::distance(attributes_.begin(), at));
    values[first_attribute + position] = TextOrNull(attribute.value());
  }
  return values;
}

}  // namespace landbook::tools
