#include "tools/sample_county/package.h"

#include <filesystem>
#include <utility>

#include "fmt/format.h"
#include "tools/sample_county/package_plots.h"
#include "tools/sample_county/package_records.h"
#include "tools/sample_county/package_regions.h"
#include "tools/sample_county/package_tables.h"

namespace landbook::sample_county {
namespace {

absl::StatusOr<PackagePlace> MakeFolders(const Options& options, const std::string& folder,
                                         const std::string& encoding) {
  const std::filesystem::path root =
      std::filesystem::path(folder) / (options.county_code + options.county_name);
  PackagePlace place;
  place.vectors = root / "矢量数据";
  place.records = root / "权属数据";
  place.suffix = fmt::format("{}{:04}", options.county_code, options.year);
  place.encoding = encoding;
  place.epsg = options.epsg;
  for (const std::string& made : {place.vectors, place.records}) {
    std::error_code error;
    std::filesystem::create_directories(made, error);
    if (error) {
      return absl::UnavailableError(
          fmt::format("the folder {} cannot be made: {}", made, error.message()));
    }
  }
  return place;
}

// Writes plots and records group by group: no more than one group's plots are held.
absl::Status WriteGroups(const Layout& layout, const PackagePlace& place) {
  absl::StatusOr<PlotLayers> layers = PlotLayers::Open(place);
  if (!layers.ok()) return layers.status();
  absl::StatusOr<RecordTables> tables = RecordTables::Open(place);
  if (!tables.ok()) return tables.status();
  std::vector<Plot> waiting;
  const auto flush = [&]() -> absl::Status {
    if (waiting.empty()) return absl::OkStatus();
    const std::int64_t group = waiting.front().group;
    const GroupRecords records = RecordsOf(layout, group, std::exchange(waiting, {}));
    absl::Status status = layers->Add(records);
    status.Update(tables->Add(records));
    return status;
  };
  absl::Status status = GeneratePlots(layout.options(), [&](const Plot& plot) -> absl::Status {
    if (!waiting.empty() && waiting.front().group != plot.group) {
      if (absl::Status flushed = flush(); !flushed.ok()) return flushed;
    }
    waiting.push_back(plot);
    return absl::OkStatus();
  });
  if (status.ok()) status = flush();
  if (status.ok()) status = tables->Close();
  return status.ok() ? layers->Close() : status;
}

}  // namespace

absl::Status WritePackage(const Options& options, const std::string& folder,
                          const std::string& encoding) {
  if (absl::Status status = CheckOptions(options); !status.ok()) return status;
  absl::StatusOr<PackagePlace> place = MakeFolders(options, folder, encoding);
  if (!place.ok()) return place.status();
  const Layout layout(options);
  absl::Status status = WriteRegions(layout, *place);
  if (status.ok()) status = WriteParcels(layout, *place);
  if (status.ok()) status = WriteGroups(layout, *place);
  return status;
}

}  // namespace landbook::sample_county
