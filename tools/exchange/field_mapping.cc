#include "tools/exchange/field_mapping.h"

#include <algorithm>

#include "absl/status/status.h"
#include "fmt/format.h"
#include "tools/exchange/table_layout.h"

namespace landbook::exchange {
namespace {

std::string_view Trimmed(std::string_view text) {
  constexpr std::string_view kBlanks = " \t\r";
  const std::size_t begin = text.find_first_not_of(kBlanks);
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(kBlanks) - begin + 1);
}

// One line, parted at its sign.
struct Parted {
  std::string left;
  std::string sign;
  std::string right;
};

Parted Part(std::string_view line) {
  for (const std::string_view sign : {":=", "=", "<"}) {
    const std::size_t at = line.find(sign);
    if (at == std::string_view::npos) continue;
    return {std::string(Trimmed(line.substr(0, at))), std::string(sign),
            std::string(Trimmed(line.substr(at + sign.size())))};
  }
  return {};
}

absl::Status Wrong(int number, std::string_view line, std::string_view why) {
  return absl::InvalidArgumentError(
      fmt::format("line {} of the mapping file, \"{}\": {}", number, line, why));
}

// Why the line is none; empty when it was taken.
std::string Take(const Parted& parted, FieldMapping* mapping) {
  if (parted.sign.empty() || parted.left.empty() || parted.right.empty()) {
    return "write TABLE.COLUMN = column, TABLE.COLUMN := value, or TABLE < file";
  }
  const std::size_t dot = parted.left.find('.');
  const std::string table = parted.left.substr(0, dot);
  const TableLayout* layout = FindTable(table);
  if (layout == nullptr) return fmt::format("the standard has no table {}", table);
  if (parted.sign == "<") {
    if (dot != std::string::npos) return "a file is a whole table's";
    return mapping->sources.emplace(table, parted.right).second ? "" : "the table has a file";
  }
  const std::string column = dot == std::string::npos ? "" : parted.left.substr(dot + 1);
  if (layout->Find(column) == layout->columns.size()) {
    return fmt::format("the table {} has no column \"{}\"", table, column);
  }
  auto& into = parted.sign == "=" ? mapping->columns : mapping->stated;
  return into.emplace(std::pair(table, column), parted.right).second ? "" : "it is mapped already";
}

}  // namespace

absl::StatusOr<FieldMapping> ParseFieldMapping(std::string_view text) {
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  FieldMapping mapping;
  for (int number = 1; !text.empty(); ++number) {
    const std::string_view whole = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(text.size(), whole.size() + 1));
    const std::string_view line = Trimmed(whole.substr(0, whole.find('#')));
    if (line.empty()) continue;
    const std::string why = Take(Part(line), &mapping);
    if (!why.empty()) return Wrong(number, line, why);
  }
  return mapping;
}

}  // namespace landbook::exchange
