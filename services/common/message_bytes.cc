#include "services/common/message_bytes.h"

#include <fmt/format.h>
#include <grpcpp/impl/codegen/proto_utils.h>

#include <string>

#include "services/common/refusal.h"
#include "storage/check.h"

namespace landbook::common {
namespace {

using Traits = grpc::SerializationTraits<google::protobuf::Message>;

}  // namespace

std::optional<v1::Refusal> ReadMessage(grpc::ByteBuffer bytes, std::uint64_t number,
                                       google::protobuf::Message* message) {
  const std::size_t size = bytes.Length();
  if (Traits::Deserialize(&bytes, message).ok()) return std::nullopt;
  const std::string& type = message->GetDescriptor()->full_name();
  return Refuse(
      Reason::MESSAGE_MALFORMED, "",
      {fmt::format(
           "message {} of the stream, of {} bytes, came where a {} is wanted: it is cut off "
           "or of another type, or a text in it is not UTF-8; it and all that follow it are "
           "left out, so mend it and send them again",
           number, size, type),
       fmt::format(
           "流中第 {} 条消息（{} 字节）无法读作 {}：内容残缺、类型不符，或其中文本不是 UTF-8；"
           "该条及其后的消息均未收取，请改正后重新发送",
           number, size, type)});
}

grpc::ByteBuffer BytesOf(const google::protobuf::Message& message) {
  grpc::ByteBuffer bytes;
  bool owned = false;
  LANDBOOK_CHECK(Traits::Serialize(message, &bytes, &owned).ok());
  return bytes;
}

}  // namespace landbook::common
