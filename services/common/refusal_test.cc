#include "services/common/refusal.h"

#include <gtest/gtest.h>

#include <set>
#include <string>

namespace landbook::common {
namespace {

TEST(RefusalTest, EveryReasonHasItsOwnNameAndNumber) {
  std::set<std::string_view> names;
  std::set<Reason> numbers;
  for (const ReasonInfo& info : AllReasons()) {
    names.insert(info.name);
    numbers.insert(info.reason);
    EXPECT_EQ(ReasonNamed(info.name), info.reason);
    EXPECT_EQ(InfoOf(info.reason).name, info.name);
    EXPECT_NE(info.code, absl::StatusCode::kOk) << info.name;
  }
  EXPECT_EQ(names.size(), AllReasons().size());
  EXPECT_EQ(numbers.size(), AllReasons().size());
  EXPECT_EQ(ReasonNamed("NO_SUCH_REASON"), std::nullopt);
}

TEST(RefusalTest, CarriesWhatTheTableSays) {
  const v1::Refusal refusal =
      Refuse(Reason::PLOT_OVERLAPS_NEIGHBOUR, "commit.acts[2]", {"they overlap", "重叠"}, "B201");
  EXPECT_EQ(refusal.reason(), "PLOT_OVERLAPS_NEIGHBOUR");
  EXPECT_EQ(refusal.number(), 309u);
  EXPECT_EQ(refusal.field(), "commit.acts[2]");
  EXPECT_EQ(refusal.message_en(), "they overlap");
  EXPECT_EQ(refusal.message_zh(), "重叠");
  EXPECT_EQ(refusal.source(), "B201");
  EXPECT_EQ(refusal.code(), "FAILED_PRECONDITION");
  EXPECT_FALSE(refusal.retryable());
  EXPECT_TRUE(Refuse(Reason::WRITER_BUSY, "", {}).retryable());
}

TEST(RefusalTest, EngineFailuresHaveNamesOfTheirOwn) {
  const auto reason = [](const absl::Status& status) { return RefusalFromEngine(status).reason(); };
  EXPECT_EQ(reason(absl::UnavailableError("IO error: No space left on device")), "STORE_FULL");
  EXPECT_EQ(reason(absl::UnavailableError("the disk is full")), "STORE_FULL");
  EXPECT_EQ(reason(absl::UnavailableError("IO error: input/output")), "STORE_UNAVAILABLE");
  EXPECT_EQ(reason(absl::DataLossError("block checksum")), "STORE_CORRUPT");
  EXPECT_EQ(reason(absl::DeadlineExceededError("slow")), "DEADLINE_PASSED");
  EXPECT_EQ(reason(absl::InvalidArgumentError("key")), "INVARIANT_BROKEN");
}

TEST(OutcomeTest, IsAValueOrRefusals) {
  const Outcome<int> value = 7;
  EXPECT_TRUE(value.ok());
  EXPECT_EQ(*value, 7);
  const Outcome<int> refused =
      Refuse(Reason::RECORD_NOT_FOUND, "plot", {"no such plot", "无此宗地"});
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.refusals().size(), 1u);
  EXPECT_DEATH(static_cast<void>(refused.value()), "");
}

}  // namespace
}  // namespace landbook::common
