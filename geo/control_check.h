// How a plot lies to the areas of a control layer: what B301 to B306 of docs/boundary-rules.md
// measure.
//
// A red line has tens of thousands of vertices and is met by thousands of plots, of which few lie
// on its edge. Whether a plot is clear of the edge is decided in integers through an index of the
// area's edges; only where the edge passes the plot's box does GEOS measure. Areas of one layer may
// overlap each other: what several hold counts once.
#ifndef LANDBOOK_GEO_CONTROL_CHECK_H_
#define LANDBOOK_GEO_CONTROL_CHECK_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>

#include "absl/status/statusor.h"
#include "geo/boundary.h"
#include "geo/boundary_edges.h"

namespace landbook::geo {

// Where a plot lies to an area, as far as integers tell.
enum class Lie : std::uint8_t {
  kApart = 0,   // nothing of the plot is inside
  kWithin = 1,  // all of it is
  kOnEdge = 2,  // the area's edge passes the plot's box: to be measured
};

// One area of a control layer, ready to be compared with many plots. Immutable: any number of
// threads may compare with it at once. Takes about 60 bytes a vertex.
class ControlArea {
 public:
  // REQUIRES: `boundary` is sound (no B101 to B104).
  explicit ControlArea(Boundary boundary);

  const Boundary& boundary() const { return *boundary_; }
  const Box& box() const { return edges_.box(); }
  // Where a plot lies. Takes a microsecond or two for any area, clear of its edge.
  // REQUIRES: `plot` is sound.
  Lie LieOf(const Boundary& plot) const;

 private:
  bool Contains(Vertex v) const;

  std::unique_ptr<const Boundary> boundary_;
  BoundaryEdges edges_;
};

// What of a plot the areas of a layer have, or what they leave over.
struct MeasuredPart {
  std::int64_t area_mm2 = 0;
  // A point of the part; of no meaning when there is none.
  Vertex place;
  // Which of the areas holds the most of it; nullopt for what they leave over.
  std::optional<std::size_t> most;
};

// What of the plot lies inside the areas taken together, and what lies outside all of them. Both
// fail with INTERNAL when GEOS could not measure. REQUIRES: a sound plot.
absl::StatusOr<MeasuredPart> PartInside(const Boundary& plot,
                                        std::span<const ControlArea* const> areas);
absl::StatusOr<MeasuredPart> PartOutside(const Boundary& plot,
                                         std::span<const ControlArea* const> areas);

// How far a plot leaves the areas taken together: the largest distance of any of its points from
// them.
struct Leaving {
  bool altogether = false;  // nothing of it is inside; no distance is measured then
  std::int64_t distance_steps = 0;
  Vertex place;
};

// How a plot leaves the areas by more than `distance_max_steps`; nullopt when it does not. The
// areas have to include all that come within the plot's own extent of it. Fails as above.
absl::StatusOr<std::optional<Leaving>> LeavingOf(const Boundary& plot,
                                                 std::span<const ControlArea* const> areas,
                                                 std::int64_t distance_max_steps);

}  // namespace landbook::geo

#endif  // LANDBOOK_GEO_CONTROL_CHECK_H_
