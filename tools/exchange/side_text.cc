#include "tools/exchange/side_text.h"

#include "fmt/format.h"

namespace landbook::exchange {
namespace {

constexpr std::size_t kCharactersMax = 60;
constexpr char kBar = '|';

bool BeginsCharacter(char byte) { return (static_cast<unsigned char>(byte) & 0xC0) != 0x80; }

}  // namespace

std::vector<std::string> PiecesOf(std::string_view text) {
  std::vector<std::string> pieces;
  std::size_t characters = 0;
  for (const char byte : text) {
    if (BeginsCharacter(byte) && characters++ % kCharactersMax == 0) pieces.emplace_back(1, kBar);
    pieces.back() += byte;
  }
  for (std::string& piece : pieces) piece += kBar;
  return pieces;
}

std::string TextOfPieces(const std::vector<std::string>& pieces) {
  std::string text;
  for (const std::string& piece : pieces) {
    if (piece.size() >= 2) text += piece.substr(1, piece.size() - 2);
  }
  return text;
}

absl::StatusOr<std::map<std::string, std::string>> SideTextOf(Scratch& scratch,
                                                              const std::string& table,
                                                              std::int64_t row) {
  std::map<std::string, std::string> texts;
  auto rows = scratch.Prepare(
      "SELECT FIELD, WORDS FROM LANDBOOK_TEXT WHERE TAB = ? AND ROWNO = ? AND bad = 0 "
      "ORDER BY FIELD, CAST(PART AS INTEGER)");
  if (!rows.ok()) return rows.status();
  rows->Bind(table).Bind(fmt::to_string(row));
  for (;;) {
    const absl::StatusOr<bool> found = rows->Step();
    if (!found.ok()) return found.status();
    if (!*found) return texts;
    texts[rows->Text(0)] += TextOfPieces({rows->Text(1)});
  }
}

}  // namespace landbook::exchange
