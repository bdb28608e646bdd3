#include "geo/boundary_check.h"

#include <cmath>

#include "geo/boundary_coverage_testing.h"
#include "geo/boundary_testing.h"
#include "geo/geos_bridge.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace landbook::geo {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

Subject SubjectOf(const Boundary& boundary) {
  Subject subject;
  subject.id = 7;
  subject.boundary = &boundary;
  return subject;
}

std::vector<Finding> FindingsAlone(const Boundary& boundary) {
  return CheckAlone(SubjectOf(boundary), Tolerances(), nullptr);
}

std::vector<Rule> RulesOf(const std::vector<Finding>& findings) {
  std::vector<Rule> rules;
  for (const Finding& finding : findings) rules.push_back(finding.rule);
  return rules;
}

std::vector<Vertex> AnyRing(std::int64_t extent, TestNumbers* numbers) {
  std::vector<Vertex> ring;
  const std::int64_t count = numbers->Between(3, 6);
  while (static_cast<std::int64_t>(ring.size()) < count) {
    const Vertex v{numbers->Between(0, extent), numbers->Between(0, extent)};
    if (ring.empty() || (v != ring.back() && v != ring.front())) ring.push_back(v);
  }
  return ring;
}

// Small enough that vertices meet, lie on edges and line up all the time.
Boundary AnyBoundary(TestNumbers* numbers) {
  Boundary boundary;
  for (std::int64_t part = numbers->Between(1, 2); part > 0; --part) {
    std::vector<std::vector<Vertex>> rings = {
        numbers->Between(0, 1) == 0 ? AnyRing(6, numbers) : Rectangle({0, 0, 6, 6})};
    for (std::int64_t hole = numbers->Between(-2, 2); hole > 0; --hole) {
      rings.push_back(AnyRing(6, numbers));
    }
    boundary = WithPart(std::move(boundary), rings);
  }
  return boundary;
}

