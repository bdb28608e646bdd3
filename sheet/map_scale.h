// How a piece of the plane lies on paper: the scale, the projection onto a box, the scale bar and
// the grid.
#ifndef LANDBOOK_SHEET_MAP_SCALE_H_
#define LANDBOOK_SHEET_MAP_SCALE_H_

#include <cstdint>
#include <optional>

#include "geo/boundary.h"
#include "sheet/drawing.h"

namespace landbook::sheet {

// The denominator of the largest standard scale (1:100, 1:200, then 1:500 and on as GB/T 13989 has
// map series, to 1:1,000,000) at which `extent` fits into `width_mm` by `height_mm`; none when it
// does not fit even at the smallest. REQUIRES: `extent` not empty.
std::optional<std::int64_t> ChooseScale(const geo::Box& extent, double width_mm, double height_mm);

// True when `extent` fits at 1:`denominator`. REQUIRES: denominator > 0.
bool FitsAtScale(const geo::Box& extent, std::int64_t denominator, double width_mm,
                 double height_mm);

// The plane on paper: `centre_doubled` / 2 of the plane lies at `middle`, north is up.
struct MapView {
  std::int64_t denominator = 1;
  geo::Vertex centre_doubled;
  PaperPoint middle;

  PaperPoint OnPaper(geo::Vertex v) const;
  // The steps of the plane that a length on paper covers.
  double StepsOf(double mm) const;
  // The piece of the plane under `box`, rounded outward to whole steps.
  geo::Box Under(const PaperBox& box) const;
};

// The view that puts the middle of `extent` on the middle of `box`. REQUIRES: `extent` not empty.
MapView ViewOf(const geo::Box& extent, const PaperBox& box, std::int64_t denominator);

// The smallest length of 1, 2 or 5 times a power of ten metres that takes at least `mm_min` on
// paper. Whole metres: what a scale bar and a grid are labelled with.
std::int64_t RoundMetres(std::int64_t denominator, double mm_min);

}  // namespace landbook::sheet

#endif  // LANDBOOK_SHEET_MAP_SCALE_H_
