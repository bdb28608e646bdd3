// Reading the access log over the wire: who was shown what of natural persons' private fields
// (个人信息保护法 art. 45: the person may look; the auditor checks). Requests have passed the door.
#ifndef LANDBOOK_SERVICES_REGISTRY_ACCESS_READS_H_
#define LANDBOOK_SERVICES_REGISTRY_ACCESS_READS_H_

#include "landbook/v1/registry_service.pb.h"
#include "services/common/call_frame.h"
#include "services/common/refusal.h"
#include "services/registry/book.h"

namespace landbook::registry {

// A page of the log, the oldest first. Rows that come in while pages are read are on the last ones.
// TIME_MALFORMED for a `from` that is no RFC 3339 time; PAGE_SIZE_TOO_LARGE and
// PAGE_TOKEN_MALFORMED as in every list; RECORD_NOT_FOUND for a holder who asks about others.
common::Outcome<v1::ListAccessesResponse> ListAccesses(const Book& book,
                                                       const common::CallContext& call,
                                                       const v1::ListAccessesRequest& request);

}  // namespace landbook::registry

#endif  // LANDBOOK_SERVICES_REGISTRY_ACCESS_READS_H_
