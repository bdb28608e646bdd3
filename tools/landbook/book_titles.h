// Parties and titles of a book by the codes that an exchange package knows them by, and whether
// they say what a package says.
#ifndef LANDBOOK_TOOLS_LANDBOOK_BOOK_TITLES_H_
#define LANDBOOK_TOOLS_LANDBOOK_BOOK_TITLES_H_

#include <cstdint>
#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "landbook/v1/registry_service.pb.h"
#include "tools/exchange/title_records.h"
#include "tools/landbook/session.h"

namespace landbook::tools {

// Each gives nothing when the book has no such record.
absl::StatusOr<std::optional<v1::Party>> FindParty(Session& session, const std::string& code);
absl::StatusOr<std::optional<v1::Contract>> FindContract(Session& session, const std::string& code);
absl::StatusOr<std::optional<v1::Certificate>> FindCertificate(Session& session,
                                                               const std::string& number);
// The right of a type that stands in a plot; and the number of its unit without a fixture.
absl::StatusOr<std::optional<v1::Right>> FindRight(Session& session, const std::string& plot,
                                                   const std::string& type);
absl::StatusOr<std::optional<std::uint64_t>> FindBareUnit(Session& session,
                                                          const std::string& plot);

// Whether the book's record says what the package's does. Reads the members of a household and the
// head of a collective.
absl::StatusOr<bool> SameParty(Session& session, const exchange::PartyRecord& record,
                               const v1::Party& party);
bool SameContract(const exchange::TitleRecord& title, const v1::Contract& contract);
bool SameRight(const exchange::TitleRecord& title, const exchange::ParcelRecord& parcel,
               const v1::Right& right);
bool SameCertificate(const v1::CarriedCertificate& carried, const v1::Certificate& certificate);

}  // namespace landbook::tools

#endif  // LANDBOOK_TOOLS_LANDBOOK_BOOK_TITLES_H_
