#include "geo/formats/ogr_writer.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <exception>
#include <utility>

#include "absl/status/status.h"
#include "fmt/format.h"
#include "geo/formats/gdal_bridge.h"
#include "geo/formats/ogr_polygon.h"
#include "geo/utf8.h"
#include "ogrsf_frmts.h"

namespace landbook::geo {
namespace {

// Rows a transaction: SQLite commits are durable and slow, and an open transaction costs memory.
constexpr int kRowsPerTransaction = 100'000;

OGRFieldType OgrTypeOf(FieldType type) {
  switch (type) {
    case FieldType::kInteger:
      return OFTInteger64;
    case FieldType::kReal:
      return OFTReal;
    default:
      return OFTString;
  }
}

OGRwkbGeometryType OgrTypeOf(LayerGeometry geometry) {
  switch (geometry) {
    case LayerGeometry::kPolygon:
      return wkbUnknown;  // rows of one part and of several
    case LayerGeometry::kPoint:
      return wkbPoint;
    case LayerGeometry::kLine:
      return wkbLineString;
    case LayerGeometry::kNothing:
      break;
  }
  return wkbNone;
}

absl::Status Failed(const std::string& path, const GdalErrors& errors) {
  return absl::InternalError(fmt::format(
      "{} cannot be written: {}", path, errors.text().empty() ? "no reason given" : errors.text()));
}

// Has the system write the file's bytes to disk.
absl::Status SyncFile(const std::string& path) {
  const int file = open(path.c_str(), O_RDONLY | O_CLOEXEC);
  const bool synced = file >= 0 && fsync(file) == 0;
  const int error = errno;
  if (file >= 0) close(file);
  return synced ? absl::OkStatus()
                : absl::ErrnoToStatus(error, fmt::format("{} cannot be written to disk", path));
}

std::string Stem(const std::string& path) {
  const std::size_t begin = path.find_last_of('/') + 1;
  return path.substr(begin, path.find_last_of('.') - begin);
}

class OgrWriter : public LayerWriter {
 public:
  OgrWriter(std::string path, WriterOptions options)
      : path_(std::move(path)), options_(std::move(options)) {
    part_path_ = options_.add_to_existing ? path_ : PartPath();
  }
  ~OgrWriter() override {
    if (dataset_ == nullptr) return;
    const GdalErrors errors;
    if (in_transaction_) dataset_->RollbackTransaction();
    GDALClose(dataset_);
    if (!options_.add_to_existing) std::remove(part_path_.c_str());
  }

  absl::Status Open();
  absl::Status AddPolygon(const RawBoundary& boundary, std::span<const Value> values) override {
    return Add(boundary.empty() ? nullptr : OgrPolygonOf(boundary), values);
  }
  absl::Status AddPoint(RawVertex point, std::span<const Value> values) override {
    return Add(std::make_unique<OGRPoint>(point.x, point.y), values);
  }
  absl::Status AddLine(std::span<const RawVertex> line, std::span<const Value> values) override {
    auto geometry = std::make_unique<OGRLineString>();
    for (const RawVertex& v : line) geometry->addPoint(v.x, v.y);
    return Add(std::move(geometry), values);
  }
  absl::Status AddRow(std::span<const Value> values) override { return Add(nullptr, values); }
  absl::Status Close() override;

 private:
  bool is_package() const { return options_.format == LayerFormat::kGeoPackage; }
  // GDAL takes a name for a FlatGeobuf's by its ending.
  std::string PartPath() const { return path_ + (is_package() ? ".part" : ".part.fgb"); }
  absl::Status OpenDataset(const GdalErrors& errors);
  absl::Status MakeLayer(const GdalErrors& errors);
  absl::Status Add(std::unique_ptr<OGRGeometry> geometry, std::span<const Value> values);
  absl::Status SetValue(OGRFeature& feature, int index, const Value& value) const;
  absl::Status Begin(const GdalErrors& errors);
  absl::Status Commit(const GdalErrors& errors);

