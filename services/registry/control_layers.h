// The control layers of a book: which version of each is in force, and the shapes near some ground.
// docs/control-layers.md says how they are kept.
#ifndef LANDBOOK_SERVICES_REGISTRY_CONTROL_LAYERS_H_
#define LANDBOOK_SERVICES_REGISTRY_CONTROL_LAYERS_H_

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "geo/boundary.h"
#include "landbook/v1/control.pb.h"
#include "services/common/control_rules.h"
#include "services/registry/book.h"
#include "services/registry/versions.h"

namespace landbook::registry {

// The numbers of the versions in force on that civil day (YYYY-MM-DD), one a layer, by the layer's
// name: of a layer's whole versions the one with the latest effective date that has come, and of
// two of one date the later one. One short scan.
std::vector<std::uint64_t> LayersInForce(const VersionReader& state, std::string_view day);

// The version's record. REQUIRES: the state has it.
v1::ControlLayer ControlLayerOf(const VersionReader& state, std::uint64_t number);

// The names of layers in force, for what only asks which there are.
std::vector<std::string> NamesOf(const VersionReader& state, std::span<const std::uint64_t> layers);

// The civil date in the book's time zone now.
std::string TodayOf(const Book& book);

// Gathers the shapes near some plots. Shapes of faraway ground are not read, and of a shape with
// many parts only those near are taken.
class GroundGatherer {
 public:
  // REQUIRES: `state` outlives the gatherer; `layers` are versions of different layers.
  GroundGatherer(const VersionReader& state, std::span<const std::uint64_t> layers);
  ~GroundGatherer();

  // What the rules look at for plots within the box; for many plots that lie together, once for
  // all of them.
  void AddWindow(const geo::Box& box);
  // The village's own boundary: `village` are the first 12 digits of a division.
  void AddVillage(std::string_view village);
  // The ground, to be asked.
  common::ControlGround Finish();

 private:
  struct Layer;

  const VersionReader& state_;
  std::vector<Layer> layers_;
};

}  // namespace landbook::registry

#endif  // LANDBOOK_SERVICES_REGISTRY_CONTROL_LAYERS_H_
