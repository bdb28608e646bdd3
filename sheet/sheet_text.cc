#include "sheet/sheet_text.h"

#include <cstddef>
#include <utility>

namespace landbook::sheet {
namespace {

bool ContinuesCharacter(char byte) { return (static_cast<unsigned char>(byte) & 0xC0) == 0x80; }

// Past the character that begins at `begin`.
std::size_t CharacterEnd(const std::string& text, std::size_t begin) {
  std::size_t end = begin + 1;
  while (end < text.size() && ContinuesCharacter(text[end])) ++end;
  return end;
}

// Past the last character of the line that begins at `begin`.
std::size_t LineEnd(const Text& text, std::size_t begin, double width_mm, const TextRuler& ruler) {
  Text line = text;
  std::size_t end = CharacterEnd(text.text, begin);
  std::size_t after_blank = 0;
  while (end < text.text.size()) {
    const std::size_t next = CharacterEnd(text.text, end);
    line.text = text.text.substr(begin, next - begin);
    if (ruler(line) > width_mm) return after_blank > begin ? after_blank : end;
    end = next;
    if (text.text[end - 1] == ' ') after_blank = end;
  }
  return end;
}

}  // namespace

Text PlainText(std::string text, double size_mm) {
  Text mark;
  mark.text = std::move(text);
  mark.size_mm = size_mm;
  return mark;
}

Text BoldText(std::string text, double size_mm, Colour colour) {
  Text mark = PlainText(std::move(text), size_mm);
  mark.bold = true;
  mark.colour = colour;
  return mark;
}

Text Placed(Text text, PaperPoint at, Align align) {
  text.at = at;
  text.align = align;
  return text;
}

std::vector<std::string> WrapText(const Text& text, double width_mm, const TextRuler& ruler) {
  std::vector<std::string> lines;
  for (std::size_t begin = 0; begin < text.text.size();) {
    const std::size_t end = LineEnd(text, begin, width_mm, ruler);
    lines.push_back(text.text.substr(begin, end - begin));
    begin = end;
  }
  if (lines.empty()) lines.emplace_back();
  return lines;
}

}  // namespace landbook::sheet
