// The rules that look at two plots of one tier: B201 to B204 of docs/boundary-rules.md.
//
// What a clean coverage is made of (shared edges, shared corners, vertices on edges) is recognised
// by exact integer predicates and costs a third of a microsecond a pair. Only where the insides of
// two plots are known to meet is it measured by how much.
#ifndef LANDBOOK_GEO_BOUNDARY_CHECK_PAIR_H_
#define LANDBOOK_GEO_BOUNDARY_CHECK_PAIR_H_

#include <cstdint>
#include <vector>

#include "absl/status/status.h"
#include "geo/boundary.h"
#include "geo/boundary_edges.h"
#include "geo/finding.h"
#include "geo/tolerances.h"

namespace landbook::geo {

// A plot ready to be compared with many others. Borrows the boundary, which must outlive it.
// Immutable: any number of threads may compare with it at once.
class PreparedPlot {
 public:
  // The plot's `id` is the caller's own. REQUIRES, of what is compared: a sound boundary
  // (boundary_check.h).
  PreparedPlot(std::uint64_t id, const Boundary* boundary) : id_(id), edges_(boundary) {}

  std::uint64_t id() const { return id_; }
  const Boundary& boundary() const { return edges_.boundary(); }
  const BoundaryEdges& edges() const { return edges_; }
  const Box& box() const { return edges_.box(); }

 private:
  std::uint64_t id_;
  BoundaryEdges edges_;
};

// Adds all findings of B201 to B204 between two plots to `out`, unsorted. The order of the two does
// not matter: B201 and B202 have the smaller id as subject (whose side a B202's detail takes: same,
// contains, within); B203 and B204 have the owner of the vertex as subject. Fails with INTERNAL
// when GEOS could not measure an overlap; nothing is then known of it.
// REQUIRES: different ids; both plots of one tier.
absl::Status CheckPair(const PreparedPlot& a, const PreparedPlot& b, const Tolerances& tolerances,
                       std::vector<Finding>* out);

}  // namespace landbook::geo

#endif  // LANDBOOK_GEO_BOUNDARY_CHECK_PAIR_H_
