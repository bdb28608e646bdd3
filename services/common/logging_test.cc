#include "services/common/logging.h"

#include <google/protobuf/struct.pb.h>
#include <google/protobuf/util/json_util.h>
#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <string>

namespace landbook::common {
namespace {

google::protobuf::Struct Parsed(const std::string& line) {
  google::protobuf::Struct parsed;
  EXPECT_TRUE(google::protobuf::util::JsonStringToMessage(line, &parsed).ok()) << line;
  return parsed;
}

TEST(LoggingTest, ACallIsOneJsonLine) {
  std::string seen;
  const Logger logger([&](std::string_view line) { seen = line; });
  logger.Call({"r\"1", "RegistryService/GetPlot", "李登簿", "NOT_FOUND", "RECORD_NOT_FOUND", 42});
  const google::protobuf::Struct line = Parsed(seen);
  EXPECT_EQ(line.fields().at("level").string_value(), "info");
  EXPECT_EQ(line.fields().at("request").string_value(), "r\"1");
  EXPECT_EQ(line.fields().at("principal").string_value(), "李登簿");
  EXPECT_EQ(line.fields().at("reason").string_value(), "RECORD_NOT_FOUND");
  EXPECT_EQ(line.fields().at("micros").number_value(), 42);
  EXPECT_EQ(seen.find('\n'), std::string::npos);
}

TEST(LoggingTest, TheServersOwnFaultsAreWarnings) {
  std::string seen;
  const Logger logger([&](std::string_view line) { seen = line; });
  logger.Call({"", "", "", "INTERNAL", "", 0});
  EXPECT_EQ(Parsed(seen).fields().at("level").string_value(), "warning");
  logger.Event(LogLevel::kError, "stop", {{"why", "a\nb"}});
  EXPECT_EQ(Parsed(seen).fields().at("why").string_value(), "a\nb");
}

TEST(LoggingTest, AnyBytesBecomeAJsonString) {
  EXPECT_EQ(JsonString("a\xff"
                       "b"),
            "\"a\xef\xbf\xbd"
            "b\"");
  EXPECT_TRUE(rc::check([] {
    const auto text = *rc::gen::container<std::string>(rc::gen::arbitrary<char>());
    google::protobuf::Struct parsed;
    const std::string json = "{\"k\":" + JsonString(text) + "}";
    RC_ASSERT(google::protobuf::util::JsonStringToMessage(json, &parsed).ok());
  }));
}

}  // namespace
}  // namespace landbook::common
