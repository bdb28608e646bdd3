#include "geo/area.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <limits>
#include <numeric>
#include <string>
#include <vector>

#include "geo/boundary_testing.h"

namespace landbook::geo {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

constexpr std::int64_t kInt64Max = std::numeric_limits<std::int64_t>::max();

TEST(AreaTest, OfARingWithItsSign) {
  std::vector<Vertex> ring = Rectangle({0, 0, 30, 20});
  EXPECT_TRUE(DoubledSignedArea(ring) == 1200);
  std::reverse(ring.begin(), ring.end());
  EXPECT_TRUE(DoubledSignedArea(ring) == -1200);
  EXPECT_TRUE(DoubledSignedArea({}) == 0);
  ring.resize(2);
  EXPECT_TRUE(DoubledSignedArea(ring) == 0);
}

TEST(AreaTest, TakesHolesAwayWhicheverWayTheyRun) {
  std::vector<Vertex> hole = Rectangle({10, 10, 20, 20});
  const std::vector<Vertex> shell = Rectangle({0, 0, 100, 100});
  EXPECT_TRUE(DoubledArea(BoundaryOf({shell, hole})) == 2 * (10'000 - 100));
  std::reverse(hole.begin(), hole.end());
  EXPECT_TRUE(DoubledArea(BoundaryOf({shell, hole})) == 2 * (10'000 - 100));
  EXPECT_TRUE(DoubledArea(WithPart(BoundaryOf({shell, hole}), {Rectangle({200, 0, 210, 10})})) ==
              2 * (10'000 - 100 + 100));
}

TEST(AreaTest, RoundsHalfUpOnce) {
  // 0.01 m2 is 1,000,000 steps squared.
  EXPECT_EQ(HundredthsM2FromDoubled(2 * 500'000 - 1), 0);
  EXPECT_EQ(HundredthsM2FromDoubled(2 * 500'000), 1);
  EXPECT_EQ(HundredthsM2FromDoubled(2 * 1'500'000 - 1), 1);
  EXPECT_EQ(HundredthsM2FromDoubled(-2 * 500'000), 0);
  EXPECT_EQ(HundredthsM2FromDoubled(-2 * 500'000 - 1), -1);
  EXPECT_EQ(Mm2FromDoubled(99), 0);
  EXPECT_EQ(Mm2FromDoubled(100), 1);
}

TEST(AreaTest, IsExactFarFromTheOrigin) {
  const Vertex o{395'908'262'575, 40'755'426'937};
  const Boundary plot = BoundaryOf({Rectangle({o.x, o.y, o.x + 300'001, o.y + 200'001})});
  EXPECT_TRUE(DoubledArea(plot) == static_cast<Int128>(2) * 300'001 * 200'001);
  EXPECT_EQ(ComputedAreaHundredthsM2(plot), 60'001);  // 600.005 000 01 m2
  EXPECT_EQ(AreaMm2(plot), 600'005'000);
}

TEST(AreaTest, HoldsTheWholePlaneAndSaturatesInMm2) {
  const Boundary plane =
      BoundaryOf({Rectangle({-kCoordinateMax, -kCoordinateMax, kCoordinateMax, kCoordinateMax})});
  EXPECT_EQ(ComputedAreaHundredthsM2(plane), 1'000'000'000'000'000'000);
  EXPECT_EQ(AreaMm2(plane), kInt64Max);
}

TEST(AreaTest, MuIsExact) {
  EXPECT_EQ(MuHundredthsFromM2(200'000), 300);  // 2000 m2 are 3 mu
  EXPECT_EQ(MuHundredthsFromM2(66'667), 100);   // 666.67 m2: 1.000005 mu
  EXPECT_EQ(MuHundredthsFromM2(333), 0);        // 0.004995 mu
  EXPECT_EQ(MuHundredthsFromM2(334), 1);        // 0.00501 mu
  EXPECT_EQ(MuHundredthsFromM2(1'000), 2);      // 0.015 mu, half up
  EXPECT_EQ(MuHundredthsFromM2(3'000), 5);      // 0.045 mu; in binary doubles it falls to 0.04
  EXPECT_EQ(MuHundredthsFromM2(kInt64Max), 13'835'058'055'282'164);
}

TEST(AreaTest, FormatsTwoDecimals) {
  EXPECT_EQ(FormatHundredths(0), "0.00");
  EXPECT_EQ(FormatHundredths(5), "0.05");
  EXPECT_EQ(FormatHundredths(-5), "-0.05");
  EXPECT_EQ(FormatHundredths(123'450), "1234.50");
  EXPECT_EQ(FormatHundredths(std::numeric_limits<std::int64_t>::min()), "-92233720368547758.08");
}

TEST(AreaTest, ParsesWithoutRounding) {
  EXPECT_EQ(*ParseHundredths("1234.5"), 123'450);
  EXPECT_EQ(*ParseHundredths("1234.50000"), 123'450);
  EXPECT_EQ(*ParseHundredths("007"), 700);
  EXPECT_EQ(*ParseHundredths("92233720368547758.07"), kInt64Max);
  for (const char* text : {"", ".5", "5.", "1.005", "-1", "+1", " 1", "1e3", "1,000.00", "１",
                           "92233720368547758.08", "99999999999999999999999999999999999999999"}) {
    const absl::StatusOr<std::int64_t> parsed = ParseHundredths(text);
    ASSERT_FALSE(parsed.ok()) << text;
    EXPECT_THAT(std::string(parsed.status().message()), HasSubstr("at most two decimals")) << text;
  }
}

RC_GTEST_PROP(AreaTest, ParsesWhatItFormats, ()) {
  const auto value = *rc::gen::inRange<std::int64_t>(0, kInt64Max);
  RC_ASSERT(*ParseHundredths(FormatHundredths(value)) == value);
}

TEST(ApportionTest, GivesWhatIsLeftToTheLargestRemainders) {
  const std::vector<Int128> thirds = {1, 1, 1};
  EXPECT_THAT(ApportionByLargestRemainder(100, thirds), ElementsAre(34, 33, 33));
  EXPECT_THAT(ApportionByLargestRemainder(101, thirds), ElementsAre(34, 34, 33));
  const std::vector<Int128> weights = {10, 0, 29, 61};
  EXPECT_THAT(ApportionByLargestRemainder(7, weights), ElementsAre(1, 0, 2, 4));
  EXPECT_THAT(ApportionByLargestRemainder(0, weights), ElementsAre(0, 0, 0, 0));
}

TEST(ApportionTest, HoldsProductsOfMoreThan128Bits) {
  const Int128 large = static_cast<Int128>(1) << 118;
  const std::vector<Int128> weights = {large, large, large};
  EXPECT_THAT(ApportionByLargestRemainder(kInt64Max, weights),
              ElementsAre(kInt64Max / 3 + 1, kInt64Max / 3, kInt64Max / 3));
}

TEST(ApportionDeathTest, NeedsSomethingToDivideBy) {
  const std::vector<Int128> nothing = {0, 0};
  EXPECT_DEATH(ApportionByLargestRemainder(1, nothing), "check failed");
  const std::vector<Int128> negative = {2, -1};
  EXPECT_DEATH(ApportionByLargestRemainder(1, negative), "check failed");
}

// Compared with exact shares: every part is its share rounded down or up, and the sum is exact.
RC_GTEST_PROP(ApportionTest, StaysWithinOneOfTheExactShareAndSumsExactly, ()) {
  const auto total = *rc::gen::inRange<std::int64_t>(0, 1'000'000'000'000);
  const auto numbers = *rc::gen::nonEmpty(rc::gen::container<std::vector<std::int64_t>>(
      rc::gen::inRange<std::int64_t>(0, 1'000'000'000'000)));
  const std::vector<Int128> weights(numbers.begin(), numbers.end());
  const Int128 sum = std::accumulate(weights.begin(), weights.end(), Int128{0});
  RC_PRE(sum > 0);
  const std::vector<std::int64_t> parts = ApportionByLargestRemainder(total, weights);
  RC_ASSERT(std::accumulate(parts.begin(), parts.end(), std::int64_t{0}) == total);
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const Int128 down = total * weights[i] / sum;
    const bool exact = total * weights[i] % sum == 0;
    RC_ASSERT(parts[i] == down || (!exact && parts[i] == down + 1));
  }
}

// The shoelace formula from the origin, as textbooks write it, in one wide integer.
RC_GTEST_PROP(AreaTest, AgreesWithTheTextbookFormula, ()) {
  const auto numbers = *rc::gen::container<std::vector<std::int64_t>>(
      rc::gen::inRange<std::int64_t>(-kCoordinateMax, kCoordinateMax + 1));
  std::vector<Vertex> ring;
  for (std::size_t i = 0; i + 1 < numbers.size(); i += 2) {
    ring.push_back({numbers[i], numbers[i + 1]});
  }
  Int128 sum = 0;
  for (std::size_t i = 0; i < ring.size(); ++i) {
    const Vertex a = ring[i];
    const Vertex b = ring[(i + 1) % ring.size()];
    sum += static_cast<Int128>(a.x) * b.y - static_cast<Int128>(b.x) * a.y;
  }
  RC_ASSERT(DoubledSignedArea(ring) == sum);
}

}  // namespace
}  // namespace landbook::geo
