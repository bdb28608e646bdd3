#include "services/registry/plot_run.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>

namespace landbook::registry {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

TEST(PlotRunTest, HoldsTheHeadsOfItsPlots) {
  PlotRun run(PlotRun::FirstOf(70));
  EXPECT_EQ(run.first(), 64u);
  run.SetPlace(64, {2, 1, 500});
  run.SetPlace(95, {1, 5, 600});
  run.AddUnit(64, 7);
  run.AddUnit(66, 8);
  run.AddUnit(66, 11);
  EXPECT_EQ(run.HeadOf(64).place, (Place{2, 1, 500}));
  EXPECT_THAT(run.HeadOf(64).units, ElementsAre(7u));
  EXPECT_FALSE(run.HeadOf(65).place);
  EXPECT_THAT(run.HeadOf(65).units, IsEmpty());
  EXPECT_THAT(run.HeadOf(66).units, ElementsAre(8u, 11u));
  EXPECT_EQ(run.HeadOf(95).place, (Place{1, 5, 600}));
  EXPECT_GE(run.SizeBytes(), sizeof(PlotRun));
}

TEST(PlotRunTest, EveryNumberHasARun) {
  const std::uint64_t max = std::numeric_limits<std::uint64_t>::max();
  EXPECT_EQ(PlotRun::FirstOf(max) + (PlotRun::kPlots - 1), max);
  EXPECT_EQ(PlotRun::FirstOf(0), 0u);
  EXPECT_FALSE(PlotRun(PlotRun::FirstOf(max)).HeadOf(max).place);
}

}  // namespace
}  // namespace landbook::registry
