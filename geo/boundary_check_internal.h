// What the files of the boundary check share; not for others.
#ifndef LANDBOOK_GEO_BOUNDARY_CHECK_INTERNAL_H_
#define LANDBOOK_GEO_BOUNDARY_CHECK_INTERNAL_H_

#include <cmath>
#include <cstdint>
#include <vector>

#include "geo/boundary.h"
#include "geo/boundary_check.h"
#include "geo/boundary_edges.h"
#include "geo/finding.h"
#include "geo/tolerances.h"

namespace landbook::geo {

// 1 step is 100 micrometres, the unit in which findings state lengths.
inline constexpr std::int64_t kMicrometresPerStep = 100;

// A length measured in doubles, in micrometres.
inline std::int64_t Micrometres(double steps) {
  return std::llround(steps * static_cast<double>(kMicrometresPerStep));
}

// True when the boundary plainly has nothing of B103 to B106 and B108: one ring of few edges, none
// of them short, which come near each other only where they follow each other, and turn there by at
// most 135 degrees. False says nothing (boundary_check_plain.cc).
bool PlainRing(const BoundaryEdges& edges, const Tolerances& tolerances);

// True when all coordinates of the boundary lie on the plane: what is more cannot be reckoned with.
bool OnPlane(const Boundary& boundary);

// As CheckAlone, of a boundary whose edges are `edges`: null when it is not OnPlane.
std::vector<Finding> CheckAloneByEdges(const Subject& subject, const BoundaryEdges* edges,
                                       const Tolerances& tolerances, const Box* plane_extent);

// The findings of B103 and B104 about the rings of `edges`, at most kRingFindingsMax.
std::vector<Finding> RingFindings(const BoundaryEdges& edges, std::uint64_t subject);

// Adds the findings of B105, B106 and B108. B108 needs a sound boundary.
void AddCloseVertices(const BoundaryEdges& edges, const Tolerances& tolerances,
                      std::uint64_t subject, std::vector<Finding>* out);
void AddSpikes(const BoundaryEdges& edges, const Tolerances& tolerances, std::uint64_t subject,
               std::vector<Finding>* out);
void AddNarrowParts(const BoundaryEdges& edges, const Tolerances& tolerances, std::uint64_t subject,
                    std::vector<Finding>* out);

}  // namespace landbook::geo

#endif  // LANDBOOK_GEO_BOUNDARY_CHECK_INTERNAL_H_
