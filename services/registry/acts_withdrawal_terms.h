// What a withdrawal's agreement says beside the right's end: how the compensation is made up, what
// a fund advanced of it, and what becomes of the plot. Its form; what is permitted is law.
#ifndef LANDBOOK_SERVICES_REGISTRY_ACTS_WITHDRAWAL_TERMS_H_
#define LANDBOOK_SERVICES_REGISTRY_ACTS_WITHDRAWAL_TERMS_H_

#include <cstdint>
#include <optional>

#include "landbook/v1/act.pb.h"
#include "landbook/v1/right.pb.h"
#include "services/registry/act_context.h"
#include "services/registry/standing.h"

namespace landbook::registry {

// The records that the terms leave beside the right.
struct WithdrawalTerms {
  std::optional<v1::FundAdvance> advance;
  std::optional<Loaded<v1::Plot>> plot;  // with what becomes of it
};

// The terms by their form, kept with the act's record. Refused: parts of a compensation that are
// negative (MONEY_NEGATIVE); an advance that is
// nothing (AMOUNT_NOT_POSITIVE) or by no fund (PARTY_OF_ANOTHER_KIND); days to come
// (VALUE_OUT_OF_RANGE); a condition beside the statement that there is none, a plan without a
// disposition (FIELD_OF_ANOTHER_KIND); a conversion or a reclamation without its plan
// (FIELD_REQUIRED).
WithdrawalTerms TakeWithdrawalTerms(const v1::WithdrawRight& act, const StandingRight& standing,
                                    ActContext* context);

// Puts what the terms leave. REQUIRES: the act was not refused.
void EnterWithdrawalTerms(WithdrawalTerms terms, ActContext* context);

}  // namespace landbook::registry

#endif  // LANDBOOK_SERVICES_REGISTRY_ACTS_WITHDRAWAL_TERMS_H_