TEST(BoundaryCheckTest, SoundIsWhatGeosCallsValid) {
  TestNumbers numbers(11);
  int sound_count = 0;
  for (int i = 0; i < 40'000; ++i) {
    const Boundary boundary = AnyBoundary(&numbers);
    const bool sound = Sound(FindingsAlone(boundary));
    const auto shape = Shape::Of(boundary, {0, 0});
    ASSERT_TRUE(shape.ok());
    ASSERT_EQ(sound, *shape->Valid()) << i << ": " << testing::PrintToString([&boundary] {
      std::string text;
      for (std::size_t ring = 0; ring < boundary.ring_count(); ++ring) {
        text += boundary.IsShell(ring) ? " shell" : " hole";
        for (const Vertex v : boundary.Ring(ring)) {
          text += " " + std::to_string(v.x) + "," + std::to_string(v.y);
        }
      }
      return text;
    }());
    sound_count += sound ? 1 : 0;
  }
  EXPECT_GT(sound_count, 1'000);  // the boundaries made up are of both kinds
  EXPECT_LT(sound_count, 39'000);
}

// A ring of `count` vertices on a circle of some 2 km, every second one further out.
std::vector<Vertex> Cogwheel(int count) {
  std::vector<Vertex> ring;
  for (int i = 0; i < count; ++i) {
    const double angle = -2 * M_PI * i / count;
    const double radius = i % 2 == 0 ? 20e6 : 20.01e6;
    ring.push_back(
        {std::llround(radius * std::cos(angle)), std::llround(radius * std::sin(angle))});
  }
  return ring;
}

TEST(BoundaryCheckTest, TwentyThousandVertices) {
  EXPECT_THAT(RulesOf(FindingsAlone(BoundaryOf({Cogwheel(20'000)}))),
              ElementsAre(Rule::kNotCanonical));
}

TEST(BoundaryCheckTest, TwentyThousandVerticesWithOneCrossing) {
  std::vector<Vertex> ring = Cogwheel(20'000);
  std::swap(ring[9'998], ring[10'004]);
  const std::vector<Finding> findings = FindingsAlone(BoundaryOf({ring}));
  EXPECT_FALSE(Sound(findings));
  EXPECT_EQ(findings[0].rule, Rule::kRingCrossesItself);
  EXPECT_EQ(findings[0].place.x / 1'000'000, -20);
}

TEST(BoundaryCheckTest, CrossingsAreToldUpToALimit) {
  TestNumbers numbers(3);
  std::vector<Vertex> ring;
  for (int i = 0; i < 5'000; ++i) {
    ring.push_back({numbers.Between(0, 100'000'000), numbers.Between(0, 100'000'000)});
  }
  const std::vector<Finding> findings = FindingsAlone(BoundaryOf({ring}));
  EXPECT_EQ(std::count_if(findings.begin(), findings.end(),
                          [](const Finding& f) { return f.rule == Rule::kRingCrossesItself; }),
            static_cast<std::ptrdiff_t>(kRingFindingsMax));
}

TEST(BoundaryCheckTest, FindingsComeInTheFixedOrder) {
  const Boundary boundary =
      WithPart(BoundaryOf({{{0, 0}, {100'000, 100'000}, {100'000, 0}, {0, 100'000}, {100, 200}}}),
               {{{900'000, 0}, {900'000, 100}, {900'100, 0}}});
  const std::vector<Finding> findings = FindingsAlone(boundary);
  EXPECT_TRUE(std::is_sorted(findings.begin(), findings.end(), FindingBefore));
  EXPECT_GE(findings.size(), 4U);
}

TEST(BoundaryCheckTest, RepeatedVerticesChangeNothing) {
  const std::vector<Vertex> once = {{0, 300'000}, {300'000, 300'000}, {300'000, 0}, {0, 0}};
  std::vector<Vertex> often;
  for (const Vertex v : once) often.insert(often.end(), 3, v);
  often.push_back(once[0]);
  EXPECT_THAT(FindingsAlone(BoundaryOf({once})), IsEmpty());
  EXPECT_THAT(FindingsAlone(BoundaryOf({often})), IsEmpty());
}

TEST(BoundaryCheckTest, ABoundaryWithoutRingsIsDegenerate) {
  EXPECT_THAT(RulesOf(FindingsAlone(Boundary())), ElementsAre(Rule::kRingOpenOrDegenerate));
}

TEST(BoundaryCheckTest, ADegenerateHoleIsToldOnceAndTheShellIsStillLookedAt) {
  const Boundary boundary =
      BoundaryOf({{{0, 0}, {100'000, 100'000}, {100'000, 0}, {0, 100'000}}, {{10, 10}, {20, 20}}});
  EXPECT_THAT(RulesOf(FindingsAlone(boundary)),
              ElementsAre(Rule::kRingOpenOrDegenerate, Rule::kRingCrossesItself));
}

TEST(BoundaryCheckTest, BeyondEveryPlaneNothingElseIsLookedAt) {
  const std::int64_t far = kCoordinateMax + 1;
  const Boundary boundary = BoundaryOf({Rectangle({0, 0, far, 100'000})});
  const std::vector<Finding> findings = FindingsAlone(boundary);
  ASSERT_THAT(RulesOf(findings), ElementsAre(Rule::kCoordinateOutsidePlane));
  EXPECT_EQ(findings[0].detail, "outside_plane");
  EXPECT_EQ(findings[0].measured, 2'000'000);
}

TEST(BoundaryCheckTest, WhatNormalisationFoundIsToldWithTheRestAndNotTwice) {
  Finding open;
  open.rule = Rule::kRingOpenOrDegenerate;
  open.severity = Severity::kError;
  open.subject = 7;
  open.detail = "open";
  const Boundary boundary = BoundaryOf({{{0, 0}, {10, 10}}});
  Subject subject = SubjectOf(boundary);
  subject.delivered = {&open, 1};
  EXPECT_THAT(CheckAlone(subject, Tolerances(), nullptr), ElementsAre(open));
}

TEST(BoundaryCheckTest, SeveralPartsTakeTheSeverityOfTolerancesOrOfThePlot) {
  const Boundary boundary = WithPart(BoundaryOf({{{0, 300'000}, {300'000, 300'000}, {300'000, 0}}}),
                                     {{{500'000, 300'000}, {800'000, 300'000}, {800'000, 0}}});
  Subject subject = SubjectOf(boundary);
  Tolerances tolerances;
  EXPECT_EQ(CheckAlone(subject, tolerances, nullptr)[0].severity, Severity::kWarning);
  tolerances.several_parts = Severity::kNote;
  EXPECT_EQ(CheckAlone(subject, tolerances, nullptr)[0].severity, Severity::kNote);
  subject.several_parts = Severity::kError;
  EXPECT_EQ(CheckAlone(subject, tolerances, nullptr)[0].severity, Severity::kError);
}

TEST(BoundaryCheckTest, SoundAndErrorAreDifferentQuestions) {
  Finding small;
  small.rule = Rule::kTooSmall;
  small.severity = Severity::kError;
  Finding spike;
  spike.rule = Rule::kSpike;
  spike.severity = Severity::kWarning;
  const std::vector<Finding> both = {small, spike};
  EXPECT_TRUE(Sound(both));
  EXPECT_TRUE(HasError(both));
  EXPECT_FALSE(HasError(std::span(both).subspan(1)));
}

}  // namespace
}  // namespace landbook::geo
