#include "services/registry/access_log.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>
#include <utility>
#include <vector>

#include "storage/lying_engine.h"
#include "storage/memory_engine.h"

namespace landbook::registry {
namespace {

using testing::ElementsAre;
using testing::Pair;

constexpr BookNumber kBook = 3;

class SetClock : public common::Clock {
 public:
  std::int64_t micros = 1'000;

 protected:
  common::Micros Read() override { return micros; }
};

AccessRow RowOf(const std::string& principal) {
  return {.principal = principal,
          .role = v1::ROLE_REGISTRAR,
          .request_id = "r1",
          .method = "GetParty",
          .shown = {{.number = 300, .field_mask = 6}},
          .purpose = "抵押",
          .document = "D1",
          .via = "",
          .records = {{v1::RECORD_KIND_RIGHT, 300}}};
}

using TimedRow = std::pair<AccessTime, AccessRow>;

std::vector<TimedRow> RowsOf(const storage::Engine& engine, BookNumber book,
                             const AccessTime& from = {}) {
  std::vector<TimedRow> rows;
  EXPECT_TRUE(ReadAccessLog(engine, book, from, [&](const AccessTime& time, const AccessRow& row) {
                rows.emplace_back(time, row);
                return true;
              }).ok());
  return rows;
}

TEST(AccessLogTest, WhoComesFromOutsideStatesAPurpose) {
  AccessRow row = RowOf("li");
  for (const v1::Role role : {v1::ROLE_BANK, v1::ROLE_TRADING_CENTRE, v1::ROLE_AUDITOR}) {
    row.role = role;
    row.purpose = "抵押";
    EXPECT_FALSE(RefuseSearch(row).has_value()) << v1::Role_Name(role);
    row.purpose.clear();
    const auto refusal = RefuseSearch(row);
    ASSERT_TRUE(refusal.has_value()) << v1::Role_Name(role);
    EXPECT_EQ(refusal->reason(), "PURPOSE_MISSING");
  }
  for (const v1::Role role : {v1::ROLE_INTAKE, v1::ROLE_REVIEWER, v1::ROLE_REGISTRAR,
                              v1::ROLE_SURVEYOR, v1::ROLE_ADMINISTRATOR}) {
    row.role = role;
    EXPECT_FALSE(RefuseSearch(row).has_value()) << v1::Role_Name(role);
  }
}

TEST(AccessLogTest, ARowHasTheseBytes) {
  EXPECT_EQ(EncodeAccessRow(RowOf("li")),
            std::string("\x02\x04\x02li\x02r1\x08GetParty\x01\xac\x02\x06"
                        "\x06抵押\x02"
                        "D1") +
                std::string(1, '\0') + "\x01\x06\xac\x02");
  const auto row = DecodeAccessRow(EncodeAccessRow(RowOf("li")));
  ASSERT_TRUE(row.ok());
  EXPECT_EQ(*row, RowOf("li"));
}

TEST(AccessLogTest, ARowOfTheFirstVersionIsRead) {
  const auto row = DecodeAccessRow(std::string("\x01\x04\x02li\x02r1\x08GetParty\x01\xac\x02\x06"));
  ASSERT_TRUE(row.ok());
  EXPECT_EQ(row->principal, "li");
  EXPECT_EQ(row->shown.size(), 1u);
  EXPECT_EQ(row->purpose, "");
}

TEST(AccessLogTest, OtherBytesAreNoRow) {
  const std::string row = EncodeAccessRow(RowOf("li"));
  for (const std::string& bad :
       {row + "x", row.substr(0, row.size() - 1), "\x03" + row.substr(1), std::string()}) {
    EXPECT_EQ(DecodeAccessRow(bad).status().code(), absl::StatusCode::kDataLoss);
  }
}

TEST(AccessLogTest, WhatWasAddedSurvivesAPowerCut) {
  storage::LyingEngine engine;
  SetClock clock;
  AccessLog log(&engine, &clock);
  ASSERT_TRUE(log.Add(kBook, RowOf("li")).ok());
  ASSERT_TRUE(log.Add(kBook + 1, RowOf("other book")).ok());
  const auto left = engine.Crash();
  EXPECT_THAT(RowsOf(*left, kBook), ElementsAre(Pair(AccessTime{1'000, 0}, RowOf("li"))));
  EXPECT_EQ(RowsOf(*left, kBook + 1).size(), 1u);
}

TEST(AccessLogTest, RowsOfOneMicrosecondKeepTheirOrderAlsoWhenTheClockGoesBack) {
  storage::MemoryEngine engine;
  SetClock clock;
  AccessLog log(&engine, &clock);
  ASSERT_TRUE(log.Add(kBook, RowOf("first")).ok());
  ASSERT_TRUE(log.Add(kBook, RowOf("second")).ok());
  clock.micros = 500;
  ASSERT_TRUE(log.Add(kBook, RowOf("third")).ok());
  EXPECT_THAT(RowsOf(engine, kBook), ElementsAre(Pair(AccessTime{1'000, 0}, RowOf("first")),
                                                 Pair(AccessTime{1'000, 1}, RowOf("second")),
                                                 Pair(AccessTime{1'000, 2}, RowOf("third"))));
}

TEST(AccessLogTest, ManyCallersAtOnceAllGetIn) {
  storage::MemoryEngine engine;
  SetClock clock;
  AccessLog log(&engine, &clock);
  std::vector<std::thread> callers;
  for (int caller = 0; caller < 8; ++caller) {
    callers.emplace_back([&] {
      for (int i = 0; i < 100; ++i) EXPECT_TRUE(log.Add(kBook, RowOf("li")).ok());
    });
  }
  for (std::thread& caller : callers) caller.join();
  EXPECT_EQ(RowsOf(engine, kBook).size(), 800u);
}

TEST(AccessLogTest, ReadsFromATimeOn) {
  storage::MemoryEngine engine;
  SetClock clock;
  AccessLog log(&engine, &clock);
  ASSERT_TRUE(log.Add(kBook, RowOf("early")).ok());
  clock.micros = 2'000;
  ASSERT_TRUE(log.Add(kBook, RowOf("late")).ok());
  ASSERT_TRUE(log.Add(kBook, RowOf("later")).ok());
  EXPECT_EQ(RowsOf(engine, kBook, {1'500, 0}).size(), 2u);
  EXPECT_EQ(RowsOf(engine, kBook, {2'000, 1}).size(), 1u);
  EXPECT_EQ(RowsOf(engine, kBook, {2'000, 2}).size(), 0u);
}

TEST(AccessLogTest, WhatIsNotWrittenFailsAndLeavesNothing) {
  storage::LyingEngine engine({.failing_write = 1});
  SetClock clock;
  AccessLog log(&engine, &clock);
  EXPECT_FALSE(log.Add(kBook, RowOf("li")).ok());
  EXPECT_TRUE(RowsOf(engine, kBook).empty());
  EXPECT_TRUE(log.Add(kBook, RowOf("wang")).ok());
  EXPECT_EQ(RowsOf(engine, kBook).size(), 1u);
}

}  // namespace
}  // namespace landbook::registry
