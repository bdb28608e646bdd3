// Answers for people: lists as aligned columns, single records as lines of name and value.
#ifndef LANDBOOK_TOOLS_LANDBOOK_TABLE_H_
#define LANDBOOK_TOOLS_LANDBOOK_TABLE_H_

#include <google/protobuf/message.h>

#include <cstddef>
#include <iosfwd>
#include <string>
#include <string_view>
#include <vector>

namespace landbook::tools {

// How many columns of a terminal `text` takes: East Asian wide characters take two (Unicode
// Standard Annex 11), combining ones none. A byte that is not UTF-8 counts as one.
std::size_t DisplayWidth(std::string_view text);

// Columns with a heading each. Cells longer than the others push their column wider.
class Table {
 public:
  explicit Table(std::vector<std::string> headings) : rows_{std::move(headings)} {}

  // REQUIRES: as many cells as headings.
  void Add(std::vector<std::string> cells) { rows_.push_back(std::move(cells)); }
  std::size_t row_count() const { return rows_.size() - 1; }

  // Writes the headings and the rows, columns two blanks apart, the last one unpadded.
  void Print(std::ostream& out) const;

 private:
  std::vector<std::vector<std::string>> rows_;
};

// Writes every field that is set as a line `name  value`; messages inside are indented under their
// name, times are RFC 3339, bytes are hexadecimal and cut after 32 bytes.
void PrintRecord(const google::protobuf::Message& record, std::ostream& out);

}  // namespace landbook::tools

#endif  // LANDBOOK_TOOLS_LANDBOOK_TABLE_H_
