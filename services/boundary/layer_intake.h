// Takes a layer in row by row and checks it as the book would: what a CheckLayer call does between
// its first message and its last answer.
#ifndef LANDBOOK_SERVICES_BOUNDARY_LAYER_INTAKE_H_
#define LANDBOOK_SERVICES_BOUNDARY_LAYER_INTAKE_H_

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "geo/projection.h"
#include "geo/tolerances.h"
#include "landbook/v1/boundary_service.pb.h"
#include "services/common/call_stream.h"
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

// One call's layer. Refusals: PACK_UNKNOWN and other pack reasons, PLOT_KIND_UNKNOWN and
// PLANE_UNUSABLE for the first message; BOUNDARY_UNDECODABLE and VALUE_OUT_OF_RANGE for rows that
// no reader makes, or too many of them.
class LayerIntake : public common::ExchangeIntake<v1::CheckLayerRequest, v1::CheckLayerResponse> {
 public:
  explicit LayerIntake(const LayerLimits& limits) : limits_(limits) {}

  common::RefusalList Take(const common::CallContext& call,
                           v1::CheckLayerRequest& message) override;

  // Checks everything and gives the answer's pages: findings by code, row, rule and what follows in
  // geo::FindingBefore, whatever the order of the rows was; at the end the counts. The rules that
  // need control layers are told as not run.
  common::Outcome<common::PageSource<v1::CheckLayerResponse>> Finish(
      const common::CallContext& call) override;

 private:
  common::RefusalList Begin(const v1::CheckLayerRequest& first);

  const LayerLimits limits_;
  bool begun_ = false;
  std::string county_;
  bool codes_allocated_ = false;
  std::optional<common::Policy> policy_;
  const v1::PlotKind* kind_ = nullptr;
  geo::Tolerances tolerances_;
  geo::Box extent_;
  std::vector<common::CheckedRow> rows_;
};

}  // namespace landbook::boundary

#endif  // LANDBOOK_SERVICES_BOUNDARY_LAYER_INTAKE_H_
