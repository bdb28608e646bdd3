// What a plot sheet (宗地图) shows, read from a book at one entry.
#ifndef LANDBOOK_TOOLS_LANDBOOK_PLOT_MAP_FACTS_H_
#define LANDBOOK_TOOLS_LANDBOOK_PLOT_MAP_FACTS_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "geo/boundary.h"
#include "landbook/v1/book.pb.h"
#include "landbook/v1/plot.pb.h"
#include "sheet/plot_sheet.h"
#include "tools/landbook/session.h"

namespace landbook::tools {

// A plot, and the entry that everything about it is read at.
struct PlotAtEntry {
  v1::County county;
  v1::Plot plot;
  std::uint64_t sequence = 0;
};

// The plot that `code` means, as of `as_of` (command.h, ReadAsOf), or of the newest entry when that
// is empty.
absl::StatusOr<PlotAtEntry> ReadPlotAtEntry(Session& session, const std::string& code,
                                            const std::string& as_of);

// The facts of its sheet. The right holder is there only when the server tells this caller, name
// and all: a citizen's sheet has none. Names are those of the rights that derive from no other
// right in the plot; of a household, its head's.
absl::StatusOr<sheet::PlotFacts> ReadPlotFacts(Session& session, const PlotAtEntry& at);

// The other plots of its tier whose box meets `window`.
absl::StatusOr<std::vector<sheet::Neighbour>> ReadNeighbours(Session& session,
                                                             const PlotAtEntry& at,
                                                             const geo::Box& window);

}  // namespace landbook::tools

#endif  // LANDBOOK_TOOLS_LANDBOOK_PLOT_MAP_FACTS_H_
