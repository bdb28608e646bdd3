// What a bank or a trading centre may know of a unit that is not its own, with the holder's written
// consent (权属状况核验).
#ifndef LANDBOOK_SERVICES_REGISTRY_UNIT_STATUS_H_
#define LANDBOOK_SERVICES_REGISTRY_UNIT_STATUS_H_

#include <string>

#include "landbook/v1/registry_service.pb.h"
#include "services/common/call_frame.h"
#include "services/common/refusal.h"
#include "services/registry/book.h"

namespace landbook::registry {

// The standing rights that the consenting party holds in the unit, how many mortgages stand over
// them and for how much, the cautions in force on the unit or on them, and whether the law of today
// lets each be mortgaged. It names nobody. Refused: RECORD_NOT_FOUND for a unit that the book has
// not; CONSENT_MISSING when the party holds no standing right in it; VALUE_OUT_OF_RANGE for a
// consent of a day that has not come, or a hash that is none. May be called from any thread.
common::Outcome<v1::UnitStatus> GetUnitStatus(const Book& book, const common::CallContext& call,
                                              const v1::GetUnitStatusRequest& request);

// The consent in the words of the access log, whose row keeps what a search rests on.
std::string ConsentDocument(const v1::GetUnitStatusRequest& request);

}  // namespace landbook::registry

#endif  // LANDBOOK_SERVICES_REGISTRY_UNIT_STATUS_H_
