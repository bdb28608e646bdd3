// An import's commits beside those of others.
#include "services/registry/import_commit.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <future>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "geo/area.h"
#include "services/registry/book_testing.h"
#include "services/registry/import_testing.h"
#include "services/registry/imported_plots.h"

namespace landbook::registry {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

class ImportCommitTest : public ::testing::Test {
 protected:
  std::uint64_t Sequence() { return book_.book().writer().position().sequence; }

  TestBook book_;
};

// Rows that the check let through, of which the book takes two no longer when they are committed:
// `before` are committed already when a clerk comes between.
class LeavesOutTest : public ImportCommitTest,
                      public ::testing::WithParamInterface<std::set<int>> {};
INSTANTIATE_TEST_SUITE_P(Clerk, LeavesOutTest,
                         ::testing::Values(std::set<int>{}, std::set<int>{1, 3, 4}));

TEST_P(LeavesOutTest, LeavesOutWhatTheBookNoLongerTakes) {
  const auto policy = book_.book().writer().policy();
  const ImportRules rules{.engine = &book_.engine(),
                          .book = 1,
                          .sequence = Sequence(),
                          .book_is_empty = true,
                          .policy = policy.get(),
                          .kind = policy->PlotKindNamed("contracted"),
                          .tier = kTestSurfaceTier,
                          .allocate_division = "",
                          .plane_extent = book_.book().plane_extent(),
                          .day = "2026-03-02",
                          .control_layers = {}};
  ImportStaging staging(
      {.suite = &book_.book().suite(), .scratch_directory = book_.book().scratch_directory()});
  StagingBatch batch;
  for (v1::ImportRow source : Field(3)) {
    const auto row = common::CheckRow(source, {*rules.kind, kTestCounty, false}, {});
    staging.Stage(*row, &source, &batch);
  }
  ASSERT_TRUE(staging.Write(batch).ok());
  ASSERT_TRUE(staging.SortRows().ok());
  auto verdict = CheckPiece(rules, staging, *ImportStaging::RowReader(&staging).Next({}));
  ASSERT_TRUE(verdict.ok());
  ASSERT_EQ(verdict->accepted.size(), 9u);
  ImportProgress progress("import", 1);
  progress.CountRead(9);
  progress.CountChecked({.accepted = 9});

  ImportCommitter committer(&book_.book(), rules, &staging, &progress,
                            ActorOf("surveyor", v1::ROLE_SURVEYOR));
  std::vector<PassedRow> first;
  std::vector<PassedRow> rest;
  for (PassedRow& row : verdict->accepted) {
    const bool is_first = GetParam().contains(static_cast<int>(row.staged.row()));
    (is_first ? first : rest).push_back(std::move(row));
  }
  EXPECT_EQ(committer.Add(std::move(first)), "");
  EXPECT_EQ(committer.Finish(), "");

  // Meanwhile a clerk enters a plot on the ground of row 0, and one with the code of row 8.
  v1::Commit clerk;
  *clerk.add_acts()->mutable_establish_plot()->mutable_plot() =
      NewContractedPlot(BoundaryOfBlock({0, 0, 5, 5}));
  clerk.mutable_acts(0)->mutable_establish_plot()->mutable_plot()->set_code(CodeOf(900));
  *clerk.add_acts()->mutable_establish_plot()->mutable_plot() =
      NewContractedPlot(BoundaryOfBlock({500, 0, 5, 5}));
  clerk.mutable_acts(1)->mutable_establish_plot()->mutable_plot()->set_code(CodeOf(9));
  ASSERT_TRUE(book_.Commit(clerk).ok());

  EXPECT_EQ(committer.Add(std::move(rest)), "");
  EXPECT_EQ(committer.Finish(), "");
  const v1::Import import = progress.ToWire();
  EXPECT_EQ(import.committed(), 7u);
  EXPECT_EQ(import.accepted(), 7u);
  EXPECT_EQ(import.rejected(), 2u);
  std::vector<v1::Finding> findings;
  ASSERT_TRUE(staging.SortFindings().ok());
  ASSERT_TRUE(staging.ReadFindings("", 100, &findings).ok());
  std::set<std::pair<std::int64_t, std::string>> told;
  for (const v1::Finding& finding : findings) told.emplace(finding.row(), finding.rule());
  EXPECT_TRUE(told.contains({0, "B202"}));
  EXPECT_TRUE(told.contains({8, "B402"}));
}

// The writer asks nothing of a code again while one import follows itself; once another's entry has
// come between, it does.
TEST_F(ImportCommitTest, ACommitOfItsIsDecidedInFullOnceAnotherHasComeBetween) {
  const auto policy = book_.book().writer().policy();
  const auto submit = [&](int row, std::uint64_t checked) {
    const geo::Boundary boundary = BoundaryOfBlock({20.0 * row, 0});
    ImportedPlots plots{.kind = "contracted", .tier = kTestSurfaceTier};
    PassedRow& passed = plots.rows.emplace_back();
    passed.staged = StagedRowOf(Row(row, CodeOf(row), boundary), boundary.Bounds());
    passed.computed_area_hundredths_m2 = geo::ComputedAreaHundredthsM2(boundary);
    ProposedCommit proposed;
    proposed.commit.set_request_id("row-" + std::to_string(row));
    proposed.actor = ActorOf("surveyor", v1::ROLE_SURVEYOR);
    proposed.from_import = true;
    proposed.import = 7;
    proposed.verdict.sequence = checked;
    proposed.verdict.windows.push_back({kTestSurfaceTier, passed.staged.box()});
    proposed.plots = std::make_shared<const ImportedPlots>(std::move(plots));
    std::promise<common::Outcome<v1::CommitResponse>> answer;
    book_.book().writer().Submit(std::move(proposed), BookWriter::Lane::kImport,
                                 [&](auto outcome) { answer.set_value(std::move(outcome)); });
    return answer.get_future().get();
  };
  const auto reasons = [](const common::Outcome<v1::CommitResponse>& outcome) {
    return outcome.ok() ? std::vector<std::string>() : ReasonsOf(outcome.refusals());
  };
  const std::uint64_t checked = Sequence();
  EXPECT_THAT(reasons(submit(1, checked)), IsEmpty());
  EXPECT_THAT(reasons(submit(2, checked)), IsEmpty());
  v1::Commit clerk;
  v1::NewPlot& plot = *clerk.add_acts()->mutable_establish_plot()->mutable_plot();
  plot = NewContractedPlot(BoundaryOfBlock({500, 0, 5, 5}));
  plot.set_code(CodeOf(3));
  ASSERT_TRUE(book_.Commit(clerk).ok());
  EXPECT_THAT(reasons(submit(3, checked)), ElementsAre("CODE_ALREADY_USED"));
  EXPECT_THAT(reasons(submit(4, checked)), IsEmpty());
  EXPECT_THAT(reasons(submit(5, checked)), IsEmpty());
}

}  // namespace
}  // namespace landbook::registry
