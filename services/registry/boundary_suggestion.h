// The call that suggests how a plot's boundary could meet its neighbours' exactly (geo/snap.h).
// Suggestions are never applied: who accepts one amends the plot, with a document, like any other.
#ifndef LANDBOOK_SERVICES_REGISTRY_BOUNDARY_SUGGESTION_H_
#define LANDBOOK_SERVICES_REGISTRY_BOUNDARY_SUGGESTION_H_

#include "landbook/v1/registry_service.pb.h"
#include "services/common/call_frame.h"
#include "services/common/refusal.h"
#include "services/registry/book.h"

namespace landbook::registry {

// By the tolerances of the pack in force, beside the plots of its tier, at the newest entry.
// RECORD_NOT_FOUND for a plot that the book does not have, RECORD_ENDED for one that stands no
// more. Neighbours that are themselves unsound (B101 to B104, which only a carry-over can bring)
// are left aside. Thread-safe; the request has passed the door.
common::Outcome<v1::BoundarySuggestion> SuggestBoundary(const Book& book,
                                                        const common::CallContext& call,
                                                        const v1::SuggestBoundaryRequest& request);

}  // namespace landbook::registry

#endif  // LANDBOOK_SERVICES_REGISTRY_BOUNDARY_SUGGESTION_H_
