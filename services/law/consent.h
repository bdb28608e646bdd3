// Consent, notice and filing (同意、通知、备案): whose the packs' consent rules ask for, and
// whether the act's evidence holds it. A stricter form than the one asked for satisfies it too.
#ifndef LANDBOOK_SERVICES_LAW_CONSENT_H_
#define LANDBOOK_SERVICES_LAW_CONSENT_H_

#include <cstdint>
#include <set>

#include "services/law/facts.h"

namespace landbook::law {

// Tells what the consent rules of the packs miss, each by the rule that the pack names. A consent
// rule whose lack warns is told as LAW_WARNS. What is carried over is asked for none.
void AskConsents(const Facts& facts, Answer* answer);

// The adult members of who holds the right, and holders that are no households: those whose consent
// a disposal by all of them needs (Civil Code 301). A member of unknown age is told as
// BIRTH_DATE_REQUIRED, or PARTY_ERASED: whether the person has to be asked cannot be known. Adult
// is who has completed 18 years (Civil Code 17). Members whose standing is lost hold nothing and
// are not asked.
std::set<std::uint64_t> AdultHoldersOf(const v1::Right& right, const Question& question,
                                       Answer* answer);

}  // namespace landbook::law

#endif  // LANDBOOK_SERVICES_LAW_CONSENT_H_
