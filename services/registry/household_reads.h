// The calls that read a party through time and a household at a glance (一户一览). Requests have
// passed the door; every function may be called from any thread. What is absent is refused with
// RECORD_NOT_FOUND; where a call reads is read_point.h's. Private fields of natural persons are not
// among what is read: party_reads.h opens those, and keeps account of it.
#ifndef LANDBOOK_SERVICES_REGISTRY_HOUSEHOLD_READS_H_
#define LANDBOOK_SERVICES_REGISTRY_HOUSEHOLD_READS_H_

#include "landbook/v1/registry_service.pb.h"
#include "services/common/call_frame.h"
#include "services/common/refusal.h"
#include "services/registry/book.h"

namespace landbook::registry {

// Every version of a party's record up to the read's point, the oldest first: a household's members
// with their standing and its grounds, as each change left them.
common::Outcome<v1::GetPartyHistoryResponse> GetPartyHistory(
    const Book& book, const common::CallContext& call, const v1::GetPartyHistoryRequest& request);

// A household, the collective it belongs to, and the rights that it holds and that stand, each with
// its unit, its plot, what burdens it and what derives from it. A party that is no household is
// not found.
common::Outcome<v1::HouseholdOverview> GetHouseholdOverview(
    const Book& book, const common::CallContext& call,
    const v1::GetHouseholdOverviewRequest& request);

}  // namespace landbook::registry

#endif  // LANDBOOK_SERVICES_REGISTRY_HOUSEHOLD_READS_H_
