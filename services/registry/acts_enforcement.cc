// Realisation of a mortgage (实现抵押权): what was mortgaged passes to who acquires it. Of a
// contract right the management part alone was mortgaged, so a management right is granted and the
// contract stays (RLCL 47). On what it may rest, and to whom it may pass, is law.
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "fmt/format.h"
#include "services/law/facts.h"
#include "services/registry/act_law.h"
#include "services/registry/acts.h"
#include "services/registry/acts_certificate.h"
#include "services/registry/form.h"
#include "services/registry/holders.h"
#include "services/registry/standing.h"
#include "services/registry/terms.h"

namespace landbook::registry {
namespace {

// A mortgage that is realised, with the rights that it is over.
struct Realised {
  Loaded<v1::Mortgage> mortgage;
  std::vector<Loaded<v1::Right>> contracts;  // a management right is granted over each
  std::vector<Loaded<v1::Right>> passing;
};

std::optional<Realised> TakeRealised(const v1::EnforceMortgage& act, ActContext* context) {
  auto mortgage = context->LoadToChange<v1::Mortgage>(act.mortgage(), act.etag(), "mortgage");
  if (!mortgage ||
      !CheckStands(mortgage->record.state(), "mortgage", {"mortgage", "抵押权"}, context)) {
    return std::nullopt;
  }
  Realised realised{*std::move(mortgage), {}, {}};
  for (const std::uint64_t number : realised.mortgage.record.rights()) {
    auto right = context->Find<v1::Right>(number);
    if (!right || !CheckStands(right->record.state(), "mortgage", {"right", "权利"}, context)) {
      continue;
    }
    CheckNotExpired(right->record, "mortgage", context);
    const auto* type = TakeRightType(right->record.type(), "mortgage", context);
    if (type == nullptr) continue;
    auto& rights = law::IsContractRight(*type) ? realised.contracts : realised.passing;
    rights.push_back(*std::move(right));
  }
  return realised;
}

void CheckProceeds(std::int64_t fen, ActContext* context) {
  if (fen >= 0) return;
  context->Refuse(Reason::MONEY_NEGATIVE, "proceeds_fen",
                  {fmt::format("{} fen came; an amount is zero or more.", fen),
                   fmt::format("收到 {} 分，金额不得为负。", fen)});
}

// A term is that of a management right that is granted.
void CheckTerm(const v1::EnforceMortgage& act, const Realised& realised, ActContext* context) {
  if (!act.has_term()) return;
  TakeTerm(act.term(), "term", context);
  if (realised.contracts.empty()) RefuseOutOfPlace("term", context);
}

v1::Right ManagementOver(const Loaded<v1::Right>& contract, const v1::EnforceMortgage& act,
                         const ActContext& context) {
  v1::Right right;
  right.set_unit(contract.record.unit());
  right.set_type(std::string(law::kManagementRight));
  right.set_parent(contract.number);
  right.set_basis(v1::GRANT_BASIS_CIRCULATION);
  *right.mutable_term() = act.term();
  right.set_registered_date(context.day());
  right.set_state(v1::RECORD_STATE_LIVE);
  return right;
}

void EndMortgage(Loaded<v1::Mortgage> mortgage, ActContext* context) {
  mortgage.record.set_state(v1::RECORD_STATE_ENDED);
  mortgage.record.set_ended_cause("realised");
  context->Put(mortgage.number, mortgage.record);
  EndCertificates(v1::RECORD_KIND_MORTGAGE, mortgage.number, "realised", context);
}

}  // namespace

void Decide(const v1::EnforceMortgage& act, ActContext* context) {
  const std::size_t before = context->refusal_count();
  context->TakeEvidence(act.evidence());
  auto realised = TakeRealised(act, context);
  const auto holders = TakeHolders({act.co_ownership(), &act.acquirers(), "acquirers"}, context);
  CheckProceeds(act.proceeds_fen(), context);
  if (realised) CheckTerm(act, *realised, context);
  if (!MayPut(before, context)) return;
  context->record().mutable_terms()->set_price_fen(act.proceeds_fen());
  for (const auto& contract : realised->contracts) {
    v1::Right granted = ManagementOver(contract, act, *context);
    SetHolders(act.co_ownership(), *holders, &granted);
    AddNotes(context->notes(), &granted);
    context->Create(granted);
  }
  for (auto& right : realised->passing) {
    SetHolders(act.co_ownership(), *holders, &right.record);
    AddNotes(context->notes(), &right.record);
    context->Put(right.number, right.record);
    EndCertificates(v1::RECORD_KIND_RIGHT, right.number, "realised", context);
  }
  EndMortgage(std::move(realised->mortgage), context);
}

}  // namespace landbook::registry
