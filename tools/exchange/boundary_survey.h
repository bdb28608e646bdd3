// The boundary points and lines of a package (JZD, JZX) on the vertices and edges of a plot.
#ifndef LANDBOOK_TOOLS_EXCHANGE_BOUNDARY_SURVEY_H_
#define LANDBOOK_TOOLS_EXCHANGE_BOUNDARY_SURVEY_H_

#include <cstdint>
#include <string>
#include <vector>

#include "geo/boundary.h"

namespace landbook::exchange {

// How far from a vertex a point may be stated: JZD states millimetres, and a boundary's vertices
// lie on a grid of 0.1 mm.
inline constexpr std::int64_t kPointReachSteps = 20;

// A point of JZD that names the plot.
struct SurveyedPoint {
  std::int64_t row = 0;
  geo::Vertex place;         // on the book's plane
  geo::BoundaryPoint point;  // its vertex is found
};

// A line of JZX that names the plot, from one of its points to another.
struct SurveyedLine {
  std::int64_t row = 0;
  std::string from;        // QJZDH
  std::string to;          // ZJZDH
  geo::BoundaryLine line;  // its vertex is found; the position is as seen from this plot
};

// The rows that were put on a boundary.
struct PutRows {
  std::vector<std::int64_t> points;
  std::vector<std::int64_t> lines;
};

// Puts the points on the boundary's nearest vertices and the lines on the edges between their
// points, every edge of a line that spans several: of both ways round the one with fewer points
// between its ends, and then fewer edges. Left out, and not among the rows, are a point without a
// vertex in reach or whose vertex has one already, and a line whose ends are no two points of one
// ring, for which both ways are alike, or that lies on an edge that has a line already.
PutRows PutSurvey(const std::vector<SurveyedPoint>& points, const std::vector<SurveyedLine>& lines,
                  geo::Boundary* boundary);

// The position of a line (JZXWZ: 1 inner, 2 middle, 3 outer) as seen from the plot on its other
// side.
std::uint8_t OtherSide(std::uint8_t position);

}  // namespace landbook::exchange

#endif  // LANDBOOK_TOOLS_EXCHANGE_BOUNDARY_SURVEY_H_
