#include "services/registry/book.h"

#include <gtest/gtest.h>

#include <filesystem>

#include "services/registry/act_testing.h"
#include "services/registry/book_testing.h"
#include "storage/memory_engine.h"

namespace landbook::registry {
namespace {

constexpr common::Micros kStart = 1'772'413'200'000'000;

// A store whose books are made and opened under one clock or the other.
class BookClockTest : public testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = testing::TempDir() + "/landbook-book-XXXXXX";
    ASSERT_NE(::mkdtemp(pattern.data()), nullptr);
    directory_ = pattern;
  }
  void TearDown() override { std::filesystem::remove_all(directory_); }

  BookEnvironment Under(common::Clock& clock) {
    return {.engine = &engine_,
            .clock = &clock,
            .random = &storage::SystemRandom(),
            .keys_directory = directory_,
            .read_memory = &read_memory_};
  }
  bool MakeUnder(common::Clock& clock) {
    NewBook made;
    made.number = 1;
    made.county.set_code(kTestCounty);
    made.county.set_epsg(4548);
    made.chain = SampleChainForTests();
    made.creator = ActorOf("admin", v1::ROLE_ADMINISTRATOR);
    made.request_id = "create";
    return Book::Create(Under(clock), made).ok();
  }
  absl::StatusCode OpenUnder(common::Clock& clock) {
    return Book::Open(Under(clock), 1, kTestCounty).status().code();
  }

  std::string directory_;
  storage::MemoryEngine engine_;
  ReadMemory read_memory_;
  common::SystemClock machine_;
  common::TrialClock trial_{machine_, kStart};
};

TEST_F(BookClockTest, ABookOfRealTimeIsNeverOpenedUnderATrialClock) {
  ASSERT_TRUE(MakeUnder(machine_));
  EXPECT_EQ(OpenUnder(trial_), absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(OpenUnder(machine_), absl::StatusCode::kOk);
}

TEST_F(BookClockTest, ABookOfATrialClockIsOpenedUnderIt) {
  ASSERT_TRUE(MakeUnder(trial_));
  EXPECT_EQ(OpenUnder(trial_), absl::StatusCode::kOk);
}

}  // namespace
}  // namespace landbook::registry
