#include "services/registry/shares.h"

#include <cstdint>
#include <numeric>
#include <vector>

#include "gtest/gtest.h"
#include "rapidcheck/gtest.h"

namespace landbook::registry {
namespace {

v1::Share ShareOf(std::uint64_t numerator, std::uint64_t denominator) {
  v1::Share share;
  share.set_numerator(numerator);
  share.set_denominator(denominator);
  return share;
}

TEST(SumOfShares, TellsTheWholeFromItsNeighbours) {
  EXPECT_EQ(SumOfShares({}), ShareSum::kLess);
  EXPECT_EQ(SumOfShares(std::vector{ShareOf(1, 1)}), ShareSum::kOne);
  EXPECT_EQ(SumOfShares(std::vector{ShareOf(1, 3), ShareOf(1, 3), ShareOf(1, 3)}), ShareSum::kOne);
  EXPECT_EQ(SumOfShares(std::vector{ShareOf(1, 3), ShareOf(1, 3)}), ShareSum::kLess);
  EXPECT_EQ(SumOfShares(std::vector{ShareOf(2, 3), ShareOf(2, 3)}), ShareSum::kMore);
  EXPECT_EQ(SumOfShares(std::vector{ShareOf(5, 3)}), ShareSum::kMore);
}

TEST(SumOfShares, RefusesNothingAndWhatCannotBeAdded) {
  EXPECT_EQ(SumOfShares(std::vector{ShareOf(0, 3), ShareOf(1, 1)}), ShareSum::kEmptyShare);
  EXPECT_EQ(SumOfShares(std::vector{ShareOf(1, 0)}), ShareSum::kEmptyShare);
  // Three large primes: their product does not fit in 128 bits.
  EXPECT_EQ(
      SumOfShares(std::vector{ShareOf(1, 18446744073709551557U), ShareOf(1, 18446744073709551533U),
                              ShareOf(1, 18446744073709551521U)}),
      ShareSum::kTooFine);
}

TEST(SumOfShares, IsExactWhereFloatingPointIsNot) {
  const std::uint64_t large = 9'007'199'254'740'993;  // 2^53 + 1, which no double holds
  EXPECT_EQ(SumOfShares(std::vector{ShareOf(large - 1, large), ShareOf(1, large)}), ShareSum::kOne);
  EXPECT_EQ(SumOfShares(std::vector{ShareOf(large - 2, large), ShareOf(1, large)}),
            ShareSum::kLess);
}

TEST(SameShare, ComparesFractionsAndAbsence) {
  EXPECT_TRUE(SameShare(ShareOf(2, 4), ShareOf(1, 2)));
  EXPECT_FALSE(SameShare(ShareOf(1, 3), ShareOf(1, 2)));
  EXPECT_TRUE(SameShare(v1::Share(), v1::Share()));
  EXPECT_FALSE(SameShare(v1::Share(), ShareOf(1, 2)));
}

// The model: numerators over the product of all denominators, in integers that cannot overflow.
RC_GTEST_PROP(SumOfShares, SaysOneExactlyWhenTheFractionsSumToOne, ()) {
  const int count = *rc::gen::inRange(1, 7);
  std::vector<v1::Share> shares;
  std::uint64_t whole = 1;
  for (int i = 0; i < count; ++i) {
    const auto denominator = *rc::gen::inRange<std::uint64_t>(1, 13);
    shares.push_back(ShareOf(*rc::gen::inRange<std::uint64_t>(1, denominator + 1), denominator));
    whole *= denominator;
  }
  std::uint64_t sum = 0;
  for (const v1::Share& share : shares) sum += whole / share.denominator() * share.numerator();
  const ShareSum expected =
      sum == whole ? ShareSum::kOne : (sum < whole ? ShareSum::kLess : ShareSum::kMore);
  RC_ASSERT(SumOfShares(shares) == expected);
}

// A whole cut into pieces sums to one whatever the pieces; a piece more or less does not.
RC_GTEST_PROP(SumOfShares, AcceptsEveryDivisionOfTheWhole, ()) {
  const auto pieces = *rc::gen::container<std::vector<std::uint32_t>>(
      *rc::gen::inRange<std::size_t>(1, 20), rc::gen::inRange<std::uint32_t>(1, 1'000'000));
  const std::uint64_t whole = std::accumulate(pieces.begin(), pieces.end(), std::uint64_t{0});
  std::vector<v1::Share> shares;
  for (const std::uint32_t piece : pieces) {
    const std::uint64_t common = std::gcd(std::uint64_t{piece}, whole);
    shares.push_back(ShareOf(piece / common, whole / common));
  }
  RC_ASSERT(SumOfShares(shares) == ShareSum::kOne);
  shares.push_back(ShareOf(1, whole));
  RC_ASSERT(SumOfShares(shares) == ShareSum::kMore);
  shares.pop_back();
  shares.pop_back();
  RC_ASSERT(SumOfShares(shares) == ShareSum::kLess);
}

}  // namespace
}  // namespace landbook::registry
