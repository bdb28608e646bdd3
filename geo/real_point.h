// A point between the vertices of the plane.
#ifndef LANDBOOK_GEO_REAL_POINT_H_
#define LANDBOOK_GEO_REAL_POINT_H_

namespace landbook::geo {

// In steps: where amounts are measured, never where anything is decided or kept.
struct RealPoint {
  double x = 0;
  double y = 0;
};

}  // namespace landbook::geo

#endif  // LANDBOOK_GEO_REAL_POINT_H_
