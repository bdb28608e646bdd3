// Pages of lists that this service makes anew at each call: sorted by a key that tells every item
// apart.
//
// A token is the key with which the next page begins, in hexadecimal digits: an item that came or
// went meanwhile moves no other one.
#ifndef LANDBOOK_SERVICES_CONVEYANCE_PAGING_H_
#define LANDBOOK_SERVICES_CONVEYANCE_PAGING_H_

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "services/common/refusal.h"
#include "storage/digest.h"

namespace landbook::conveyance {

using common::Outcome;

inline constexpr std::uint32_t kPageSizeDefault = 100;
inline constexpr std::uint32_t kPageSizeMax = 1'000;

// How many items a page has: the default for 0; PAGE_SIZE_TOO_LARGE above the most.
Outcome<std::size_t> PageSize(std::uint32_t wanted);

// PAGE_TOKEN_MALFORMED.
v1::Refusal NoPageToken();

// An item with the key that it is sorted by.
template <class Item>
struct Keyed {
  std::string key;
  Item item;
};

template <class Item>
struct ItemPage {
  std::vector<Item> items;
  // Empty at the end.
  std::string next_page_token;
};

// The page of `items` that a request with the fields page_size and page_token asks for.
template <class Item, class Request>
Outcome<ItemPage<Item>> PageOf(std::vector<Keyed<Item>> items, const Request& request) {
  const auto size = PageSize(request.page_size());
  if (!size.ok()) return size.refusals();
  const auto from = storage::BytesFromHex(request.page_token());
  if (!from.ok()) return NoPageToken();
  std::sort(items.begin(), items.end(), [](const auto& a, const auto& b) { return a.key < b.key; });
  ItemPage<Item> page;
  for (Keyed<Item>& keyed : items) {
    if (keyed.key < *from) continue;
    if (page.items.size() == *size) {
      page.next_page_token = storage::HexOf(keyed.key);
      break;
    }
    page.items.push_back(std::move(keyed.item));
  }
  return page;
}

}  // namespace landbook::conveyance

#endif  // LANDBOOK_SERVICES_CONVEYANCE_PAGING_H_
