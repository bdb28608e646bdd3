#include "tools/landbook/book_titles.h"

#include <algorithm>
#include <utility>

namespace landbook::tools {
namespace {

constexpr std::size_t kFixturePlace = 19;

// The answer, or nothing when there is no such record.
template <typename Record>
absl::StatusOr<std::optional<Record>> OrNothing(absl::StatusOr<Record> answer) {
  if (answer.ok()) return std::optional<Record>(*std::move(answer));
  if (absl::IsNotFound(answer.status())) return std::optional<Record>();
  return answer.status();
}

template <typename Request>
Request InCounty(const Session& session) {
  Request request;
  request.set_county(session.settings().county);
  return request;
}

absl::StatusOr<v1::Party> PartyNumbered(Session& session, std::uint64_t number) {
  auto request = InCounty<v1::GetPartyRequest>(session);
  request.set_party(number);
  return session.Call(&Session::Registry::GetParty, request);
}

template <typename Attributes>
bool SameAttributes(const Attributes& a, const Attributes& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](const auto& left, const auto& right) {
                      return left.key() == right.key() && left.value() == right.value();
                    });
}

bool SamePerson(const v1::Person& wanted, const v1::Person& found) {
  return !found.erased() && wanted.identity_document() == found.identity_document() &&
         wanted.contractor_code() == found.contractor_code() &&
         wanted.private_().SerializeAsString() == found.private_().SerializeAsString();
}

absl::StatusOr<bool> SamePersonNumbered(Session& session, const v1::Person& wanted,
                                        std::uint64_t number) {
  const auto found = PartyNumbered(session, number);
  if (!found.ok()) return found.status();
  return SamePerson(wanted, found->person());
}

absl::StatusOr<bool> SameHousehold(Session& session, const exchange::PartyRecord& record,
                                   const v1::Household& found) {
  if (record.members.size() != static_cast<std::size_t>(found.members_size())) return false;
  const auto collective = PartyNumbered(session, found.collective());
  if (!collective.ok()) return collective.status();
  if (collective->collective().issuer_code() != record.issuer) return false;
  for (int i = 0; i < found.members_size(); ++i) {
    const exchange::MemberRecord& wanted = record.members[static_cast<std::size_t>(i)];
    const v1::HouseholdMember& member = found.members(i);
    if (member.head() != wanted.standing.head() ||
        member.co_holder() != wanted.standing.co_holder()) {
      return false;
    }
    const auto same = SamePersonNumbered(session, wanted.person, member.person());
    if (!same.ok() || !*same) return same;
  }
  return true;
}

absl::StatusOr<bool> SameCollective(Session& session, const exchange::PartyRecord& record,
                                    const v1::Collective& found) {
  v1::Collective alike = found;
  alike.clear_representative();
  if (alike.SerializeAsString() != record.party.collective().SerializeAsString()) return false;
  if (found.representative() == 0 || record.members.empty()) return false;
  return SamePersonNumbered(session, record.members.front().person, found.representative());
}

bool SameOrganisation(const v1::Organisation& wanted, const v1::Organisation& found) {
  return wanted.SerializeAsString() == found.SerializeAsString();
}

}  // namespace

absl::StatusOr<std::optional<v1::Party>> FindParty(Session& session, const std::string& code) {
  auto request = InCounty<v1::GetPartyRequest>(session);
  request.set_code(code);
  return OrNothing(session.Call(&Session::Registry::GetParty, request));
}

absl::StatusOr<std::optional<v1::Contract>> FindContract(Session& session,
                                                         const std::string& code) {
  auto request = InCounty<v1::GetContractRequest>(session);
  request.set_contract(code);
  return OrNothing(session.Call(&Session::Registry::GetContract, request));
}

absl::StatusOr<std::optional<v1::Certificate>> FindCertificate(Session& session,
                                                               const std::string& number) {
  auto request = InCounty<v1::GetCertificateRequest>(session);
  request.set_certificate(number);
  return OrNothing(session.Call(&Session::Registry::GetCertificate, request));
}

absl::StatusOr<std::optional<v1::Right>> FindRight(Session& session, const std::string& plot,
                                                   const std::string& type) {
  auto request = InCounty<v1::ListRightsRequest>(session);
  request.set_plot(plot);
  auto rights = OrNothing(session.CallAllPages(&Session::Registry::ListRights, request));
  if (!rights.ok()) return rights.status();
  if (!*rights) return std::optional<v1::Right>();
  for (v1::Right& right : *(*rights)->mutable_rights()) {
    if (right.type() == type) return std::optional<v1::Right>(std::move(right));
  }
  return std::optional<v1::Right>();
}

absl::StatusOr<std::optional<std::uint64_t>> FindBareUnit(Session& session,
                                                          const std::string& plot) {
  auto request = InCounty<v1::ListUnitsRequest>(session);
  request.set_plot(plot);
  const auto units = OrNothing(session.CallAllPages(&Session::Registry::ListUnits, request));
  if (!units.ok()) return units.status();
  if (!*units) return std::optional<std::uint64_t>();
  for (const v1::Unit& unit : (*units)->units()) {
    const bool bare = unit.code().size() > kFixturePlace && unit.code()[kFixturePlace] == 'W';
    if (bare && unit.state() == v1::RECORD_STATE_LIVE) return std::optional(unit.number());
  }
  return std::optional<std::uint64_t>();
}

absl::StatusOr<bool> SameParty(Session& session, const exchange::PartyRecord& record,
                               const v1::Party& party) {
  if (party.kind_case() != record.party.kind_case()) return false;
  switch (party.kind_case()) {
    case v1::Party::kHousehold:
      return SameHousehold(session, record, party.household());
    case v1::Party::kCollective:
      return SameCollective(session, record, party.collective());
    case v1::Party::kPerson:
      return SamePerson(record.party.person(), party.person());
    case v1::Party::kOrganisation:
      return SameOrganisation(record.party.organisation(), party.organisation());
    default:
      return false;
  }
}

bool SameContract(const exchange::TitleRecord& title, const v1::Contract& contract) {
  const v1::NewContract& wanted = title.contract;
  return contract.origin().registered_date() == title.registered_date &&
         contract.signed_date() == wanted.signed_date() && contract.method() == wanted.method() &&
         contract.price_unstated() == wanted.price_unstated() &&
         SameAttributes(contract.attributes(), wanted.attributes());
}

bool SameRight(const exchange::TitleRecord& title, const exchange::ParcelRecord& parcel,
               const v1::Right& right) {
  const v1::GrantRight& wanted = parcel.right;
  return right.origin().document_number() == title.contract.code() &&
         right.registered_date() == title.registered_date &&
         right.co_ownership() == wanted.co_ownership() &&
         right.term().SerializeAsString() == wanted.term().SerializeAsString() &&
         std::equal(right.notes().begin(), right.notes().end(), wanted.notes().begin(),
                    wanted.notes().end()) &&
         SameAttributes(right.attributes(), wanted.attributes());
}

bool SameCertificate(const v1::CarriedCertificate& carried, const v1::Certificate& certificate) {
  return certificate.state() == v1::RECORD_STATE_LIVE &&
         certificate.certificate_number() == carried.certificate_number() &&
         certificate.issued_date() == carried.issued_date() &&
         SameAttributes(certificate.attributes(), carried.attributes());
}

}  // namespace landbook::tools
