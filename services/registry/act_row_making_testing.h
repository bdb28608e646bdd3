// What the builders of rows share: how a row's words become references, terms and evidence.
#ifndef LANDBOOK_SERVICES_REGISTRY_ACT_ROW_MAKING_TESTING_H_
#define LANDBOOK_SERVICES_REGISTRY_ACT_ROW_MAKING_TESTING_H_

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "google/protobuf/generated_enum_reflection.h"
#include "services/registry/act_rows_testing.h"
#include "storage/check.h"

namespace landbook::registry {

// What a builder works with.
struct Making {
  const ActRow& row;
  const RowScene& scene;
  v1::Commit* commit;
};

using RowBuilder = v1::Act (*)(const Making&);

// The builders of the acts about resolutions, households, filings, ranks, advances, cautions,
// taking back, withdrawal, the calendar and officers (act_row_case_acts_testing.cc), by verb.
const std::map<std::string, RowBuilder>& CaseActBuilders();

// The builders of the acts about mortgages, cautions and certificates
// (act_row_mortgage_acts_testing.cc), by verb.
const std::map<std::string, RowBuilder>& MortgageActBuilders();

// The builders of the steps of a case (act_row_case_steps_testing.cc), by verb.
const std::map<std::string, RowBuilder>& CaseStepBuilders();

// What every carry-over of a row says of the older register.
v1::CarryOver CarryOf(const Making& making);

// A record by its name, or by "#7" as number 7, or by its code.
v1::Reference Refer(const std::string& name, const Making& making);

// The etag of the record, unless the row states another one.
std::string Etag(const std::string& name, const Making& making);

// The act about the record that the row names, or that its fact `name` names.
template <typename Act>
Act ChangingNamed(const std::string& name, const Making& making,
                  v1::Reference* (Act::*reference)()) {
  Act act;
  *(act.*reference)() = Refer(name, making);
  act.set_etag(Etag(name, making));
  return act;
}
template <typename Act>
Act Changing(const Making& making, v1::Reference* (Act::*reference)()) {
  return ChangingNamed(making.row.name, making, reference);
}

// "2026-01-01..2030-12-31", "2026-01-01..none" for no end, "2026-01-01.." for an end unsaid.
v1::Term TermOf(const std::string& text);

// "joint" as CO_OWNERSHIP_JOINT and so on, by the fact `co`; joint without one.
v1::CoOwnership CoOwnershipOf(const ActRow& row);

// "Zhang,Li" or, with shares, "Zhang:1/3,Li:2/3".
using HolderList = google::protobuf::RepeatedPtrField<v1::HolderReference>;
void AddHolders(const std::string& holders, const Making& making, HolderList* list);

// The value of an enum whose name ends with the word: "town-housing" for
// COMPENSATION_KIND_TOWN_HOUSING. The unspecified value for an empty word. REQUIRES: there is one.
template <typename Enum>
Enum WordIn(std::string word, std::string_view prefix) {
  Enum value = static_cast<Enum>(0);
  if (word.empty()) return value;
  for (char& c : word) {
    if (c == '-') c = '_';
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  }
  const auto* found =
      google::protobuf::GetEnumDescriptor<Enum>()->FindValueByName(std::string(prefix) + word);
  LANDBOOK_CHECK(found != nullptr);
  return static_cast<Enum>(found->number());
}

// The pieces of evidence that the row brings, put into the commit; gives their positions.
// "consent=Zhang,Li" is a consent given by each of them, "survey=yes" one by nobody named, and
// "resolution=R" names a record.
std::vector<std::uint32_t> EvidenceOf(const Making& making);
template <typename Act>
void AddEvidence(const Making& making, Act* act) {
  for (const std::uint32_t position : EvidenceOf(making)) act->add_evidence(position);
}

// The fact as an amount in fen; 0 without one.
std::int64_t Fen(const ActRow& row, const std::string& key);

}  // namespace landbook::registry

#endif  // LANDBOOK_SERVICES_REGISTRY_ACT_ROW_MAKING_TESTING_H_
