#include "services/registry/access_log.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "storage/memory_engine.h"

namespace landbook::registry {
namespace {

constexpr BookNumber kBook = 3;

class SetClock : public common::Clock {
 public:
  std::int64_t micros = 1'000;

 protected:
  common::Micros Read() override { return micros; }
};

AccessRow RowOf(const std::string& principal) {
  return {.micros = 0,
          .principal = principal,
          .role = v1::ROLE_REGISTRAR,
          .request_id = "r1",
          .method = "GetParty",
          .shown = {{.number = 300, .field_mask = 6}}};
}

std::vector<AccessRow> RowsOf(const storage::Engine& engine, BookNumber book,
                              std::int64_t from = 0) {
  std::vector<AccessRow> rows;
  EXPECT_TRUE(ReadAccessLog(engine, book, from, [&](const AccessRow& row) {
                rows.push_back(row);
                return true;
              }).ok());
  return rows;
}

TEST(AccessLogTest, ARowHasTheseBytes) {
  EXPECT_EQ(EncodeAccessRow(RowOf("li")),
            std::string("\x01\x04\x02li\x02r1\x08GetParty\x01\xac\x02\x06"));
  const auto row = DecodeAccessRow(EncodeAccessRow(RowOf("li")));
  ASSERT_TRUE(row.ok());
  EXPECT_EQ(*row, RowOf("li"));
}

TEST(AccessLogTest, OtherBytesAreNoRow) {
  const std::string row = EncodeAccessRow(RowOf("li"));
  for (const std::string& bad :
       {row + "x", row.substr(0, row.size() - 1), "\x02" + row.substr(1), std::string()}) {
    EXPECT_EQ(DecodeAccessRow(bad).status().code(), absl::StatusCode::kDataLoss);
  }
}

TEST(AccessLogTest, EndingLosesNothing) {
  storage::MemoryEngine engine;
  SetClock clock;
  {
    AccessLog log(&engine, &clock);
    for (int i = 0; i < 500; ++i) ASSERT_TRUE(log.Add(kBook, RowOf("li" + std::to_string(i))));
    ASSERT_TRUE(log.Add(kBook + 1, RowOf("other book")));
  }
  const auto rows = RowsOf(engine, kBook);
  ASSERT_EQ(rows.size(), 500u);
  for (int i = 0; i < 500; ++i) {
    EXPECT_EQ(rows[static_cast<std::size_t>(i)].principal, "li" + std::to_string(i));
    EXPECT_EQ(rows[static_cast<std::size_t>(i)].micros, 1'000);
  }
  EXPECT_EQ(RowsOf(engine, kBook + 1).size(), 1u);
}

TEST(AccessLogTest, ReadsFromATimeOn) {
  storage::MemoryEngine engine;
  SetClock clock;
  AccessLog log(&engine, &clock);
  ASSERT_TRUE(log.Add(kBook, RowOf("early")));
  clock.micros = 2'000;
  ASSERT_TRUE(log.Add(kBook, RowOf("late")));
  ASSERT_TRUE(log.Flush().ok());
  const auto rows = RowsOf(engine, kBook, 1'500);
  ASSERT_EQ(rows.size(), 1u);
  EXPECT_EQ(rows.front().principal, "late");
}

// An engine that takes no write.
class FullEngine final : public storage::Engine {
 public:
  absl::StatusOr<std::vector<std::optional<std::string>>> Read(
      std::span<const std::string> keys) const override {
    return memory_.Read(keys);
  }
  absl::StatusOr<storage::RemainingRanges> Scan(std::span<const storage::KeyRange> ranges,
                                                const storage::ScanLimit& limit,
                                                storage::Visitor visitor) const override {
    return memory_.Scan(ranges, limit, visitor);
  }
  absl::Status Write(const storage::WriteBatch&, const storage::Fence&,
                     storage::Durability) override {
    return absl::UnavailableError("the disk is full");
  }
  absl::StatusOr<storage::Fence> AcquireFence(std::string_view name) override {
    return memory_.AcquireFence(name);
  }
  absl::Status Purge(const storage::KeyRange& range) override { return memory_.Purge(range); }
  absl::Status Flush() override { return memory_.Flush(); }
  absl::Status Checkpoint(const std::string& directory) const override {
    return memory_.Checkpoint(directory);
  }
  absl::StatusOr<std::uint64_t> ApproximateSizeBytes(
      const storage::KeyRange& range) const override {
    return memory_.ApproximateSizeBytes(range);
  }
  std::uint64_t Sequence() const override { return memory_.Sequence(); }

 private:
  storage::MemoryEngine memory_;
};

TEST(AccessLogTest, AFullQueueTakesNoMore) {
  FullEngine engine;
  SetClock clock;
  AccessLog log(&engine, &clock);
  std::size_t taken = 0;
  while (taken <= AccessLog::kWaitingMax && log.Add(kBook, RowOf("li"))) ++taken;
  EXPECT_EQ(taken, AccessLog::kWaitingMax);
  EXPECT_FALSE(log.Flush().ok());
}

}  // namespace
}  // namespace landbook::registry
