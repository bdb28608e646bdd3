#include "tools/landbook/findings_file.h"

#include <cstdint>
#include <vector>

#include "geo/normalise.h"

namespace landbook::tools {
namespace {

constexpr double kMillion = 1e6;

std::vector<geo::Field> Fields() {
  using geo::FieldType;
  return {{"rule", FieldType::kText},       {"severity", FieldType::kText},
          {"plot", FieldType::kText},       {"other_plot", FieldType::kText},
          {"row", FieldType::kInteger},     {"other_row", FieldType::kInteger},
          {"measured", FieldType::kReal},   {"unit", FieldType::kText},
          {"tolerance", FieldType::kReal},  {"message_zh", FieldType::kText},
          {"message_en", FieldType::kText}, {"area_m2", FieldType::kReal}};
}

std::string SeverityWord(v1::Severity severity) {
  switch (severity) {
    case v1::SEVERITY_NOTE:
      return "note";
    case v1::SEVERITY_WARNING:
      return "warning";
    case v1::SEVERITY_ERROR:
      return "error";
    default:
      return "";
  }
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

std::vector<geo::Value> ValuesOf(const v1::Finding& finding) {
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
          AreaOrNull(finding.area_millionths())};
}

}  // namespace

absl::StatusOr<FindingsFile> FindingsFile::Create(const std::string& path, int plane_epsg) {
  geo::WriterOptions options;
  options.format = geo::LayerFormat::kGeoPackage;
  options.geometry = geo::LayerGeometry::kPoint;
  options.layer = "findings";
  options.epsg = plane_epsg;
  options.fields = Fields();
  auto writer = geo::LayerWriter::Create(path, options);
  if (!writer.ok()) return writer.status();
  return FindingsFile(*std::move(writer));
}

absl::Status FindingsFile::Add(const v1::Finding& finding) {
  const geo::RawVertex place{geo::MetresFromSteps(finding.place().x()),
                             geo::MetresFromSteps(finding.place().y())};
  return writer_->AddPoint(place, ValuesOf(finding));
}

absl::Status FindingsFile::Close() { return writer_->Close(); }

}  // namespace landbook::tools
