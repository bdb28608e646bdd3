// The caution table (限制登记): what a caution that is in force does to an act, by the packs.
#ifndef LANDBOOK_SERVICES_LAW_CAUTIONS_H_
#define LANDBOOK_SERVICES_LAW_CAUTIONS_H_

#include "landbook/v1/policy.pb.h"
#include "landbook/v1/right.pb.h"
#include "services/law/facts.h"

namespace landbook::law {

// Asks the packs about every caution in force on what the act touches, and tells each by the rule
// of its cause: objection P-31, correction P-32, advance notice P-33, seizure P-34, supervision
// P-35, accepted case K-03, dispute and freeze P-16 (a dispute over what is mortgaged G-22); W-13
// for all of them where a holder gives the right up. Where a right ends, a caution on the right
// itself has to be gone whatever the pack says. By effect: LAW_WARNS, CONSENT_MISSING,
// CAUTION_WAITS, CAUTION_STANDS. What no pack speaks of is refused. The cautions of the act's own
// case do not stand in its way.
void AskCautions(const Facts& facts, Answer* answer);

// The kind of act that the table knows it as; ACT_KIND_UNSPECIFIED for acts that no caution bars.
v1::ActKind KindOfAct(v1::Act::ActCase act);

}  // namespace landbook::law

#endif  // LANDBOOK_SERVICES_LAW_CAUTIONS_H_
