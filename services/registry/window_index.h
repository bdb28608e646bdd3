// The window index of a book: which boundaries meet a window of the ground (architecture, idea 4).
//
// Lines are clustered by tier, size class and the Hilbert position of the box's lower left corner,
// so a window is a few short ranges of keys in each size class. A line holds the box and the
// compact boundary, and both are passed through without being decoded.
//
// A long, thin boundary (geo/stretch.h) has a line for each of its stretches instead, all with the
// whole boundary; a window meets it where it meets one of them. So a window costs what it shows,
// also where ditches of 5 km run beside gardens of 5 m.
#ifndef LANDBOOK_SERVICES_REGISTRY_WINDOW_INDEX_H_
#define LANDBOOK_SERVICES_REGISTRY_WINDOW_INDEX_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/functional/function_ref.h"
#include "geo/boundary.h"
#include "services/registry/boundary_verdict.h"
#include "services/registry/keys.h"
#include "services/registry/versions.h"
#include "storage/engine.h"

namespace landbook::registry {

// One line of the index. The views live until the visitor returns.
struct WindowLine {
  std::uint64_t plot = 0;
  std::uint64_t from = 0;    // the entry that the boundary holds from
  geo::Box reach;            // what a window has to meet: the box, or that of a stretch
  geo::Box box;              // of the whole boundary
  std::string_view compact;  // the whole boundary, in the compact codec
  bool is_stretch = false;
};

// Sees one line and tells whether to go on.
using WindowVisitor = absl::FunctionRef<bool(const WindowLine& line)>;

// Shows the boundaries of the tier whose reach shares a point with the window, as of the reader's
// sequence, each once: by size class, position and plot. Reading the newest state leaves out the
// size classes whose counter says that they are empty, which is right for a view that nobody else
// changes (the writer's) ; any other reader states a sequence. Failures are the view's
// (View::status).
void ForEachInWindow(const VersionReader& state, const TierWindow& window, WindowVisitor visitor);

// The end of a line's key.
struct WindowKeyTail {
  std::uint8_t tier = 0;
  std::uint8_t size_class = 0;  // of geo/hilbert.h, or kStretchClass
  std::uint64_t position = 0;
  std::uint64_t plot = 0;
};
// REQUIRES: the key of a line, which ends with its plot.
WindowKeyTail TailOfWindowKey(std::string_view key);

// How far the anchor of a line may lie to the left of what the line reaches, or below it, in steps.
// REQUIRES: a size class of the index.
std::int64_t WindowReachSteps(std::uint8_t size_class);

// The key ranges of a size class that a window reads, over `prefix`: the bytes before tier, size
// class, position. They hold lines outside the window too, and a plot's several stretches.
std::vector<storage::KeyRange> WindowRanges(std::string_view prefix, const TierWindow& window,
                                            std::uint8_t size_class);
// The same of all size classes.
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
