#include "tools/landbook/package_rows.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <utility>
#include <vector>

#include "geo/compact.h"
#include "geo/normalise.h"
#include "tools/exchange/boundary_survey.h"
#include "tools/exchange/side_text.h"
#include "tools/exchange/title_fields.h"
#include "tools/exchange/title_records.h"

namespace landbook::tools {
namespace {

using exchange::Statement;

std::optional<std::size_t> ColumnNamed(const geo::LayerInfo& info, std::string_view name) {
  for (std::size_t i = 0; i < info.fields.size(); ++i) {
    if (info.fields[i].name == name) return i;
  }
  return std::nullopt;
}

// Gives a column a meaning of its own; it is then no attribute.
void Take(const geo::LayerInfo& info, std::string_view name, std::optional<std::size_t>* column,
          std::vector<std::size_t>* others) {
  *column = ColumnNamed(info, name);
  if (*column) std::erase(*others, **column);
}

// What the delivery calls a column of DK.
std::string NameInDelivery(const exchange::FieldMapping& mapping, const char* column) {
  const auto at = mapping.columns.find({"DK", column});
  return at == mapping.columns.end() ? column : at->second;
}

std::uint8_t Small(const std::string& text) {
  unsigned value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return static_cast<std::uint8_t>(std::min(value, 255u));
}

std::uint32_t Number(const std::string& text) {
  std::uint32_t value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

// Steps a statement and gives each row to `take`.
template <typename Take>
absl::Status ForEach(absl::StatusOr<Statement> statement, const std::string& key,
                     const Take& take) {
  if (!statement.ok()) return statement.status();
  statement->Bind(key);
  for (;;) {
    const absl::StatusOr<bool> row = statement->Step();
    if (!row.ok()) return row.status();
    if (!*row) return absl::OkStatus();
    take(*statement);
  }
}

absl::Status PutAll(exchange::Scratch& scratch, const std::string& table,
                    const std::vector<std::int64_t>& rows) {
  absl::StatusOr<Statement> put =
      scratch.Prepare(fmt::format("INSERT OR IGNORE INTO {} VALUES(?)", table));
  if (!put.ok()) return put.status();
  for (const std::int64_t row : rows) {
    if (absl::Status status = put->Bind(row).Step().status(); !status.ok()) return status;
    put->Reset();
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<LayerSource> OpenPlotLayer(const PlotLayer& layer, SourceFlags flags,
                                          const exchange::FieldMapping& mapping) {
  const bool is_dk = layer.table == "DK";
  flags.kind = layer.kind;
  flags.layout = is_dk ? Layout::kNyt2539 : Layout::kPlain;
  flags.code_field = is_dk ? NameInDelivery(mapping, "DKBM") : "ZDDM";
  auto source = OpenLayerSource(flags);
  if (!source.ok()) return source;
  const geo::LayerInfo& info = source->reader->Info();
  Columns& columns = source->columns;
  if (is_dk) {
    Take(info, NameInDelivery(mapping, "SCMJ"), &columns.stated_area, &columns.others);
    Take(info, NameInDelivery(mapping, "DKMC"), &columns.location, &columns.others);
  } else {
    Take(info, "ZDMJ", &columns.stated_area, &columns.others);
    Take(info, "YT", &columns.land_use, &columns.others);
    Take(info, "ZL", &columns.location, &columns.others);
  }
  return source;
}

absl::Status RestoreText(exchange::Scratch& scratch, const std::string& table,
                         const std::vector<geo::Field>& fields, v1::ImportRow& row) {
  const auto texts = exchange::SideTextOf(scratch, table, row.row());
  if (!texts.ok()) return texts.status();
  if (texts->empty()) return absl::OkStatus();
  for (const auto& [column, text] : *texts) {
    if (column == "DKMC" || column == "ZL") {
      row.set_location(text);
      continue;
    }
    v1::Attribute& attribute = *row.add_attributes();
    attribute.set_key(column);
    attribute.set_value(text);
  }
  const auto place_of = [&](const v1::Attribute& attribute) {
    return std::find_if(fields.begin(), fields.end(),
                        [&](const geo::Field& field) { return field.name == attribute.key(); });
  };
  std::stable_sort(row.mutable_attributes()->begin(), row.mutable_attributes()->end(),
                   [&](const auto& a, const auto& b) { return place_of(a) < place_of(b); });
  return absl::OkStatus();
}

absl::Status PlotDresser::Dress(ConvertedRow& row) {
  TakeNamesOut(row.row);
  if (row.row.code().empty()) return absl::OkStatus();
  if (absl::Status added = AddRegister(row.row); !added.ok()) return added;
  return row.boundary.empty() ? absl::OkStatus() : AddSurvey(row);
}

// Neighbours and witnesses are people: their names lie with the holder, under the holder's key.
// What the mapping renames gets the standard's name.
void PlotDresser::TakeNamesOut(v1::ImportRow& row) const {
  const auto names = exchange::PlotSourceFields();
  google::protobuf::RepeatedPtrField<v1::Attribute> kept;
  for (v1::Attribute& attribute : *row.mutable_attributes()) {
    for (const auto& [column, delivered] : mapping_.columns) {
      if (column.first == "DK" && delivered == attribute.key()) attribute.set_key(column.second);
    }
    if (std::find(names.begin(), names.end(), attribute.key()) == names.end()) {
      *kept.Add() = std::move(attribute);
    }
  }
  *row.mutable_attributes() = std::move(kept);
}

absl::Status PlotDresser::AddRegister(v1::ImportRow& row) {
  const auto carry = exchange::RegisterOfPlot(scratch_, row.code());
  if (!carry.ok()) return carry.status();
  if (!*carry) return absl::OkStatus();
  v1::RegisteredPlot& registered = *row.mutable_registered();
  registered.set_register_((*carry)->register_());
  registered.set_document_number((*carry)->document_number());
  registered.set_registered_date((*carry)->registered_date());
  registered.set_recorded_area_m2((*carry)->plot().recorded_area_m2());
  return absl::OkStatus();
}

absl::Status PlotDresser::AddSurvey(ConvertedRow& row) {
  std::vector<exchange::SurveyedPoint> points;
  geo::RawBoundary places;
  absl::Status status = ForEach(
      scratch_.Prepare("SELECT JZD.row, JZDH, JBLX, JZDLX, XZBZ, YZBZ FROM point_of JOIN JZD ON "
                       "JZD.row = point WHERE code = ? ORDER BY JZD.row"),
      row.row.code(), [&](const Statement& found) {
        exchange::SurveyedPoint& point = points.emplace_back();
        point.row = found.Integer(0);
        point.point.number = found.Text(1);
        point.point.mark = Small(found.Text(2));
        point.point.method = Small(found.Text(3));
        // X is the northing and Y the easting (NY/T 2539, A.11).
        places.vertices.push_back({std::strtod(found.Text(5).c_str(), nullptr),
                                   std::strtod(found.Text(4).c_str(), nullptr)});
      });
  transformation_.ToPlane(places);
  for (std::size_t i = 0; i < points.size(); ++i) {
    // What lies nowhere on the plane lies on no vertex either.
    constexpr std::int64_t kNowhere = 4 * geo::kCoordinateMax;
    points[i].place = {geo::StepsFromMetres(places.vertices[i].x).value_or(kNowhere),
                       geo::StepsFromMetres(places.vertices[i].y).value_or(kNowhere)};
  }
  std::vector<exchange::SurveyedLine> lines;
  status.Update(ForEach(
      scratch_.Prepare("SELECT JZX.row, QJZDH, ZJZDH, JXXZ, JZXLB, JZXWZ, JZXH, JZXSM, place FROM "
                       "line_of JOIN JZX ON JZX.row = line WHERE code = ? ORDER BY JZX.row"),
      row.row.code(), [&](const Statement& found) {
        exchange::SurveyedLine& line = lines.emplace_back();
        line.row = found.Integer(0);
        line.from = found.Text(1);
        line.to = found.Text(2);
        line.line.nature = Number(found.Text(3));
        line.line.category = Small(found.Text(4));
        line.line.position = Small(found.Text(5));
        // The position is stated from the plot that is named first.
        if (found.Integer(8) != 0) line.line.position = exchange::OtherSide(line.line.position);
        line.line.number = found.Text(6);
        line.line.description = found.Text(7);
      }));
  if (!status.ok() || points.empty()) return status;
  const exchange::PutRows put = exchange::PutSurvey(points, lines, &row.boundary);
  row.row.set_boundary(geo::EncodeCompact(row.boundary));
  status.Update(PutAll(scratch_, "point_used", put.points));
  status.Update(PutAll(scratch_, "line_used", put.lines));
  return status;
}

absl::Status DressParcel(ConvertedRow& row) {
  const auto& attributes = row.row.attributes();
  const auto unit = std::find_if(attributes.begin(), attributes.end(),
                                 [](const v1::Attribute& one) { return one.key() == "MJDW"; });
  if (unit == attributes.end() || unit->value() == "1" || row.row.stated_area_m2().empty()) {
    return absl::OkStatus();
  }
  v1::Attribute& area = *row.row.add_attributes();
  area.set_key("ZDMJ");
  area.set_value(row.row.stated_area_m2());
  row.row.clear_stated_area_m2();
  v1::Finding& finding = *row.row.add_findings();
  finding.set_rule("B403");
  finding.set_severity(v1::SEVERITY_WARNING);
  finding.set_detail("stated_area");
  finding.set_plot(row.row.code());
  finding.set_row(row.row.row());
  finding.set_other_row(-1);
  finding.set_message_en("ZDMJ is not in square metres (MJDW), so it is no stated area.");
  finding.set_message_zh("ZDMJ 的面积单位（MJDW）不是平方米，不作为测量面积。");
  return absl::OkStatus();
}

}  // namespace landbook::tools
