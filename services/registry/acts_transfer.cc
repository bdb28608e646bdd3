#include "services/registry/acts_transfer.h"

#include <optional>
#include <string>
#include <vector>

#include "fmt/format.h"
#include "services/law/facts.h"
#include "services/registry/act_law.h"
#include "services/registry/acts.h"
#include "services/registry/acts_certificate.h"
#include "services/registry/acts_contract.h"
#include "services/registry/form.h"
#include "services/registry/holders.h"
#include "services/registry/standing.h"

namespace landbook::registry {
namespace {

std::string_view WordOf(v1::TransferCause cause) {
  switch (cause) {
    case v1::TRANSFER_CAUSE_ASSIGNMENT:
      return "assignment";
    case v1::TRANSFER_CAUSE_EXCHANGE:
      return "exchange";
    case v1::TRANSFER_CAUSE_GIFT:
      return "gift";
    case v1::TRANSFER_CAUSE_INHERITANCE:
      return "inheritance";
    case v1::TRANSFER_CAUSE_HOUSEHOLD_CHANGE:
      return "household change";
    case v1::TRANSFER_CAUSE_JUDGMENT:
      return "judgment";
    case v1::TRANSFER_CAUSE_EQUITY:
      return "equity";
    case v1::TRANSFER_CAUSE_RECIRCULATION:
      return "recirculation";
    default:
      return "";
  }
}

bool CheckCause(v1::TransferCause cause, ActContext* context) {
  if (!WordOf(cause).empty()) return true;
  context->Refuse(
      Reason::FIELD_UNSPECIFIED, "cause",
      {"Why the right passes is not said. State the cause.", "未写明转移原因，请填写 cause。"});
  return false;
}

void CheckHoldersChange(const v1::Right& right, v1::CoOwnership co_ownership,
                        const std::vector<v1::Holder>& holders, ActContext* context) {
  if (!HeldAlike(right, co_ownership, holders)) return;
  context->Refuse(Reason::NOTHING_CHANGES, "holders",
                  {"The holders are those of the book already, in the same way and shares.",
                   "所列权利人、共有方式和份额与登记簿一致，没有变更。"});
}

void CheckPrice(const v1::TransferRight& act, ActContext* context) {
  if (act.price_fen() >= 0) return;
  context->Refuse(Reason::MONEY_NEGATIVE, "price_fen",
                  {fmt::format("{} fen came; an amount is zero or more.", act.price_fen()),
                   fmt::format("收到 {} 分，金额不得为负。", act.price_fen())});
}

// The right given in return is one of the book's, and goes with an exchange only.
void CheckExchanged(const v1::TransferRight& act, ActContext* context) {
  if (!act.has_exchanged_for()) return;
  context->Load<v1::Right>(act.exchanged_for(), "exchanged_for");
  if (act.cause() != v1::TRANSFER_CAUSE_EXCHANGE) RefuseOutOfPlace("exchanged_for", context);
}

std::optional<v1::Contract> TakeContract(const v1::TransferRight& act, ActContext* context) {
  if (!act.has_new_contract()) return std::nullopt;
  return TakeNewContract(act.new_contract(), "new_contract.", context);
}

void PutHolders(Loaded<v1::Right> right, v1::CoOwnership co_ownership,
                const std::vector<v1::Holder>& holders, ActContext* context) {
  SetHolders(co_ownership, holders, &right.record);
  AddNotes(context->notes(), &right.record);
  context->Put(right.number, right.record);
}

// Who sells a homestead or gives it away has no claim to another. Source: LAL 62(5).
void BarGivers(const StandingRight& standing, v1::TransferCause cause, ActContext* context) {
  const bool given = cause == v1::TRANSFER_CAUSE_ASSIGNMENT || cause == v1::TRANSFER_CAUSE_GIFT;
  if (!given || !law::IsHomestead(*standing.type)) return;
  for (const v1::Holder& holder : standing.right.record.holders()) {
    auto party = context->Find<v1::Party>(holder.party());
    if (!party || !party->record.has_household()) continue;
    v1::Household& household = *party->record.mutable_household();
    if (household.eligibility() == v1::HOMESTEAD_ELIGIBILITY_BARRED) continue;
    household.set_eligibility(v1::HOMESTEAD_ELIGIBILITY_BARRED);
    household.set_eligibility_since(context->day());
    context->Put(party->number, party->record);
  }
}

}  // namespace

void Decide(const v1::TransferRight& act, ActContext* context) {
  const std::size_t before = context->refusal_count();
  context->TakeEvidence(act.evidence());
  CheckCause(act.cause(), context);
  CheckPrice(act, context);
  CheckExchanged(act, context);
  auto standing = TakeRight(act.right(), act.etag(), "right", context);
  const auto holders = TakeHolders({act.co_ownership(), &act.holders()}, context);
  auto contract = TakeContract(act, context);
  if (standing) CheckNotExpired(standing->right.record, "right", context);
  if (standing && holders) {
    CheckHoldersChange(standing->right.record, act.co_ownership(), *holders, context);
  }
  if (!MayPut(before, context)) return;
  context->record().set_ground(std::string(WordOf(act.cause())));
  if (act.has_price_fen()) context->record().mutable_terms()->set_price_fen(act.price_fen());
  if (contract) standing->right.record.set_contract(context->Create(*contract));
  PutHolders(standing->right, act.co_ownership(), *holders, context);
  EndCertificates(v1::RECORD_KIND_RIGHT, standing->right.number, "transferred", context);
  BarGivers(*standing, act.cause(), context);
}

void Decide(const v1::CorrectHolders& act, ActContext* context) {
  const std::size_t before = context->refusal_count();
  const auto standing = TakeRight(act.right(), act.etag(), "right", context);
  const auto holders = TakeHolders({act.co_ownership(), &act.holders()}, context);
  if (standing && holders) {
    CheckHoldersChange(standing->right.record, act.co_ownership(), *holders, context);
  }
  if (!MayPut(before, context)) return;
  PutHolders(standing->right, act.co_ownership(), *holders, context);
  EndCertificates(v1::RECORD_KIND_RIGHT, standing->right.number, "corrected", context);
}

}  // namespace landbook::registry
