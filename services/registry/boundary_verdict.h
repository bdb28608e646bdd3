// What the boundary check said of a commit, before the writer takes it: the only thing that is
// decided outside the writer, in parallel, against a stated sequence (architecture, idea 1).
#ifndef LANDBOOK_SERVICES_REGISTRY_BOUNDARY_VERDICT_H_
#define LANDBOOK_SERVICES_REGISTRY_BOUNDARY_VERDICT_H_

#include <algorithm>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "geo/boundary.h"
#include "landbook/v1/common.pb.h"
#include "landbook/v1/error.pb.h"

namespace landbook::registry {

// A boundary that a commit brings, as it would be kept.
struct CheckedBoundary {
  std::uint32_t act = 0;   // the act that brings it
  std::uint32_t part = 0;  // which of the act's boundaries: a split brings several, a merge makes one
  std::uint8_t tier = 0;
  std::string compact;     // canonical bytes of the compact codec
  geo::Box box;
  std::int64_t computed_area_hundredths_m2 = 0;
};

// A finding about one of them.
struct BoundaryFinding {
  std::uint32_t act = 0;
  std::uint32_t part = 0;
  v1::Finding finding;
};

// A neighbour that gets a vertex on its edge where a split begins or ends: no legal change.
struct NodedNeighbour {
  std::uint32_t act = 0;
  std::uint64_t plot = 0;
  std::uint64_t from = 0;  // the version of its boundary that was noded
  std::uint8_t tier = 0;
  std::string compact;
};

// Where the check looked: what has to be unchanged for it to hold.
struct TierWindow {
  std::uint8_t tier = 0;
  geo::Box box;
};

// The verdict of one commit.
struct CommitVerdict {
  std::uint64_t sequence = 0;  // the state that was looked at
  std::vector<CheckedBoundary> boundaries;  // by act, then part
  std::vector<BoundaryFinding> findings;    // by act, part, then the fixed order of findings
  std::vector<NodedNeighbour> noded;
  std::vector<TierWindow> windows;
  std::vector<std::uint64_t> replaced;      // plots whose boundary the commit ends or changes
  std::vector<v1::Refusal> refusals;        // what could not even be checked, and B501, B502
  std::uint32_t notes = 0;                  // findings of severity note are counted, not listed
  bool control_checked = false;             // the control layers were looked at
  std::vector<std::uint64_t> control_layers;  // their versions, as LayersInForce gives them
  std::uint32_t control_notes = 0;          // those of `notes` that are of them

  // The boundary that act `act` brings as its `part`-th; null when it brings none or it was refused.
  const CheckedBoundary* Find(std::uint32_t act, std::uint32_t part) const {
    const auto found = std::lower_bound(
        boundaries.begin(), boundaries.end(), std::pair(act, part),
        [](const CheckedBoundary& a, const auto& b) { return std::pair(a.act, a.part) < b; });
    if (found == boundaries.end() || found->act != act || found->part != part) return nullptr;
    return &*found;
  }
};

}  // namespace landbook::registry

#endif  // LANDBOOK_SERVICES_REGISTRY_BOUNDARY_VERDICT_H_
