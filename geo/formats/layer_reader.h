// Rows of any layer of polygons that is delivered: shapefile, GeoPackage, GeoJSON, TopoJSON, file
// geodatabase, FlatGeobuf, CSV with a WKT column, or a zip of one of these; and of tables without a
// place: a .dbf that no shapefile goes with, a CSV, a GeoPackage's attribute table.
//
// Nothing is lost and nothing repaired: every record that the source claims to hold comes back as a
// row, with its text decoded strictly and its rings as they were delivered; what cannot be read is
// a problem of that row. Shapefiles are read by this room itself, byte by byte; the rest by GDAL.
#ifndef LANDBOOK_GEO_FORMATS_LAYER_READER_H_
#define LANDBOOK_GEO_FORMATS_LAYER_READER_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "geo/raw_boundary.h"

namespace landbook::geo {

// How to read a source; every field may stay empty.
struct ReaderOptions {
  std::string layer = {};     // the layer to read where the source has several
  std::string encoding = {};  // of text, in place of what the source states; names as TextDecoder's
  std::string crs = {};       // "EPSG:4548" or WKT, in place of what the source states
};

enum class FieldType : std::uint8_t { kText = 1, kInteger = 2, kReal = 3, kDate = 4, kOther = 5 };

// A column of the layer. `width` and `decimals` as the source states them, 0 where it does not.
struct Field {
  std::string name;
  FieldType type = FieldType::kText;
  std::size_t width = 0;
  std::size_t decimals = 0;
  friend bool operator==(const Field&, const Field&) = default;
};

// Where the coordinate reference system or the encoding comes from.
enum class StatedBy : std::uint8_t {
  kNobody = 1,     // nothing states it
  kOption = 2,     // ReaderOptions
  kCompanion = 3,  // the .prj or .cpg file beside it
  kSource = 4,     // the source itself (its header, its tables)
  kFormat = 5,     // the format's definition (GeoJSON is WGS 84 and UTF-8)
};

// What is known of a source before its rows are read.
struct LayerInfo {
  std::string format;               // GDAL's name for it: "ESRI Shapefile", "GPKG", …
  std::vector<std::string> layers;  // all layers of the source
  std::string layer;                // the one that is read
  std::vector<Field> fields;        // in the order of Row::attributes
  bool polygons = true;             // false where the source says that it holds another geometry
  std::optional<std::uint64_t> row_count;  // the rows that Next() will give, where it is known

  std::string crs_wkt;  // empty when nothing states it
  int epsg = 0;         // its EPSG code, 0 when it has none
  StatedBy crs_by = StatedBy::kNobody;
  std::string encoding;  // TextDecoder's name
  StatedBy encoding_by = StatedBy::kNobody;

  // Shapefiles only: companions that are not there (".shx", ".dbf", ".prj", ".cpg"), and the
  // records that each file's header claims.
  std::vector<std::string> missing_companions;
  std::optional<std::uint64_t> shx_records;
  std::optional<std::uint64_t> dbf_records;
  // True when a file is shorter than its header or its companions say.
  bool truncated = false;
  // What a person should know of the source, in whole sentences.
  std::vector<std::string> notes;
};

// One value of a row.
struct Attribute {
  enum class State : std::uint8_t { kNull = 1, kText = 2, kUndecodable = 3 };
  State state = State::kNull;
  // UTF-8: numbers as the source writes them where it writes text, else the shortest decimal that
  // reads back the same; dates as YYYYMMDD in a shapefile, else YYYY-MM-DD. For kUndecodable the
  // bytes in hexadecimal.
  std::string text;
  friend bool operator==(const Attribute&, const Attribute&) = default;
};

// What a row brings as its boundary.
enum class GeometryState : std::uint8_t {
  kNull = 1,        // no geometry at all
  kEmpty = 2,       // a polygon without a vertex
  kNotPolygon = 3,  // a point, a line, a curve, a collection
  kPolygon = 4,     // a polygon or several
  kUnreadable = 5,  // bytes that are not a geometry, or are cut off
};

// What could not be read of a row.
struct RowProblem {
  enum class Kind : std::uint8_t {
    kTextUndecodable = 1,     // `field` (B404)
    kGeometryUnreadable = 2,  // (B403)
    kNotPolygon = 3,          // (B403)
    kTooManyVertices = 4,     // more than the book takes in one boundary (B403)
    kAttributesMissing = 5,   // the table holds no record for this row (B403)
    kMarkedDeleted = 6,       // the table marks this row as deleted (B403)
  };
  Kind kind{};
  std::string field;    // the field's name, for a problem of one value
  std::string message;  // a sentence
  friend bool operator==(const RowProblem&, const RowProblem&) = default;
};

struct Row {
  std::int64_t id = 0;                // the feature id as OGR gives it; a shapefile's begin with 0
  std::vector<Attribute> attributes;  // one a field
  GeometryState geometry = GeometryState::kNull;
  RawBoundary boundary;     // rings as delivered; empty unless kPolygon
  bool has_z_or_m = false;  // heights or measures were delivered and left out
  std::vector<RowProblem> problems;

  // Makes it a row without anything but its attributes, which its reader overwrites one by one; the
  // memory is kept for what comes next.
  void ClearAllButAttributes();
};

// Reads one layer from front to back. Memory holds one row and a window of the file, whatever the
// size of the source; TopoJSON, which cannot be read so, is held whole. Not thread-safe.
class LayerReader {
 public:
  // Opens the source at `path`: a file, a folder (file geodatabase, shapefiles) or a zip. Fails
  // with NOT_FOUND when nothing is there; with INVALID_ARGUMENT when it is not what it says it is
  // (a .shp that is not a shapefile), is no known format, has several layers and none was chosen,
  // or the encoding or the system of the options is not known. The message says which and what to
  // do.
  static absl::StatusOr<std::unique_ptr<LayerReader>> Open(const std::string& path,
                                                           const ReaderOptions& options);
  virtual ~LayerReader() = default;

  virtual const LayerInfo& Info() const = 0;

  // Makes `row` the next row, whatever it held; its memory serves again. False behind the last row.
  // Fails with DATA_LOSS when the source breaks off and it cannot be told which rows are missing;
  // the message says how many were read of how many.
  virtual absl::StatusOr<bool> Read(Row& row) = 0;
  // The same by value: the next row, or nothing behind the last.
  absl::StatusOr<std::optional<Row>> Next();
};

// The names of the layers in a file of several (GeoPackage). Fails with INVALID_ARGUMENT when it is
// no known format.
absl::StatusOr<std::vector<std::string>> LayersOf(const std::string& path);

}  // namespace landbook::geo

#endif  // LANDBOOK_GEO_FORMATS_LAYER_READER_H_
