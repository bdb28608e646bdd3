// The boundary points and lines of a book's plots as rows of JZD and JZX: a point or a line that
// several plots share is one row that names them all.
#ifndef LANDBOOK_TOOLS_LANDBOOK_PACKAGE_SURVEY_H_
#define LANDBOOK_TOOLS_LANDBOOK_PACKAGE_SURVEY_H_

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "geo/boundary.h"
#include "tools/exchange/scratch.h"

namespace landbook::tools {

// A point with the codes of its plots, in the order of codes.
struct PointRow {
  geo::Vertex place;
  geo::BoundaryPoint point;
  std::vector<std::string> plots;
};

// A line with the codes of its plots; its position is as seen from the first. It runs from the
// lesser end to the greater, by easting and then northing.
struct LineRow {
  std::vector<geo::Vertex> places;
  geo::BoundaryLine line;
  std::string from;  // numbers of the points at its ends
  std::string to;
  std::vector<std::string> plots;
};

// Gathers the points and lines of one plot after the other, then gives them all.
class SurveyRows {
 public:
  // Makes its scratch tables. REQUIRES: the scratch outlives the object.
  static absl::StatusOr<SurveyRows> Make(exchange::Scratch& scratch);

  // Plots have to come in the order of their codes.
  absl::Status Add(const std::string& code, const geo::Boundary& boundary);

  absl::Status ForEachPoint(const std::function<absl::Status(const PointRow&)>& take);
  absl::Status ForEachLine(const std::function<absl::Status(const LineRow&)>& take);

 private:
  explicit SurveyRows(exchange::Scratch& scratch) : scratch_(&scratch) {}
  absl::Status AddLines(const std::string& code, const geo::Boundary& boundary);

  exchange::Scratch* scratch_;
};

}  // namespace landbook::tools

#endif  // LANDBOOK_TOOLS_LANDBOOK_PACKAGE_SURVEY_H_
