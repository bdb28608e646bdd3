#include "tools/exchange/package_check.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "fmt/format.h"
#include "tools/exchange/table_layout.h"
#include "tools/exchange/title_records.h"

namespace landbook::exchange {
namespace {

// Two households of one group, the first with two parcels, the second with one.
constexpr char kPackage[] =
    "INSERT INTO DK(row, bad, DKBM, DKLB, DKDZ) VALUES"
    "(0, 0, '9901011012010100001', '10', '李四'), (1, 0, '9901011012010100002', '10', '道路'),"
    "(2, 0, '9901011012010100003', '10', NULL);"
    "INSERT INTO FBF(row, bad, FBFBM, FBFMC, FBFFZRXM, FZRZJLX, FZRZJHM) VALUES"
    "(0, 0, '99010110120101', '一组', '赵一', '5', 'P0');"
    "INSERT INTO CBF(row, bad, CBFBM, CBFLX, CBFMC, CBFZJLX, CBFZJHM, CBFCYSL, YZBM) VALUES"
    "(0, 0, '990101101201010001', '1', '张三', '5', 'P1', '2', '900100'),"
    "(1, 0, '990101101201010002', '1', '李四', '5', 'P3', '1', '900100');"
    "INSERT INTO CBF_JTCY(row, bad, CBFBM, CYXM, CYXB, CYZJLX, CYZJHM, YHZGX, SFGYR) VALUES"
    "(0, 0, '990101101201010001', '王五', '2', '5', 'P2', '10', '1'),"
    "(1, 0, '990101101201010001', '张三', '1', '5', 'P1', '02', '1'),"
    "(2, 0, '990101101201010002', '李四', '1', '5', 'P3', '02', '2');"
    "INSERT INTO CBHT(row, bad, CBHTBM, FBFBM, CBFBM, CBFS, CBQXQ, CBQXZ, HTZMJ, CBDKZS, QDSJ) "
    "VALUES(0, 0, '990101101201010001J', '99010110120101', '990101101201010001', '110', "
    "'1998-10-01', '2028-09-30', '30.30', '2', '1998-09-01'),"
    "(1, 0, '990101101201010002J', '99010110120101', '990101101201010002', '110', '1998-10-01', "
    "'9999-01-01', '5.00', '1', '1998-09-01');"
    "INSERT INTO CBJYQZDJB(row, bad, CBJYQZBM, FBFBM, CBFBM, CBFS, CBQXQ, CBQXZ, CBJYQZLSH, DJSJ) "
    "VALUES(0, 0, '990101101201010001J', '99010110120101', '990101101201010001', '110', "
    "'1998-10-01', '2028-09-30', '证1', '1999-05-05'),"
    "(1, 0, '990101101201010002J', '99010110120101', '990101101201010002', '110', '1998-10-01', "
    "'9999-01-01', '证2', '1999-05-06');"
    "INSERT INTO CBDKXX(row, bad, DKBM, FBFBM, CBFBM, CBJYQQDFS, HTMJ, CBHTBM, CBJYQZBM) VALUES"
    "(0, 0, '9901011012010100001', '99010110120101', '990101101201010001', '110', '10.10', "
    "'990101101201010001J', '990101101201010001J'),"
    "(1, 0, '9901011012010100002', '99010110120101', '990101101201010001', '110', '20.20', "
    "'990101101201010001J', '990101101201010001J'),"
    "(2, 0, '9901011012010100003', '99010110120101', '990101101201010002', '110', '5.00', "
    "'990101101201010002J', '990101101201010002J');"
    "INSERT INTO CBJYQZ(row, bad, CBJYQZBM, FZRQ, QZLQRXM) VALUES"
    "(0, 0, '990101101201010001J', '1999-06-01', '张三'),"
    "(1, 0, '990101101201010002J', '1999-06-01', '李四')";

class PackageCheckTest : public testing::Test {
 protected:
  void SetUp() override {
    auto scratch = Scratch::Open();
    ASSERT_TRUE(scratch.ok());
    scratch_ = *std::move(scratch);
    ASSERT_TRUE(MakeTables(*scratch_).ok());
    Do(kPackage);
  }

