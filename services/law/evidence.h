// What an act rests on: its evidence, by kind and by who gave it, and the filings it names.
#ifndef LANDBOOK_SERVICES_LAW_EVIDENCE_H_
#define LANDBOOK_SERVICES_LAW_EVIDENCE_H_

#include <cstdint>
#include <initializer_list>
#include <set>
#include <string_view>

#include "landbook/v1/common.pb.h"
#include "landbook/v1/right.pb.h"
#include "services/law/question.h"

namespace landbook::law {

// True when the act names a piece of that kind, or of one of those kinds.
bool Has(const Question& question, v1::EvidenceKind kind);
bool HasAnyOf(const Question& question, std::initializer_list<v1::EvidenceKind> kinds);

// The parties that gave evidence of the kind. A giver that means nothing is none.
std::set<std::uint64_t> GiversOf(const Question& question, v1::EvidenceKind kind);
// True when the party gave evidence of the kind.
bool GivenBy(const Question& question, v1::EvidenceKind kind, std::uint64_t party);
// How many authorities (国家机关) gave evidence of the kind.
std::size_t AuthoritiesThatGave(const Question& question, v1::EvidenceKind kind);

// True when a piece was issued by the organ of that name; older cautions name whom they protect by
// words alone.
bool ConsentOfOrgan(const Question& question, std::string_view organ);

// True when the act names a filing of the book of that matter about the right, dated not after
// today, and with one of `with`.
struct FilingAsked {
  v1::FilingMatter matter = v1::FILING_MATTER_UNSPECIFIED;
  std::uint64_t right = 0;  // 0: about no right
};
bool HasFiling(const Question& question, const FilingAsked& asked,
               bool (*with)(const v1::Party& party, const v1::Plot* plot), const v1::Plot* plot);

// Refuses by EVIDENCE_MISSING at "evidence" unless the act names a piece of one of the kinds.
void RequireEvidence(const Question& question, std::initializer_list<v1::EvidenceKind> kinds,
                     const Sentence& what, Answer* answer);

}  // namespace landbook::law

#endif  // LANDBOOK_SERVICES_LAW_EVIDENCE_H_
