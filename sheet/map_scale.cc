#include "sheet/map_scale.h"

#include <array>
#include <cmath>

namespace landbook::sheet {
namespace {

constexpr std::array<std::int64_t, 13> kDenominators = {100,     200,     500,      1'000,  2'000,
                                                        5'000,   10'000,  25'000,   50'000, 100'000,
                                                        250'000, 500'000, 1'000'000};

// A step is 0.1 mm on the ground.
constexpr double kMmPerStep = 1'000.0 / geo::kStepsPerMetre;

}  // namespace

bool FitsAtScale(const geo::Box& extent, std::int64_t denominator, double width_mm,
                 double height_mm) {
  const double mm_per_step = kMmPerStep / static_cast<double>(denominator);
  return static_cast<double>(extent.max_x - extent.min_x) * mm_per_step <= width_mm &&
         static_cast<double>(extent.max_y - extent.min_y) * mm_per_step <= height_mm;
}

std::optional<std::int64_t> ChooseScale(const geo::Box& extent, double width_mm, double height_mm) {
  for (const std::int64_t denominator : kDenominators) {
    if (FitsAtScale(extent, denominator, width_mm, height_mm)) return denominator;
  }
  return std::nullopt;
}

PaperPoint MapView::OnPaper(geo::Vertex v) const {
  // Differences first: they are exact, and small enough for a double.
  const double mm_per_half_step = kMmPerStep / 2 / static_cast<double>(denominator);
  return {middle.x_mm + static_cast<double>(2 * v.x - centre_doubled.x) * mm_per_half_step,
          middle.y_mm - static_cast<double>(2 * v.y - centre_doubled.y) * mm_per_half_step};
}

double MapView::StepsOf(double mm) const {
  return mm * static_cast<double>(denominator) / kMmPerStep;
}

geo::Box MapView::Under(const PaperBox& box) const {
  const auto low = [&](double mm) { return static_cast<std::int64_t>(std::floor(StepsOf(mm))); };
  const auto high = [&](double mm) { return static_cast<std::int64_t>(std::ceil(StepsOf(mm))); };
  const std::int64_t x = centre_doubled.x / 2;
  const std::int64_t y = centre_doubled.y / 2;
  return {x + low(box.left_mm - middle.x_mm), y + low(middle.y_mm - box.bottom_mm),
          x + high(box.right_mm - middle.x_mm), y + high(middle.y_mm - box.top_mm)};
}

MapView ViewOf(const geo::Box& extent, const PaperBox& box, std::int64_t denominator) {
  return {denominator, {extent.min_x + extent.max_x, extent.min_y + extent.max_y}, box.Centre()};
}

std::int64_t RoundMetres(std::int64_t denominator, double mm_min) {
  const double metres_min = mm_min * static_cast<double>(denominator) / 1'000;
  for (std::int64_t power = 1;; power *= 10) {
    for (const std::int64_t digit : {1, 2, 5}) {
      if (static_cast<double>(digit * power) >= metres_min) return digit * power;
    }
  }
}

}  // namespace landbook::sheet
