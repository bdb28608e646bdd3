#include "geo/geos_bridge.h"

#include <geos_c.h>

#include <cmath>
#include <cstdint>
#include <span>
#include <utility>

#include "fmt/format.h"
#include "geo/check.h"

namespace landbook::geo {
namespace {

// A thread's GEOS context, and the words of the last error in it.
class Context {
 public:
  Context() : handle_(GEOS_init_r()) {
    LANDBOOK_GEO_CHECK(handle_ != nullptr);
    GEOSContext_setErrorMessageHandler_r(handle_, &Context::Remember, this);
    GEOSContext_setNoticeMessageHandler_r(handle_, &Context::Ignore, nullptr);
  }
  Context(const Context&) = delete;
  Context& operator=(const Context&) = delete;
  ~Context() { GEOS_finish_r(handle_); }

  GEOSContextHandle_t handle() const { return handle_; }

  // What to return when GEOS gave nothing back.
  absl::Status Failure(const char* doing) const {
    return absl::InternalError(fmt::format("GEOS failed while {}: {}", doing,
                                           words_.empty() ? "it gave no reason" : words_));
  }

 private:
  static void Remember(const char* message, void* self) {
    static_cast<Context*>(self)->words_ = message;
  }
  static void Ignore(const char*, void*) {}

