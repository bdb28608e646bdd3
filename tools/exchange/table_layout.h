// The tables of the exchange package as NY/T 2539-2016 lays them out (appendices A and B): their
// columns, what the standard wants in each, and in what order the tables stand.
#ifndef LANDBOOK_TOOLS_EXCHANGE_TABLE_LAYOUT_H_
#define LANDBOOK_TOOLS_EXCHANGE_TABLE_LAYOUT_H_

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "geo/formats/layer_reader.h"
#include "geo/formats/layer_writer.h"

namespace landbook::exchange {

// What happens to a row whose column holds nothing, or nothing that the column may hold.
enum class Need {
  kFree,    // the standard leaves it open
  kWanted,  // the standard wants it; the row is taken with a warning
  kLegal,   // a key or a legal fact: the row stays out
};

// One column of a table. `type` is the standard's: 'C' text, 'I' whole number, 'F' number with two
// decimals, 'D' date.
struct Column {
  std::string name;
  char type = 'C';
  std::size_t width = 0;
  std::size_t decimals = 0;
  Need need = Need::kFree;
  // How many digits a code has; 0 for text that is no code.
  std::size_t digits = 0;
  // The codes of the column's list (appendix C); empty for any text.
  std::vector<std::string> codes;
};

// One table. Layers with a place (DK, JZD, JZX) are tables too; their geometry is said beside them.
struct TableLayout {
  std::string name;
  geo::LayerGeometry geometry = geo::LayerGeometry::kNothing;
  std::vector<Column> columns;

  // The column's position, or the number of columns when the table has none of that name.
  std::size_t Find(std::string_view column) const;
};

// All tables that are read and written, parents before children.
std::span<const TableLayout> AllTables();
// The layout of that name; null when there is none.
const TableLayout* FindTable(std::string_view name);

// Columns written as the layouts here are: "ZDDM:C19 ZDMJ:F15.2 DJSJ:D".
std::vector<Column> ColumnsOf(std::string_view text);

// The columns as a writer takes them.
std::vector<geo::Field> FieldsOf(const TableLayout& table);

}  // namespace landbook::exchange

#endif  // LANDBOOK_TOOLS_EXCHANGE_TABLE_LAYOUT_H_
