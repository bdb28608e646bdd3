#include "services/common/clock.h"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <atomic>
#include <thread>
#include <vector>

namespace landbook::common {
namespace {

// A clock that shows what it is told.
class HandClock : public Clock {
 public:
  std::atomic<Micros> shows = 1'000;

 protected:
  Micros Read() override { return shows; }
};

constexpr Micros kDay = Micros{86'400'000'000};

TEST(ClockTest, NeverGoesBack) {
  HandClock clock;
  EXPECT_EQ(clock.NowMicros(), 1'000);
  clock.shows = 400;
  EXPECT_EQ(clock.NowMicros(), 1'000);
  clock.shows = 1'001;
  EXPECT_EQ(clock.NowMicros(), 1'001);
}

TEST(ClockTest, TheMachinesClockCannotBeMoved) {
  SystemClock clock;
  EXPECT_GT(clock.NowMicros(), Micros{1'700'000'000} * 1'000'000);
  EXPECT_FALSE(clock.trial());
  EXPECT_EQ(clock.AdvanceDays(1).code(), absl::StatusCode::kFailedPrecondition);
}

TEST(TrialClockTest, StartsWhereToldAndMovesOn) {
  HandClock base;
  const Micros start = *ParseTime("2026-01-01T00:00:00Z");
  TrialClock clock(base, start);
  EXPECT_TRUE(clock.trial());
  EXPECT_EQ(clock.NowMicros(), start);
  base.shows += 5;
  EXPECT_EQ(clock.NowMicros(), start + 5);
  EXPECT_TRUE(clock.AdvanceDays(184).ok());
  EXPECT_EQ(clock.NowMicros(), start + 5 + 184 * kDay);
  TrialClock again(base, TrialClock::FromOffset{clock.OffsetMicros()});
  EXPECT_EQ(again.NowMicros(), clock.NowMicros());
}

TEST(TrialClockTest, StaysWithinTheCalendar) {
  HandClock base;
  TrialClock clock(base, *ParseTime("9999-12-30T00:00:00Z"));
  EXPECT_EQ(clock.AdvanceDays(0).code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(clock.AdvanceDays(2).code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(clock.AdvanceDays(~0u).code(), absl::StatusCode::kInvalidArgument);
  EXPECT_TRUE(clock.AdvanceDays(1).ok());
}

TEST(TimeZoneTest, ShanghaiChangesItsDayAt1600Utc) {
  const auto zone = TimeZone::Named(kDefaultTimeZone);
  ASSERT_TRUE(zone.has_value());
  EXPECT_EQ(zone->DateAt(*ParseTime("2026-03-01T15:59:59.999999Z")), (CivilDate{2026, 3, 1}));
  EXPECT_EQ(zone->DateAt(*ParseTime("2026-03-01T16:00:00Z")), (CivilDate{2026, 3, 2}));
  EXPECT_FALSE(TimeZone::Named("Mars/Olympus").has_value());
}

TEST(TimeTextTest, WritingAndReadingAgree) {
  EXPECT_TRUE(rc::check([] {
    const auto time = *rc::gen::inRange<Micros>(0, Micros{253'402'300'799} * 1'000'000);
    RC_ASSERT(ParseTime(FormatTime(time)) == time);
  }));
}

TEST(TimeTextTest, TakesRfc3339Only) {
  EXPECT_EQ(FormatTime(0), "1970-01-01T00:00:00.000000Z");
  EXPECT_EQ(ParseTime("2026-01-01T08:00:00+08:00"), ParseTime("2026-01-01T00:00:00Z"));
  for (const char* text : {"", "2026-01-01", "2026-01-01 00:00:00Z", "infinite-future",
                           " 2026-01-01T00:00:00Z", "2026-01-01T00:00:00Z ", "2026-13-01T00:00:00Z",
                           "2026-01-01T00:00:00", "-026-01-01T00:00:00Z"}) {
    EXPECT_EQ(ParseTime(text), std::nullopt) << text;
  }
}

}  // namespace
}  // namespace landbook::common
