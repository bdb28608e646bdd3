// The small parts of the command line: numbers and boxes, tables, progress, pages.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <sstream>
#include <string>
#include <vector>

#include "tools/landbook/epsg.h"
#include "tools/landbook/export_columns.h"
#include "tools/landbook/outcome.h"
#include "tools/landbook/plane_input.h"
#include "tools/landbook/plot_pages.h"
#include "tools/landbook/progress_bar.h"
#include "tools/landbook/table.h"

namespace landbook::tools {
namespace {

using testing::HasSubstr;

TEST(EpsgTest, TakesTheNumberWithAndWithoutItsAuthority) {
  EXPECT_EQ(*ParseEpsg("EPSG:4548"), 4548);
  EXPECT_EQ(*ParseEpsg("epsg:4548"), 4548);
  EXPECT_EQ(*ParseEpsg("4548"), 4548);
  for (const char* text : {"", "EPSG:", "EPSG:x", "ESRI:4548", "4548 ", "-1", "0", "99999999999"}) {
    EXPECT_FALSE(ParseEpsg(text).ok()) << text;
  }
}

TEST(PlaneInputTest, ABoxIsAnyTwoOppositeCornersInMetres) {
  const auto box = ParseBox("520000.5,4070000,519999,4070001.25", {"", 4548});
  ASSERT_TRUE(box.ok()) << box.status();
  EXPECT_EQ(*box, (geo::Box{5'199'990'000, 40'700'000'000, 5'200'005'000, 40'700'012'500}));
}

TEST(PlaneInputTest, ABoxInDegreesHoldsItsBentSides) {
  const auto box = ParseBox("116,36,118,37", {"EPSG:4490", 4548});
  const auto corner = ParsePoint("116,36", {"EPSG:4490", 4548});
  const auto middle = ParsePoint("117,36", {"EPSG:4490", 4548});
  ASSERT_TRUE(box.ok() && corner.ok() && middle.ok());
  EXPECT_LT(middle->y, corner->y) << "the southern side bends south on this plane";
  EXPECT_EQ(box->min_y, middle->y);
}

TEST(PlaneInputTest, WhatIsNoPlaceIsWrongUsage) {
  for (const char* text : {"", "1", "1,2,3", "1;2", "1,x", "nan,1", "1,2,", "1e300,1"}) {
    std::ostringstream err;
    EXPECT_EQ(PrintOutcome(ParsePoint(text, {"", 4548}).status(), err), kExitUsage) << text;
  }
}

TEST(TableTest, WideCharactersTakeTwoColumns) {
  EXPECT_EQ(DisplayWidth("abc"), 3u);
  EXPECT_EQ(DisplayWidth("张店区"), 6u);
  EXPECT_EQ(DisplayWidth("𠮷"), 2u);
  EXPECT_EQ(DisplayWidth("e\xcc\x81"), 1u);
  EXPECT_EQ(DisplayWidth("\xff"), 1u);
  Table table({"name", "n"});
  table.Add({"张店区", "1"});
  table.Add({"ab", "22"});
  std::ostringstream out;
  table.Print(out);
  EXPECT_EQ(out.str(), "name    n\n张店区  1\nab      22\n");
}

TEST(TableTest, ARecordIsALineAField) {
  v1::Plot plot;
  plot.set_number(7);
  plot.set_code("JC1");
  plot.mutable_recorded_at()->set_seconds(0);
  plot.add_structures()->set_description("房屋");
  std::ostringstream out;
  PrintRecord(plot, out);
  EXPECT_EQ(out.str(),
            "number       7\n"
            "recorded_at  1970-01-01T00:00:00Z\n"
            "code         JC1\n"
            "structures\n"
            "  description  房屋\n");
}

TEST(ProgressTest, TellsShareRateAndTimeLeft) {
  const std::string line = ProgressLine("checking", {50'000, 200'000, 10});
  EXPECT_THAT(line, HasSubstr("checking  [######                  ]  25 %"));
  EXPECT_THAT(line, HasSubstr("50,000 of 200,000  5,000/s  30 s left"));
  EXPECT_EQ(ProgressLine("sending", {1'234, 0, 2}), "sending  1,234  617/s");
  EXPECT_THAT(ProgressLine("sending", {0, 10, 0}), testing::Not(HasSubstr("left")));
}

TEST(ProgressTest, NothingIsDrawnUnlessTheStreamIsATerminal) {
  std::ostringstream quiet;
  std::ostringstream terminal;
  {
    ProgressBar none(quiet, false);
    none.Show(1, 2);
    ProgressBar bar(terminal, true);
    bar.Show(1, 2);
  }
  EXPECT_EQ(quiet.str(), "");
  EXPECT_THAT(terminal.str(), testing::EndsWith("\r\x1b[K"));
}

std::string Varint(std::uint64_t value) {
  std::string bytes;
  for (; value >= 0x80; value >>= 7) bytes += static_cast<char>((value & 0x7F) | 0x80);
  return bytes + static_cast<char>(value);
}

RC_GTEST_PROP(PlotPagesTest, PagesComeApartAsTheyWerePacked,
              (const std::vector<std::pair<std::uint64_t, std::string>>& plots)) {
  std::string page;
  for (const auto& [number, bytes] : plots) {
    page += Varint(number) + '\x02' + Varint(bytes.size()) + bytes;
  }
  const auto unpacked = UnpackPage(page);
  RC_ASSERT(unpacked.ok());
  RC_ASSERT(unpacked->size() == plots.size());
  for (std::size_t i = 0; i < plots.size(); ++i) {
    RC_ASSERT((*unpacked)[i].number == plots[i].first);
    RC_ASSERT((*unpacked)[i].tier == 2);
    RC_ASSERT((*unpacked)[i].index_bytes == plots[i].second);
  }
}

TEST(PlotPagesTest, APageThatBreaksOffIsRefused) {
  const std::string whole = Varint(300) + '\x02' + Varint(3) + "abc";
  for (std::size_t length = 1; length < whole.size(); ++length) {
    EXPECT_FALSE(UnpackPage(whole.substr(0, length)).ok()) << length;
  }
}

TEST(ExportColumnsTest, AttributesWhoseNameIsTakenGetAnother) {
  v1::Plot plot;
  plot.set_code("JC1");
  for (const auto& [key, value] :
       {std::pair{"Code", "a"}, std::pair{"fid", "b"}, std::pair{"owner", "王"}}) {
    v1::Attribute& attribute = *plot.add_attributes();
    attribute.set_key(key);
    attribute.set_value(value);
  }
  ExportColumns columns(false);
  columns.Note(plot);
  EXPECT_EQ(columns.Settle().size(), 2u);
  std::vector<std::string> names;
  for (const geo::Field& field : columns.Fields()) names.push_back(field.name);
  EXPECT_THAT(names, testing::ElementsAre("code", "stated_m2", "land_use", "location", "Code_",
                                          "fid_", "owner"));
  const auto values = columns.ValuesOf(plot);
  EXPECT_EQ(values[0], geo::Value(std::string("JC1")));
  EXPECT_EQ(values[1], geo::Value(std::monostate()));
  EXPECT_EQ(values[6], geo::Value(std::string("王")));
}

}  // namespace
}  // namespace landbook::tools
