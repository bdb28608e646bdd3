#include "services/registry/request_hash.h"

#include <cstdint>
#include <vector>

#include "google/protobuf/descriptor.h"
#include "storage/bytes.h"
#include "storage/check.h"

namespace landbook::registry {
namespace {

void AppendCanonical(const google::protobuf::Message& message, std::string* out);

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::Reflection;

// A message behind its length, which is known only once it is written.
void AppendNested(const Message& message, std::string* out) {
  const std::size_t begin = out->size();
  AppendCanonical(message, out);
  std::string length;
  storage::AppendVarint(length, out->size() - begin);
  out->insert(begin, length);
}

// One value: integers as varints (signed ones as their two's complement), text, bytes and messages
// behind their length.
void AppendValue(const Message& message, const FieldDescriptor* field, int index,
                 std::string* out) {
  const Reflection& reflection = *message.GetReflection();
  const bool repeated = field->is_repeated();
  const auto integer = [&](std::uint64_t value) { storage::AppendVarint(*out, value); };
  switch (field->cpp_type()) {
    case FieldDescriptor::CPPTYPE_INT32:
      return integer(static_cast<std::uint64_t>(
          static_cast<std::int64_t>(repeated ? reflection.GetRepeatedInt32(message, field, index)
                                             : reflection.GetInt32(message, field))));
    case FieldDescriptor::CPPTYPE_INT64:
      return integer(
          static_cast<std::uint64_t>(repeated ? reflection.GetRepeatedInt64(message, field, index)
                                              : reflection.GetInt64(message, field)));
    case FieldDescriptor::CPPTYPE_UINT32:
      return integer(repeated ? reflection.GetRepeatedUInt32(message, field, index)
                              : reflection.GetUInt32(message, field));
    case FieldDescriptor::CPPTYPE_UINT64:
      return integer(repeated ? reflection.GetRepeatedUInt64(message, field, index)
                              : reflection.GetUInt64(message, field));
    case FieldDescriptor::CPPTYPE_BOOL:
      return integer(repeated ? reflection.GetRepeatedBool(message, field, index)
                              : reflection.GetBool(message, field));
    case FieldDescriptor::CPPTYPE_ENUM:
      return integer(static_cast<std::uint64_t>(
          repeated ? reflection.GetRepeatedEnumValue(message, field, index)
                   : reflection.GetEnumValue(message, field)));
    case FieldDescriptor::CPPTYPE_STRING: {
      std::string scratch;
      return storage::AppendLengthPrefixed(
          *out, repeated ? reflection.GetRepeatedStringReference(message, field, index, &scratch)
                         : reflection.GetStringReference(message, field, &scratch));
    }
    case FieldDescriptor::CPPTYPE_MESSAGE:
      return AppendNested(repeated ? reflection.GetRepeatedMessage(message, field, index)
                                   : reflection.GetMessage(message, field),
                          out);
    case FieldDescriptor::CPPTYPE_FLOAT:
    case FieldDescriptor::CPPTYPE_DOUBLE:
      LANDBOOK_CHECK(!"no float is ever part of a commit");
  }
}

void AppendCanonical(const Message& message, std::string* out) {
  const Reflection& reflection = *message.GetReflection();
  std::vector<const FieldDescriptor*> fields;
  reflection.ListFields(message, &fields);  // by ascending number
  for (const FieldDescriptor* field : fields) {
    storage::AppendVarint(*out, static_cast<std::uint64_t>(field->number()));
    const int count = field->is_repeated() ? reflection.FieldSize(message, field) : 1;
    storage::AppendVarint(*out, static_cast<std::uint64_t>(count));
    for (int i = 0; i < count; ++i) AppendValue(message, field, i, out);
  }
}

}  // namespace

std::string CanonicalBytes(const Message& message) {
  std::string out;
  AppendCanonical(message, &out);
  return out;
}

std::string RequestHash(const storage::Suite& suite, const storage::Secret& key,
                        const Message& message) {
  const storage::Hash hash = suite.Hmac(key.bytes(), {CanonicalBytes(message)});
  return {reinterpret_cast<const char*>(hash.data()), hash.size()};
}

}  // namespace landbook::registry
