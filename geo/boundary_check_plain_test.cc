// What is decided early: that it is decided in the common case, and left to the rules in every
// other. That nothing is lost by it is for the comparison with the reference path to show
// (reference_check_test.cc).
#include <algorithm>
#include <string>

#include "geo/boundary_check_internal.h"
#include "geo/boundary_check_pair_internal.h"
#include "geo/boundary_coverage_testing.h"
#include "geo/boundary_testing.h"
#include "gtest/gtest.h"

namespace landbook::geo {
namespace {

bool Plain(const Boundary& boundary, const Tolerances& tolerances = {}) {
  return PlainRing(BoundaryEdges(&boundary), tolerances);
}

bool PlainPairOf(const Boundary& a, const Boundary& b) {
  const std::int64_t reach = ReachSteps(Tolerances());
  Box window = a.Bounds().Grown(reach);
  window.Add(b.Bounds().Grown(reach));
  const PreparedPlot first(1, &a);
  const PreparedPlot second(2, &b);
  const bool plain = PlainNeighbours(first, second, window, Tolerances());
  EXPECT_EQ(PlainNeighbours(second, first, window, Tolerances()), plain);
  return plain;
}

TEST(BoundaryCheckPlainTest, ACleanCoverageIsPlain) {
  TestNumbers numbers(1);
  const std::vector<Boundary> plots = CoverageOf(12, &numbers);
  std::size_t plain_rings = 0;
  std::size_t plain_pairs = 0;
  std::size_t pairs = 0;
  for (const Boundary& plot : plots) {
    plain_rings += Plain(plot) ? 1U : 0U;
    for (const Boundary* other = &plot + 1; other != plots.data() + plots.size(); ++other) {
      if (!plot.Bounds().Intersects(other->Bounds())) continue;
      ++pairs;
      plain_pairs += PlainPairOf(plot, *other) ? 1U : 0U;
    }
  }
  EXPECT_GT(plain_rings, plots.size() * 9 / 10);
  EXPECT_GT(plain_pairs, pairs * 9 / 10);
}

// A field of 40 m by 20 m with its south side through the points given.
Boundary FieldOver(std::vector<Vertex> south) {
  south.push_back({400'000, 200'000});
  south.push_back({0, 200'000});
  return BoundaryOf({south});
}

TEST(BoundaryCheckPlainTest, WhatARuleMayTellOfARingIsNotPlain) {
  EXPECT_TRUE(Plain(FieldOver({{0, 0}, {200'000, 10'000}, {400'000, 0}})));
  const std::vector<std::pair<std::string, Boundary>> cases = {
      {"crosses itself", FieldOver({{0, 0}, {200'000, 250'000}, {400'000, 0}})},
      {"touches itself", FieldOver({{0, 0}, {200'000, 200'000}, {400'000, 0}})},
      {"narrow part", FieldOver({{0, 0}, {200'000, 199'500}, {400'000, 0}})},
      {"close vertices", FieldOver({{0, 0}, {200'000, 0}, {200'500, 500}, {400'000, 0}})},
      {"spike", FieldOver({{0, 0}, {199'000, 0}, {200'000, -50'000}, {201'000, 0}, {400'000, 0}})},
      {"edge back along another", FieldOver({{0, 0}, {200'000, 0}, {100'000, 0}, {400'000, 0}})},
      {"a triangle", BoundaryOf({{{0, 0}, {400'000, 0}, {0, 400'000}}})},
      {"a hole", BoundaryOf({Rectangle({0, 0, 400'000, 400'000}),
                             Rectangle({100'000, 100'000, 200'000, 200'000})})},
  };
  for (const auto& [name, boundary] : cases) EXPECT_FALSE(Plain(boundary)) << name;
  Tolerances blunt;
  blunt.spike_angle_min_millidegrees = 60'000;
  EXPECT_FALSE(Plain(BoundaryOf({Rectangle({0, 0, 400'000, 400'000})}), blunt));
}

TEST(BoundaryCheckPlainTest, WhatARuleMayTellOfAPairIsNotPlain) {
  const Boundary south =
      BoundaryOf({{{0, -200'000}, {400'000, -200'000}, {400'000, 0}, {200'000, 10'000}, {0, 0}}});
  struct Case {
    std::string name;
    Boundary other;
    bool plain;
  };
  Boundary turned = FieldOver({{0, 0}, {200'000, 10'000}, {400'000, 0}});
  std::reverse(turned.vertices.begin(), turned.vertices.end());
  const std::vector<Case> cases = {
      {"two whole edges", FieldOver({{0, 0}, {200'000, 10'000}, {400'000, 0}}), true},
      {"the same, the other way round", turned, true},
      {"a corner", BoundaryOf({Rectangle({400'000, 0, 600'000, 200'000})}), true},
      {"apart", BoundaryOf({Rectangle({0, 12'500, 400'000, 200'000})}), true},
      {"far apart", BoundaryOf({Rectangle({0, 800'000, 400'000, 900'000})}), true},
      {"a junction without a vertex", FieldOver({{0, 0}, {400'000, 0}}), false},
      {"a vertex on an edge", BoundaryOf({Rectangle({400'000, -150'000, 600'000, 0})}), false},
      {"a vertex moved", FieldOver({{0, 0}, {200'000, 10'010}, {400'000, 0}}), false},
      {"a corner moved", FieldOver({{0, 0}, {200'000, 10'000}, {400'020, 0}}), false},
      {"a crossing", BoundaryOf({Rectangle({100'000, -100'000, 150'000, 200'000})}), false},
      {"a gap", FieldOver({{0, 1'000}, {200'000, 11'000}, {400'000, 1'000}}), false},
      {"the same plot", south, false},
      {"a plot inside", BoundaryOf({Rectangle({100'000, -100'000, 200'000, -50'000})}), false},
      {"a plot inside from corner to corner",
       BoundaryOf({{{0, -200'000}, {400'000, 0}, {200'000, -50'000}}}), false},
  };
  for (const Case& c : cases) EXPECT_EQ(PlainPairOf(south, c.other), c.plain) << c.name;
}

}  // namespace
}  // namespace landbook::geo
