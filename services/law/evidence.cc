#include "services/law/evidence.h"

#include <algorithm>

#include "fmt/format.h"

namespace landbook::law {
namespace {

template <typename Matches>
bool AnyPiece(const Question& question, Matches matches) {
  return std::any_of(question.evidence.begin(), question.evidence.end(),
                     [&](const v1::Evidence* piece) { return matches(*piece); });
}

}  // namespace

bool Has(const Question& question, v1::EvidenceKind kind) {
  return AnyPiece(question, [&](const v1::Evidence& piece) { return piece.kind() == kind; });
}

bool HasAnyOf(const Question& question, std::initializer_list<v1::EvidenceKind> kinds) {
  return std::any_of(kinds.begin(), kinds.end(),
                     [&](v1::EvidenceKind kind) { return Has(question, kind); });
}

std::set<std::uint64_t> GiversOf(const Question& question, v1::EvidenceKind kind) {
  std::set<std::uint64_t> givers;
  for (const v1::Evidence* piece : question.evidence) {
    if (piece->kind() != kind) continue;
    for (const v1::Reference& giver : piece->given_by()) {
      const auto number = question.state->Resolve(giver, v1::RECORD_KIND_PARTY);
      if (number) givers.insert(*number);
    }
  }
  return givers;
}

bool GivenBy(const Question& question, v1::EvidenceKind kind, std::uint64_t party) {
  return GiversOf(question, kind).contains(party);
}

std::size_t AuthoritiesThatGave(const Question& question, v1::EvidenceKind kind) {
  const auto givers = GiversOf(question, kind);
  return static_cast<std::size_t>(
      std::count_if(givers.begin(), givers.end(), [&](std::uint64_t giver) {
        const auto party = Find<v1::Party>(*question.state, giver);
        return party && party->has_authority();
      }));
}

bool ConsentOfOrgan(const Question& question, std::string_view organ) {
  return AnyPiece(question, [&](const v1::Evidence& piece) {
    return piece.kind() == v1::EVIDENCE_KIND_CONSENT && piece.organ() == organ;
  });
}

bool HasFiling(const Question& question, const FilingAsked& asked,
               bool (*with)(const v1::Party& party, const v1::Plot* plot), const v1::Plot* plot) {
  return AnyPiece(question, [&](const v1::Evidence& piece) {
    if (piece.kind() != v1::EVIDENCE_KIND_FILING || !piece.has_filing()) return false;
    const auto filing = FindReferred<v1::Filing>(*question.state, piece.filing());
    if (!filing || filing->record.matter() != asked.matter) return false;
    const auto date = common::ParseCivilDate(filing->record.date());
    if (!date || *date > question.days.today) return false;
    const auto& rights = filing->record.rights();
    const bool about =
        asked.right == 0 || std::find(rights.begin(), rights.end(), asked.right) != rights.end();
    const auto party = Find<v1::Party>(*question.state, filing->record.with());
    return about && party && with(*party, plot);
  });
}

void RequireEvidence(const Question& question, std::initializer_list<v1::EvidenceKind> kinds,
                     const Sentence& what, Answer* answer) {
  if (HasAnyOf(question, kinds)) return;
  answer->Refuse(
      Reason::EVIDENCE_MISSING, "evidence",
      {fmt::format("The evidence lacks {}. Bring it, and name it in the act.", what.english),
       fmt::format("材料中缺少{}，请提交并在本行为中引用。", what.chinese)});
}

}  // namespace landbook::law
