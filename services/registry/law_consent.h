// Consent (同意): who has to give it, and whether the act's evidence holds it.
#ifndef LANDBOOK_SERVICES_REGISTRY_LAW_CONSENT_H_
#define LANDBOOK_SERVICES_REGISTRY_LAW_CONSENT_H_

#include <cstdint>
#include <set>
#include <string>
#include <string_view>

#include "landbook/v1/common.pb.h"
#include "landbook/v1/plot.pb.h"
#include "landbook/v1/right.pb.h"
#include "services/registry/act_context.h"

namespace landbook::registry {

// The parties that gave evidence of `kind` among what the act rests on. A reference that means
// nothing is refused with the path of the evidence in the commit. REQUIRES: the act has taken its
// evidence.
std::set<std::uint64_t> GiversOf(v1::EvidenceKind kind, ActContext* context);

// True when the act rests on a written consent that the organ of that name issued. Cautions name
// whom they protect by words, so words decide.
bool ConsentGivenByOrgan(std::string_view organ, const ActContext& context);

// True when one of `parties` is a collective that owns at the plot's division (law_codes.h).
bool HoldsCollectiveOf(const v1::Plot& plot, const std::set<std::uint64_t>& parties,
                       const ActContext& context);

// Refuses until every adult holder has consented: each adult member of a household that holds the
// right, and every other holder itself. Adult is who has completed 18 years on the day (Civil Code
// 17), by the private birth date: one that is missing or erased refuses too, because whether the
// person has to be asked cannot be known. CONSENT_MISSING, BIRTH_DATE_REQUIRED, PARTY_ERASED.
void CheckConsentOfAdultHolders(const v1::Right& right, ActContext* context);

}  // namespace landbook::registry

#endif  // LANDBOOK_SERVICES_REGISTRY_LAW_CONSENT_H_
