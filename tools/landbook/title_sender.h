// Enters what a package says of parties and titles into a book, as acts of an import.
#ifndef LANDBOOK_TOOLS_LANDBOOK_TITLE_SENDER_H_
#define LANDBOOK_TOOLS_LANDBOOK_TITLE_SENDER_H_

#include <atomic>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "landbook/v1/registry_service.pb.h"
#include "tools/exchange/package_check.h"
#include "tools/exchange/title_records.h"
#include "tools/landbook/session.h"

namespace landbook::tools {

// What came of the rows of one record; rows in neither list were entered.
struct EnteredRows {
  std::vector<exchange::RowId> unchanged;
  std::vector<std::pair<exchange::RowId, exchange::Said>> rejected;
};

// Enters one record a call, each as one commit: the party with its members, its contracts, a unit
// and a right in each parcel, its certificates. What the book has already in the same words is
// unchanged; what it has in others is rejected (B402), and so is what it refuses, each with what
// rests on it. May be called from several threads.
class TitleSender {
 public:
  // `import` is the import whose acts these are. REQUIRES: the session outlives the sender.
  TitleSender(Session& session, std::uint64_t import) : session_(session), import_(import) {}

  // Fails when the server does; what was entered stays.
  absl::StatusOr<EnteredRows> Enter(const exchange::PartyRecord& record) const;
  absl::StatusOr<EnteredRows> Enter(const exchange::TransferContractRecord& record) const;

 private:
  Session& session_;
  std::uint64_t import_;
  // Whether the record before was in the book already: then the next one is looked for first.
  mutable std::atomic<bool> look_first_ = false;
};

}  // namespace landbook::tools

#endif  // LANDBOOK_TOOLS_LANDBOOK_TITLE_SENDER_H_
