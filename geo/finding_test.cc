#include "geo/finding.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "geo/utf8.h"

namespace landbook::geo {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

constexpr Rule kRules[] = {Rule::kRingOpenOrDegenerate,
                           Rule::kCoordinateOutsidePlane,
                           Rule::kRingCrossesItself,
                           Rule::kRingTouchesItself,
                           Rule::kVerticesTooClose,
                           Rule::kSpike,
                           Rule::kTooSmall,
                           Rule::kTooNarrow,
                           Rule::kSeveralParts,
                           Rule::kStatedAreaDiffers,
                           Rule::kNotCanonical,
                           Rule::kOverlap,
                           Rule::kSameOrContained,
                           Rule::kVerticesNearlyEqual,
                           Rule::kVertexOnEdge,
                           Rule::kSliverGap,
                           Rule::kLeavesVillage,
                           Rule::kOnBasicFarmland,
                           Rule::kInsideRedLine,
                           Rule::kOutsidePlanZone,
                           Rule::kUseRestricted,
                           Rule::kOutsideUrbanBoundary,
                           Rule::kCodeMalformed,
                           Rule::kCodeAlreadyUsed,
                           Rule::kAttributeMissing,
                           Rule::kTextUndecodable,
                           Rule::kUnionDiffers,
                           Rule::kNeighbourWouldChange};

Finding Overlap() {
  Finding finding;
  finding.rule = Rule::kOverlap;
  finding.severity = Severity::kError;
  finding.place = {5'908'262'575, 40'755'426'937};
  finding.measured = 350'000;
  finding.tolerance = 1'000;
  finding.unit = Unit::kMetre;
  finding.area_mm2 = 7'500'000;
  return finding;
}

TEST(FindingTest, OneSentenceInEachLanguage) {
  EXPECT_EQ(SentenceEnglish(Overlap()),
            "B201: the plot overlaps another by 0.35 m, 7.5 m2 in all (at most 0.001 m is "
            "allowed), at easting "
            "590826.2575, northing 4075542.6937.");
  EXPECT_EQ(SentenceChinese(Overlap()),
            "B201：地块与相邻地块重叠，宽0.35米、共7.5平方米（允许宽0.001米），位于横坐标590826."
            "2575、纵坐标4075542.6937。");
  EXPECT_EQ(WordsEnglish(Overlap()),
            "the plot overlaps another by 0.35 m, 7.5 m2 in all (at most 0.001 m is allowed)");
}

TEST(FindingTest, EveryRuleHasASentenceInEachLanguage) {
  for (const Rule rule : kRules) {
    Finding finding;
    finding.rule = rule;
    finding.measured = 1'500'000;
    finding.unit = Unit::kSquareMetre;
    finding.detail = "a key without words of its own";
    for (const std::string& sentence : {SentenceEnglish(finding), SentenceChinese(finding)}) {
      EXPECT_THAT(sentence, HasSubstr(RuleName(rule)));
      EXPECT_THAT(sentence, Not(HasSubstr("{")));
      EXPECT_TRUE(IsUtf8(sentence));
    }
  }
}

TEST(FindingTest, NamesRules) {
  EXPECT_EQ(RuleName(Rule::kOverlap), "B201");
  EXPECT_EQ(RuleName(Rule::kRingOpenOrDegenerate), "B101");
}

TEST(FindingTest, TellsAmountsInTheirUnits) {
  Finding finding = Overlap();
  finding.rule = Rule::kTooSmall;
  finding.measured = 12'000'000;
  finding.unit = Unit::kSquareMetre;
  EXPECT_THAT(SentenceEnglish(finding), HasSubstr("only 12 m2"));
  EXPECT_THAT(SentenceChinese(finding), HasSubstr("仅12平方米"));
  finding.rule = Rule::kSpike;
  finding.measured = 4'999'999;
  finding.unit = Unit::kDegree;
  EXPECT_THAT(SentenceEnglish(finding), HasSubstr("4.999999 degrees"));
  finding.rule = Rule::kSeveralParts;
  finding.measured = 3'000'000;
  finding.unit = Unit::kCount;
  EXPECT_THAT(SentenceEnglish(finding), HasSubstr("has 3 separate parts"));
  finding.rule = Rule::kStatedAreaDiffers;
  finding.measured = -150'000;
  finding.unit = Unit::kPercent;
  EXPECT_THAT(SentenceEnglish(finding), HasSubstr("by -0.15 %"));
}

TEST(FindingTest, DetailsChangeTheWords) {
  Finding finding = Overlap();
  finding.rule = Rule::kRingOpenOrDegenerate;
  finding.detail = "open";
  EXPECT_THAT(SentenceEnglish(finding), HasSubstr("its last vertex is not its first"));
  finding.rule = Rule::kCoordinateOutsidePlane;
  finding.detail = "other_zone=39";
  EXPECT_THAT(SentenceEnglish(finding), HasSubstr("3-degree zone 39,"));
  EXPECT_THAT(SentenceChinese(finding), HasSubstr("第39带"));
  finding.rule = Rule::kVerticesTooClose;
  finding.detail = "by_rounding";
  EXPECT_THAT(SentenceEnglish(finding), HasSubstr("only rounding to 0.1 mm caused"));
  EXPECT_THAT(SentenceChinese(finding), HasSubstr("仅由取整"));
}

TEST(FindingTest, OrderBySubjectRuleOtherPlaceMeasured) {
  std::vector<Finding> ordered(8, Overlap());
  ordered[0].subject = 0;
  for (std::size_t i = 1; i < ordered.size(); ++i) ordered[i].subject = 1;
  ordered[1].rule = Rule::kSpike;
  for (std::size_t i = 2; i < ordered.size(); ++i) ordered[i].other = i == 2 ? 3 : 4;
  ordered[3].place = {1, 9};
  ordered[4].place = {2, 1};
  for (std::size_t i = 5; i < ordered.size(); ++i) ordered[i].place = {2, 2};
  ordered[5].measured = 1;
  ordered[6].measured = ordered[7].measured = 2;
  ordered[7].detail = "later";
  std::vector<Finding> shuffled(ordered.rbegin(), ordered.rend());
  std::sort(shuffled.begin(), shuffled.end(), FindingBefore);
  EXPECT_EQ(shuffled, ordered);
  for (const Finding& finding : ordered) EXPECT_FALSE(FindingBefore(finding, finding));
}

}  // namespace
}  // namespace landbook::geo
