#include "tools/landbook/package_writer.h"

#include <fmt/format.h>

#include <chrono>
#include <ctime>
#include <optional>

#include "tools/exchange/side_text.h"

namespace landbook::tools {
namespace {

namespace fs = std::filesystem;
using exchange::Column;

int ThisYear() {
  const std::time_t now = std::chrono::system_clock::to_time_t(std::chrono::system_clock::now());
  std::tm civil{};
  localtime_r(&now, &civil);
  return civil.tm_year + 1900;
}

bool HasPlace(const exchange::TableLayout& layout) {
  return layout.geometry != geo::LayerGeometry::kNothing;
}

// A column's value as a writer takes it: dates as the standard writes them.
geo::Value ValueOf(const Column& column, const RowValues& values) {
  const auto value = values.find(column.name);
  if (value == values.end() || value->second.empty()) return std::monostate();
  std::string text = value->second;
  if (column.type == 'D') std::erase(text, '-');
  return text;
}

// Whether the column of a dBASE table holds the text.
bool Fits(const geo::TextEncoder& encoder, const Column& column, const std::string& text) {
  const auto bytes = encoder.Encode(text);
  return bytes && bytes->size() <= column.width;
}

}  // namespace

absl::StatusOr<PackageWriter> PackageWriter::Make(const PackageFileOptions& options,
                                                  const v1::County& county,
                                                  exchange::Scratch& scratch) {
  PackageWriter writer(options, scratch);
  writer.epsg_ = static_cast<int>(county.epsg());
  writer.root_ = fs::path(options.folder) / (county.code() + county.title());
  writer.suffix_ =
      fmt::format("{}{:04}", county.code(), options.year == 0 ? ThisYear() : options.year);
  for (const char* part : {kVectorFolder, kRecordFolder, kMetadataFolder}) {
    std::error_code error;
    fs::create_directories(writer.root_ / part, error);
    if (!error) continue;
    return absl::UnavailableError(fmt::format("the folder {} cannot be made: {}",
                                              (writer.root_ / part).string(), error.message()));
  }
  return writer;
}

std::string PackageWriter::PathOf(const exchange::TableLayout& layout) const {
  const bool place = HasPlace(layout);
  const fs::path folder = root_ / (place ? kVectorFolder : kRecordFolder);
  const std::string name = place ? layout.name + suffix_ : layout.name;
  switch (options_.format) {
    case geo::LayerFormat::kShapefile:
      return (folder / (name + (place ? ".shp" : ".dbf"))).string();
    case geo::LayerFormat::kGeoJson:
      return (folder / (name + ".geojson")).string();
    default:
      return (folder / (suffix_ + ".gpkg")).string();
  }
}

absl::StatusOr<PackageWriter::Table> PackageWriter::Begin(exchange::TableLayout layout) {
  geo::WriterOptions writing;
  writing.format = options_.format;
  writing.geometry = layout.geometry;
  writing.layer = layout.name;
  writing.epsg = HasPlace(layout) ? epsg_ : 0;
  writing.encoding = options_.encoding.empty() ? "GB18030" : options_.encoding;
  // UTF-8 holds every character, which is why some text lies there.
  if (layout.name == exchange::kSideTable) writing.encoding = "UTF-8";
  writing.fields = exchange::FieldsOf(layout);
  if (options_.format != geo::LayerFormat::kShapefile) {
    // Text, so that an area or a code comes back as it was.
    for (geo::Field& field : writing.fields) field.type = geo::FieldType::kText;
  }
  const std::string path = PathOf(layout);
  // A package is made anew: a GeoPackage that is there is begun again.
  writing.add_to_existing =
      options_.format == geo::LayerFormat::kGeoPackage && !begun_.insert(path).second;
  auto file = geo::LayerWriter::Create(path, writing);
  if (!file.ok()) return file.status();
  Table table{std::move(layout), *std::move(file), std::nullopt, 0};
  if (options_.format != geo::LayerFormat::kShapefile) return table;
  auto encoder = geo::TextEncoder::ForName(writing.encoding);
  if (!encoder.ok()) return encoder.status();
  table.encoder.emplace(*std::move(encoder));
  return table;
}

absl::Status PackageWriter::Add(Table& table, const RowValues& row, const AddRow& add) {
  std::vector<geo::Value> values;
  const auto& columns = table.layout.columns;
  for (std::size_t i = 0; i < columns.size(); ++i) {
    geo::Value& value = values.emplace_back(ValueOf(columns[i], row));
    const auto* text = std::get_if<std::string>(&value);
    const bool narrow = table.encoder && text != nullptr && columns[i].type == 'C';
    if (!narrow || Fits(*table.encoder, columns[i], *text)) continue;
    if (absl::Status put = PutAside(table, i, *text); !put.ok()) return put;
    value = std::monostate();
  }
  const absl::Status added = add(values);
  if (added.ok()) {
    ++table.rows;
    return added;
  }
  return absl::Status(added.code(), fmt::format("row {} of {} cannot be written: {}", table.rows,
                                                table.layout.name, std::string(added.message())));
}

absl::Status PackageWriter::PutAside(const Table& table, std::size_t column,
                                     const std::string& text) {
  ++put_aside_;
  int part = 0;
  for (const std::string& piece : exchange::PiecesOf(text)) {
    const absl::Status put = PutRow(*scratch_, exchange::kSideTable,
                                    {{"TAB", table.layout.name},
                                     {"ROWNO", fmt::to_string(table.rows)},
                                     {"FIELD", table.layout.columns[column].name},
                                     {"PART", fmt::to_string(part++)},
                                     {"WORDS", piece}});
    if (!put.ok()) return put;
  }
  return absl::OkStatus();
}

absl::Status PackageWriter::End(Table& table) {
  counts_.emplace_back(table.layout.name, table.rows);
  return table.file->Close();
}

absl::Status PackageWriter::WriteSideTable() {
  if (put_aside_ == 0) return absl::OkStatus();
  auto table = Begin(*exchange::FindTable(exchange::kSideTable));
  if (!table.ok()) return table.status();
  absl::Status status = ForEachTableRow(*scratch_, table->layout, [&](const RowValues& values) {
    return Add(*table, values,
               [&](std::span<const geo::Value> all) { return table->file->AddRow(all); });
  });
  return status.ok() ? End(*table) : status;
}

}  // namespace landbook::tools
