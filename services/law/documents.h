// What a kind of case needs to have brought (收件清单), and what of it is missing.
#ifndef LANDBOOK_SERVICES_LAW_DOCUMENTS_H_
#define LANDBOOK_SERVICES_LAW_DOCUMENTS_H_

#include <optional>
#include <vector>

#include "landbook/v1/act.pb.h"
#include "landbook/v1/policy.pb.h"
#include "services/law/question.h"

namespace landbook::law {

// The kind of the application's case, by the packs of the acceptance day at the place of its first
// unit; nullopt when no pack names it there.
std::optional<v1::CaseKind> KindOf(const v1::Application& application, const Question& question);

// The documents of the list that the application lacks, in the order of the list, each once. A
// document that is due only at times (an agent, a changed boundary, a structure, a certificate that
// stands) is missing only then.
std::vector<v1::DocumentRule> MissingDocuments(const v1::Application& application,
                                               const v1::CaseKind& kind, const Question& question);

// That the document is missing, as P-12 tells it.
Sentence MissingSentence(const v1::DocumentRule& document);

// The rights of the book that an act names, those that it creates left out.
std::vector<v1::Reference> RightsNamed(const v1::Act& act);

}  // namespace landbook::law

#endif  // LANDBOOK_SERVICES_LAW_DOCUMENTS_H_
