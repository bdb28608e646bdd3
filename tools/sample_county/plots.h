// The contracted plots of a sample county, one after the other.
#ifndef LANDBOOK_TOOLS_SAMPLE_COUNTY_PLOTS_H_
#define LANDBOOK_TOOLS_SAMPLE_COUNTY_PLOTS_H_

#include <array>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "geo/boundary.h"
#include "tools/sample_county/options.h"

namespace landbook::sample_county {

// A fault that was planted on purpose. A pair rule names both plots, in the order of their rows.
struct PlantedFault {
  std::string rule;
  std::string code;        // empty where the fault is that there is none
  std::string other_code;  // empty for a rule of one plot
  std::int64_t row = 0;    // counted from 0
};

// The neighbours of a plot in its group, by index, or kNoPlot where a road or ditch runs.
inline constexpr int kNoPlot = -1;
struct Neighbours {
  int east = kNoPlot;
  int west = kNoPlot;
  int south = kNoPlot;
  int north = kNoPlot;
};

// One contracted plot.
struct Plot {
  std::int64_t row = 0;    // in the county, from 0
  std::int64_t group = 0;  // the villagers' group, from 0
  int index = 0;           // in the group, from 0
  std::string code;        // 19 characters; another or none where that is the fault
  std::string name;        // UTF-8; bytes that are no text where that is the fault
  bool name_is_text = true;
  geo::Boundary boundary;  // empty where that is the fault
  std::int64_t stated_area_hundredths_m2 = 0;
  bool basic_farmland = false;
  Neighbours neighbours;
  std::vector<PlantedFault> faults;
};

using PlotSink = std::function<absl::Status(const Plot&)>;

// Calls `sink` for every plot in the order of rows; a failure of the sink ends it and is returned.
// The same options give the same plots on any machine. Needs no memory that grows with the county.
// REQUIRES: CheckOptions(options) is OK.
absl::Status GeneratePlots(const Options& options, const PlotSink& sink);

}  // namespace landbook::sample_county

#endif  // LANDBOOK_TOOLS_SAMPLE_COUNTY_PLOTS_H_
