// The calls that read control layers. Requests have passed the door; every function may be called
// from any thread; where a call reads is read_point.h's.
#ifndef LANDBOOK_SERVICES_REGISTRY_CONTROL_READS_H_
#define LANDBOOK_SERVICES_REGISTRY_CONTROL_READS_H_

#include "landbook/v1/registry_service.pb.h"
#include "services/common/call_frame.h"
#include "services/common/refusal.h"
#include "services/registry/book.h"

namespace landbook::registry {

// The versions of all layers, or of one, those that are still coming in too. CONTROL_LAYER_UNKNOWN
// for a layer that there is none of.
common::Outcome<v1::ListControlLayersResponse> ListControlLayers(
    const Book& book, const common::CallContext& call, const v1::ListControlLayersRequest& request);

// The shapes of a version. RECORD_NOT_FOUND when the book has no such version.
common::Outcome<v1::ListControlShapesResponse> ListControlShapes(
    const Book& book, const common::CallContext& call, const v1::ListControlShapesRequest& request);

}  // namespace landbook::registry

#endif  // LANDBOOK_SERVICES_REGISTRY_CONTROL_READS_H_
