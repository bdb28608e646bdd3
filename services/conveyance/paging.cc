#include "services/conveyance/paging.h"

#include "fmt/format.h"

namespace landbook::conveyance {

using common::Reason;

Outcome<std::size_t> PageSize(std::uint32_t wanted) {
  if (wanted > kPageSizeMax) {
    return common::Refuse(
        Reason::PAGE_SIZE_TOO_LARGE, "page_size",
        {fmt::format("A page of {} was asked for; at most {} are given. Ask for {} or fewer.",
                     wanted, kPageSizeMax, kPageSizeMax),
         fmt::format("每页请求 {} 条，最多 {} 条。请减少每页条数。", wanted, kPageSizeMax)});
  }
  return std::size_t{wanted == 0 ? kPageSizeDefault : wanted};
}

v1::Refusal NoPageToken() {
  return common::Refuse(Reason::PAGE_TOKEN_MALFORMED, "page_token",
                        {"The page token is not one that this list gave. Begin again without one.",
                         "分页标记不是本列表所给出的标记。请不带标记重新开始。"});
}

}  // namespace landbook::conveyance
