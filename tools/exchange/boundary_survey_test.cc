#include "tools/exchange/boundary_survey.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace landbook::exchange {
namespace {

// Five vertices: a square of 10 m with one more on its northern side.
geo::Boundary House() {
  geo::Boundary boundary;
  boundary.vertices = {{0, 0}, {0, 100'000}, {50'000, 100'000}, {100'000, 100'000}, {100'000, 0}};
  boundary.EndRing();
  boundary.EndPart();
  return boundary;
}

SurveyedPoint Point(std::int64_t row, geo::Vertex place, std::string number) {
  SurveyedPoint point;
  point.row = row;
  point.place = place;
  point.point.number = std::move(number);
  return point;
}

SurveyedLine Line(std::int64_t row, std::string from, std::string to) {
  SurveyedLine line;
  line.row = row;
  line.from = std::move(from);
  line.to = std::move(to);
  line.line.number = std::to_string(row);
  return line;
}

std::vector<SurveyedPoint> Corners() {
  return {Point(1, {4, -4}, "J1"), Point(2, {0, 100'000}, "J2"), Point(3, {100'000, 100'020}, "J3"),
          Point(4, {100'000, 0}, "J4")};
}

TEST(BoundarySurveyTest, PointsLieOnTheNearestVertex) {
  geo::Boundary boundary = House();
  auto points = Corners();
  points.push_back(Point(5, {50'000, 100'021}, "J5"));  // 2.1 mm away
  points.push_back(Point(6, {0, 0}, "J6"));             // the vertex has a point
  const PutRows put = PutSurvey(points, {}, &boundary);
  EXPECT_EQ(put.points, (std::vector<std::int64_t>{1, 2, 3, 4}));
  ASSERT_EQ(boundary.points.size(), 4u);
  EXPECT_EQ(boundary.points[0].number, "J1");
  EXPECT_EQ(boundary.points[2].vertex, 3u);
}

TEST(BoundarySurveyTest, ALineLiesOnEveryEdgeBetweenItsPoints) {
  geo::Boundary boundary = House();
  const PutRows put = PutSurvey(Corners(),
                                {Line(1, "J3", "J2"), Line(2, "J4", "J1"), Line(3, "J2", "J3"),
                                 Line(4, "J1", "J9"), Line(5, "J1", "J1")},
                                &boundary);
  EXPECT_EQ(put.lines, (std::vector<std::int64_t>{1, 2})) << "3 is taken, 4 and 5 bound nothing";
  ASSERT_EQ(boundary.lines.size(), 3u);
  EXPECT_EQ(boundary.lines[0].vertex, 1u);
  EXPECT_EQ(boundary.lines[1].vertex, 2u);
  EXPECT_EQ(boundary.lines[0].number, "1");
  EXPECT_EQ(boundary.lines[2].vertex, 4u);
}

TEST(BoundarySurveyTest, BothWaysRoundEquallyLongIsNoLine) {
  geo::Boundary square;
  square.vertices = {{0, 0}, {0, 9'000}, {9'000, 9'000}, {9'000, 0}};
  square.EndRing();
  square.EndPart();
  const std::vector<SurveyedPoint> points = {Point(1, {0, 0}, "J1"),
                                             Point(2, {9'000, 9'000}, "J2")};
  EXPECT_TRUE(PutSurvey(points, {Line(1, "J1", "J2")}, &square).lines.empty());
}

TEST(BoundarySurveyTest, APositionTurnsRoundOnTheOtherSide) {
  EXPECT_EQ(OtherSide(1), 3);
  EXPECT_EQ(OtherSide(2), 2);
  EXPECT_EQ(OtherSide(3), 1);
  EXPECT_EQ(OtherSide(0), 0);
}

}  // namespace
}  // namespace landbook::exchange
