// The compact codec: how a boundary lies on disk and travels on the wire.
//
//   boundary  = version flags part_count part* [points] [lines]
//   version   = one byte, 1
//   flags     = one byte: bit 0 points follow, bit 1 lines follow; other bits zero
//   part      = varint ring_count (1 or more), ring*
//   ring      = varint vertex_count (0 or more), vertex*
//   vertex    = zig-zag varint dx, zig-zag varint dy: the difference, in steps, from the vertex
//               before it in the boundary (across rings and parts); the first one from (0, 0)
//   points    = varint count (1 or more), point*;
//   point     = varint skip, mark byte, method byte, text number
//   lines     = varint count (1 or more), line*;
//   line      = varint skip, varint nature, category byte, position byte, text number, text
//               description
//   skip      = vertex index minus one more than that of the item before (the first: the index)
//   text      = varint length in bytes, UTF-8 bytes
//
// Varints are LEB128, at most 10 bytes, shortest form only; anything else, and any byte left over,
// is refused, so that one boundary has one encoding and Encode(Decode(b)) == b. Test vectors stand
// in geo/testdata/compact_vectors.tsv.
#ifndef LANDBOOK_GEO_COMPACT_H_
#define LANDBOOK_GEO_COMPACT_H_

#include <cstddef>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "geo/boundary.h"

namespace landbook::geo {

// The first byte of every encoding of this version.
inline constexpr char kCompactVersion = 1;

// The most vertices that a boundary may have unless the caller says otherwise.
inline constexpr std::size_t kVerticesMax = 100'000;

// The encoding above. REQUIRES: every |coordinate| <= kCoordinateMax; ring and part ends increasing
// and ending with the last vertex and ring; points and lines of increasing vertices that exist;
// texts in UTF-8.
std::string EncodeCompact(const Boundary& boundary);
// The same into `out`, in place of what it holds.
void EncodeCompact(const Boundary& boundary, std::string& out);

// The boundary of `bytes`. Fails with INVALID_ARGUMENT that names the first thing wrong (version,
// truncated, not shortest, out of range, bytes left over) and with OUT_OF_RANGE when it has more
// than `vertices_max` vertices. Never reads past the end and never allocates more than a small
// multiple of the input's size.
absl::StatusOr<Boundary> DecodeCompact(std::string_view bytes,
                                       std::size_t vertices_max = kVerticesMax);

}  // namespace landbook::geo

#endif  // LANDBOOK_GEO_COMPACT_H_
