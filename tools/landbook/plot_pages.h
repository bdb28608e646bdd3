// The packed pages of FindPlots, and the plots that they name.
#ifndef LANDBOOK_TOOLS_LANDBOOK_PLOT_PAGES_H_
#define LANDBOOK_TOOLS_LANDBOOK_PLOT_PAGES_H_

#include <cstdint>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "landbook/v1/registry_service.pb.h"
#include "tools/landbook/session.h"

namespace landbook::tools {

// One plot of a packed page.
struct PackedPlot {
  std::uint64_t number = 0;
  std::uint8_t tier = 0;
  // The index's bytes: its box, then its compact boundary. A view into the page.
  std::string_view index_bytes;
};

// The plots of `page`, in its order (registry_service.proto, FindPlotsResponse.page). Fails with
// DATA_LOSS when the bytes are not such a page.
absl::StatusOr<std::vector<PackedPlot>> UnpackPage(std::string_view page);

// The plots whose box meets the window of `request`, in full, all as of one entry.
absl::StatusOr<v1::BatchGetPlotsResponse> PlotsOfWindow(Session& session,
                                                        const v1::FindPlotsRequest& request,
                                                        v1::BoundaryFormat boundary_format);

// The entry that the answer to `request` is of. Fails with NOT_FOUND when no plot meets the window.
absl::StatusOr<std::uint64_t> SequenceOfWindow(Session& session,
                                               const v1::FindPlotsRequest& request);

}  // namespace landbook::tools

#endif  // LANDBOOK_TOOLS_LANDBOOK_PLOT_PAGES_H_
