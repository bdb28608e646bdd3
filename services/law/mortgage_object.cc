#include "services/law/mortgage_object.h"

#include "services/common/policy_check.h"
#include "services/law/facts.h"

namespace landbook::law {

bool IsOpenToMortgage(const v1::RightType& type, const std::optional<v1::MortgageRule>& rule) {
  if (IsOwnership(type) || !rule || !rule->permitted()) return false;
  const bool of_homestead = IsHomestead(type) || IsOperation(type);
  return !of_homestead || common::NamesLaw(rule->permitting_law());
}

bool NeedsBuildingToMortgage(const v1::RightType& type, v1::GrantBasis basis) {
  return IsConstruction(type) && basis == v1::GRANT_BASIS_APPROVED_USE;
}

}  // namespace landbook::law
