// Contracts that acts bring (合同): with the right that they give, or by themselves from an older
// register.
#ifndef LANDBOOK_SERVICES_REGISTRY_ACTS_CONTRACT_H_
#define LANDBOOK_SERVICES_REGISTRY_ACTS_CONTRACT_H_

#include <optional>
#include <string>

#include "landbook/v1/act.pb.h"
#include "landbook/v1/right.pb.h"
#include "services/registry/act_context.h"

namespace landbook::registry {

// The contract that an act brings, whose fields lie at `before` ("new_contract."). Nullopt when it
// cannot be entered: MONEY_NEGATIVE, DATE_MALFORMED, CODE_ALREADY_USED; silence about the price,
// which is an older register's only, VALUE_OUT_OF_RANGE.
std::optional<v1::Contract> TakeNewContract(const v1::NewContract& asked, const std::string& before,
                                            ActContext* context);

}  // namespace landbook::registry

#endif  // LANDBOOK_SERVICES_REGISTRY_ACTS_CONTRACT_H_
