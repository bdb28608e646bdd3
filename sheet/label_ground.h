// Where labels may stand: a piece of paper that knows what is taken, so that no label covers a line
// or another label.
#ifndef LANDBOOK_SHEET_LABEL_GROUND_H_
#define LANDBOOK_SHEET_LABEL_GROUND_H_

#include <array>
#include <cstddef>
#include <optional>
#include <span>
#include <vector>

#include "sheet/drawing.h"

namespace landbook::sheet {

// A rectangle turned about its centre: what a line of text covers.
struct LabelBox {
  PaperPoint centre;
  double width_mm = 0;
  double height_mm = 0;
  double turn = 0;  // radians, clockwise on paper

  std::array<PaperPoint, 4> Corners() const;
};

// True when the two have a point in common (separating axes).
bool Overlap(const LabelBox& a, const LabelBox& b);

// A line of `width_mm` as what it covers.
LabelBox BoxOfLine(PaperPoint from, PaperPoint to, double width_mm);

class LabelGround {
 public:
  // Labels stand within `area`.
  explicit LabelGround(const PaperBox& area);

  // Takes what `box` covers, whether it was free or not.
  void Take(const LabelBox& box);
  // True when `box` lies within the area and touches nothing that is taken.
  bool Free(const LabelBox& box) const;
  // The first of `choices` that is free, now taken; none when none is.
  std::optional<LabelBox> TakeFirstFree(std::span<const LabelBox> choices);

 private:
  struct CellRange;
  CellRange CellsOf(const LabelBox& box) const;

  PaperBox area_;
  std::size_t columns_;
  std::size_t rows_;
  std::vector<LabelBox> taken_;
  std::vector<std::vector<std::size_t>> cells_;  // of each cell, what of taken_ reaches into it
};

// Places for the label of a point at `point`, `size` wide and high and `gap_mm` away from it: first
// in the direction `outward` (radians, clockwise from the right on paper), then turning away from
// it to both sides.
std::vector<LabelBox> PlacesAround(PaperPoint point, const LabelBox& size, double outward,
                                   double gap_mm);

// Places along the side from `from` to `to` for its length, `size` wide and high: first to the left
// of the way, then to the right; at the middle, then toward the ends. Turned along the side, never
// upside down. Empty when the side is shorter than the text.
std::vector<LabelBox> PlacesAlong(PaperPoint from, PaperPoint to, const LabelBox& size,
                                  double gap_mm);

// True when the four corners of `box` lie within the area of closed `rings` (even-odd).
bool LiesWithin(const LabelBox& box, std::span<const Path> rings);

// Places within the area of closed `rings` (even-odd), first those farthest from every line of it,
// each `size` wide and high. The places lie on a grid of 32 by 32 over the area's box.
std::vector<LabelBox> PlacesWithin(std::span<const Path> rings, const LabelBox& size);

// The part of the closed `ring` within `box` (Sutherland and Hodgman, 1974): parts that the box
// cuts asunder stay joined along its edge. Empty when nothing lies within.
Path ClippedRing(const Path& ring, const PaperBox& box);

}  // namespace landbook::sheet

#endif  // LANDBOOK_SHEET_LABEL_GROUND_H_
