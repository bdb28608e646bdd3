// The caution table (限制登记): what a caution that stands does to an act, by the pack.
#ifndef LANDBOOK_SERVICES_REGISTRY_LAW_CAUTIONS_H_
#define LANDBOOK_SERVICES_REGISTRY_LAW_CAUTIONS_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "landbook/v1/policy.pb.h"
#include "landbook/v1/right.pb.h"
#include "services/registry/act_context.h"

namespace landbook::registry {

// The rule name by which a commit's Override accepts a caution that warns.
inline constexpr std::string_view kCautionRule = "CAUTION_STANDS";

// What an act touches: the unit as a whole, and which of its rights. A caution on the unit stands
// in the way of every act on it; one on a right, of acts on that right alone.
struct CautionTarget {
  std::uint64_t unit = 0;
  std::vector<std::uint64_t> rights;
  std::string_view field;  // where the act names it
};

// True when the caution stands and `day` lies between its first day and its last, both included.
bool IsInForce(const v1::Caution& caution, const std::string& day);

// Asks the pack about every caution in force on the target. An act that corrects is asked as
// ACT_KIND_CORRECT, whatever it does. Refused by effect: warns without an override or an import
// (CAUTION_STANDS), needs consent that no evidence of the act gives (CONSENT_MISSING), waits
// (CAUTION_WAITS, worth trying again), refused (CAUTION_STANDS). A warning that was overridden
// stays as a finding in the act's record. A carry-over takes all of these as breaches.
void CheckCautions(const CautionTarget& target, v1::ActKind kind, ActContext* context);

// For acts that end a right: cautions on the whole unit are asked as above, but one that names the
// right itself has to be gone first, whatever the pack says, because it would be left on nothing
// (CAUTION_STANDS). One that has run out does not count.
struct EndingRight {
  std::uint64_t unit = 0;
  std::uint64_t right = 0;
};
void CheckCautionsBeforeEnd(const EndingRight& ending, v1::ActKind kind, ActContext* context);

}  // namespace landbook::registry

#endif  // LANDBOOK_SERVICES_REGISTRY_LAW_CAUTIONS_H_
