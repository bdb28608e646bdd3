// A book in the tables of the exchange package: what package_export writes, row by row in scratch
// tables of the standard's names and columns (docs/exchange-package.md).
#ifndef LANDBOOK_TOOLS_LANDBOOK_PACKAGE_BOOK_H_
#define LANDBOOK_TOOLS_LANDBOOK_PACKAGE_BOOK_H_

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "landbook/v1/registry_service.pb.h"
#include "tools/exchange/scratch.h"
#include "tools/exchange/table_layout.h"
#include "tools/landbook/progress_bar.h"
#include "tools/landbook/session.h"

namespace landbook::tools {

// Fills the scratch tables with parties and titles as of a point of the book, and these beside
// them:
//
//   plot(number, kind, code, bytes)     the plots that stand; bytes are a Plot's
//   name_of(key, value)                 what the private source records keep, "DK.<code>.DKDZ"
//
// Sentences on what has no place in the package are added to `notes`: records of this book that no
// table of the standard holds. Needs a role that may see private fields. REQUIRES: MakeTables was
// run.
absl::Status ReadBook(Session& session, const v1::ReadOptions& read, ProgressBar& progress,
                      exchange::Scratch& scratch, std::vector<std::string>& notes);

// Adds a row to a scratch table: columns by name; those that are not named are null.
using RowValues = std::map<std::string, std::string>;
absl::Status PutRow(exchange::Scratch& scratch, const std::string& table, const RowValues& values);

// Gives the rows of a scratch table by its first column, then in the order in which they were put.
absl::Status ForEachTableRow(exchange::Scratch& scratch, const exchange::TableLayout& table,
                             const std::function<absl::Status(const RowValues&)>& take);

// The value that `name_of` keeps under a key; empty for none.
absl::StatusOr<std::string> NameOf(exchange::Scratch& scratch, const std::string& key);

}  // namespace landbook::tools

#endif  // LANDBOOK_TOOLS_LANDBOOK_PACKAGE_BOOK_H_
