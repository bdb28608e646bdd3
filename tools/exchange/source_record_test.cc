#include "tools/exchange/source_record.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <map>
#include <string>

namespace landbook::exchange {
namespace {

TEST(SourceRecordTest, IsALineEachInOrder) {
  EXPECT_EQ(FormatSourceRecord({{"CBF.YZBM", "900100"}, {"CBF.GSJS", "无\n异议\\"}}),
            "CBF.GSJS=无\\n异议\\\\\nCBF.YZBM=900100\n");
  EXPECT_EQ(ParseSourceRecord("no record\nA=b=c\n"), (SourceRecord{{"A", "b=c"}}));
}

RC_GTEST_PROP(SourceRecordTest, ComesBackAsItWas, (const std::map<int, std::string>& values)) {
  SourceRecord record;
  for (const auto& [key, value] : values) record["T." + std::to_string(key)] = value;
  RC_ASSERT(ParseSourceRecord(FormatSourceRecord(record)) == record);
}

}  // namespace
}  // namespace landbook::exchange
