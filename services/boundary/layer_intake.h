// Takes a layer in row by row and checks it as the book would: what a CheckLayer call does between
// its first message and its last answer.
#ifndef LANDBOOK_SERVICES_BOUNDARY_LAYER_INTAKE_H_
#define LANDBOOK_SERVICES_BOUNDARY_LAYER_INTAKE_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "geo/finding.h"
#include "geo/projection.h"
#include "geo/tolerances.h"
#include "landbook/v1/boundary_service.pb.h"
#include "services/common/call_stream.h"
#include "services/common/control_rules.h"
#include "services/common/policy.h"
#include "services/common/row_check.h"

namespace landbook::boundary {

// How a layer is checked.
struct LayerLimits {
  // The folder of policy packs.
  std::string policy_directory;
  // How many threads check one layer; at least 1.
  int threads = 1;
  // The most rows that one call may bring.
  std::size_t rows_max = 2'000'000;
};

// A row's finding about a control layer; `subject` is the row's position.
struct ControlFinding {
  std::uint64_t subject = 0;
  geo::Rule rule{};
  v1::Finding finding;
};

// One call's layer. Refusals: PACK_UNKNOWN and other pack reasons, PLOT_KIND_UNKNOWN and
// PLANE_UNUSABLE for the first message; BOUNDARY_UNDECODABLE and VALUE_OUT_OF_RANGE for rows that
// no reader makes, or too many of them; CONTROL_LAYER_UNKNOWN for a layer that there is none of.
class LayerIntake : public common::ExchangeIntake<v1::CheckLayerRequest, v1::CheckLayerResponse> {
 public:
  explicit LayerIntake(const LayerLimits& limits) : limits_(limits) {}

  common::RefusalList Take(const common::CallContext& call,
                           v1::CheckLayerRequest& message) override;

  // Checks everything and gives the answer's pages: findings by code, row, rule and what follows in
  // geo::FindingBefore, whatever the order of the rows was; at the end the counts. Rules about
  // control layers that did not come are told as not run.
  common::Outcome<common::PageSource<v1::CheckLayerResponse>> Finish(
      const common::CallContext& call) override;

 private:
  common::RefusalList Begin(const v1::CheckLayerRequest& first);
  // Takes a control layer's shapes: those with B101 to B104 by their box.
  common::RefusalList TakeControl(const v1::ControlRows& control, const std::string& path);
  // What the control layers that came say of the sound rows, by row.
  absl::StatusOr<std::vector<ControlFinding>> CheckControl(
      const std::vector<geo::Finding>& findings);
  std::vector<std::string> RulesNotRun() const;

  const LayerLimits limits_;
  bool begun_ = false;
  std::string county_;
  bool codes_allocated_ = false;
  std::optional<common::Policy> policy_;
  const v1::PlotKind* kind_ = nullptr;
  geo::Tolerances tolerances_;
  geo::Box extent_;
  std::vector<common::CheckedRow> rows_;
  std::size_t control_rows_ = 0;
  std::vector<v1::Finding> layer_findings_;  // what is wrong with control layers themselves
  common::ControlGround ground_;
};

}  // namespace landbook::boundary

#endif  // LANDBOOK_SERVICES_BOUNDARY_LAYER_INTAKE_H_
