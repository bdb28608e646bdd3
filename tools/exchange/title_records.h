// What the tables of a package say of issuing parties, contractors and their titles, as the records
// and acts of the book: one party with its members, contracts, parcels and certificates at a time.
//
// docs/exchange-package.md says field by field what goes where. Nothing is assumed that the tables
// do not say, but three things that the law says of every such title: a household holds jointly
// (农村土地承包法 16; GYFS 1), an individual or a unit alone, and 9999-01-01 is 长久 (NY/T 2539
// B.8).
#ifndef LANDBOOK_TOOLS_EXCHANGE_TITLE_RECORDS_H_
#define LANDBOOK_TOOLS_EXCHANGE_TITLE_RECORDS_H_

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "landbook/v1/act.pb.h"
#include "tools/exchange/package_check.h"
#include "tools/exchange/scratch.h"

namespace landbook::exchange {

// What carried-over rights say of the register that they come from.
inline constexpr char kOlderRegister[] = "农村土地承包经营权登记簿";

// The last day by which NY/T 2539 writes a term without end (长久不变).
inline constexpr char kNoEndDate[] = "9999-01-01";

// A person of a party: who heads an issuing party, or is a member of a household.
struct MemberRecord {
  RowId row;
  v1::Person person;
  // How the person stands in the household; for a household's member only.
  v1::HouseholdMember standing;
};

// A parcel under a contract.
struct ParcelRecord {
  RowId row;
  std::string plot_code;
  // The right in its unit; references are those that the sender fills in.
  v1::GrantRight right;
};

// A contract with its entry in the older register, its parcels and its certificate.
struct TitleRecord {
  RowId contract_row;
  std::vector<RowId> register_rows;     // of CBJYQZDJB and of what is kept with the contract
  std::vector<RowId> certificate_rows;  // of CBJYQZ, its re-issues and replacements
  v1::NewContract contract;
  std::string registered_date;
  std::vector<ParcelRecord> parcels;
  std::optional<v1::CarriedCertificate> certificate;
};

// An issuing party or a contractor.
struct PartyRecord {
  RowId row;
  std::string code;    // FBFBM, CBFBM
  std::string issuer;  // of a contractor
  v1::Party party;     // of a household without its members, of a collective without its head
  std::vector<MemberRecord> members;
  std::vector<TitleRecord> titles;
};

// Gives every issuing party, or every contractor, that is not marked bad, by code. A failure of
// `take` ends it. REQUIRES: CheckRecords and CheckAfterPlots were run.
using TakeParty = std::function<absl::Status(PartyRecord)>;
absl::Status ForEachIssuer(Scratch& scratch, const TakeParty& take);
absl::Status ForEachContractor(Scratch& scratch, const TakeParty& take);

// A transfer contract (LZHT) between two contractors of the package.
struct TransferContractRecord {
  RowId row;
  std::string giver;
  v1::NewContract contract;
};
absl::Status ForEachTransferContract(
    Scratch& scratch, const std::function<absl::Status(TransferContractRecord)>& take);

// What an older register says of a plot that a contract covers; nothing for a plot without one.
absl::StatusOr<std::optional<v1::CarryOver>> RegisterOfPlot(Scratch& scratch,
                                                            const std::string& plot_code);

// The codes of identity documents of NY/T 2539 (1 resident card, 2 officer card, 3 organisation,
// 4 household register, 5 passport, 9 other) as the registration database's, and back.
v1::IdentityDocument IdentityDocumentOf(const std::string& code);
std::string CodeOfIdentityDocument(v1::IdentityDocument document);

// Under which key the names along a line of JZX lie in a source record: the plot that the line
// names first, and its two points in the order of their numbers, whichever way it was surveyed.
std::string LineKey(const std::string& plot, const std::string& from, const std::string& to);

// The level of the collective that an issuing party's code means: 00 in the last two digits is the
// village itself.
v1::CollectiveLevel LevelOfIssuer(const std::string& code);

}  // namespace landbook::exchange

#endif  // LANDBOOK_TOOLS_EXCHANGE_TITLE_RECORDS_H_
