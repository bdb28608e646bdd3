// A drawing on paper, before anything draws it: pages of marks, placed in millimetres from the
// paper's top left corner, y downward. What makes drawings is pure and tested; what paints them
// (cairo_bridge.h) decides nothing.
#ifndef LANDBOOK_SHEET_DRAWING_H_
#define LANDBOOK_SHEET_DRAWING_H_

#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace landbook::sheet {

struct PaperPoint {
  double x_mm = 0;
  double y_mm = 0;
  friend bool operator==(const PaperPoint&, const PaperPoint&) = default;
};

struct PaperBox {
  double left_mm = 0;
  double top_mm = 0;
  double right_mm = 0;
  double bottom_mm = 0;

  double width_mm() const { return right_mm - left_mm; }
  double height_mm() const { return bottom_mm - top_mm; }
  PaperPoint Centre() const { return {(left_mm + right_mm) / 2, (top_mm + bottom_mm) / 2}; }
  // The box less `mm` on every side.
  PaperBox Inset(double mm) const {
    return {left_mm + mm, top_mm + mm, right_mm - mm, bottom_mm - mm};
  }
  bool Contains(PaperPoint p) const {
    return left_mm <= p.x_mm && p.x_mm <= right_mm && top_mm <= p.y_mm && p.y_mm <= bottom_mm;
  }
  friend bool operator==(const PaperBox&, const PaperBox&) = default;
};

// Red, green and blue, each from 0 to 1.
struct Colour {
  double red = 0;
  double green = 0;
  double blue = 0;
};
inline constexpr Colour kBlack{0, 0, 0};
inline constexpr Colour kWhite{1, 1, 1};
inline constexpr Colour kGrey{0.42, 0.42, 0.42};
// Of boundary lines: practice draws them in a full red (RGB 225, 0, 0).
inline constexpr Colour kRed{225.0 / 255, 0, 0};

using Path = std::vector<PaperPoint>;

// Lines along paths; `closed` ones return to their beginning.
struct Lines {
  std::vector<Path> paths;
  bool closed = false;
  double width_mm = 0.1;
  Colour colour;
};

// The area within closed paths, by the even-odd rule.
struct Fill {
  std::vector<Path> paths;
  Colour colour;
};

// A circle, filled and outlined.
struct Disc {
  PaperPoint centre;
  double radius_mm = 0;
  double width_mm = 0.1;
  Colour outline;
  Colour fill = kWhite;
};

enum class Align { kLeft, kCentre, kRight };

// One line of text. `at` is its left end, middle or right end, half way up its characters.
struct Text {
  std::string text;
  PaperPoint at;
  double size_mm = 3;  // the height of a Chinese character
  Align align = Align::kLeft;
  double turn = 0;  // radians, clockwise on paper
  bool bold = false;
  bool halo = false;  // a white rim, so that it reads across lines
  Colour colour;
};

using Mark = std::variant<Lines, Fill, Disc, Text>;

// Marks painted in their order; those of a layer with a clip only within it.
struct Layer {
  std::optional<PaperBox> clip;
  std::vector<Mark> marks;
};

struct Page {
  double width_mm = 210;
  double height_mm = 297;
  std::vector<Layer> layers;
};

struct Drawing {
  std::string title;
  // RFC 3339 in whole seconds; the file states it, so that one book gives one file whenever it is
  // drawn.
  std::string created_at;
  std::vector<Page> pages;
};

// How wide a text would be, in millimetres, whatever its place and turn.
using TextRuler = std::function<double(const Text&)>;

}  // namespace landbook::sheet

#endif  // LANDBOOK_SHEET_DRAWING_H_
