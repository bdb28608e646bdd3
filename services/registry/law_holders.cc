#include "services/registry/law_holders.h"

#include <algorithm>
#include <map>
#include <set>
#include <string>

#include "fmt/format.h"
#include "services/registry/law_codes.h"
#include "services/registry/law_shares.h"
#include "services/registry/law_sources.h"
#include "services/registry/law_standing.h"

namespace landbook::registry {
namespace {

using HolderReferences = google::protobuf::RepeatedPtrField<v1::HolderReference>;

std::string HolderField(int index, std::string_view field) {
  return fmt::format("holders[{}].{}", index, field);
}

// The parties named, by number; refused when one means nothing, comes twice, is
// erased or has ended.
std::vector<v1::Holder> ResolveHolders(const HolderReferences& references, ActContext* context) {
  std::vector<v1::Holder> holders;
  std::set<std::uint64_t> seen;
  for (int i = 0; i < references.size(); ++i) {
    const auto party = context->Load<v1::Party>(references[i].party(), HolderField(i, "party"));
    if (!party) continue;
    if (!seen.insert(party->number).second) {
      context->Refuse(Reason::HOLDER_TWICE, HolderField(i, "party"),
                      {fmt::format("Party {} is named twice. Name each holder once, with its whole "
                                   "share.",
                                   party->number),
                       fmt::format("第 {} 号主体重复出现。每个权利人只列一次，并写明其全部份额。",
                                   party->number)});
    }
    if (party->record.person().erased()) {
      context->Refuse(Reason::PARTY_ERASED, HolderField(i, "party"),
                      {fmt::format("The private fields of party {} were erased; it can hold no "
                                   "further right. Register the person anew.",
                                   party->number),
                       fmt::format("第 {} 号主体的个人信息已删除，不能再取得权利，请重新登记主体。",
                                   party->number)});
    }
    if (party->record.household().ended()) {
      CheckStands(v1::RECORD_STATE_ENDED, HolderField(i, "party"), {"household", "农户"}, context);
    }
    v1::Holder& holder = holders.emplace_back();
    holder.set_party(party->number);
    if (references[i].has_share()) *holder.mutable_share() = references[i].share();
  }
  return holders;
}

void RefuseShares(const HolderReferences& holders, std::string_view why_english,
                  std::string_view why_chinese, ActContext* context) {
  for (int i = 0; i < holders.size(); ++i) {
    if (!holders[i].has_share()) continue;
    context->Refuse(
        Reason::SHARES_NOT_WANTED, HolderField(i, "share"),
        {fmt::format("A share came, but {}. Leave it out, or say that the right is "
                     "held by shares.",
                     why_english),
         fmt::format("收到份额，但{}。请删去份额，或将共有方式改为按份共有。", why_chinese)},
        source::kJoint);
  }
}

// What the shares come to, for people.
Sentence SaySum(ShareSum sum) {
  switch (sum) {
    case ShareSum::kLess:
      return {"less than the whole", "合计不足一"};
    case ShareSum::kMore:
      return {"more than the whole", "合计超过一"};
    case ShareSum::kEmptyShare:
      return {"a share with a zero", "含有为零的份额"};
    default:
      return {"fractions too fine to be added exactly", "分数过细，无法精确相加"};
  }
}

void CheckSharesSumToOne(const HolderReferences& holders, ActContext* context) {
  std::vector<v1::Share> shares;
  for (int i = 0; i < holders.size(); ++i) {
    if (holders[i].has_share()) {
      shares.push_back(holders[i].share());
      continue;
    }
    context->Refuse(Reason::SHARES_MISSING, HolderField(i, "share"),
                    {"A holder came without a share, but the right is held by shares. State it as "
                     "a fraction.",
                     "按份共有的权利人缺少份额，请以分数填写。"},
                    source::kShares);
  }
  if (shares.size() != static_cast<std::size_t>(holders.size())) return;
  const ShareSum sum = SumOfShares(shares);
  if (sum == ShareSum::kOne) return;
  const Sentence said = SaySum(sum);
  context->Refuse(Reason::SHARES_NOT_ONE, "holders",
                  {fmt::format("The shares are {}; they have to sum to exactly one.", said.english),
                   fmt::format("各份额{}；份额之和须恰好等于一。", said.chinese)},
                  source::kShares);
}

void RefuseTooFew(ActContext* context) {
  context->Refuse(Reason::HOLDERS_REQUIRED, "holders",
                  {"One holder came, but the right is said to be held by several. Name the others, "
                   "or say that it is held solely.",
                   "只列了一名权利人，但共有方式不是单独所有。请补列其他权利人，或改为单独所有。"},
                  source::kJoint);
}

bool IsHousehold(const v1::HolderReference& reference, ActContext* context) {
  const auto party = context->Load<v1::Party>(reference.party(), "holders[0].party");
  return party && party->record.has_household();
}

void CheckJoint(const HolderReferences& holders, ActContext* context) {
  RefuseShares(holders, "joint holders have no shares", "共同共有不分份额", context);
  if (holders.size() == 1 && !IsHousehold(holders[0], context)) RefuseTooFew(context);
}

void CheckOther(const HolderReferences& holders, ActContext* context) {
  if (holders.size() == 1) RefuseTooFew(context);
  const bool shared = std::any_of(holders.begin(), holders.end(),
                                  [](const auto& holder) { return holder.has_share(); });
  if (shared) CheckSharesSumToOne(holders, context);
}

void CheckSole(const HolderReferences& holders, ActContext* context) {
  RefuseShares(holders, "a sole holder holds the whole", "单独所有即为全部", context);
  if (holders.size() == 1) return;
  context->Refuse(
      Reason::HOLDERS_NOT_SOLE, "holders",
      {fmt::format("{} holders came, but the right is said to be held solely. Name one, "
                   "or say how they hold it.",
                   holders.size()),
       fmt::format("列了 {} 名权利人，但共有方式为单独所有。请只列一名，或改正共有方式。",
                   holders.size())},
      source::kShares);
}

void CheckForm(const HoldersAsked& asked, ActContext* context) {
  switch (asked.co_ownership) {
    case v1::CO_OWNERSHIP_SOLE:
      return CheckSole(*asked.holders, context);
    case v1::CO_OWNERSHIP_JOINT:
      return CheckJoint(*asked.holders, context);
    case v1::CO_OWNERSHIP_BY_SHARES:
      if (asked.holders->size() == 1) RefuseTooFew(context);
      return CheckSharesSumToOne(*asked.holders, context);
    case v1::CO_OWNERSHIP_OTHER:
      return CheckOther(*asked.holders, context);
    default:
      return context->Refuse(Reason::FIELD_UNSPECIFIED, "co_ownership",
                             {"How the holders hold the right is not said. State co_ownership.",
                              "未写明共有方式，请填写 co_ownership。"});
  }
}

Sentence SayClass(v1::HolderClass holder_class) {
  switch (holder_class) {
    case v1::HOLDER_CLASS_COLLECTIVE:
      return {"the collective that owns at the plot's division", "该宗地所在区划的农民集体"};
    case v1::HOLDER_CLASS_HOUSEHOLD_OF_THE_COLLECTIVE:
      return {"a household of the collective that owns the land", "本集体经济组织的农户"};
    default:
      return {"any party", "任何主体"};
  }
}

std::string TransferSource(const v1::RightType& type) {
  if (IsContractRight(type)) return source::kAssignContract;
  if (IsHomestead(type)) return source::kTransferHomestead;
  return type.source().document();
}

// A class that the holders of a right have to be of, and how its breach is told.
struct ClassRule {
  v1::HolderClass holder_class;
  Reason reason;
  std::string source;
};

void CheckClass(const std::vector<v1::Holder>& holders, const ClassRule& rule, const v1::Plot& plot,
                ActContext* context) {
  for (std::size_t i = 0; i < holders.size(); ++i) {
    const auto party = context->Find<v1::Party>(holders[i].party());
    if (!party || IsOfClass(party->record, rule.holder_class, plot, *context)) continue;
    const Sentence wanted = SayClass(rule.holder_class);
    context->Breach(rule.reason, HolderField(static_cast<int>(i), "party"),
                    {fmt::format("Party {} cannot take this right on plot {}: it has to be {}.",
                                 holders[i].party(), plot.code(), wanted.english),
                     fmt::format("第 {} 号主体不能取得宗地 {} 上的该项权利：须为{}。",
                                 holders[i].party(), plot.code(), wanted.chinese)},
                    rule.source);
  }
}

}  // namespace

std::optional<std::vector<v1::Holder>> TakeHolders(const HoldersAsked& asked, ActContext* context) {
  const std::size_t before = context->refusal_count();
  if (asked.holders->empty()) {
    context->Refuse(Reason::HOLDERS_REQUIRED, "holders",
                    {"No holder came. Name at least one.", "未列权利人，请至少列一名。"});
    return std::nullopt;
  }
  auto holders = ResolveHolders(*asked.holders, context);
  if (context->refusal_count() != before) return std::nullopt;
  CheckForm(asked, context);
  if (context->refusal_count() != before) return std::nullopt;
  return holders;
}

bool IsOfClass(const v1::Party& party, v1::HolderClass holder_class, const v1::Plot& plot,
               const ActContext& context) {
  switch (holder_class) {
    case v1::HOLDER_CLASS_ANYONE:
      return true;
    case v1::HOLDER_CLASS_COLLECTIVE:
      return party.has_collective() &&
             DivisionsAgree({party.collective().division(), plot.division()});
    case v1::HOLDER_CLASS_HOUSEHOLD_OF_THE_COLLECTIVE: {
      if (!party.has_household()) return false;
      const auto collective = context.Find<v1::Party>(party.household().collective());
      return collective &&
             DivisionsAgree({collective->record.collective().division(), plot.division()});
    }
    default:
      return false;
  }
}

void CheckHolderClass(const std::vector<v1::Holder>& holders, const v1::RightType& type,
                      const v1::Plot& plot, ActContext* context) {
  CheckClass(holders, {type.holder_class(), Reason::HOLDER_NOT_ALLOWED, type.source().document()},
             plot, context);
}

void CheckTransfereeClass(const std::vector<v1::Holder>& holders, const v1::RightType& type,
                          const v1::Plot& plot, ActContext* context) {
  const bool inside = type.transferee_class() == v1::HOLDER_CLASS_HOUSEHOLD_OF_THE_COLLECTIVE;
  CheckClass(holders,
             {type.transferee_class(),
              inside ? Reason::TRANSFEREE_OUTSIDE_COLLECTIVE : Reason::HOLDER_NOT_ALLOWED,
              TransferSource(type)},
             plot, context);
}

bool HeldAlike(const v1::Right& right, v1::CoOwnership co_ownership,
               const std::vector<v1::Holder>& holders) {
  if (right.co_ownership() != co_ownership) return false;
  if (static_cast<std::size_t>(right.holders_size()) != holders.size()) return false;
  std::map<std::uint64_t, const v1::Share*> shares;
  for (const auto& holder : right.holders()) shares[holder.party()] = &holder.share();
  return std::all_of(holders.begin(), holders.end(), [&](const v1::Holder& holder) {
    const auto found = shares.find(holder.party());
    return found != shares.end() && SameShare(*found->second, holder.share());
  });
}

void SetHolders(v1::CoOwnership co_ownership, const std::vector<v1::Holder>& holders,
                v1::Right* right) {
  right->set_co_ownership(co_ownership);
  right->clear_holders();
  for (const v1::Holder& holder : holders) *right->add_holders() = holder;
}

}  // namespace landbook::registry
