// The checks of a chain of packs, for policy.cc.
#ifndef LANDBOOK_SERVICES_COMMON_POLICY_CHECK_H_
#define LANDBOOK_SERVICES_COMMON_POLICY_CHECK_H_

#include <span>
#include <string_view>

#include "landbook/v1/policy.pb.h"
#include "services/common/refusal.h"

namespace landbook::common {

// Everything wrong with the chain, the top pack first, in the order of the packs: first each pack
// by itself, then what it says about codes of its own or of those above, then where it loosens what
// one above forbids.
RefusalList CheckPackChain(std::span<const v1::PolicyPack> chain);

// True when `text` names a law of the National People's Congress or a decision of its Standing
// Committee, and not a notice, measure, opinion or plan, which cannot permit what a law forbids.
bool NamesLaw(std::string_view text);

}  // namespace landbook::common

#endif  // LANDBOOK_SERVICES_COMMON_POLICY_CHECK_H_
