#include "geo/formats/ogr_reader.h"

#include <algorithm>
#include <exception>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "fmt/format.h"
#include "geo/formats/attribute_text.h"
#include "geo/formats/gdal_bridge.h"
#include "geo/formats/ogr_polygon.h"
#include "geo/formats/text_decoder.h"
#include "ogrsf_frmts.h"

namespace landbook::geo {
namespace {

// The drivers that may open a delivery. Others (databases, web services, PDF, …) are left out, so
// that a file of a firm cannot make the reader connect to anything.
constexpr const char* kDrivers[] = {"GPKG",        "GeoJSON", "GeoJSONSeq", "TopoJSON",
                                    "OpenFileGDB", "CSV",     "FlatGeobuf", nullptr};
constexpr int kRowsSniffed = 20;

struct DatasetCloser {
  void operator()(GDALDataset* dataset) const { GDALClose(dataset); }
};
using Dataset = std::unique_ptr<GDALDataset, DatasetCloser>;
using Feature = std::unique_ptr<OGRFeature>;

bool StartsWithNoCase(std::string_view text, std::string_view upper_start) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  if (text.size() < upper_start.size()) return false;
  return std::equal(upper_start.begin(), upper_start.end(), text.begin(), [](char a, char b) {
    return a == std::toupper(static_cast<unsigned char>(b));
  });
}

FieldType TypeOf(OGRFieldType type) {
  switch (type) {
    case OFTString:
      return FieldType::kText;
    case OFTInteger:
    case OFTInteger64:
      return FieldType::kInteger;
    case OFTReal:
      return FieldType::kReal;
    case OFTDate:
    case OFTDateTime:
      return FieldType::kDate;
    default:
      return FieldType::kOther;
  }
}

// The column of a CSV that holds WKT: the first with such a value among the first rows; -1 if none.
int WktColumn(OGRLayer& layer) {
  int column = -1;
  for (int row = 0; row < kRowsSniffed && column < 0; ++row) {
    const Feature feature(layer.GetNextFeature());
    if (feature == nullptr) break;
    for (int i = 0; i < feature->GetFieldCount() && column < 0; ++i) {
      const std::string_view value = feature->GetFieldAsString(i);
      const bool wkt =
          StartsWithNoCase(value, "POLYGON") || StartsWithNoCase(value, "MULTIPOLYGON");
      if (wkt) column = i;
    }
  }
  layer.ResetReading();
  return column;
}

// A GeoJSON file may name its system in a member "crs" (the 2008 form) ahead of its features.
bool NamesCrs(const std::string& path) {
  constexpr std::size_t kStartBytes = 64 * 1024;
  absl::StatusOr<std::unique_ptr<ByteFile>> file = ByteFile::Open(path);
  return file.ok() && (*file)->Bytes(0, kStartBytes).find("\"crs\"") != std::string_view::npos;
}

class OgrReader : public LayerReader {
 public:
  OgrReader(Dataset dataset, OGRLayer* layer, TextDecoder decoder)
      : dataset_(std::move(dataset)), layer_(layer), decoder_(std::move(decoder)) {}

  const LayerInfo& Info() const override { return info_; }
  absl::StatusOr<bool> Read(Row& row) override;

  // Fills Info(). Fails when the options contradict the source.
  absl::Status Describe(const std::string& path, const ReaderOptions& options);

 private:
  void DescribeFields();
  absl::Status DescribeCrs(const std::string& path, const ReaderOptions& options);
  absl::Status BreaksOff(const std::string& why) const;
  Row RowOf(OGRFeature& feature, const GdalErrors& errors);
  void PutAttributes(OGRFeature& feature, Row& row);
  void PutValue(OGRFeature& feature, int index, const std::string& name, Row& row);
  void PutWkt(OGRFeature& feature, Row& row);

