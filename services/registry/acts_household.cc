// Households that divide and join (分户、合户). Their rights pass by acts of their own; that a
// split is among the household's own members, and that a merge takes every right along, is law.
#include <algorithm>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "fmt/format.h"
#include "services/registry/act_law.h"
#include "services/registry/acts.h"
#include "services/registry/acts_party.h"
#include "services/registry/form.h"

namespace landbook::registry {
namespace {

const v1::HouseholdMember* FindMember(const v1::Household& household, std::uint64_t person) {
  const auto& members = household.members();
  const auto found =
      std::find_if(members.begin(), members.end(),
                   [&](const v1::HouseholdMember& member) { return member.person() == person; });
  return found == members.end() ? nullptr : &*found;
}

// Makes the first member the head, and nobody else.
void SetHead(v1::Household* household) {
  for (auto& member : *household->mutable_members()) member.set_head(false);
  if (household->members_size() > 0) household->mutable_members(0)->set_head(true);
}

void CheckCode(const std::string& code, const std::string& field, std::uint64_t collective,
               ActContext* context) {
  const auto owner = context->Find<v1::Party>(collective);
  if (!owner) return;
  CheckContractorCode({code, field, BeginOfHouseholdCodes(owner->record, *context)}, 0, context);
}

// --- Splits --------------------------------------------------------------------------------------

// The people of a part, the head first; `leaving` has those of the parts before.
std::vector<std::uint64_t> TakePeople(const v1::NewHousehold& part, const std::string& field,
                                      std::set<std::uint64_t>* leaving, ActContext* context) {
  std::vector<std::uint64_t> people;
  if (part.members().empty()) {
    context->Refuse(Reason::HOUSEHOLD_WITHOUT_MEMBERS, field,
                    {"A household has members. Name them, the head first.",
                     "农户须有家庭成员，请列出成员，户主在先。"});
  }
  for (int i = 0; i < part.members_size(); ++i) {
    const std::string place = fmt::format("{}[{}]", field, i);
    const auto person = TakePartyOf({v1::Party::kPerson}, part.members(i), place, context);
    if (person && CheckOnce(person->number, leaving, place, context)) {
      people.push_back(person->number);
    }
  }
  return people;
}

v1::Party MakePart(const Loaded<v1::Party>& old, const v1::NewHousehold& asked,
                   const std::vector<std::uint64_t>& people) {
  v1::Party party;
  v1::Household& part = *party.mutable_household();
  part.set_collective(old.record.household().collective());
  part.set_contractor_code(asked.contractor_code());
  part.add_made_from(old.number);
  for (const std::uint64_t person : people) {
    const v1::HouseholdMember* member = FindMember(old.record.household(), person);
    if (member != nullptr) *part.add_members() = *member;
  }
  SetHead(&part);
  return party;
}

// What stays of the household when these people leave it.
void Leave(const std::set<std::uint64_t>& leaving, v1::Household* household) {
  auto& members = *household->mutable_members();
  const bool head_leaves = !members.empty() && leaving.contains(members[0].person());
  members.erase(std::remove_if(members.begin(), members.end(),
                               [&](const v1::HouseholdMember& member) {
                                 return leaving.contains(member.person());
                               }),
                members.end());
  if (head_leaves) SetHead(household);
}

// --- Merges --------------------------------------------------------------------------------------

std::vector<Loaded<v1::Party>> TakeHouseholds(const v1::MergeHouseholds& act, ActContext* context) {
  std::vector<Loaded<v1::Party>> households;
  if (act.households_size() < 2) {
    context->Refuse(
        Reason::LIST_EMPTY, "households",
        {"A merge joins at least two households. Name them.", "合户须有两户以上，请逐一列出。"});
  }
  std::set<std::uint64_t> seen;
  for (int i = 0; i < act.households_size(); ++i) {
    const auto& asked = act.households(i);
    const std::string field = fmt::format("households[{}]", i);
    auto household = TakeHouseholdToChange(asked.household(), asked.etag(), field, context);
    if (household && CheckOnce(household->number, &seen, field, context)) {
      households.push_back(*std::move(household));
    }
  }
  return households;
}

// The member of one of the households who is to head the one that comes of them.
const v1::HouseholdMember* TakeHead(const v1::MergeHouseholds& act,
                                    const std::vector<Loaded<v1::Party>>& households,
                                    ActContext* context) {
  const auto person = TakePartyOf({v1::Party::kPerson}, act.head(), "head", context);
  if (!person) return nullptr;
  for (const auto& household : households) {
    const auto* member = FindMember(household.record.household(), person->number);
    if (member != nullptr) return member;
  }
  context->Refuse(Reason::HOUSEHOLD_HEAD_REQUIRED, "head",
                  {"The head is a member of none of the households. Name one who is.",
                   "户主不是所列农户的成员，请改为其中一名成员。"});
  return nullptr;
}

v1::Party MakeMerged(const v1::MergeHouseholds& act, const v1::HouseholdMember& head,
                     const std::vector<Loaded<v1::Party>>& households) {
  v1::Party party;
  v1::Household& merged = *party.mutable_household();
  merged.set_collective(households.front().record.household().collective());
  merged.set_contractor_code(act.contractor_code());
  *merged.add_members() = head;
  for (const auto& household : households) {
    merged.add_made_from(household.number);
    for (const auto& member : household.record.household().members()) {
      if (FindMember(merged, member.person()) == nullptr) *merged.add_members() = member;
    }
  }
  SetHead(&merged);
  return party;
}

// A household that has ended has no member left; who its members were stays in its past.
void End(std::uint64_t into, Loaded<v1::Party>* household, ActContext* context) {
  v1::Household& record = *household->record.mutable_household();
  record.set_ended(true);
  record.add_made_into(into);
  record.clear_members();
  context->Put(household->number, household->record);
}

}  // namespace

void Decide(const v1::SplitHousehold& act, ActContext* context) {
  const std::size_t before = context->refusal_count();
  context->TakeEvidence(act.evidence());
  auto household = TakeHouseholdToChange(act.household(), act.etag(), "household", context);
  CheckNotEmpty(act.parts_size(), "parts", context);
  std::vector<std::vector<std::uint64_t>> people;
  std::set<std::uint64_t> leaving;
  for (int i = 0; i < act.parts_size(); ++i) {
    const std::string field = fmt::format("parts[{}]", i);
    people.push_back(TakePeople(act.parts(i), field + ".members", &leaving, context));
    if (household) {
      CheckCode(act.parts(i).contractor_code(), field + ".contractor_code",
                household->record.household().collective(), context);
    }
  }
  if (!household || !MayPut(before, context)) return;
  v1::Household& old = *household->record.mutable_household();
  std::vector<v1::Party> parts;
  for (int i = 0; i < act.parts_size(); ++i) {
    parts.push_back(MakePart(*household, act.parts(i), people[static_cast<std::size_t>(i)]));
  }
  Leave(leaving, &old);
  for (v1::Party& part : parts) old.add_made_into(context->Create(part));
  context->Put(household->number, household->record);
}

void Decide(const v1::MergeHouseholds& act, ActContext* context) {
  const std::size_t before = context->refusal_count();
  context->TakeEvidence(act.evidence());
  auto households = TakeHouseholds(act, context);
  const v1::HouseholdMember* head = TakeHead(act, households, context);
  if (!households.empty()) {
    CheckCode(act.contractor_code(), "contractor_code",
              households.front().record.household().collective(), context);
  }
  if (head == nullptr || !MayPut(before, context)) return;
  v1::Party merged = MakeMerged(act, *head, households);
  const std::uint64_t into = context->Create(merged);
  for (auto& household : households) End(into, &household, context);
}

}  // namespace landbook::registry
