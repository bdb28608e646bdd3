#include "services/registry/own_records.h"

#include <algorithm>
#include <vector>

namespace landbook::registry {

OwnRecords::OwnRecords(BookReader* reader, std::uint64_t party)
    : reader_(reader), parties_({party}) {
  const auto linked = reader->LinkedOfAll(Table::kHouseholdsOfPerson, {party});
  for (const auto& household : reader->FindAll<v1::Party>(linked)) {
    if (!household) continue;
    // One whose standing was lost stays listed, and holds nothing with the others.
    const auto& members = household->household().members();
    const bool holds = std::any_of(members.begin(), members.end(), [&](const auto& member) {
      return member.person() == party && member.standing() != v1::MEMBER_STANDING_LOST;
    });
    if (!holds) continue;
    parties_.insert(household->number());
    collectives_.insert(household->household().collective());
  }
}

bool OwnRecords::Has(const v1::Right& right) const {
  return std::any_of(right.holders().begin(), right.holders().end(),
                     [this](const auto& holder) { return IsOwn(holder.party()); });
}

bool OwnRecords::HasRight(std::uint64_t right) const {
  const auto found = reader_->Find<v1::Right>(right);
  return found && Has(*found);
}

bool OwnRecords::Has(const v1::Unit& unit) const {
  const auto rights =
      reader_->FindAll<v1::Right>(reader_->LinkedOfAll(Table::kRightsOfUnit, {unit.number()}));
  return std::any_of(rights.begin(), rights.end(),
                     [this](const auto& right) { return right && Has(*right); });
}

bool OwnRecords::Has(const v1::Contract& contract) const {
  return IsOwn(contract.taker()) || IsOwn(contract.issuer());
}

bool OwnRecords::Has(const v1::Mortgage& mortgage) const {
  return IsOwn(mortgage.mortgagee()) ||
         std::any_of(mortgage.rights().begin(), mortgage.rights().end(),
                     [this](std::uint64_t right) { return HasRight(right); });
}

bool OwnRecords::HasMortgage(std::uint64_t mortgage) const {
  const auto found = reader_->Find<v1::Mortgage>(mortgage);
  return found && Has(*found);
}

bool OwnRecords::Has(const v1::Certificate& certificate) const {
  return certificate.has_mortgage() ? Has(certificate.mortgage()) : Has(certificate.right());
}

bool OwnRecords::Has(const v1::Case& one) const {
  return std::any_of(one.applicants().begin(), one.applicants().end(), [this](const auto& side) {
    return IsOwn(side.party()) || IsOwn(side.agent());
  });
}

bool OwnRecords::Has(const v1::Resolution& resolution) const {
  return collectives_.contains(resolution.collective());
}

bool OwnRecords::Has(const v1::Filing& filing) const {
  return IsOwn(filing.counterparty()) ||
         std::any_of(filing.rights().begin(), filing.rights().end(),
                     [this](std::uint64_t right) { return HasRight(right); });
}

bool OwnRecords::Has(const v1::RankAgreement& agreement) const {
  return HasRight(agreement.right()) ||
         std::any_of(agreement.mortgages().begin(), agreement.mortgages().end(),
                     [this](std::uint64_t mortgage) { return HasMortgage(mortgage); });
}

}  // namespace landbook::registry
