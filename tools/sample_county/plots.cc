#include "tools/sample_county/plots.h"

#include <utility>
#include <vector>

#include "fmt/format.h"
#include "geo/area.h"
#include "tools/sample_county/faults.h"
#include "tools/sample_county/layout.h"
#include "tools/sample_county/slivers.h"

namespace landbook::sample_county {
namespace {

void SetBoundary(std::vector<geo::Vertex> ring, Plot& plot) {
  plot.boundary.vertices = std::move(ring);
  plot.boundary.EndRing();
  plot.boundary.EndPart();
  plot.stated_area_hundredths_m2 = geo::ComputedAreaHundredthsM2(plot.boundary);
}

Plot NamedPlot(const Layout& layout, std::int64_t group, int index) {
  Plot plot;
  plot.group = group;
  plot.index = index;
  plot.code = layout.PlotCode(group, index);
  return plot;
}

// The index in its group of the field in the given column and row of a block, kNoPlot when there is
// none.
int FieldAt(int block, int column, int row, const std::pair<int, int>& long_and_all) {
  if (column < 0 || column >= kFieldColumns || row < 0 || row >= kFieldRows) return kNoPlot;
  const int index = long_and_all.first + block * kFieldsPerBlock + row * kFieldColumns + column;
  return index < long_and_all.second ? index : kNoPlot;
}

Plot FieldPlot(const Layout& layout, std::int64_t group, int index) {
  Plot plot = NamedPlot(layout, group, index);
  const std::pair<int, int> long_and_all = {layout.LongPlotsOf(group), layout.CleanPlotsOf(group)};
  const int field = index - long_and_all.first;
  const int block = field / kFieldsPerBlock;
  const int column = field % kFieldsPerBlock % kFieldColumns;
  const int row = field % kFieldsPerBlock / kFieldColumns;
  const Lattice lattice = layout.FieldLattice(group, block);
  const Cells cell{column, row, 1, 1};
  std::vector<geo::Vertex> ring = RingOf(lattice, cell);
  LapOverNeighbours(layout.options(), lattice, cell, ring);
  SetBoundary(std::move(ring), plot);
  plot.name = fmt::format("第{}块地{}号", block + 1, field % kFieldsPerBlock + 1);
  plot.basic_farmland = true;
  plot.neighbours = {
      FieldAt(block, column + 1, row, long_and_all), FieldAt(block, column - 1, row, long_and_all),
      FieldAt(block, column, row - 1, long_and_all), FieldAt(block, column, row + 1, long_and_all)};
  return plot;
}

Plot LongPlot(const Layout& layout, std::int64_t group, int index) {
  Plot plot = NamedPlot(layout, group, index);
  SetBoundary(RingOf(layout.LongLattice(group, index / 2), {0, index % 2, 1, 1}), plot);
  plot.name = fmt::format("沟边条地{}号", index + 1);
  if (index % 2 == 1) plot.neighbours.south = index - 1;
  if (index % 2 == 0 && index + 1 < layout.LongPlotsOf(group)) plot.neighbours.north = index + 1;
  return plot;
}

absl::Status GenerateClean(const Layout& layout, const PlotSink& sink, std::int64_t& row) {
  for (std::int64_t group = 0; group < layout.clean_groups(); ++group) {
    const int plots = layout.CleanPlotsOf(group);
    const int long_plots = layout.LongPlotsOf(group);
    for (int index = 0; index < plots; ++index) {
      Plot plot =
          index < long_plots ? LongPlot(layout, group, index) : FieldPlot(layout, group, index);
      plot.row = row++;
      if (absl::Status status = sink(plot); !status.ok()) return status;
    }
  }
  return absl::OkStatus();
}

// Where the next fault goes.
struct FaultPlace {
  std::int64_t group = 0;
  int slot = 0;
  int index = 0;  // of the next plot in the group

  void Advance() {
    if (++slot < kFaultSlotsPerGroup) return;
    ++group;
    slot = 0;
    index = 0;
  }
};

absl::Status GenerateFaults(const Layout& layout, const PlotSink& sink, std::int64_t& row) {
  FaultPlace place;
  place.group = layout.clean_groups();
  for (const auto& [rule, count] : layout.options().faults) {
    for (int number = 0; number < count; ++number) {
      std::vector<Plot> plots;
      for (int i = 0; i < PlotsOfFault(rule); ++i) {
        plots.push_back(NamedPlot(layout, place.group, place.index++));
        plots.back().row = row++;
        plots.back().name = fmt::format("{}样例{}", rule, number + 1);
      }
      PlantFault(rule, number, layout.FaultSlot(place.group, place.slot), plots);
      for (const Plot& plot : plots) {
        if (absl::Status status = sink(plot); !status.ok()) return status;
      }
      place.Advance();
    }
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status GeneratePlots(const Options& options, const PlotSink& sink) {
  const Layout layout(options);
  std::int64_t row = 0;
  if (absl::Status status = GenerateClean(layout, sink, row); !status.ok()) return status;
  return GenerateFaults(layout, sink, row);
}

}  // namespace landbook::sample_county
