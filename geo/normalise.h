// From what a source delivered to what the book keeps: vertices rounded to the plane, repeated ones
// dropped, rings closed by implication.
#ifndef LANDBOOK_GEO_NORMALISE_H_
#define LANDBOOK_GEO_NORMALISE_H_

#include <cstdint>
#include <vector>

#include "absl/status/statusor.h"
#include "geo/boundary.h"
#include "geo/finding.h"
#include "geo/raw_boundary.h"

namespace landbook::geo {

// `metres` in steps of 0.1 mm, rounded half away from zero. Fails with INVALID_ARGUMENT when it is
// not finite and with OUT_OF_RANGE when it is beyond kCoordinateMax.
absl::StatusOr<std::int64_t> StepsFromMetres(double metres);

// The double nearest to `steps` in metres. REQUIRES: |steps| <= kCoordinateMax, for which
// StepsFromMetres gives `steps` back.
double MetresFromSteps(std::int64_t steps);

// What can be wrong with a ring before any geometry is looked at.
enum class RingFaultKind : std::uint8_t {
  kOpen = 1,                 // the last vertex is not the first (B101)
  kTooFewVertices = 2,       // fewer than three distinct vertices as delivered (B101)
  kCollapsedByRounding = 3,  // fewer than three distinct vertices, but only once rounded (B101)
  kNotFinite = 4,            // a coordinate is infinite or not a number (B102)
  kOutsidePlane = 5,         // a coordinate is beyond kCoordinateMax (B102)
};

// A fault of one ring. `ring` counts the rings delivered; `place` is the vertex to zoom to, and the
// origin where the source has none that could be rounded.
struct RingFault {
  RingFaultKind kind{};
  std::uint32_t ring = 0;
  Vertex place;
  friend bool operator==(const RingFault&, const RingFault&) = default;
};

// The value of `kept_vertex` for a vertex that was not kept.
inline constexpr std::uint32_t kNotKept = ~std::uint32_t{0};

// A raw boundary on the plane.
struct PlaneBoundary {
  // Every ring delivered, also those with a fault, so that later rules can still speak of the
  // others; a vertex with a coordinate that cannot be rounded is left out.
  Boundary boundary;
  // In the order of the rings, of one ring in the order of RingFaultKind; each kind at most once a
  // ring. The boundary may be kept only when there are none.
  std::vector<RingFault> faults;
  // For each raw vertex the index of the vertex in `boundary` that stands for it: a repeated
  // vertex shares that of the first one, the closing vertex that of the ring's first.
  std::vector<std::uint32_t> kept_vertex;
  // How many distinct raw vertices became one by rounding.
  std::uint32_t merged_by_rounding = 0;
};

// Rounds every vertex half away from zero to 0.1 mm, drops vertices that repeat the one before
// (the closing one included), and reports what is wrong with rings. An open ring is closed by
// implication and reported. REQUIRES: coordinates in metres.
PlaneBoundary Normalise(const RawBoundary& raw);
// The same into `plane`, whose memory serves again.
void Normalise(const RawBoundary& raw, PlaneBoundary& plane);

// The faults as findings of B101 and B102 about `subject`, all of them errors, in their order.
std::vector<Finding> FindingsOf(const PlaneBoundary& plane, std::uint64_t subject);

}  // namespace landbook::geo

#endif  // LANDBOOK_GEO_NORMALISE_H_
