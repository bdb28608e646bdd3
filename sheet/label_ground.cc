#include "sheet/label_ground.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>
#include <utility>

namespace landbook::sheet {
namespace {

constexpr double kCellMm = 5;
constexpr int kGridPlaces = 32;

PaperPoint Along(PaperPoint p, double direction, double mm) {
  return {p.x_mm + std::cos(direction) * mm, p.y_mm + std::sin(direction) * mm};
}

double DotOf(PaperPoint a, PaperPoint b) { return a.x_mm * b.x_mm + a.y_mm * b.y_mm; }

// True when a line at right angles to `axis` separates the corners.
bool SeparatedAlong(PaperPoint axis, const std::array<PaperPoint, 4>& a,
                    const std::array<PaperPoint, 4>& b) {
  const auto span_of = [&](const std::array<PaperPoint, 4>& corners) {
    double low = std::numeric_limits<double>::max();
    double high = std::numeric_limits<double>::lowest();
    for (const PaperPoint& corner : corners) {
      low = std::min(low, DotOf(axis, corner));
      high = std::max(high, DotOf(axis, corner));
    }
    return std::pair(low, high);
  };
  const auto [a_low, a_high] = span_of(a);
  const auto [b_low, b_high] = span_of(b);
  return a_high < b_low || b_high < a_low;
}

double DistanceToLine(PaperPoint p, PaperPoint from, PaperPoint to) {
  const PaperPoint way{to.x_mm - from.x_mm, to.y_mm - from.y_mm};
  const PaperPoint off{p.x_mm - from.x_mm, p.y_mm - from.y_mm};
  const double squared = DotOf(way, way);
  const double share = squared > 0 ? std::clamp(DotOf(way, off) / squared, 0.0, 1.0) : 0.0;
  return std::hypot(off.x_mm - share * way.x_mm, off.y_mm - share * way.y_mm);
}

bool CrossesRightOf(PaperPoint p, PaperPoint from, PaperPoint to) {
  if ((from.y_mm > p.y_mm) == (to.y_mm > p.y_mm)) return false;
  const double share = (p.y_mm - from.y_mm) / (to.y_mm - from.y_mm);
  return from.x_mm + share * (to.x_mm - from.x_mm) > p.x_mm;
}

// How far inside `rings` a point is; negative outside.
double DepthWithin(PaperPoint p, std::span<const Path> rings) {
  double nearest = std::numeric_limits<double>::max();
  bool inside = false;
  for (const Path& ring : rings) {
    for (std::size_t i = 0; i < ring.size(); ++i) {
      const PaperPoint& to = ring[(i + 1) % ring.size()];
      nearest = std::min(nearest, DistanceToLine(p, ring[i], to));
      if (CrossesRightOf(p, ring[i], to)) inside = !inside;
    }
  }
  return inside ? nearest : -1;
}

PaperBox BoundsOf(std::span<const Path> rings) {
  constexpr double kFar = std::numeric_limits<double>::max();
  PaperBox bounds{kFar, kFar, -kFar, -kFar};
  for (const Path& ring : rings) {
    for (const PaperPoint& p : ring) {
      bounds = {std::min(bounds.left_mm, p.x_mm), std::min(bounds.top_mm, p.y_mm),
                std::max(bounds.right_mm, p.x_mm), std::max(bounds.bottom_mm, p.y_mm)};
    }
  }
  return bounds;
}

// The direction of text along a way, so that it is read from below or from the right.
double Upright(double direction) {
  constexpr double kQuarter = std::numbers::pi / 2;
  constexpr double kSlack = 1e-9;
  if (direction > kQuarter - kSlack) return direction - std::numbers::pi;
  if (direction < -kQuarter - kSlack) return direction + std::numbers::pi;
  return direction;
}

}  // namespace

std::array<PaperPoint, 4> LabelBox::Corners() const {
  const double across_x = std::cos(turn) * width_mm / 2;
  const double across_y = std::sin(turn) * width_mm / 2;
  const double down_x = -std::sin(turn) * height_mm / 2;
  const double down_y = std::cos(turn) * height_mm / 2;
  const auto [x, y] = centre;
  return {{{x - across_x - down_x, y - across_y - down_y},
           {x + across_x - down_x, y + across_y - down_y},
           {x + across_x + down_x, y + across_y + down_y},
           {x - across_x + down_x, y - across_y + down_y}}};
}

bool Overlap(const LabelBox& a, const LabelBox& b) {
  const auto corners_a = a.Corners();
  const auto corners_b = b.Corners();
  for (const double turn :
       {a.turn, a.turn + std::numbers::pi / 2, b.turn, b.turn + std::numbers::pi / 2}) {
    if (SeparatedAlong({std::cos(turn), std::sin(turn)}, corners_a, corners_b)) return false;
  }
  return true;
}

LabelBox BoxOfLine(PaperPoint from, PaperPoint to, double width_mm) {
  const double x = to.x_mm - from.x_mm;
  const double y = to.y_mm - from.y_mm;
  return {{(from.x_mm + to.x_mm) / 2, (from.y_mm + to.y_mm) / 2},
          std::hypot(x, y),
          width_mm,
          std::atan2(y, x)};
}

struct LabelGround::CellRange {
  std::size_t left, top, right, bottom;  // both ends included
};

LabelGround::LabelGround(const PaperBox& area)
    : area_(area),
      columns_(static_cast<std::size_t>(area.width_mm() / kCellMm) + 1),
      rows_(static_cast<std::size_t>(area.height_mm() / kCellMm) + 1),
      cells_(columns_ * rows_) {}

LabelGround::CellRange LabelGround::CellsOf(const LabelBox& box) const {
  const auto corners = box.Corners();
  const Path outline(corners.begin(), corners.end());
  const PaperBox bounds = BoundsOf(std::span(&outline, 1));
  const auto cell = [](double mm, std::size_t count) {
    return static_cast<std::size_t>(std::clamp(mm / kCellMm, 0.0, static_cast<double>(count - 1)));
  };
  return {cell(bounds.left_mm - area_.left_mm, columns_), cell(bounds.top_mm - area_.top_mm, rows_),
          cell(bounds.right_mm - area_.left_mm, columns_),
          cell(bounds.bottom_mm - area_.top_mm, rows_)};
}

void LabelGround::Take(const LabelBox& box) {
  const CellRange range = CellsOf(box);
  for (std::size_t row = range.top; row <= range.bottom; ++row) {
    for (std::size_t column = range.left; column <= range.right; ++column) {
      cells_[row * columns_ + column].push_back(taken_.size());
    }
  }
  taken_.push_back(box);
}

bool LabelGround::Free(const LabelBox& box) const {
  for (const PaperPoint& corner : box.Corners()) {
    if (!area_.Contains(corner)) return false;
  }
  const CellRange range = CellsOf(box);
  for (std::size_t row = range.top; row <= range.bottom; ++row) {
    for (std::size_t column = range.left; column <= range.right; ++column) {
      for (const std::size_t other : cells_[row * columns_ + column]) {
        if (Overlap(box, taken_[other])) return false;
      }
    }
  }
  return true;
}

std::optional<LabelBox> LabelGround::TakeFirstFree(std::span<const LabelBox> choices) {
  for (const LabelBox& choice : choices) {
    if (!Free(choice)) continue;
    Take(choice);
    return choice;
  }
  return std::nullopt;
}

std::vector<LabelBox> PlacesAround(PaperPoint point, const LabelBox& size, double outward,
                                   double gap_mm) {
  constexpr double kEighth = std::numbers::pi / 4;
  std::vector<LabelBox> places;
  for (const double turned : {0.0, kEighth, -kEighth, 2 * kEighth, -2 * kEighth, 3 * kEighth,
                              -3 * kEighth, 4 * kEighth}) {
    const double direction = outward + turned;
    const double reach = std::abs(std::cos(direction)) * size.width_mm / 2 +
                         std::abs(std::sin(direction)) * size.height_mm / 2;
    LabelBox place = size;
    place.centre = Along(point, direction, gap_mm + reach);
    places.push_back(place);
  }
  return places;
}

std::vector<LabelBox> PlacesAlong(PaperPoint from, PaperPoint to, const LabelBox& size,
                                  double gap_mm) {
  const LabelBox side = BoxOfLine(from, to, 0);
  std::vector<LabelBox> places;
  const double spare_mm = side.width_mm - size.width_mm;
  if (spare_mm < 0) return places;
  const double off_mm = gap_mm + size.height_mm / 2;
  for (const double to_the_right : {-off_mm, off_mm}) {
    for (const double share : {0.0, -0.25, 0.25}) {
      LabelBox place = size;
      place.turn = Upright(side.turn);
      place.centre = Along(Along(side.centre, side.turn, share * spare_mm),
                           side.turn + std::numbers::pi / 2, to_the_right);
      places.push_back(place);
    }
  }
  return places;
}

bool LiesWithin(const LabelBox& box, std::span<const Path> rings) {
  for (const PaperPoint& corner : box.Corners()) {
    if (DepthWithin(corner, rings) < 0) return false;
  }
  return true;
}

std::vector<LabelBox> PlacesWithin(std::span<const Path> rings, const LabelBox& size) {
  const PaperBox bounds = BoundsOf(rings);
  std::vector<std::pair<double, LabelBox>> found;
  for (int row = 0; row < kGridPlaces; ++row) {
    for (int column = 0; column < kGridPlaces; ++column) {
      LabelBox place = size;
      place.centre = {bounds.left_mm + bounds.width_mm() * (column + 0.5) / kGridPlaces,
                      bounds.top_mm + bounds.height_mm() * (row + 0.5) / kGridPlaces};
      const double depth = DepthWithin(place.centre, rings);
      if (depth > 0) found.emplace_back(depth, place);
    }
  }
  std::stable_sort(found.begin(), found.end(),
                   [](const auto& a, const auto& b) { return a.first > b.first; });
  std::vector<LabelBox> places;
  for (const auto& [depth, place] : found) places.push_back(place);
  return places;
}

namespace {

// The part of a closed ring where `inside` is not negative; it changes linearly along a line.
template <typename Inside>
Path ClippedTo(const Path& ring, Inside inside) {
  Path kept;
  for (std::size_t i = 0; i < ring.size(); ++i) {
    const PaperPoint& from = ring[i];
    const PaperPoint& to = ring[(i + 1) % ring.size()];
    const double from_inside = inside(from);
    const double to_inside = inside(to);
    if (from_inside >= 0) kept.push_back(from);
    if ((from_inside >= 0) != (to_inside >= 0)) {
      const double share = from_inside / (from_inside - to_inside);
      kept.push_back(
          {from.x_mm + share * (to.x_mm - from.x_mm), from.y_mm + share * (to.y_mm - from.y_mm)});
    }
  }
  return kept;
}

}  // namespace

Path ClippedRing(const Path& ring, const PaperBox& box) {
  Path kept = ClippedTo(ring, [&](PaperPoint p) { return p.x_mm - box.left_mm; });
  kept = ClippedTo(kept, [&](PaperPoint p) { return box.right_mm - p.x_mm; });
  kept = ClippedTo(kept, [&](PaperPoint p) { return p.y_mm - box.top_mm; });
  return ClippedTo(kept, [&](PaperPoint p) { return box.bottom_mm - p.y_mm; });
}

}  // namespace landbook::sheet
