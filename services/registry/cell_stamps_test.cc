#include "services/registry/cell_stamps.h"

#include <gtest/gtest.h>

namespace landbook::registry {
namespace {

geo::Box BoxAt(std::int64_t x_m, std::int64_t y_m, std::int64_t size_m) {
  return {x_m * geo::kStepsPerMetre, y_m * geo::kStepsPerMetre, (x_m + size_m) * geo::kStepsPerMetre,
          (y_m + size_m) * geo::kStepsPerMetre};
}

TEST(CellStampsTest, AChangeIsSeenInItsCellsAndItsTierOnly) {
  CellStamps stamps;
  stamps.Stamp(2, BoxAt(1000, 1000, 50), 9);
  EXPECT_FALSE(stamps.UnchangedSince(2, BoxAt(1010, 1010, 5), 8));
  EXPECT_TRUE(stamps.UnchangedSince(2, BoxAt(1010, 1010, 5), 9));
  EXPECT_TRUE(stamps.UnchangedSince(1, BoxAt(1010, 1010, 5), 8));
  EXPECT_TRUE(stamps.UnchangedSince(2, BoxAt(5000, 5000, 5), 8));
}

TEST(CellStampsTest, CellsWestAndSouthOfTheOriginAreApart) {
  CellStamps stamps;
  stamps.Stamp(2, BoxAt(-100, -100, 50), 3);
  EXPECT_FALSE(stamps.UnchangedSince(2, BoxAt(-100, -100, 1), 2));
  EXPECT_TRUE(stamps.UnchangedSince(2, BoxAt(100, 100, 1), 2));
}

TEST(CellStampsTest, ABoxOverTooManyCellsChangesEverywhere) {
  CellStamps stamps;
  stamps.Stamp(2, BoxAt(0, 0, 50'000), 4);
  EXPECT_FALSE(stamps.UnchangedSince(2, BoxAt(900'000, 900'000, 1), 3));
  EXPECT_TRUE(stamps.UnchangedSince(2, BoxAt(900'000, 900'000, 1), 4));
}

TEST(CellStampsTest, AWindowOverTooManyCellsSeesEveryChange) {
  CellStamps stamps;
  stamps.Stamp(2, BoxAt(100, 100, 1), 4);
  EXPECT_FALSE(stamps.UnchangedSince(2, BoxAt(0, 0, 50'000), 3));
  EXPECT_TRUE(stamps.UnchangedSince(2, BoxAt(0, 0, 50'000), 4));
}

}  // namespace
}  // namespace landbook::registry
