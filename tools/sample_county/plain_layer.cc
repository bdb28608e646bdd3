#include "tools/sample_county/plain_layer.h"

#include <fstream>
#include <optional>
#include <utility>
#include <vector>

#include "fmt/format.h"
#include "geo/area.h"
#include "geo/projection.h"

namespace landbook::sample_county {
namespace {

constexpr int kGeographicEpsg = 4490;  // CGCS2000

bool IsSwapped(const Plot& plot) {
  return !plot.faults.empty() && plot.faults.front().rule == "B102";
}

// The boundary in degrees. Swapped axes are swapped in degrees: on the plane they are no place.
geo::RawBoundary InDegrees(const Plot& plot, const geo::Transformation& from_degrees) {
  geo::RawBoundary raw = geo::RawOf(plot.boundary);
  const bool swapped = IsSwapped(plot);
  const auto swap = [](geo::RawBoundary& boundary) {
    for (geo::RawVertex& v : boundary.vertices) std::swap(v.x, v.y);
  };
  if (swapped) swap(raw);
  from_degrees.FromPlane(raw);
  if (swapped) swap(raw);
  return raw;
}

}  // namespace

absl::Status WritePlainLayer(const Options& options, geo::LayerFormat format,
                             const std::string& path, const std::string& encoding) {
  if (absl::Status status = CheckOptions(options); !status.ok()) return status;
  const bool json = format == geo::LayerFormat::kGeoJson;
  std::optional<geo::Transformation> from_degrees;
  if (json) {
    auto made = geo::Transformation::Make(fmt::format("EPSG:{}", kGeographicEpsg),
                                          fmt::format("EPSG:{}", options.epsg));
    if (!made.ok()) return made.status();
    from_degrees.emplace(*std::move(made));
  }
  geo::WriterOptions layer;
  layer.format = format;
  layer.epsg = json ? kGeographicEpsg : options.epsg;
  layer.encoding = format == geo::LayerFormat::kShapefile ? encoding : "";
  layer.fields = {{"DKBM", geo::FieldType::kText, 19, 0},
                  {"DKMC", geo::FieldType::kText, 50, 0},
                  {"SCMJ", geo::FieldType::kReal, 16, 2}};
  auto writer = geo::LayerWriter::Create(path, layer);
  if (!writer.ok()) return writer.status();
  const absl::Status written = GeneratePlots(options, [&](const Plot& plot) {
    std::vector<geo::Value> values(3);
    if (!plot.code.empty()) values[0] = plot.code;
    if (plot.name_is_text) {
      values[1] = plot.name;
    } else {
      values[1] = geo::RawText{plot.name};
    }
    values[2] = static_cast<double>(plot.stated_area_hundredths_m2) / 100.0;
    return (*writer)->AddPolygon(json ? InDegrees(plot, *from_degrees) : geo::RawOf(plot.boundary),
                                 values);
  });
  return written.ok() ? (*writer)->Close() : written;
}

absl::Status WriteFaultPlan(const Options& options, const std::string& path) {
  std::ofstream plan(path);
  plan << "rule\tplot\tother_plot\trow\n";
  const absl::Status listed = GeneratePlots(options, [&plan](const Plot& plot) {
    for (const PlantedFault& fault : plot.faults) {
      plan << fault.rule << '\t' << fault.code << '\t' << fault.other_code << '\t' << fault.row
           << '\n';
    }
    return absl::OkStatus();
  });
  plan.close();
  if (!plan) return absl::UnavailableError(fmt::format("the plan {} cannot be written", path));
  return listed;
}

}  // namespace landbook::sample_county
