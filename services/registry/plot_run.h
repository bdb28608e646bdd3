// What of a run of neighbouring plots every look-up asks for first, in a few bytes a plot: where
// the window index has the boundary, and which units there are. A reader that finds it in memory
// (book_memory.h) asks the engine for the records alone.
#ifndef LANDBOOK_SERVICES_REGISTRY_PLOT_RUN_H_
#define LANDBOOK_SERVICES_REGISTRY_PLOT_RUN_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "services/registry/record_index.h"

namespace landbook::registry {

// A plot's place and the numbers of its units, ended ones too, ascending.
struct PlotHead {
  std::optional<Place> place;
  std::vector<std::uint64_t> units;
};

// The heads of the plots from first() on, as of one entry.
class PlotRun {
 public:
  static constexpr std::uint64_t kPlots = 32;

  // The first plot of the run that holds `plot`.
  static std::uint64_t FirstOf(std::uint64_t plot) { return plot / kPlots * kPlots; }

  explicit PlotRun(std::uint64_t first) : first_(first) {}
  // REQUIRES: first() <= plot < first() + kPlots.
  void SetPlace(std::uint64_t plot, const Place& place) { places_[plot - first_] = place; }
  // REQUIRES: in the order of plots, then of units.
  void AddUnit(std::uint64_t plot, std::uint64_t unit) { units_.emplace_back(plot, unit); }

  std::uint64_t first() const { return first_; }
  PlotHead HeadOf(std::uint64_t plot) const;

  // Memory that the run takes.
  std::size_t SizeBytes() const;

 private:
  std::uint64_t first_;
  std::array<std::optional<Place>, kPlots> places_;
  std::vector<std::pair<std::uint64_t, std::uint64_t>> units_;  // plot, unit
};

}  // namespace landbook::registry

#endif  // LANDBOOK_SERVICES_REGISTRY_PLOT_RUN_H_
