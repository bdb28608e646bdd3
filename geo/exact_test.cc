#include "geo/exact.h"

#include <cmath>

#include "geo/boundary_testing.h"
#include "gtest/gtest.h"
#include "rapidcheck/gtest.h"

namespace landbook::geo {
namespace {

constexpr std::int64_t kFar = kCoordinateMax;

Vertex Near(std::int64_t reach) {
  return {*rc::gen::inRange<std::int64_t>(-reach, reach + 1),
          *rc::gen::inRange<std::int64_t>(-reach, reach + 1)};
}

Segment SegmentNear(std::int64_t reach) {
  const Segment segment{Near(reach), Near(reach)};
  RC_PRE(segment.start != segment.end);
  return segment;
}

TEST(ExactTest, TurnIsExactAtTheEndsOfThePlane) {
  const Vertex low{-kFar, -kFar};
  const Vertex high{kFar, kFar};
  EXPECT_EQ(Turn(low, high, {0, 0}), 0);
  EXPECT_EQ(Turn(low, high, {0, 1}), 1);
  EXPECT_EQ(Turn(low, high, {1, 0}), -1);
}

TEST(ExactTest, MeetingsOfEveryKind) {
  const Segment level{{0, 0}, {10, 0}};
  EXPECT_EQ(MeetingOf(level, {{5, -5}, {5, 5}}), Meeting::kCross);
  EXPECT_EQ(MeetingOf(level, {{5, 0}, {5, 5}}), Meeting::kTouch);
  EXPECT_EQ(MeetingOf(level, {{10, 0}, {20, 5}}), Meeting::kTouch);
  EXPECT_EQ(MeetingOf(level, {{10, 0}, {20, 0}}), Meeting::kTouch);
  EXPECT_EQ(MeetingOf(level, {{9, 0}, {20, 0}}), Meeting::kAlong);
  EXPECT_EQ(MeetingOf(level, {{10, 0}, {0, 0}}), Meeting::kAlong);
  EXPECT_EQ(MeetingOf(level, {{11, 0}, {20, 0}}), Meeting::kApart);
  EXPECT_EQ(MeetingOf(level, {{5, 1}, {5, 5}}), Meeting::kApart);
  EXPECT_EQ(MeetingOf(level, {{0, 1}, {10, 1}}), Meeting::kApart);
}

TEST(ExactTest, MeetingPlaces) {
  const Segment level{{0, 0}, {10, 0}};
  EXPECT_EQ(MeetingPlace(level, {{5, -5}, {5, 5}}), (Vertex{5, 0}));
  EXPECT_EQ(MeetingPlace(level, {{0, -1}, {3, 1}}), (Vertex{2, 0}));  // 1.5, away from zero
  EXPECT_EQ(MeetingPlace(level, {{7, 0}, {7, 5}}), (Vertex{7, 0}));
  EXPECT_EQ(MeetingPlace(level, {{20, 0}, {4, 0}}), (Vertex{4, 0}));
  EXPECT_EQ(MeetingPlace({{-kFar, -kFar}, {kFar, kFar}}, {{-kFar, kFar}, {kFar, -kFar}}),
            (Vertex{0, 0}));
}

RC_GTEST_PROP(ExactTest, MeetingIsTheSameFromBothSides, ()) {
  const Segment a = SegmentNear(6);
  const Segment b = SegmentNear(6);
  const Meeting meeting = MeetingOf(a, b);
  RC_ASSERT(meeting == MeetingOf(b, a));
  RC_ASSERT(meeting == MeetingOf({a.end, a.start}, b));
  if (meeting == Meeting::kTouch || meeting == Meeting::kAlong) {
    const Vertex place = MeetingPlace(a, b);
    RC_ASSERT(place == MeetingPlace(b, a));
    RC_ASSERT(OnSegment(place, a) && OnSegment(place, b));
  }
}

// The directions from the origin, by their angle: the model of StrictlyBetween.
double AngleFrom(Vertex from, Vertex to) {
  const double angle = std::atan2(static_cast<double>(to.y), static_cast<double>(to.x)) -
                       std::atan2(static_cast<double>(from.y), static_cast<double>(from.x));
  const double turned = angle < -1e-9 ? angle + 2 * M_PI : angle;
  return turned < 1e-9 ? 0 : turned;
}

RC_GTEST_PROP(ExactTest, StrictlyBetweenIsTheOrderOfAngles, ()) {
  const Vertex o{0, 0};
  const Vertex d = Near(4);
  const Vertex from = Near(4);
  const Vertex to = Near(4);
  RC_PRE(d != o && from != o && to != o);
  const double sector = SameDirection(o, from, to) ? 2 * M_PI : AngleFrom(from, to);
  const double angle = AngleFrom(from, d);
  RC_ASSERT(StrictlyBetween(o, d, from, to) == (angle > 0 && angle < sector - 1e-9));
}

RC_GTEST_PROP(ExactTest, SquareRootIsTheGreatestThatFits, ()) {
  const auto high = *rc::gen::inRange<std::int64_t>(0, std::int64_t{1} << 61);
  const auto low = *rc::gen::arbitrary<std::uint64_t>();
  const Int128 value = static_cast<Int128>(high) << *rc::gen::element(0, 30, 64) | low;
  RC_PRE(value >= 0);
  const Int128 root = SquareRoot(value);
  RC_ASSERT(root * root <= value);
  RC_ASSERT((root + 1) > value / (root + 1));
}

TEST(ExactTest, SquareRootOfSmallNumbers) {
  for (int i = 0; i < 1'000; ++i) {
    EXPECT_EQ(SquareRoot(i), static_cast<Int128>(std::floor(std::sqrt(i)))) << i;
  }
}

TEST(ExactTest, WithinDistanceAtBothSidesOfTheLimit) {
  const Segment level{{0, 0}, {100, 0}};
  EXPECT_TRUE(WithinDistance({50, 5}, level, 5));
  EXPECT_FALSE(WithinDistance({50, 6}, level, 5));
  EXPECT_TRUE(WithinDistance({103, 4}, level, 5));
  EXPECT_FALSE(WithinDistance({104, 4}, level, 5));
  // Slanted by 3 in 4, where a point 500 away is exactly so.
  const Segment slanted{{0, 0}, {40'000'000, 30'000'000}};
  EXPECT_TRUE(WithinDistance({20'000'000 - 300, 15'000'000 + 400}, slanted, 500));
  EXPECT_FALSE(WithinDistance({20'000'000 - 300, 15'000'000 + 401}, slanted, 500));
  // As long as the plane is wide: the square of the cross product does not fit 128 bits.
  const Segment longest{{-kFar, -kFar}, {kFar, kFar}};
  EXPECT_TRUE(WithinDistance({-500, 500}, longest, 708));
  EXPECT_FALSE(WithinDistance({-500, 500}, longest, 707));
  EXPECT_FALSE(WithinDistance({-kFar, kFar}, longest, 1'000));
}

TEST(ExactTest, DistancesInMicrometres) {
  EXPECT_EQ(DistanceMicrometres({0, 0}, Vertex{3, 4}), 500);
  EXPECT_EQ(DistanceMicrometres({0, 0}, Vertex{1, 1}), 141);
  EXPECT_EQ(DistanceMicrometres({0, 0}, Vertex{1, 2}), 224);
  const Segment slanted{{0, 0}, {2, 1}};
  EXPECT_EQ(DistanceMicrometres({1, 0}, slanted), 45);   // 1 / sqrt(5) = 0.4472
  EXPECT_EQ(DistanceMicrometres({4, 1}, slanted), 200);  // beyond its end
  EXPECT_EQ(DistanceMicrometres({-500, 500}, Segment{{-kFar, -kFar}, {kFar, kFar}}), 70'711);
}

RC_GTEST_PROP(ExactTest, WithinDistanceAgreesWithTheDistance, ()) {
  const Segment segment = SegmentNear(50);
  const Vertex v = Near(50);
  const std::int64_t steps = *rc::gen::inRange(0, 60);
  const std::int64_t distance = DistanceMicrometres(v, segment);
  if (distance < steps * 100) RC_ASSERT(WithinDistance(v, segment, steps));
  if (distance > steps * 100) RC_ASSERT(!WithinDistance(v, segment, steps));
}

TEST(ExactTest, LocationInARing) {
  const std::vector<Vertex> ring = {{0, 0}, {10, 0}, {10, 10}, {5, 5}, {0, 10}};
  const auto at = [&ring](std::int64_t x, std::int64_t y) {
    return LocationInRing({2 * x, 2 * y}, ring);
  };
  EXPECT_EQ(at(5, 2), Location::kInside);
  EXPECT_EQ(at(5, 5), Location::kOn);
  EXPECT_EQ(at(5, 6), Location::kOutside);
  EXPECT_EQ(at(2, 5), Location::kInside);  // the ray passes through a vertex
  EXPECT_EQ(at(-1, 5), Location::kOutside);
  EXPECT_EQ(at(-1, 0), Location::kOutside);  // the ray runs along an edge
  EXPECT_EQ(at(0, 3), Location::kOn);
  EXPECT_EQ(at(11, 5), Location::kOutside);
  EXPECT_EQ(LocationInRing({1, 1}, ring), Location::kInside);  // (0.5, 0.5)
}

TEST(ExactTest, LocationInABoundaryWithAHole) {
  const Boundary boundary = BoundaryOf({Rectangle({0, 0, 30, 30}), Rectangle({10, 10, 20, 20})});
  EXPECT_EQ(LocationInBoundary({10, 10}, boundary), Location::kInside);
  EXPECT_EQ(LocationInBoundary({30, 30}, boundary), Location::kOutside);
  EXPECT_EQ(LocationInBoundary({20, 30}, boundary), Location::kOn);
  EXPECT_EQ(LocationInBoundary({70, 30}, boundary), Location::kOutside);
}

}  // namespace
}  // namespace landbook::geo
