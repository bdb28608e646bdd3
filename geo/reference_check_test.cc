// The fast path finds what the reference path finds: on random coverages with seeded faults.
//
// LANDBOOK_LONG=1 runs 10,000 coverages, otherwise 300. RapidCheck prints the faults to which it
// shrank a failure and the RC_PARAMS that run it again.
#include "geo/reference_check_testing.h"

#include <algorithm>
#include <cstdlib>
#include <string>

#include "fmt/format.h"
#include "geo/faulty_coverage_testing.h"
#include "geo/reference_compare_testing.h"
#include "gtest/gtest.h"
#include "rapidcheck/gtest.h"

namespace landbook::geo {
namespace {

// Compares the two paths on one layer at all three tolerances.
void ExpectAgreement(const FaultyLayer& layer) {
  const std::vector<LayerPlot> plots = layer.Plots();
  for (const std::int64_t tolerance_steps : kComparedToleranceSteps) {
    LayerOptions options;
    options.tolerances = TolerancesOf(tolerance_steps);
    options.plane_extent = layer.extent;
    options.workers = 2;
    const std::string difference = DifferenceOfPaths(plots, options);
    if (!difference.empty()) {
      RC_FAIL(fmt::format("at {} steps:\n{}{}", tolerance_steps, difference, layer.Text()));
    }
  }
}

TEST(ReferenceCheckTest, FindsWhatTheFastPathFindsInRandomCoverages) {
  constexpr int kCasesInBlock = 100;  // RapidCheck's own count
  const int blocks = std::getenv("LANDBOOK_LONG") != nullptr ? 10'000 / kCasesInBlock : 3;
  for (int block = 0; block < blocks; ++block) {
    const bool held = rc::check("both paths find the same", [block] {
      const auto side = *rc::gen::inRange<std::int64_t>(1, 5);
      const auto seed = *rc::gen::inRange<std::uint64_t>(0, 1'000'000);
      const auto faults =
          *rc::gen::container<std::vector<SeededFault>>(rc::gen::construct<SeededFault>(
              rc::gen::inRange(0, kFaultKinds), rc::gen::inRange<std::uint64_t>(0, 1'000'000)));
      ExpectAgreement(CoverageWith(
          side, seed + static_cast<std::uint64_t>(block) * 1'000'000,
          {faults.begin(),
           faults.begin() + std::min<std::ptrdiff_t>(std::ssize(faults), 3 * side * side + 2)}));
    });
    ASSERT_TRUE(held);
  }
}

}  // namespace
}  // namespace landbook::geo
