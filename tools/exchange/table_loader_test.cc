#include "tools/exchange/table_loader.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <memory>
#include <string>
#include <vector>

#include "fmt/format.h"

namespace landbook::exchange {
namespace {

namespace fs = std::filesystem;

class TableLoaderTest : public testing::Test {
 protected:
  void SetUp() override {
    const auto& test = *testing::UnitTest::GetInstance()->current_test_info();
    folder_ = fs::path(testing::TempDir()) / (std::string("landbook-loader-") + test.name());
    fs::remove_all(folder_);
    fs::create_directories(folder_);
    auto scratch = Scratch::Open();
    ASSERT_TRUE(scratch.ok());
    scratch_ = *std::move(scratch);
    ASSERT_TRUE(MakeTables(*scratch_).ok());
  }

  std::string Write(const std::string& name, const std::string& text) {
    const std::string path = (folder_ / name).string();
    std::ofstream(path, std::ios::binary) << text;
    return path;
  }
  absl::StatusOr<Loaded> Load(const char* table, const std::string& text,
                              const FieldMapping* mapping = nullptr) {
    return LoadTable(*scratch_, *FindTable(table), {Write(std::string(table) + ".csv", text), ""},
                     {"", mapping});
  }
  std::vector<std::string> Rows(const std::string& query) {
    auto rows = scratch_->Prepare(query);
    std::vector<std::string> texts;
    for (auto row = rows->Step(); row.ok() && *row; row = rows->Step()) {
      texts.push_back(rows->Text(0));
    }
    return texts;
  }

  fs::path folder_;
  std::unique_ptr<Scratch> scratch_;
};

TEST_F(TableLoaderTest, ReadsDatesAreasAndCodes) {
  const auto loaded =
      Load("CBDKXX",
           "DKBM,FBFBM,CBFBM,CBJYQQDFS,HTMJ,CBHTBM,CBJYQZBM\n"
           "9901011012010100001, 99010110120101 ,990101101201010001,110,12.5,A,A\n");
  ASSERT_TRUE(loaded.ok()) << loaded.status();
  EXPECT_EQ(loaded->rows, 1u);
  EXPECT_EQ(Rows("SELECT FBFBM || ' ' || HTMJ || ' ' || bad FROM CBDKXX"),
            (std::vector<std::string>{"99010110120101 12.50 0"}));
  EXPECT_EQ(Rows("SELECT tab FROM finding"), std::vector<std::string>());
}

TEST_F(TableLoaderTest, TellsWhatIsWrongWithAValue) {
  ASSERT_TRUE(Load("CBHT",
                   "CBHTBM,FBFBM,CBFBM,CBFS,CBQXQ,CBQXZ,QDSJ,HTZMJ,CBDKZS\n"
                   "A,9901,990101101201010001,999,20240230,,2024/1/5,x,2\n")
                  .ok());
  EXPECT_EQ(Rows("SELECT rule || ' ' || severity || ' ' || english FROM finding ORDER BY rowid"),
            (std::vector<std::string>{
                "B401 3 CBHT.FBFBM has to have 14 digits.",
                "B403 3 CBHT.CBFS is outside its list: 110, 120, 121, 122, 123, 129.",
                "B403 3 CBHT.CBQXQ is no day of the calendar as YYYYMMDD.",
                "B403 3 CBHT.CBQXZ is missing.",
                "B403 2 CBHT.HTZMJ is no number that the column may hold."}));
  EXPECT_EQ(Rows("SELECT bad || QDSJ FROM CBHT"), (std::vector<std::string>{"12024-01-05"}));
}

TEST_F(TableLoaderTest, TextThatIsNoneKeepsTheRowOut) {
  ASSERT_TRUE(Load("CBJYQZ_QZZX", "CBJYQZBM,ZXYY,ZXRQ\nA,\xFF\xFE\x80,20200101\n").ok());
  EXPECT_EQ(Rows("SELECT rule || detail FROM finding"),
            (std::vector<std::string>{"B404undecodable"}));
  EXPECT_EQ(Rows("SELECT bad FROM CBJYQZ_QZZX"), (std::vector<std::string>{"1"}));
}

TEST_F(TableLoaderTest, AMappingNamesColumnsAndStatesWhatIsSilent) {
  const auto mapping = ParseFieldMapping("CBJYQZ_QZZX.CBJYQZBM = 权证号\nCBJYQZ_QZZX.ZXYY := 退出");
  ASSERT_TRUE(mapping.ok());
  const auto loaded = Load("CBJYQZ_QZZX", "权证号,ZXRQ,备注\nA,20200101,x\n", &*mapping);
  ASSERT_TRUE(loaded.ok()) << loaded.status();
  EXPECT_EQ(Rows("SELECT CBJYQZBM || ZXYY || bad FROM CBJYQZ_QZZX"),
            (std::vector<std::string>{"A退出0"}));
  EXPECT_THAT(loaded->note, testing::HasSubstr("备注"));
}

TEST_F(TableLoaderTest, ATableOfOtherColumnsIsRefused) {
  EXPECT_FALSE(Load("CBF", "a,b\n1,2\n").ok());
}

TEST(CivilDateTest, ReadsTheWaysOfWritingADay) {
  for (const char* text : {"20240229", "2024-02-29", "2024/2/29", "2024-02-29 00:00:00",
                           "2024-02-29T00:00:00", "2024/2/29 0:00:00"}) {
    EXPECT_EQ(CivilDateOf(text), "2024-02-29") << text;
  }
  for (const char* text : {"20230229", "2024-13-01", "2024", "", "2024-02-29 12:30:00", "29.2.2024",
                           "00000101", "2024022", "20240229x"}) {
    EXPECT_EQ(CivilDateOf(text), "") << text;
  }
}

}  // namespace
}  // namespace landbook::exchange
