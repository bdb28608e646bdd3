// What splitting, merging and their checks share.
#ifndef LANDBOOK_GEO_EDIT_INTERNAL_H_
#define LANDBOOK_GEO_EDIT_INTERNAL_H_

#include <span>
#include <vector>

#include "geo/boundary.h"
#include "geo/exact.h"

namespace landbook::geo {

// The directed edges of `plots` with the interior on the left, as far as no plot has the opposite
// edge: the outline of their union when they are noded into each other. Sorted; an edge that two
// plots have in one direction, which only an overlap makes, stands there twice.
std::vector<Segment> Outline(std::span<const Boundary> plots);

// The edges of `boundary` with the interior on the left.
std::vector<Segment> InteriorLeftEdges(const Boundary& boundary);

// Gives `boundary` the points and lines of `sources`, of the first that has one: points of the
// vertices that both have, lines of the edges that both have in either direction. What `boundary`
// already has is replaced.
void CarrySurvey(std::span<const Boundary> sources, Boundary& boundary);

}  // namespace landbook::geo

#endif  // LANDBOOK_GEO_EDIT_INTERNAL_H_
