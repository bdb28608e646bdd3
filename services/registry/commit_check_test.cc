#include "services/registry/commit_check.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "services/registry/book_testing.h"
#include "services/registry/plot_testing.h"
#include "services/registry/window_index.h"

namespace landbook::registry {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

class CommitCheck : public ::testing::Test {
 protected:
  // The verdict on a commit over the book as it stands.
  CommitVerdict Check(const v1::Commit& commit) {
    const EngineView view(&book_.engine());
    const auto policy = book_.book().writer().policy();
    const CommitCheckInputs inputs = Inputs(commit, *policy);
    return CheckCommit(inputs, VersionReader(&view, 1, inputs.sequence));
  }
  // The verdict, looked at again over the book as it stands now.
  void Refresh(const v1::Commit& commit, CommitVerdict* verdict) {
    const EngineView view(&book_.engine());
    const auto policy = book_.book().writer().policy();
    RefreshVerdict(Inputs(commit, *policy), VersionReader(&view, 1), verdict);
  }
  CommitCheckInputs Inputs(const v1::Commit& commit, const common::Policy& policy) {
    return {.commit = &commit,
            .policy = &policy,
            .epsg = book_.book().epsg(),
            .plane_extent = book_.book().plane_extent(),
            .sequence = book_.book().writer().position().sequence,
            .day = "2026-03-02"};
  }

  static v1::Commit Establish(const std::vector<geo::Boundary>& boundaries) {
    v1::Commit commit;
    for (const geo::Boundary& boundary : boundaries) {
      *commit.add_acts()->mutable_establish_plot()->mutable_plot() = NewContractedPlot(boundary);
    }
    return commit;
  }
  // Enters plots; their numbers are given from 1 on.
  void Enter(const std::vector<geo::Boundary>& boundaries) {
    const auto made = book_.Commit(Establish(boundaries));
    ASSERT_TRUE(made.ok()) << made.refusals().front().message_en();
  }
  static v1::Commit Split(std::uint64_t plot, const std::vector<geo::Boundary>& parts) {
    v1::Commit commit;
    auto& split = *commit.add_acts()->mutable_split_plot();
    split.mutable_plot()->set_number(plot);
    for (const geo::Boundary& part : parts) *split.add_parts() = NewContractedPlot(part);
    return commit;
  }

  static std::vector<std::string> RulesOf(const CommitVerdict& verdict) {
    std::vector<std::string> rules;
    for (const BoundaryFinding& found : verdict.findings) rules.push_back(found.finding.rule());
    return rules;
  }

