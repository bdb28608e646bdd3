// The one table from refusals to gRPC's status and back.
//
// A refused call ends with the canonical code of its first refusal, that refusal's English
// sentence, and in grpc-status-details-bin a landbook.v1.Status, which is wire-compatible with
// google.rpc.Status: ErrorInfo of the first refusal, BadRequest with the path of every refusal that
// has one, and Refusals with all of them. Clients of other languages read it with their stock
// google.rpc types.
#ifndef LANDBOOK_SERVICES_COMMON_REFUSAL_WIRE_H_
#define LANDBOOK_SERVICES_COMMON_REFUSAL_WIRE_H_

#include <grpcpp/support/channel_arguments.h>
#include <grpcpp/support/status.h>

#include <cstddef>
#include <span>

#include "services/common/refusal.h"

namespace landbook::common {

// How many bytes of details a stock gRPC client surely takes: its limit for all trailing metadata
// of a call is 8 KiB, in which the details count as base64, and a client that is sent more reports
// that instead of the refusal.
inline constexpr std::size_t kDetailsBytesDefault = 4 * 1024;

// How many a client may ask for by sending kDetailsLimitKey; such a client raises its own limit
// with RaiseDetailsLimit.
inline constexpr std::size_t kDetailsBytesMax = 4 * 1024 * 1024;

// The request metadata by which a client says how many bytes of details it takes, in decimal.
inline constexpr char kDetailsLimitKey[] = "landbook-details-max";

// The status that tells `refusals`: as many of them as fit in `details_bytes_max`, the first always
// among them. ErrorInfo's metadata say how many there were ("refusals") and how many of them are
// told ("told"). REQUIRES: at least one.
grpc::Status StatusFromRefusals(std::span<const v1::Refusal> refusals,
                                std::size_t details_bytes_max = kDetailsBytesDefault);

// The refusals that `status` tells. A status without details of ours (a lost connection, another
// server) gives one refusal whose reason is the code's name and whose number is 0; an OK status
// gives none.
RefusalList RefusalsFromStatus(const grpc::Status& status);

// Lets a channel take details of up to kDetailsBytesMax.
void RaiseDetailsLimit(grpc::ChannelArguments& arguments);

}  // namespace landbook::common

#endif  // LANDBOOK_SERVICES_COMMON_REFUSAL_WIRE_H_
