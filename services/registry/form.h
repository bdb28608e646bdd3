// Form that several acts share: what is named is of the kind wanted, days lie in order and have
// come, nothing is named twice. Law is asked after form and is not here.
//
// Everything refuses what is wrong and says so by its result.
#ifndef LANDBOOK_SERVICES_REGISTRY_FORM_H_
#define LANDBOOK_SERVICES_REGISTRY_FORM_H_

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "google/protobuf/repeated_field.h"
#include "landbook/v1/party.pb.h"
#include "services/registry/act_context.h"

namespace landbook::registry {

// The party that the reference means when it is of one of these kinds, not erased and, as a
// household, not ended; otherwise PARTY_OF_ANOTHER_KIND, PARTY_ERASED, RECORD_ENDED.
std::optional<Loaded<v1::Party>> TakePartyOf(std::initializer_list<v1::Party::KindCase> kinds,
                                             const v1::Reference& reference, std::string_view field,
                                             ActContext* context);

// The household that an act changes: as above, and the etag is the state's (RECORD_MOVED).
std::optional<Loaded<v1::Party>> TakeHouseholdToChange(const v1::Reference& reference,
                                                       const std::string& etag,
                                                       std::string_view field, ActContext* context);

// The standing rights that are meant, each named once: RECORD_ENDED, VALUE_TWICE.
std::vector<std::uint64_t> TakeRightsNamed(
    const google::protobuf::RepeatedPtrField<v1::Reference>& rights, std::string_view field,
    ActContext* context);

// Refuses a day after the commit's: VALUE_OUT_OF_RANGE. What is recorded has happened. An empty
// text passes.
void CheckHasCome(const std::string& date, std::string_view field, ActContext* context);

// Refuses a later day that lies before an earlier one: DATES_BACKWARD. Empty texts pass.
struct DaysInOrder {
  const std::string& earlier;
  const std::string& later;
};
void CheckOrder(const DaysInOrder& days, std::string_view field, ActContext* context);

// Refuses an empty list of what an act has to name: LIST_EMPTY.
bool CheckNotEmpty(int size, std::string_view field, ActContext* context);

// Refuses what was seen before: VALUE_TWICE. `value` is told as it is written; never a name.
template <typename Value>
bool CheckOnce(const Value& value, std::set<Value>* seen, const std::string& field,
               ActContext* context) {
  if (seen->insert(value).second) return true;
  context->Refuse(Reason::VALUE_TWICE, field,
                  {"The same was named before in this list. Name each once.",
                   "该项在列表中重复出现，每项只列一次。"});
  return false;
}

// Refuses a digest that is there and has not 32 bytes: VALUE_OUT_OF_RANGE.
void CheckDigest(const std::string& digest, std::string_view field, ActContext* context);

// Refuses a field that the act's other facts leave no place for: FIELD_OF_ANOTHER_KIND.
void RefuseOutOfPlace(std::string_view field, ActContext* context);

// Refuses an act that leaves everything as it is: NOTHING_CHANGES.
void RefuseNothingChanges(ActContext* context);

}  // namespace landbook::registry

#endif  // LANDBOOK_SERVICES_REGISTRY_FORM_H_
