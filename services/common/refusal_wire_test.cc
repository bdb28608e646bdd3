#include "services/common/refusal_wire.h"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <string>

namespace landbook::common {
namespace {

v1::Refusal Sample(int i, std::size_t sentence_bytes = 40) {
  return Refuse(Reason::DATE_MALFORMED, "commit.acts[" + std::to_string(i) + "].term.end_date",
                {std::string(sentence_bytes, 'e'), "日期不存在"}, "GB/T 7408");
}

v1::Status DetailsOf(const grpc::Status& status) {
  v1::Status details;
  EXPECT_TRUE(details.ParseFromString(status.error_details()));
  return details;
}

v1::ErrorInfo ErrorInfoOf(const grpc::Status& status) {
  v1::ErrorInfo info;
  const v1::Status details = DetailsOf(status);
  for (const v1::DetailAny& any : details.details()) {
    if (any.type_url() == "type.googleapis.com/google.rpc.ErrorInfo") {
      EXPECT_TRUE(info.ParseFromString(any.value()));
    }
  }
  return info;
}

TEST(RefusalWireTest, EndsWithTheCodeAndSentenceOfTheFirst) {
  const RefusalList refusals = {
      Refuse(Reason::RIGHT_HAS_MOVED, "commit.acts[0].etag", {"it moved", "已变化"}), Sample(1)};
  const grpc::Status status = StatusFromRefusals(refusals);
  EXPECT_EQ(status.error_code(), grpc::StatusCode::ABORTED);
  EXPECT_EQ(status.error_message(), "it moved");
  const v1::Status details = DetailsOf(status);
  EXPECT_EQ(details.code(), static_cast<int>(grpc::StatusCode::ABORTED));
  EXPECT_EQ(details.message(), "it moved");
  ASSERT_EQ(details.details_size(), 3);
  const v1::ErrorInfo info = ErrorInfoOf(status);
  EXPECT_EQ(info.reason(), "RIGHT_HAS_MOVED");
  EXPECT_EQ(info.domain(), "landbook");
  EXPECT_EQ(info.metadata().at("number"), "419");
  EXPECT_EQ(info.metadata().at("retryable"), "false");
  v1::BadRequest bad;
  ASSERT_TRUE(bad.ParseFromString(details.details(1).value()));
  ASSERT_EQ(bad.field_violations_size(), 2);
  EXPECT_EQ(bad.field_violations(0).field(), "commit.acts[0].etag");
}

// The bytes are those that google.rpc.Status writes: field 1 varint, 2 text, 3 Any.
TEST(RefusalWireTest, BytesAreThoseOfGoogleRpcStatus) {
  const RefusalList refusals = {Refuse(Reason::COUNTY_UNKNOWN, "", {"no county", "无此县"})};
  const std::string bytes = StatusFromRefusals(refusals).error_details();
  EXPECT_EQ(bytes.substr(0, 2), std::string("\x08\x05", 2));
  EXPECT_EQ(bytes.substr(2, 11), std::string("\x12\x09no county", 11));
  EXPECT_EQ(bytes[13], '\x1a');
  EXPECT_NE(bytes.find("type.googleapis.com/google.rpc.ErrorInfo"), std::string::npos);
}

TEST(RefusalWireTest, StaysWithinTheLimitAndSaysHowManyThereWere) {
  RefusalList refusals;
  for (int i = 0; i < 10'000; ++i) refusals.push_back(Sample(i));
  const grpc::Status status = StatusFromRefusals(refusals);
  EXPECT_LE(status.error_details().size(), kDetailsBytesDefault);
  const RefusalList told = RefusalsFromStatus(status);
  EXPECT_GE(told.size(), 5u);
  EXPECT_EQ(ErrorInfoOf(status).metadata().at("refusals"), "10000");
  EXPECT_EQ(ErrorInfoOf(status).metadata().at("told"), std::to_string(told.size()));
  EXPECT_EQ(RefusalsFromStatus(StatusFromRefusals(refusals, kDetailsBytesMax)).size(), 10'000u);
}

TEST(RefusalWireTest, OneLongRefusalIsShortenedAndStillNamed) {
  v1::Refusal refusal = Sample(0, 100'000);
  refusal.set_message_zh(std::string(30'000, 'x') + "重");
  const grpc::Status status = StatusFromRefusals(std::vector{refusal});
  EXPECT_LE(status.error_details().size(), kDetailsBytesDefault);
  EXPECT_EQ(RefusalsFromStatus(status).front().reason(), "DATE_MALFORMED");
}

TEST(RefusalWireTest, AStatusOfAnotherServerIsOneRefusal) {
  EXPECT_TRUE(RefusalsFromStatus(grpc::Status::OK).empty());
  const RefusalList lost =
      RefusalsFromStatus(grpc::Status(grpc::StatusCode::UNAVAILABLE, "connection refused"));
  ASSERT_EQ(lost.size(), 1u);
  EXPECT_EQ(lost[0].reason(), "UNAVAILABLE");
  EXPECT_EQ(lost[0].number(), 0u);
  EXPECT_TRUE(lost[0].retryable());
  EXPECT_EQ(lost[0].message_en(), "connection refused");
  const grpc::Status foreign(grpc::StatusCode::INTERNAL, "m", "\xff\xff not a message");
  EXPECT_EQ(RefusalsFromStatus(foreign).front().reason(), "INTERNAL");
}

TEST(RefusalWireTest, ComesBackAsItWent) {
  EXPECT_TRUE(rc::check([] {
    RefusalList refusals;
    const auto reasons = AllReasons();
    const int count = *rc::gen::inRange(1, 20);
    for (int i = 0; i < count; ++i) {
      const auto& info = reasons[*rc::gen::inRange<std::size_t>(0, reasons.size())];
      refusals.push_back(Refuse(info.reason, *rc::gen::element<std::string>("", "a.b[3]", "c"),
                                {"sentence " + std::to_string(i), "句"}, "CC 399"));
    }
    const RefusalList back = RefusalsFromStatus(StatusFromRefusals(refusals, kDetailsBytesMax));
    RC_ASSERT(back.size() == refusals.size());
    for (std::size_t i = 0; i < back.size(); ++i) {
      RC_ASSERT(back[i].SerializeAsString() == refusals[i].SerializeAsString());
    }
  }));
}

}  // namespace
}  // namespace landbook::common
