// Single steps of the hot paths, for whoever changes one: build/bin/landbook_geo_bench. What users
// feel is measured by `landbook bench` (docs/benchmarks.md).
#include <benchmark/benchmark.h>

#include <cmath>
#include <numbers>
#include <string>
#include <vector>

#include "geo/area.h"
#include "geo/boundary_check.h"
#include "geo/boundary_check_pair.h"
#include "geo/boundary_coverage_testing.h"
#include "geo/compact.h"
#include "geo/hilbert.h"
#include "geo/layer_check.h"

namespace landbook::geo {
namespace {

constexpr std::int64_t kSide = 40;

std::vector<Boundary> Coverage() {
  TestNumbers numbers(1);
  return CoverageOf(kSide, &numbers);
}

void EncodeOne(benchmark::State& state) {
  const Boundary plot = Coverage().front();
  for (auto _ : state) benchmark::DoNotOptimize(EncodeCompact(plot));
}
BENCHMARK(EncodeOne);

void DecodeOne(benchmark::State& state) {
  std::vector<std::string> compact;
  for (const Boundary& plot : Coverage()) compact.push_back(EncodeCompact(plot));
  std::size_t next = 0;
  for (auto _ : state) {
    benchmark::DoNotOptimize(DecodeCompact(compact[next]));
    next = next + 1 == compact.size() ? 0 : next + 1;
  }
}
BENCHMARK(DecodeOne);

void RangesOfAWindow(benchmark::State& state) {
  const Box window{5'908'262'575, 40'755'426'937, 5'910'262'575, 40'757'426'937};
  for (auto _ : state) {
    benchmark::DoNotOptimize(HilbertRanges(window, kSizeClassExtentSteps[0], 8));
  }
}
BENCHMARK(RangesOfAWindow);

void CheckNeighbours(benchmark::State& state) {
  const std::vector<Boundary> plots = Coverage();
  const PreparedPlot west(0, &plots[0]);
  const PreparedPlot east(1, &plots[1]);
  std::vector<Finding> findings;
  for (auto _ : state) {
    benchmark::DoNotOptimize(CheckPair(west, east, Tolerances(), &findings));
    findings.clear();
  }
}
BENCHMARK(CheckNeighbours);

// A field of so many vertices around `centre`, its edge within a metre of a circle of 100 m.
Boundary RoundField(Vertex centre, std::int64_t vertices, TestNumbers* numbers) {
  Boundary field;
  for (std::int64_t i = 0; i < vertices; ++i) {
    const double angle =
        2 * std::numbers::pi * static_cast<double>(i) / static_cast<double>(vertices);
    const double radius = 1'000'000 + static_cast<double>(numbers->Between(0, 10'000));
    field.vertices.push_back({centre.x + std::llround(radius * std::cos(angle)),
                              centre.y + std::llround(radius * std::sin(angle))});
  }
  field.EndRing();
  field.EndPart();
  return field;
}

// Two fields of many vertices that overlap by half.
void MeasureOverlap(benchmark::State& state) {
  TestNumbers numbers(1);
  const Boundary west = RoundField({0, 0}, state.range(0), &numbers);
  const Boundary east = RoundField({1'000'000, 0}, state.range(0), &numbers);
  std::vector<Finding> findings;
  for (auto _ : state) {
    findings.clear();
    benchmark::DoNotOptimize(
        CheckPair(PreparedPlot(0, &west), PreparedPlot(1, &east), Tolerances(), &findings));
  }
}
BENCHMARK(MeasureOverlap)->Arg(300)->Arg(3'000)->Arg(20'000)->Unit(benchmark::kMillisecond);

// Moves the middle of one side of a third of the plots over the neighbour, by up to 20 mm: as many
// slivers as a tenth of the pairs of neighbours would have.
void AddSlivers(std::vector<Boundary>* plots, TestNumbers* numbers) {
  constexpr std::size_t kMiddleOfEastSide = 3;
  for (Boundary& plot : *plots) {
    if (numbers->Between(0, 2) != 0) continue;
    plot.vertices[kMiddleOfEastSide].x += numbers->Between(5, 200);
  }
}

// A coverage, clean (0), with most plots moved by some centimetres (1), or with slivers (2); per
// plot.
void CheckCoverage(benchmark::State& state) {
  std::vector<Boundary> plots = Coverage();
  TestNumbers numbers(2);
  if (state.range(0) == 1) Dirty(&plots, 500, &numbers);
  if (state.range(0) == 2) AddSlivers(&plots, &numbers);
  std::vector<LayerPlot> layer(plots.size());
  for (std::size_t i = 0; i < plots.size(); ++i) {
    layer[i].subject.id = i;
    layer[i].subject.boundary = &plots[i];
  }
  for (auto _ : state) benchmark::DoNotOptimize(CheckLayer(layer, LayerOptions()));
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(plots.size()));
}
BENCHMARK(CheckCoverage)->Arg(0)->Arg(1)->Arg(2)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace landbook::geo
