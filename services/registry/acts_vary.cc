// Variation and extinction of rights (变更登记、注销登记).
#include <algorithm>
#include <optional>
#include <vector>

#include "fmt/format.h"
#include "services/registry/acts.h"
#include "services/registry/acts_certificate.h"
#include "services/registry/law_cautions.h"
#include "services/registry/law_sources.h"
#include "services/registry/law_standing.h"
#include "services/registry/law_term.h"

namespace landbook::registry {
namespace {

// What derives from the right has to stay within its new term.
void CheckDerivedStayWithin(const TermSpan& term, std::uint64_t right, ActContext* context) {
  for (const auto& derived : StandingDerivedRights(right, *context)) {
    const auto inner = ReadTerm(derived.record.term());
    if (!inner || LiesWithin(*inner, term)) continue;
    const Sentence said = SayTerm(*inner);
    context->Refuse(
        Reason::TERM_PAST_PARENT, "term",
        {fmt::format("Right {} derives from it and runs {}; the new term does not hold "
                     "that. Vary or end that right first.",
                     derived.number, said.english),
         fmt::format("由其派生的第 {} 号权利期限为{}，超出新的期限。请先变更或终止该权利。",
                     derived.number, said.chinese)},
        source::kDerivedTerm);
  }
}

void CheckNewTerm(const v1::Term& asked, const StandingRight& standing, ActContext* context) {
  const auto term = TakeTerm(asked, "term", context);
  if (!term) return;
  CheckTermOfType(*term, *standing.type, context);
  CheckDerivedStayWithin(*term, standing.right.number, context);
  if (standing.right.record.parent() == 0) return;
  const auto parent = context->Find<v1::Right>(standing.right.record.parent());
  if (parent) CheckTermWithinParent(*term, parent->record, context);
}

bool SameTerm(const v1::Term& a, const v1::Term& b) {
  return a.SerializeAsString() == b.SerializeAsString();
}

// True when the act says something that the right does not say already.
bool ChangesAnything(const v1::VaryRight& act, const v1::Right& right) {
  if (act.has_term() && !(right.has_term() && SameTerm(act.term(), right.term()))) return true;
  const auto& notes = act.notes().notes();
  return act.has_notes() &&
         !std::equal(notes.begin(), notes.end(), right.notes().begin(), right.notes().end());
}

v1::Right Varied(const v1::VaryRight& act, v1::Right right) {
  if (act.has_term()) *right.mutable_term() = act.term();
  if (act.has_notes()) *right.mutable_notes() = act.notes().notes();
  return right;
}

}  // namespace

void Decide(const v1::VaryRight& act, ActContext* context) {
  const std::size_t before = context->refusal_count();
  context->TakeEvidence(act.evidence());
  const auto standing = TakeRight(act.right(), act.etag(), "right", context);
  if (!standing) return;
  if (!ChangesAnything(act, standing->right.record)) {
    context->Refuse(Reason::NOTHING_CHANGES, "",
                    {"The act changes neither the term nor the notes of the right.",
                     "期限和附记均与登记簿一致，没有变更。"});
  }
  if (act.has_term()) CheckNewTerm(act.term(), *standing, context);
  CheckCautions({standing->land.unit.number, {standing->right.number}, "right"}, v1::ACT_KIND_VARY,
                context);
  const v1::Right varied = Varied(act, standing->right.record);
  // An extension is how a right that has run out goes on; nothing else of it is varied.
  CheckNotExpired(varied, "right", context);
  if (context->refusal_count() != before) return;
  context->Put(standing->right.number, varied);
  EndCertificates(v1::RECORD_KIND_RIGHT, standing->right.number,
                  context->record().correction() ? "corrected" : "varied", context);
}

void Decide(const v1::ExtinguishRight& act, ActContext* context) {
  const std::size_t before = context->refusal_count();
  context->TakeEvidence(act.evidence());
  auto standing = TakeRight(act.right(), act.etag(), "right", context);
  if (!standing) return;
  CheckNoDerivedRights(standing->right.number, context);
  CheckNoMortgages(standing->right.number, context);
  CheckCautionsBeforeEnd({standing->land.unit.number, standing->right.number},
                         v1::ACT_KIND_EXTINGUISH, context);
  if (context->refusal_count() != before) return;
  v1::Right& right = standing->right.record;
  right.set_state(v1::RECORD_STATE_ENDED);
  right.set_ended_cause("extinguished");
  context->record().set_ground(act.ground());
  context->Put(standing->right.number, right);
  EndCertificates(v1::RECORD_KIND_RIGHT, standing->right.number, "extinguished", context);
}

}  // namespace landbook::registry
