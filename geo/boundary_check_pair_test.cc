#include "geo/boundary_check_pair.h"

#include <algorithm>
#include <cmath>

#include "geo/boundary_check.h"
#include "geo/boundary_coverage_testing.h"
#include "geo/boundary_testing.h"
#include "geo/geos_bridge.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace landbook::geo {
namespace {

using testing::IsEmpty;

std::vector<Finding> FindingsBetween(const Boundary& a, const Boundary& b) {
  std::vector<Finding> findings;
  const absl::Status status =
      CheckPair(PreparedPlot(1, &a), PreparedPlot(2, &b), Tolerances(), &findings);
  EXPECT_TRUE(status.ok()) << status;
  std::sort(findings.begin(), findings.end(), FindingBefore);
  return findings;
}

// A small boundary with coordinates in tenths of a metre, so that corners and edges meet often and
// overlaps are on both sides of a hundredth of a square metre.
Boundary AnySoundBoundary(TestNumbers* numbers) {
  while (true) {
    std::vector<std::vector<Vertex>> rings(static_cast<std::size_t>(numbers->Between(1, 2)));
    for (std::vector<Vertex>& ring : rings) {
      for (std::int64_t count = numbers->Between(3, 7); count > 0; --count) {
        ring.push_back({1'000 * numbers->Between(0, 7), 1'000 * numbers->Between(0, 7)});
      }
    }
    Boundary boundary = BoundaryOf(rings);
    Subject subject;
    subject.boundary = &boundary;
    if (Sound(CheckAlone(subject, Tolerances(), nullptr))) return boundary;
  }
}

// What the page says, by GEOS alone: the rule of the finding, or 0.
int OracleRule(const Boundary& a, const Boundary& b) {
  const Tolerances tolerances;
  const Shape a_shape = *Shape::Of(a, {0, 0});
  const Shape b_shape = *Shape::Of(b, {0, 0});
  const auto left = [&tolerances](const Shape& shape) {
    return !shape.Shrunk(static_cast<double>(tolerances.overlap_width_max_steps) / 2)->empty();
  };
  const Shape common = *a_shape.Intersection(b_shape);
  const double area_max = 100.0 * static_cast<double>(tolerances.overlap_area_max_mm2);
  // Areas in grid cells are whole multiples of less than the limit's precision in doubles.
  if (common.area_steps2() <= area_max || !left(common)) return 0;
  const bool contained = !left(*a_shape.Difference(b_shape)) || !left(*b_shape.Difference(a_shape));
  return contained ? 202 : 201;
}

TEST(BoundaryCheckPairTest, OverlapsAreWhatGeosAloneDecides) {
  TestNumbers numbers(5);
  int seen[3] = {0, 0, 0};
  for (int i = 0; i < 4'000; ++i) {
    const Boundary a = AnySoundBoundary(&numbers);
    const Boundary b = AnySoundBoundary(&numbers);
    int rule = 0;
    for (const Finding& finding : FindingsBetween(a, b)) {
      if (finding.severity == Severity::kError) rule = static_cast<int>(finding.rule);
    }
    ASSERT_EQ(rule, OracleRule(a, b)) << i;
    ++seen[rule == 0 ? 0 : rule - 200];
  }
  EXPECT_GT(seen[0], 100);
  EXPECT_GT(seen[1], 100);
  EXPECT_GT(seen[2], 20);
}

// B203 and B204 by the words of the page: every vertex with every vertex and every edge.
std::vector<std::pair<Rule, Vertex>> OracleVertices(const Boundary& a, const Boundary& b) {
  const Tolerances tolerances;
  std::vector<std::pair<Rule, Vertex>> found;
  for (const Vertex v : a.vertices) {
    double nearest_vertex = 1e18;
    double nearest_edge = 1e18;
    bool shared = false;
    for (std::size_t ring = 0; ring < b.ring_count(); ++ring) {
      Vertex last = b.Ring(ring).back();
      for (const Vertex w : b.Ring(ring)) {
        shared = shared || v == w;
        nearest_vertex = std::min(nearest_vertex, std::hypot(v.x - w.x, v.y - w.y));
        const auto dx = static_cast<double>(w.x - last.x);
        const auto dy = static_cast<double>(w.y - last.y);
        const double along = std::clamp(
            (static_cast<double>(v.x - last.x) * dx + static_cast<double>(v.y - last.y) * dy) /
                (dx * dx + dy * dy),
            0.0, 1.0);
        nearest_edge =
            std::min(nearest_edge, std::hypot(static_cast<double>(v.x - last.x) - along * dx,
                                              static_cast<double>(v.y - last.y) - along * dy));
        last = w;
      }
    }
    if (shared) continue;
    if (nearest_vertex <= static_cast<double>(tolerances.neighbour_vertex_max_steps)) {
      found.emplace_back(Rule::kVerticesNearlyEqual, v);
    } else if (nearest_edge <= static_cast<double>(tolerances.vertex_on_edge_max_steps) + 1e-9) {
      found.emplace_back(Rule::kVertexOnEdge, v);
    }
  }
  std::sort(found.begin(), found.end());
  return found;
}

TEST(BoundaryCheckPairTest, NearVerticesAreWhatAWalkOverAllPairsFinds) {
  TestNumbers numbers(9);
  std::size_t seen = 0;
  for (int i = 0; i < 300; ++i) {
    std::vector<Boundary> plots = CoverageOf(2, &numbers);
    Dirty(&plots, 600, &numbers);
    for (std::size_t a = 0; a < plots.size(); ++a) {
      const std::size_t b = (a + 1) % plots.size();
      std::vector<std::pair<Rule, Vertex>> found;
      for (const Finding& finding : FindingsBetween(plots[a], plots[b])) {
        if (finding.severity == Severity::kWarning && finding.subject == 1) {
          found.emplace_back(finding.rule, finding.place);
        }
      }
      ASSERT_EQ(found, OracleVertices(plots[a], plots[b])) << i;
      seen += found.size();
    }
  }
  EXPECT_GT(seen, 300U);
}

TEST(BoundaryCheckPairTest, TheOrderOfTheTwoDoesNotMatter) {
  TestNumbers numbers(21);
  for (int i = 0; i < 500; ++i) {
    const Boundary a = AnySoundBoundary(&numbers);
    const Boundary b = AnySoundBoundary(&numbers);
    const PreparedPlot first(4, &a);
    const PreparedPlot second(9, &b);
    std::vector<Finding> forward;
    std::vector<Finding> backward;
    ASSERT_TRUE(CheckPair(first, second, Tolerances(), &forward).ok());
    ASSERT_TRUE(CheckPair(second, first, Tolerances(), &backward).ok());
    ASSERT_EQ(forward, backward);
  }
}

// A plot of 20,000 vertices and the plot around it, which shares every one of them.
TEST(BoundaryCheckPairTest, TwentyThousandSharedVertices) {
  std::vector<Vertex> ring;
  for (int i = 0; i < 20'000; ++i) {
    const double angle = 2 * M_PI * i / 20'000;
    const double radius = i % 2 == 0 ? 20e6 : 20.01e6;
    ring.push_back(
        {std::llround(radius * std::cos(angle)), std::llround(radius * std::sin(angle))});
  }
  const Boundary inner = BoundaryOf({ring});
  const Boundary outer =
      BoundaryOf({Rectangle({-30'000'000, -30'000'000, 30'000'000, 30'000'000}), ring});
  EXPECT_THAT(FindingsBetween(inner, outer), IsEmpty());

  std::vector<Vertex> moved = ring;
  moved[777].x += 100;
  const std::vector<Finding> findings = FindingsBetween(BoundaryOf({moved}), outer);
  ASSERT_EQ(findings.size(), 2U);  // each side's vertex: 1 cm off, an overlap below its tolerance
  EXPECT_EQ(findings[0].rule, Rule::kVerticesNearlyEqual);
  EXPECT_EQ(findings[0].measured, 10'000);
}

TEST(BoundaryCheckPairTest, PlotsFarApartHaveNothingWithEachOther) {
  const Boundary a = BoundaryOf({Rectangle({0, 0, 100'000, 100'000})});
  const Boundary b = BoundaryOf({Rectangle({102'001, 0, 200'000, 100'000})});
  EXPECT_THAT(FindingsBetween(a, b), IsEmpty());
}

}  // namespace
}  // namespace landbook::geo
