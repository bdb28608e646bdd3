#include "geo/formats/shapefile_writer.h"

#include <algorithm>
#include <optional>
#include <string_view>
#include <utility>

#include "absl/status/status.h"
#include "fmt/format.h"
#include "geo/formats/byte_order.h"
#include "geo/formats/dbf_writer.h"
#include "geo/formats/gdal_bridge.h"
#include "geo/formats/part_file.h"
#include "geo/formats/shape_record.h"
#include "geo/formats/text_decoder.h"

namespace landbook::geo {
namespace {

// Lengths and places are 32-bit counts of 16-bit words, and readers take them as signed.
constexpr std::uint64_t kFileBytesMax = std::uint64_t{2} * 0x7FFF'FFFF;

// The box of vertices as a shapefile states it; NaN coordinates are left out.
struct ShapeBox {
  double min_x = 0;
  double min_y = 0;
  double max_x = 0;
  double max_y = 0;
  bool empty = true;

  void Add(RawVertex v) {
    if (!(v.x == v.x) || !(v.y == v.y)) return;
    min_x = empty ? v.x : std::min(min_x, v.x);
    min_y = empty ? v.y : std::min(min_y, v.y);
    max_x = empty ? v.x : std::max(max_x, v.x);
    max_y = empty ? v.y : std::max(max_y, v.y);
    empty = false;
  }
  void Add(const ShapeBox& other) {
    if (other.empty) return;
    Add(RawVertex{other.min_x, other.min_y});
    Add(RawVertex{other.max_x, other.max_y});
  }
  void AppendTo(std::string& out) const {
    for (const double value : {min_x, min_y, max_x, max_y}) AppendLittleEndian(out, value);
  }
};

void AppendVertex(std::string& out, RawVertex v) {
  AppendLittleEndian(out, v.x);
  AppendLittleEndian(out, v.y);
}

// True when the ring runs counter-clockwise; computed about its first vertex as the reader does.
bool RunsCounterClockwise(std::span<const RawVertex> ring) {
  double doubled = 0;
  for (std::size_t i = 0; i + 1 < ring.size(); ++i) {
    const RawVertex& o = ring.front();
    doubled +=
        (ring[i].x - o.x) * (ring[i + 1].y - o.y) - (ring[i + 1].x - o.x) * (ring[i].y - o.y);
  }
  return doubled > 0;
}

// The content of a polygon's record; holes that run as their shell does are turned round.
std::string PolygonContent(const RawBoundary& boundary, ShapeBox& box) {
  for (const RawVertex& v : boundary.vertices) box.Add(v);
  std::string content;
  content.reserve(48 + 4 * boundary.ring_ends.size() + 16 * boundary.vertices.size());
  AppendLittleEndian(content, kPolygonShape);
  box.AppendTo(content);
  AppendLittleEndian(content, static_cast<std::uint32_t>(boundary.ring_ends.size()));
  AppendLittleEndian(content, static_cast<std::uint32_t>(boundary.vertices.size()));
  for (std::size_t ring = 0; ring < boundary.ring_ends.size(); ++ring) {
    AppendLittleEndian(content, ring == 0 ? std::uint32_t{0} : boundary.ring_ends[ring - 1]);
  }
  std::size_t ring = 0;
  for (const std::uint32_t part_end : boundary.part_ends) {
    const std::size_t shell = ring;
    for (; ring < part_end; ++ring) {
      const std::span<const RawVertex> vertices = boundary.Ring(ring);
      const bool turn = ring != shell && RunsCounterClockwise(vertices) ==
                                             RunsCounterClockwise(boundary.Ring(shell));
      for (std::size_t i = 0; i < vertices.size(); ++i) {
        AppendVertex(content, vertices[turn ? vertices.size() - 1 - i : i]);
      }
    }
  }
  return content;
}

std::string LineContent(std::span<const RawVertex> line, ShapeBox& box) {
  for (const RawVertex& v : line) box.Add(v);
  std::string content;
  AppendLittleEndian(content, kLineShape);
  box.AppendTo(content);
  AppendLittleEndian(content, std::uint32_t{1});
  AppendLittleEndian(content, static_cast<std::uint32_t>(line.size()));
  AppendLittleEndian(content, std::uint32_t{0});
  for (const RawVertex& v : line) AppendVertex(content, v);
  return content;
}

std::uint32_t ShapeTypeOf(LayerGeometry geometry) {
  switch (geometry) {
    case LayerGeometry::kPolygon:
      return kPolygonShape;
    case LayerGeometry::kPoint:
      return kPointShape;
    case LayerGeometry::kLine:
      return kLineShape;
    case LayerGeometry::kNothing:
      break;
  }
  return kNullShape;
}

// A small companion written whole.
struct Companion {
  std::unique_ptr<PartFile> file;
  std::string content;
};

class ShapefileWriter : public LayerWriter {
 public:
  static absl::StatusOr<std::unique_ptr<LayerWriter>> Create(const std::string& path,
                                                             const WriterOptions& options);

