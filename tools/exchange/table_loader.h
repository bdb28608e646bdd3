// Tables of a delivery into scratch tables of the same names and columns, every row with what is
// wrong with its own values.
//
// A scratch table has the columns `row` (the row's number in the source), `bad` (1 when the row
// stays out) and the layout's columns as text: codes without blanks around them, dates as
// YYYY-MM-DD, areas with two decimals; what is blank is null. Findings lie in the table `finding`.
#ifndef LANDBOOK_TOOLS_EXCHANGE_TABLE_LOADER_H_
#define LANDBOOK_TOOLS_EXCHANGE_TABLE_LOADER_H_

#include <cstdint>
#include <map>
#include <string>

#include "absl/status/status.h"
#include "geo/formats/layer_reader.h"
#include "tools/exchange/field_mapping.h"
#include "tools/exchange/package_files.h"
#include "tools/exchange/scratch.h"
#include "tools/exchange/table_layout.h"

namespace landbook::exchange {

// How grave a finding is, in the numbers of landbook.v1.Severity.
enum class Gravity : std::int64_t { kNote = 1, kWarning = 2, kError = 3 };

// Makes the scratch tables of all layouts, empty, and the table of findings.
absl::Status MakeTables(Scratch& scratch);

// How a table is read.
struct LoadOptions {
  std::string encoding;                   // of text, in place of what the source states
  const FieldMapping* mapping = nullptr;  // none: columns have the standard's names
};

// What was read of a table.
struct Loaded {
  std::uint64_t rows = 0;
  std::string note;  // a sentence on columns that the layout does not know; empty for none
};

// Reads the table from `source` into the scratch table. Findings: B404 for text that cannot be
// decoded, B401 for a code that is not laid out as it should be, B403 for what is missing, no date,
// no number, or outside its list; errors where the column is a legal fact. Fails as LayerReader
// does, and with INVALID_ARGUMENT when the source has none of the layout's columns.
absl::StatusOr<Loaded> LoadTable(Scratch& scratch, const TableLayout& table,
                                 const TableSource& source, const LoadOptions& options);

// YYYY-MM-DD of the ways in which tables write dates (20160301, 2016-03-01, 2016/3/1, 2016-03-01
// 00:00:00); empty for anything else and for days that the calendar does not have.
std::string CivilDateOf(const std::string& text);

}  // namespace landbook::exchange

#endif  // LANDBOOK_TOOLS_EXCHANGE_TABLE_LOADER_H_
