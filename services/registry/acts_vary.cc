// Variation and extinction of rights (变更登记、注销登记).
#include <algorithm>
#include <optional>
#include <vector>

#include "fmt/format.h"
#include "services/law/facts.h"
#include "services/registry/act_law.h"
#include "services/registry/acts.h"
#include "services/registry/acts_certificate.h"
#include "services/registry/standing.h"
#include "services/registry/terms.h"

namespace landbook::registry {
namespace {

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
  if (act.has_term()) TakeTerm(act.term(), "term", context);
  const v1::Right varied = Varied(act, standing->right.record);
  // An extension is how a right that has run out goes on; nothing else of it is varied.
  CheckNotExpired(varied, "right", context);
  if (!MayPut(before, context)) return;
  if (act.cause() != v1::VARY_CAUSE_UNSPECIFIED) {
    context->record().mutable_terms()->set_cause(law::WordOf(act.cause()));
  }
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
  if (!MayPut(before, context)) return;
  v1::Right& right = standing->right.record;
  right.set_state(v1::RECORD_STATE_ENDED);
  right.set_ended_cause("extinguished");
  context->record().set_ground(act.ground());
  if (act.cause() != v1::EXTINGUISH_CAUSE_UNSPECIFIED) {
    context->record().mutable_terms()->set_cause(law::WordOf(act.cause()));
  }
  context->Put(standing->right.number, right);
  EndCertificates(v1::RECORD_KIND_RIGHT, standing->right.number, "extinguished", context);
}

}  // namespace landbook::registry
