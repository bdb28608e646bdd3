// Erasure of private fields (删除个人信息): the key goes, the commitments stay, so every proof
// holds.
#include <algorithm>

#include "fmt/format.h"
#include "services/registry/acts.h"
#include "services/registry/sources.h"
#include "services/registry/standing.h"
#include "storage/check.h"

namespace landbook::registry {
namespace {

template <typename Record>
bool AnyStands(Table table, std::uint64_t party, const ActContext& context) {
  const auto numbers = context.Linked(table, party);
  return std::any_of(numbers.begin(), numbers.end(), [&](std::uint64_t number) {
    const auto loaded = context.Find<Record>(number);
    return loaded && Stands(loaded->record);
  });
}

bool HoldsAnything(std::uint64_t party, const ActContext& context) {
  return AnyStands<v1::Right>(Table::kRightsOfHolder, party, context) ||
         AnyStands<v1::Mortgage>(Table::kMortgagesOfHolder, party, context);
}

// The party itself, or a household that it is a member of.
void CheckHoldsNothing(std::uint64_t party, ActContext* context) {
  const auto households = context->Linked(Table::kHouseholdsOfPerson, party);
  const bool holds = HoldsAnything(party, *context) ||
                     std::any_of(households.begin(), households.end(), [&](std::uint64_t number) {
                       return HoldsAnything(number, *context);
                     });
  if (!holds) return;
  context->Refuse(
      Reason::PARTY_HOLDS_RIGHTS, "party",
      {fmt::format("Party {}, or a household that it belongs to, holds a right or a "
                   "mortgage that stands; the book has to say who holds it.",
                   party),
       fmt::format("第 {} 号主体或其所在农户仍持有现势权利或抵押权，登记簿须载明权利人，"
                   "不得删除其个人信息。",
                   party)},
      source::kErasure);
}

bool CheckErasable(const Loaded<v1::Party>& party, ActContext* context) {
  if (party.record.person().erased()) {
    context->Refuse(
        Reason::PARTY_ERASED, "party",
        {fmt::format("The private fields of party {} were erased before.", party.number),
         fmt::format("第 {} 号主体的个人信息已经删除。", party.number)});
    return false;
  }
  if (party.record.person().private_version() != 0) return true;
  context->Refuse(Reason::PARTY_HAS_NO_PRIVATE_FIELDS, "party",
                  {fmt::format("Party {} has no private fields: only those of natural persons are "
                               "kept apart and can be erased.",
                               party.number),
                   fmt::format("第 {} 号主体没有个人信息可供删除。", party.number)});
  return false;
}

}  // namespace

void Decide(const v1::ErasePrivateFields& act, ActContext* context) {
  const std::size_t before = context->refusal_count();
  auto party = context->Load<v1::Party>(act.party(), "party");
  if (!party || !CheckErasable(*party, context)) return;
  CheckHoldsNothing(party->number, context);
  if (context->refusal_count() != before) return;
  LANDBOOK_CHECK(context->facts().vault != nullptr);
  context->facts().vault->Destroy(context->overlay(), party->number);
  party->record.mutable_person()->set_erased(true);
  party->record.mutable_person()->set_private_version(0);
  context->record().set_ground(act.ground());
  context->Put(party->number, party->record);
}

}  // namespace landbook::registry
