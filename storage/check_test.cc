#include "storage/check.h"

#include <gtest/gtest.h>

namespace landbook::storage {
namespace {

TEST(CheckDeathTest, EndsTheProcessAndSaysWhereAndWhy) {
  LANDBOOK_CHECK(1 + 1 == 2);
  EXPECT_DEATH(LANDBOOK_CHECK(1 + 1 == 3), "check_test.cc:[0-9]+: broken invariant: 1 \\+ 1 == 3");
}

}  // namespace
}  // namespace landbook::storage
