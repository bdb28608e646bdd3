#include "tools/exchange/field_mapping.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <utility>

namespace landbook::exchange {
namespace {

TEST(FieldMappingTest, SaysWhatADeliveryCallsThings) {
  const auto mapping = ParseFieldMapping(
      "\xEF\xBB\xBF# a survey firm's own names\r\n"
      "CBF.CBFMC = 户主姓名\r\n"
      "\n"
      "CBF_JTCY.SFGYR := 1   # the office's decision 样字〔2026〕2号\n"
      "CBF < 承包方.csv");
  ASSERT_TRUE(mapping.ok()) << mapping.status();
  EXPECT_EQ(mapping->columns.at({"CBF", "CBFMC"}), "户主姓名");
  EXPECT_EQ(mapping->stated.at({"CBF_JTCY", "SFGYR"}), "1");
  EXPECT_EQ(mapping->sources.at("CBF"), "承包方.csv");
}

TEST(FieldMappingTest, NamesTheLineThatIsWrong) {
  for (const auto& [text, why] :
       {std::pair{"CBF.CBFMC", "write TABLE.COLUMN"},
        std::pair{"CBF.CBFMC =", "write TABLE.COLUMN"}, std::pair{"XYZ.CBFMC = a", "no table XYZ"},
        std::pair{"CBF.NAME = a", "no column \"NAME\""}, std::pair{"CBF = a", "no column \"\""},
        std::pair{"CBF.CBFMC < a.csv", "a whole table's"},
        std::pair{"CBF.CBFMC = a\nCBF.CBFMC = b", "mapped already"},
        std::pair{"CBF < a.csv\nCBF < b.csv", "has a file"}}) {
    const auto mapping = ParseFieldMapping(text);
    ASSERT_FALSE(mapping.ok()) << text;
    EXPECT_THAT(std::string(mapping.status().message()), testing::HasSubstr(why)) << text;
    EXPECT_THAT(std::string(mapping.status().message()), testing::HasSubstr("line "));
  }
}

}  // namespace
}  // namespace landbook::exchange
