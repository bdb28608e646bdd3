// All rules over many plots of one tier at once: each plot alone, each pair of neighbours, and the
// gaps between them (B101 to B111, B201 to B205 of docs/boundary-rules.md).
//
// One call serves a whole county's delivery and one new plot among its neighbours in the book
// alike: plots that already stand are marked so, and nothing is said of them alone or of two of
// them together. The answer is the same for any order of the plots and any number of workers.
#ifndef LANDBOOK_GEO_LAYER_CHECK_H_
#define LANDBOOK_GEO_LAYER_CHECK_H_

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "absl/status/statusor.h"
#include "geo/boundary.h"
#include "geo/boundary_check.h"
#include "geo/finding.h"
#include "geo/tolerances.h"

namespace landbook::geo {

// One plot of the layer.
struct LayerPlot {
  Subject subject;
  // True for a plot of the book, false for one that asks to be taken in.
  bool standing = false;
};

struct LayerOptions {
  Tolerances tolerances;
  // Where vertices may lie (B102); kCoordinateMax only when absent.
  std::optional<Box> plane_extent;
  // How many threads to use, the caller's own included; at least 1.
  int workers = 1;
};

// What came of it.
struct LayerVerdict {
  // Every finding, in the order of FindingBefore.
  std::vector<Finding> findings;
  // The ids of the new plots that an error keeps out, increasing: their own errors, errors against
  // a standing plot, and both of two new plots with an error between them.
  std::vector<std::uint64_t> kept_out;
  // How many pairs of plots were near enough to be compared.
  std::int64_t pair_count = 0;
};

// Checks the layer. A standing plot that is not sound is compared with nothing. Takes about 300
// bytes of memory a plot and 16 an edge, 40 an edge for plots of more than 64, and nothing per pair
// but its findings. Fails with INVALID_ARGUMENT when two plots have one id or `workers` is below 1,
// and with INTERNAL when GEOS could not measure an overlap.
absl::StatusOr<LayerVerdict> CheckLayer(std::span<const LayerPlot> plots,
                                        const LayerOptions& options);

}  // namespace landbook::geo

#endif  // LANDBOOK_GEO_LAYER_CHECK_H_