  void Do(const std::string& sql) {
    const absl::Status done = scratch_->Run(sql);
    ASSERT_TRUE(done.ok()) << done;
  }
  void Check() {
    absl::Status status = LinkBoundaries(*scratch_);
    status.Update(CheckRecords(*scratch_, "990101"));
    status.Update(CheckBoundaryRows(*scratch_));
    status.Update(CheckAfterPlots(*scratch_));
    ASSERT_TRUE(status.ok()) << status;
  }
  // "CBF 0 B403 error dangling", in order.
  std::vector<std::string> Findings() {
    auto rows = scratch_->Prepare(
        "SELECT tab, row, rule, severity, detail FROM finding ORDER BY tab, row, rule, detail");
    std::vector<std::string> found;
    for (auto row = rows->Step(); row.ok() && *row; row = rows->Step()) {
      found.push_back(fmt::format("{} {} {} {} {}", rows->Text(0), rows->Integer(1), rows->Text(2),
                                  rows->Integer(3), rows->Text(4)));
    }
    return found;
  }
  // How many rows of each table stay out: "CBF 1".
  std::vector<std::string> Out() {
    std::vector<std::string> out;
    for (const TableLayout& table : AllTables()) {
      const auto bad =
          scratch_->Count(fmt::format("SELECT count(*) FROM {} WHERE bad = 1", Quoted(table.name)));
      if (*bad > 0) out.push_back(fmt::format("{} {}", table.name, *bad));
    }
    return out;
  }