  absl::Status AddPolygon(const RawBoundary& boundary, std::span<const Value> values) override {
    ShapeBox box;
    std::string content;
    if (boundary.empty()) {
      AppendLittleEndian(content, kNullShape);
    } else {
      content = PolygonContent(boundary, box);
    }
    return Add(content, box, values);
  }

  absl::Status AddPoint(RawVertex point, std::span<const Value> values) override {
    ShapeBox box;
    box.Add(point);
    std::string content;
    AppendLittleEndian(content, kPointShape);
    AppendVertex(content, point);
    return Add(content, box, values);
  }

  absl::Status AddLine(std::span<const RawVertex> line, std::span<const Value> values) override {
    ShapeBox box;
    const std::string content = LineContent(line, box);
    return Add(content, box, values);
  }

  absl::Status AddRow(std::span<const Value> values) override { return Add("", {}, values); }

  absl::Status Close() override;

 private:
  ShapefileWriter(std::unique_ptr<DbfWriter> table, std::uint32_t shape_type)
      : table_(std::move(table)), shape_type_(shape_type) {}
  absl::Status OpenShapes(const std::string& stem);
  absl::Status AddCompanion(const std::string& path, std::string content);
  absl::Status Add(const std::string& content, const ShapeBox& box, std::span<const Value> values);
  std::string Header(std::uint64_t file_bytes) const;

