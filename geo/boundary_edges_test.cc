#include "geo/boundary_edges.h"

#include "geo/boundary_testing.h"
#include "gtest/gtest.h"
#include "rapidcheck/gtest.h"

namespace landbook::geo {
namespace {

TEST(BoundaryEdgesTest, EdgesKnowTheirNeighboursWithinTheirRing) {
  const Boundary boundary = BoundaryOf({Rectangle({0, 0, 30, 30}), Rectangle({10, 10, 20, 20})});
  const BoundaryEdges edges(&boundary);
  ASSERT_EQ(edges.size(), 8U);
  const Edge last = edges.At(7);
  EXPECT_EQ(last.before, (Vertex{20, 20}));
  EXPECT_EQ(last.start, (Vertex{10, 20}));
  EXPECT_EQ(last.end, (Vertex{10, 10}));
  EXPECT_EQ(last.after, (Vertex{20, 10}));
  EXPECT_EQ(last.ring, 1U);
  EXPECT_EQ(edges.At(0).before, (Vertex{0, 30}));
  EXPECT_EQ(edges.At(3).end, (Vertex{0, 0}));
}

TEST(BoundaryEdgesTest, TheInsideIsOnTheSameSideWhicheverWayRingsRun) {
  const std::vector<Vertex> shell = Rectangle({0, 0, 30, 30});
  const std::vector<Vertex> hole = Rectangle({10, 10, 20, 20});
  const Boundary forward = BoundaryOf({shell, hole});
  EXPECT_TRUE(BoundaryEdges(&forward).InteriorLeft(0));
  EXPECT_FALSE(BoundaryEdges(&forward).InteriorLeft(1));
  const Boundary backward =
      BoundaryOf({{shell.rbegin(), shell.rend()}, {hole.rbegin(), hole.rend()}});
  EXPECT_FALSE(BoundaryEdges(&backward).InteriorLeft(0));
  EXPECT_TRUE(BoundaryEdges(&backward).InteriorLeft(1));
  EXPECT_EQ(BoundaryEdges(&forward).At(0).InteriorOnLeft(), (Segment{{0, 0}, {30, 0}}));
  EXPECT_EQ(BoundaryEdges(&forward).At(0).InteriorOnRight(), (Segment{{30, 0}, {0, 0}}));
}

TEST(BoundaryEdgesTest, RepeatsAndDegenerateRingsAreLeftOutOfACopy) {
  const Boundary boundary = BoundaryOf(
      {{{0, 0}, {0, 0}, {30, 0}, {30, 30}, {30, 30}, {0, 0}}, {{1, 1}, {2, 2}, {1, 1}, {2, 2}}});
  const BoundaryEdges edges(&boundary);
  EXPECT_NE(&edges.boundary(), &boundary);
  EXPECT_EQ(edges.boundary(), BoundaryOf({{{0, 0}, {30, 0}, {30, 30}}}));
  const Boundary clean = BoundaryOf({Rectangle({0, 0, 30, 30})});
  EXPECT_EQ(&BoundaryEdges(&clean).boundary(), &clean);
}

TEST(BoundaryEdgesTest, NothingLeftOfABoundaryIsFine) {
  const Boundary boundary = BoundaryOf({{{1, 1}}});
  const BoundaryEdges edges(&boundary);
  EXPECT_EQ(edges.size(), 0U);
  EXPECT_TRUE(edges.box().Empty());
}

TEST(BoundaryEdgesTest, ThreeDistinctVerticesAreTheLeast) {
  const std::vector<Vertex> two = {{0, 0}, {1, 0}, {0, 0}, {1, 0}};
  const std::vector<Vertex> three = {{0, 0}, {1, 0}, {0, 0}, {2, 0}};
  EXPECT_FALSE(HasThreeDistinct(two));
  EXPECT_TRUE(HasThreeDistinct(three));
  EXPECT_FALSE(HasThreeDistinct({}));
}

// With few edges and with many, which are found through an index.
RC_GTEST_PROP(BoundaryEdgesTest, NearFindsTheEdgesWhoseBoxMeetsTheWindow, ()) {
  std::vector<Vertex> ring(*rc::gen::element<std::size_t>(5, 39, 40, 41, 150));
  for (std::size_t i = 0; i < ring.size(); ++i) {
    ring[i] = {*rc::gen::inRange<std::int64_t>(0, 1'000), static_cast<std::int64_t>(i)};
  }
  const Boundary boundary = BoundaryOf({ring});
  const BoundaryEdges edges(&boundary);
  const auto x = *rc::gen::inRange<std::int64_t>(0, 1'000);
  const auto y = *rc::gen::inRange<std::int64_t>(0, 150);
  const Box window{x, y, x + 50, y + 5};
  const std::size_t first = *rc::gen::inRange<std::size_t>(0, ring.size());
  std::vector<std::uint32_t> expected;
  for (std::size_t i = first; i < edges.size(); ++i) {
    if (edges.At(i).box().Intersects(window)) expected.push_back(edges.At(i).index);
  }
  std::vector<std::uint32_t> found;
  edges.Near(window, first, [&found](const Edge& edge) {
    found.push_back(edge.index);
    return true;
  });
  RC_ASSERT(found == expected);
}

}  // namespace
}  // namespace landbook::geo
