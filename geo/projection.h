// The book's plane, and the way onto it from whatever system a file comes in.
//
// A book's plane is a projected system in metres (GB 22021-2008; for China CGCS2000 3-degree
// Gauss-Kruger, NY/T 2539 D.2). Coordinates go easting before northing, longitude before latitude,
// as GIS files store them, whatever order the authority of the system has.
#ifndef LANDBOOK_GEO_PROJECTION_H_
#define LANDBOOK_GEO_PROJECTION_H_

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "geo/boundary.h"
#include "geo/proj_bridge.h"
#include "geo/raw_boundary.h"

namespace landbook::geo {

// How far beyond its system's area of use, in degrees of longitude and latitude, a plane reaches. A
// county that straddles the edge of a zone is kept in one zone, while at 0.4 degrees and more a
// file read in the neighbouring zone, three degrees off, mostly still falls outside.
inline constexpr double kPlaneMarginDegrees = 0.4;

// A book's plane.
struct Plane {
  std::string crs;   // as it was named: "EPSG:4548"
  std::string name;  // "CGCS2000 / 3-degree Gauss-Kruger CM 117E"
  // Every coordinate of the system's area of use and the margin around it; a coordinate outside is
  // B102. The whole of |coordinate| <= kCoordinateMax when the system states no area.
  Box extent;
  std::optional<GeographicArea> area_of_use;
  std::optional<GaussKruger> gauss_kruger;  // set for a Gauss-Kruger zone of any datum
};

// The plane of `crs` (EPSG code, WKT or PROJ text). Fails with INVALID_ARGUMENT when it is not a
// coordinate system, not a projected one, not in metres, has heights, or carries its own datum
// shift. Takes some milliseconds.
absl::StatusOr<Plane> PlaneOf(std::string_view crs);

// The office's own way from a system on an older datum onto its plane.
struct OfficeTransformation {
  std::string source_crs;  // "EPSG:2384"
  std::string pipeline;    // PROJ text, easting or longitude first on both sides
};

// How far the office's parameters may move the ground from where it would lie if the datums were
// one: the shifts between China's datums are of some 100 m, and what is further off has its axes or
// its units wrong.
inline constexpr double kDatumShiftMaxM = 1'000;
// Less than this anywhere on the plane, and no shift has been stated.
inline constexpr double kDatumShiftMinM = 1;

// The way from a source's system onto a plane. Movable; not thread-safe: make one for each thread.
class Transformation {
 public:
  // The transformation from `source_crs` to the plane of `plane_crs` (each an EPSG code, WKT or
  // PROJ text). Where the datums are the same it is a matter of projection and unit only, exact to
  // well below 0.1 mm. Where they differ it is refused with FAILED_PRECONDITION when
  //   - one of them is Xi'an 1980 or Beijing 1954, or the plane's is CGCS2000, and neither one of
  //     `offices` (the first for the source's system and datum holds) nor the source's own text has
  //     the office's parameters: their shifts of up to 100 m and more are local and not published,
  //     and a zero shift is never good enough for a cadastre;
  //   - no shift between them is known.
  // Parameters are carried by PROJ text with +towgs84 (seven parameters to the plane's own datum)
  // or by a BOUNDCRS. Fails with INVALID_ARGUMENT when either system is unknown, the plane is none,
  // or an office's pipeline is none or moves
  // the ground by less than kDatumShiftMinM or more than kDatumShiftMaxM.
  static absl::StatusOr<Transformation> Make(std::string_view source_crs,
                                             std::string_view plane_crs,
                                             std::span<const OfficeTransformation> offices = {});

  // True when source and plane are one system, so that no coordinate changes.
  bool is_identity() const { return identity_; }

  // Puts `boundary` onto the plane, in metres; a vertex that cannot be transformed becomes
  // infinite, which Normalise reports as B102.
  void ToPlane(RawBoundary& boundary) const;
  // Takes `boundary`, in metres of the plane, to the source's system.
  void FromPlane(RawBoundary& boundary) const;

 private:
  Transformation(ProjOperation operation, bool identity)
      : operation_(std::move(operation)), identity_(identity) {}

  ProjOperation operation_;
  bool identity_;
};

// `boundary` in metres with every ring closed, ready to be transformed or written.
RawBoundary RawOf(const Boundary& boundary);

// The box of what a source delivered, in its own unit.
struct RawBox {
  double min_x = 0;
  double min_y = 0;
  double max_x = 0;
  double max_y = 0;
};

// The box of the finite vertices of `vertices`; none when there is none.
std::optional<RawBox> RawBoxOf(std::span<const RawVertex> vertices);

// What coordinates outside the plane look like. `detail` is a key of Finding::detail (B102), and
// `english` and `chinese` are the sentences that a finding with it tells.
struct PlaneSuspicion {
  std::string detail;
  std::string english;
  std::string chinese;
};

// What a source's coordinates look like when they do not lie on the plane: `delivered` is the box
// of what the file holds, `transformed` that after Transformation::ToPlane, the same when the file
// stated no system. None when `transformed` lies within the plane's extent; "outside_plane" when
// nothing better is recognised. Takes some milliseconds, so it is for a layer rather than a plot.
std::optional<PlaneSuspicion> LooksLike(const RawBox& delivered, const RawBox& transformed,
                                        const Plane& plane);

}  // namespace landbook::geo

#endif  // LANDBOOK_GEO_PROJECTION_H_
