#include "services/registry/holders.h"

#include <algorithm>
#include <map>
#include <set>
#include <string>

#include "fmt/format.h"
#include "services/registry/shares.h"
#include "services/registry/sources.h"
#include "services/registry/standing.h"

namespace landbook::registry {
namespace {

using HolderReferences = google::protobuf::RepeatedPtrField<v1::HolderReference>;

std::string HolderField(const HoldersAsked& asked, int index, std::string_view field) {
  return fmt::format("{}[{}].{}", asked.list, index, field);
}

// The parties named, by number; refused when one means nothing, comes twice, is
// erased or has ended.
std::vector<v1::Holder> ResolveHolders(const HoldersAsked& asked, ActContext* context) {
  const HolderReferences& references = *asked.holders;
  std::vector<v1::Holder> holders;
  std::set<std::uint64_t> seen;
  for (int i = 0; i < references.size(); ++i) {
    const auto party =
        context->Load<v1::Party>(references[i].party(), HolderField(asked, i, "party"));
    if (!party) continue;
    if (!seen.insert(party->number).second) {
      context->Refuse(Reason::HOLDER_TWICE, HolderField(asked, i, "party"),
                      {fmt::format("Party {} is named twice. Name each holder once, with its whole "
                                   "share.",
                                   party->number),
                       fmt::format("第 {} 号主体重复出现。每个权利人只列一次，并写明其全部份额。",
                                   party->number)});
    }
    if (party->record.person().erased()) {
      context->Refuse(Reason::PARTY_ERASED, HolderField(asked, i, "party"),
                      {fmt::format("The private fields of party {} were erased; it can hold no "
                                   "further right. Register the person anew.",
                                   party->number),
                       fmt::format("第 {} 号主体的个人信息已删除，不能再取得权利，请重新登记主体。",
                                   party->number)});
    }
    if (party->record.household().ended()) {
      CheckStands(v1::RECORD_STATE_ENDED, HolderField(asked, i, "party"), {"household", "农户"},
                  context);
    }
    v1::Holder& holder = holders.emplace_back();
    holder.set_party(party->number);
    if (references[i].has_share()) *holder.mutable_share() = references[i].share();
  }
  return holders;
}

void RefuseShares(const HoldersAsked& asked, const Sentence& why, ActContext* context) {
  const HolderReferences& holders = *asked.holders;
  for (int i = 0; i < holders.size(); ++i) {
    if (!holders[i].has_share()) continue;
    context->Refuse(
        Reason::SHARES_NOT_WANTED, HolderField(asked, i, "share"),
        {fmt::format("A share came, but {}. Leave it out, or say that the right is "
                     "held by shares.",
                     why.english),
         fmt::format("收到份额，但{}。请删去份额，或将共有方式改为按份共有。", why.chinese)},
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

void CheckSharesSumToOne(const HoldersAsked& asked, ActContext* context) {
  const HolderReferences& holders = *asked.holders;
  std::vector<v1::Share> shares;
  for (int i = 0; i < holders.size(); ++i) {
    if (holders[i].has_share()) {
      shares.push_back(holders[i].share());
      continue;
    }
    context->Refuse(Reason::SHARES_MISSING, HolderField(asked, i, "share"),
                    {"A holder came without a share, but the right is held by shares. State it as "
                     "a fraction.",
                     "按份共有的权利人缺少份额，请以分数填写。"},
                    source::kShares);
  }
  if (shares.size() != static_cast<std::size_t>(holders.size())) return;
  const ShareSum sum = SumOfShares(shares);
  if (sum == ShareSum::kOne) return;
  const Sentence said = SaySum(sum);
  context->Refuse(Reason::SHARES_NOT_ONE, asked.list,
                  {fmt::format("The shares are {}; they have to sum to exactly one.", said.english),
                   fmt::format("各份额{}；份额之和须恰好等于一。", said.chinese)},
                  source::kShares);
}

void RefuseTooFew(const HoldersAsked& asked, ActContext* context) {
  context->Refuse(Reason::HOLDERS_REQUIRED, asked.list,
                  {"One holder came, but the right is said to be held by several. Name the others, "
                   "or say that it is held solely.",
                   "只列了一名权利人，但共有方式不是单独所有。请补列其他权利人，或改为单独所有。"},
                  source::kJoint);
}

bool IsHousehold(const HoldersAsked& asked, ActContext* context) {
  const auto party =
      context->Load<v1::Party>(asked.holders->at(0).party(), HolderField(asked, 0, "party"));
  return party && party->record.has_household();
}

void CheckJoint(const HoldersAsked& asked, ActContext* context) {
  const HolderReferences& holders = *asked.holders;
  RefuseShares(asked, {"joint holders have no shares", "共同共有不分份额"}, context);
  if (holders.size() == 1 && !IsHousehold(asked, context)) RefuseTooFew(asked, context);
}

void CheckOther(const HoldersAsked& asked, ActContext* context) {
  const HolderReferences& holders = *asked.holders;
  if (holders.size() == 1) RefuseTooFew(asked, context);
  const bool shared = std::any_of(holders.begin(), holders.end(),
                                  [](const auto& holder) { return holder.has_share(); });
  if (shared) CheckSharesSumToOne(asked, context);
}

void CheckSole(const HoldersAsked& asked, ActContext* context) {
  const HolderReferences& holders = *asked.holders;
  RefuseShares(asked, {"a sole holder holds the whole", "单独所有即为全部"}, context);
  if (holders.size() == 1) return;
  context->Refuse(
      Reason::HOLDERS_NOT_SOLE, asked.list,
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
      return CheckSole(asked, context);
    case v1::CO_OWNERSHIP_JOINT:
      return CheckJoint(asked, context);
    case v1::CO_OWNERSHIP_BY_SHARES:
      if (asked.holders->size() == 1) RefuseTooFew(asked, context);
      return CheckSharesSumToOne(asked, context);
    case v1::CO_OWNERSHIP_OTHER:
      return CheckOther(asked, context);
    default:
      return context->Refuse(Reason::FIELD_UNSPECIFIED, "co_ownership",
                             {"How the holders hold the right is not said. State co_ownership.",
                              "未写明共有方式，请填写 co_ownership。"});
  }
}

}  // namespace

std::optional<std::vector<v1::Holder>> TakeHolders(const HoldersAsked& asked, ActContext* context) {
  const std::size_t before = context->refusal_count();
  if (asked.holders->empty()) {
    context->Refuse(Reason::HOLDERS_REQUIRED, asked.list,
                    {"No holder came. Name at least one.", "未列权利人，请至少列一名。"});
    return std::nullopt;
  }
  auto holders = ResolveHolders(asked, context);
  if (context->refusal_count() != before) return std::nullopt;
  CheckForm(asked, context);
  if (context->refusal_count() != before) return std::nullopt;
  return holders;
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

void AddNotes(const std::vector<std::string>& notes, v1::Right* right) {
  for (const std::string& note : notes) {
    const auto& there = right->notes();
    if (std::find(there.begin(), there.end(), note) == there.end()) right->add_notes(note);
  }
}

void SetHolders(v1::CoOwnership co_ownership, const std::vector<v1::Holder>& holders,
                v1::Right* right) {
  right->set_co_ownership(co_ownership);
  right->clear_holders();
  for (const v1::Holder& holder : holders) *right->add_holders() = holder;
}

}  // namespace landbook::registry
