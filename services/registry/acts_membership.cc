// How people stand to their household's collective (成员身份), and what becomes of the household's
// claim to a homestead (宅基地资格权). Which ground and which body the law asks for is law.
#include <algorithm>

#include "services/registry/act_law.h"
#include "services/registry/acts.h"
#include "services/registry/form.h"

namespace landbook::registry {
namespace {

v1::HouseholdMember MemberOf(const v1::ChangeMembership& act, std::uint64_t person) {
  v1::HouseholdMember member;
  member.set_person(person);
  member.set_standing(act.standing());
  member.set_co_holder(act.co_holder());
  member.set_since_date(act.since_date());
  member.set_ground(act.ground());
  return member;
}

// The household's entry of the person; a new one, at the end, for one who joins it.
v1::HouseholdMember& EntryOf(std::uint64_t person, v1::Household* household) {
  auto& members = *household->mutable_members();
  const auto found =
      std::find_if(members.begin(), members.end(),
                   [&](const v1::HouseholdMember& member) { return member.person() == person; });
  return found == members.end() ? *household->add_members() : *found;
}

}  // namespace

void Decide(const v1::ChangeMembership& act, ActContext* context) {
  const std::size_t before = context->refusal_count();
  context->TakeEvidence(act.evidence());
  auto household = TakeHouseholdToChange(act.household(), act.etag(), "household", context);
  const auto person = TakePartyOf({v1::Party::kPerson}, act.person(), "person", context);
  CheckHasCome(act.since_date(), "since_date", context);
  if (!household || !person || !MayPut(before, context)) return;
  v1::HouseholdMember& entry = EntryOf(person->number, household->record.mutable_household());
  v1::HouseholdMember member = MemberOf(act, person->number);
  member.set_head(entry.head());
  if (member.SerializeAsString() == entry.SerializeAsString()) return RefuseNothingChanges(context);
  entry = member;
  context->Put(household->number, household->record);
}

void Decide(const v1::SetEligibility& act, ActContext* context) {
  const std::size_t before = context->refusal_count();
  context->TakeEvidence(act.evidence());
  auto household = TakeHouseholdToChange(act.household(), act.etag(), "household", context);
  if (!household || !MayPut(before, context)) return;
  v1::Household& record = *household->record.mutable_household();
  if (record.eligibility() == act.eligibility()) return RefuseNothingChanges(context);
  record.set_eligibility(act.eligibility());
  record.set_eligibility_since(context->day());
  context->record().set_ground(act.ground());
  context->Put(household->number, household->record);
}

}  // namespace landbook::registry
