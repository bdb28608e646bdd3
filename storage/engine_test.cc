#include "storage/engine.h"

#include <gtest/gtest.h>

#include <utility>

namespace landbook::storage {
namespace {

WriteBatch TwoOperations() {
  WriteBatch batch;
  batch.Put("a", "1");
  batch.Delete("b");
  return batch;
}

TEST(WriteBatchTest, TakesOverWhatIsMovedAndLeavesNothing) {
  WriteBatch from = TwoOperations();
  WriteBatch to(std::move(from));
  for (int i = 0; i < 2; ++i) {
    EXPECT_EQ(to.Operations().size(), 2u);
    EXPECT_EQ(to.AscendingCount(), 2u);
    EXPECT_EQ(to.SizeBytes(), 3u);
    EXPECT_EQ(to.Operations()[0].value, "1");
    // NOLINTNEXTLINE: what is left of it is what this is about.
    EXPECT_TRUE(from.Empty());
    EXPECT_EQ(from.AscendingCount(), 0u);
    EXPECT_EQ(from.SizeBytes(), 0u);
    // It may be filled anew, and moved onto one that holds something.
    from.Put("c", "22");
    EXPECT_EQ(from.SizeBytes(), 3u);
    from = TwoOperations();
    to = std::move(from);
  }
}

TEST(WriteBatchTest, HoldsNothingAfterClear) {
  WriteBatch batch = TwoOperations();
  batch.Clear();
  EXPECT_TRUE(batch.Empty());
  EXPECT_EQ(batch.AscendingCount(), 0u);
  EXPECT_EQ(batch.SizeBytes(), 0u);
}

}  // namespace
}  // namespace landbook::storage
