// One record of a .shp file: from its bytes to rings.
#ifndef LANDBOOK_GEO_FORMATS_SHAPE_RECORD_H_
#define LANDBOOK_GEO_FORMATS_SHAPE_RECORD_H_

#include <cstdint>
#include <string>
#include <string_view>

#include "geo/formats/layer_reader.h"
#include "geo/raw_boundary.h"

namespace landbook::geo {

// Shape types of ESRI's paper (July 1998): a type, plus 10 with heights, plus 20 with measures.
inline constexpr std::uint32_t kNullShape = 0;
inline constexpr std::uint32_t kPointShape = 1;
inline constexpr std::uint32_t kLineShape = 3;
inline constexpr std::uint32_t kPolygonShape = 5;
inline constexpr std::uint32_t kPolygonZShape = 15;
inline constexpr std::uint32_t kPolygonMShape = 25;

// True for the three types of polygon.
bool IsPolygonShape(std::uint32_t type);

// The bytes that the content of a polygon takes with its heights and measures, as its own counts of
// rings and vertices have it; 0 for a shape that has no measures, or a content too short to tell.
std::uint64_t BytesWithMeasures(std::string_view content);

// What a record holds.
struct ShapeContent {
  GeometryState state = GeometryState::kNull;
  RawBoundary boundary;  // parts nested; for kPolygon only
  bool has_z_or_m = false;
  bool too_many_vertices = false;  // more than kVerticesMax: not read, state is kUnreadable
  std::string message;             // a sentence for every state but kPolygon and kNull
};

// Reads the content of a record (what follows its 8-byte header). Never reads past its end and
// allocates no more than a small multiple of its size. A content that contradicts itself, or is
// shorter than it claims, is kUnreadable.
ShapeContent ReadShape(std::string_view content);
// The same into `shape`, whose memory serves again.
void ReadShape(std::string_view content, ShapeContent& shape);

}  // namespace landbook::geo

#endif  // LANDBOOK_GEO_FORMATS_SHAPE_RECORD_H_
