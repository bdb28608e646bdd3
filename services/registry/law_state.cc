#include "services/registry/law_state.h"

#include "services/registry/acts_certificate.h"

namespace landbook::registry {
namespace {

// The table that a link is kept in; that of certificates is by kind too.
Table TableOf(law::Link link) {
  switch (link) {
    case law::Link::kUnitsOfPlot:
      return Table::kUnitsOfPlot;
    case law::Link::kRightsOfUnit:
      return Table::kRightsOfUnit;
    case law::Link::kRightsOfHolder:
      return Table::kRightsOfHolder;
    case law::Link::kRightsOfParent:
      return Table::kRightsOfParent;
    case law::Link::kMortgagesOfRight:
      return Table::kMortgagesOfRight;
    case law::Link::kCautionsOfUnit:
      return Table::kCautionsOfUnit;
    case law::Link::kRankAgreementsOfRight:
      return Table::kRankAgreementsOf;
    default:
      return Table::kCertificatesOf;
  }
}

}  // namespace

std::optional<std::string> LawState::Record(v1::RecordKind kind, std::uint64_t number) const {
  return context_.state().Value(RecordKey(kind, number));
}

std::vector<std::uint64_t> LawState::Linked(law::Link link, std::uint64_t from) const {
  if (link == law::Link::kCertificatesOfRight) {
    return CertificatesOf(v1::RECORD_KIND_RIGHT, from, context_);
  }
  return context_.Linked(TableOf(link), from);
}

std::optional<std::uint64_t> LawState::Resolve(const v1::Reference& reference,
                                               v1::RecordKind kind) const {
  return context_.NumberOf(reference, kind);
}

std::optional<common::CivilDate> LawState::BirthDate(std::uint64_t person) const {
  const auto party = context_.Find<v1::Party>(person);
  if (!party || !party->record.has_person() || party->record.person().erased()) {
    return std::nullopt;
  }
  const v1::Person& known = party->record.person();
  const auto opened = context_.facts().vault->Open(
      context_.view(), {person, known.private_version()}, known.commitments());
  if (!opened.ok()) {
    status_.Update(opened.status());
    return std::nullopt;
  }
  return *opened ? common::ParseCivilDate((*opened)->birth_date()) : std::nullopt;
}

}  // namespace landbook::registry
