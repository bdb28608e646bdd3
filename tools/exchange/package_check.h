// What the tables of a package say of each other: keys that lead nowhere, rows that contradict one
// another, sums that do not come out. docs/exchange-package.md has the list.
#ifndef LANDBOOK_TOOLS_EXCHANGE_PACKAGE_CHECK_H_
#define LANDBOOK_TOOLS_EXCHANGE_PACKAGE_CHECK_H_

#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "tools/exchange/scratch.h"
#include "tools/exchange/table_loader.h"

namespace landbook::exchange {

// Checks the attribute tables of the county with this code among themselves, and against DK. A row
// with an error stays out (bad = 1), and so does what rests on it, each with a finding that says on
// which row. REQUIRES: the tables are loaded.
absl::Status CheckRecords(Scratch& scratch, std::string_view county);

// Takes out what rests on plots that stayed out. REQUIRES: the rows of DK that the book did not
// take are marked bad.
absl::Status CheckAfterPlots(Scratch& scratch);

// Links boundary points and lines with the plots that they name: tables point_of(code, point) and
// line_of(code, line, place), `place` 0 for the plot that a line names first.
absl::Status LinkBoundaries(Scratch& scratch);

// Rejects every point that lies on no boundary of its plots, and every line that joins no two
// points of one (the tables point_used and line_used hold those that were found). Once, after the
// plots.
absl::Status CheckBoundaryRows(Scratch& scratch);

// One row of one table.
struct RowId {
  std::string table;
  std::int64_t row = 0;
};
// What a check says.
struct Said {
  std::string rule;
  Gravity gravity = Gravity::kError;
  std::string detail;
  std::string english;
  std::string chinese;
};
// Adds a finding about one row, which stays out when it is an error.
absl::Status TellRow(Scratch& scratch, const RowId& id, const Said& said);

}  // namespace landbook::exchange

#endif  // LANDBOOK_TOOLS_EXCHANGE_PACKAGE_CHECK_H_
