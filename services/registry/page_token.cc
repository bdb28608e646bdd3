#include "services/registry/page_token.h"

#include <memory>

#include "fmt/format.h"
#include "services/registry/request_hash.h"
#include "storage/bytes.h"
#include "storage/digest.h"
#include "storage/suite.h"

namespace landbook::registry {
namespace {

using common::Reason;

constexpr std::uint8_t kTokenVersion = 1;
constexpr std::size_t kQueryHashBytes = 8;

const google::protobuf::FieldDescriptor* FieldOf(const google::protobuf::Message& request,
                                                 const char* name) {
  return request.GetDescriptor()->FindFieldByName(name);
}

// The query: the method's request without its paging. The hash keeps tokens from being mixed up by
// mistake; it is no defence, and needs none, since a token opens nothing that the query would not.
std::string QueryHash(const google::protobuf::Message& request) {
  const std::unique_ptr<google::protobuf::Message> query(request.New());
  query->CopyFrom(request);
  for (const char* name : {"page_size", "page_token"}) {
    query->GetReflection()->ClearField(query.get(), FieldOf(*query, name));
  }
  const storage::Hash hash = storage::Suite::Sha256Ed25519().HashOf(
      {request.GetDescriptor()->full_name(), std::string_view("\0", 1), CanonicalBytes(*query)});
  return std::string(storage::BytesOf(hash).substr(0, kQueryHashBytes));
}

std::optional<PagePlace> ParseToken(const std::string& token,
                                    const google::protobuf::Message& request) {
  const auto bytes = storage::BytesFromHex(token);
  if (!bytes.ok()) return std::nullopt;
  storage::ByteReader reader(*bytes);
  const bool known = reader.ReadU8() == kTokenVersion;
  const bool same_query = reader.ReadBytes(kQueryHashBytes) == QueryHash(request);
  PagePlace place;
  place.as_of = reader.ReadU64();
  place.next = reader.ReadU64();
  if (!reader.FinishedOk() || !known || !same_query || place.next == 0) return std::nullopt;
  return place;
}

}  // namespace

common::Outcome<PageWanted> ReadPaging(const google::protobuf::Message& request) {
  const auto& reflection = *request.GetReflection();
  const std::uint32_t size = reflection.GetUInt32(request, FieldOf(request, "page_size"));
  const std::string token = reflection.GetString(request, FieldOf(request, "page_token"));
  if (size > kPageSizeMax) {
    return common::Refuse(
        Reason::PAGE_SIZE_TOO_LARGE, "page_size",
        {fmt::format("A page of {} was asked for; at most {} are given. Ask for {} or fewer.", size,
                     kPageSizeMax, kPageSizeMax),
         fmt::format("每页请求 {} 条，最多 {} 条。请减少每页条数。", size, kPageSizeMax)});
  }
  PageWanted wanted;
  wanted.size = size == 0 ? kPageSizeDefault : size;
  if (token.empty()) return wanted;
  wanted.place = ParseToken(token, request);
  if (!wanted.place) {
    return common::Refuse(
        Reason::PAGE_TOKEN_MALFORMED, "page_token",
        {"The page token is not one that this list gave for this query. Send the query as it was "
         "with the token as it came, or begin again without one.",
         "分页标记不是本查询所给出的标记。请以原查询条件和原标记重试，或不带标记重新开始。"});
  }
  return wanted;
}

std::string NextPageToken(const google::protobuf::Message& request, const PagePlace& place) {
  if (place.next == 0) return "";
  std::string bytes;
  storage::AppendU8(bytes, kTokenVersion);
  bytes.append(QueryHash(request));
  storage::AppendU64(bytes, place.as_of);
  storage::AppendU64(bytes, place.next);
  return storage::HexOf(bytes);
}

}  // namespace landbook::registry
