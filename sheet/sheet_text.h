// Short ways to write text on a sheet.
#ifndef LANDBOOK_SHEET_SHEET_TEXT_H_
#define LANDBOOK_SHEET_SHEET_TEXT_H_

#include <string>
#include <vector>

#include "sheet/drawing.h"

namespace landbook::sheet {

// `text` of this size, placed nowhere yet.
Text PlainText(std::string text, double size_mm);
// The same, `bold` in `colour`.
Text BoldText(std::string text, double size_mm, Colour colour);
// `text` put at `at`.
Text Placed(Text text, PaperPoint at, Align align);

// The text of `text` in lines of at most `width_mm`: broken after a blank where one is near, else
// between any two characters, as Chinese is set. At least one line, and at least one character a
// line. REQUIRES: UTF-8.
std::vector<std::string> WrapText(const Text& text, double width_mm, const TextRuler& ruler);

}  // namespace landbook::sheet

#endif  // LANDBOOK_SHEET_SHEET_TEXT_H_
