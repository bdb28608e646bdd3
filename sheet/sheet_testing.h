// What the tests of sheets share: boundaries in metres and a ruler without fonts.
#ifndef LANDBOOK_SHEET_SHEET_TESTING_H_
#define LANDBOOK_SHEET_SHEET_TESTING_H_

#include <cmath>
#include <string>
#include <utility>
#include <vector>

#include "geo/boundary.h"
#include "sheet/drawing.h"

namespace landbook::sheet {

using Ring = std::vector<std::pair<double, double>>;

// One part: its shell, then its holes, in metres.
inline geo::Boundary BoundaryOf(const std::vector<Ring>& rings) {
  geo::Boundary boundary;
  for (const Ring& ring : rings) {
    for (const auto& [x, y] : ring) {
      boundary.vertices.push_back(
          {std::llround(x * geo::kStepsPerMetre), std::llround(y * geo::kStepsPerMetre)});
    }
    boundary.EndRing();
  }
  boundary.EndPart();
  return boundary;
}

// Chinese characters are as wide as high, others half as wide.
inline double PlainRuler(const Text& text) {
  double width = 0;
  for (const char byte : text.text) {
    const auto value = static_cast<unsigned char>(byte);
    if ((value & 0xC0) != 0x80) width += value < 0x80 ? 0.5 : 1;
  }
  return width * text.size_mm;
}

// Every text of a page, in its order.
inline std::vector<std::string> TextsOf(const Page& page) {
  std::vector<std::string> texts;
  for (const Layer& layer : page.layers) {
    for (const Mark& mark : layer.marks) {
      if (const Text* text = std::get_if<Text>(&mark)) texts.push_back(text->text);
    }
  }
  return texts;
}

}  // namespace landbook::sheet

#endif  // LANDBOOK_SHEET_SHEET_TESTING_H_
