#include "geo/formats/shapefile_reader.h"

#include <algorithm>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "fmt/format.h"
#include "geo/formats/attribute_text.h"
#include "geo/formats/dbf_table.h"
#include "geo/formats/gdal_bridge.h"
#include "geo/formats/shape_index.h"
#include "geo/formats/shape_record.h"
#include "geo/formats/text_decoder.h"

namespace landbook::geo {
namespace {

// A companion that is longer than this is not what its name says.
constexpr std::size_t kCompanionBytesMax = 64 * 1024;

std::string Upper(std::string_view text) {
  std::string upper(text);
  for (char& c : upper) {
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  }
  return upper;
}

// The path of the companion with `extension` (".dbf"), or empty when there is none.
std::string CompanionPath(const std::string& shp_path, std::string_view extension) {
  const std::string stem = shp_path.substr(0, shp_path.size() - 4);
  for (const std::string& path : {stem + std::string(extension), stem + Upper(extension)}) {
    if (FileExists(path)) return path;
  }
  return "";
}

std::string LayerName(const std::string& shp_path) {
  const std::size_t slash = shp_path.find_last_of('/');
  const std::size_t begin = slash == std::string::npos ? 0 : slash + 1;
  return shp_path.substr(begin, shp_path.size() - 4 - begin);
}

// The content of a small text companion, without a byte order mark, or nothing without one.
std::optional<std::string> CompanionText(const std::string& path) {
  absl::StatusOr<std::unique_ptr<ByteFile>> file = ByteFile::Open(path);
  if (path.empty() || !file.ok()) return std::nullopt;
  std::string text((*file)->Bytes(0, kCompanionBytesMax));
  if (text.starts_with("\xEF\xBB\xBF")) text.erase(0, 3);
  return text;
}

FieldType TypeOf(const DbfColumn& column) {
  switch (column.type) {
    case 'C':
      return FieldType::kText;
    case 'N':
    case 'F':
      return column.decimals == 0 ? FieldType::kInteger : FieldType::kReal;
    case 'D':
      return FieldType::kDate;
    default:
      return FieldType::kOther;
  }
}

// The table's values of the row, or why there are none.
void AddRecord(DbfTable& table, const TextDecoder& decoder, const LayerInfo& info, Row& row) {
  const auto record = table.Record(static_cast<std::uint64_t>(row.id));
  if (!record.has_value()) {
    row.attributes.assign(info.fields.size(), Attribute());
    row.problems.push_back({RowProblem::Kind::kAttributesMissing, "",
                            "the .dbf holds no record for this row; deliver the file again"});
    return;
  }
  row.attributes.resize(info.fields.size());
  if (DbfTable::IsDeleted(*record)) {
    row.problems.push_back({RowProblem::Kind::kMarkedDeleted, "",
                            "the .dbf marks this record as deleted; remove the mark, or pack the "
                            "layer to drop the record"});
  }
  for (std::size_t i = 0; i < info.fields.size(); ++i) {
    const auto value = DbfTable::Value(*record, table.columns()[i]);
    if (value.has_value()) {
      SetText(*value, {i, info.fields[i].name}, decoder, row);
    } else {
      row.attributes[i].state = Attribute::State::kNull;
      row.attributes[i].text.clear();
    }
  }
}

class ShapefileReader : public LayerReader {
 public:
  ShapefileReader(std::unique_ptr<ShapeIndex> shapes, std::unique_ptr<DbfTable> table,
                  TextDecoder decoder, LayerInfo info)
      : shapes_(std::move(shapes)),
        table_(std::move(table)),
        decoder_(std::move(decoder)),
        info_(std::move(info)) {}

  const LayerInfo& Info() const override { return info_; }

  absl::StatusOr<bool> Read(Row& row) override {
    std::optional<ShapeFound> shape;
    if (!shapes_ended_) shape = shapes_->Next();
    if (!shape.has_value()) shapes_ended_ = true;
    if (shapes_ended_ && next_id_ >= claimed()) return false;
    row.ClearAllButAttributes();
    row.id = static_cast<std::int64_t>(next_id_++);
    AddShape(shape, row);
    AddAttributes(row);
    return true;
  }

 private:
  // The rows that the index and the table claim.
  std::uint64_t claimed() const {
    return std::max(info_.shx_records.value_or(0), info_.dbf_records.value_or(0));
  }

