#include "geo/edit.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "geo/area.h"
#include "geo/boundary_testing.h"
#include "geo/well_known.h"

namespace landbook::geo {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr std::int64_t kMetre = kStepsPerMetre;

Boundary Square(std::int64_t x, std::int64_t y, std::int64_t side) {
  return BoundaryOf({Rectangle({x, y, x + side, y + side})});
}

std::string SplitRefusal(const Boundary& plot, const std::vector<Vertex>& cut) {
  const absl::StatusOr<SplitParts> parts = SplitAlong(plot, cut);
  return parts.ok() ? "accepted" : std::string(parts.status().message());
}

std::string MergeRefusal(const std::vector<Boundary>& plots) {
  const absl::StatusOr<Boundary> merged = Merge(plots);
  return merged.ok() ? "accepted" : std::string(merged.status().message());
}

TEST(SplitTest, AlongAStraightCut) {
  const absl::StatusOr<SplitParts> parts =
      SplitAlong(Square(0, 0, 100), std::vector<Vertex>{{30, -10}, {30, 110}});
  ASSERT_TRUE(parts.ok()) << parts.status();
  EXPECT_TRUE(DoubledArea(parts->left) == 2 * 30 * 100);
  EXPECT_TRUE(DoubledArea(parts->right) == 2 * 70 * 100);
  EXPECT_EQ(parts->left, BoundaryOf({{{30, 100}, {0, 100}, {0, 0}, {30, 0}}}));
}

TEST(SplitTest, TheSideDoesNotHangOnTheRingsDirection) {
  Boundary plot = Square(0, 0, 100);
  std::reverse(plot.vertices.begin(), plot.vertices.end());
  const absl::StatusOr<SplitParts> parts =
      SplitAlong(plot, std::vector<Vertex>{{30, 110}, {30, -10}});
  ASSERT_TRUE(parts.ok()) << parts.status();
  EXPECT_TRUE(DoubledArea(parts->left) == 2 * 70 * 100);
}

TEST(SplitTest, AlongABentCutThroughVertices) {
  const absl::StatusOr<SplitParts> parts =
      SplitAlong(Square(0, 0, 100), std::vector<Vertex>{{0, 0}, {80, 20}, {100, 100}});
  ASSERT_TRUE(parts.ok()) << parts.status();
  EXPECT_EQ(parts->left.vertices.size(), 4U);
  EXPECT_EQ(parts->right.vertices.size(), 4U);
  EXPECT_TRUE(DoubledArea(parts->left) + DoubledArea(parts->right) == 20'000);
}

TEST(SplitTest, ThroughOneEdgeTwice) {
  const absl::StatusOr<SplitParts> parts =
      SplitAlong(Square(0, 0, 100), std::vector<Vertex>{{20, -5}, {20, 50}, {40, 50}, {40, -5}});
  ASSERT_TRUE(parts.ok()) << parts.status();
  EXPECT_TRUE(DoubledArea(parts->right) == 2 * 20 * 50);
  EXPECT_TRUE(DoubledArea(parts->left) == 2 * (10'000 - 1'000));
}

TEST(SplitTest, HolesGoWithTheirPart) {
  const Boundary plot = BoundaryOf(
      {Rectangle({0, 0, 100, 100}), Rectangle({10, 10, 20, 20}), Rectangle({60, 60, 80, 80})});
  const absl::StatusOr<SplitParts> parts =
      SplitAlong(plot, std::vector<Vertex>{{50, -1}, {50, 101}});
  ASSERT_TRUE(parts.ok()) << parts.status();
  EXPECT_EQ(parts->left.ring_count(), 2U);
  EXPECT_TRUE(DoubledArea(parts->left) == 2 * (5'000 - 100));
  EXPECT_TRUE(DoubledArea(parts->right) == 2 * (5'000 - 400));
}

TEST(SplitTest, TheSurveyGoesAlong) {
  Boundary plot = Square(0, 0, 100);
  plot.points = {{0, "J1", 1, 1}, {1, "J2", 1, 1}, {2, "J3", 1, 1}, {3, "J4", 1, 1}};
  plot.lines = {{0, 600'001, 1, 2, "8", "ditch"}};
  const absl::StatusOr<SplitParts> parts =
      SplitAlong(plot, std::vector<Vertex>{{30, -10}, {30, 110}});
  ASSERT_TRUE(parts.ok()) << parts.status();
  EXPECT_THAT(parts->left.points,
              ElementsAre(BoundaryPoint{1, "J4", 1, 1}, BoundaryPoint{2, "J1", 1, 1}));
  EXPECT_THAT(parts->left.lines, ElementsAre(BoundaryLine{2, 600'001, 1, 2, "8", "ditch"}));
  EXPECT_EQ(parts->right.lines.size(), 1U);
}

TEST(SplitTest, RefusesACutThatDoesNotDivide) {
  const Boundary plot = Square(0, 0, 100);
  EXPECT_THAT(SplitRefusal(plot, {{1, 1}}), HasSubstr("at least 2"));
  EXPECT_THAT(SplitRefusal(plot, {{200, 0}, {200, 50}}), HasSubstr("0 times"));
  EXPECT_THAT(SplitRefusal(plot, {{50, 50}, {50, 200}}), HasSubstr("1 times"));
  EXPECT_THAT(SplitRefusal(plot, {{-5, 10}, {105, 10}, {105, 20}, {-5, 20}}), HasSubstr("4 times"));
  EXPECT_THAT(SplitRefusal(plot, {{-5, 0}, {105, 0}}), HasSubstr("runs along an edge"));
  EXPECT_THAT(SplitRefusal(plot, {{0, 0}, {-10, 50}, {0, 100}}), HasSubstr("runs outside"));
  EXPECT_THAT(SplitRefusal(plot, {{50, -5}, {50, 60}, {70, 60}, {30, 40}, {30, 105}}),
              HasSubstr("crosses itself"));
  EXPECT_THAT(SplitRefusal(plot, {{50, -5}, {50, -5}, {50, 105}}), HasSubstr("repeats"));
  EXPECT_THAT(SplitRefusal(WithPart(plot, {Rectangle({200, 0, 300, 100})}), {{5, -5}, {5, 105}}),
              HasSubstr("2 parts"));
  EXPECT_THAT(SplitRefusal(BoundaryOf({Rectangle({0, 0, 100, 100}), Rectangle({40, 40, 60, 60})}),
                           {{50, -5}, {50, 105}}),
              HasSubstr("meets a hole"));
}

TEST(NodedIntoTest, SetsVerticesOntoEdgesOnly) {
  const Boundary plot = BoundaryOf({{{0, 0}, {1'000, 1}, {1'000, 1'000}, {0, 1'000}}});
  // Half a step off the edge, a whole step off it, a vertex already there, and beyond an end.
  const std::vector<Vertex> vertices = {{500, 0}, {250, 2}, {0, 0}, {1'001, 500}, {1'000, 2'000}};
  const std::optional<Boundary> noded = NodedInto(plot, vertices);
  ASSERT_TRUE(noded.has_value());
  EXPECT_EQ(*noded, BoundaryOf({{{0, 0}, {500, 0}, {1'000, 1}, {1'000, 1'000}, {0, 1'000}}}));
  EXPECT_FALSE(NodedInto(plot, std::vector<Vertex>{{250, 2}}).has_value());
}

TEST(NodedIntoTest, SurveyKeepsToItsVertices) {
  Boundary plot = Square(0, 0, 100);
  plot.points = {{1, "J2", 0, 0}};
  plot.lines = {{0, 600'001, 0, 0, "a", ""}, {3, 600'002, 0, 0, "b", ""}};
  const std::optional<Boundary> noded =
      NodedInto(plot, std::vector<Vertex>{{60, 0}, {40, 0}, {0, 50}});
  ASSERT_TRUE(noded.has_value());
  EXPECT_EQ(noded->vertices[3], (Vertex{100, 0}));
  EXPECT_THAT(noded->points, ElementsAre(BoundaryPoint{3, "J2", 0, 0}));
  ASSERT_EQ(noded->lines.size(), 5U);
  EXPECT_EQ(noded->lines[2].vertex, 2U);
  EXPECT_EQ(noded->lines[4].vertex, 6U);
  EXPECT_EQ(noded->lines[4].number, "b");
}

TEST(NeighbourTest, OnlyNodingIsNoChange) {
  const Boundary plot = BoundaryOf({{{0, 0}, {1'000, 1}, {1'000, 1'000}, {0, 1'000}}});
  EXPECT_FALSE(NeighbourFinding(plot, plot, 1, 2).has_value());
  const Boundary noded = *NodedInto(plot, std::vector<Vertex>{{500, 0}});
  EXPECT_FALSE(NeighbourFinding(plot, noded, 1, 2).has_value());
  EXPECT_TRUE(NeighbourFinding(noded, plot, 1, 2).has_value()) << "a vertex was taken away";
  const Boundary moved = BoundaryOf({{{0, 0}, {500, -10}, {1'000, 1}, {1'000, 1'000}, {0, 1'000}}});
  const std::optional<Finding> finding = NeighbourFinding(plot, moved, 1, 2);
  ASSERT_TRUE(finding.has_value());
  EXPECT_EQ(finding->rule, Rule::kNeighbourWouldChange);
  EXPECT_EQ(finding->severity, Severity::kError);
  EXPECT_EQ(finding->place, (Vertex{500, -10}));
  EXPECT_EQ(finding->measured, 1'050);
  EXPECT_EQ(finding->other, 2U);
}

TEST(MergeTest, TwoPlotsAlongAnEdge) {
  const absl::StatusOr<Boundary> merged =
      Merge(std::vector<Boundary>{Square(0, 0, 100), Square(100, 0, 100)});
  ASSERT_TRUE(merged.ok()) << merged.status();
  EXPECT_EQ(*merged, BoundaryOf({{{0, 0}, {100, 0}, {200, 0}, {200, 100}, {100, 100}, {0, 100}}}));
}

TEST(MergeTest, NodesAnUnmatchedVertexFirst) {
  const absl::StatusOr<Boundary> merged =
      Merge(std::vector<Boundary>{Square(0, 0, 100), Square(100, 20, 50)});
  ASSERT_TRUE(merged.ok()) << merged.status();
  EXPECT_TRUE(DoubledArea(*merged) == 2 * (10'000 + 2'500));
  EXPECT_EQ(merged->ring_count(), 1U);
}

TEST(MergeTest, FillsAHole) {
  const Boundary frame = BoundaryOf({Rectangle({0, 0, 100, 100}), Rectangle({40, 40, 60, 60})});
  EXPECT_EQ(*Merge(std::vector<Boundary>{frame, Square(40, 40, 20)}), Square(0, 0, 100));
}

TEST(MergeTest, MakesAHole) {
  const std::vector<Boundary> frame = {
      BoundaryOf({Rectangle({0, 0, 30, 10})}), BoundaryOf({Rectangle({0, 20, 30, 30})}),
      BoundaryOf({Rectangle({0, 10, 10, 20})}), BoundaryOf({Rectangle({20, 10, 30, 20})})};
  const absl::StatusOr<Boundary> merged = Merge(frame);
  ASSERT_TRUE(merged.ok()) << merged.status();
  EXPECT_EQ(merged->ring_count(), 2U);
  EXPECT_EQ(merged->part_count(), 1U);
  EXPECT_TRUE(DoubledArea(*merged) == 2 * 800);
}

TEST(MergeTest, AHoleThatTouchesTheShellIsARingOfItsOwn) {
  // An L and a square that meet along an edge and at a corner beyond it, with a gap in between.
  const Boundary left = BoundaryOf({{{0, 0}, {30, 0}, {30, 10}, {10, 10}, {10, 30}, {0, 30}}});
  const Boundary right = BoundaryOf({{{30, 0}, {40, 0}, {40, 40}, {10, 30}, {30, 20}, {30, 10}}});
  const absl::StatusOr<Boundary> merged = Merge(std::vector<Boundary>{left, right});
  ASSERT_TRUE(merged.ok()) << merged.status();
  EXPECT_EQ(merged->part_count(), 1U);
  EXPECT_EQ(merged->ring_count(), 2U);
  EXPECT_TRUE(DoubledArea(*merged) == DoubledArea(left) + DoubledArea(right));
}

TEST(MergeTest, RefusesWhatDoesNotAdjoin) {
  EXPECT_THAT(MergeRefusal({Square(0, 0, 100)}), HasSubstr("at least 2"));
  EXPECT_THAT(MergeRefusal({Square(0, 0, 100), Square(300, 0, 100)}),
              HasSubstr("plot 2 of 2 has no edge in common"));
  EXPECT_THAT(MergeRefusal({Square(0, 0, 100), Square(100, 100, 100)}),
              HasSubstr("no edge in common"))
      << "a corner is not an edge";
  EXPECT_THAT(MergeRefusal({Square(0, 0, 100), Square(0, 0, 100)}), HasSubstr("they overlap"));
  EXPECT_THAT(MergeRefusal({Square(0, 0, 100), Square(100, 0, 100), Square(50, 0, 100)}),
              HasSubstr("they overlap"));
}

TEST(UnionTest, EqualOutlinesAreEqual) {
  const Boundary plot = Square(0, 0, 100 * kMetre);
  const SplitParts parts =
      *SplitAlong(plot, std::vector<Vertex>{{30 * kMetre, -5}, {30 * kMetre, 101 * kMetre}});
  EXPECT_THAT(*UnionFindings(std::vector{plot}, std::vector{parts.left, parts.right}, {}, 7),
              IsEmpty());
}

TEST(UnionTest, TellsEachSideThatDiffers) {
  const Boundary plot = Square(0, 0, 100 * kMetre);
  const Boundary moved = Square(2 * kMetre, 0, 100 * kMetre);
  const absl::StatusOr<std::vector<Finding>> findings =
      UnionFindings(std::vector{plot}, std::vector{moved}, {}, 7);
  ASSERT_TRUE(findings.ok()) << findings.status();
  ASSERT_EQ(findings->size(), 2U);
  for (const Finding& finding : *findings) {
    EXPECT_EQ(finding.rule, Rule::kUnionDiffers);
    EXPECT_EQ(finding.subject, 7U);
    EXPECT_NEAR(static_cast<double>(finding.measured), 2e6, 200);
    EXPECT_EQ(finding.tolerance, 1'000);
  }
}

TEST(UnionTest, WhatIsNarrowerOrSmallerThanToleratedIsNoDifference) {
  const Boundary plot = Square(0, 0, 100 * kMetre);
  EXPECT_THAT(*UnionFindings(std::vector{plot}, std::vector{Square(10, 0, 100 * kMetre)}, {}, 7),
              IsEmpty())
      << "a millimetre wide";
  EXPECT_EQ(
      UnionFindings(std::vector{plot}, std::vector{Square(12, 0, 100 * kMetre)}, {}, 7)->size(),
      2U);
  // One corner is cut off by 0.05 m on each side.
  const std::int64_t end = 100 * kMetre;
  const Boundary nicked = BoundaryOf({{{500, 0}, {end, 0}, {end, end}, {0, end}, {0, 500}}});
  EXPECT_THAT(*UnionFindings(std::vector{plot}, std::vector{nicked}, {}, 7), IsEmpty())
      << "0.00125 m2";
}

// A cut anywhere through a convex plot: areas are conserved to what rounding the two contacts can
// change, neighbours are noded rather than changed, and merging gives the plot back.
RC_GTEST_PROP(EditTest, SplitAndMergeConserveThePlot, ()) {
  constexpr std::int64_t size = 100 * kMetre;
  const auto at = [] { return *rc::gen::inRange<std::int64_t>(1, size); };
  const Boundary plot =
      BoundaryOf({{{0, 0}, {size, at()}, {size + at(), size + at()}, {-at(), size + at()}}});
  const std::vector<Vertex> cut = {{-size, at() / 4 + size / 2}, {3 * size, at() / 4 + size / 2}};
  const absl::StatusOr<SplitParts> parts = SplitAlong(plot, cut);
  RC_PRE(parts.ok());
  const std::vector<Boundary> both = {parts->left, parts->right};
  const Int128 change = DoubledArea(parts->left) + DoubledArea(parts->right) - DoubledArea(plot);
  RC_ASSERT(change < 8 * size && change > -8 * size);
  RC_ASSERT(UnionFindings(std::vector{plot}, both, {}, 1)->empty());
  const std::optional<Boundary> noded = NodedInto(plot, parts->left.vertices);
  RC_ASSERT(noded.has_value());
  RC_ASSERT(!NeighbourFinding(plot, *noded, 1, 2).has_value());
  const absl::StatusOr<Boundary> merged = Merge(both);
  RC_ASSERT(merged.ok());
  RC_ASSERT(DoubledArea(*merged) == DoubledArea(*noded));
}

}  // namespace
}  // namespace landbook::geo
