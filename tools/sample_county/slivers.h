// Slivers: fields that lap over their neighbours by a hand's breadth or less, as borders do that
// were surveyed twice.
#ifndef LANDBOOK_TOOLS_SAMPLE_COUNTY_SLIVERS_H_
#define LANDBOOK_TOOLS_SAMPLE_COUNTY_SLIVERS_H_

#include <vector>

#include "geo/boundary.h"
#include "tools/sample_county/lattice.h"
#include "tools/sample_county/options.h"

namespace landbook::sample_county {

// Moves the inner vertices of the ring's east and north sides over the neighbours there, where the
// county has a sliver (Options::sliver_per_mille): by 0.5 mm to 20 mm, each side by one amount that
// hangs on its place. The corners stay, since other fields have them; so the neighbours' own
// borders stay too, and each moved side makes one overlap. `ring` is RingOf(lattice, cell).
// REQUIRES: `cell` is one field of a block.
void LapOverNeighbours(const Options& options, const Lattice& lattice, const Cells& cell,
                       std::vector<geo::Vertex>& ring);

}  // namespace landbook::sample_county

#endif  // LANDBOOK_TOOLS_SAMPLE_COUNTY_SLIVERS_H_
