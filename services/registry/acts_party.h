// What acts about parties share.
#ifndef LANDBOOK_SERVICES_REGISTRY_ACTS_PARTY_H_
#define LANDBOOK_SERVICES_REGISTRY_ACTS_PARTY_H_

#include <cstdint>
#include <string>

#include "services/registry/act_context.h"

namespace landbook::registry {

// A contractor's code (承包方编码) as an act asks for it. A household's begins with its issuer's,
// any other contractor's with the county's.
struct ContractorCode {
  const std::string& code;  // empty for none
  std::string field;
  const std::string& begin;
};

// Refuses a code that is not 18 digits with that beginning (CONTRACTOR_CODE_MALFORMED), and one
// that is another party's than `owner`, 0 for a new party (CODE_ALREADY_USED). Source: NY/T
// 2539-2016.
void CheckContractorCode(const ContractorCode& asked, std::uint64_t owner, ActContext* context);

// What the codes of a collective's households begin with: its issuer code, and the county's where
// it has none. Lives as long as the party and the context.
const std::string& BeginOfHouseholdCodes(const v1::Party& collective, const ActContext& context);

}  // namespace landbook::registry

#endif  // LANDBOOK_SERVICES_REGISTRY_ACTS_PARTY_H_
