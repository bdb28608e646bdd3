// Writes a layer of polygons (or points, lines, or rows without a place) with attributes.
//
// Shapefiles and GeoJSON are written by this room itself, so that rings, vertices and text are kept
// to the byte; GeoPackage and FlatGeobuf by GDAL. A layer appears under its name only when Close()
// succeeds: until then it lies beside it under the name with ".part" behind it (a FlatGeobuf with
// ".part.fgb").
#ifndef LANDBOOK_GEO_FORMATS_LAYER_WRITER_H_
#define LANDBOOK_GEO_FORMATS_LAYER_WRITER_H_

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <variant>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "geo/formats/layer_reader.h"
#include "geo/raw_boundary.h"

namespace landbook::geo {

enum class LayerFormat : std::uint8_t {
  kShapefile = 1,
  kGeoPackage = 2,
  kGeoJson = 3,
  kFlatGeobuf = 4,  // with its index, so that its rows lie in an order of their own
};

// What a row of the layer brings. kNothing is a table; as a shapefile it is the .dbf alone.
enum class LayerGeometry : std::uint8_t { kPolygon = 1, kPoint = 2, kLine = 3, kNothing = 4 };

struct WriterOptions {
  LayerFormat format = LayerFormat::kGeoPackage;
  LayerGeometry geometry = LayerGeometry::kPolygon;
  std::string layer = {};     // the layer's name; for a shapefile and GeoJSON the file's is used
  int epsg = 0;               // the system of the coordinates; 0 writes none
  std::string encoding = {};  // of a shapefile's text (.cpg is written); empty is UTF-8
  // The columns. For a shapefile: names of at most 10 bytes, and kText needs a width (at most 254
  // bytes in the layer's encoding), kInteger at most 18 digits, kReal a width and decimals.
  std::vector<Field> fields = {};
  // Opens a GeoPackage that is there and adds the layer to it, in place of making a new file. Then
  // there is no ".part": the file's own transaction keeps it whole.
  bool add_to_existing = false;
};

// Bytes that a shapefile's table takes as they are, whatever its encoding: how samples are made of
// what must be refused. The other formats refuse them.
struct RawText {
  std::string bytes;
  friend bool operator==(const RawText&, const RawText&) = default;
};

// A value to write: null, a whole number, a real number, or text in UTF-8. A number may also be
// given as text, whose digits a shapefile keeps as they are.
using Value = std::variant<std::monostate, std::int64_t, double, std::string, RawText>;

// Writes rows in the order of the calls. Not thread-safe. A writer that is destroyed without
// Close() leaves nothing behind under the layer's name and removes its ".part" files.
class LayerWriter {
 public:
  // Fails with INVALID_ARGUMENT when the options contradict themselves, and with the system's
  // reason when the file cannot be made.
  static absl::StatusOr<std::unique_ptr<LayerWriter>> Create(const std::string& path,
                                                             const WriterOptions& options);
  virtual ~LayerWriter() = default;

  // Adds a row; `values` are one a field. An empty boundary is written as a null shape,
  // which a FlatGeobuf refuses with INVALID_ARGUMENT: its index has no place for one. No ring is closed, and none turned round but one: a shapefile tells holes from shells by the way
  // they run, so a hole that runs as its shell does is written reversed there.
  //
  // Fails with INVALID_ARGUMENT, and the row is not written, for a value that the column does not
  // hold: too long, a character that the encoding lacks, no number; with RESOURCE_EXHAUSTED past
  // the 4 GB of a shapefile. REQUIRES: the geometry that was asked for at Create.
  virtual absl::Status AddPolygon(const RawBoundary& boundary, std::span<const Value> values) = 0;
  virtual absl::Status AddPoint(RawVertex point, std::span<const Value> values) = 0;
  virtual absl::Status AddLine(std::span<const RawVertex> line, std::span<const Value> values) = 0;
  virtual absl::Status AddRow(std::span<const Value> values) = 0;

  // Writes what is outstanding to disk and gives the layer its name, replacing one that was there.
  // Nothing may be called afterwards.
  virtual absl::Status Close() = 0;
};

}  // namespace landbook::geo

#endif  // LANDBOOK_GEO_FORMATS_LAYER_WRITER_H_
