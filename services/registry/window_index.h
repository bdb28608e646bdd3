// The window index of a book: which boundaries meet a window of the ground (architecture, idea 4).
//
// Lines are clustered by tier, size class and the Hilbert position of the box's lower left corner,
// so a window is a few short ranges of keys in each size class. A line holds the box and the
// compact boundary, and both are passed through without being decoded.
#ifndef LANDBOOK_SERVICES_REGISTRY_WINDOW_INDEX_H_
#define LANDBOOK_SERVICES_REGISTRY_WINDOW_INDEX_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "geo/boundary.h"
#include "services/registry/boundary_verdict.h"
#include "services/registry/keys.h"
#include "services/registry/versions.h"
#include "storage/engine.h"

namespace landbook::registry {

// One line of the index. The views live until the visitor returns.
struct WindowLine {
  std::uint64_t plot = 0;
  std::uint64_t from = 0;  // the entry that the boundary holds from
  geo::Box box;
  std::string_view compact;  // the compact codec
  std::string_view value;    // the line's own bytes: the box, then the compact boundary
};

// Sees one line and tells whether to go on.
using WindowVisitor = absl::FunctionRef<bool(const WindowLine& line)>;

// Shows the boundaries of the tier whose box shares a point with the window, as of the reader's
// sequence: by size class, position and plot. Reading the newest state leaves out the size classes
// whose counter says that they are empty, which is right for a view that nobody else changes (the
// writer's) ; any other reader states a sequence. Failures are the view's (View::status).
void ForEachInWindow(const VersionReader& state, const TierWindow& window, WindowVisitor visitor);

// The same of the newest state, straight from the engine in one scan as of one moment: about 30
// microseconds and what the lines themselves cost. Fails with what the engine fails with.
absl::Status ScanWindow(const storage::Engine& engine, BookNumber book, const TierWindow& window,
                        WindowVisitor visitor);

// The key ranges that such a scan reads, over `prefix`: the bytes before tier, size class,
// position. They hold lines outside the window too.
std::vector<storage::KeyRange> WindowRanges(std::string_view prefix, const TierWindow& window);

// A plot's boundary with what the index says of it.
struct StoredBoundary {
  std::uint64_t from = 0;
  std::uint8_t tier = 0;
  geo::Box box;
  std::string compact;
};

// The boundary that the plot has as of the reader's sequence; nullopt when it has none.
std::optional<StoredBoundary> BoundaryOf(const VersionReader& state, std::uint64_t plot);

}  // namespace landbook::registry

#endif  // LANDBOOK_SERVICES_REGISTRY_WINDOW_INDEX_H_
