// The last parts of a verification, over a fold that is known to be the journal's: what must hold
// of every record, and what today's rules say of boundaries.
#ifndef LANDBOOK_SERVICES_REGISTRY_VERIFY_RULES_H_
#define LANDBOOK_SERVICES_REGISTRY_VERIFY_RULES_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "geo/boundary.h"
#include "geo/layer_check.h"
#include "services/common/policy.h"
#include "services/registry/key_stream.h"
#include "services/registry/keys.h"
#include "services/registry/verify_report.h"
#include "services/registry/versions.h"
#include "services/registry/view.h"
#include "services/registry/window_index.h"
#include "storage/engine.h"

namespace landbook::registry {

// Checks every right and plot of the newest state in `folded`.
class InvariantCheck {
 public:
  InvariantCheck(const storage::Engine* folded, BookNumber book, VerifyReport* report);

  // Checks some more records; false at the end.
  bool Step();
  absl::Status status() const;

 private:
  template <typename Record, typename FaultOf>
  bool CheckNext(KeyStream* records, FaultOf fault_of);

  EngineView view_;
  VersionReader state_;
  VerifyReport* report_;
  KeyStream rights_;
  KeyStream plots_;
  KeyStream advances_;
  KeyStream cases_;
  KeyStream cautions_;
};

// Checks the boundaries of each tier, alone, beside their neighbours and against the control layers
// in force, in runs of the window index, so that memory is bounded whatever the size of the county.
// Notes are not told.
class LayerRecheck {
 public:
  struct Inputs {
    const storage::Engine* folded = nullptr;
    BookNumber book = 0;
    std::shared_ptr<const common::Policy> policy;
    std::optional<geo::Box> plane_extent;
    std::string day;  // says which control layers are in force
  };
  LayerRecheck(Inputs inputs, VerifyReport* report);

  // Checks one more run; false at the end.
  bool Step();
  absl::Status status() const;

 private:
  struct Line;
  struct Run;

  // The next lines of the index that are of one tier and size class and one kind's neighbours.
  Run NextRun();
  // False for all but one of a long boundary's lines.
  bool IsFirstStretch(const WindowKeyTail& tail) const;
  void Check(const Run& run);
  // What the control layers say of the run's plots; those that are not sound are passed over.
  void CheckControl(const Run& run);
  std::vector<Line> NeighboursOf(const Run& run, std::int64_t reach_steps);
  v1::Plot PlotOf(std::uint64_t number);

  Inputs inputs_;
  VerifyReport* report_;
  EngineView view_;
  VersionReader state_;
  std::vector<std::uint64_t> control_layers_;
  KeyStream lines_;
  absl::Status status_;
};

}  // namespace landbook::registry

#endif  // LANDBOOK_SERVICES_REGISTRY_VERIFY_RULES_H_
