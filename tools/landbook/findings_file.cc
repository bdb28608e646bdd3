#include "tools/landbook/findings_file.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <cmath>
#include <cstdint>
#include <filesystem>
#include <system_error>
#include <vector>

#include "geo/geos_bridge.h"
#include "geo/largest_circle.h"
#include "geo/normalise.h"
#include "geo/projection.h"
#include "tools/landbook/findings_styles.h"

namespace landbook::tools {
namespace {

constexpr double kMillion = 1e6;
constexpr double kStepsPerMetre = geo::kStepsPerMetre;

// What is not whole yet lies under this name beside the file's.
std::string WorkPath(const std::string& path) { return path + ".work.gpkg"; }

std::vector<geo::Field> Fields() {
  using geo::FieldType;
  return {{"rule", FieldType::kText},        {"severity", FieldType::kText},
          {"plot", FieldType::kText},        {"other_plot", FieldType::kText},
          {"row", FieldType::kInteger},      {"other_row", FieldType::kInteger},
          {"measured", FieldType::kReal},    {"unit", FieldType::kText},
          {"tolerance", FieldType::kReal},   {"message_zh", FieldType::kText},
          {"message_en", FieldType::kText},  {"area_m2", FieldType::kReal},
          {"source_table", FieldType::kText}};
}

geo::Value TextOrNull(const std::string& text) {
  if (text.empty()) return std::monostate();
  return text;
}

geo::Value RowOrNull(std::int64_t row) {
  if (row < 0) return std::monostate();
  return row;
}

geo::Value AreaOrNull(std::int64_t millionths) {
  if (millionths == 0) return std::monostate();
  return static_cast<double>(millionths) / kMillion;
}

std::vector<geo::Value> ValuesOf(const v1::Finding& finding, const std::string& table) {
  return {finding.rule(),
          SeverityWord(finding.severity()),
          TextOrNull(finding.plot()),
          TextOrNull(finding.other_plot()),
          RowOrNull(finding.row()),
          RowOrNull(finding.other_row()),
          static_cast<double>(finding.measured_millionths()) / kMillion,
          TextOrNull(finding.unit()),
          static_cast<double>(finding.tolerance_millionths()) / kMillion,
          finding.message_zh(),
          finding.message_en(),
          AreaOrNull(finding.area_millionths()),
          TextOrNull(table)};
}

// The area and the width of the widest place of what two plots have in common; the width to a step,
// as findings measure it.
struct OverlapSize {
  double area_m2 = 0;
  double width_m = 0;
};

absl::StatusOr<OverlapSize> SizeOf(const geo::Boundary& common) {
  const auto shape = geo::Shape::Of(common, common.vertices.front());
  if (!shape.ok()) return shape.status();
  const auto widest = geo::WidestPlace(*shape);
  if (!widest.ok()) return widest.status();
  return OverlapSize{shape->area_steps2() / (kStepsPerMetre * kStepsPerMetre),
                     std::round(widest->diameter_steps) / kStepsPerMetre};
}

}  // namespace

FindingsFile::~FindingsFile() {
  points_.reset();
  std::error_code ignored;
  std::filesystem::remove(WorkPath(path_), ignored);
}

absl::StatusOr<std::unique_ptr<FindingsFile>> FindingsFile::Create(const std::string& path,
                                                                   int plane_epsg) {
  geo::WriterOptions options;
  options.format = geo::LayerFormat::kGeoPackage;
  options.geometry = geo::LayerGeometry::kPoint;
  options.layer = "findings";
  options.epsg = plane_epsg;
  options.fields = Fields();
  auto writer = geo::LayerWriter::Create(WorkPath(path), options);
  if (!writer.ok()) return writer.status();
  return std::unique_ptr<FindingsFile>(new FindingsFile(path, plane_epsg, *std::move(writer)));
}

absl::Status FindingsFile::Add(const v1::Finding& finding, const std::string& table) {
  const geo::RawVertex place{geo::MetresFromSteps(finding.place().x()),
                             geo::MetresFromSteps(finding.place().y())};
  return points_->AddPoint(place, ValuesOf(finding, table));
}

absl::Status FindingsFile::Finish(const FindingsLedger& ledger, const FindingsGround& ground) {
  absl::Status status = points_->Close();
  points_.reset();
  if (status.ok()) status = WritePlots(ledger, ground);
  if (status.ok()) status = WriteOverlaps(ledger, ground);
  if (status.ok()) status = WriteStyles();
  if (!status.ok()) return status;
  std::error_code trouble;
  std::filesystem::rename(WorkPath(path_), path_, trouble);
  if (!trouble) return absl::OkStatus();
  return absl::UnavailableError(
      fmt::format("{} cannot be put in place: {}", path_, trouble.message()));
}

absl::StatusOr<std::unique_ptr<geo::LayerWriter>> FindingsFile::AddLayer(
    geo::LayerGeometry geometry, const std::string& name, std::vector<geo::Field> fields) const {
  geo::WriterOptions options;
  options.format = geo::LayerFormat::kGeoPackage;
  options.geometry = geometry;
  options.layer = name;
  options.epsg = geometry == geo::LayerGeometry::kNothing ? 0 : plane_epsg_;
  options.fields = std::move(fields);
  options.add_to_existing = true;
  return geo::LayerWriter::Create(WorkPath(path_), options);
}

absl::Status FindingsFile::WritePlots(const FindingsLedger& ledger,
                                      const FindingsGround& ground) const {
  using geo::FieldType;
  auto writer = AddLayer(geo::LayerGeometry::kPolygon, "plots",
                         {{"plot", FieldType::kText},
                          {"row", FieldType::kInteger},
                          {"in_book", FieldType::kInteger},
                          {"severity", FieldType::kText},
                          {"rules", FieldType::kText},
                          {"findings", FieldType::kInteger}});
  if (!writer.ok()) return writer.status();
  for (const auto& [key, plot] : ledger.plots()) {
    const auto boundary = ground.find(key);
    if (boundary == ground.end()) continue;
    const std::vector<geo::Value> values = {TextOrNull(plot.code),
                                            RowOrNull(key.row),
                                            std::int64_t{key.row < 0},
                                            SeverityWord(plot.severity),
                                            fmt::format("{}", fmt::join(plot.rules, ", ")),
                                            std::int64_t{plot.findings}};
    const absl::Status added = (*writer)->AddPolygon(geo::RawOf(boundary->second), values);
    if (!added.ok()) return added;
  }
  return (*writer)->Close();
}

absl::Status FindingsFile::WriteOverlaps(const FindingsLedger& ledger,
                                         const FindingsGround& ground) const {
  using geo::FieldType;
  auto writer = AddLayer(geo::LayerGeometry::kPolygon, "overlaps",
                         {{"rule", FieldType::kText},
                          {"severity", FieldType::kText},
                          {"plot", FieldType::kText},
                          {"other_plot", FieldType::kText},
                          {"row", FieldType::kInteger},
                          {"other_row", FieldType::kInteger},
                          {"width_m", FieldType::kReal},
                          {"area_m2", FieldType::kReal}});
  if (!writer.ok()) return writer.status();
  for (const ConcernedOverlap& overlap : ledger.overlaps()) {
    const auto common = CommonGround(ground, overlap.plot, overlap.other);
    if (!common.ok()) return common.status();
    // Not there any more, or gone since.
    if (common->empty()) continue;
    const auto size = SizeOf(*common);
    if (!size.ok()) return size.status();
    const std::vector<geo::Value> values = {overlap.rule,
                                            SeverityWord(overlap.severity),
                                            TextOrNull(overlap.plot_code),
                                            TextOrNull(overlap.other_code),
                                            RowOrNull(overlap.plot.row),
                                            RowOrNull(overlap.other.row),
                                            size->width_m,
                                            size->area_m2};
    const absl::Status added = (*writer)->AddPolygon(geo::RawOf(*common), values);
    if (!added.ok()) return added;
  }
  return (*writer)->Close();
}

absl::Status FindingsFile::WriteStyles() const {
  using geo::FieldType;
  auto writer = AddLayer(geo::LayerGeometry::kNothing, "layer_styles",
                         {{"f_table_catalog", FieldType::kText},
                          {"f_table_schema", FieldType::kText},
                          {"f_table_name", FieldType::kText},
                          {"f_geometry_column", FieldType::kText},
                          {"styleName", FieldType::kText},
                          {"styleQML", FieldType::kText},
                          {"styleSLD", FieldType::kText},
                          {"useAsDefault", FieldType::kInteger},
                          {"description", FieldType::kText},
                          {"owner", FieldType::kText},
                          {"ui", FieldType::kText},
                          {"update_time", FieldType::kText}});
  if (!writer.ok()) return writer.status();
  for (const LayerStyle& style : FindingsStyles()) {
    const std::string layer(style.layer);
    // QGIS looks for rows whose catalog and schema are empty texts, and takes the default one; the
    // time only decides where there is none.
    const std::vector<geo::Value> values = {std::string(),
                                            std::string(),
                                            layer,
                                            std::string("geom"),
                                            layer,
                                            style.qml,
                                            std::string(),
                                            std::int64_t{1},
                                            std::string(style.description),
                                            std::string("landbook"),
                                            std::monostate(),
                                            std::monostate()};
    const absl::Status added = (*writer)->AddRow(values);
    if (!added.ok()) return added;
  }
  return (*writer)->Close();
}

}  // namespace landbook::tools
