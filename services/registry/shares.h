// Shares (份额): exact fractions, added without rounding.
#ifndef LANDBOOK_SERVICES_REGISTRY_SHARES_H_
#define LANDBOOK_SERVICES_REGISTRY_SHARES_H_

#include <span>

#include "landbook/v1/common.pb.h"

namespace landbook::registry {

// What a set of shares comes to.
enum class ShareSum {
  kOne,         // exactly the whole
  kLess,        // less than the whole
  kMore,        // more than the whole
  kEmptyShare,  // a share of nothing: a zero above or below the line
  kTooFine,     // no common denominator within 128 bits: refused rather than rounded
};

// Adds the shares exactly. No shares come to less than the whole. The order of the shares makes no
// difference to kOne, kLess and kMore, save that too fine shares may hide behind kMore.
ShareSum SumOfShares(std::span<const v1::Share> shares);

// True when the two are the same fraction: 2/4 is 1/2. An absent share is the same as another
// absent one alone.
bool SameShare(const v1::Share& a, const v1::Share& b);

}  // namespace landbook::registry

#endif  // LANDBOOK_SERVICES_REGISTRY_SHARES_H_
