#include "services/registry/ground_cell.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <limits>

#include "storage/bytes.h"

namespace landbook::registry {
namespace {

constexpr std::uint8_t kTier = 2;

std::int64_t Near() { return *rc::gen::inRange<std::int64_t>(-60'000'000, 60'000'000); }

RC_GTEST_PROP(GroundCellTest, AWindowAsksForTheCellOfEveryLineThatItMeets, ()) {
  const std::int64_t side_max = *rc::gen::element<std::int64_t>(500'000, 2'000'000, 30'000'000);
  const geo::Vertex corner{Near(), Near()};
  const geo::Box box{corner.x, corner.y, corner.x + *rc::gen::inRange<std::int64_t>(0, side_max),
                     corner.y + *rc::gen::inRange<std::int64_t>(0, side_max)};
  const Place place = PlaceOf(kTier, box);
  const GroundCellName cell = CellOf({kTier, place.size_class, place.position, 1});
  const geo::Box window{box.max_x - *rc::gen::inRange<std::int64_t>(0, 4'000'000),
                        box.max_y - *rc::gen::inRange<std::int64_t>(0, 4'000'000),
                        box.max_x + *rc::gen::inRange<std::int64_t>(0, 4'000'000),
                        box.max_y + *rc::gen::inRange<std::int64_t>(0, 4'000'000)};
  const auto cells = CellsMeeting({kTier, window}, place.size_class);
  RC_ASSERT(cells.has_value());
  RC_ASSERT(std::any_of(cells->begin(), cells->end(), [&](const GroundCellName& asked) {
    return asked.first_position == cell.first_position && asked.tier == kTier &&
           asked.size_class == cell.size_class;
  }));
  RC_ASSERT(std::is_sorted(cells->begin(), cells->end(),
                           [](const GroundCellName& a, const GroundCellName& b) {
                             return a.first_position < b.first_position;
                           }));
  // The line's key lies in the cell's range.
  const std::string key =
      TableKey(Table::kWindow).U8(kTier).U8(place.size_class).U64(place.position).U64(1).bytes();
  const storage::KeyRange lines = LinesOfCell(cell);
  RC_ASSERT(lines.begin <= key && key < lines.end);
}

TEST(GroundCellTest, AVeryLargeWindowReadsTheIndex) {
  const std::int64_t max = std::numeric_limits<std::int64_t>::max();
  EXPECT_FALSE(CellsMeeting({kTier, {-max, -max, max, max}}, 0));
  EXPECT_FALSE(CellsMeeting({kTier, {0, 0, 40'000'000, 1}}, 1));  // 4 km
  EXPECT_TRUE(CellsMeeting({kTier, {0, 0, 40'000'000, 1}}, 2));
  EXPECT_EQ(CellsMeeting({kTier, {0, 0, 40'000'000, 1}}, 4)->size(), 1u);
  EXPECT_TRUE(CellsMeeting({kTier, geo::Box{}}, 0)->empty());
}

TEST(GroundCellTest, LinesComeBackAsTheyAreShown) {
  const geo::Box box{1, 2, 30, 40};
  const geo::Box stretch{1, 2, 10, 12};
  const std::string whole = EncodeWindowValue(box, "compact");
  const std::string part = EncodeStretchValue(stretch, box, "long compact");
  GroundLines lines;
  lines.Add({kTier, 1, 77, 300}, *DecodeWindowValue(1, whole));
  lines.Add({3, kStretchClass, 78, 301}, *DecodeWindowValue(kStretchClass, part));
  lines.Finish();
  ASSERT_EQ(lines.size(), 2u);
  EXPECT_EQ(lines.reach(0), box);
  EXPECT_EQ(lines.reach(1), stretch);
  EXPECT_EQ(lines.line(0).plot, 300u);
  EXPECT_EQ(lines.line(0).tier, kTier);
  EXPECT_FALSE(lines.line(0).is_stretch);
  EXPECT_EQ(CompactOf(lines.line(0).shown), "compact");
  EXPECT_EQ(lines.line(1).plot, 301u);
  EXPECT_EQ(lines.line(1).tier, 3);
  EXPECT_TRUE(lines.line(1).is_stretch);
  EXPECT_EQ(CompactOf(lines.line(1).shown), "long compact");
  std::string shown = "\xac\x02\x02";  // plot 300, tier 2
  storage::AppendLengthPrefixed(shown, whole);
  EXPECT_EQ(lines.line(0).shown, shown);
  EXPECT_GT(lines.SizeBytes(), shown.size());
  EXPECT_FALSE(lines.is_too_large());
  EXPECT_TRUE(GroundLines::TooLarge().is_too_large());
}

}  // namespace
}  // namespace landbook::registry
