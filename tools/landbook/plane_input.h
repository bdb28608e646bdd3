// Points and boxes that people write, in a system of their choice, put on a book's plane.
#ifndef LANDBOOK_TOOLS_LANDBOOK_PLANE_INPUT_H_
#define LANDBOOK_TOOLS_LANDBOOK_PLANE_INPUT_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "geo/boundary.h"

namespace landbook::tools {

// The numbers of "X0,Y0,X1,Y1". Usage error unless there are `count` of them, all finite.
absl::StatusOr<std::vector<double>> ParseNumbers(const std::string& text, std::size_t count);

// Where the numbers are measured, and where they shall be.
struct PlaneChange {
  // "EPSG:N" of the input; empty when it is in metres of the plane.
  std::string source;
  // The EPSG number of the book's plane.
  int plane_epsg = 0;
};

// The point "X,Y" on the plane, easting or longitude first.
absl::StatusOr<geo::Vertex> ParsePoint(const std::string& text, const PlaneChange& change);

// The box "X0,Y0,X1,Y1", any two opposite corners, on the plane. A box of another system becomes
// the smallest box that holds its outline, each side taken at 21 points, since its sides bend.
absl::StatusOr<geo::Box> ParseBox(const std::string& text, const PlaneChange& change);

}  // namespace landbook::tools

#endif  // LANDBOOK_TOOLS_LANDBOOK_PLANE_INPUT_H_
