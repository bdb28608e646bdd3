#include "geo/snap.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <deque>
#include <vector>

#include "geo/boundary_testing.h"
#include "geo/exact.h"

namespace landbook::geo {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

constexpr std::int64_t kMetre = kStepsPerMetre;
constexpr std::int64_t kMm = 10;
constexpr std::uint64_t kPlot = 1;
const Tolerances kTolerances;

// A square of 20 m beside which neighbours lie.
Boundary Square() { return BoundaryOf({Rectangle({0, 0, 20 * kMetre, 20 * kMetre})}); }

// What is suggested for `plot` beside `neighbours`, which go by the numbers 2, 3, ...
SnapSuggestion Suggested(const Boundary& plot, const std::vector<Boundary>& neighbours) {
  std::deque<PreparedPlot> prepared;
  std::vector<const PreparedPlot*> beside;
  for (const Boundary& neighbour : neighbours) {
    beside.push_back(&prepared.emplace_back(kPlot + 1 + beside.size(), &neighbour));
  }
  auto suggestion = SuggestSnap(PreparedPlot(kPlot, &plot), beside, kTolerances);
  EXPECT_TRUE(suggestion.ok()) << suggestion.status();
  return *std::move(suggestion);
}

std::vector<Rule> RulesOf(const std::vector<Finding>& findings) {
  std::vector<Rule> rules;
  for (const Finding& finding : findings) rules.push_back(finding.rule);
  return rules;
}

TEST(SnapTest, APlotThatMeetsItsNeighboursIsLeftAlone) {
  const Boundary east = BoundaryOf({Rectangle({20 * kMetre, 0, 40 * kMetre, 20 * kMetre})});
  EXPECT_THAT(Suggested(Square(), {east}).steps, IsEmpty());
  EXPECT_THAT(Suggested(Square(), {}).steps, IsEmpty());
}

TEST(SnapTest, AVertexMovesOntoTheNearestVertexOfANeighbour) {
  const Vertex corner{20 * kMetre - 3 * kMm, 20 * kMetre + 4 * kMm};
  const Boundary east =
      BoundaryOf({{{20 * kMetre, 0}, {40 * kMetre, 0}, {40 * kMetre, 20 * kMetre}, corner}});
  const SnapSuggestion suggestion = Suggested(Square(), {east});
  ASSERT_THAT(suggestion.steps, SizeIs(1));
  EXPECT_EQ(suggestion.steps[0].before, Vertex(20 * kMetre, 20 * kMetre));
  EXPECT_EQ(suggestion.steps[0].after, corner);
  EXPECT_EQ(suggestion.steps[0].neighbour, kPlot + 1);
  EXPECT_DOUBLE_EQ(suggestion.steps[0].distance_mm, 5);
  EXPECT_EQ(suggestion.boundary,
            BoundaryOf({{{0, 0}, {20 * kMetre, 0}, corner, {0, 20 * kMetre}}}));
  EXPECT_THAT(suggestion.errors, IsEmpty());
}

TEST(SnapTest, ANeighboursVertexIsSetIntoTheNearestEdge) {
  const Boundary north_west =
      BoundaryOf({{{0, 20 * kMetre}, {8 * kMetre, 20 * kMetre + 20 * kMm}, {0, 40 * kMetre}}});
  const Boundary north_east = BoundaryOf(
      {{{12 * kMetre, 20 * kMetre}, {20 * kMetre, 20 * kMetre}, {20 * kMetre, 40 * kMetre}}});
  const SnapSuggestion suggestion = Suggested(Square(), {north_west, north_east});
  EXPECT_EQ(suggestion.boundary, BoundaryOf({{{0, 0},
                                              {20 * kMetre, 0},
                                              {20 * kMetre, 20 * kMetre},
                                              {12 * kMetre, 20 * kMetre},
                                              {8 * kMetre, 20 * kMetre + 20 * kMm},
                                              {0, 20 * kMetre}}}));
  ASSERT_THAT(suggestion.steps, SizeIs(2));
  EXPECT_EQ(suggestion.steps[0].before, std::nullopt);
  EXPECT_EQ(suggestion.steps[0].neighbour, kPlot + 2);
  EXPECT_DOUBLE_EQ(suggestion.steps[0].distance_mm, 0);
  EXPECT_DOUBLE_EQ(suggestion.steps[1].distance_mm, 20);
}

TEST(SnapTest, WhatIsFartherThanTheTolerancesStays) {
  const std::int64_t beyond = kTolerances.neighbour_vertex_max_steps + 1;
  const Boundary east =
      BoundaryOf({Rectangle({20 * kMetre + beyond, 5 * kMetre, 40 * kMetre, 20 * kMetre})});
  EXPECT_THAT(Suggested(Square(), {east}).steps, IsEmpty());
}

TEST(SnapTest, AVertexThatEqualsOneNeighboursStaysHoweverNearAnothersIs) {
  const Boundary east = BoundaryOf({Rectangle({20 * kMetre, 0, 40 * kMetre, 20 * kMetre})});
  const Boundary north = BoundaryOf(
      {{{0, 20 * kMetre}, {20 * kMetre, 20 * kMetre + 5 * kMm}, {20 * kMetre, 40 * kMetre}}});
  EXPECT_THAT(Suggested(Square(), {east, north}).steps, IsEmpty());
}

TEST(SnapTest, TheSurveyOfVerticesAndEdgesGoesAlong) {
  Boundary plot = Square();
  plot.points = {{2, "J3", 1, 2}, {3, "J4", 0, 0}};
  plot.lines = {{2, 600001, 1, 2, "", "沟"}, {3, 600002, 0, 0, "", ""}};
  const Boundary north = BoundaryOf({{{0, 20 * kMetre},
                                      {10 * kMetre, 20 * kMetre},
                                      {20 * kMetre, 20 * kMetre + 2 * kMm},
                                      {10 * kMetre, 40 * kMetre}}});
  const Boundary snapped = Suggested(plot, {north}).boundary;
  ASSERT_THAT(snapped.vertices, SizeIs(5));
  EXPECT_THAT(snapped.points,
              ElementsAre(BoundaryPoint{2, "J3", 1, 2}, BoundaryPoint{4, "J4", 0, 0}));
  EXPECT_THAT(snapped.lines, ElementsAre(BoundaryLine{2, 600001, 1, 2, "", "沟"},
                                         BoundaryLine{3, 600001, 1, 2, "", "沟"},
                                         BoundaryLine{4, 600002, 0, 0, "", ""}));
}

TEST(SnapTest, VerticesThatFallTogetherBecomeOne) {
  const Boundary plot = BoundaryOf({{{0, 0},
                                     {20 * kMetre, 0},
                                     {20 * kMetre, 20 * kMetre - 30 * kMm},
                                     {20 * kMetre - 30 * kMm, 20 * kMetre},
                                     {0, 20 * kMetre}}});
  const Boundary north_east =
      BoundaryOf({Rectangle({20 * kMetre, 20 * kMetre, 40 * kMetre, 40 * kMetre})});
  const SnapSuggestion suggestion = Suggested(plot, {north_east});
  EXPECT_EQ(suggestion.boundary, Square());
  EXPECT_THAT(suggestion.steps, SizeIs(1));
}

TEST(SnapTest, ASuggestionThatWouldBeWrongSaysWhy) {
  // A plot 40 mm wide at its end, both corners of which are nearest to one vertex.
  const Boundary plot =
      BoundaryOf({{{0, 0}, {20 * kMetre, 0}, {20 * kMetre, 40 * kMm}, {10 * kMetre, 20 * kMetre}}});
  const Boundary overlapping =
      BoundaryOf({Rectangle({20 * kMetre - 10 * kMetre, 20 * kMm, 40 * kMetre, 10 * kMetre})});
  const SnapSuggestion suggestion = Suggested(plot, {overlapping});
  EXPECT_THAT(suggestion.steps, Not(IsEmpty()));
  EXPECT_THAT(RulesOf(suggestion.errors), Contains(Rule::kOverlap));
}

// The lattice's squares around (0, 0), each with corners of its own, off by up to 20 mm.
Boundary JitteredSquare(int column, int row) {
  const auto off = rc::gen::inRange<std::int64_t>(-200, 201);
  const std::int64_t side = 20 * kMetre;
  std::vector<Vertex> ring;
  for (const Vertex corner :
       Rectangle({column * side, row * side, (column + 1) * side, (row + 1) * side})) {
    const bool exact = *rc::gen::arbitrary<bool>();
    ring.push_back(exact ? corner : Vertex{corner.x + *off, corner.y + *off});
  }
  return BoundaryOf({ring});
}

RC_GTEST_PROP(SnapTest, MeetsItsNeighboursAndMovesNoFartherThanAllowed, ()) {
  const Boundary plot = JitteredSquare(0, 0);
  std::vector<Boundary> neighbours;
  for (int column = -1; column <= 1; ++column) {
    for (int row = -1; row <= 1; ++row) {
      if (column != 0 || row != 0) neighbours.push_back(JitteredSquare(column, row));
    }
  }
  const SnapSuggestion suggestion = Suggested(plot, neighbours);
  std::vector<Vertex> theirs;
  for (const Boundary& neighbour : neighbours) {
    theirs.insert(theirs.end(), neighbour.vertices.begin(), neighbour.vertices.end());
  }
  const Int128 near2 =
      Int128{kTolerances.neighbour_vertex_max_steps} * kTolerances.neighbour_vertex_max_steps;
  for (const Vertex& v : suggestion.boundary.vertices) {
    const bool equal = std::find(theirs.begin(), theirs.end(), v) != theirs.end();
    const bool alone = std::none_of(theirs.begin(), theirs.end(), [&](const Vertex& other) {
      return SquaredDistance(v, other) <= near2;
    });
    RC_ASSERT(equal || alone);
  }
  for (const SnapStep& step : suggestion.steps) {
    RC_ASSERT(std::find(theirs.begin(), theirs.end(), step.after) != theirs.end());
    RC_ASSERT(step.distance_mm <= 50);
  }
}

}  // namespace
}  // namespace landbook::geo
