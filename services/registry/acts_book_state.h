// Which acts a book takes, from whom, and in which of its states: asked before every act.
#ifndef LANDBOOK_SERVICES_REGISTRY_ACTS_BOOK_STATE_H_
#define LANDBOOK_SERVICES_REGISTRY_ACTS_BOOK_STATE_H_

#include "landbook/v1/act.pb.h"
#include "landbook/v1/options.pb.h"
#include "services/registry/act_context.h"

namespace landbook::registry {

// Who may bring an act, and whether it needs a case, as the field of v1::Act declares it. An act
// that declares nothing is allowed to nobody. REQUIRES: an act of v1::Act.
const v1::ActAccess& AccessTo(v1::Act::ActCase act);

// True when the actor's role may bring the act. Otherwise ACT_ROLE_NOT_ALLOWED, and nothing more is
// said of the act. Whoever may ask with validate_only may ask about every act.
bool RoleMayBring(const v1::Act& act, ActContext* context);

// True when the book, in the state that the acts before have left it in, takes the act; otherwise
// refused:
//
//   preparing   parties, plots, units, packs, appointments, the calendar, carry-over and its own
//               opening; other acts BOOK_NOT_OPEN
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
