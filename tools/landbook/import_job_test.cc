#include "tools/landbook/import_job.h"

#include <gtest/gtest.h>

namespace landbook::tools {
namespace {

using std::chrono::milliseconds;

struct Counts {
  std::uint32_t read = 0;
  std::uint32_t checked = 0;
  std::uint32_t accepted = 0;
  std::uint32_t unchanged = 0;
  std::uint32_t committed = 0;
};

milliseconds Pause(const Counts& counts, milliseconds running) {
  v1::Import import;
  import.set_read(counts.read);
  import.set_checked(counts.checked);
  import.set_accepted(counts.accepted);
  import.set_unchanged(counts.unchanged);
  import.set_committed(counts.committed);
  return PauseBeforeAsking(import, running);
}

TEST(PauseBeforeAskingTest, IsLongWhileMuchIsLeftAndShortTowardsTheEnd) {
  const milliseconds second(1'000);
  // Nothing is known yet, and no time has passed; then time has.
  EXPECT_EQ(Pause({.read = 1'000}, milliseconds(0)), milliseconds(5));
  EXPECT_EQ(Pause({.read = 1'000}, milliseconds(40)), milliseconds(100));
  // Of a thousand rows half are checked, and of those half committed: 750 of 1,500 so far are left.
  EXPECT_EQ(Pause({1'000, 500, 500, 0, 250}, second), milliseconds(100));
  // A tenth of the work is left, so a ninth of the second, a fourth of which passes.
  EXPECT_EQ(Pause({1'000, 1'000, 1'000, 0, 800}, second), milliseconds(27));
  EXPECT_EQ(Pause({1'000, 1'000, 1'000, 0, 1'000}, second), milliseconds(5));
}

TEST(PauseBeforeAskingTest, WaitsForNothingThatIsNotCommitted) {
  const milliseconds second(1'000);
  EXPECT_EQ(Pause({1'000, 1'000, 1'000, 1'000, 0}, second), milliseconds(5));  // all unchanged
  EXPECT_EQ(Pause({1'000, 1'000, 0, 0, 0}, second), milliseconds(5));          // all rejected
  // Rows that were taken back after they were counted.
  EXPECT_EQ(Pause({1'000, 1'000, 10, 0, 12}, second), milliseconds(5));
}

}  // namespace
}  // namespace landbook::tools
