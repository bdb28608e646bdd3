#include "geo/layer_check.h"

#include <algorithm>
#include <optional>

#include "geo/boundary_check_pair.h"
#include "geo/boundary_coverage_testing.h"
#include "geo/boundary_testing.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "rapidcheck/gtest.h"

namespace landbook::geo {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

LayerVerdict VerdictOf(const std::vector<LayerPlot>& plots, int workers = 1) {
  LayerOptions options;
  options.workers = workers;
  absl::StatusOr<LayerVerdict> verdict = CheckLayer(plots, options);
  EXPECT_TRUE(verdict.ok()) << verdict.status();
  return verdict.ok() ? *std::move(verdict) : LayerVerdict();
}

// Every plot alone and every pair, without any index; B205 is not part of it.
std::vector<Finding> AllPairs(const std::vector<LayerPlot>& plots) {
  std::vector<Finding> findings;
  std::vector<std::unique_ptr<PreparedPlot>> sound(plots.size());
  for (std::size_t i = 0; i < plots.size(); ++i) {
    const Subject& subject = plots[i].subject;
    const std::vector<Finding> alone = CheckAlone(subject, Tolerances(), nullptr);
    if (Sound(alone)) sound[i] = std::make_unique<PreparedPlot>(subject.id, subject.boundary);
    if (!plots[i].standing) findings.insert(findings.end(), alone.begin(), alone.end());
    for (std::size_t j = 0; sound[i] != nullptr && j < i; ++j) {
      if (sound[j] == nullptr || (plots[i].standing && plots[j].standing)) continue;
      EXPECT_TRUE(CheckPair(*sound[i], *sound[j], Tolerances(), &findings).ok());
    }
  }
  std::sort(findings.begin(), findings.end(), FindingBefore);
  return findings;
}

std::vector<Finding> WithoutGaps(std::vector<Finding> findings) {
  std::erase_if(findings, [](const Finding& f) { return f.rule == Rule::kSliverGap; });
  return findings;
}

std::vector<Finding> GapsOf(const std::vector<Finding>& findings) {
  std::vector<Finding> gaps;
  std::copy_if(findings.begin(), findings.end(), std::back_inserter(gaps),
               [](const Finding& f) { return f.rule == Rule::kSliverGap; });
  return gaps;
}

TEST(LayerCheckTest, ACleanCoverageHasNoFindings) {
  TestNumbers numbers(1);
  std::vector<Boundary> boundaries = CoverageOf(12, &numbers);
  const LayerVerdict verdict = VerdictOf(LayerOf(boundaries, 0), 2);
  EXPECT_THAT(WithoutGaps(verdict.findings),
              testing::Each(testing::Field(&Finding::rule, Rule::kNotCanonical)));
  EXPECT_THAT(GapsOf(verdict.findings), IsEmpty());
  EXPECT_THAT(verdict.kept_out, IsEmpty());
  EXPECT_GE(verdict.pair_count, 2 * 12 * 11 + 2 * 11 * 11);
}

TEST(LayerCheckTest, FindsWhatAllPairsFind) {
  std::size_t seen = 0;
  for (std::uint64_t seed = 0; seed < 60; ++seed) {
    TestNumbers numbers(seed);
    std::vector<Boundary> boundaries = CoverageOf(numbers.Between(1, 6), &numbers);
    Dirty(&boundaries, 40'000, &numbers);
    const std::vector<LayerPlot> plots = LayerOf(boundaries, seed % 4);
    const std::vector<Finding> expected = AllPairs(plots);
    ASSERT_EQ(WithoutGaps(VerdictOf(plots).findings), expected) << seed;
    seen += expected.size();
  }
  EXPECT_GT(seen, 500U);
}

RC_GTEST_PROP(LayerCheckTest, OrderAndWorkersMakeNoDifference, (std::uint64_t seed)) {
  TestNumbers numbers(seed);
  std::vector<Boundary> boundaries = CoverageOf(6, &numbers);
  Dirty(&boundaries, 20'000, &numbers);
  std::vector<LayerPlot> plots = LayerOf(boundaries, seed % 5);
  const LayerVerdict expected = VerdictOf(plots);
  for (std::size_t i = plots.size(); i > 1; --i) {
    std::swap(plots[i - 1],
              plots[static_cast<std::size_t>(numbers.Between(0, static_cast<int>(i) - 1))]);
  }
  const LayerVerdict verdict = VerdictOf(plots, static_cast<int>(numbers.Between(1, 4)));
  RC_ASSERT(verdict.findings == expected.findings);
  RC_ASSERT(verdict.kept_out == expected.kept_out);
  RC_ASSERT(verdict.pair_count == expected.pair_count);
}

// Two rectangles beside each other: the gap between them is known by arithmetic.
RC_GTEST_PROP(LayerCheckTest, GapBetweenTwoRectanglesIsFoundWhenNarrowAndLong, ()) {
  const auto width = *rc::gen::inRange<std::int64_t>(1, 4'000);
  const auto shift = *rc::gen::inRange<std::int64_t>(-30'000, 30'000);
  const auto height = *rc::gen::inRange<std::int64_t>(15'000, 40'000);
  const std::vector<Boundary> boundaries = {
      BoundaryOf({Rectangle({0, 0, 50'000, 25'000})}),
      BoundaryOf({Rectangle({50'000 + width, shift, 90'000, shift + height})})};
  const std::int64_t along =
      std::min<std::int64_t>(25'000, shift + height) - std::max<std::int64_t>(0, shift);
  const std::vector<Finding> gaps = GapsOf(VerdictOf(LayerOf(boundaries, 0)).findings);
  const bool expected = width < 2'000 && along > 10'000;
  RC_ASSERT(gaps.size() == (expected ? 1U : 0U));
  if (expected) RC_ASSERT(gaps[0].measured == width * 100);
}

TEST(LayerCheckTest, BothNewPlotsStayOutAndAStandingOneStays) {
  const std::vector<Boundary> boundaries = {
      BoundaryOf({Rectangle({0, 0, 100'000, 100'000})}),
      BoundaryOf({Rectangle({90'000, 0, 190'000, 100'000})}),
      BoundaryOf({Rectangle({180'000, 0, 280'000, 100'000})}),
      BoundaryOf({Rectangle({400'000, 0, 500'000, 100'000})})};
  std::vector<LayerPlot> plots = LayerOf(boundaries, 0);
  EXPECT_THAT(VerdictOf(plots).kept_out, ElementsAre(1, 4, 7));
  plots[1].standing = true;
  EXPECT_THAT(VerdictOf(plots).kept_out, ElementsAre(1, 7));
  plots[0].standing = true;
  EXPECT_THAT(VerdictOf(plots).kept_out, ElementsAre(7));
}

TEST(LayerCheckTest, AnEmptyLayerIsFine) {
  const LayerVerdict verdict = VerdictOf({});
  EXPECT_THAT(verdict.findings, IsEmpty());
  EXPECT_EQ(verdict.pair_count, 0);
}

TEST(LayerCheckTest, RefusesTwoPlotsOfOneId) {
  const Boundary boundary = BoundaryOf({Rectangle({0, 0, 100'000, 100'000})});
  std::vector<LayerPlot> plots(2);
  for (LayerPlot& plot : plots) {
    plot.subject.id = 42;
    plot.subject.boundary = &boundary;
  }
  const absl::Status status = CheckLayer(plots, LayerOptions()).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(std::string(status.message()), HasSubstr("id 42"));
}

TEST(LayerCheckTest, RefusesToWorkWithoutWorkers) {
  LayerOptions options;
  options.workers = 0;
  EXPECT_EQ(CheckLayer({}, options).status().code(), absl::StatusCode::kInvalidArgument);
}

TEST(LayerCheckTest, ThePlaneExtentHoldsForEveryPlot) {
  const Boundary boundary = BoundaryOf({Rectangle({0, 0, 100'000, 100'000})});
  std::vector<LayerPlot> plots(1);
  plots[0].subject.boundary = &boundary;
  LayerOptions options;
  options.plane_extent = Box{0, 0, 99'999, 200'000};
  EXPECT_THAT(CheckLayer(plots, options)->kept_out, ElementsAre(0));
}

}  // namespace
}  // namespace landbook::geo
