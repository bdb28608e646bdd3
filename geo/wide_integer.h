// The 128-bit integer that products of two coordinates need.
#ifndef LANDBOOK_GEO_WIDE_INTEGER_H_
#define LANDBOOK_GEO_WIDE_INTEGER_H_

namespace landbook::geo {

// Differences of coordinates fit 41 bits (boundary.h), their products 82, and sums of products
// over every vertex of a boundary stay below 2^100.
__extension__ typedef __int128 Int128;

}  // namespace landbook::geo

#endif  // LANDBOOK_GEO_WIDE_INTEGER_H_