  void AddShape(const std::optional<ShapeFound>& shape, Row& row) {
    using Kind = RowProblem::Kind;
    if (!shape.has_value()) {
      row.geometry = GeometryState::kUnreadable;
      row.problems.push_back({Kind::kGeometryUnreadable, "",
                              "the .shp holds no shape for this record; deliver the file again"});
      return;
    }
    ReadShape(shape->content, content_);
    if (!shape->complete) {
      content_ = ShapeContent();
      content_.state = GeometryState::kUnreadable;
      content_.message = shape->message;
    }
    row.geometry = content_.state;
    std::swap(row.boundary, content_.boundary);
    row.has_z_or_m = content_.has_z_or_m;
    Kind kind = Kind::kGeometryUnreadable;
    if (content_.state == GeometryState::kNotPolygon) kind = Kind::kNotPolygon;
    if (content_.too_many_vertices) kind = Kind::kTooManyVertices;
    const bool problem = content_.state == GeometryState::kUnreadable ||
                         content_.state == GeometryState::kNotPolygon;
    if (problem) row.problems.push_back({kind, "", std::move(content_.message)});
  }

  void AddAttributes(Row& row) {
    if (table_ == nullptr) return row.attributes.clear();
    AddRecord(*table_, decoder_, info_, row);
  }

  std::unique_ptr<ShapeIndex> shapes_;
  std::unique_ptr<DbfTable> table_;  // none without a .dbf
  TextDecoder decoder_;
  LayerInfo info_;
  ShapeContent content_;  // of the shape read last; its memory serves the next
  std::uint64_t next_id_ = 0;
  bool shapes_ended_ = false;
};

// A table by itself.
class DbfReader : public LayerReader {
 public:
  DbfReader(std::unique_ptr<DbfTable> table, TextDecoder decoder, LayerInfo info)
      : table_(std::move(table)), decoder_(std::move(decoder)), info_(std::move(info)) {}

  const LayerInfo& Info() const override { return info_; }

  absl::StatusOr<bool> Read(Row& row) override {
    if (next_id_ >= table_->claimed_records()) return false;
    row.ClearAllButAttributes();
    row.id = static_cast<std::int64_t>(next_id_++);
    AddRecord(*table_, decoder_, info_, row);
    return true;
  }

