// Paging: what a list's `page_size` and `page_token` say, and the token of the next page.
//
// A token is opaque to clients: hexadecimal digits of a version byte, a hash of the query, the
// entry that the first page was read as of, and where the next page begins. All pages of a list so
// show one moment of the book, and a token does not fit another query.
#ifndef LANDBOOK_SERVICES_REGISTRY_PAGE_TOKEN_H_
#define LANDBOOK_SERVICES_REGISTRY_PAGE_TOKEN_H_

#include <google/protobuf/message.h>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "services/common/refusal.h"

namespace landbook::registry {

inline constexpr std::uint32_t kPageSizeDefault = 100;
inline constexpr std::uint32_t kPageSizeMax = 1'000;

// Where a list goes on.
struct PagePlace {
  std::uint64_t as_of = 0;
  std::uint64_t next = 0;
  friend bool operator==(const PagePlace&, const PagePlace&) = default;
};

// A list's request as far as paging goes.
struct PageWanted {
  std::size_t size = kPageSizeDefault;
  std::optional<PagePlace> place;  // nullopt for the first page
};

// The paging of a request with the fields `page_size` and `page_token`. Refused:
// PAGE_SIZE_TOO_LARGE above kPageSizeMax; PAGE_TOKEN_MALFORMED for a token that is none, is of a
// later version, or belongs to a query with other fields. REQUIRES: the request passed the door.
common::Outcome<PageWanted> ReadPaging(const google::protobuf::Message& request);

// The token of the page after the one just answered to `request`; empty when `place.next` is 0.
std::string NextPageToken(const google::protobuf::Message& request, const PagePlace& place);

}  // namespace landbook::registry

#endif  // LANDBOOK_SERVICES_REGISTRY_PAGE_TOKEN_H_
