// Filings (备案): that somebody was told of a dealing. A filing creates no right, so only its form
// is asked; which dealings need one is law.
#include <utility>

#include "services/registry/act_law.h"
#include "services/registry/acts.h"
#include "services/registry/form.h"
#include "services/registry/terms.h"

namespace landbook::registry {
namespace {

bool IsOfCirculation(v1::FilingMatter matter) {
  return matter == v1::FILING_MATTER_CIRCULATION || matter == v1::FILING_MATTER_RECIRCULATION ||
         matter == v1::FILING_MATTER_HOMESTEAD_OPERATION;
}

// A list of members is about a collective; every other matter is about rights.
void CheckRights(const v1::RecordFiling& act, ActContext* context) {
  if (act.matter() != v1::FILING_MATTER_MEMBER_LIST) {
    CheckNotEmpty(act.rights_size(), "rights", context);
  } else if (!act.rights().empty()) {
    RefuseOutOfPlace("rights", context);
  }
}

void CheckTerms(const v1::RecordFiling& act, ActContext* context) {
  if (IsOfCirculation(act.matter())) {
    if (act.has_term()) TakeTerm(act.term(), "term", context);
    CheckOrder({act.circulation().priority_notice_date(), act.circulation().priority_until_date()},
               "circulation.priority_until_date", context);
    return;
  }
  if (act.has_circulation()) RefuseOutOfPlace("circulation", context);
  if (act.has_term()) RefuseOutOfPlace("term", context);
}

}  // namespace

void Decide(const v1::RecordFiling& act, ActContext* context) {
  const std::size_t before = context->refusal_count();
  context->TakeEvidence(act.evidence());
  v1::Filing filing;
  CheckRights(act, context);
  for (const std::uint64_t right : TakeRightsNamed(act.rights(), "rights", context)) {
    filing.add_rights(right);
  }
  const auto with =
      TakePartyOf({v1::Party::kCollective, v1::Party::kAuthority}, act.with(), "with", context);
  if (act.has_counterparty()) {
    const auto counterparty = context->Load<v1::Party>(act.counterparty(), "counterparty");
    if (counterparty) filing.set_counterparty(counterparty->number);
  }
  CheckHasCome(act.date(), "date", context);
  CheckTerms(act, context);
  if (!with || !MayPut(before, context)) return;
  filing.set_matter(act.matter());
  filing.set_with(with->number);
  filing.set_date(act.date());
  filing.set_document_number(act.document_number());
  if (act.has_circulation()) *filing.mutable_circulation() = act.circulation();
  if (act.has_term()) *filing.mutable_term() = act.term();
  context->Create(filing);
}

}  // namespace landbook::registry
