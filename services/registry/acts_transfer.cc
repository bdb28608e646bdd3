#include "services/registry/acts_transfer.h"

#include <string>
#include <vector>

#include "fmt/format.h"
#include "services/registry/acts.h"
#include "services/registry/acts_certificate.h"
#include "services/registry/law_cautions.h"
#include "services/registry/law_consent.h"
#include "services/registry/law_holders.h"
#include "services/registry/law_sources.h"
#include "services/registry/law_standing.h"

namespace landbook::registry {
namespace {

// The note that a register has to show when land follows an inherited house to an heir outside the
// collective. Source: the Ministry of Natural Resources' answers on homestead registration (2020).
constexpr char kHeirNote[] = "该权利人为本农民集体经济组织原成员住宅的合法继承人";

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

void CheckNotOwnership(const StandingRight& standing, ActContext* context) {
  if (!IsOwnership(*standing.type)) return;
  context->Refuse(Reason::OWNERSHIP_STAYS_COLLECTIVE, "right",
                  {"Ownership of collective land cannot be transferred. A right entered for the "
                   "wrong collective is corrected.",
                   "集体土地所有权不得转让。登记有误的，请办理更正登记。"},
                  source::kCollectiveOwnership);
}

// True when the right is of a house with its homestead: the house passes to heirs whoever they are,
// and the land follows it (Civil Code 230, 1122).
bool FollowsInheritedHouse(const v1::TransferRight& act, const StandingRight& standing) {
  constexpr std::size_t kFixturePlace = 19;
  const std::string& code = standing.land.unit.record.code();
  return act.cause() == v1::TRANSFER_CAUSE_INHERITANCE && IsHomestead(*standing.type) &&
         code.size() > kFixturePlace && code[kFixturePlace] == 'F';
}

bool AnyOutside(const std::vector<v1::Holder>& holders, const StandingRight& standing,
                const ActContext& context) {
  for (const v1::Holder& holder : holders) {
    const auto party = context.Find<v1::Party>(holder.party());
    if (party && !IsOfClass(party->record, standing.type->transferee_class(),
                            standing.land.plot.record, context)) {
      return true;
    }
  }
  return false;
}

// An assignment or a gift needs the written consent of the land's collective when the type asks for
// it; an exchange is filed with it. What passes by law or judgment asks nobody.
void CheckCollectiveConsent(const v1::TransferRight& act, const StandingRight& standing,
                            ActContext* context) {
  if (!standing.type->transfer_needs_collective_consent()) return;
  const bool given =
      act.cause() == v1::TRANSFER_CAUSE_ASSIGNMENT || act.cause() == v1::TRANSFER_CAUSE_GIFT;
  const bool exchanged = act.cause() == v1::TRANSFER_CAUSE_EXCHANGE;
  if (!given && !exchanged) return;
  if (exchanged && context->HasEvidence(v1::EVIDENCE_KIND_FILING)) return;
  const auto givers = GiversOf(v1::EVIDENCE_KIND_CONSENT, context);
  if (HoldsCollectiveOf(standing.land.plot.record, givers, *context)) return;
  context->Refuse(
      Reason::COLLECTIVE_CONSENT_MISSING, "evidence",
      {fmt::format("The written consent of the collective that owns plot {} is missing{}. Bring it "
                   "as evidence of the act, given by the collective.",
                   standing.land.plot.record.code(),
                   exchanged ? ", and so is the filing of the exchange" : ""),
       fmt::format("缺少宗地 {} 所属农民集体的书面同意{}。请以该集体出具的同意书作为材料。",
                   standing.land.plot.record.code(), exchanged ? "或互换备案" : "")},
      exchanged
          ? source::kExchangeContract
          : (IsHomestead(*standing.type) ? source::kTransferHomestead : source::kAssignContract));
}

// An agreement that limits transfer works against third parties once it is registered.
void CheckMortgagesAllow(const StandingRight& standing, ActContext* context) {
  const auto consenting = GiversOf(v1::EVIDENCE_KIND_CONSENT, context);
  for (const auto& mortgage : StandingMortgages(standing.right.number, *context)) {
    if (!mortgage.record.transfer_restricted()) continue;
    if (consenting.contains(mortgage.record.mortgagee())) continue;
    context->Refuse(
        Reason::TRANSFER_RESTRICTED_BY_MORTGAGE, "evidence",
        {fmt::format("Mortgage {} limits transfer by a registered agreement. Bring the "
                     "written consent of its mortgagee, party {}.",
                     mortgage.number, mortgage.record.mortgagee()),
         fmt::format("第 {} 号抵押权已登记禁止或限制转让的约定，须提交抵押权人（第 {} 号主体）"
                     "的书面同意。",
                     mortgage.number, mortgage.record.mortgagee())},
        source::kMortgageFollows);
  }
}

void CheckHoldersChange(const v1::Right& right, v1::CoOwnership co_ownership,
                        const std::vector<v1::Holder>& holders, ActContext* context) {
  if (!HeldAlike(right, co_ownership, holders)) return;
  context->Refuse(Reason::NOTHING_CHANGES, "holders",
                  {"The holders are those of the book already, in the same way and shares.",
                   "所列权利人、共有方式和份额与登记簿一致，没有变更。"});
}

void CheckTransfer(const v1::TransferRight& act, const StandingRight& standing,
                   ActContext* context) {
  CheckNotOwnership(standing, context);
  CheckNotExpired(standing.right.record, "right", context);
  CheckCollectiveConsent(act, standing, context);
  CheckMortgagesAllow(standing, context);
  CheckCautions({standing.land.unit.number, {standing.right.number}, "right"},
                v1::ACT_KIND_TRANSFER, context);
}

void PutHolders(Loaded<v1::Right> right, v1::CoOwnership co_ownership,
                const std::vector<v1::Holder>& holders, ActContext* context) {
  SetHolders(co_ownership, holders, &right.record);
  context->Put(right.number, right.record);
}

}  // namespace

void Decide(const v1::TransferRight& act, ActContext* context) {
  const std::size_t before = context->refusal_count();
  context->TakeEvidence(act.evidence());
  CheckCause(act.cause(), context);
  auto standing = TakeRight(act.right(), act.etag(), "right", context);
  const auto holders = TakeHolders({act.co_ownership(), &act.holders()}, context);
  bool to_heir_outside = false;
  if (standing) CheckTransfer(act, *standing, context);
  if (standing && holders) {
    to_heir_outside =
        FollowsInheritedHouse(act, *standing) && AnyOutside(*holders, *standing, *context);
    if (!to_heir_outside) {
      CheckTransfereeClass(*holders, *standing->type, standing->land.plot.record, context);
    }
    CheckHoldersChange(standing->right.record, act.co_ownership(), *holders, context);
  }
  if (context->refusal_count() != before) return;
  context->record().set_ground(std::string(WordOf(act.cause())));
  if (to_heir_outside) standing->right.record.add_notes(kHeirNote);
  PutHolders(standing->right, act.co_ownership(), *holders, context);
  EndCertificates(v1::RECORD_KIND_RIGHT, standing->right.number, "transferred", context);
}

void Decide(const v1::CorrectHolders& act, ActContext* context) {
  const std::size_t before = context->refusal_count();
  const auto standing = TakeRight(act.right(), act.etag(), "right", context);
  const auto holders = TakeHolders({act.co_ownership(), &act.holders()}, context);
  if (standing) {
    CheckCautions({standing->land.unit.number, {standing->right.number}, "right"},
                  v1::ACT_KIND_CORRECT, context);
  }
  if (standing && holders) {
    CheckHolderClass(*holders, *standing->type, standing->land.plot.record, context);
    CheckHoldersChange(standing->right.record, act.co_ownership(), *holders, context);
  }
  if (context->refusal_count() != before) return;
  PutHolders(standing->right, act.co_ownership(), *holders, context);
  EndCertificates(v1::RECORD_KIND_RIGHT, standing->right.number, "corrected", context);
}

}  // namespace landbook::registry
