// Which rights the law of the day lets secure a debt at all (抵押客体), before anything is said of
// who lends, how much, and on what papers.
#ifndef LANDBOOK_SERVICES_LAW_MORTGAGE_OBJECT_H_
#define LANDBOOK_SERVICES_LAW_MORTGAGE_OBJECT_H_

#include <optional>

#include "landbook/v1/policy.pb.h"
#include "landbook/v1/right.pb.h"

namespace landbook::law {

// True when the packs' rule about the type opens it to mortgages: never for land ownership (CC
// 399(1)); for a homestead or a right to operate one only where a pack names a law or a decision of
// the NPC Standing Committee (CC 399(2)); otherwise as the rule permits. No rule opens nothing.
bool IsOpenToMortgage(const v1::RightType& type, const std::optional<v1::MortgageRule>& rule);

// True when the right is mortgaged with the building on it only: land that was given to an
// enterprise of the township or village (CC 398).
bool NeedsBuildingToMortgage(const v1::RightType& type, v1::GrantBasis basis);

}  // namespace landbook::law

#endif  // LANDBOOK_SERVICES_LAW_MORTGAGE_OBJECT_H_
