#include "services/boundary/layer_intake.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <string>
#include <vector>

#include "geo/compact.h"

namespace landbook::boundary {
namespace {

using ::testing::ElementsAre;

const LayerLimits kLimits = {std::string(LANDBOOK_SOURCE_DIR) + "/deploy/policy", 2, 1'000};

v1::CheckLayerRequest First() {
  v1::CheckLayerRequest request;
  request.set_pack("national");
  request.set_kind("homestead");
  request.set_epsg(4548);
  request.set_county("370303");
  return request;
}

// A square of ten metres, its corner `metres` east of a point in the plane's middle.
std::string Square(std::int64_t metres) {
  const std::int64_t x = (500'000 + metres) * geo::kStepsPerMetre;
  const std::int64_t y = std::int64_t{4'070'000} * geo::kStepsPerMetre;
  const std::int64_t side = 10 * geo::kStepsPerMetre;
  geo::Boundary square;
  square.vertices = {{x, y}, {x + side, y}, {x + side, y + side}, {x, y + side}};
  square.EndRing();
  square.EndPart();
  return geo::EncodeCompact(square);
}

v1::ImportRow Row(std::int64_t number, std::int64_t metres) {
  v1::ImportRow row;
  row.set_row(number);
  row.set_code("370303101201JC0000" + std::to_string(number));
  row.set_boundary(Square(metres));
  return row;
}

struct Answer {
  std::vector<std::string> findings;  // "B201 code other_code"
  std::vector<std::string> errors;    // those of them that keep a plot out
  v1::Import result;
};

Answer Checked(const std::vector<v1::ImportRow>& rows) {
  LayerIntake intake(kLimits);
  v1::CheckLayerRequest request = First();
  for (const v1::ImportRow& row : rows) *request.add_rows() = row;
  EXPECT_TRUE(intake.Take({}, request).empty());
  auto source = intake.Finish({});
  EXPECT_TRUE(source.ok());
  Answer answer;
  for (v1::CheckLayerResponse page; *(*source)(page) == common::PageStep::kPage; page.Clear()) {
    for (const v1::Finding& finding : page.findings()) {
      answer.findings.push_back(finding.rule() + " " + finding.plot() + " " + finding.other_plot());
      if (finding.severity() == v1::SEVERITY_ERROR) answer.errors.push_back(answer.findings.back());
    }
    if (page.has_result()) answer.result = page.result();
  }
  return answer;
}

TEST(LayerIntakeTest, NeighboursThatMeetAreAccepted) {
  const Answer answer = Checked({Row(1, 0), Row(2, 10), Row(3, 20)});
  EXPECT_TRUE(answer.errors.empty());
  EXPECT_EQ(answer.result.read(), 3u);
  EXPECT_EQ(answer.result.accepted(), 3u);
  EXPECT_EQ(answer.result.rejected(), 0u);
  EXPECT_EQ(answer.result.rules_not_run_size(), 6);
}

TEST(LayerIntakeTest, PlotsThatOverlapAreBothRejected) {
  const Answer answer = Checked({Row(1, 0), Row(2, 9), Row(3, 40)});
  EXPECT_THAT(answer.errors, ElementsAre("B201 370303101201JC00001 370303101201JC00002"));
  EXPECT_EQ(answer.result.accepted(), 1u);
  EXPECT_EQ(answer.result.rejected(), 2u);
}

TEST(LayerIntakeTest, ControlLayersThatComeAreAsked) {
  LayerIntake intake(kLimits);
  v1::CheckLayerRequest request = First();
  v1::ControlRows& farmland = *request.add_control();
  farmland.set_layer("basic-farmland");
  farmland.set_source("farmland.gpkg");
  *farmland.add_rows() = Row(1, 15);
  v1::ImportRow bare = Row(2, 0);
  bare.clear_boundary();
  *farmland.add_rows() = bare;
  for (int i = 0; i < 3; ++i) *request.add_rows() = Row(i + 1, 10 * i);
  ASSERT_TRUE(intake.Take({}, request).empty());
  auto source = intake.Finish({});
  ASSERT_TRUE(source.ok());
  v1::CheckLayerResponse page;
  ASSERT_EQ(*(*source)(page), common::PageStep::kPage);
  std::vector<std::string> told;
  for (const v1::Finding& finding : page.findings()) {
    if (finding.severity() != v1::SEVERITY_ERROR) continue;
    told.push_back(finding.rule() + " " + finding.plot() + " " + finding.control_layer());
  }
  EXPECT_THAT(told, ElementsAre("B403 370303101201JC00002 basic-farmland",
                                "B302 370303101201JC00002 basic-farmland",
                                "B302 370303101201JC00003 basic-farmland"));
  EXPECT_NE(page.findings(page.findings_size() - 1).message_en().find("(farmland.gpkg)"),
            std::string::npos);
  EXPECT_EQ(page.result().read(), 3u);
  EXPECT_EQ(page.result().rejected(), 2u);
  EXPECT_THAT(page.result().rules_not_run(), ElementsAre("B301", "B303", "B304", "B305", "B306"));
}

TEST(LayerIntakeTest, AControlLayerThatThereIsNoneOfIsRefused) {
  LayerIntake intake(kLimits);
  v1::CheckLayerRequest request = First();
  request.add_control()->set_layer("red_line");
  const auto refusals = intake.Take({}, request);
  ASSERT_EQ(refusals.size(), 1u);
  EXPECT_EQ(refusals[0].reason(), "CONTROL_LAYER_UNKNOWN");
  EXPECT_EQ(refusals[0].field(), "control[0].layer");
}

TEST(LayerIntakeTest, TheOrderOfRowsChangesNothing) {
  v1::ImportRow twin = Row(4, 60);
  twin.set_code("370303101201JC00001");
  v1::ImportRow bare = Row(5, 0);
  bare.clear_boundary();
  std::vector<v1::ImportRow> rows = {Row(1, 0), Row(2, 9), Row(3, 40), twin, bare};
  const Answer first = Checked(rows);
  EXPECT_EQ(first.result.read(), first.result.accepted() + first.result.rejected());
  EXPECT_EQ(first.result.accepted(), 1u);
  std::mt19937 random(3);
  for (int round = 0; round < 5; ++round) {
    std::shuffle(rows.begin(), rows.end(), random);
    const Answer again = Checked(rows);
    EXPECT_EQ(again.findings, first.findings);
    EXPECT_EQ(again.result.SerializeAsString(), first.result.SerializeAsString());
  }
}

TEST(LayerIntakeTest, AnEmptyLayerIsWholeToo) {
  const Answer answer = Checked({});
  EXPECT_TRUE(answer.findings.empty());
  EXPECT_EQ(answer.result.read(), 0u);
}

TEST(LayerIntakeTest, TheFirstMessageHasToSayByWhat) {
  const auto refused = [](const v1::CheckLayerRequest& first) {
    LayerIntake intake(kLimits);
    v1::CheckLayerRequest request = first;
    const common::RefusalList refusals = intake.Take({}, request);
    return refusals.empty() ? "" : refusals.front().reason();
  };
  v1::CheckLayerRequest request = First();
  EXPECT_EQ(refused(request), "");
  request.set_pack("atlantis");
  EXPECT_EQ(refused(request), "PACK_UNKNOWN");
  request = First();
  request.set_kind("castle");
  EXPECT_EQ(refused(request), "PLOT_KIND_UNKNOWN");
  request = First();
  request.set_epsg(4490);
  EXPECT_EQ(refused(request), "PLANE_UNUSABLE");
  EXPECT_EQ(LayerIntake(kLimits).Finish({}).refusals().front().reason(), "FIELD_REQUIRED");
}

TEST(LayerIntakeTest, MoreRowsThanTheLimitAreRefused) {
  LayerIntake intake({kLimits.policy_directory, 1, 2});
  v1::CheckLayerRequest request = First();
  for (int i = 1; i <= 3; ++i) *request.add_rows() = Row(i, i * 10);
  EXPECT_EQ(intake.Take({}, request).front().reason(), "VALUE_OUT_OF_RANGE");
}

}  // namespace
}  // namespace landbook::boundary
