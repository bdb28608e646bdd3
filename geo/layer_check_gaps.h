// B205: sliver gaps between the plots of a layer.
//
// A gap is found where it is narrow, edge against edge: the uncovered ground between two edges that
// face each other closer than the tolerance. Holes of the union of all plots and open wedges are
// both made of such strips, so the union itself, which costs more than all other rules together, is
// never made. Strips that adjoin belong to one gap, and its length is that of its strips together.
// A notch in the outer ring of one plot is no gap between neighbours; a hole of a plot is one.
#ifndef LANDBOOK_GEO_LAYER_CHECK_GAPS_H_
#define LANDBOOK_GEO_LAYER_CHECK_GAPS_H_

#include <functional>
#include <span>
#include <vector>

#include "geo/boundary_check_pair_internal.h"
#include "geo/finding.h"
#include "geo/tolerances.h"

namespace landbook::geo {

// Calls the visitor for every plot of the layer whose box shares a point with the window.
using PlotsNear = std::function<void(const Box&, const std::function<void(const PreparedPlot&)>&)>;

// Adds the parts of `strip` that no plot covers and no other edge interrupts.
void AddUncovered(const GapStrip& strip, const PlotsNear& plots_near, std::vector<GapStrip>* out);

// Adds the strips across the holes of one plot, to be looked at like those between two.
void AddHoleStrips(const PreparedPlot& plot, const Tolerances& tolerances,
                   std::vector<GapStrip>* out);

// The findings of B205 from the uncovered strips of a whole layer, in any order: for each gap
// longer than the tolerance one finding for each pair of plots that face each other across it. The
// smaller id is the subject; for a hole of one plot there is no other. The measured amount is the
// widest place of the strips between the two, the place is in the middle of the longest of them.
// Whether the gap is a hole or a wedge is not said: that depends on plots further away than a look
// at one plot's neighbours reaches, and a finding must not. Ground that is nowhere a step wide is
// what rounding a vertex to the plane leaves, and no gap.
std::vector<Finding> GapFindings(std::vector<GapStrip> strips, const Tolerances& tolerances);

}  // namespace landbook::geo

#endif  // LANDBOOK_GEO_LAYER_CHECK_GAPS_H_