  std::string path_;
  std::string part_path_;
  WriterOptions options_;
  GDALDataset* dataset_ = nullptr;  // owned; closed by Close() or the destructor
  OGRLayer* layer_ = nullptr;
  bool in_transaction_ = false;
  int rows_in_transaction_ = 0;
};

absl::Status OgrWriter::Open() {
  if (!is_package() && options_.geometry == LayerGeometry::kNothing) {
    return absl::InvalidArgumentError(
        fmt::format("{}: rows of a FlatGeobuf have a place; write a table as GeoPackage", path_));
  }
  const GdalErrors errors;
  if (absl::Status status = OpenDataset(errors); !status.ok()) return status;
  if (absl::Status status = MakeLayer(errors); !status.ok()) return status;
  return Begin(errors);
}

absl::Status OgrWriter::OpenDataset(const GdalErrors& errors) {
  if (options_.add_to_existing) {
    dataset_ = GDALDataset::Open(path_.c_str(), GDAL_OF_VECTOR | GDAL_OF_UPDATE);
    return dataset_ == nullptr ? Failed(path_, errors) : absl::OkStatus();
  }
  std::remove(part_path_.c_str());
  GDALDriver* driver =
      GetGDALDriverManager()->GetDriverByName(is_package() ? "GPKG" : "FlatGeobuf");
  if (driver == nullptr) return Failed(path_, errors);
  dataset_ = driver->Create(part_path_.c_str(), 0, 0, 0, GDT_Unknown, nullptr);
  return dataset_ == nullptr ? Failed(path_, errors) : absl::OkStatus();
}

absl::Status OgrWriter::MakeLayer(const GdalErrors& errors) {
  OGRSpatialReference system;
  if (options_.epsg != 0 && system.importFromEPSG(options_.epsg) != OGRERR_NONE) {
    return absl::InvalidArgumentError(fmt::format(
        "EPSG:{} is not in the register of coordinate reference systems", options_.epsg));
  }
  system.SetAxisMappingStrategy(OAMS_TRADITIONAL_GIS_ORDER);
  const std::string name = options_.layer.empty() ? Stem(path_) : options_.layer;
  const char* const package_options[] = {"GEOMETRY_NAME=geom", nullptr};
  layer_ = dataset_->CreateLayer(name.c_str(), options_.epsg == 0 ? nullptr : &system,
                                 OgrTypeOf(options_.geometry),
                                 is_package() ? const_cast<char**>(package_options) : nullptr);
  if (layer_ == nullptr) return Failed(path_, errors);
  for (const Field& field : options_.fields) {
    OGRFieldDefn definition(field.name.c_str(), OgrTypeOf(field.type));
    if (layer_->CreateField(&definition) != OGRERR_NONE) return Failed(path_, errors);
  }
  return absl::OkStatus();
}

absl::Status OgrWriter::Begin(const GdalErrors& errors) {
  if (!is_package()) return absl::OkStatus();
  in_transaction_ = dataset_->StartTransaction() == OGRERR_NONE;
  rows_in_transaction_ = 0;
  return in_transaction_ ? absl::OkStatus() : Failed(path_, errors);
}

absl::Status OgrWriter::Commit(const GdalErrors& errors) {
  if (!in_transaction_) return absl::OkStatus();
  in_transaction_ = false;
  return dataset_->CommitTransaction() == OGRERR_NONE ? absl::OkStatus() : Failed(path_, errors);
}

absl::Status OgrWriter::SetValue(OGRFeature& feature, int index, const Value& value) const {
  const std::string& name = options_.fields[static_cast<std::size_t>(index)].name;
  if (const auto* whole = std::get_if<std::int64_t>(&value)) {
    feature.SetField(index, static_cast<GIntBig>(*whole));
  } else if (const auto* real = std::get_if<double>(&value)) {
    feature.SetField(index, *real);
  } else if (const auto* text = std::get_if<std::string>(&value)) {
    if (!IsUtf8(*text)) {
      return absl::InvalidArgumentError(fmt::format("the value of field {} is not UTF-8", name));
    }
    feature.SetField(index, text->c_str());
  } else if (std::holds_alternative<RawText>(value)) {
    return absl::InvalidArgumentError(
        fmt::format("field {}: only a shapefile takes text that is not UTF-8", name));
  } else {
    feature.SetFieldNull(index);
  }
  return absl::OkStatus();
}

absl::Status OgrWriter::Add(std::unique_ptr<OGRGeometry> geometry, std::span<const Value> values) {
  if (values.size() != options_.fields.size()) {
    return absl::InvalidArgumentError(
        fmt::format("a row of {} values for {} columns", values.size(), options_.fields.size()));
  }
  if (!is_package() && geometry == nullptr) {
    return absl::InvalidArgumentError(
        "a FlatGeobuf with an index takes no row without a geometry; write a GeoPackage");
  }
  const GdalErrors errors;
  try {
    OGRFeature feature(layer_->GetLayerDefn());
    for (std::size_t i = 0; i < values.size(); ++i) {
      absl::Status status = SetValue(feature, static_cast<int>(i), values[i]);
      if (!status.ok()) return status;
    }
    feature.SetGeometryDirectly(geometry.release());
    if (layer_->CreateFeature(&feature) != OGRERR_NONE) return Failed(path_, errors);
    if (++rows_in_transaction_ < kRowsPerTransaction) return absl::OkStatus();
    if (absl::Status status = Commit(errors); !status.ok()) return status;
    return Begin(errors);
  } catch (const std::exception& error) {
    return absl::InternalError(fmt::format("{} cannot be written: {}", path_, error.what()));
  }
}

absl::Status OgrWriter::Close() {
  GdalErrors errors;
  absl::Status status = Commit(errors);
  GDALClose(std::exchange(dataset_, nullptr));
  if (status.ok() && errors.failed()) status = Failed(path_, errors);
  if (options_.add_to_existing) return status;
  if (status.ok()) status = SyncFile(part_path_);
  if (status.ok() && std::rename(part_path_.c_str(), path_.c_str()) != 0) {
    status = absl::ErrnoToStatus(errno, fmt::format("{} cannot be put in place", path_));
  }
  if (!status.ok()) std::remove(part_path_.c_str());
  return status;
}

}  // namespace

absl::StatusOr<std::unique_ptr<LayerWriter>> CreateOgrLayer(const std::string& path,
                                                            const WriterOptions& options) {
  RegisterGdalDrivers();
  try {
    auto writer = std::make_unique<OgrWriter>(path, options);
    if (absl::Status status = writer->Open(); !status.ok()) return status;
    return writer;
  } catch (const std::exception& error) {
    return absl::InternalError(fmt::format("{} cannot be written: {}", path, error.what()));
  }
}

}  // namespace landbook::geo
