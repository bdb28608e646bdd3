#include "geo/formats/geojson_writer.h"

#include <cmath>
#include <iterator>
#include <string_view>
#include <utility>

#include "absl/status/status.h"
#include "fmt/format.h"
#include "geo/formats/part_file.h"
#include "geo/utf8.h"

namespace landbook::geo {
namespace {

void AppendNumber(std::string& out, double number) {
  fmt::format_to(std::back_inserter(out), "{}", number);
}

// The text as a JSON string. REQUIRES: UTF-8.
void AppendQuoted(std::string& out, std::string_view text) {
  out += '"';
  for (const char c : text) {
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (static_cast<unsigned char>(c) < 0x20) {
      fmt::format_to(std::back_inserter(out), "\\u{:04x}", c);
    } else {
      out += c;
    }
  }
  out += '"';
}

void AppendVertices(std::string& out, std::span<const RawVertex> vertices) {
  out += '[';
  for (std::size_t i = 0; i < vertices.size(); ++i) {
    out += i == 0 ? "[" : ",[";
    AppendNumber(out, vertices[i].x);
    out += ',';
    AppendNumber(out, vertices[i].y);
    out += ']';
  }
  out += ']';
}

void AppendPolygon(std::string& out, const RawBoundary& boundary) {
  const bool several = boundary.part_ends.size() != 1;
  out +=
      several ? R"({"type":"MultiPolygon","coordinates":[)" : R"({"type":"Polygon","coordinates":)";
  std::size_t ring = 0;
  for (const std::uint32_t part_end : boundary.part_ends) {
    out += ring == 0 ? "[" : ",[";
    for (const std::size_t shell = ring; ring < part_end; ++ring) {
      if (ring != shell) out += ',';
      AppendVertices(out, boundary.Ring(ring));
    }
    out += ']';
  }
  out += several ? "]}" : "}";
}

bool AllFinite(std::span<const RawVertex> vertices) {
  for (const RawVertex& v : vertices) {
    if (!std::isfinite(v.x) || !std::isfinite(v.y)) return false;
  }
  return true;
}

class GeoJsonWriter : public LayerWriter {
 public:
  GeoJsonWriter(std::unique_ptr<PartFile> file, std::vector<Field> fields, std::string start)
      : file_(std::move(file)), fields_(std::move(fields)), start_(std::move(start)) {
    file_->Append(start_);
  }

  absl::Status AddPolygon(const RawBoundary& boundary, std::span<const Value> values) override {
    if (!AllFinite(boundary.vertices)) return NotFinite();
    std::string geometry;
    if (!boundary.empty()) AppendPolygon(geometry, boundary);
    return Add(geometry, values);
  }
  absl::Status AddPoint(RawVertex point, std::span<const Value> values) override {
    if (!AllFinite({&point, 1})) return NotFinite();
    return Add(fmt::format(R"({{"type":"Point","coordinates":[{},{}]}})", point.x, point.y),
               values);
  }
  absl::Status AddLine(std::span<const RawVertex> line, std::span<const Value> values) override {
    if (!AllFinite(line)) return NotFinite();
    std::string geometry = R"({"type":"LineString","coordinates":)";
    AppendVertices(geometry, line);
    return Add(geometry + "}", values);
  }
  absl::Status AddRow(std::span<const Value> values) override { return Add("", values); }

  absl::Status Close() override {
    file_->Append("\n]}\n");
    absl::Status status = file_->Finish(start_);
    return status.ok() ? file_->Publish() : status;
  }

 private:
  static absl::Status NotFinite() {
    return absl::InvalidArgumentError(
        "a coordinate is infinite or not a number, which GeoJSON cannot hold");
  }

  absl::Status Add(std::string_view geometry, std::span<const Value> values) {
    if (values.size() != fields_.size()) {
      return absl::InvalidArgumentError(
          fmt::format("a row of {} values for {} columns", values.size(), fields_.size()));
    }
    std::string row = rows_ == 0 ? "\n" : ",\n";
    row += R"({"type":"Feature","properties":{)";
    for (std::size_t i = 0; i < values.size(); ++i) {
      if (i > 0) row += ',';
      AppendQuoted(row, fields_[i].name);
      row += ':';
      if (absl::Status status = AppendValue(row, values[i], fields_[i]); !status.ok())
        return status;
    }
    row += R"(},"geometry":)";
    row += geometry.empty() ? "null" : geometry;
    file_->Append(row + "}");
    ++rows_;
    return absl::OkStatus();
  }

  static absl::Status AppendValue(std::string& row, const Value& value, const Field& field) {
    if (const auto* whole = std::get_if<std::int64_t>(&value)) {
      row += fmt::to_string(*whole);
    } else if (const auto* real = std::get_if<double>(&value); real && std::isfinite(*real)) {
      AppendNumber(row, *real);
    } else if (const auto* text = std::get_if<std::string>(&value); text && IsUtf8(*text)) {
      AppendQuoted(row, *text);
    } else if (std::holds_alternative<std::monostate>(value)) {
      row += "null";
    } else {
      return absl::InvalidArgumentError(
          fmt::format("the value of field {} is not UTF-8 or not a finite number", field.name));
    }
    return absl::OkStatus();
  }

  std::unique_ptr<PartFile> file_;
  std::vector<Field> fields_;
  std::string start_;  // the file's first bytes
  std::int64_t rows_ = 0;
};

std::string Stem(std::string_view path) {
  path.remove_prefix(path.find_last_of('/') + 1);
  return std::string(path.substr(0, path.find_last_of('.')));
}

}  // namespace

absl::StatusOr<std::unique_ptr<LayerWriter>> CreateGeoJson(const std::string& path,
                                                           const WriterOptions& options) {
  std::string start = R"({"type":"FeatureCollection","name":)";
  AppendQuoted(start, Stem(path));
  if (options.epsg != 0) {
    start += fmt::format(
        R"(,"crs":{{"type":"name","properties":{{"name":"urn:ogc:def:crs:EPSG::{}"}}}})",
        options.epsg);
  }
  start += R"(,"features":[)";
  for (const Field& field : options.fields) {
    if (!IsUtf8(field.name)) return absl::InvalidArgumentError("a field's name is not UTF-8");
  }
  if (!IsUtf8(path)) return absl::InvalidArgumentError("the file's name is not UTF-8");
  absl::StatusOr<std::unique_ptr<PartFile>> file = PartFile::Create(path);
  if (!file.ok()) return file.status();
  return std::make_unique<GeoJsonWriter>(*std::move(file), options.fields, std::move(start));
}

}  // namespace landbook::geo
