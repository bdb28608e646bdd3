#include "geo/normalise.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include "geo/boundary_testing.h"

namespace landbook::geo {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
constexpr double kInfinity = std::numeric_limits<double>::infinity();

RawBoundary RawOfRings(const std::vector<std::vector<RawVertex>>& rings) {
  RawBoundary raw;
  for (const std::vector<RawVertex>& ring : rings) {
    raw.vertices.insert(raw.vertices.end(), ring.begin(), ring.end());
    raw.EndRing();
  }
  raw.EndPart();
  return raw;
}

std::vector<RingFaultKind> Kinds(const PlaneBoundary& plane) {
  std::vector<RingFaultKind> kinds;
  for (const RingFault& fault : plane.faults) kinds.push_back(fault.kind);
  return kinds;
}

TEST(StepsTest, RoundHalfAwayFromZero) {
  EXPECT_EQ(*StepsFromMetres(0.00005), 1);
  EXPECT_EQ(*StepsFromMetres(-0.00005), -1);
  EXPECT_EQ(*StepsFromMetres(0.000049), 0);
  EXPECT_EQ(*StepsFromMetres(590826.25755), 5'908'262'576);
  EXPECT_EQ(*StepsFromMetres(-0.0), 0);
}

// Halves, and what lies a hair beside them, on both sides of zero and up to the bound.
RC_GTEST_PROP(StepsTest, RoundAsTheStandardLibraryDoes, ()) {
  const auto whole = *rc::gen::inRange<std::int64_t>(-kCoordinateMax, kCoordinateMax + 1);
  const auto quarters = *rc::gen::inRange<int>(-2, 3);
  const double near = (static_cast<double>(whole) + 0.25 * quarters) / kStepsPerMetre;
  for (const double metres :
       {near, std::nextafter(near, kInfinity), std::nextafter(near, -kInfinity),
        std::nextafter(0.5, 0) / kStepsPerMetre, -near / 1e6}) {
    const double rounded = std::round(metres * kStepsPerMetre);
    const auto steps = StepsFromMetres(metres);
    RC_ASSERT(steps.ok() == (std::fabs(rounded) <= kCoordinateMax));
    if (steps.ok()) RC_ASSERT(static_cast<double>(*steps) == rounded);
  }
}

TEST(StepsTest, RefuseByName) {
  EXPECT_THAT(std::string(StepsFromMetres(kNan).status().message()), HasSubstr("finite"));
  EXPECT_THAT(std::string(StepsFromMetres(-kInfinity).status().message()), HasSubstr("finite"));
  EXPECT_EQ(*StepsFromMetres(5e7), kCoordinateMax);
  EXPECT_EQ(StepsFromMetres(5e7 + 0.0001).status().code(), absl::StatusCode::kOutOfRange);
  EXPECT_THAT(std::string(StepsFromMetres(1e300).status().message()), HasSubstr("50000000 m"));
}

RC_GTEST_PROP(StepsTest, ComeBackFromMetres, ()) {
  const auto steps = *rc::gen::inRange<std::int64_t>(-kCoordinateMax, kCoordinateMax + 1);
  RC_ASSERT(*StepsFromMetres(MetresFromSteps(steps)) == steps);
}

TEST(NormaliseTest, ClosesByImplicationAndKeepsTheOrder) {
  const PlaneBoundary plane = Normalise(RawOfRings({{{2, 0}, {2, 2}, {0, 2}, {0, 0}, {2, 0}}}));
  EXPECT_THAT(plane.faults, IsEmpty());
  EXPECT_EQ(plane.boundary, BoundaryOf({{{20'000, 0}, {20'000, 20'000}, {0, 20'000}, {0, 0}}}));
  EXPECT_THAT(plane.kept_vertex, ElementsAre(0, 1, 2, 3, 0));
}

TEST(NormaliseTest, DropsRepeatedVertices) {
  const PlaneBoundary plane =
      Normalise(RawOfRings({{{0, 0}, {0, 0}, {1, 0}, {1, 1}, {1, 1}, {1, 1}, {0, 0}, {0, 0}}}));
  EXPECT_THAT(plane.faults, IsEmpty());
  EXPECT_EQ(plane.boundary, BoundaryOf({{{0, 0}, {10'000, 0}, {10'000, 10'000}}}));
  EXPECT_THAT(plane.kept_vertex, ElementsAre(0, 0, 1, 2, 2, 2, 0, 0));
  EXPECT_EQ(plane.merged_by_rounding, 0U);
}

TEST(NormaliseTest, CountsWhatRoundingMerges) {
  const PlaneBoundary plane =
      Normalise(RawOfRings({{{0, 0}, {0.00004, 0}, {1, 0}, {1, 1}, {0.00003, 0}, {0, 0}}}));
  EXPECT_EQ(plane.boundary.vertices.size(), 3U);
  EXPECT_EQ(plane.merged_by_rounding, 2U);
  EXPECT_THAT(plane.faults, IsEmpty());
}

TEST(NormaliseTest, TellsAnOpenRing) {
  const PlaneBoundary plane = Normalise(RawOfRings({{{0, 0}, {1, 0}, {1, 1}}}));
  EXPECT_THAT(Kinds(plane), ElementsAre(RingFaultKind::kOpen));
  EXPECT_EQ(plane.faults[0].place, (Vertex{10'000, 10'000}));
  EXPECT_EQ(plane.boundary.vertices.size(), 3U);
}

TEST(NormaliseTest, ARingThatRoundingClosesIsClosed) {
  EXPECT_THAT(Normalise(RawOfRings({{{0, 0}, {1, 0}, {1, 1}, {0.00001, 0}}})).faults, IsEmpty());
}

TEST(NormaliseTest, TellsARingThatIsNone) {
  EXPECT_THAT(Kinds(Normalise(RawOfRings({{}}))), ElementsAre(RingFaultKind::kTooFewVertices));
  EXPECT_THAT(Kinds(Normalise(RawOfRings({{{1, 1}}}))),
              ElementsAre(RingFaultKind::kTooFewVertices));
  EXPECT_THAT(Kinds(Normalise(RawOfRings({{{0, 0}, {1, 0}, {0, 0}, {1, 0}, {0, 0}}}))),
              ElementsAre(RingFaultKind::kTooFewVertices));
}

TEST(NormaliseTest, TellsARingThatOnlyRoundingCollapsed) {
  const PlaneBoundary plane = Normalise(RawOfRings(
      {{{0, 0}, {1, 0}, {0.5, 1}, {0, 0}}, {{0, 0}, {0.00001, 0}, {0.00001, 0.00001}, {0, 0}}}));
  ASSERT_THAT(Kinds(plane), ElementsAre(RingFaultKind::kCollapsedByRounding));
  EXPECT_EQ(plane.faults[0].ring, 1U);
  EXPECT_EQ(plane.boundary.ring_count(), 2U);
}

TEST(NormaliseTest, TellsWhatIsNoCoordinate) {
  const PlaneBoundary plane = Normalise(
      RawOfRings({{{0, 0}, {kNan, 0}, {6e7, 1}, {kInfinity, 1}, {1, 1}, {0, 1}, {0, 0}}}));
  EXPECT_THAT(Kinds(plane), ElementsAre(RingFaultKind::kNotFinite, RingFaultKind::kOutsidePlane));
  EXPECT_THAT(plane.kept_vertex, ElementsAre(0, kNotKept, kNotKept, kNotKept, 1, 2, 0));
}

TEST(NormaliseTest, FindingsNameTheRuleAndThePlot) {
  const PlaneBoundary plane = Normalise(RawOfRings({{{0, 0}, {1, 0}}, {{kNan, 0}}}));
  const std::vector<Finding> findings = FindingsOf(plane, 77);
  ASSERT_EQ(findings.size(), 3U);
  EXPECT_EQ(findings[0].rule, Rule::kRingOpenOrDegenerate);
  EXPECT_EQ(findings[0].detail, "open");
  EXPECT_EQ(findings[0].severity, Severity::kError);
  EXPECT_EQ(findings[0].subject, 77U);
  EXPECT_EQ(findings[1].detail, "too_few_vertices");
  EXPECT_EQ(findings[2].rule, Rule::kCoordinateOutsidePlane);
  EXPECT_EQ(findings[2].detail, "not_finite");
}

// Normalising what was normalised changes nothing.
RC_GTEST_PROP(NormaliseTest, IsIdempotent, ()) {
  const auto numbers =
      *rc::gen::container<std::vector<std::int64_t>>(rc::gen::inRange<std::int64_t>(-3, 4));
  std::vector<RawVertex> ring;
  for (std::size_t i = 0; i + 1 < numbers.size(); i += 2) {
    ring.push_back(
        {static_cast<double>(numbers[i]) * 0.00004, static_cast<double>(numbers[i + 1]) * 0.00004});
  }
  if (!ring.empty()) ring.push_back(ring.front());
  const Boundary once = Normalise(RawOfRings({ring})).boundary;
  std::vector<RawVertex> again;
  for (const Vertex& v : once.vertices) {
    again.push_back({MetresFromSteps(v.x), MetresFromSteps(v.y)});
  }
  if (!again.empty()) again.push_back(again.front());
  RC_ASSERT(Normalise(RawOfRings({again})).boundary == once);
  for (std::size_t i = 1; i < once.vertices.size(); ++i) {
    RC_ASSERT(!(once.vertices[i] == once.vertices[i - 1]));
  }
}

}  // namespace
}  // namespace landbook::geo
