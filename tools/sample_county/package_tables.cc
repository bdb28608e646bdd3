#include "tools/sample_county/package_tables.h"

#include <algorithm>
#include <charconv>
#include <utility>

#include "fmt/format.h"
#include "geo/area.h"
#include "geo/normalise.h"

namespace landbook::sample_county {
namespace {

std::size_t NumberAt(std::string_view text) {
  std::size_t number = 0;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

// One column: "SCMJ F16.2".
geo::Field FieldOf(std::string_view text) {
  const std::size_t blank = text.find(' ');
  geo::Field field;
  field.name = std::string(text.substr(0, blank));
  const char letter = text[blank + 1];
  const std::string_view size = text.substr(blank + 2);
  field.width = NumberAt(size);
  switch (letter) {
    case 'I':
      field.type = geo::FieldType::kInteger;
      break;
    case 'F':
      field.type = geo::FieldType::kReal;
      field.decimals = NumberAt(size.substr(size.find('.') + 1));
      break;
    case 'D':
      field.type = geo::FieldType::kDate;
      field.width = 8;
      break;
    default:
      field.type = geo::FieldType::kText;
  }
  return field;
}

std::vector<geo::Field> FieldsOf(std::string_view text) {
  std::vector<geo::Field> fields;
  while (!text.empty()) {
    const std::string_view item = text.substr(0, text.find(';'));
    text.remove_prefix(std::min(text.size(), item.size() + 1));
    fields.push_back(FieldOf(item));
  }
  return fields;
}

absl::StatusOr<Writer> Open(const std::string& path, const PackagePlace& place,
                            geo::LayerGeometry geometry, std::string_view fields) {
  geo::WriterOptions options;
  options.format = geo::LayerFormat::kShapefile;
  options.geometry = geometry;
  options.epsg = place.epsg;
  options.encoding = place.encoding;
  options.fields = FieldsOf(fields);
  return geo::LayerWriter::Create(path, options);
}

}  // namespace

absl::StatusOr<Writer> OpenLayer(const PackagePlace& place, std::string_view name,
                                 geo::LayerGeometry geometry, std::string_view fields) {
  return Open(fmt::format("{}/{}{}.shp", place.vectors, name, place.suffix), place, geometry,
              fields);
}

absl::StatusOr<Writer> OpenTable(const PackagePlace& place, std::string_view name,
                                 std::string_view fields) {
  return Open(fmt::format("{}/{}.dbf", place.records, name), place, geo::LayerGeometry::kNothing,
              fields);
}

std::string DateText(int year, int month, int day) {
  return fmt::format("{:04}{:02}{:02}", year, month, day);
}

geo::Value AreaM2(std::int64_t hundredths_m2) { return geo::FormatHundredths(hundredths_m2); }

geo::Value AreaMu(std::int64_t hundredths_m2) {
  return geo::FormatHundredths(geo::MuHundredthsFromM2(hundredths_m2));
}

geo::RawVertex InMetres(geo::Vertex vertex) {
  return {geo::MetresFromSteps(vertex.x), geo::MetresFromSteps(vertex.y)};
}

geo::RawBoundary RingInMetres(const std::vector<geo::Vertex>& ring) {
  geo::RawBoundary boundary;
  for (const geo::Vertex v : ring) boundary.vertices.push_back(InMetres(v));
  boundary.vertices.push_back(InMetres(ring.front()));
  boundary.EndRing();
  boundary.EndPart();
  return boundary;
}

std::string GroupRecords::ContractorCode(int household) const {
  return fmt::format("{}{:04}", code, household + 1);
}

std::string GroupRecords::ContractCode(int household) const {
  return ContractorCode(household) + "J";
}

GroupRecords RecordsOf(const Layout& layout, std::int64_t group, std::vector<Plot> plots) {
  GroupRecords records;
  records.layout = &layout;
  records.group = group;
  records.code = layout.GroupCode(group);
  records.plots = std::move(plots);
  const Options& options = layout.options();
  const int households =
      (static_cast<int>(records.plots.size()) + kPlotsPerHousehold - 1) / kPlotsPerHousehold;
  for (int household = 0; household < households; ++household) {
    records.households.push_back(
        HouseholdOf(options.seed, options.county_code, group, household, options.year));
  }
  return records;
}

}  // namespace landbook::sample_county
