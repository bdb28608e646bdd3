// Text that does not fit its column: a table of its own in the package, LANDBOOK_TEXT, holds it in
// pieces, and reading puts it back.
//
// A shapefile's and a dBASE table's columns are narrow, and their encoding may lack a character.
// Such a value is left blank in its row; here a row `TAB, ROWNO, FIELD, PART` holds a piece of at
// most 60 characters between two bars, which keep blanks at its ends.
#ifndef LANDBOOK_TOOLS_EXCHANGE_SIDE_TEXT_H_
#define LANDBOOK_TOOLS_EXCHANGE_SIDE_TEXT_H_

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "tools/exchange/scratch.h"

namespace landbook::exchange {

inline constexpr char kSideTable[] = "LANDBOOK_TEXT";

// The pieces of a text in UTF-8, each between bars; and the text of such pieces in order.
std::vector<std::string> PiecesOf(std::string_view text);
std::string TextOfPieces(const std::vector<std::string>& pieces);

// What the scratch table LANDBOOK_TEXT holds of one row, by column.
absl::StatusOr<std::map<std::string, std::string>> SideTextOf(Scratch& scratch,
                                                              const std::string& table,
                                                              std::int64_t row);

}  // namespace landbook::exchange

#endif  // LANDBOOK_TOOLS_EXCHANGE_SIDE_TEXT_H_
