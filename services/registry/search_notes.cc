#include "services/registry/search_notes.h"

#include <algorithm>
#include <vector>

namespace landbook::registry {
namespace {

void AddParty(std::uint64_t party, AccessRow* row) {
  const bool known = std::any_of(row->shown.begin(), row->shown.end(),
                                 [&](const ShownParty& shown) { return shown.number == party; });
  if (!known) row->shown.push_back({party, 0});
}

void AddRecord(v1::RecordKind kind, std::uint64_t number, AccessRow* row) {
  const SearchedRecord record{kind, number};
  if (std::find(row->records.begin(), row->records.end(), record) == row->records.end()) {
    row->records.push_back(record);
  }
}

void AddHolders(const v1::Right& right, AccessRow* row) {
  for (const auto& holder : right.holders()) AddParty(holder.party(), row);
}

void AddRight(std::uint64_t number, BookReader* reader, AccessRow* row) {
  AddRecord(v1::RECORD_KIND_RIGHT, number, row);
  if (const auto right = reader->Find<v1::Right>(number)) AddHolders(*right, row);
}

}  // namespace

void NoteShown(const v1::Unit& unit, BookReader* reader, AccessRow* row) {
  AddRecord(v1::RECORD_KIND_UNIT, unit.number(), row);
  const auto rights = reader->LinkedOfAll(Table::kRightsOfUnit, {unit.number()});
  for (const auto& right : reader->FindAll<v1::Right>(rights)) {
    if (right && right->state() == v1::RECORD_STATE_LIVE) AddHolders(*right, row);
  }
}

void NoteShown(const v1::Right& right, BookReader*, AccessRow* row) {
  AddRecord(v1::RECORD_KIND_RIGHT, right.number(), row);
  AddHolders(right, row);
}

void NoteShown(const v1::ListRightsResponse& rights, BookReader* reader, AccessRow* row) {
  for (const v1::Right& right : rights.rights()) NoteShown(right, reader, row);
}

void NoteShown(const v1::GetRightHistoryResponse& history, BookReader* reader, AccessRow* row) {
  for (const v1::Right& version : history.versions()) NoteShown(version, reader, row);
}

void NoteShown(const v1::Mortgage& mortgage, BookReader* reader, AccessRow* row) {
  for (const std::uint64_t right : mortgage.rights()) AddRight(right, reader, row);
}

void NoteShown(const v1::ListMortgagesResponse& mortgages, BookReader* reader, AccessRow* row) {
  for (const v1::Mortgage& mortgage : mortgages.mortgages()) NoteShown(mortgage, reader, row);
}

void NoteShown(const v1::Certificate& certificate, BookReader* reader, AccessRow* row) {
  if (certificate.has_mortgage()) return NoteShown(certificate.mortgage(), reader, row);
  NoteShown(certificate.right(), reader, row);
  for (const auto& further : certificate.further_rights()) {
    NoteShown(further.right(), reader, row);
  }
}

void NoteShown(const v1::GetPartyHistoryResponse& history, BookReader*, AccessRow* row) {
  for (const v1::Party& version : history.versions()) {
    if (version.has_person() || version.has_household()) AddParty(version.number(), row);
  }
}

void NoteShown(const v1::HouseholdOverview& overview, BookReader*, AccessRow* row) {
  AddParty(overview.household().number(), row);
}

void NoteShown(const v1::UnitStatus& status, BookReader* reader, AccessRow* row) {
  const auto unit = reader->NumberOf(v1::RECORD_KIND_UNIT, status.unit());
  if (unit) AddRecord(v1::RECORD_KIND_UNIT, *unit, row);
  for (const v1::Right& right : status.rights()) NoteShown(right, reader, row);
}

}  // namespace landbook::registry
