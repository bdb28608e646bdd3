#include "services/registry/plot_run.h"

#include <algorithm>

namespace landbook::registry {

PlotHead PlotRun::HeadOf(std::uint64_t plot) const {
  PlotHead head{places_[plot - first_], {}};
  auto unit = std::lower_bound(units_.begin(), units_.end(), std::pair(plot, std::uint64_t{0}));
  for (; unit != units_.end() && unit->first == plot; ++unit) head.units.push_back(unit->second);
  return head;
}

std::size_t PlotRun::SizeBytes() const {
  return sizeof(PlotRun) + units_.capacity() * sizeof(units_.front());
}

}  // namespace landbook::registry
