#include "services/registry/page_token.h"

#include <gtest/gtest.h>

#include "landbook/v1/registry_service.pb.h"

namespace landbook::registry {
namespace {

v1::ListPlotsRequest Query() {
  v1::ListPlotsRequest request;
  request.set_county("990001");
  request.set_holder(7);
  return request;
}

std::string ReasonOf(const v1::ListPlotsRequest& request) {
  const auto paging = ReadPaging(request);
  return paging.ok() ? "" : paging.refusals().front().reason();
}

TEST(PageTokenTest, SizesHaveADefaultAndALimit) {
  v1::ListPlotsRequest request = Query();
  EXPECT_EQ(ReadPaging(request)->size, 100u);
  request.set_page_size(1'000);
  EXPECT_EQ(ReadPaging(request)->size, 1'000u);
  request.set_page_size(1'001);
  EXPECT_EQ(ReasonOf(request), "PAGE_SIZE_TOO_LARGE");
}

TEST(PageTokenTest, ATokenComesBackAsItWasGiven) {
  v1::ListPlotsRequest request = Query();
  request.set_page_token(NextPageToken(request, {.as_of = 12, .next = 34}));
  request.set_page_size(5);  // may change from page to page
  const auto paging = ReadPaging(request);
  ASSERT_TRUE(paging.ok());
  EXPECT_EQ(paging->place, (PagePlace{.as_of = 12, .next = 34}));
}

TEST(PageTokenTest, TheEndHasNoToken) {
  EXPECT_EQ(NextPageToken(Query(), {.as_of = 12, .next = 0}), "");
}

TEST(PageTokenTest, HasTheseBytes) {
  const std::string token = NextPageToken(Query(), {.as_of = 1, .next = 2});
  ASSERT_EQ(token.size(), 2u * (1 + 8 + 8 + 8));
  EXPECT_EQ(token.substr(0, 2), "01");
  EXPECT_EQ(token.substr(18), "00000000000000010000000000000002");
}

TEST(PageTokenTest, ATokenOfAnotherQueryIsRefused) {
  v1::ListPlotsRequest request = Query();
  request.set_page_token(NextPageToken(request, {.as_of = 12, .next = 34}));
  request.set_holder(8);
  EXPECT_EQ(ReasonOf(request), "PAGE_TOKEN_MALFORMED");
}

TEST(PageTokenTest, ATokenOfAnotherListIsRefused) {
  v1::ListCautionsRequest other;
  other.set_county("990001");
  v1::ListPartiesRequest same_fields;
  same_fields.set_county("990001");
  v1::ListPlotsRequest request;
  request.set_county("990001");
  for (const auto& token : {NextPageToken(other, {.as_of = 1, .next = 2}),
                            NextPageToken(same_fields, {.as_of = 1, .next = 2})}) {
    request.set_page_token(token);
    EXPECT_EQ(ReasonOf(request), "PAGE_TOKEN_MALFORMED");
  }
}

TEST(PageTokenTest, AChangedTokenIsRefused) {
  v1::ListPlotsRequest request = Query();
  const std::string token = NextPageToken(request, {.as_of = 12, .next = 34});
  const std::string later_version = "02" + token.substr(2);
  const std::string no_next = token.substr(0, token.size() - 16) + std::string(16, '0');
  for (const std::string& bad : {token + "00", token.substr(2), token + "x", std::string("zz"),
                                 later_version, no_next, std::string("0")}) {
    request.set_page_token(bad);
    EXPECT_EQ(ReasonOf(request), "PAGE_TOKEN_MALFORMED") << bad;
  }
}

}  // namespace
}  // namespace landbook::registry
