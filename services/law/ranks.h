// The rank of mortgages over a right (抵押权顺位): computed, never stored.
#ifndef LANDBOOK_SERVICES_LAW_RANKS_H_
#define LANDBOOK_SERVICES_LAW_RANKS_H_

#include <cstdint>
#include <vector>

#include "services/law/state.h"

namespace landbook::law {

// True when `earlier` was registered before `later`: by the legal day of registration, then by the
// entry, then by number within one entry. Source: Civil Code 414.
bool IsRegisteredBefore(const Numbered<v1::Mortgage>& earlier, const Numbered<v1::Mortgage>& later);

// The standing mortgages over the right, the first rank first: in the order of their registration,
// and then as the registered agreements say, the newest last. An agreement orders the places that
// its mortgages hold between them; no other's place changes. Source: Civil Code 409, 414.
std::vector<Numbered<v1::Mortgage>> RankedMortgages(std::uint64_t right, const State& state);

// The order that the mortgages named would take if they agreed so. What the right's mortgages do
// not hold is left out.
void Reorder(const std::vector<std::uint64_t>& agreed, std::vector<std::uint64_t>* ranked);

}  // namespace landbook::law

#endif  // LANDBOOK_SERVICES_LAW_RANKS_H_
