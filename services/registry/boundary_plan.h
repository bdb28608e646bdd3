// Which boundaries a commit brings and which it ends, read off its acts before anything is decided.
#ifndef LANDBOOK_SERVICES_REGISTRY_BOUNDARY_PLAN_H_
#define LANDBOOK_SERVICES_REGISTRY_BOUNDARY_PLAN_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "landbook/v1/act.pb.h"
#include "landbook/v1/error.pb.h"
#include "landbook/v1/policy.pb.h"
#include "services/common/policy.h"
#include "services/registry/versions.h"

namespace landbook::registry {

// A boundary that an act brings. Pointers live with the commit and the policy.
struct PlannedBoundary {
  std::uint32_t act = 0;
  std::uint32_t part = 0;
  std::string field;                    // its path in the request
  const v1::Boundary* given = nullptr;  // null for a merge, whose boundary is made
  std::string code;                     // the plot's; empty when the book is to allocate it
  const v1::PlotKind* kind = nullptr;
  std::uint8_t tier = 0;
  std::optional<std::int64_t> stated_area_mm2;
};

// How an act changes boundaries.
enum class PlannedChange { kBring, kSplit, kMerge, kEnd };

// One act that changes boundaries.
struct PlannedAct {
  PlannedChange change{};
  std::uint32_t act = 0;
  std::vector<std::uint64_t> ends;      // plots of the book whose boundary it ends or replaces
  std::vector<PlannedBoundary> brings;  // by part
};

// All of them, by act.
struct BoundaryPlan {
  std::vector<PlannedAct> acts;
  // PLOT_CHANGED_TWICE: a commit changes the boundary of a plot at most once, and making it counts.
  std::vector<v1::Refusal> refusals;
};

// True when the act brings, ends or changes a boundary.
bool TouchesBoundary(const v1::Act& act);

// The plan of a commit over a state. An act whose plot or kind is not to be found is left out: the
// act itself is refused for it.
BoundaryPlan PlanBoundaries(const v1::Commit& commit, const common::Policy& policy,
                            const VersionReader& state);

// The plot's record in the state; nullopt when there is none of that number.
std::optional<v1::Plot> PlotOf(const VersionReader& state, std::uint64_t number);

}  // namespace landbook::registry

#endif  // LANDBOOK_SERVICES_REGISTRY_BOUNDARY_PLAN_H_
