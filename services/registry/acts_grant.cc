// First registration of rights (首次登记).
#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

#include "fmt/format.h"
#include "services/common/civil_date.h"
#include "services/registry/acts.h"
#include "services/registry/acts_entry.h"
#include "services/registry/form.h"
#include "services/registry/law_cautions.h"
#include "services/registry/law_holders.h"
#include "services/registry/law_sources.h"
#include "services/registry/law_standing.h"
#include "services/registry/law_term.h"
#include "services/registry/record_codes.h"

namespace landbook::registry {
namespace {

// What a grant rests on, read once.
struct GrantBasis {
  UnitOnPlot land;
  const v1::RightType* type = nullptr;
  std::optional<Loaded<v1::Right>> parent;
};

void CheckPlot(const v1::Plot& plot, const v1::RightType& type, ActContext* context) {
  if (plot.unconfirmed()) {
    context->Breach(
        Reason::PLOT_UNCONFIRMED, "unit",
        {fmt::format("Plot {} was surveyed on land illegally occupied; no right in it "
                     "can be registered until it is confirmed.",
                     plot.code()),
         fmt::format("宗地 {} 系违法占地测量入库，合法性未确认前不得登记权利。", plot.code())},
        source::kIllegalOccupation);
  }
  const auto& kinds = type.plot_kinds();
  if (std::find(kinds.begin(), kinds.end(), plot.kind()) != kinds.end()) return;
  context->Refuse(Reason::RIGHT_NOT_OF_PLOT_KIND, "type",
                  {fmt::format("A right of type {} cannot be of plot {}, whose kind is {}.",
                               type.code(), plot.code(), plot.kind()),
                   fmt::format("“{}”不能设立在宗地 {}（种类 {}）上。", type.title_zh(), plot.code(),
                               plot.kind())},
                  type.source().document());
}

void CheckExclusive(const GrantBasis& basis, ActContext* context) {
  if (!basis.type->exclusive()) return;
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
  if (!basis->type->parent_required()) return;
  context->Breach(Reason::PARENT_REQUIRED, "parent",
                  {fmt::format("A right of type {} derives from another right. Name it as parent.",
                               basis->type->code()),
                   fmt::format("“{}”须由另一项权利派生，请填写 parent。", basis->type->title_zh())},
                  basis->type->source().document());
}

// Ownership has no term; every other right has one.
void CheckTerm(const v1::GrantRight& act, const GrantBasis& basis, ActContext* context) {
  if (!act.has_term()) {
    if (IsOwnership(*basis.type)) return;
    context->Refuse(Reason::TERM_REQUIRED, "term",
                    {"The right came without a term. State its first day, and its last day or that "
                     "it has no end.",
                     "权利缺少期限。请填写起始日，以及终止日或“长久”。"},
                    basis.type->source().document());
    return;
  }
  const auto term = TakeTerm(act.term(), "term", context);
  if (!term) return;
  CheckTermOfType(*term, *basis.type, context);
  if (basis.parent) CheckTermWithinParent(*term, basis.parent->record, context);
}

void CheckMoney(std::int64_t fen, std::string_view field, ActContext* context) {
  if (fen >= 0) return;
  context->Refuse(Reason::MONEY_NEGATIVE, field,
                  {fmt::format("{} fen came; an amount is zero or more.", fen),
                   fmt::format("收到 {} 分，金额不得为负。", fen)});
}

// Silence about the price is an older register's only.
void CheckPrice(const v1::NewContract& asked, const std::string& before, ActContext* context) {
  CheckMoney(asked.price_fen(), before + "price_fen", context);
  if (!asked.price_unstated()) return;
  if (context->carried_over() && asked.price_fen() == 0) return;
  context->Refuse(
      Reason::VALUE_OUT_OF_RANGE, before + "price_unstated",
      {"A price that is not stated goes with a contract of an older register and a price "
       "of 0 only. State the price.",
       "只有承接原登记且价款为 0 的合同可注明“未载明价款”，请填写价款。"});
}

// The contract that the act brings, its fields lying at `before` ("new_contract."); refused when it
// cannot be entered.
std::optional<v1::Contract> TakeNewContract(const v1::NewContract& asked, const std::string& before,
                                            ActContext* context) {
  const std::size_t refusals = context->refusal_count();
  const auto issuer = context->Load<v1::Party>(asked.issuer(), before + "issuer");
  const auto taker = context->Load<v1::Party>(asked.taker(), before + "taker");
  CheckPrice(asked, before, context);
  CheckKeyText(asked.code(), before + "code", context);
  if (!common::ParseCivilDate(asked.signed_date())) {
    context->Refuse(
        Reason::DATE_MALFORMED, before + "signed_date",
        {fmt::format("\"{}\" came where a date as YYYY-MM-DD is wanted.", asked.signed_date()),
         fmt::format("收到“{}”，应为 YYYY-MM-DD 形式的日期。", asked.signed_date())});
  }
  if (!asked.code().empty() && context->FindByCode(v1::RECORD_KIND_CONTRACT, asked.code())) {
    context->Refuse(Reason::CODE_ALREADY_USED, before + "code",
                    {fmt::format("A contract with code {} is in the book already. Name it as "
                                 "contract, or correct the code.",
                                 asked.code()),
                     fmt::format("登记簿中已有代码为 {} 的合同。请以 contract 引用它，或更正代码。",
                                 asked.code())});
  }
  if (context->refusal_count() != refusals) return std::nullopt;
  v1::Contract contract;
  contract.set_code(asked.code());
  contract.set_issuer(issuer->number);
  contract.set_taker(taker->number);
  contract.set_signed_date(asked.signed_date());
  contract.set_method(asked.method());
  contract.set_price_fen(asked.price_fen());
  contract.set_price_unstated(asked.price_unstated());
  *contract.mutable_attributes() = asked.attributes();
  return contract;
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
                    const ActContext& context) {
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
  *right.mutable_attributes() = act.attributes();
  for (const std::string& breach : context.breaches()) right.add_carry_over_findings(breach);
  return right;
}

// What was to become of a plot after a withdrawal is over once a use right is granted in it.
void ClearDisposition(const GrantBasis& basis, ActContext* context) {
  v1::Plot plot = basis.land.plot.record;
  if (plot.disposition() == v1::PLOT_DISPOSITION_UNSPECIFIED || IsOwnership(*basis.type)) return;
  plot.clear_disposition();
  plot.clear_disposition_date();
  context->Put(basis.land.plot.number, plot);
}

// The terms of a derived right are stated of one only, and its days lie in order.
void CheckCirculation(const v1::GrantRight& act, ActContext* context) {
  if (!act.has_circulation()) return;
  CheckOrder({act.circulation().priority_notice_date(), act.circulation().priority_until_date()},
             "circulation.priority_until_date", context);
  if (!act.has_parent()) RefuseOutOfPlace("circulation", context);
}

}  // namespace

void EnterRight(const v1::GrantRight& act, const Entry& entry, ActContext* context) {
  const std::size_t before = context->refusal_count();
  context->TakeEvidence(act.evidence());
  const auto basis = TakeBasis(act, context);
  const auto holders = TakeHolders({act.co_ownership(), &act.holders()}, context);
  ContractBasis contract = TakeContract(act, context);
  CheckCirculation(act, context);
  if (basis) {
    CheckTerm(act, *basis, context);
    if (holders) CheckHolderClass(*holders, *basis->type, basis->land.plot.record, context);
    CautionTarget target{basis->land.unit.number, {}, "unit"};
    if (basis->parent) target.rights.push_back(basis->parent->number);
    CheckCautions(target, v1::ACT_KIND_GRANT, context);
  }
  if (!basis || !holders || context->refusal_count() != before) return;
  v1::Right right = MakeRight(act, *basis, entry, *context);
  SetHolders(act.co_ownership(), *holders, &right);
  if (contract.created) {
    if (!entry.origin.register_().empty()) *contract.created->mutable_origin() = entry.origin;
    contract.number = context->Create(*contract.created);
  }
  right.set_contract(contract.number);
  context->Create(right);
  ClearDisposition(*basis, context);
}

void EnterContract(const v1::NewContract& act, const Entry& entry, ActContext* context) {
  auto contract = TakeNewContract(act, "", context);
  if (!contract) return;
  *contract->mutable_origin() = entry.origin;
  context->Create(*contract);
}

void Decide(const v1::GrantRight& act, ActContext* context) {
  EnterRight(act, EntryOfToday(*context), context);
}

}  // namespace landbook::registry
