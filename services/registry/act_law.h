// Law over the acts of a commit (services/law): asked once the form of an act is right, and before
// anything of it is put. docs/law-and-cases.md, section 1.
#ifndef LANDBOOK_SERVICES_REGISTRY_ACT_LAW_H_
#define LANDBOOK_SERVICES_REGISTRY_ACT_LAW_H_

#include <cstddef>
#include <string>

#include "services/registry/act_context.h"

namespace landbook::registry {

// True when nothing was refused since there were `before` refusals and law allows the act under
// way, so that it may put its records. Everything that law says against it is refused with the rule
// that says so; what is carried over keeps what the book can hold of it (`breaches`). Warnings that
// were accepted become findings of the act's record, and notes that the register has to show are
// the context's
// (`notes`).
bool MayPut(std::size_t before, ActContext* context);

// Asks law about what the commit leaves as a whole. REQUIRES: every act was decided and none
// refused.
void AskLawOfWhole(ActContext* context);

// A breach of a carried-over act as its right keeps it: "HOLDER_NOT_ALLOWED: ... [R-02, RLCL 16]".
std::string SayBreach(const v1::Refusal& breach);

// Keeps a breach or an accepted warning as a finding of an act's record: by rule, in both
// languages.
void KeepFinding(const v1::Refusal& told, v1::ActRecord* record);

}  // namespace landbook::registry

#endif  // LANDBOOK_SERVICES_REGISTRY_ACT_LAW_H_
