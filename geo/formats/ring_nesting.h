// From a shapefile's rings, which come in one flat list, to shells with their holes.
#ifndef LANDBOOK_GEO_FORMATS_RING_NESTING_H_
#define LANDBOOK_GEO_FORMATS_RING_NESTING_H_

#include "geo/raw_boundary.h"

namespace landbook::geo {

// Groups the rings of `rings` (its part_ends are ignored) into parts. A ring in no other ring is a
// shell, whichever way it runs. A ring inside another one is
//   - a hole when it runs the other way round than the shell that it lies directly in;
//   - a shell of its own when it runs the same way (nested shells: B104 will say so);
//   - a shell (an island) when it runs the other way round than the hole that it lies directly in,
//     and one more hole of the same shell when it runs the same way.
// ESRI's paper (July 1998) has shells run clockwise and holes counter-clockwise; files with all
// rings reversed are common and give the same parts here. Parts come in the order of their shells,
// and holes follow their shell in the order delivered; no vertex is moved, and no ring is dropped.
//
// Costs O(rings x vertices) where boxes of rings overlap.
RawBoundary NestRings(RawBoundary rings);

}  // namespace landbook::geo

#endif  // LANDBOOK_GEO_FORMATS_RING_NESTING_H_