  std::unique_ptr<Scratch> scratch_;
};

TEST_F(PackageCheckTest, ASoundPackageHasNothingToTell) {
  Check();
  EXPECT_EQ(Findings(), std::vector<std::string>());
  EXPECT_EQ(Out(), std::vector<std::string>());
}

// One thing wrong each, what is told of it, and what stays out.
struct Case {
  const char* sql;
  const char* finding;
  std::vector<std::string> out;
};
const Case kCases[] = {
    {"UPDATE FBF SET FBFBM = '88010110120101'",
     "FBF 0 B401 3 other_county",
     {"FBF 1", "CBF 2", "CBF_JTCY 3", "CBHT 2", "CBJYQZDJB 2", "CBDKXX 3", "CBJYQZ 2"}},
    {"UPDATE FBF SET FZRZJLX = '3'",
     "FBF 0 B403 3 contradiction",
     {"FBF 1", "CBF 2", "CBF_JTCY 3", "CBHT 2", "CBJYQZDJB 2", "CBDKXX 3", "CBJYQZ 2"}},
    {"UPDATE CBF SET CBFBM = '990101101201010001' WHERE row = 1",
     "CBF 0 B402 3 in_file",
     {"CBF 2", "CBF_JTCY 3", "CBHT 2", "CBJYQZDJB 2", "CBDKXX 3", "CBJYQZ 2"}},
    {"UPDATE CBF SET CBFMC = '别人' WHERE row = 1",
     "CBF 1 B403 3 representative",
     {"CBF 1", "CBF_JTCY 1", "CBHT 1", "CBJYQZDJB 1", "CBDKXX 1", "CBJYQZ 1"}},
    {"UPDATE CBF SET CBFLX = '3' WHERE row = 1",
     "CBF 1 B403 3 unit_without_name",
     {"CBF 1", "CBF_JTCY 1", "CBHT 1", "CBJYQZDJB 1", "CBDKXX 1", "CBJYQZ 1"}},
    {"UPDATE CBF SET CBFCYSL = '3' WHERE row = 1", "CBF 1 B403 2 count", {}},
    {"UPDATE CBF_JTCY SET bad = 1 WHERE row = 0",
     "CBF 0 B403 3 depends",
     {"CBF 1", "CBF_JTCY 2", "CBHT 1", "CBJYQZDJB 1", "CBDKXX 2", "CBJYQZ 1"}},
    {"DELETE FROM CBF_JTCY WHERE row = 2",
     "CBF 1 B403 3 member_missing",
     {"CBF 1", "CBHT 1", "CBJYQZDJB 1", "CBDKXX 1", "CBJYQZ 1"}},
    {"UPDATE CBF_JTCY SET CYZJHM = 'P2' WHERE row = 1",
     "CBF 0 B403 3 depends",
     {"CBF 1", "CBF_JTCY 2", "CBHT 1", "CBJYQZDJB 1", "CBDKXX 2", "CBJYQZ 1"}},
    {"UPDATE CBF_JTCY SET CBFBM = '990101101201010009' WHERE row = 0",
     "CBF 0 B403 2 count",
     {"CBF_JTCY 1"}},
    {"INSERT INTO CBF_JTCY(row, bad, CBFBM, CYXM, CYZJLX, CYZJHM) VALUES(3, 0, "
     "'990101101201010002', '王五', '5', 'P2')",
     "CBF 1 B403 2 count",
     {}},
    {"UPDATE CBHT SET CBFS = '121' WHERE row = 1",
     "CBDKXX 2 B403 3 dangling",
     {"CBHT 1", "CBJYQZDJB 1", "CBDKXX 1", "CBJYQZ 1"}},
    {"UPDATE CBHT SET CBQXZ = '1998-09-30' WHERE row = 0",
     "CBDKXX 0 B403 3 dangling",
     {"CBHT 1", "CBJYQZDJB 1", "CBDKXX 2", "CBJYQZ 1"}},
    {"UPDATE CBHT SET HTZMJ = '30.31' WHERE row = 0", "CBHT 0 B403 2 sum", {}},
    {"UPDATE CBHT SET CBDKZS = '3' WHERE row = 0", "CBHT 0 B403 2 count", {}},
    {"UPDATE CBJYQZDJB SET CBQXZ = '2029-09-30' WHERE row = 0",
     "CBDKXX 0 B403 3 dangling",
     {"CBHT 1", "CBJYQZDJB 1", "CBDKXX 2", "CBJYQZ 1"}},
    {"DELETE FROM CBJYQZDJB WHERE row = 1",
     "CBDKXX 2 B403 3 dangling",
     {"CBHT 1", "CBDKXX 1", "CBJYQZ 1"}},
    {"INSERT INTO CBJYQZ_QZZX(row, bad, CBJYQZBM, ZXYY, ZXRQ) VALUES(0, 0, '990101101201010002J', "
     "'退出', '2020-01-01')",
     "CBDKXX 2 B403 3 dangling",
     {"CBHT 1", "CBJYQZDJB 1", "CBDKXX 1", "CBJYQZ 1", "CBJYQZ_QZZX 1"}},
    {"UPDATE CBDKXX SET DKBM = '9901011012010100009' WHERE row = 0",
     "CBDKXX 0 B403 3 dangling",
     {"CBDKXX 1", "CBJYQZ 1"}},
    {"UPDATE CBDKXX SET CBFBM = '990101101201010002' WHERE row = 0",
     "CBDKXX 0 B403 3 contradiction",
     {"CBDKXX 1", "CBJYQZ 1"}},
    {"UPDATE CBDKXX SET DKBM = '9901011012010100001' WHERE row = 1",
     "CBDKXX 0 B402 3 in_file",
     {"CBJYQZDJB 1", "CBDKXX 2", "CBJYQZ 1"}},
    {"UPDATE DK SET DKLB = '21' WHERE row = 2", "CBDKXX 2 B403 2 contradiction", {}},
    {"UPDATE DK SET bad = 1 WHERE row = 2",
     "CBDKXX 2 B403 3 depends",
     {"DK 1", "CBJYQZDJB 1", "CBDKXX 1", "CBJYQZ 1"}},
    {"DELETE FROM CBDKXX WHERE row = 0", "CBHT 0 B403 2 count", {}},
    {"INSERT INTO LZHT(row, bad, CBHTBM, LZHTBM, CBFBM, SRFBM, LZQXKSRQ, LZQXJSRQ) VALUES(0, 0, "
     "'990101101201010001J', '990101101201010001', '990101101201010001', '990101101201010009', "
     "'2000-01-01', '2001-01-01')",
     "LZHT 0 B403 3 dangling",
     {"LZHT 1"}},
    {"INSERT INTO JZD(row, bad, JZDH, DKBM) VALUES(0, 0, 'J1', '9901011012010100001/9')",
     "JZD 0 B403 3 off_boundary",
     {"JZD 1"}},
    {"INSERT INTO JZX(row, bad, QJZDH, ZJZDH, DKBM) VALUES(0, 0, 'J1', 'J2', '9')",
     "JZX 0 B403 3 dangling",
     {"JZX 1"}},
};

class PackageCaseTest : public PackageCheckTest, public testing::WithParamInterface<Case> {};

TEST_P(PackageCaseTest, IsToldAndStaysOut) {
  Do(GetParam().sql);
  Check();
  const auto findings = Findings();
  EXPECT_THAT(findings, testing::Contains(GetParam().finding));
  EXPECT_EQ(Out(), GetParam().out) << testing::PrintToString(findings);
}

INSTANTIATE_TEST_SUITE_P(Cases, PackageCaseTest, testing::ValuesIn(kCases));

TEST_F(PackageCheckTest, RecordsSayWhatTheTablesDo) {
  Do("INSERT INTO JZX(row, bad, QJZDH, ZJZDH, DKBM, PLDWQLR) VALUES(0, 0, 'J2', 'J1', "
     "'9901011012010100001', '李四')");
  ASSERT_TRUE(LinkBoundaries(*scratch_).ok());
  ASSERT_TRUE(CheckRecords(*scratch_, "990101").ok());
  std::vector<PartyRecord> issuers;
  std::vector<PartyRecord> contractors;
  ASSERT_TRUE(ForEachIssuer(*scratch_, [&](PartyRecord record) {
                issuers.push_back(std::move(record));
                return absl::OkStatus();
              }).ok());
  ASSERT_TRUE(ForEachContractor(*scratch_, [&](PartyRecord record) {
                contractors.push_back(std::move(record));
                return absl::OkStatus();
              }).ok());
  ASSERT_EQ(issuers.size(), 1u);
  EXPECT_EQ(issuers[0].party.collective().division(), "99010110120101");
  EXPECT_EQ(issuers[0].members[0].person.private_().full_name(), "赵一");
  ASSERT_EQ(contractors.size(), 2u);
  const PartyRecord& first = contractors[0];
  ASSERT_EQ(first.members.size(), 2u);
  EXPECT_EQ(first.members[0].person.private_().full_name(), "张三") << "the head comes first";
  EXPECT_TRUE(first.members[0].standing.head());
  EXPECT_EQ(first.members[0].standing.standing(), v1::MEMBER_STANDING_NOT_STATED);
  EXPECT_EQ(first.members[0].person.private_().source_record(),
            "CBF.CBFCYSL=2\nCBF.YZBM=900100\nCBJYQZ.990101101201010001J.QZLQRXM=张三\n"
            "DK.9901011012010100001.DKDZ=李四\nDK.9901011012010100002.DKDZ=道路\n"
            "JZX.9901011012010100001.J1-J2.PLDWQLR=李四\n");
  ASSERT_EQ(first.titles.size(), 1u);
  const TitleRecord& title = first.titles[0];
  EXPECT_EQ(title.registered_date, "1999-05-05");
  EXPECT_TRUE(title.contract.price_unstated());
  ASSERT_EQ(title.parcels.size(), 2u);
  EXPECT_EQ(title.parcels[0].right.co_ownership(), v1::CO_OWNERSHIP_JOINT);
  EXPECT_EQ(title.parcels[0].right.term().end_date(), "2028-09-30");
  EXPECT_EQ(title.certificate->certificate_number(), "证1");
  EXPECT_TRUE(contractors[1].titles[0].parcels[0].right.term().no_end());
  const auto plot = RegisterOfPlot(*scratch_, "9901011012010100002");
  ASSERT_TRUE(plot.ok() && plot->has_value());
  EXPECT_EQ((*plot)->plot().recorded_area_m2(), "20.20");
  EXPECT_FALSE(RegisterOfPlot(*scratch_, "nowhere")->has_value());
}

}  // namespace
}  // namespace landbook::exchange
