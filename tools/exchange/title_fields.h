// Which columns of a package have no field of their own in the book, and where they are kept:
// public ones as attributes of the record that their row makes, those that may name a person in the
// contractor's private source record.
#ifndef LANDBOOK_TOOLS_EXCHANGE_TITLE_FIELDS_H_
#define LANDBOOK_TOOLS_EXCHANGE_TITLE_FIELDS_H_

#include <span>
#include <string_view>

namespace landbook::exchange {

// Kept with the person who heads the issuing party: how it was surveyed and where it is reached.
std::span<const std::string_view> IssuerSourceFields();
// Kept with the contractor's person.
std::span<const std::string_view> ContractorSourceFields();
// Kept with the member.
std::span<const std::string_view> MemberSourceFields();
// Attributes of the contract, of CBHT and of CBJYQZDJB.
std::span<const std::string_view> ContractFields();
std::span<const std::string_view> RegisterFields();
// Attributes of the right.
std::span<const std::string_view> ParcelFields();
// Attributes of the certificate; and what is kept with the contractor's person.
std::span<const std::string_view> CertificateFields();
std::span<const std::string_view> CertificateSourceFields();
// Of DK and JZX, kept with the contractor's person: neighbours and witnesses.
std::span<const std::string_view> PlotSourceFields();
std::span<const std::string_view> LineSourceFields();
// Attributes of a transfer contract.
std::span<const std::string_view> TransferFields();

// A table whose rows are kept with a certificate or a contract, numbered from 0: public columns as
// attributes "QSLYZLFJ.0.ZLFJBH", others in the source record.
struct AttachedTable {
  std::string_view table;
  std::span<const std::string_view> fields;
  std::span<const std::string_view> source_fields;
};
// With the contract: QSLYZLFJ. With the certificate: CBJYQZ_QZBF and CBJYQZ_QZHF.
std::span<const AttachedTable> AttachedToContract();
std::span<const AttachedTable> AttachedToCertificate();

}  // namespace landbook::exchange

#endif  // LANDBOOK_TOOLS_EXCHANGE_TITLE_FIELDS_H_
