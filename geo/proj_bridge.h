// The one door to PROJ. Nothing of PROJ is seen outside; what it says is put into this room's words
// here, and what may be done with it is decided in projection.h.
#ifndef LANDBOOK_GEO_PROJ_BRIDGE_H_
#define LANDBOOK_GEO_PROJ_BRIDGE_H_

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "geo/raw_boundary.h"

namespace landbook::geo {

// Bounds on the ellipsoid, in degrees; east is below west when they hold the 180th meridian.
struct GeographicArea {
  double west = 0;
  double south = 0;
  double east = 0;
  double north = 0;
};

// The parameters that tell one Gauss-Kruger zone from another.
struct GaussKruger {
  double central_meridian_degrees = 0;
  double false_easting_m = 0;
};

enum class CrsKind { kGeographic, kProjected, kOther };

// What PROJ knows of a coordinate reference system.
struct CrsDescription {
  std::string name;                 // "CGCS2000 / 3-degree Gauss-Kruger CM 117E"
  CrsKind kind{};                   // of the horizontal part
  bool horizontal_only = true;      // false for a system with heights
  double unit_metres = 0;           // of one unit of a projected system's axes; 0 for another kind
  std::string datum_name;           // "China 2000", "Xian 1980"
  std::string ellipsoid;            // semi-major axis and inverse flattening, as text to compare
  bool carries_shift = false;       // comes with its own datum shift (+towgs84, BOUNDCRS)
  bool carried_shift_zero = false;  // and that shift is zero
  std::optional<GaussKruger> gauss_kruger;
  std::optional<GeographicArea> area_of_use;
};

// One coordinate operation with a PROJ context of its own. Movable. Not thread-safe: one object is
// for one thread at a time; several objects do not disturb each other.
class ProjOperation {
 public:
  // The best operation that PROJ knows from `source` to `target` (an EPSG code, WKT, PROJ text or
  // PROJJSON each), easting or longitude first on both sides; one and the same for every vertex, so
  // that shared vertices stay shared. Fails with INVALID_ARGUMENT for a text that PROJ does not
  // take for a coordinate system and FAILED_PRECONDITION when it knows no operation.
  static absl::StatusOr<ProjOperation> Make(std::string_view source, std::string_view target);

  // The operation that `pipeline` writes out (PROJ text, "+proj=pipeline +step ..."), its input and
  // output as the text has them. Fails with INVALID_ARGUMENT when it is not one that PROJ can carry
  // out in both directions with what lies on this machine.
  static absl::StatusOr<ProjOperation> FromPipeline(std::string_view pipeline);

  ProjOperation(ProjOperation&&) noexcept;
  ProjOperation& operator=(ProjOperation&&) noexcept;
  ~ProjOperation();

  // True when it changes no coordinate.
  bool is_identity() const { return identity_; }
  // True when it takes two datums for the same because no shift between them is known.
  bool is_ballpark() const { return ballpark_; }
  // The name under which PROJ knows it.
  const std::string& name() const { return name_; }

  // Transforms `vertices` in place; one that cannot be transformed becomes infinite.
  void Forward(std::span<RawVertex> vertices) const;
  void Inverse(std::span<RawVertex> vertices) const;

 private:
  struct Handle;
  explicit ProjOperation(std::unique_ptr<Handle> handle);

  std::unique_ptr<Handle> handle_;
  bool identity_ = false;
  bool ballpark_ = false;
  std::string name_;
};

// What PROJ knows of `crs`. Fails with INVALID_ARGUMENT when it is no coordinate system to PROJ.
absl::StatusOr<CrsDescription> DescribeCrs(std::string_view crs);

// The geographic system on the datum of `crs`, as WKT. Fails as DescribeCrs does.
absl::StatusOr<std::string> GeographicCrsOf(std::string_view crs);

}  // namespace landbook::geo

#endif  // LANDBOOK_GEO_PROJ_BRIDGE_H_