  std::unique_ptr<DbfWriter> table_;
  std::unique_ptr<PartFile> shapes_;  // none for a table alone
  std::unique_ptr<PartFile> index_;
  std::vector<Companion> companions_;
  std::uint32_t shape_type_;
  std::uint32_t records_ = 0;
  ShapeBox box_;
};

absl::StatusOr<std::unique_ptr<LayerWriter>> ShapefileWriter::Create(const std::string& path,
                                                                     const WriterOptions& options) {
  const std::string stem = path.substr(0, path.size() - 4);
  absl::StatusOr<TextEncoder> encoder = TextEncoder::ForName(options.encoding);
  if (!encoder.ok()) return encoder.status();
  const std::string encoding = encoder->name();
  absl::StatusOr<std::unique_ptr<DbfWriter>> table =
      DbfWriter::Create(stem + ".dbf", options.fields, *std::move(encoder));
  if (!table.ok()) return table.status();
  std::unique_ptr<ShapefileWriter> writer(
      new ShapefileWriter(*std::move(table), ShapeTypeOf(options.geometry)));
  absl::Status status = writer->AddCompanion(stem + ".cpg", encoding + "\n");
  if (status.ok() && options.geometry != LayerGeometry::kNothing) status = writer->OpenShapes(stem);
  if (status.ok() && options.epsg != 0 && options.geometry != LayerGeometry::kNothing) {
    absl::StatusOr<std::string> prj = PrjOfEpsg(options.epsg);
    status = prj.ok() ? writer->AddCompanion(stem + ".prj", *std::move(prj)) : prj.status();
  }
  if (!status.ok()) return status;
  return writer;
}

absl::Status ShapefileWriter::OpenShapes(const std::string& stem) {
  absl::StatusOr<std::unique_ptr<PartFile>> shapes = PartFile::Create(stem + ".shp");
  if (!shapes.ok()) return shapes.status();
  absl::StatusOr<std::unique_ptr<PartFile>> index = PartFile::Create(stem + ".shx");
  if (!index.ok()) return index.status();
  shapes_ = *std::move(shapes);
  index_ = *std::move(index);
  shapes_->Append(Header(0));
  index_->Append(Header(0));
  return absl::OkStatus();
}

absl::Status ShapefileWriter::AddCompanion(const std::string& path, std::string content) {
  absl::StatusOr<std::unique_ptr<PartFile>> file = PartFile::Create(path);
  if (!file.ok()) return file.status();
  companions_.push_back({*std::move(file), std::move(content)});
  return absl::OkStatus();
}

absl::Status ShapefileWriter::Add(const std::string& content, const ShapeBox& box,
                                  std::span<const Value> values) {
  absl::StatusOr<std::string> record = table_->Record(values);
  if (!record.ok()) return record.status();
  if (shapes_ != nullptr) {
    if (shapes_->size() + 8 + content.size() > kFileBytesMax) {
      return absl::ResourceExhaustedError(
          "a shapefile holds at most 4 GB; write a GeoPackage, or the layer in parts");
    }
    std::string header;
    AppendBigEndian32(header, ++records_);
    AppendBigEndian32(header, static_cast<std::uint32_t>(content.size() / 2));
    std::string entry;
    AppendBigEndian32(entry, static_cast<std::uint32_t>(shapes_->size() / 2));
    AppendBigEndian32(entry, static_cast<std::uint32_t>(content.size() / 2));
    shapes_->Append(header);
    shapes_->Append(content);
    index_->Append(entry);
    box_.Add(box);
  }
  table_->Append(*record);
  return absl::OkStatus();
}

std::string ShapefileWriter::Header(std::uint64_t file_bytes) const {
  std::string header;
  AppendBigEndian32(header, 9994);
  header.append(20, '\0');
  AppendBigEndian32(header, static_cast<std::uint32_t>(file_bytes / 2));
  AppendLittleEndian(header, std::uint32_t{1000});
  AppendLittleEndian(header, shape_type_);
  box_.AppendTo(header);
  header.append(32, '\0');  // heights and measures
  return header;
}

absl::Status ShapefileWriter::Close() {
  absl::Status status = table_->Finish();
  if (shapes_ != nullptr) {
    status.Update(shapes_->Finish(Header(shapes_->size())));
    status.Update(index_->Finish(Header(index_->size())));
  }
  for (const Companion& companion : companions_)
    status.Update(companion.file->Finish(companion.content));
  if (!status.ok()) return status;
  // The .shp comes last: a layer is there when its .shp is.
  status.Update(table_->Publish());
  for (const Companion& companion : companions_) status.Update(companion.file->Publish());
  if (index_ != nullptr) status.Update(index_->Publish());
  if (shapes_ != nullptr) status.Update(shapes_->Publish());
  return status;
}

}  // namespace

absl::StatusOr<std::unique_ptr<LayerWriter>> CreateShapefile(const std::string& path,
                                                             const WriterOptions& options) {
  const std::string_view end = options.geometry == LayerGeometry::kNothing ? ".dbf" : ".shp";
  if (!path.ends_with(end) || path.size() == end.size()) {
    return absl::InvalidArgumentError(
        fmt::format("the name of a shapefile ends in {}; {} does not", end, path));
  }
  return ShapefileWriter::Create(path, options);
}

}  // namespace landbook::geo
