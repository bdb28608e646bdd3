// What findings of the boundary check mean for a commit: refusals, or facts kept with its acts.
#ifndef LANDBOOK_SERVICES_REGISTRY_FINDINGS_JUDGE_H_
#define LANDBOOK_SERVICES_REGISTRY_FINDINGS_JUDGE_H_

#include "landbook/v1/journal.pb.h"
#include "services/registry/act_context.h"
#include "services/registry/state_machine.h"

namespace landbook::registry {

// Errors refuse. Warnings refuse too, unless an override of the commit names the rule and the act or
// the commit comes from an import; accepted ones are kept with their act, as is what control layers
// say of a plot that is carried over from an older register. An override that meets no
// warning is refused, since it would hide the next one. REQUIRES: every act was begun.
void JudgeFindings(const ProposedCommit& proposed, ActContext* context);

// The verdict as the header keeps it.
v1::Verdict VerdictForHeader(const CommitVerdict& verdict, const common::Policy& policy,
                             const v1::Commit& commit);

}  // namespace landbook::registry

#endif  // LANDBOOK_SERVICES_REGISTRY_FINDINGS_JUDGE_H_
