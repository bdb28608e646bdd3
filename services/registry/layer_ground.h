// The ground that boundaries are checked on: the plots of the book beside them, and the words in
// which findings about both are told. Shared by the check of a commit and that of an import.
#ifndef LANDBOOK_SERVICES_REGISTRY_LAYER_GROUND_H_
#define LANDBOOK_SERVICES_REGISTRY_LAYER_GROUND_H_

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>

#include "geo/boundary.h"
#include "geo/finding.h"
#include "geo/layer_check.h"
#include "geo/tolerances.h"
#include "landbook/v1/common.pb.h"
#include "services/common/finding_wire.h"
#include "services/registry/boundary_verdict.h"
#include "services/registry/versions.h"

namespace landbook::registry {

// In a layer check a new plot goes by its position in the commit or the file, a plot of the book by
// its number and this: so of a new plot and a standing one the new one is the subject of a finding.
inline constexpr std::uint64_t kStandingId = std::uint64_t{1} << 62;

// How far the rules about two plots reach, in steps.
std::int64_t NeighbourReachSteps(const geo::Tolerances& tolerances);

// A boundary from the state's own bytes, which always decode.
geo::Boundary StoredBoundaryOf(std::string_view compact);

// A plot of the book beside new ones.
struct StandingPlot {
  std::uint64_t from = 0;
  geo::Boundary boundary;
};

// The plots of one tier that stand near new ones, by number.
class StandingPlots {
 public:
  // REQUIRES: `state` outlives the object.
  explicit StandingPlots(const VersionReader& state) : state_(state) {}

  // Takes in the plots whose box meets the window, but those of `except`. Of those that hold from
  // entry `newer_than` or before, none.
  void Add(const TierWindow& window, const std::set<std::uint64_t>& except,
           std::uint64_t newer_than = 0);

  const std::map<std::uint64_t, StandingPlot>& plots() const { return plots_; }
  // The same, for a neighbour that gets noded.
  StandingPlot* Find(std::uint64_t number);
  // The current code of a plot of the book.
  std::string CodeOf(std::uint64_t number) const;

 private:
  const VersionReader& state_;
  std::map<std::uint64_t, StandingPlot> plots_;
};

// The plot as a layer check takes it. REQUIRES: `standing` outlives the check.
geo::LayerPlot LayerPlotOf(std::uint64_t number, const StandingPlot& standing);

// True when the boundary has no B101 to B104, so that pairs may be measured.
bool IsSound(const geo::Boundary& boundary, const geo::Tolerances& tolerances);

// A finding as it is sent and kept; `name_of` says which plot an id of the check means.
v1::Finding FindingRecord(const geo::Finding& finding,
                          const std::function<common::FindingPlot(std::uint64_t id)>& name_of);

}  // namespace landbook::registry

#endif  // LANDBOOK_SERVICES_REGISTRY_LAYER_GROUND_H_
