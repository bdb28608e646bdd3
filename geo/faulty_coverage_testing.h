// Random coverages with seeded faults, for the comparison of the fast path with the reference path.
#ifndef LANDBOOK_GEO_FAULTY_COVERAGE_TESTING_H_
#define LANDBOOK_GEO_FAULTY_COVERAGE_TESTING_H_

#include <cstdint>
#include <optional>
#include <ostream>
#include <string>
#include <vector>

#include "geo/boundary.h"
#include "geo/layer_check.h"

namespace landbook::geo {

// One fault: its kind, an index into a table in the .cc, and where and by how much, as a seed.
struct SeededFault {
  int kind = 0;
  std::uint64_t seed = 0;
};
extern const int kFaultKinds;
std::ostream& operator<<(std::ostream& out, const SeededFault& fault);

// A layer that owns its boundaries. Plot i has the id 3 i + 1.
struct FaultyLayer {
  std::vector<Boundary> boundaries;
  std::vector<std::size_t> standing;
  std::vector<std::optional<std::int64_t>> stated_area_mm2;  // by plot, as far as it goes
  std::optional<Box> extent;

  // Borrows from the layer.
  std::vector<LayerPlot> Plots() const;
  // The boundaries in steps, one plot a line.
  std::string Text() const;
};

// A coverage of side x side plots, in which every fault was seeded in turn.
FaultyLayer CoverageWith(std::int64_t side, std::uint64_t seed,
                         const std::vector<SeededFault>& faults);

}  // namespace landbook::geo

#endif  // LANDBOOK_GEO_FAULTY_COVERAGE_TESTING_H_