  TestBook book_;
};

TEST_F(CommitCheck, KnowsWhichCommitsToCheck) {
  v1::Commit commit;
  EXPECT_FALSE(NeedsCheck(commit));
  auto& amend = *commit.add_acts()->mutable_amend_plot();
  EXPECT_FALSE(NeedsCheck(commit));
  amend.mutable_boundary()->set_compact("x");
  EXPECT_TRUE(NeedsCheck(commit));
  EXPECT_TRUE(NeedsCheck(Establish({BoundaryOfBlock({})})));
}

TEST_F(CommitCheck, AcceptsAPlotOnFreeGround) {
  const CommitVerdict verdict = Check(Establish({BoundaryOfBlock({0, 0, 10, 12.5})}));
  EXPECT_THAT(verdict.refusals, IsEmpty());
  EXPECT_THAT(verdict.findings, IsEmpty());
  ASSERT_EQ(verdict.boundaries.size(), 1u);
  EXPECT_EQ(verdict.boundaries[0].tier, kTestSurfaceTier);
  EXPECT_EQ(verdict.boundaries[0].computed_area_hundredths_m2, 12'500);
  EXPECT_EQ(verdict.sequence, 1u);
  ASSERT_FALSE(verdict.windows.empty());
  EXPECT_NE(verdict.Find(0, 0), nullptr);
  EXPECT_EQ(verdict.Find(0, 1), nullptr);
}

TEST_F(CommitCheck, FindsTwoOverlappingPlotsOfOneCommit) {
  const CommitVerdict verdict =
      Check(Establish({BoundaryOfBlock({0, 0}), BoundaryOfBlock({5, 0})}));
  EXPECT_THAT(RulesOf(verdict), Contains("B201"));
  EXPECT_EQ(verdict.findings.front().act, 0u);
}

TEST_F(CommitCheck, FindsAnOverlapWithAPlotOfTheBook) {
  Enter({BoundaryOfBlock({0, 0})});
  const CommitVerdict verdict = Check(Establish({BoundaryOfBlock({5, 0})}));
  ASSERT_THAT(RulesOf(verdict), Contains("B201"));
  const v1::Finding& finding = verdict.findings.front().finding;
  EXPECT_EQ(finding.other_plot(), std::string(kTestDivision) + "00001");
  EXPECT_EQ(finding.row(), -1);
}

TEST_F(CommitCheck, LetsPlotsTouchAlongAnEdge) {
  Enter({BoundaryOfBlock({0, 0})});
  EXPECT_THAT(RulesOf(Check(Establish({BoundaryOfBlock({10, 0})}))), IsEmpty());
}

TEST_F(CommitCheck, ComparesAnAmendedPlotWithoutItsOldSelf) {
  Enter({BoundaryOfBlock({0, 0})});
  v1::Commit commit;
  auto& amend = *commit.add_acts()->mutable_amend_plot();
  amend.mutable_plot()->set_number(1);
  amend.mutable_boundary()->set_compact(geo::EncodeCompact(BoundaryOfBlock({0, 0, 11, 10})));
  const CommitVerdict verdict = Check(commit);
  EXPECT_THAT(verdict.findings, IsEmpty());
  EXPECT_THAT(verdict.replaced, ElementsAre(1));
}

TEST_F(CommitCheck, LetsANewPlotStandWhereOneIsRetired) {
  Enter({BoundaryOfBlock({0, 0})});
  v1::Commit commit = Establish({BoundaryOfBlock({0, 0})});
  commit.add_acts()->mutable_retire_plot()->mutable_plot()->set_number(1);
  EXPECT_THAT(Check(commit).findings, IsEmpty());
}

TEST_F(CommitCheck, RefusesTheSamePlotChangedTwice) {
  Enter({BoundaryOfBlock({0, 0})});
  v1::Commit commit = Split(1, {BoundaryOfBlock({0, 0, 5, 10}), BoundaryOfBlock({5, 0, 5, 10})});
  commit.add_acts()->mutable_retire_plot()->mutable_plot()->set_number(1);
  commit.add_acts()->mutable_retire_plot()->mutable_plot()->mutable_created_by()->set_act(0);
  EXPECT_THAT(ReasonsOf(Check(commit).refusals),
              ElementsAre("PLOT_CHANGED_TWICE", "PLOT_CHANGED_TWICE"));
}

TEST_F(CommitCheck, NamesTheFieldOfABoundaryThatCannotBeRead) {
  v1::Commit commit = Establish({BoundaryOfBlock({0, 0})});
  commit.mutable_acts(0)->mutable_establish_plot()->mutable_plot()->mutable_boundary()->set_wkb(
      "?");
  commit.add_acts()->mutable_carry_over()->mutable_plot()->mutable_plot()->set_kind("contracted");
  const CommitVerdict verdict = Check(commit);
  ASSERT_THAT(ReasonsOf(verdict.refusals),
              ElementsAre("BOUNDARY_UNDECODABLE", "BOUNDARY_REQUIRED"));
  EXPECT_EQ(verdict.refusals[0].field(), "commit.acts[0].establish_plot.plot.boundary");
  EXPECT_EQ(verdict.refusals[1].field(), "commit.acts[1].carry_over.plot.plot.boundary");
}

TEST_F(CommitCheck, TakesASplitWhosePartsAreTheWhole) {
  Enter({BoundaryOfBlock({0, 0})});
  const CommitVerdict verdict =
      Check(Split(1, {BoundaryOfBlock({0, 0, 4, 10}), BoundaryOfBlock({4, 0, 6, 10})}));
  EXPECT_THAT(verdict.refusals, IsEmpty());
  EXPECT_THAT(verdict.findings, IsEmpty());
  EXPECT_EQ(verdict.boundaries.size(), 2u);
}

TEST_F(CommitCheck, RefusesASplitThatLosesGround) {
  Enter({BoundaryOfBlock({0, 0})});
  const CommitVerdict verdict =
      Check(Split(1, {BoundaryOfBlock({0, 0, 4, 10}), BoundaryOfBlock({4, 0, 5, 10})}));
  EXPECT_THAT(ReasonsOf(verdict.refusals), Contains("PARTS_DIFFER_FROM_WHOLE"));
}

TEST_F(CommitCheck, NodesTheNeighbourOfASplit) {
  Enter({BoundaryOfBlock({0, 0}), BoundaryOfBlock({0, 10})});
  const CommitVerdict verdict =
      Check(Split(1, {BoundaryOfBlock({0, 0, 4, 10}), BoundaryOfBlock({4, 0, 6, 10})}));
  EXPECT_THAT(verdict.refusals, IsEmpty());
  EXPECT_THAT(verdict.findings, IsEmpty());
  ASSERT_EQ(verdict.noded.size(), 1u);
  EXPECT_EQ(verdict.noded[0].plot, 2u);
  const auto noded = geo::DecodeCompact(verdict.noded[0].compact);
  ASSERT_TRUE(noded.ok());
  EXPECT_EQ(noded->vertices.size(), 5u);
  EXPECT_THAT(noded->vertices, Contains(TestPoint(4, 10)));
}

TEST_F(CommitCheck, MakesTheBoundaryOfAMerge) {
  Enter({BoundaryOfBlock({0, 0}), BoundaryOfBlock({10, 0}), BoundaryOfBlock({40, 0})});
  v1::Commit commit;
  auto& merge = *commit.add_acts()->mutable_merge_plots();
  merge.add_plots()->mutable_plot()->set_number(1);
  merge.add_plots()->mutable_plot()->set_number(2);
  const CommitVerdict verdict = Check(commit);
  EXPECT_THAT(verdict.refusals, IsEmpty());
  ASSERT_NE(verdict.Find(0, 0), nullptr);
  EXPECT_EQ(verdict.Find(0, 0)->computed_area_hundredths_m2, 20'000);
  EXPECT_THAT(verdict.replaced, ElementsAre(1, 2));

  merge.mutable_plots(1)->mutable_plot()->set_number(3);
  EXPECT_THAT(ReasonsOf(Check(commit).refusals), ElementsAre("MERGE_NOT_ADJACENT"));
}

// --- Looking again -----------------------------------------------------------------------------

TEST_F(CommitCheck, FindsOnLookingAgainWhatCameSince) {
  const v1::Commit commit = Establish({BoundaryOfBlock({5, 0})});
  CommitVerdict verdict = Check(commit);
  Enter({BoundaryOfBlock({0, 0}), BoundaryOfBlock({100, 100})});
  Refresh(commit, &verdict);
  EXPECT_THAT(RulesOf(verdict), Contains("B201"));
  EXPECT_EQ(verdict.sequence, 2u);
}

TEST_F(CommitCheck, FindsOnLookingAgainTheGapsToWhatCameSince) {
  const v1::Commit commit = Establish({BoundaryOfBlock({0, 0})});
  CommitVerdict verdict = Check(commit);
  geo::Boundary beside = BoundaryOfBlock({10, 0});
  for (geo::Vertex& v : beside.vertices) v.x += 1'500;  // 15 cm
  Enter({beside});
  Refresh(commit, &verdict);
  EXPECT_THAT(RulesOf(verdict), ElementsAre("B205"));

  // What the commit itself brings may lie in the gap.
  geo::Boundary between = BoundaryOfBlock({10, 0});
  const geo::Box box = between.Bounds();
  between.vertices = {{box.min_x, box.min_y},
                      {box.min_x + 1'500, box.min_y},
                      {box.min_x + 1'500, box.max_y},
                      {box.min_x, box.max_y}};
  const v1::Commit both = Establish({BoundaryOfBlock({0, 0}), between});
  CommitVerdict filled = Check(both);
  filled.sequence = 1;  // as if it had been checked before
  filled.findings.clear();
  Refresh(both, &filled);
  EXPECT_THAT(RulesOf(filled), IsEmpty());
}

TEST_F(CommitCheck, FindsNothingNewOnUnchangedGround) {
  Enter({BoundaryOfBlock({10, 0})});
  const v1::Commit commit = Establish({BoundaryOfBlock({0, 0})});
  CommitVerdict verdict = Check(commit);
  Enter({BoundaryOfBlock({100, 0})});
  Refresh(commit, &verdict);
  EXPECT_THAT(verdict.findings, IsEmpty());
  EXPECT_THAT(verdict.refusals, IsEmpty());
}

TEST_F(CommitCheck, RefusesOnLookingAgainWhenWhatItRestsOnMoved) {
  Enter({BoundaryOfBlock({0, 0}), BoundaryOfBlock({0, 10})});
  const v1::Commit commit =
      Split(1, {BoundaryOfBlock({0, 0, 4, 10}), BoundaryOfBlock({4, 0, 6, 10})});
  CommitVerdict verdict = Check(commit);
  v1::Commit moving;
  for (const std::uint64_t plot : {1, 2}) {
    auto& retire = *moving.add_acts()->mutable_retire_plot();
    retire.mutable_plot()->set_number(plot);
    retire.set_etag("2");
    retire.set_ground("test");
  }
  ASSERT_TRUE(book_.Commit(moving).ok());
  Refresh(commit, &verdict);
  EXPECT_THAT(ReasonsOf(verdict.refusals), ElementsAre("RECORD_MOVED", "NEIGHBOUR_WOULD_CHANGE"));
}

}  // namespace
}  // namespace landbook::registry
