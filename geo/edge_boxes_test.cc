#include "geo/edge_boxes.h"

#include "geo/boundary_coverage_testing.h"
#include "geo/boundary_testing.h"
#include "geo/exact.h"
#include "gtest/gtest.h"
#include "rapidcheck/gtest.h"

namespace landbook::geo {
namespace {

Boundary AnyRings(TestNumbers* numbers, std::int64_t extent) {
  std::vector<std::vector<Vertex>> rings(static_cast<std::size_t>(numbers->Between(1, 3)));
  for (std::vector<Vertex>& ring : rings) {
    for (std::int64_t count = numbers->Between(3, 20); count > 0; --count) {
      ring.push_back({numbers->Between(-extent, extent), numbers->Between(-extent, extent)});
    }
  }
  return BoundaryOf(rings);
}

// The edges whose boxes meet the window, one by one.
EdgeBits OneByOne(const Boundary& boundary, const Box& window) {
  EdgeBits bits = 0;
  std::size_t edge = 0;
  for (std::size_t ring = 0; ring < boundary.ring_count(); ++ring) {
    const std::span<const Vertex> vertices = boundary.Ring(ring);
    for (std::size_t i = 0; i < vertices.size(); ++i, ++edge) {
      const Segment segment{vertices[i], vertices[(i + 1) % vertices.size()]};
      if (BoundsOf(segment).Intersects(window)) bits |= EdgeBits{1} << edge;
    }
  }
  return bits;
}

RC_GTEST_PROP(EdgeBoxesTest, MeetWindowsAsTheBoxesDoOneByOneToAUnit, ()) {
  TestNumbers numbers(*rc::gen::inRange<std::uint64_t>(0, 1'000'000));
  const auto extent = *rc::gen::element<std::int64_t>(5, 1'000, EdgeBoxes::kExtentMax / 2);
  const Boundary boundary = AnyRings(&numbers, extent);
  const EdgeBoxes boxes(boundary, boundary.Bounds());
  RC_ASSERT(!boxes.empty());
  RC_ASSERT(boxes.unit() <= extent / 8'000 + 1);
  for (const std::int64_t reach : {extent / 4, 2 * extent, kCoordinateMax}) {
    Box window;
    window.Add(Vertex{numbers.Between(-reach, reach), numbers.Between(-reach, reach)});
    window.Add(Vertex{numbers.Between(-reach, reach), numbers.Between(-reach, reach)});
    const EdgeBits meeting = boxes.Meeting(window);
    RC_ASSERT((OneByOne(boundary, window) & ~meeting) == 0U);
    RC_ASSERT((meeting & ~OneByOne(boundary, window.Grown(boxes.unit() - 1))) == 0U);
  }
}

TEST(EdgeBoxesTest, TouchingIsMeeting) {
  const Boundary plot = BoundaryOf({Rectangle({0, 0, 10, 20})});
  const EdgeBoxes boxes(plot, plot.Bounds());
  EXPECT_EQ(boxes.Meeting({10, 20, 30, 30}), 0b0110U);
  EXPECT_EQ(boxes.Meeting({11, 21, 30, 30}), 0U);
  EXPECT_EQ(boxes.Meeting({5, 5, 6, 6}), 0U);
  EXPECT_EQ(boxes.Meeting({-kCoordinateMax, -kCoordinateMax, kCoordinateMax, kCoordinateMax}),
            0b1111U);
}

TEST(EdgeBoxesTest, TooManyOrTooLongEdgesAreLeftToATree) {
  std::vector<Vertex> comb;
  for (std::int64_t i = 0; i < 64; ++i) comb.push_back({i, i % 2});
  const Boundary most = BoundaryOf({comb});
  EXPECT_FALSE(EdgeBoxes(most, most.Bounds()).empty());
  comb.push_back({64, 5});
  const Boundary too_many = BoundaryOf({comb});
  EXPECT_TRUE(EdgeBoxes(too_many, too_many.Bounds()).empty());
  const Boundary longest = BoundaryOf({Rectangle({-1, 0, EdgeBoxes::kExtentMax - 1, 10})});
  EXPECT_FALSE(EdgeBoxes(longest, longest.Bounds()).empty());
  const Boundary too_long = BoundaryOf({Rectangle({-2, 0, EdgeBoxes::kExtentMax - 1, 10})});
  EXPECT_TRUE(EdgeBoxes(too_long, too_long.Bounds()).empty());
  EXPECT_TRUE(EdgeBoxes(Boundary(), Box()).empty());
}

}  // namespace
}  // namespace landbook::geo
