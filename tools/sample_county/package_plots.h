// The layers of contracted plots (DK), boundary points (JZD) and boundary lines (JZX) of a package.
#ifndef LANDBOOK_TOOLS_SAMPLE_COUNTY_PACKAGE_PLOTS_H_
#define LANDBOOK_TOOLS_SAMPLE_COUNTY_PACKAGE_PLOTS_H_

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "tools/sample_county/package_tables.h"

namespace landbook::sample_county {

// NY/T 2539, tables A.10 to A.12. Every vertex of a plot is a boundary point, and every edge a
// boundary line; where plots share one it is written once, with the codes of all of them.
class PlotLayers {
 public:
  static absl::StatusOr<PlotLayers> Open(const PackagePlace& place);
  absl::Status Add(const GroupRecords& records);
  absl::Status Close();

 private:
  absl::Status AddPlot(const GroupRecords& records, const Plot& plot, const std::string& points);

  Writer plots_;
  Writer points_;
  Writer lines_;
  std::int64_t next_plot_ = 1;
  std::int64_t next_point_ = 1;
  std::int64_t next_line_ = 1;
};

}  // namespace landbook::sample_county

#endif  // LANDBOOK_TOOLS_SAMPLE_COUNTY_PACKAGE_PLOTS_H_
