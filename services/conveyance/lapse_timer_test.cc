#include "services/conveyance/lapse_timer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <future>
#include <string>
#include <vector>

#include "services/conveyance/office_testing.h"

namespace landbook::conveyance {
namespace {

using ::testing::SizeIs;

class LapseTimerTest : public testing::Test {
 protected:
  LapseTimerTest() {
    office_.registry.counties = {
        Parse<v1::County>(R"(code: "370303" state: BOOK_STATE_OPEN)"),
        Parse<v1::County>(R"(code: "370304" state: BOOK_STATE_PREPARING)")};
    office_.registry.cautions = {
        Parse<v1::Caution>(R"(number: 9 state: RECORD_STATE_LIVE cause: CAUTION_CAUSE_OBJECTION
            effective_date: "2026-02-10" etag: "3")")};
  }

  Round DoRound() {
    std::promise<Round> done;
    conveyance::Run(timer_.DoRound(), [&done](Round round) { done.set_value(std::move(round)); });
    return done.get_future().get();
  }

  Office office_;
  std::vector<std::string> lines_;
  common::Logger logger_{[this](std::string_view line) { lines_.emplace_back(line); }};
  LapseTimer timer_{{office_.client, *office_.drafts, office_.conveyance.laws(),
                     office_.conveyance.duties(), office_.clock, logger_}};
};

TEST_F(LapseTimerTest, AnOpenBookIsDoneOnceADay) {
  EXPECT_EQ(DoRound().lapsed, (std::map<std::string, int>{{"370303", 1}}));
  ASSERT_THAT(office_.registry.actors, SizeIs(1));
  EXPECT_EQ(office_.registry.actors[0].principal(), "conveyance");
  EXPECT_EQ(office_.registry.actors[0].role(), v1::ROLE_REGISTRAR);
  EXPECT_TRUE(DoRound().lapsed.empty());
  office_.clock.Set("2026-03-02T23:59:00+08:00");
  EXPECT_TRUE(DoRound().lapsed.empty());
  office_.clock.Set("2026-03-03T00:01:00+08:00");
  EXPECT_THAT(DoRound().lapsed, SizeIs(1));
}

TEST_F(LapseTimerTest, WhatIsRefusedIsTriedAgainAndSaidOnce) {
  office_.registry.refused = {
      common::Refuse(common::Reason::NOT_APPOINTED, "", {"nobody", "未任命"})};
  EXPECT_THAT(DoRound().refused, SizeIs(1));
  EXPECT_THAT(DoRound().refused, SizeIs(1));
  EXPECT_THAT(lines_, SizeIs(1));
  office_.registry.refused.clear();
  EXPECT_THAT(DoRound().lapsed, SizeIs(1));
}

TEST_F(LapseTimerTest, DraftsOfAYearAgoGoWithTheDaysWork) {
  office_.Draft();
  office_.clock.Set("2027-03-04T08:00:00+08:00");
  EXPECT_EQ(DoRound().drafts_removed, 1u);
}

TEST_F(LapseTimerTest, ItWorksByItselfUntilItIsStopped) {
  timer_.Start(std::chrono::hours(1));
  timer_.Stop();
  timer_.Stop();
  EXPECT_LE(office_.registry.actors.size(), 1u);
}

}  // namespace
}  // namespace landbook::conveyance
