// BoundaryService over gRPC. All it does is in layer_intake.h.
#ifndef LANDBOOK_SERVICES_BOUNDARY_BOUNDARY_SERVICE_H_
#define LANDBOOK_SERVICES_BOUNDARY_BOUNDARY_SERVICE_H_

#include "landbook/v1/boundary_service.grpc.pb.h"
#include "services/boundary/layer_intake.h"
#include "services/common/call_frame.h"

namespace landbook::boundary {

// Checks boundaries by the same rules and tolerances as the book does, without a book. What `parts`
// borrows outlives the service.
class BoundaryService final
    : public v1::BoundaryService::WithRawCallbackMethod_CheckLayer<v1::BoundaryService::Service> {
 public:
  BoundaryService(const common::FrameParts& parts, LayerLimits limits);

  grpc::ServerBidiReactor<grpc::ByteBuffer, grpc::ByteBuffer>* CheckLayer(
      grpc::CallbackServerContext* context) override;

 private:
  common::CallFrame frame_;
  const LayerLimits limits_;
};

}  // namespace landbook::boundary

#endif  // LANDBOOK_SERVICES_BOUNDARY_BOUNDARY_SERVICE_H_
