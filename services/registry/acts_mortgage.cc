// Mortgages (抵押权): what may be mortgaged, to whom, and how a mortgage changes and ends.
#include <algorithm>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "fmt/format.h"
#include "services/registry/act_law.h"
#include "services/registry/acts.h"
#include "services/registry/acts_certificate.h"
#include "services/registry/acts_entry.h"
#include "services/registry/form.h"
#include "services/registry/sources.h"
#include "services/registry/standing.h"
#include "services/registry/terms.h"

namespace landbook::registry {
namespace {

std::string RightField(int index) { return fmt::format("rights[{}]", index); }

bool CheckAmount(std::int64_t secured_fen, ActContext* context) {
  if (secured_fen > 0) return true;
  context->Refuse(
      Reason::SECURED_AMOUNT_NOT_POSITIVE, "secured_fen",
      {fmt::format("{} fen came as the secured amount; it has to be more than zero.", secured_fen),
       fmt::format("被担保债权数额为 {} 分，须大于零。", secured_fen)},
      source::kMortgageContract);
  return false;
}

// A mortgagee as a party; an erased person can be none.
std::optional<Loaded<v1::Party>> TakeMortgagee(const v1::Reference& reference,
                                               ActContext* context) {
  auto party = context->Load<v1::Party>(reference, "mortgagee");
  if (!party || !party->record.person().erased()) return party;
  context->Refuse(Reason::PARTY_ERASED, "mortgagee",
                  {fmt::format("The private fields of party {} were erased; it can hold no further "
                               "right.",
                               party->number),
                   fmt::format("第 {} 号主体的个人信息已删除，不能再取得权利。", party->number)});
  return std::nullopt;
}

// The rights mortgaged, each once; refused when one cannot be.
std::vector<StandingRight> TakeRights(const v1::RegisterMortgage& act, ActContext* context) {
  std::vector<StandingRight> rights;
  std::set<std::uint64_t> seen;
  for (int i = 0; i < act.rights_size(); ++i) {
    const std::string field = RightField(i);
    auto standing = TakeRight(act.rights(i).right(), act.rights(i).etag(), field, context);
    if (!standing) continue;
    if (!seen.insert(standing->right.number).second) {
      context->Refuse(
          Reason::MORTGAGE_RIGHT_TWICE, field,
          {fmt::format("Right {} is named twice. Name each right once.", standing->right.number),
           fmt::format("第 {} 号权利重复出现，每项权利只列一次。", standing->right.number)});
    }
    rights.push_back(*std::move(standing));
  }
  return rights;
}

void CheckNoneExpired(const std::vector<StandingRight>& rights, ActContext* context) {
  for (std::size_t i = 0; i < rights.size(); ++i) {
    CheckNotExpired(rights[i].right.record, RightField(static_cast<int>(i)), context);
  }
}

bool CheckKind(v1::MortgageKind kind, ActContext* context) {
  if (kind == v1::MORTGAGE_KIND_GENERAL || kind == v1::MORTGAGE_KIND_MAXIMUM_AMOUNT) return true;
  context->Refuse(Reason::FIELD_UNSPECIFIED, "mortgage_kind",
                  {"How the mortgage secures is not said. State general or maximum amount.",
                   "未写明抵押方式，请填写一般抵押或最高额抵押。"});
  return false;
}

// A standing mortgage that an act changes; refused when it has moved or ended.
std::optional<Loaded<v1::Mortgage>> TakeMortgage(const v1::Reference& reference,
                                                 const std::string& etag, ActContext* context) {
  auto mortgage = context->LoadToChange<v1::Mortgage>(reference, etag, "mortgage");
  if (!mortgage ||
      !CheckStands(mortgage->record.state(), "mortgage", {"mortgage", "抵押权"}, context)) {
    return std::nullopt;
  }
  return mortgage;
}

// Takes rights out of the mortgage, each of which it is over.
void Release(const v1::VaryMortgage& act, v1::Mortgage* mortgage, ActContext* context) {
  std::set<std::uint64_t> seen;
  for (int i = 0; i < act.released_rights_size(); ++i) {
    const std::string field = fmt::format("released_rights[{}]", i);
    const auto right = context->Resolve(act.released_rights(i), v1::RECORD_KIND_RIGHT, field);
    if (!right || !CheckOnce(*right, &seen, field, context)) continue;
    auto& rights = *mortgage->mutable_rights();
    const auto found = std::find(rights.begin(), rights.end(), *right);
    if (found != rights.end()) {
      rights.erase(found);
      mortgage->add_released_rights(*right);
      continue;
    }
    context->Refuse(Reason::MORTGAGE_OF_ANOTHER_RIGHT, field,
                    {fmt::format("The mortgage is not over right {}.", *right),
                     fmt::format("该抵押权不在第 {} 号权利上。", *right)});
  }
}

// The mortgage as the act would have it; what cannot be is refused.
v1::Mortgage Varied(const v1::VaryMortgage& act, v1::Mortgage mortgage, ActContext* context) {
  if (act.has_secured_fen() && CheckAmount(act.secured_fen(), context)) {
    mortgage.set_secured_fen(act.secured_fen());
  }
  if (act.has_debt_term() && TakeTerm(act.debt_term(), "debt_term", context)) {
    *mortgage.mutable_debt_term() = act.debt_term();
  }
  if (act.has_mortgagee()) {
    const auto mortgagee = TakeMortgagee(act.mortgagee(), context);
    if (mortgagee) mortgage.set_mortgagee(mortgagee->number);
  }
  if (act.has_maximum_amount()) *mortgage.mutable_maximum_amount() = act.maximum_amount();
  if (act.has_support()) *mortgage.mutable_support() = act.support();
  Release(act, &mortgage, context);
  return mortgage;
}

v1::Mortgage MakeMortgage(const v1::RegisterMortgage& act, const Entry& entry,
                          const ActContext& context) {
  v1::Mortgage mortgage;
  mortgage.set_mortgage_kind(act.mortgage_kind());
  mortgage.set_secured_fen(act.secured_fen());
  *mortgage.mutable_debt_term() = act.debt_term();
  mortgage.set_scope(act.scope());
  mortgage.set_transfer_restricted(act.transfer_restricted());
  mortgage.set_object(act.object());
  if (act.has_maximum_amount()) *mortgage.mutable_maximum_amount() = act.maximum_amount();
  if (act.has_support()) *mortgage.mutable_support() = act.support();
  mortgage.set_registered_date(entry.registered_date);
  mortgage.set_entered_sequence(context.facts().sequence);
  mortgage.set_state(v1::RECORD_STATE_LIVE);
  if (!entry.origin.register_().empty()) *mortgage.mutable_origin() = entry.origin;
  return mortgage;
}

// What a mortgage was carried over in breach of stays with the act, as findings: its record has no
// place for them.
void KeepBreaches(ActContext* context) {
  for (const v1::Refusal& breach : context->breaches()) KeepFinding(breach, &context->record());
}

}  // namespace

void EnterMortgage(const v1::RegisterMortgage& act, const Entry& entry, ActContext* context) {
  const std::size_t before = context->refusal_count();
  context->TakeEvidence(act.evidence());
  if (act.rights().empty()) {
    context->Refuse(
        Reason::MORTGAGE_RIGHTS_REQUIRED, "rights",
        {"The mortgage is over no right. Name at least one.", "未列被抵押的权利，请至少列一项。"},
        source::kMortgageContract);
  }
  CheckKind(act.mortgage_kind(), context);
  CheckAmount(act.secured_fen(), context);
  TakeTerm(act.debt_term(), "debt_term", context);
  const auto mortgagee = TakeMortgagee(act.mortgagee(), context);
  const auto rights = TakeRights(act, context);
  CheckNoneExpired(rights, context);
  if (!MayPut(before, context)) return;
  v1::Mortgage mortgage = MakeMortgage(act, entry, *context);
  mortgage.set_mortgagee(mortgagee->number);
  for (const auto& standing : rights) mortgage.add_rights(standing.right.number);
  KeepBreaches(context);
  context->Create(mortgage);
}

void Decide(const v1::RegisterMortgage& act, ActContext* context) {
  EnterMortgage(act, EntryOfToday(*context), context);
}

void Decide(const v1::VaryMortgage& act, ActContext* context) {
  const std::size_t before = context->refusal_count();
  context->TakeEvidence(act.evidence());
  const auto standing = TakeMortgage(act.mortgage(), act.etag(), context);
  if (!standing) return;
  const v1::Mortgage varied = Varied(act, standing->record, context);
  const bool sound = context->refusal_count() == before;
  if (sound && varied.SerializeAsString() == standing->record.SerializeAsString()) {
    context->Refuse(
        Reason::NOTHING_CHANGES, "",
        {"The act changes nothing of the mortgage.", "抵押权各项均与登记簿一致，没有变更。"});
  }
  if (!MayPut(before, context)) return;
  context->Put(standing->number, varied);
  EndCertificates(v1::RECORD_KIND_MORTGAGE, standing->number, "varied", context);
}

void Decide(const v1::DischargeMortgage& act, ActContext* context) {
  const std::size_t before = context->refusal_count();
  context->TakeEvidence(act.evidence());
  auto standing = TakeMortgage(act.mortgage(), act.etag(), context);
  if (!standing) return;
  if (!MayPut(before, context)) return;
  standing->record.set_state(v1::RECORD_STATE_ENDED);
  standing->record.set_ended_cause("discharged");
  context->record().set_ground(act.ground());
  context->Put(standing->number, standing->record);
  EndCertificates(v1::RECORD_KIND_MORTGAGE, standing->number, "discharged", context);
}

}  // namespace landbook::registry
