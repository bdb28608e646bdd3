// The calls that read parties, and who may see what of natural persons.
//
// A person's private fields are opened for administrators, intake, reviewers and registrars; others
// get the record with its commitments and no values. Whatever is opened, every search by identity
// number, and every person or household that is asked for by anyone but itself, is a row of the
// access log before it is answered. Requests have passed the door; every function may be called
// from any thread.
#ifndef LANDBOOK_SERVICES_REGISTRY_PARTY_READS_H_
#define LANDBOOK_SERVICES_REGISTRY_PARTY_READS_H_

#include "landbook/v1/registry_service.pb.h"
#include "services/common/call_frame.h"
#include "services/common/refusal.h"
#include "services/registry/access_log.h"
#include "services/registry/book.h"

namespace landbook::registry {

// True when officers of that role need private fields for their work.
bool NeedsPrivateFields(v1::Role role);

// RECORD_NOT_FOUND when there is no such party; WRITER_BUSY, worth trying again, when the access
// log can take no row.
common::Outcome<v1::Party> GetParty(const Book& book, AccessLog& log,
                                    const common::CallContext& call,
                                    const v1::GetPartyRequest& request);

// The same, and ROLE_NOT_ALLOWED for a search by identity number from a role that may not see it. A
// search finds those whose values are kept now and who were in the book at the read's point.
common::Outcome<v1::ListPartiesResponse> ListParties(const Book& book, AccessLog& log,
                                                     const common::CallContext& call,
                                                     const v1::ListPartiesRequest& request);

}  // namespace landbook::registry

#endif  // LANDBOOK_SERVICES_REGISTRY_PARTY_READS_H_
