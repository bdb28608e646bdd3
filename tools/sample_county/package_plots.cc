#include "tools/sample_county/package_plots.h"

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <tuple>
#include <utility>

#include "fmt/format.h"
#include "geo/projection.h"

namespace landbook::sample_county {
namespace {

using geo::Value;
using geo::Vertex;

constexpr const char* kPlotFields =
    "BSM I10;YSDM C6;DKBM C19;DKMC C50;SYQXZ C2;DKLB C2;TDLYLX C3;DLDJ C2;TDYT C1;SFJBNT C1;"
    "SCMJ F16.2;DKDZ C50;DKXZ C50;DKNZ C50;DKBZ C50;DKBZXX C254;ZJRXM C100;KJZB C254;SCMJM F16.2";
constexpr const char* kPointFields =
    "BSM I10;YSDM C6;JZDH C10;JZDLX C1;JBLX C1;DKBM C254;XZBZ F12.3;YZBZ F12.3";
constexpr const char* kLineFields =
    "BSM I10;YSDM C6;JXXZ C6;JZXLB C2;JZXWZ C1;JZXSM C254;PLDWQLR C100;PLDWZJR C100;JZXH C10;"
    "QJZDH C10;ZJZDH C10;DKBM C254";

// The plots at a vertex or along an edge, by index in the group and in order.
using PlotsAt = std::set<int>;
using Edge = std::pair<Vertex, Vertex>;

// A group's boundary points by number, and its lines.
struct Topology {
  std::map<Vertex, PlotsAt> points;
  std::map<Edge, PlotsAt> lines;
  std::map<Vertex, int> numbers;  // from 1, in the order of `points`
};

Topology TopologyOf(const std::vector<Plot>& plots) {
  Topology topology;
  for (std::size_t i = 0; i < plots.size(); ++i) {
    const geo::Boundary& boundary = plots[i].boundary;
    for (std::size_t r = 0; r < boundary.ring_count(); ++r) {
      const auto ring = boundary.Ring(r);
      for (std::size_t v = 0; v < ring.size(); ++v) {
        const Vertex next = ring[v + 1 == ring.size() ? 0 : v + 1];
        topology.points[ring[v]].insert(static_cast<int>(i));
        topology.lines[std::minmax(ring[v], next)].insert(static_cast<int>(i));
      }
    }
  }
  int number = 0;
  for (const auto& [vertex, at] : topology.points) topology.numbers[vertex] = ++number;
  return topology;
}

std::string PointNumber(const Topology& topology, Vertex vertex) {
  return fmt::format("J{}", topology.numbers.at(vertex));
}

const std::string& HolderOf(const GroupRecords& records, int plot_index) {
  return records.households[static_cast<std::size_t>(records.HouseholdOfPlot(plot_index))]
      .front()
      .name;
}

// The codes, and the holders, of the plots, joined by slashes.
std::string CodesOf(const GroupRecords& records, const PlotsAt& plots) {
  std::string text;
  for (const int plot : plots) {
    text += (text.empty() ? "" : "/") + records.plots[static_cast<std::size_t>(plot)].code;
  }
  return text;
}

std::string HoldersOf(const GroupRecords& records, const PlotsAt& plots) {
  std::string text;
  for (const int plot : plots) text += (text.empty() ? "" : "/") + HolderOf(records, plot);
  return text;
}

std::string NeighbourName(const GroupRecords& records, int neighbour) {
  return neighbour == kNoPlot ? "道路" : HolderOf(records, neighbour);
}

// The numbers of the key points: every fourth part of the ring.
std::string KeyPoints(const Topology& topology, const geo::Boundary& boundary) {
  if (boundary.empty()) return "";
  const auto ring = boundary.Ring(0);
  std::string text;
  const std::size_t step = std::max<std::size_t>(ring.size() / 4, 1);
  for (std::size_t v = 0; v < ring.size(); v += step) {
    text += (text.empty() ? "" : "/") + PointNumber(topology, ring[v]);
  }
  return text;
}

}  // namespace

absl::StatusOr<PlotLayers> PlotLayers::Open(const PackagePlace& place) {
  PlotLayers layers;
  const std::array<std::tuple<Writer*, const char*, geo::LayerGeometry, const char*>, 3> all = {{
      {&layers.plots_, "DK", geo::LayerGeometry::kPolygon, kPlotFields},
      {&layers.points_, "JZD", geo::LayerGeometry::kPoint, kPointFields},
      {&layers.lines_, "JZX", geo::LayerGeometry::kLine, kLineFields},
  }};
  for (const auto& [writer, name, geometry, fields] : all) {
    absl::StatusOr<Writer> opened = OpenLayer(place, name, geometry, fields);
    if (!opened.ok()) return opened.status();
    *writer = *std::move(opened);
  }
  return layers;
}

absl::Status PlotLayers::AddPlot(const GroupRecords& records, const Plot& plot,
                                 const std::string& points) {
  const Neighbours& at = plot.neighbours;
  Value code = plot.code;
  if (plot.code.empty()) code = std::monostate();
  Value name = plot.name;
  if (!plot.name_is_text) name = geo::RawText{plot.name};
  const std::vector<Value> values = {next_plot_++,
                                     "211011",
                                     code,
                                     name,
                                     "31",   // owned by the villagers' group
                                     "10",   // contracted
                                     "013",  // dry land
                                     "03",
                                     "1",
                                     plot.basic_farmland ? "1" : "2",
                                     AreaM2(plot.stated_area_hundredths_m2),
                                     NeighbourName(records, at.east),
                                     NeighbourName(records, at.west),
                                     NeighbourName(records, at.south),
                                     NeighbourName(records, at.north),
                                     std::monostate(),
                                     HolderOf(records, plot.index),
                                     points,
                                     AreaMu(plot.stated_area_hundredths_m2)};
  return plots_->AddPolygon(geo::RawOf(plot.boundary), values);
}

absl::Status PlotLayers::Add(const GroupRecords& records) {
  const Topology topology = TopologyOf(records.plots);
  for (const Plot& plot : records.plots) {
    absl::Status status = AddPlot(records, plot, KeyPoints(topology, plot.boundary));
    if (!status.ok()) return status;
  }
  for (const auto& [vertex, plots] : topology.points) {
    const geo::RawVertex place = InMetres(vertex);
    const std::vector<Value> values = {next_point_++, "211021", PointNumber(topology, vertex),
                                       "1",           "6",      CodesOf(records, plots),
                                       place.y,       place.x};
    if (absl::Status status = points_->AddPoint(place, values); !status.ok()) return status;
  }
  int number = 0;
  for (const auto& [edge, plots] : topology.lines) {
    const std::array<geo::RawVertex, 2> line = {InMetres(edge.first), InMetres(edge.second)};
    const std::string holders = HoldersOf(records, plots);
    const std::vector<Value> values = {next_line_++,
                                       "211031",
                                       "600001",
                                       plots.size() > 1 ? "01" : "03",
                                       "2",
                                       plots.size() > 1 ? "田埂中" : "路边",
                                       holders,
                                       holders,
                                       fmt::format("{}", ++number),
                                       PointNumber(topology, edge.first),
                                       PointNumber(topology, edge.second),
                                       CodesOf(records, plots)};
    if (absl::Status status = lines_->AddLine(line, values); !status.ok()) return status;
  }
  return absl::OkStatus();
}

absl::Status PlotLayers::Close() {
  absl::Status status = points_->Close();
  status.Update(lines_->Close());
  status.Update(plots_->Close());
  return status;
}

}  // namespace landbook::sample_county
