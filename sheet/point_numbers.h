// The boundary points of a plot sheet (宗地图): their numbers and the lengths of the sides between.
#ifndef LANDBOOK_SHEET_POINT_NUMBERS_H_
#define LANDBOOK_SHEET_POINT_NUMBERS_H_

#include <cstdint>
#include <string>
#include <vector>

#include "geo/boundary.h"

namespace landbook::sheet {

// One boundary point (界址点) and the side (界址线) that starts at it.
struct NumberedPoint {
  std::string number;         // "J1"
  std::string survey_number;  // what the survey called it (JZDH); empty when it did not
  geo::Vertex place;
  // To the next point of its ring, in hundredths of a metre, rounded half up from the exact length.
  std::int64_t side_hundredths_m = 0;
};

// A ring in the order of its numbers. The plot always lies to the right: shells run clockwise,
// holes counter-clockwise.
struct NumberedRing {
  bool hole = false;
  std::vector<NumberedPoint> points;
};

// The rings of `boundary` in its order, their points numbered on from ring to ring. As practice
// has it, numbers begin at the north-western corner (the greatest northing less easting; of equal
// ones the northern) and run clockwise around the plot (county rules for cadastral surveys after
// TD/T 1001-2012). REQUIRES: rings of three vertices and more.
std::vector<NumberedRing> NumberPoints(const geo::Boundary& boundary);

// The length of a side in hundredths of a metre, rounded half up from the exact length.
std::int64_t SideHundredthsM(geo::Vertex from, geo::Vertex to);

}  // namespace landbook::sheet

#endif  // LANDBOOK_SHEET_POINT_NUMBERS_H_
