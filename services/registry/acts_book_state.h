// Which acts a book takes in which of its states: one table, asked before every act.
#ifndef LANDBOOK_SERVICES_REGISTRY_ACTS_BOOK_STATE_H_
#define LANDBOOK_SERVICES_REGISTRY_ACTS_BOOK_STATE_H_

#include "landbook/v1/act.pb.h"
#include "services/registry/act_context.h"

namespace landbook::registry {

// True when the book, in the state that the acts before have left it in, takes the act; otherwise
// refused:
//
//   preparing   parties, plots, units, packs, appointments, carry-over and its own opening;
//               other acts BOOK_NOT_OPEN
//   open        everything but opening (BOOK_NOT_PREPARING); a carry-over outside an import, and
//               whatever an administrator commits by hand, needs the number of the document that
//               allows it (DOCUMENT_NUMBER_REQUIRED, told once a commit)
//   closed      nothing: BOOK_CLOSED
//
// A commit is made by hand when it came through neither ConveyanceService nor an import.
bool BookTakes(const v1::Act& act, ActContext* context);

// True when the actor came through neither ConveyanceService nor an import.
bool IsMadeByHand(const CommitFacts& facts);

}  // namespace landbook::registry

#endif  // LANDBOOK_SERVICES_REGISTRY_ACTS_BOOK_STATE_H_
