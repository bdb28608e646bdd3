#include "geo/formats/ogr_polygon.h"

#include <cstddef>
#include <string>

#include "fmt/format.h"
#include "geo/compact.h"

namespace landbook::geo {
namespace {

void AppendRing(const OGRLinearRing& ring, RawBoundary& boundary) {
  for (int i = 0; i < ring.getNumPoints(); ++i) {
    boundary.vertices.push_back({ring.getX(i), ring.getY(i)});
  }
  boundary.EndRing();
}

void AppendPolygon(const OGRPolygon& polygon, RawBoundary& boundary) {
  if (polygon.getExteriorRing() == nullptr) return;
  AppendRing(*polygon.getExteriorRing(), boundary);
  for (int i = 0; i < polygon.getNumInteriorRings(); ++i) {
    AppendRing(*polygon.getInteriorRing(i), boundary);
  }
  boundary.EndPart();
}

// Appends the polygons of a polygon or a multipolygon; false when it is neither, or has a curve.
bool AppendPolygons(const OGRGeometry& geometry, RawBoundary& boundary) {
  const OGRwkbGeometryType type = wkbFlatten(geometry.getGeometryType());
  if (type == wkbPolygon) {
    AppendPolygon(*geometry.toPolygon(), boundary);
    return true;
  }
  if (type != wkbMultiPolygon) return false;
  for (const OGRPolygon* polygon : *geometry.toMultiPolygon()) AppendPolygon(*polygon, boundary);
  return true;
}

std::unique_ptr<OGRLinearRing> OgrRingOf(std::span<const RawVertex> vertices) {
  auto ring = std::make_unique<OGRLinearRing>();
  ring->setNumPoints(static_cast<int>(vertices.size()));
  for (std::size_t i = 0; i < vertices.size(); ++i) {
    ring->setPoint(static_cast<int>(i), vertices[i].x, vertices[i].y);
  }
  return ring;
}

std::unique_ptr<OGRPolygon> OgrPartOf(const RawBoundary& boundary, std::size_t part) {
  auto polygon = std::make_unique<OGRPolygon>();
  const std::size_t begin = part == 0 ? 0 : boundary.part_ends[part - 1];
  for (std::size_t ring = begin; ring < boundary.part_ends[part]; ++ring) {
    polygon->addRingDirectly(OgrRingOf(boundary.Ring(ring)).release());
  }
  return polygon;
}

}  // namespace

void PutGeometry(const OGRGeometry* geometry, Row& row) {
  if (geometry == nullptr) {
    row.geometry = GeometryState::kNull;
    return;
  }
  row.has_z_or_m = geometry->Is3D() || geometry->IsMeasured();
  RawBoundary boundary;
  if (!AppendPolygons(*geometry, boundary)) {
    row.geometry = GeometryState::kNotPolygon;
    row.problems.push_back(
        {RowProblem::Kind::kNotPolygon, "",
         fmt::format("the row holds a {}; a polygon or multipolygon of straight edges is wanted",
                     geometry->getGeometryName())});
    return;
  }
  if (boundary.vertices.size() > kVerticesMax) {
    row.geometry = GeometryState::kUnreadable;
    row.problems.push_back({RowProblem::Kind::kTooManyVertices, "",
                            fmt::format("the boundary has {} vertices; the book takes at most {}",
                                        boundary.vertices.size(), kVerticesMax)});
    return;
  }
  row.geometry = boundary.empty() ? GeometryState::kEmpty : GeometryState::kPolygon;
  if (!boundary.empty()) row.boundary = std::move(boundary);
}

std::unique_ptr<OGRGeometry> OgrPolygonOf(const RawBoundary& boundary) {
  if (boundary.part_ends.size() == 1) return OgrPartOf(boundary, 0);
  auto parts = std::make_unique<OGRMultiPolygon>();
  for (std::size_t part = 0; part < boundary.part_ends.size(); ++part) {
    parts->addGeometryDirectly(OgrPartOf(boundary, part).release());
  }
  return parts;
}

}  // namespace landbook::geo
