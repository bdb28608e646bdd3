#include "tools/landbook/findings_ground.h"

#include <optional>
#include <utility>

#include "geo/compact.h"
#include "geo/geos_bridge.h"
#include "tools/landbook/row_converter.h"

namespace landbook::tools {
namespace {

absl::Status ReadRows(const GroundSource& from, const std::set<ConcernedKey>& wanted,
                      FindingsGround& ground) {
  // Rows come first in the order of keys only when there are any: the last key has the greatest.
  if (wanted.empty() || wanted.rbegin()->row < 0) return absl::OkStatus();
  absl::StatusOr<LayerSource> source = OpenLayerSource(from.flags);
  if (!source.ok()) return source.status();
  absl::StatusOr<RowConverter> converter = RowConverter::Make(*source, from.plane);
  if (!converter.ok()) return converter.status();
  while (true) {
    absl::StatusOr<std::optional<geo::Row>> row = source->reader->Next();
    if (!row.ok()) return row.status();
    if (!row->has_value()) return absl::OkStatus();
    const ConcernedKey key{(*row)->id, {}};
    if (!wanted.contains(key)) continue;
    ConvertedRow converted = converter->Convert(**std::move(row));
    if (!converted.boundary.empty()) ground.emplace(key, std::move(converted.boundary));
  }
}

absl::Status ReadBookPlots(Session& book, const std::set<ConcernedKey>& wanted,
                           FindingsGround& ground) {
  for (const ConcernedKey& key : wanted) {
    if (key.row >= 0) continue;
    v1::GetPlotRequest request;
    request.set_county(book.settings().county);
    request.set_plot(key.code);
    request.set_boundary_format(v1::BOUNDARY_FORMAT_COMPACT);
    const auto plot = book.Call(&Session::Registry::GetPlot, request);
    if (absl::IsNotFound(plot.status())) continue;
    if (!plot.ok()) return plot.status();
    auto boundary = geo::DecodeCompact(plot->boundary().compact());
    if (!boundary.ok()) return boundary.status();
    ground.emplace(key, *std::move(boundary));
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<FindingsGround> ReadGround(const GroundSource& source,
                                          const std::set<ConcernedKey>& wanted) {
  FindingsGround ground;
  absl::Status status = ReadRows(source, wanted, ground);
  if (status.ok() && source.book != nullptr) status = ReadBookPlots(*source.book, wanted, ground);
  if (!status.ok()) return status;
  return ground;
}

geo::Boundary WithoutCollapsed(const geo::Boundary& rounded) {
  constexpr std::size_t kRingVerticesMin = 3;
  geo::Boundary kept;
  for (std::size_t part = 0; part < rounded.part_count(); ++part) {
    const std::size_t shell = rounded.PartBegin(part);
    if (rounded.Ring(shell).size() < kRingVerticesMin) continue;
    for (std::size_t ring = shell; ring < rounded.PartEnd(part); ++ring) {
      const auto vertices = rounded.Ring(ring);
      if (vertices.size() < kRingVerticesMin) continue;
      kept.vertices.insert(kept.vertices.end(), vertices.begin(), vertices.end());
      kept.EndRing();
    }
    kept.EndPart();
  }
  return kept;
}

absl::StatusOr<geo::Boundary> CommonGround(const FindingsGround& ground, const ConcernedKey& plot,
                                           const ConcernedKey& other) {
  const auto first = ground.find(plot);
  const auto second = ground.find(other);
  if (first == ground.end() || second == ground.end()) return geo::Boundary();
  const geo::Vertex origin = first->second.vertices.front();
  const auto a = geo::Shape::Of(first->second, origin);
  const auto b = geo::Shape::Of(second->second, origin);
  if (!a.ok()) return a.status();
  if (!b.ok()) return b.status();
  const auto common = a->Intersection(*b);
  if (!common.ok()) return common.status();
  if (common->empty()) return geo::Boundary();
  const auto rounded = common->ToBoundary();
  if (!rounded.ok()) return rounded.status();
  return WithoutCollapsed(*rounded);
}

}  // namespace landbook::tools