 private:
  std::unique_ptr<DbfTable> table_;
  TextDecoder decoder_;
  LayerInfo info_;
  std::uint64_t next_id_ = 0;
};

// Which encoding holds: the options', the .cpg's, the table's language driver, else by value.
absl::StatusOr<TextDecoder> ChooseEncoding(const std::string& cpg_path, const DbfTable* table,
                                           const ReaderOptions& options, LayerInfo& info) {
  std::string name = options.encoding;
  info.encoding_by = name.empty() ? StatedBy::kNobody : StatedBy::kOption;
  if (name.empty()) {
    const std::string stated = CompanionText(cpg_path).value_or("");
    if (TextDecoder::ForName(stated).ok() && !stated.empty()) {
      name = stated;
      info.encoding_by = StatedBy::kCompanion;
    } else if (!stated.empty()) {
      info.notes.push_back(fmt::format(
          "The .cpg names an encoding that is not known (\"{}\"); text is judged by value.",
          TextDecoder::ForName("UTF-8")->Decode(stated).value_or(Hexadecimal(stated))));
    }
  }
  if (name.empty() && table != nullptr && !table->language_driver_encoding().empty()) {
    name = std::string(table->language_driver_encoding());
    info.encoding_by = StatedBy::kSource;
  }
  absl::StatusOr<TextDecoder> decoder = TextDecoder::ForName(name);
  if (decoder.ok()) info.encoding = decoder->name();
  return decoder;
}

void AddFields(const DbfTable& table, const TextDecoder& decoder, LayerInfo& info) {
  for (const DbfColumn& column : table.columns()) {
    std::optional<std::string> name = decoder.Decode(column.name_bytes);
    if (!name.has_value()) {
      name = fmt::format("field{}", info.fields.size() + 1);
      info.notes.push_back(
          fmt::format("The name of a field is not text in {} (bytes {}); it is "
                      "called {} here.",
                      decoder.name(), Hexadecimal(column.name_bytes), *name));
    }
    info.fields.push_back({*std::move(name), TypeOf(column), column.width, column.decimals});
  }
}

absl::Status AddCrs(const std::string& prj_path, const ReaderOptions& options, LayerInfo& info) {
  const std::string text = options.crs.empty() ? CompanionText(prj_path).value_or("") : options.crs;
  CrsText crs = ReadCrs(text);
  if (crs.wkt.empty() && !options.crs.empty()) {
    return absl::InvalidArgumentError(
        fmt::format("\"{}\" is no coordinate reference system; state EPSG:N or WKT", options.crs));
  }
  if (crs.wkt.empty() && !text.empty()) {
    info.notes.emplace_back("The .prj holds no coordinate reference system that can be read.");
  }
  if (crs.wkt.empty()) return absl::OkStatus();
  info.crs_by = options.crs.empty() ? StatedBy::kCompanion : StatedBy::kOption;
  info.crs_wkt = std::move(crs.wkt);
  info.epsg = crs.epsg;
  return absl::OkStatus();
}

// What the table says of its length.
void AddTableCounts(const DbfTable& table, LayerInfo& info) {
  info.dbf_records = table.claimed_records();
  if (table.held_records() >= table.claimed_records()) return;
  info.truncated = true;
  info.notes.push_back(
      fmt::format("The .dbf is cut off: its header states {} records, the file has {}.",
                  table.claimed_records(), table.held_records()));
}

// What the three files say of their lengths, and how many rows that makes.
void AddCounts(const ShapeIndex& shapes, const DbfTable* table, LayerInfo& info) {
  info.polygons = IsPolygonShape(shapes.shape_type()) || shapes.shape_type() == kNullShape;
  info.shx_records = shapes.shx_records();
  info.truncated = shapes.truncated();
  if (!shapes.note().empty()) info.notes.push_back(shapes.note());
  if (table != nullptr) AddTableCounts(*table, info);
  if (info.shx_records && info.dbf_records && info.shx_records != info.dbf_records) {
    info.notes.push_back(fmt::format("The .shx states {} records and the .dbf {}.",
                                     *info.shx_records, *info.dbf_records));
  }
  if (shapes.uses_shx()) {
    info.row_count = std::max(*info.shx_records, info.dbf_records.value_or(0));
  }
}

}  // namespace

absl::StatusOr<std::unique_ptr<LayerReader>> OpenShapefile(const std::string& shp_path,
                                                           std::vector<std::string> layers,
                                                           const ReaderOptions& options) {
  LayerInfo info;
  info.format = "ESRI Shapefile";
  info.layers = std::move(layers);
  info.layer = LayerName(shp_path);
  for (const char* extension : {".shx", ".dbf", ".prj", ".cpg"}) {
    if (CompanionPath(shp_path, extension).empty()) info.missing_companions.push_back(extension);
  }
  std::unique_ptr<DbfTable> table;
  if (const std::string path = CompanionPath(shp_path, ".dbf"); !path.empty()) {
    absl::StatusOr<std::unique_ptr<DbfTable>> opened = DbfTable::Open(path);
    if (!opened.ok()) return opened.status();
    table = *std::move(opened);
  }
  std::optional<std::uint64_t> table_records;
  if (table != nullptr) table_records = table->claimed_records();
  absl::StatusOr<std::unique_ptr<ShapeIndex>> shapes =
      ShapeIndex::Open(shp_path, CompanionPath(shp_path, ".shx"), table_records);
  if (!shapes.ok()) return shapes.status();
  AddCounts(**shapes, table.get(), info);

  absl::StatusOr<TextDecoder> decoder =
      ChooseEncoding(CompanionPath(shp_path, ".cpg"), table.get(), options, info);
  if (!decoder.ok()) return decoder.status();
  if (table != nullptr) AddFields(*table, *decoder, info);
  absl::Status crs = AddCrs(CompanionPath(shp_path, ".prj"), options, info);
  if (!crs.ok()) return crs;
  return std::make_unique<ShapefileReader>(*std::move(shapes), std::move(table),
                                           *std::move(decoder), std::move(info));
}

absl::StatusOr<std::unique_ptr<LayerReader>> OpenDbf(const std::string& dbf_path,
                                                     const ReaderOptions& options) {
  LayerInfo info;
  info.format = "dBASE";
  info.layer = LayerName(dbf_path);
  info.layers = {info.layer};
  info.polygons = false;
  absl::StatusOr<std::unique_ptr<DbfTable>> table = DbfTable::Open(dbf_path);
  if (!table.ok()) return table.status();
  AddTableCounts(**table, info);
  info.row_count = (*table)->claimed_records();
  absl::StatusOr<TextDecoder> decoder =
      ChooseEncoding(CompanionPath(dbf_path, ".cpg"), table->get(), options, info);
  if (!decoder.ok()) return decoder.status();
  AddFields(**table, *decoder, info);
  return std::make_unique<DbfReader>(*std::move(table), *std::move(decoder), std::move(info));
}

}  // namespace landbook::geo