  Dataset dataset_;
  OGRLayer* layer_;
  TextDecoder decoder_;
  LayerInfo info_;
  int wkt_column_ = -1;
  std::uint64_t rows_read_ = 0;
};

void OgrReader::DescribeFields() {
  OGRFeatureDefn* definition = layer_->GetLayerDefn();
  for (int i = 0; i < definition->GetFieldCount(); ++i) {
    if (i == wkt_column_) continue;
    const OGRFieldDefn& field = *definition->GetFieldDefn(i);
    const std::string_view bytes = field.GetNameRef();
    info_.fields.push_back({decoder_.Decode(bytes).value_or(Hexadecimal(bytes)),
                            TypeOf(field.GetType()),
                            static_cast<std::size_t>(std::max(field.GetWidth(), 0)),
                            static_cast<std::size_t>(std::max(field.GetPrecision(), 0))});
  }
}

absl::Status OgrReader::DescribeCrs(const std::string& path, const ReaderOptions& options) {
  CrsText crs;
  if (!options.crs.empty()) {
    crs = ReadCrs(options.crs);
    if (crs.wkt.empty()) {
      return absl::InvalidArgumentError(fmt::format(
          "\"{}\" is no coordinate reference system; state EPSG:N or WKT", options.crs));
    }
    info_.crs_by = StatedBy::kOption;
  } else if (const OGRSpatialReference* system = layer_->GetSpatialRef(); system != nullptr) {
    char* wkt = nullptr;
    const char* const format[] = {"FORMAT=WKT2_2018", nullptr};
    if (system->exportToWkt(&wkt, format) == OGRERR_NONE && wkt != nullptr) crs = ReadCrs(wkt);
    CPLFree(wkt);
    const bool json = info_.format == "GeoJSON" || info_.format == "GeoJSONSeq";
    info_.crs_by = json && !NamesCrs(path) ? StatedBy::kFormat : StatedBy::kSource;
    if (crs.wkt.empty()) info_.crs_by = StatedBy::kNobody;
  }
  info_.crs_wkt = std::move(crs.wkt);
  info_.epsg = crs.epsg;
  return absl::OkStatus();
}

absl::Status OgrReader::Describe(const std::string& path, const ReaderOptions& options) {
  info_.format = dataset_->GetDriverName();
  for (OGRLayer* layer : dataset_->GetLayers()) info_.layers.emplace_back(layer->GetName());
  info_.layer = layer_->GetName();
  info_.encoding = decoder_.name();
  const bool csv = info_.format == "CSV";
  info_.encoding_by = !options.encoding.empty() ? StatedBy::kOption
                      : csv                     ? StatedBy::kNobody
                                                : StatedBy::kFormat;
  if (csv) wkt_column_ = WktColumn(*layer_);
  const OGRwkbGeometryType type = wkbFlatten(layer_->GetGeomType());
  info_.polygons = csv ? wkt_column_ >= 0
                       : type == wkbPolygon || type == wkbMultiPolygon || type == wkbUnknown ||
                             type == wkbGeometryCollection;
  DescribeFields();
  const GIntBig count = layer_->GetFeatureCount(FALSE);
  if (count >= 0) info_.row_count = static_cast<std::uint64_t>(count);
  return DescribeCrs(path, options);
}

absl::Status OgrReader::BreaksOff(const std::string& why) const {
  const std::string of = info_.row_count ? fmt::format(" of {}", *info_.row_count) : "";
  return absl::DataLossError(
      fmt::format("layer {} breaks off after {}{} rows: {}; deliver the file again", info_.layer,
                  rows_read_, of, why.empty() ? "no more can be read" : why));
}

absl::StatusOr<bool> OgrReader::Read(Row& row) {
  const GdalErrors errors;
  try {
    const Feature feature(layer_->GetNextFeature());
    if (feature == nullptr) {
      const bool short_of = info_.row_count.has_value() && rows_read_ < *info_.row_count;
      if (errors.failed() || short_of) return BreaksOff(errors.text());
      return false;
    }
    ++rows_read_;
    row = RowOf(*feature, errors);
    return true;
  } catch (const std::exception& error) {
    return BreaksOff(error.what());
  }
}

Row OgrReader::RowOf(OGRFeature& feature, const GdalErrors& errors) {
  Row row;
  row.id = feature.GetFID();
  PutAttributes(feature, row);
  if (wkt_column_ >= 0) {
    PutWkt(feature, row);
    return row;
  }
  PutGeometry(feature.GetGeometryRef(), row);
  // A geometry that GDAL could not read comes as null, with its reason as an error.
  if (row.geometry == GeometryState::kNull && errors.failed()) {
    row.geometry = GeometryState::kUnreadable;
    row.problems.push_back({RowProblem::Kind::kGeometryUnreadable, "", errors.text()});
  }
  return row;
}

void OgrReader::PutAttributes(OGRFeature& feature, Row& row) {
  std::size_t field = 0;
  for (int i = 0; i < feature.GetFieldCount(); ++i) {
    if (i != wkt_column_) PutValue(feature, i, info_.fields[field++].name, row);
  }
}

void OgrReader::PutValue(OGRFeature& feature, int index, const std::string& name, Row& row) {
  if (!feature.IsFieldSetAndNotNull(index)) {
    row.attributes.emplace_back();
    return;
  }
  switch (feature.GetFieldDefnRef(index)->GetType()) {
    case OFTReal:
      row.attributes.push_back(
          {Attribute::State::kText, fmt::format("{}", feature.GetFieldAsDouble(index))});
      return;
    case OFTDate: {
      int year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0, zone = 0;
      feature.GetFieldAsDateTime(index, &year, &month, &day, &hour, &minute, &second, &zone);
      row.attributes.push_back(
          {Attribute::State::kText, fmt::format("{:04}-{:02}-{:02}", year, month, day)});
      return;
    }
    default:
      row.attributes.emplace_back();
      SetText(feature.GetFieldAsString(index), {row.attributes.size() - 1, name}, decoder_, row);
  }
}

void OgrReader::PutWkt(OGRFeature& feature, Row& row) {
  const std::string_view wkt = feature.GetFieldAsString(wkt_column_);
  if (wkt.empty()) {
    PutGeometry(nullptr, row);
    return;
  }
  OGRGeometry* parsed = nullptr;
  const OGRErr result = OGRGeometryFactory::createFromWkt(wkt.data(), nullptr, &parsed);
  const std::unique_ptr<OGRGeometry> geometry(parsed);
  if (result == OGRERR_NONE && geometry != nullptr) {
    PutGeometry(geometry.get(), row);
    return;
  }
  row.geometry = GeometryState::kUnreadable;
  row.problems.push_back(
      {RowProblem::Kind::kGeometryUnreadable, "",
       fmt::format("\"{}…\" is not well-known text",
                   decoder_.Decode(wkt.substr(0, 40)).value_or(Hexadecimal(wkt.substr(0, 40))))});
}

std::string Joined(const std::vector<std::string>& names) {
  std::string text;
  for (const std::string& name : names) text += (text.empty() ? "" : ", ") + name;
  return text;
}

// The layer that was asked for, or the only one there is.
absl::StatusOr<OGRLayer*> ChooseLayer(GDALDataset& dataset, const std::string& path,
                                      const std::string& name) {
  std::vector<std::string> names;
  for (OGRLayer* layer : dataset.GetLayers()) {
    if (!name.empty() && layer->GetName() == name) return layer;
    names.emplace_back(layer->GetName());
  }
  if (name.empty() && names.size() == 1) return dataset.GetLayer(0);
  if (names.empty()) {
    return absl::InvalidArgumentError(fmt::format("{} holds no layer", path));
  }
  return absl::InvalidArgumentError(
      name.empty() ? fmt::format("{} holds {} layers ({}); state which one to read", path,
                                 names.size(), Joined(names))
                   : fmt::format("{} holds no layer {}; it holds {}", path, name, Joined(names)));
}

// The dataset at `path`; null, with the reason in `errors`, when no driver knows it.
Dataset OpenDataset(const std::string& path) {
  // Values stay the text that was delivered: 007 is a code, not seven.
  const char* const open_options[] = {"AUTODETECT_TYPE=NO", "EMPTY_STRING_AS_NULL=YES", nullptr};
  return Dataset(GDALDataset::Open(path.c_str(), GDAL_OF_VECTOR | GDAL_OF_READONLY, kDrivers,
                                   open_options, nullptr));
}

absl::StatusOr<std::unique_ptr<LayerReader>> OpenLayer(const std::string& path,
                                                       const ReaderOptions& options) {
  const GdalErrors errors;
  Dataset dataset = OpenDataset(path);
  if (dataset == nullptr) {
    return absl::InvalidArgumentError(fmt::format(
        "{} is none of shapefile, GeoPackage, GeoJSON, TopoJSON, file geodatabase, FlatGeobuf, CSV "
        "with a WKT column, or a zip of one{}{}",
        path, errors.text().empty() ? "" : ": ", errors.text()));
  }
  absl::StatusOr<OGRLayer*> layer = ChooseLayer(*dataset, path, options.layer);
  if (!layer.ok()) return layer.status();
  const bool csv = std::string_view(dataset->GetDriverName()) == "CSV";
  const std::string encoding = options.encoding.empty() && !csv ? "UTF-8" : options.encoding;
  absl::StatusOr<TextDecoder> decoder = TextDecoder::ForName(encoding);
  if (!decoder.ok()) return decoder.status();
  auto reader = std::make_unique<OgrReader>(std::move(dataset), *layer, *std::move(decoder));
  if (absl::Status status = reader->Describe(path, options); !status.ok()) return status;
  return reader;
}

}  // namespace

absl::StatusOr<std::vector<std::string>> LayersOf(const std::string& path) {
  RegisterGdalDrivers();
  const GdalErrors errors;
  try {
    const Dataset dataset = OpenDataset(path);
    if (dataset == nullptr) {
      return absl::InvalidArgumentError(fmt::format("{} cannot be read: {}", path, errors.text()));
    }
    std::vector<std::string> layers;
    for (OGRLayer* layer : dataset->GetLayers()) layers.emplace_back(layer->GetName());
    return layers;
  } catch (const std::exception& error) {
    return absl::InternalError(fmt::format("{} cannot be read: {}", path, error.what()));
  }
}

absl::StatusOr<std::unique_ptr<LayerReader>> OpenOgrLayer(const std::string& path,
                                                          const ReaderOptions& options) {
  RegisterGdalDrivers();
  try {
    return OpenLayer(path, options);
  } catch (const std::exception& error) {
    return absl::InternalError(fmt::format("{} cannot be read: {}", path, error.what()));
  }
}

}  // namespace landbook::geo
