// Random legal days: years of a village in which households, banks, courts and officers act at
// random, judged by a model that shares no code with the law room.
#include <cstdlib>
#include <iostream>
#include <string>

#include "fmt/format.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/registry/law_simulation_testing.h"

namespace landbook::registry {
namespace {

constexpr std::uint64_t kYears = 3;
constexpr std::uint64_t kYearsOfLongRun = 200;

std::uint64_t YearsWanted() {
  if (const char* years = std::getenv("LANDBOOK_LAW_YEARS"))
    return std::strtoull(years, nullptr, 10);
  return std::getenv("LANDBOOK_LONG") != nullptr ? kYearsOfLongRun : kYears;
}

TEST(LawSimulation, BookAndModelAgreeOnEveryActAndEveryDay) {
  std::uint64_t first = 1;
  std::uint64_t years = YearsWanted();
  if (const char* seed = std::getenv("LANDBOOK_SEED")) {
    first = std::strtoull(seed, nullptr, 10);
    years = 1;
  }
  SimulatedCounts counts;
  for (std::uint64_t seed = first; seed < first + years; ++seed) {
    LawSimulation simulation(seed);
    ASSERT_EQ(simulation.RunYear(), "") << "rerun with LANDBOOK_SEED=" << seed;
    counts.Add(simulation.counts());
  }
  std::cout << fmt::format("{} years, {} commits, {} accepted\n", years, counts.commits,
                           counts.accepted);
  for (const auto& [word, times] : counts.refused) std::cout << fmt::format("{} {}\n", word, times);
  // Years in which nearly all was refused, or nothing was, or that few rules met, show little.
  EXPECT_GT(counts.accepted, counts.commits / 3);
  EXPECT_GT(counts.commits - counts.accepted, counts.commits / 20);
  if (years >= kYears) {
    EXPECT_GE(counts.refused.size(), 70U);
  }
}

// A simulation that could not fail would show nothing.
TEST(LawSimulation, TellsAnActOnWhichTheModelErrs) {
  LawSimulation simulation(1);
  simulation.model().village().banks = {"Farm"};
  const std::string fault = simulation.RunYear();
  EXPECT_THAT(fault, testing::StartsWith("seed 1, 2026-"));
  EXPECT_THAT(fault, testing::HasSubstr("G-20"));
}

TEST(LawSimulation, TellsARecordOnWhichTheModelErrs) {
  LawSimulation simulation(1);
  simulation.model().village().rights.at("Old1").until = "2031-12-31";
  EXPECT_THAT(simulation.RunYear(),
              testing::StartsWith("seed 1, at the end of 2026-01-01:\nOld1 until: the model says "
                                  "[2031-12-31], the book ["));
}

}  // namespace
}  // namespace landbook::registry
