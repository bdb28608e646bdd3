#include "services/registry/boundary_decode.h"

#include <algorithm>
#include <utility>

#include "fmt/format.h"
#include "geo/compact.h"
#include "geo/well_known.h"
#include "google/protobuf/struct.pb.h"
#include "google/protobuf/util/json_util.h"

namespace landbook::registry {
namespace {

using common::Reason;
using google::protobuf::ListValue;
using google::protobuf::Value;

// Degrees of CGCS2000, longitude first: what GeoJSON boundaries are written in.
constexpr char kDegrees[] = "EPSG:4490";

v1::Refusal RefuseEmpty(const std::string& field) {
  return common::Refuse(Reason::BOUNDARY_REQUIRED, field,
                        {"A boundary is wanted here, and none came. Give at least one ring.",
                         "此处须有宗地界线，但未提供。请至少提供一个环。"});
}

v1::Refusal RefuseUndecodable(std::string_view why, const std::string& field) {
  return common::Refuse(
      Reason::BOUNDARY_UNDECODABLE, field,
      {fmt::format("The boundary cannot be read: {}. Send the compact codec, well-known binary in "
                   "metres of the book's plane, or a GeoJSON polygon in EPSG:4490.",
                   why),
       fmt::format("界线无法读取（{}）。请使用紧凑编码、以登簿平面米制坐标写成的 WKB，或 EPSG:4490 "
                   "的 GeoJSON 多边形。",
                   why)});
}

v1::Refusal RefuseTooLarge(const std::string& field) {
  return common::Refuse(
      Reason::BOUNDARY_TOO_LARGE, field,
      {fmt::format("The boundary has more than {} vertices. Divide the plot.", geo::kVerticesMax),
       fmt::format("界线超过 {} 个顶点，请将宗地拆分。", geo::kVerticesMax)});
}

// Moves what the survey says of vertices to those that stand for them, the first one of each.
template <typename Item>
std::vector<Item> Moved(std::vector<Item> items, const std::vector<std::uint32_t>& kept) {
  for (Item& item : items) item.vertex = kept[item.vertex];
  std::erase_if(items, [](const Item& item) { return item.vertex == geo::kNotKept; });
  std::stable_sort(items.begin(), items.end(),
                   [](const Item& a, const Item& b) { return a.vertex < b.vertex; });
  const auto same = [](const Item& a, const Item& b) { return a.vertex == b.vertex; };
  items.erase(std::unique(items.begin(), items.end(), same), items.end());
  return items;
}

absl::Status Wanted(std::string_view what) {
  return absl::InvalidArgumentError(fmt::format("the GeoJSON has no {}", what));
}

absl::Status AddPosition(const Value& position, geo::RawBoundary* raw) {
  const ListValue& ordinates = position.list_value();
  if (ordinates.values_size() < 2 || !ordinates.values(0).has_number_value() ||
      !ordinates.values(1).has_number_value()) {
    return Wanted("two numbers in one of its positions");
  }
  raw->vertices.push_back({ordinates.values(0).number_value(), ordinates.values(1).number_value()});
  return absl::OkStatus();
}

absl::Status AddPolygon(const Value& polygon, geo::RawBoundary* raw) {
  if (!polygon.has_list_value()) return Wanted("array of rings in a polygon");
  for (const Value& ring : polygon.list_value().values()) {
    if (!ring.has_list_value()) return Wanted("array of positions in a ring");
    for (const Value& position : ring.list_value().values()) {
      if (auto added = AddPosition(position, raw); !added.ok()) return added;
    }
    raw->EndRing();
  }
  if (!polygon.list_value().values().empty()) raw->EndPart();
  return absl::OkStatus();
}

}  // namespace

std::vector<geo::Finding> DecodedBoundary::FaultsOf(std::uint64_t subject) const {
  geo::PlaneBoundary plane;
  plane.faults = faults;
  return geo::FindingsOf(plane, subject);
}

bool RepeatsVertex(const geo::Boundary& boundary) {
  for (std::size_t ring = 0; ring < boundary.ring_count(); ++ring) {
    const auto vertices = boundary.Ring(ring);
    if (vertices.size() < 2) continue;
    if (vertices.front() == vertices.back()) return true;
    if (std::adjacent_find(vertices.begin(), vertices.end()) != vertices.end()) return true;
  }
  return false;
}

geo::Boundary WithoutRepeats(geo::Boundary boundary) {
  if (!RepeatsVertex(boundary)) return boundary;
  geo::PlaneBoundary plane = geo::Normalise(geo::RawOf(boundary));
  // A raw ring has one vertex more, the first again at its end.
  std::vector<std::uint32_t> kept;
  std::size_t raw_vertex = 0;
  for (std::size_t ring = 0; ring < boundary.ring_count(); ++ring) {
    for (std::size_t i = 0; i < boundary.Ring(ring).size(); ++i) {
      kept.push_back(plane.kept_vertex[raw_vertex++]);
    }
    if (!boundary.Ring(ring).empty()) ++raw_vertex;
  }
  plane.boundary.points = Moved(boundary.points, kept);
  plane.boundary.lines = Moved(boundary.lines, kept);
  return std::move(plane.boundary);
}

absl::StatusOr<geo::RawBoundary> RawFromGeoJson(std::string_view text) {
  google::protobuf::Struct geometry;
  const auto parsed = google::protobuf::util::JsonStringToMessage(std::string(text), &geometry);
  if (!parsed.ok()) return absl::InvalidArgumentError("the text is not a JSON object");
  const auto& fields = geometry.fields();
  const auto type = fields.find("type");
  const auto coordinates = fields.find("coordinates");
  if (type == fields.end() || coordinates == fields.end()) return Wanted("type and coordinates");
  geo::RawBoundary raw;
  if (type->second.string_value() == "Polygon") {
    if (auto added = AddPolygon(coordinates->second, &raw); !added.ok()) return added;
    return raw;
  }
  if (type->second.string_value() != "MultiPolygon") return Wanted("Polygon or MultiPolygon");
  for (const Value& polygon : coordinates->second.list_value().values()) {
    if (auto added = AddPolygon(polygon, &raw); !added.ok()) return added;
  }
  return raw;
}

common::Outcome<DecodedBoundary> BoundaryDecoder::DecodeCompact(const std::string& bytes,
                                                                const std::string& field) const {
  auto boundary = geo::DecodeCompact(bytes);
  if (absl::IsOutOfRange(boundary.status())) return RefuseTooLarge(field);
  if (!boundary.ok()) {
    return RefuseUndecodable(std::string(boundary.status().message()), field);
  }
  if (boundary->empty()) return RefuseEmpty(field);
  return DecodedBoundary{WithoutRepeats(*std::move(boundary)), std::nullopt, {}};
}

const absl::StatusOr<geo::Transformation>& BoundaryDecoder::FromDegrees() {
  if (!from_degrees_) {
    from_degrees_ = geo::Transformation::Make(kDegrees, fmt::format("EPSG:{}", epsg_));
  }
  return *from_degrees_;
}

common::Outcome<DecodedBoundary> BoundaryDecoder::DecodeRaw(absl::StatusOr<geo::RawBoundary> raw,
                                                            bool in_degrees,
                                                            const std::string& field) {
  if (!raw.ok()) return RefuseUndecodable(std::string(raw.status().message()), field);
  if (raw->empty()) return RefuseEmpty(field);
  if (in_degrees) {
    const auto& transformation = FromDegrees();
    if (!transformation.ok()) {
      return common::Refuse(
          Reason::PLANE_UNUSABLE, field,
          {fmt::format(
               "Degrees of EPSG:4490 cannot be brought onto EPSG:{}: {}. Send metres of the "
               "book's plane.",
               epsg_, std::string(transformation.status().message())),
           fmt::format("EPSG:4490 的经纬度无法转换到 EPSG:{}，请提供登簿平面的米制坐标。", epsg_)});
    }
    transformation->ToPlane(*raw);
  }
  geo::PlaneBoundary plane = geo::Normalise(*raw);
  if (plane.boundary.vertices.size() > geo::kVerticesMax) return RefuseTooLarge(field);
  return DecodedBoundary{std::move(plane.boundary), *std::move(raw), std::move(plane.faults)};
}

common::Outcome<DecodedBoundary> BoundaryDecoder::Decode(const v1::Boundary& boundary,
                                                         const std::string& field) {
  switch (boundary.encoding_case()) {
    case v1::Boundary::kCompact:
      return DecodeCompact(boundary.compact(), field);
    case v1::Boundary::kWkb:
      return DecodeRaw(geo::RawFromWkb(boundary.wkb()), /*in_degrees=*/false, field);
    case v1::Boundary::kGeojson:
      return DecodeRaw(RawFromGeoJson(boundary.geojson()), /*in_degrees=*/true, field);
    case v1::Boundary::ENCODING_NOT_SET:
      return RefuseEmpty(field);
  }
  return RefuseEmpty(field);
}

}  // namespace landbook::registry
