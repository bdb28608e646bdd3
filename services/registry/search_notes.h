// Which persons, units and rights an answer shows: what the access log keeps of a call that asks
// for them (access_log.h). Answers that are about none of these note nothing.
#ifndef LANDBOOK_SERVICES_REGISTRY_SEARCH_NOTES_H_
#define LANDBOOK_SERVICES_REGISTRY_SEARCH_NOTES_H_

#include "landbook/v1/registry_service.pb.h"
#include "services/registry/access_log.h"
#include "services/registry/book_reader.h"

namespace landbook::registry {

// Adds what is shown: of a unit the unit and the holders of its rights, of a unit's status the
// unit, the rights shown and their holders, of a right the right and its holders, of a mortgage or
// certificate the rights that it is of, of a household the household. `reader` reads the book; a
// right that has ended shows its holders too.
void NoteShown(const v1::Unit& unit, BookReader* reader, AccessRow* row);
void NoteShown(const v1::Right& right, BookReader* reader, AccessRow* row);
void NoteShown(const v1::ListRightsResponse& rights, BookReader* reader, AccessRow* row);
void NoteShown(const v1::GetRightHistoryResponse& history, BookReader* reader, AccessRow* row);
void NoteShown(const v1::Mortgage& mortgage, BookReader* reader, AccessRow* row);
void NoteShown(const v1::ListMortgagesResponse& mortgages, BookReader* reader, AccessRow* row);
void NoteShown(const v1::Certificate& certificate, BookReader* reader, AccessRow* row);
void NoteShown(const v1::GetPartyHistoryResponse& history, BookReader* reader, AccessRow* row);
void NoteShown(const v1::HouseholdOverview& overview, BookReader* reader, AccessRow* row);
void NoteShown(const v1::UnitStatus& status, BookReader* reader, AccessRow* row);
template <typename Other>
void NoteShown(const Other&, BookReader*, AccessRow*) {}

}  // namespace landbook::registry

#endif  // LANDBOOK_SERVICES_REGISTRY_SEARCH_NOTES_H_
