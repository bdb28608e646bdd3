#include "services/registry/commit_decision.h"

#include "services/registry/act_law.h"
#include "services/registry/acts.h"
#include "services/registry/case_of_commit.h"
#include "services/registry/findings_judge.h"
#include "services/registry/invariants.h"
#include "storage/check.h"

namespace landbook::registry {

void DecideCommit(const ProposedCommit& proposed, ActContext* context) {
  const v1::Commit& commit = proposed.commit;
  // The verdict of a commit that brings an application is about the application's acts, and is
  // judged with them.
  const bool has_application = ApplicationOf(commit) != nullptr;
  if (!has_application) context->refusals() = proposed.verdict.refusals;
  for (int i = 0; i < commit.acts_size(); ++i) {
    const v1::Act& act = commit.acts(i);
    context->BeginAct(static_cast<std::uint32_t>(i), ActName(act));
    DecideAct(act, context);
  }
  LANDBOOK_CHECK(context->records().size() == static_cast<std::size_t>(commit.acts_size()));
  if (context->refusals().empty()) AskLawOfWhole(context);
  if (!has_application) JudgeFindings(proposed, context);
  if (context->refusals().empty()) CheckInvariants(context);
}

}  // namespace landbook::registry
