#include "services/common/message_bytes.h"

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "landbook/v1/registry_service.pb.h"

namespace landbook::common {
namespace {

// As the transport gives them: in pieces of so many bytes.
grpc::ByteBuffer InPieces(std::string_view bytes, std::size_t piece_bytes) {
  std::vector<grpc::Slice> pieces;
  for (; !bytes.empty(); bytes.remove_prefix(std::min(piece_bytes, bytes.size()))) {
    pieces.emplace_back(bytes.substr(0, piece_bytes).data(), std::min(piece_bytes, bytes.size()));
  }
  return grpc::ByteBuffer(pieces.data(), pieces.size());
}

v1::UploadImportRowsRequest RequestOf(const std::vector<std::string>& boundaries) {
  v1::UploadImportRowsRequest request;
  for (const std::string& boundary : boundaries) request.add_rows()->set_boundary(boundary);
  return request;
}

std::string ReadAgain(grpc::ByteBuffer bytes) {
  v1::UploadImportRowsRequest read = RequestOf({"of", "the", "message", "before"});
  const auto refusal = ReadMessage(std::move(bytes), 1, &read);
  return refusal ? refusal->message_en() : read.SerializeAsString();
}

RC_GTEST_PROP(MessageBytesTest, AreReadAsTheyWereWrittenHoweverTheyComeInPieces,
              (const std::vector<std::string>& boundaries)) {
  const v1::UploadImportRowsRequest request = RequestOf(boundaries);
  const std::string written = request.SerializeAsString();
  RC_ASSERT(ReadAgain(BytesOf(request)) == written);
  const auto piece_bytes = *rc::gen::inRange<std::size_t>(1, 40);
  RC_ASSERT(ReadAgain(InPieces(written, piece_bytes)) == written);
}

TEST(MessageBytesTest, ALargeMessageIsReadAsItWasWritten) {
  const auto request = RequestOf({std::string(5u << 20, 'x'), std::string(3u << 20, 'y')});
  EXPECT_TRUE(ReadAgain(BytesOf(request)) == request.SerializeAsString());
}

TEST(MessageBytesTest, WhatCannotBeReadIsRefusedWithItsPlaceItsSizeAndItsType) {
  const std::string whole = RequestOf({"boundary"}).SerializeAsString();
  const std::string texts[] = {
      "no message at all",
      whole.substr(0, whole.size() - 1),  // cut off
      "\x0a\x02\xff\xfe",                 // a county that is not UTF-8
      "\x1a\x04\x12\x02\xc3\x28",         // a row whose code is not
      "\x0f\x01",                         // a wire type that there is not
  };
  for (const std::string& text : texts) {
    v1::UploadImportRowsRequest message;
    const auto refusal = ReadMessage(InPieces(text, 7), 12, &message);
    ASSERT_TRUE(refusal.has_value()) << text;
    EXPECT_EQ(refusal->reason(), "MESSAGE_MALFORMED");
    EXPECT_EQ(refusal->code(), "INVALID_ARGUMENT");
    EXPECT_FALSE(refusal->retryable());
    const std::string begin = fmt::format(
        "message 12 of the stream, of {} bytes, came where a "
        "landbook.v1.UploadImportRowsRequest is wanted",
        text.size());
    EXPECT_TRUE(refusal->message_en().starts_with(begin)) << refusal->message_en();
    EXPECT_NE(refusal->message_zh().find("第 12 条消息"), std::string::npos);
  }
}

}  // namespace
}  // namespace landbook::common
