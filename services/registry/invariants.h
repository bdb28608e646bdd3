// What holds of every book after every commit, whatever the rules let through (architecture, idea
// 6): checked on the records that a commit touched, and on all of them by verification.
#ifndef LANDBOOK_SERVICES_REGISTRY_INVARIANTS_H_
#define LANDBOOK_SERVICES_REGISTRY_INVARIANTS_H_

#include <optional>
#include <string>

#include "services/registry/act_context.h"

namespace landbook::registry {

// Refuses the commit with INVARIANT_BROKEN for each broken one. A commit that gets here has passed
// every rule, so this says that a rule is wrong; the commit is dropped and the batch goes on.
void CheckInvariants(ActContext* context);

// What is wrong with one right as it stands in `state`, as a sentence: shares that do not sum to
// one, a term past its parent's, a live right in a unit that has ended, holders that are not there
// or have ended.
std::optional<std::string> FaultOfRight(const VersionReader& state, const v1::Right& right);

// What is wrong with one plot: a live one without a boundary, an ended one with one.
std::optional<std::string> FaultOfPlot(const VersionReader& state, std::uint64_t number,
                                       const v1::Plot& plot);

// What is wrong with what a fund advanced: nothing advanced, or more paid back than that.
std::optional<std::string> FaultOfAdvance(const v1::FundAdvance& advance);

// What is wrong with one case: no application, a caution of its own that does not stand while it is
// open, or that stands when it has ended.
std::optional<std::string> FaultOfCase(const VersionReader& state, std::uint64_t number,
                                       const v1::Case& the_case);

// What is wrong with one caution: it holds back for a case that is not open or does not know it.
std::optional<std::string> FaultOfCaution(const VersionReader& state, std::uint64_t number,
                                          const v1::Caution& caution);

}  // namespace landbook::registry

#endif  // LANDBOOK_SERVICES_REGISTRY_INVARIANTS_H_
