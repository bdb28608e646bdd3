// First registration of rights (首次登记).
#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

#include "fmt/format.h"
#include "services/common/civil_date.h"
#include "services/law/facts.h"
#include "services/registry/act_law.h"
#include "services/registry/acts.h"
#include "services/registry/acts_contract.h"
#include "services/registry/acts_entry.h"
#include "services/registry/form.h"
#include "services/registry/holders.h"
#include "services/registry/record_codes.h"
#include "services/registry/sources.h"
#include "services/registry/standing.h"
#include "services/registry/terms.h"

namespace landbook::registry {
namespace {

// What a grant rests on, read once.
struct GrantBasis {
  UnitOnPlot land;
  const v1::RightType* type = nullptr;
  std::optional<Loaded<v1::Right>> parent;
};

void CheckPlot(const v1::Plot& plot, const v1::RightType& type, ActContext* context) {
  const auto& kinds = type.plot_kinds();
  if (std::find(kinds.begin(), kinds.end(), plot.kind()) != kinds.end()) return;
  context->Refuse(Reason::RIGHT_NOT_OF_PLOT_KIND, "type",
                  {fmt::format("A right of type {} cannot be of plot {}, whose kind is {}.",
                               type.code(), plot.code(), plot.kind()),
                   fmt::format("“{}”不能设立在宗地 {}（种类 {}）上。", type.title_zh(), plot.code(),
                               plot.kind())},
                  type.source().document());
}

// One land is not contracted twice by law (C-24); that no unit has two of another such right is how
// the register is built.
void CheckExclusive(const GrantBasis& basis, ActContext* context) {
  const bool by_law = law::IsContractRight(*basis.type) || law::IsManagementRight(*basis.type);
  if (!basis.type->exclusive() || by_law) return;
  for (const auto& right : StandingRightsOf(basis.land.unit.number, *context)) {
    if (right.record.type() != basis.type->code()) continue;
    context->Refuse(
        Reason::RIGHT_STANDS_ALREADY, "type",
        {fmt::format("Right {} of type {} stands on unit {} already, and only one may. "
                     "Transfer it, or end it first.",
                     right.number, basis.type->code(), basis.land.unit.record.code()),
         fmt::format("单元 {} 上已有“{}”（编号 {}），同类权利只能有一项。请办理转移，"
                     "或先行注销。",
                     basis.land.unit.record.code(), basis.type->title_zh(), right.number)},
        basis.type->source().document());
    return;
  }
}

void CheckParent(const Loaded<v1::Right>& parent, const GrantBasis& basis, ActContext* context) {
  if (!CheckStands(parent.record.state(), "parent", {"parent right", "原权利"}, context)) return;
  CheckNotExpired(parent.record, "parent", context);
  if (parent.record.unit() != basis.land.unit.number) {
    context->Refuse(Reason::PARENT_OF_ANOTHER_UNIT, "parent",
                    {fmt::format("Right {} is of another unit; a right derives from one of its own "
                                 "unit, {}.",
                                 parent.number, basis.land.unit.record.code()),
                     fmt::format("第 {} 号权利属于其他单元；只能由本单元 {} 上的权利派生。",
                                 parent.number, basis.land.unit.record.code())});
  }
  const auto& allowed = basis.type->parents();
  if (std::find(allowed.begin(), allowed.end(), parent.record.type()) != allowed.end()) return;
  context->Refuse(Reason::PARENT_NOT_ALLOWED, "parent",
                  {fmt::format("A right of type {} cannot derive from right {} of type {}.",
                               basis.type->code(), parent.number, parent.record.type()),
                   fmt::format("“{}”不能由第 {} 号权利（{}）派生。", basis.type->title_zh(),
                               parent.number, parent.record.type())},
                  basis.type->source().document());
}

// The right that it derives from, checked; nothing for a right that stands alone.
void TakeParent(const v1::GrantRight& act, GrantBasis* basis, ActContext* context) {
  if (act.has_parent()) {
    basis->parent = context->Load<v1::Right>(act.parent(), "parent");
    if (basis->parent) CheckParent(*basis->parent, *basis, context);
    return;
  }
  // Land by tender, auction or negotiation has no contract right above it (RLCL 49).
  if (!basis->type->parent_required() || act.basis() == v1::GRANT_BASIS_OTHER_CONTRACT) return;
  context->Breach(Reason::PARENT_REQUIRED, "parent",
                  {fmt::format("A right of type {} derives from another right. Name it as parent.",
                               basis->type->code()),
                   fmt::format("“{}”须由另一项权利派生，请填写 parent。", basis->type->title_zh())},
                  basis->type->source().document());
}

// Ownership has no term; every other right has one.
void CheckTerm(const v1::GrantRight& act, const GrantBasis& basis, ActContext* context) {
  if (!act.has_term()) {
    if (law::IsOwnership(*basis.type)) return;
    context->Refuse(Reason::TERM_REQUIRED, "term",
                    {"The right came without a term. State its first day, and its last day or that "
                     "it has no end.",
                     "权利缺少期限。请填写起始日，以及终止日或“长久”。"},
                    basis.type->source().document());
    return;
  }
  TakeTerm(act.term(), "term", context);
}

// The contract that a right is given by: one of the book's, a new one, or none.
struct ContractBasis {
  std::uint64_t number = 0;
  std::optional<v1::Contract> created;
};

ContractBasis TakeContract(const v1::GrantRight& act, ActContext* context) {
  ContractBasis basis;
  if (act.has_contract() && act.has_new_contract()) {
    context->Refuse(Reason::CONTRACT_TWICE, "new_contract",
                    {"The act names a contract and brings a new one. Keep one of them.",
                     "既引用了已有合同，又附带新合同，请只保留一项。"});
    return basis;
  }
  if (act.has_new_contract()) {
    basis.created = TakeNewContract(act.new_contract(), "new_contract.", context);
  }
  if (act.has_contract()) {
    const auto contract = context->Load<v1::Contract>(act.contract(), "contract");
    if (contract) basis.number = contract->number;
  }
  return basis;
}

std::optional<GrantBasis> TakeBasis(const v1::GrantRight& act, ActContext* context) {
  const auto unit = context->Load<v1::Unit>(act.unit(), "unit");
  const v1::RightType* type = TakeRightType(act.type(), "type", context);
  if (!unit || type == nullptr) return std::nullopt;
  auto land = TakeLand(unit->number, "unit", context);
  if (!land) return std::nullopt;
  GrantBasis basis{*std::move(land), type, std::nullopt};
  CheckPlot(basis.land.plot.record, *type, context);
  CheckExclusive(basis, context);
  TakeParent(act, &basis, context);
  return basis;
}

v1::Right MakeRight(const v1::GrantRight& act, const GrantBasis& basis, const Entry& entry,
                    ActContext* context) {
  v1::Right right;
  right.set_unit(basis.land.unit.number);
  right.set_type(act.type());
  if (act.has_term()) *right.mutable_term() = act.term();
  if (basis.parent) right.set_parent(basis.parent->number);
  right.set_basis(act.basis());
  if (act.has_circulation()) *right.mutable_circulation() = act.circulation();
  right.set_homestead_ground(act.homestead_ground());
  right.set_registered_date(entry.registered_date);
  right.set_state(v1::RECORD_STATE_LIVE);
  if (!entry.origin.register_().empty()) *right.mutable_origin() = entry.origin;
  *right.mutable_notes() = act.notes();
  AddNotes(context->notes(), &right);
  *right.mutable_attributes() = act.attributes();
  for (const v1::Refusal& breach : context->breaches()) {
    right.add_carry_over_findings(SayBreach(breach));
  }
  return right;
}

// What was to become of a plot after a withdrawal is over once a use right is granted in it.
void ClearDisposition(const GrantBasis& basis, ActContext* context) {
  v1::Plot plot = basis.land.plot.record;
  if (plot.disposition() == v1::PLOT_DISPOSITION_UNSPECIFIED || law::IsOwnership(*basis.type))
    return;
  plot.clear_disposition();
  plot.clear_disposition_date();
  context->Put(basis.land.plot.number, plot);
}

// The terms of a circulation are stated of a derived right, or of land by tender, auction or
// negotiation, and their days lie in order.
void CheckCirculation(const v1::GrantRight& act, ActContext* context) {
  if (!act.has_circulation()) return;
  CheckOrder({act.circulation().priority_notice_date(), act.circulation().priority_until_date()},
             "circulation.priority_until_date", context);
  const bool by_other_methods = act.basis() == v1::GRANT_BASIS_OTHER_CONTRACT;
  if (!act.has_parent() && !by_other_methods) RefuseOutOfPlace("circulation", context);
}

}  // namespace

void EnterRight(const v1::GrantRight& act, const Entry& entry, ActContext* context) {
  const std::size_t before = context->refusal_count();
  context->TakeEvidence(act.evidence());
  const auto basis = TakeBasis(act, context);
  const auto holders = TakeHolders({act.co_ownership(), &act.holders()}, context);
  ContractBasis contract = TakeContract(act, context);
  CheckCirculation(act, context);
  if (basis) CheckTerm(act, *basis, context);
  if (!basis || !holders || !MayPut(before, context)) return;
  v1::Right right = MakeRight(act, *basis, entry, context);
  SetHolders(act.co_ownership(), *holders, &right);
  if (contract.created) {
    if (!entry.origin.register_().empty()) *contract.created->mutable_origin() = entry.origin;
    contract.number = context->Create(*contract.created);
  }
  right.set_contract(contract.number);
  context->Create(right);
  ClearDisposition(*basis, context);
}

void Decide(const v1::GrantRight& act, ActContext* context) {
  EnterRight(act, EntryOfToday(*context), context);
}

}  // namespace landbook::registry
