#include "services/law/area.h"

#include "gtest/gtest.h"
#include "rapidcheck/gtest.h"

namespace landbook::law {
namespace {

TEST(ParseAreaHundredths, TakesAtMostTwoDecimals) {
  EXPECT_EQ(ParseAreaHundredths("140"), 14000);
  EXPECT_EQ(ParseAreaHundredths("140.1"), 14010);
  EXPECT_EQ(ParseAreaHundredths("140.01"), 14001);
  for (const char* text : {"", ".5", "1.", "1.234", "12,5", "-1", " 1", "123456789012345"}) {
    EXPECT_FALSE(ParseAreaHundredths(text).has_value()) << text;
  }
}

RC_GTEST_PROP(ParseAreaHundredths, ReadsWhatWasWritten, ()) {
  const auto hundredths = *rc::gen::inRange<std::int64_t>(0, 1'000'000'000'000);
  RC_ASSERT(ParseAreaHundredths(FormatAreaHundredths(hundredths)) == hundredths);
}

}  // namespace
}  // namespace landbook::law
