// Who may hold a right, and how several hold one (共有).
#ifndef LANDBOOK_SERVICES_REGISTRY_HOLDERS_H_
#define LANDBOOK_SERVICES_REGISTRY_HOLDERS_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "google/protobuf/repeated_field.h"
#include "landbook/v1/act.pb.h"
#include "landbook/v1/plot.pb.h"
#include "landbook/v1/policy.pb.h"
#include "landbook/v1/right.pb.h"
#include "services/registry/act_context.h"

namespace landbook::registry {

// Holders as an act asks for them.
struct HoldersAsked {
  v1::CoOwnership co_ownership = v1::CO_OWNERSHIP_UNSPECIFIED;
  const google::protobuf::RepeatedPtrField<v1::HolderReference>* holders = nullptr;
  std::string_view list = "holders";  // the act's field that lists them
};

// The holders by number, when they are well formed, whatever the type of right:
//
//   sole        one holder, without a share
//   joint       without shares; one household, whose members hold together, or at least two
//   by shares   at least two, shares exact, each more than nothing, summing to one
//   other       at least two, all with shares, which then sum to one, or none with
//
// No party twice, none erased, no household that has ended. All that is wrong is refused:
// HOLDERS_REQUIRED, HOLDERS_NOT_SOLE, SHARES_MISSING, SHARES_NOT_WANTED, SHARES_NOT_ONE,
// HOLDER_TWICE, PARTY_ERASED, RECORD_ENDED. Source: Civil Code 297 to 299.
std::optional<std::vector<v1::Holder>> TakeHolders(const HoldersAsked& asked, ActContext* context);

// True when the right is held by exactly these, in the same way and in equal shares.
bool HeldAlike(const v1::Right& right, v1::CoOwnership co_ownership,
               const std::vector<v1::Holder>& holders);

// Adds the notes that law has the register show, each once.
void AddNotes(const std::vector<std::string>& notes, v1::Right* right);

// Makes these the right's holders.
void SetHolders(v1::CoOwnership co_ownership, const std::vector<v1::Holder>& holders,
                v1::Right* right);

}  // namespace landbook::registry

#endif  // LANDBOOK_SERVICES_REGISTRY_HOLDERS_H_
