#include "sheet/map_scale.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace landbook::sheet {
namespace {

geo::Box Metres(double width, double height) {
  return {0, 0, static_cast<std::int64_t>(width * geo::kStepsPerMetre),
          static_cast<std::int64_t>(height * geo::kStepsPerMetre)};
}

TEST(MapScaleTest, TheLargestStandardScaleThatFitsIsChosen) {
  struct Case {
    double width_m, height_m;
    std::int64_t denominator;
  };
  for (const Case& c : {Case{5, 4.2, 100}, Case{15, 10, 100}, Case{15.01, 10, 200},
                        Case{30, 20, 200}, Case{60, 1, 500}, Case{1, 90, 1000}, Case{300, 10, 2000},
                        Case{750, 1, 5000}, Case{5000, 6, 50'000}}) {
    EXPECT_EQ(ChooseScale(Metres(c.width_m, c.height_m), 150, 100), c.denominator)
        << c.width_m << " x " << c.height_m;
  }
  EXPECT_EQ(ChooseScale(Metres(150'001, 1), 150, 100), std::nullopt);
}

TEST(MapScaleTest, TheMiddleOfTheExtentLiesInTheMiddleOfTheBoxAndNorthIsUp) {
  const PaperBox box{20, 40, 190, 200};
  const geo::Box extent{1000, 2000, 301'000, 202'001};
  const MapView view = ViewOf(extent, box, 500);
  const PaperPoint low = view.OnPaper({extent.min_x, extent.min_y});
  const PaperPoint high = view.OnPaper({extent.max_x, extent.max_y});
  EXPECT_NEAR(low.x_mm + high.x_mm, 2 * box.Centre().x_mm, 1e-9);
  EXPECT_NEAR(low.y_mm + high.y_mm, 2 * box.Centre().y_mm, 1e-9);
  EXPECT_NEAR(high.x_mm - low.x_mm, 60, 1e-9) << "30 m at 1:500";
  EXPECT_LT(high.y_mm, low.y_mm);
}

TEST(MapScaleTest, RoundLengthsAreOneTwoOrFiveTimesAPowerOfTen) {
  EXPECT_EQ(RoundMetres(100, 20), 2);
  EXPECT_EQ(RoundMetres(200, 20), 5);
  EXPECT_EQ(RoundMetres(500, 20), 10);
  EXPECT_EQ(RoundMetres(1000, 21), 50);
  EXPECT_EQ(RoundMetres(25'000, 20), 500);
}

RC_GTEST_PROP(MapScaleTest, WhatTheWindowHoldsIsWhatTheBoxShows, ()) {
  const auto coordinate = rc::gen::inRange<std::int64_t>(-50'000'000, 50'000'000);
  geo::Box extent;
  extent.Add(geo::Vertex{*coordinate, *coordinate});
  extent.Add(geo::Vertex{*coordinate, *coordinate});
  const PaperBox box{20, 40, 190, 200};
  const MapView view = ViewOf(extent, box, *rc::gen::element<std::int64_t>(100, 500, 25'000));
  const geo::Box window = view.Under(box);
  const geo::Vertex v{*coordinate, *coordinate};
  if (box.Contains(view.OnPaper(v))) RC_ASSERT(window.Contains(v));
  const PaperPoint corner = view.OnPaper({window.min_x, window.max_y});
  const double step_mm = 2 / view.StepsOf(1) + 1e-6;
  RC_ASSERT(std::abs(corner.x_mm - box.left_mm) <= step_mm);
  RC_ASSERT(std::abs(corner.y_mm - box.top_mm) <= step_mm);
}

}  // namespace
}  // namespace landbook::sheet
