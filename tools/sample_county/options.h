// What a sample county is to be like.
#ifndef LANDBOOK_TOOLS_SAMPLE_COUNTY_OPTIONS_H_
#define LANDBOOK_TOOLS_SAMPLE_COUNTY_OPTIONS_H_

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace landbook::sample_county {

// How many faults of each rule ("B201") to plant.
using FaultCounts = std::map<std::string, int>;

struct Options {
  std::uint64_t seed = 1;
  std::int64_t plots = 10'000;         // contracted plots, those with planted faults included
  std::string county_code = "900101";  // begins with 9: no county of GB/T 2260 does
  std::string county_name = "样例县";
  int year = 2026;               // of the survey
  int epsg = 4548;               // a CGCS2000 3-degree plane, 4513 to 4554
  int vertices = 16;             // of a contracted plot: 4 to 64, a multiple of 4
  std::int64_t grid_steps = 10;  // 10: survey to the millimetre; 1: to 0.1 mm
  int long_per_mille = 20;       // plots 200 m to 5,000 m long, of 1,000
  int sliver_per_mille = 0;      // pairs of neighbouring fields that overlap in a sliver, of 1,000
  FaultCounts faults = {};
};

// Fails with INVALID_ARGUMENT that says what came and what is wanted.
absl::Status CheckOptions(const Options& options);

// "B201=5,B204=3". Fails with INVALID_ARGUMENT for a rule that cannot be planted or a count that is
// none.
absl::StatusOr<FaultCounts> ParseFaults(std::string_view text);

}  // namespace landbook::sample_county

#endif  // LANDBOOK_TOOLS_SAMPLE_COUNTY_OPTIONS_H_
