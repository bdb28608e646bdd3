// Messages of a stream as the bytes in which they travel.
//
// gRPC tells a reactor that there is no further message, and nothing else, when it cannot parse
// one: the messages from there on are lost, and the call would be answered as if they had never
// been sent. So what takes streams in takes bytes, and reads them here, where one that cannot be
// read is refused by name.
#ifndef LANDBOOK_SERVICES_COMMON_MESSAGE_BYTES_H_
#define LANDBOOK_SERVICES_COMMON_MESSAGE_BYTES_H_

#include <google/protobuf/message.h>
#include <grpcpp/support/byte_buffer.h>

#include <cstdint>
#include <optional>

#include "landbook/v1/error.pb.h"

namespace landbook::common {

// Reads `bytes` into `message`, in the memory that the message has. MESSAGE_MALFORMED when they are
// none of its type or a text in them is not UTF-8; what the message then holds is part of it.
// `number` says which message of its stream it is, from 1 on.
std::optional<v1::Refusal> ReadMessage(grpc::ByteBuffer bytes, std::uint64_t number,
                                       google::protobuf::Message* message);

// The bytes of `message`. REQUIRES: it has less than 2 GiB of them, as protobuf can write.
grpc::ByteBuffer BytesOf(const google::protobuf::Message& message);

}  // namespace landbook::common

#endif  // LANDBOOK_SERVICES_COMMON_MESSAGE_BYTES_H_
