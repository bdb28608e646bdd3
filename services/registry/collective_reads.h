// The calls that read what collectives decide and are told, and what stands beside rights: filings,
// rank agreements, a fund's advances. Requests have passed the door; every function may be called
// from any thread. What is absent is refused with RECORD_NOT_FOUND; where a call reads is
// read_point.h's.
#ifndef LANDBOOK_SERVICES_REGISTRY_COLLECTIVE_READS_H_
#define LANDBOOK_SERVICES_REGISTRY_COLLECTIVE_READS_H_

#include "landbook/v1/registry_service.pb.h"
#include "services/common/call_frame.h"
#include "services/common/refusal.h"
#include "services/registry/book.h"

namespace landbook::registry {

// One resolution (集体决议) by its number.
common::Outcome<v1::Resolution> GetResolution(const Book& book, const common::CallContext& call,
                                              const v1::GetResolutionRequest& request);
// The resolutions of a collective; those that were revoked only when they are asked for.
common::Outcome<v1::ListResolutionsResponse> ListResolutions(
    const Book& book, const common::CallContext& call, const v1::ListResolutionsRequest& request);

// The filings (备案) about a right, or with a collective or authority. ONEOF_REQUIRED without one.
common::Outcome<v1::ListFilingsResponse> ListFilings(const Book& book,
                                                     const common::CallContext& call,
                                                     const v1::ListFilingsRequest& request);
// All agreements on rank (顺位约定) over a right, those that have ended too.
common::Outcome<v1::ListRankAgreementsResponse> ListRankAgreements(
    const Book& book, const common::CallContext& call,
    const v1::ListRankAgreementsRequest& request);
// A fund's advances (垫付), or those for a right; only those not paid back in full, if that is
// asked for. ONEOF_REQUIRED without either.
common::Outcome<v1::ListFundAdvancesResponse> ListFundAdvances(
    const Book& book, const common::CallContext& call, const v1::ListFundAdvancesRequest& request);

// The appointments (任命) of the book, by name and in the order in which they were made: those of
// one name, when one is asked for; those that have ended or not begun only when they are asked for.
common::Outcome<v1::ListAppointmentsResponse> ListAppointments(
    const Book& book, const common::CallContext& call, const v1::ListAppointmentsRequest& request);

}  // namespace landbook::registry

#endif  // LANDBOOK_SERVICES_REGISTRY_COLLECTIVE_READS_H_
