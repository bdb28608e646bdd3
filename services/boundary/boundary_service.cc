#include "services/boundary/boundary_service.h"

#include <memory>
#include <utility>

namespace landbook::boundary {

BoundaryService::BoundaryService(const common::FrameParts& parts, LayerLimits limits)
    : frame_(parts,
             *v1::CheckLayerRequest::descriptor()->file()->FindServiceByName("BoundaryService")),
      limits_(std::move(limits)) {}

grpc::ServerBidiReactor<grpc::ByteBuffer, grpc::ByteBuffer>* BoundaryService::CheckLayer(
    grpc::CallbackServerContext* context) {
  return common::ServeExchange<v1::CheckLayerRequest, v1::CheckLayerResponse>(
      frame_, {context, "CheckLayer"}, std::make_unique<LayerIntake>(limits_));
}

}  // namespace landbook::boundary
