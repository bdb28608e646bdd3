#include "tools/landbook/package_survey.h"

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "tools/exchange/boundary_survey.h"

namespace landbook::tools {
namespace {

using exchange::SurveyedLine;
using exchange::SurveyedPoint;

constexpr std::int64_t kSide = 100'000;

// A square whose western side is at `x`, with points at its corners and a line on each side; the
// sides are numbered by `lines`, from the western one clockwise.
geo::Boundary Square(std::int64_t x, const std::vector<std::string>& lines, std::uint8_t position) {
  geo::Boundary boundary;
  boundary.vertices = {{x, 0}, {x, kSide}, {x + kSide, kSide}, {x + kSide, 0}};
  boundary.EndRing();
  boundary.EndPart();
  for (std::uint32_t i = 0; i < 4; ++i) {
    const geo::Vertex at = boundary.vertices[i];
    boundary.points.push_back(
        {i, "J" + std::to_string(at.x / kSide) + std::to_string(at.y / kSide), 6, 1});
    boundary.lines.push_back({i, 600001, 3, 2, lines[i], "路边"});
  }
  boundary.lines[0].position = position;
  boundary.lines[2].position = exchange::OtherSide(position);
  return boundary;
}

class PackageSurveyTest : public testing::Test {
 protected:
  void SetUp() override {
    auto scratch = exchange::Scratch::Open();
    ASSERT_TRUE(scratch.ok());
    scratch_ = *std::move(scratch);
    auto rows = SurveyRows::Make(*scratch_);
    ASSERT_TRUE(rows.ok());
    rows_ = std::make_unique<SurveyRows>(*std::move(rows));
  }
  std::vector<PointRow> Points() {
    std::vector<PointRow> points;
    EXPECT_TRUE(rows_
                    ->ForEachPoint([&](const PointRow& row) {
                      points.push_back(row);
                      return absl::OkStatus();
                    })
                    .ok());
    return points;
  }
  std::vector<LineRow> Lines() {
    std::vector<LineRow> lines;
    EXPECT_TRUE(rows_
                    ->ForEachLine([&](const LineRow& row) {
                      lines.push_back(row);
                      return absl::OkStatus();
                    })
                    .ok());
    return lines;
  }

  std::unique_ptr<exchange::Scratch> scratch_;
  std::unique_ptr<SurveyRows> rows_;
};

TEST_F(PackageSurveyTest, WhatTwoPlotsShareIsOneRow) {
  // The line "3" is the eastern side of A, whose outer side it is, and the western of B.
  ASSERT_TRUE(rows_->Add("A", Square(0, {"1", "2", "3", "4"}, 1)).ok());
  ASSERT_TRUE(rows_->Add("B", Square(kSide, {"3", "5", "6", "7"}, 1)).ok());
  const auto points = Points();
  ASSERT_EQ(points.size(), 6u);
  int shared = 0;
  for (const PointRow& point : points) {
    if (point.place.x != kSide) continue;
    EXPECT_EQ(point.plots, (std::vector<std::string>{"A", "B"}));
    ++shared;
  }
  EXPECT_EQ(shared, 2);
  const auto lines = Lines();
  ASSERT_EQ(lines.size(), 7u);
  for (const LineRow& line : lines) {
    EXPECT_LE(line.places.front(), line.places.back());
    if (line.line.number != "3") continue;
    EXPECT_EQ(line.plots, (std::vector<std::string>{"A", "B"}));
    EXPECT_EQ(line.line.position, 3) << "as seen from A";
    EXPECT_EQ(line.from, "J10");
    EXPECT_EQ(line.to, "J11");
  }
}

TEST_F(PackageSurveyTest, ALineOfSeveralEdgesIsOneRowAndComesBack) {
  geo::Boundary boundary = Square(0, {"1", "2", "2", "4"}, 2);
  boundary.points.erase(boundary.points.begin() + 2);  // no point in the middle of line 2
  ASSERT_TRUE(rows_->Add("A", boundary).ok());
  std::vector<SurveyedPoint> points;
  for (const PointRow& row : Points()) points.push_back({1, row.place, row.point});
  std::vector<SurveyedLine> lines;
  for (const LineRow& row : Lines()) {
    lines.push_back({2, row.from, row.to, row.line});
    if (row.line.number == "2") {
      EXPECT_EQ(row.places.size(), 3u);
    }
  }
  EXPECT_EQ(lines.size(), 3u);
  // Line 2 is as long as the way round the other side, on which a point lies.
  geo::Boundary bare = boundary;
  bare.points.clear();
  bare.lines.clear();
  const auto put = exchange::PutSurvey(points, lines, &bare);
  EXPECT_EQ(put.points.size(), 3u);
  EXPECT_EQ(put.lines.size(), 3u);
  EXPECT_EQ(bare, boundary);
}

}  // namespace
}  // namespace landbook::tools