  GEOSContextHandle_t handle_;
  std::string words_;
};

Context& ThisThread() {
  thread_local Context context;
  return context;
}

GEOSContextHandle_t Handle() { return ThisThread().handle(); }

struct Destroy {
  void operator()(GEOSGeometry* geometry) const { GEOSGeom_destroy_r(Handle(), geometry); }
};
using Owned = std::unique_ptr<GEOSGeometry, Destroy>;

// The ring through the points x, y, x, y..., which are closed here, or null.
Owned ClosedRing(std::vector<double> flat) {
  flat.push_back(flat[0]);
  flat.push_back(flat[1]);
  GEOSCoordSequence* sequence = GEOSCoordSeq_copyFromBuffer_r(
      Handle(), flat.data(), static_cast<unsigned int>(flat.size() / 2), 0, 0);
  if (sequence == nullptr) return nullptr;
  return Owned(GEOSGeom_createLinearRing_r(Handle(), sequence));
}

// The closed ring of `vertices`, or null.
Owned RingOf(std::span<const Vertex> vertices, Vertex origin) {
  std::vector<double> flat;
  flat.reserve(2 * vertices.size() + 2);
  for (const Vertex& v : vertices) {
    flat.push_back(static_cast<double>(v.x - origin.x));
    flat.push_back(static_cast<double>(v.y - origin.y));
  }
  return ClosedRing(std::move(flat));
}

// The ring of `points`, in steps of the plane, or null.
Owned RingOf(std::span<const RealPoint> points, Vertex origin) {
  const auto x0 = static_cast<double>(origin.x);
  const auto y0 = static_cast<double>(origin.y);
  std::vector<double> flat;
  for (const RealPoint& p : points) flat.insert(flat.end(), {p.x - x0, p.y - y0});
  return ClosedRing(std::move(flat));
}

// The polygon of part `part`, or null.
Owned PolygonOf(const Boundary& boundary, std::size_t part, Vertex origin) {
  Owned shell = RingOf(boundary.Ring(boundary.PartBegin(part)), origin);
  if (shell == nullptr) return nullptr;
  std::vector<Owned> holes;
  for (std::size_t ring = boundary.PartBegin(part) + 1; ring < boundary.PartEnd(part); ++ring) {
    holes.push_back(RingOf(boundary.Ring(ring), origin));
    if (holes.back() == nullptr) return nullptr;
  }
  std::vector<GEOSGeometry*> given;
  for (Owned& hole : holes) given.push_back(hole.release());
  return Owned(GEOSGeom_createPolygon_r(Handle(), shell.release(), given.data(),
                                        static_cast<unsigned int>(given.size())));
}

Owned Collected(std::vector<Owned> polygons) {
  std::vector<GEOSGeometry*> given;
  for (Owned& polygon : polygons) given.push_back(polygon.release());
  return Owned(GEOSGeom_createCollection_r(Handle(), GEOS_MULTIPOLYGON, given.data(),
                                           static_cast<unsigned int>(given.size())));
}

// Copies of the polygons in `geometry`, which may be a collection of anything. False on failure.
bool CopyPolygons(const GEOSGeometry* geometry, std::vector<Owned>* polygons) {
  const int count = GEOSGetNumGeometries_r(Handle(), geometry);
  for (int i = 0; i < count; ++i) {
    const GEOSGeometry* item = GEOSGetGeometryN_r(Handle(), geometry, i);
    if (item == nullptr) return false;
    const int type = GEOSGeomTypeId_r(Handle(), item);
    if (type == GEOS_MULTIPOLYGON || type == GEOS_GEOMETRYCOLLECTION) {
      if (!CopyPolygons(item, polygons)) return false;
    } else if (type == GEOS_POLYGON && GEOSisEmpty_r(Handle(), item) == 0) {
      polygons->push_back(Owned(GEOSGeom_clone_r(Handle(), item)));
      if (polygons->back() == nullptr) return false;
    }
  }
  return count >= 0;
}

// `geometry` without its lines and points.
Owned AreaOnly(Owned geometry) {
  if (geometry == nullptr) return nullptr;
  const int type = GEOSGeomTypeId_r(Handle(), geometry.get());
  if (type == GEOS_POLYGON || type == GEOS_MULTIPOLYGON) return geometry;
  std::vector<Owned> polygons;
  if (!CopyPolygons(geometry.get(), &polygons)) return nullptr;
  return Collected(std::move(polygons));
}

Vertex Placed(double x, double y, Vertex origin) {
  return {origin.x + std::llround(x), origin.y + std::llround(y)};
}

// The points of the ring without the closing one; nothing on failure.
std::vector<RealPoint> PointsOf(const GEOSGeometry* ring) {
  const GEOSCoordSequence* sequence = GEOSGeom_getCoordSeq_r(Handle(), ring);
  unsigned int size = 0;
  if (sequence == nullptr || GEOSCoordSeq_getSize_r(Handle(), sequence, &size) == 0) return {};
  std::vector<RealPoint> points(size > 0 ? size - 1 : 0);
  for (unsigned int i = 0; i < points.size(); ++i) {
    if (GEOSCoordSeq_getXY_r(Handle(), sequence, i, &points[i].x, &points[i].y) == 0) return {};
  }
  return points;
}

// The rings of the polygon; nothing on failure.
RealRings RingsOf(const GEOSGeometry* polygon) {
  RealRings rings = {PointsOf(GEOSGetExteriorRing_r(Handle(), polygon))};
  const int holes = GEOSGetNumInteriorRings_r(Handle(), polygon);
  for (int i = 0; i < holes; ++i) {
    rings.push_back(PointsOf(GEOSGetInteriorRingN_r(Handle(), polygon, i)));
  }
  for (const std::vector<RealPoint>& ring : rings) {
    if (ring.size() < 3) return {};
  }
  return rings;
}

// Adds the ring to `boundary`, rounded, repeats dropped.
bool AddRing(const GEOSGeometry* ring, Vertex origin, Boundary* boundary) {
  const GEOSCoordSequence* sequence = GEOSGeom_getCoordSeq_r(Handle(), ring);
  unsigned int size = 0;
  if (sequence == nullptr || GEOSCoordSeq_getSize_r(Handle(), sequence, &size) == 0) return false;
  const std::size_t begin = boundary->vertices.size();
  for (unsigned int i = 0; i + 1 < size; ++i) {
    double x = 0;
    double y = 0;
    if (GEOSCoordSeq_getXY_r(Handle(), sequence, i, &x, &y) == 0) return false;
    const Vertex v = Placed(x, y, origin);
    if (boundary->vertices.size() > begin && boundary->vertices.back() == v) continue;
    boundary->vertices.push_back(v);
  }
  while (boundary->vertices.size() > begin + 1 &&
         boundary->vertices.back() == boundary->vertices[begin]) {
    boundary->vertices.pop_back();
  }
  boundary->EndRing();
  return true;
}

bool AddPolygon(const GEOSGeometry* polygon, Vertex origin, Boundary* boundary) {
  if (!AddRing(GEOSGetExteriorRing_r(Handle(), polygon), origin, boundary)) return false;
  const int holes = GEOSGetNumInteriorRings_r(Handle(), polygon);
  for (int i = 0; i < holes; ++i) {
    if (!AddRing(GEOSGetInteriorRingN_r(Handle(), polygon, i), origin, boundary)) return false;
  }
  boundary->EndPart();
  return holes >= 0;
}

}  // namespace

struct Shape::Geometry {
  Owned owned;
};

Shape::Shape(std::unique_ptr<Geometry> geometry, Vertex origin)
    : geometry_(std::move(geometry)), origin_(origin) {}
Shape::Shape(Shape&&) noexcept = default;
Shape& Shape::operator=(Shape&&) noexcept = default;
Shape::~Shape() = default;

absl::StatusOr<Shape> Shape::Of(const Boundary& boundary, Vertex origin) {
  if (boundary.part_count() == 0) {
    return absl::InvalidArgumentError("a boundary without rings has no area; give it a shell");
  }
  for (std::size_t ring = 0; ring < boundary.ring_count(); ++ring) {
    if (boundary.Ring(ring).size() >= 3) continue;
    return absl::InvalidArgumentError(
        fmt::format("ring {} has {} vertices; an area needs at least 3 in each ring", ring,
                    boundary.Ring(ring).size()));
  }
  std::vector<Owned> polygons;
  for (std::size_t part = 0; part < boundary.part_count(); ++part) {
    polygons.push_back(PolygonOf(boundary, part, origin));
    if (polygons.back() == nullptr) return ThisThread().Failure("making a polygon");
  }
  Owned whole = polygons.size() == 1 ? std::move(polygons[0]) : Collected(std::move(polygons));
  if (whole == nullptr) return ThisThread().Failure("making a multipolygon");
  return Shape(std::make_unique<Geometry>(Geometry{std::move(whole)}), origin);
}

absl::StatusOr<Shape> Shape::OfRing(std::span<const RealPoint> ring, Vertex origin) {
  if (ring.size() < 3) {
    return absl::InvalidArgumentError(
        fmt::format("a ring has {} points; an area needs at least 3", ring.size()));
  }
  Owned shell = RingOf(ring, origin);
  if (shell == nullptr) return ThisThread().Failure("making a ring");
  Owned polygon(GEOSGeom_createPolygon_r(Handle(), shell.release(), nullptr, 0));
  if (polygon == nullptr) return ThisThread().Failure("making a polygon");
  return Shape(std::make_unique<Geometry>(Geometry{std::move(polygon)}), origin);
}

absl::StatusOr<Shape> Shape::Around(RealPoint from, RealPoint to, double steps, Vertex origin) {
  LANDBOOK_GEO_CHECK(steps > 0);
  constexpr int kSegments = 128;
  const auto x0 = static_cast<double>(origin.x);
  const auto y0 = static_cast<double>(origin.y);
  const double flat[] = {from.x - x0, from.y - y0, to.x - x0, to.y - y0};
  GEOSCoordSequence* sequence = GEOSCoordSeq_copyFromBuffer_r(Handle(), flat, 2, 0, 0);
  const Owned line(sequence == nullptr ? nullptr : GEOSGeom_createLineString_r(Handle(), sequence));
  Owned around(line == nullptr ? nullptr : GEOSBuffer_r(Handle(), line.get(), steps, kSegments));
  if (around == nullptr) return ThisThread().Failure("drawing the ground around a line");
  return Shape(std::make_unique<Geometry>(Geometry{std::move(around)}), origin);
}

bool Shape::empty() const { return GEOSisEmpty_r(Handle(), geometry_->owned.get()) != 0; }

double Shape::area_steps2() const {
  double area = 0;
  return GEOSArea_r(Handle(), geometry_->owned.get(), &area) == 1 ? area : 0;
}

Vertex Shape::SomeVertex() const {
  double x = 0;
  double y = 0;
  const Owned point(GEOSPointOnSurface_r(Handle(), geometry_->owned.get()));
  if (point == nullptr || empty() || GEOSGeomGetX_r(Handle(), point.get(), &x) != 1 ||
      GEOSGeomGetY_r(Handle(), point.get(), &y) != 1) {
    return origin_;
  }
  return Placed(x, y, origin_);
}

absl::StatusOr<std::vector<Shape>> Shape::Parts() const {
  std::vector<Owned> polygons;
  if (!CopyPolygons(geometry_->owned.get(), &polygons)) {
    return ThisThread().Failure("taking a shape apart");
  }
  std::vector<Shape> parts;
  for (Owned& polygon : polygons) {
    parts.push_back(Shape(std::make_unique<Geometry>(Geometry{std::move(polygon)}), origin_));
  }
  return parts;
}

absl::StatusOr<std::vector<RealRings>> Shape::Polygons() const {
  std::vector<Owned> polygons;
  if (!CopyPolygons(geometry_->owned.get(), &polygons)) {
    return ThisThread().Failure("taking a shape apart");
  }
  std::vector<RealRings> rings;
  for (const Owned& polygon : polygons) {
    rings.push_back(RingsOf(polygon.get()));
    if (rings.back().empty()) return ThisThread().Failure("reading the rings of a shape");
  }
  return rings;
}

absl::StatusOr<bool> Shape::Relates(const Shape& other, const char* pattern) const {
  LANDBOOK_GEO_CHECK(origin_ == other.origin_);
  const char answer =
      GEOSRelatePattern_r(Handle(), geometry_->owned.get(), other.geometry_->owned.get(), pattern);
  if (answer == 2) return ThisThread().Failure("relating two shapes");
  return answer == 1;
}

absl::StatusOr<bool> Shape::MeetsInside(const Shape& other) const {
  return Relates(other, "T********");
}

absl::StatusOr<bool> Shape::MeetsOutside(const Shape& other) const {
  return Relates(other, "**T******");
}

absl::StatusOr<Shape> Shape::Intersection(const Shape& other) const {
  LANDBOOK_GEO_CHECK(origin_ == other.origin_);
  Owned common = AreaOnly(
      Owned(GEOSIntersection_r(Handle(), geometry_->owned.get(), other.geometry_->owned.get())));
  if (common == nullptr) return ThisThread().Failure("intersecting two shapes");
  return Shape(std::make_unique<Geometry>(Geometry{std::move(common)}), origin_);
}

absl::StatusOr<Shape> Shape::Difference(const Shape& other) const {
  LANDBOOK_GEO_CHECK(origin_ == other.origin_);
  Owned rest = AreaOnly(
      Owned(GEOSDifference_r(Handle(), geometry_->owned.get(), other.geometry_->owned.get())));
  if (rest == nullptr) return ThisThread().Failure("subtracting two shapes");
  return Shape(std::make_unique<Geometry>(Geometry{std::move(rest)}), origin_);
}

absl::StatusOr<Shape> Shape::Union(const Shape& other) const {
  LANDBOOK_GEO_CHECK(origin_ == other.origin_);
  Owned both =
      AreaOnly(Owned(GEOSUnion_r(Handle(), geometry_->owned.get(), other.geometry_->owned.get())));
  if (both == nullptr) return ThisThread().Failure("uniting two shapes");
  return Shape(std::make_unique<Geometry>(Geometry{std::move(both)}), origin_);
}

absl::StatusOr<Shape> Shape::Shrunk(double steps, int segments_in_quarter) const {
  LANDBOOK_GEO_CHECK(steps >= 0);
  Owned left =
      AreaOnly(Owned(GEOSBuffer_r(Handle(), geometry_->owned.get(), -steps, segments_in_quarter)));
  if (left == nullptr) return ThisThread().Failure("shrinking a shape");
  return Shape(std::make_unique<Geometry>(Geometry{std::move(left)}), origin_);
}

absl::StatusOr<Boundary> Shape::ToBoundary() const {
  Boundary boundary;
  std::vector<Owned> polygons;
  bool read = CopyPolygons(geometry_->owned.get(), &polygons);
  for (const Owned& polygon : polygons) {
    read = read && AddPolygon(polygon.get(), origin_, &boundary);
  }
  if (!read) return ThisThread().Failure("reading a shape");
  if (boundary.empty()) return absl::InvalidArgumentError("an empty shape has no boundary");
  return boundary;
}

absl::StatusOr<bool> Shape::Valid() const {
  const char valid = GEOSisValid_r(Handle(), geometry_->owned.get());
  if (valid == 2) return ThisThread().Failure("validating a shape");
  return valid == 1;
}

std::string GeosVersion() { return GEOSversion(); }

}  // namespace landbook::geo
