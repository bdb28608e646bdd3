#include "tools/landbook/row_converter.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "geo/compact.h"
#include "services/common/finding_wire.h"

namespace landbook::tools {
namespace {

using geo::GeometryState;
using Problem = geo::RowProblem;

geo::Finding ErrorOf(geo::Rule rule, std::string detail) {
  geo::Finding finding;
  finding.rule = rule;
  finding.severity = geo::Severity::kError;
  finding.detail = std::move(detail);
  return finding;
}

// What a row without a usable boundary lacks; empty for one that has it.
std::string MissingBoundary(GeometryState state) {
  switch (state) {
    case GeometryState::kNull:
      return "null";
    case GeometryState::kEmpty:
      return "empty";
    case GeometryState::kNotPolygon:
      return "not_polygon";
    case GeometryState::kUnreadable:
      return "unreadable";
    case GeometryState::kPolygon:
      return "";
  }
  return "";
}

bool IsOfGeometry(const Problem& problem) {
  return problem.kind == Problem::Kind::kGeometryUnreadable ||
         problem.kind == Problem::Kind::kNotPolygon;
}

v1::Finding FindingOfRow(const geo::Finding& finding, const v1::ImportRow& row) {
  const common::FindingPlot plot{row.code(), row.row()};
  return common::FindingToWire(finding, {plot, common::FindingPlot{}});
}

// What could not be read of a row, as findings.
void AddProblems(const geo::Row& row, v1::ImportRow& out) {
  bool geometry_told = false;
  for (const Problem& problem : row.problems) {
    const bool is_text = problem.kind == Problem::Kind::kTextUndecodable;
    geometry_told |= IsOfGeometry(problem);
    *out.add_findings() =
        FindingOfRow(ErrorOf(is_text ? geo::Rule::kTextUndecodable : geo::Rule::kAttributeMissing,
                             IsOfGeometry(problem) ? MissingBoundary(row.geometry) : std::string()),
                     out);
  }
  const std::string missing = MissingBoundary(row.geometry);
  if (missing.empty() || geometry_told) return;
  *out.add_findings() = FindingOfRow(ErrorOf(geo::Rule::kAttributeMissing, missing), out);
}

const std::string& TextOf(const geo::Row& row, std::optional<std::size_t> column) {
  static const std::string& none = *new std::string();
  if (!column || *column >= row.attributes.size()) return none;
  const geo::Attribute& attribute = row.attributes[*column];
  return attribute.state == geo::Attribute::State::kText ? attribute.text : none;
}

bool AllFinite(const geo::RawBoundary& boundary) {
  return std::all_of(
      boundary.vertices.begin(), boundary.vertices.end(),
      [](const geo::RawVertex& v) { return std::isfinite(v.x) && std::isfinite(v.y); });
}

}  // namespace

geo::OfficeTransformation OfficeWayOf(const v1::PlaneTransformation& way) {
  return {fmt::format("EPSG:{}", way.source_epsg()), way.pipeline()};
}

TargetPlane PlaneOfBook(const v1::County& county) {
  TargetPlane target{static_cast<int>(county.epsg())};
  for (const v1::PlaneTransformation& way : county.plane_transformations()) {
    target.ways.push_back(OfficeWayOf(way));
  }
  return target;
}

absl::StatusOr<RowConverter> RowConverter::Make(const LayerSource& source,
                                                const TargetPlane& target) {
  const std::string plane_crs = fmt::format("EPSG:{}", target.epsg);
  auto plane = geo::PlaneOf(plane_crs);
  if (!plane.ok()) return plane.status();
  auto transformation = geo::Transformation::Make(source.crs, plane_crs, target.ways);
  if (!transformation.ok()) return transformation.status();
  return RowConverter(source.reader->Info().fields, source.columns, *std::move(transformation),
                      *std::move(plane));
}

RowConverter::RowConverter(std::vector<geo::Field> fields, Columns columns,
                           geo::Transformation transformation, geo::Plane plane)
    : fields_(std::move(fields)),
      columns_(std::move(columns)),
      transformation_(std::move(transformation)),
      plane_(std::move(plane)) {}

ConvertedRow RowConverter::Convert(geo::Row row) {
  ConvertedRow out;
  Convert(row, out);
  return out;
}

void RowConverter::Convert(geo::Row& row, ConvertedRow& out) {
  out.row.Clear();
  out.row.set_row(row.id);
  AddAttributes(row, out.row);
  AddProblems(row, out.row);
  if (row.geometry == GeometryState::kPolygon) return AddBoundary(row, out);
  out.boundary = geo::Boundary();
}

void RowConverter::AddAttributes(const geo::Row& row, v1::ImportRow& out) const {
  out.set_code(TextOf(row, columns_.code));
  out.set_stated_area_m2(TextOf(row, columns_.stated_area));
  out.set_land_use(TextOf(row, columns_.land_use));
  out.set_location(TextOf(row, columns_.location));
  for (const std::size_t column : columns_.others) {
    const std::string& text = TextOf(row, column);
    if (text.empty()) continue;
    v1::Attribute& attribute = *out.add_attributes();
    attribute.set_key(columns_.zone == column ? kZoneColumn : fields_[column].name);
    attribute.set_value(text);
  }
}

void RowConverter::AddBoundary(geo::Row& row, ConvertedRow& out) {
  geo::RawBoundary delivered;
  if (!transformation_.is_identity()) delivered = row.boundary;
  transformation_.ToPlane(row.boundary);
  geo::Normalise(row.boundary, rounded_);
  for (const geo::Finding& fault : geo::FindingsOf(rounded_, 0)) {
    v1::Finding& finding = *out.row.add_findings();
    finding = FindingOfRow(fault, out.row);
    if (fault.rule != geo::Rule::kCoordinateOutsidePlane) continue;
    const geo::PlaneSuspicion* suspicion =
        SuspicionOf(transformation_.is_identity() ? row.boundary : delivered, row.boundary);
    if (suspicion == nullptr) continue;
    finding.set_detail(suspicion->detail);
    finding.set_message_en(suspicion->english);
    finding.set_message_zh(suspicion->chinese);
  }
  std::swap(out.boundary, rounded_.boundary);
  if (!out.boundary.empty()) geo::EncodeCompact(out.boundary, *out.row.mutable_boundary());
}

const geo::PlaneSuspicion* RowConverter::SuspicionOf(const geo::RawBoundary& delivered,
                                                     const geo::RawBoundary& transformed) {
  // A coordinate that came as no number looks like nothing.
  if (!AllFinite(delivered)) return nullptr;
  if (!suspicion_known_) {
    suspicion_known_ = true;
    const auto before = geo::RawBoxOf(delivered.vertices);
    const auto after = geo::RawBoxOf(transformed.vertices);
    if (before) suspicion_ = geo::LooksLike(*before, after.value_or(*before), plane_);
  }
  return suspicion_ ? &*suspicion_ : nullptr;
}

}  // namespace landbook::tools
