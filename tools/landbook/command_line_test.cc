#include "tools/landbook/command_line.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tools/landbook/fake_registry_testing.h"
#include "tools/landbook/outcome.h"
#include "tools/landbook/run_testing.h"

namespace landbook::tools {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;

class CommandLineTest : public testing::Test {
 protected:
  Ran Run(std::vector<std::string> arguments) {
    arguments.insert(arguments.end(), {"--server", registry_.address});
    return RunLandbook(arguments);
  }
  Ran RunInCounty(std::vector<std::string> arguments) {
    arguments.insert(arguments.end(), {"--county", "990101"});
    return Run(arguments);
  }

  FakeRegistry registry_;
};

v1::Refusal RefusalNamed(common::Reason reason, const std::string& sentence,
                         const std::string& source) {
  return common::Refuse(reason, "", {sentence, sentence}, source);
}

TEST(UsageTest, WrongUsageEndsWithTwo) {
  for (const std::vector<std::string>& arguments : std::vector<std::vector<std::string>>{
           {},
           {"no-such-verb"},
           {"county"},
           {"county", "list", "--no-such-flag"},
           {"county", "list", "--output", "xml"},
           {"county", "create", "990101"},
           {"plot", "find", "--county", "990101"},
           {"plot", "find", "--county", "990101", "--at", "1,2", "--bbox", "1,2,3,4"},
           {"plot", "get", "1"},
           {"clock", "advance", "0"},
           {"clock", "advance", "many"},
           {"import", "x.shp", "--code-field", "A", "--allocate-codes", "990101001001"},
           {"county", "create", "990101", "--name", "n", "--policy", "p", "--crs", "WGS84"},
           {"right", "list", "--county", "990101", "--holder", "Wang"}}) {
    const Ran ran = RunLandbook(arguments);
    EXPECT_EQ(ran.exit_code, 2) << testing::PrintToString(arguments) << ran.err;
    EXPECT_FALSE(ran.err.empty()) << testing::PrintToString(arguments);
  }
}

TEST(UsageTest, HelpIsAnAnswer) {
  const Ran ran = RunLandbook({"--help"});
  EXPECT_EQ(ran.exit_code, 0);
  EXPECT_THAT(ran.out, HasSubstr("import"));
}

TEST(UsageTest, AServerThatIsNotThereIsNamed) {
  const Ran ran = RunLandbook({"county", "discard", "990101", "--server", "127.0.0.1:1"});
  EXPECT_EQ(ran.exit_code, 1);
  EXPECT_THAT(ran.err, HasSubstr("no server answers at 127.0.0.1:1"));
}

TEST_F(CommandLineTest, FlagsStandBeforeOrAfterTheVerb) {
  EXPECT_EQ(RunLandbook({"--server", registry_.address, "county", "list"}).exit_code, 0);
  EXPECT_EQ(RunLandbook({"county", "list", "--server", registry_.address}).exit_code, 0);
  EXPECT_EQ(registry_.calls, 2);
}

TEST_F(CommandLineTest, TheCallerIsSentAlong) {
  EXPECT_EQ(Run({"county", "list", "--as", "li:registrar@990101"}).exit_code, 0);
  EXPECT_EQ(registry_.officer, "li:registrar@990101");
  EXPECT_EQ(Run({"county", "list"}).exit_code, 0);
  EXPECT_EQ(registry_.officer, "");
}

TEST_F(CommandLineTest, AllPagesMakeOneAnswer) {
  for (const char* code : {"990101", "990102", "990103"}) {
    registry_.counties.emplace_back().set_code(code);
  }
  const Ran ran = Run({"county", "list", "--output", "json"});
  EXPECT_EQ(ran.exit_code, 0);
  for (const char* code : {"990101", "990102", "990103"}) EXPECT_THAT(ran.out, HasSubstr(code));
  EXPECT_THAT(ran.out, HasSubstr("\"next_page_token\":\"\""));
}

TEST_F(CommandLineTest, JsonPrintsZerosUnderTheProtosNames) {
  registry_.counties.emplace_back().set_code("990101");
  const Ran ran = Run({"county", "list", "--output", "json"});
  EXPECT_THAT(ran.out, HasSubstr("\"pack_version\":0"));
  EXPECT_THAT(ran.out, HasSubstr("\"trial\":false"));
}

TEST_F(CommandLineTest, EveryRefusalIsALine) {
  registry_.failure = common::StatusFromRefusals(std::vector<v1::Refusal>{
      RefusalNamed(common::Reason::MORTGAGE_NOT_PERMITTED, "homesteads are not mortgaged",
                   "CC 399(2)"),
      RefusalNamed(common::Reason::TERM_TOO_LONG, "at most 70 years", "")});
  registry_.failures_left = 1;
  const std::string path = WriteFile(TestFolder() / "commit.json", R"({"request_id": "r1"})");
  const Ran ran = RunInCounty({"commit", path});
  EXPECT_EQ(ran.exit_code, 1);
  EXPECT_EQ(ran.err,
            "FAILED_PRECONDITION MORTGAGE_NOT_PERMITTED: homesteads are not mortgaged "
            "[CC 399(2)]\n"
            "FAILED_PRECONDITION TERM_TOO_LONG: at most 70 years\n");
}

TEST_F(CommandLineTest, ReadsAreTriedAgainAndOtherCallsAreNot) {
  registry_.failure = grpc::Status(grpc::StatusCode::UNAVAILABLE, "busy");
  registry_.failures_left = 2;
  EXPECT_EQ(Run({"county", "list"}).exit_code, 0);
  EXPECT_EQ(registry_.calls, 3);
  registry_.failures_left = 1;
  EXPECT_EQ(Run({"county", "discard", "990101"}).exit_code, 1);
  EXPECT_EQ(registry_.calls, 4);
}

TEST_F(CommandLineTest, ACommitIsSentAsTheFileSays) {
  registry_.commit_response.set_sequence(8);
  const std::string path =
      WriteFile(TestFolder() / "commit.json",
                R"({"request_id": "r1", "document_number": "d", "acts": [{"open_book": {}}]})");
  const Ran ran = RunInCounty({"commit", path, "--output", "json"});
  EXPECT_EQ(ran.exit_code, 0) << ran.err;
  EXPECT_EQ(registry_.commit.county(), "990101");
  EXPECT_EQ(registry_.commit.commit().request_id(), "r1");
  EXPECT_TRUE(registry_.commit.commit().acts(0).has_open_book());
  EXPECT_FALSE(registry_.commit.validate_only());
  EXPECT_THAT(ran.out, HasSubstr("\"sequence\":\"8\""));
}

TEST_F(CommandLineTest, ACommitIsSentUnderTheDocumentThatIsNamedBesideIt) {
  const std::string without = WriteFile(TestFolder() / "without.json",
                                        R"({"request_id": "r1", "acts": [{"open_book": {}}]})");
  EXPECT_EQ(RunInCounty({"commit", without, "--document", "d"}).exit_code, 0);
  EXPECT_EQ(registry_.commit.commit().document_number(), "d");
  const std::string with =
      WriteFile(TestFolder() / "with.json", R"({"request_id": "r1", "document_number": "e"})");
  const int calls = registry_.calls;
  const Ran ran = RunInCounty({"commit", with, "--document", "d"});
  EXPECT_EQ(ran.exit_code, kExitUsage);
  EXPECT_THAT(ran.err, HasSubstr("--document d came, and the file says document_number e"));
  EXPECT_EQ(registry_.calls, calls);
  EXPECT_EQ(RunInCounty({"commit", with, "--document", "e"}).exit_code, 0);
}

TEST_F(CommandLineTest, ACommitFileWithAnUnknownFieldIsNotSent) {
  const std::string path =
      WriteFile(TestFolder() / "commit.json", R"({"acts": [], "nonsense": 1})");
  const Ran ran = RunInCounty({"commit", path});
  EXPECT_EQ(ran.exit_code, 1);
  EXPECT_THAT(ran.err, HasSubstr("nonsense"));
  EXPECT_EQ(registry_.calls, 0);
  EXPECT_EQ(RunInCounty({"commit", path + ".not"}).exit_code, 1);
}

TEST_F(CommandLineTest, ExplainEndsWellOnlyWhenNothingStandsInTheWay) {
  const std::string path = WriteFile(TestFolder() / "commit.json", R"({"acts": []})");
  EXPECT_EQ(RunInCounty({"explain", path}).exit_code, 0);
  EXPECT_TRUE(registry_.commit.validate_only());
  EXPECT_FALSE(registry_.commit.commit().request_id().empty());
  *registry_.commit_response.add_refusals() =
      RefusalNamed(common::Reason::ACTS_REQUIRED, "a commit has acts", "");
  const Ran ran = RunInCounty({"explain", path});
  EXPECT_EQ(ran.exit_code, 1);
  EXPECT_EQ(ran.err, "INVALID_ARGUMENT ACTS_REQUIRED: a commit has acts\n");
}

TEST_F(CommandLineTest, AWindowsPlotsAreReadAsOfItsEntry) {
  // Plot 300 in tier 2 with three bytes of the index, then plot 5 in tier 1 with none.
  registry_.pages = {std::string("\xac\x02\x02\x03"
                                 "abc",
                                 7),
                     std::string("\x05\x01\x00", 3)};
  const Ran ran = RunInCounty({"plot", "find", "--bbox", "3,4,1,2", "--output", "json"});
  EXPECT_EQ(ran.exit_code, 0) << ran.err;
  EXPECT_THAT(registry_.batch.plots(), testing::ElementsAre("300", "5"));
  EXPECT_EQ(registry_.batch.read().sequence(), 7u);
  registry_.pages = {
      std::string("\xac\x02\x02\x04"
                  "abc",
                  7)};
  EXPECT_EQ(RunInCounty({"plot", "find", "--bbox", "1,2,3,4"}).exit_code, 1);
}

TEST_F(CommandLineTest, MergeNamesThePlotsAsTheyWereSeen) {
  for (const char* code : {"A", "B"}) {
    v1::Plot& plot = registry_.plots.emplace_back();
    plot.set_code(code);
    plot.set_number(static_cast<std::uint64_t>(code[0]));
    plot.set_etag(std::string("seen-") + code);
  }
  EXPECT_EQ(RunInCounty({"plot", "merge", "A", "B", "--document", "d"}).exit_code, 0);
  const v1::MergePlots& merge = registry_.commit.commit().acts(0).merge_plots();
  ASSERT_EQ(merge.plots_size(), 2);
  EXPECT_EQ(merge.plots(1).plot().number(), 66u);
  EXPECT_EQ(merge.plots(1).etag(), "seen-B");
  EXPECT_EQ(registry_.commit.commit().document_number(), "d");
}

TEST_F(CommandLineTest, VerifyTellsFaultsAndFails) {
  registry_.verify_responses.resize(2);
  registry_.verify_responses[1].set_done(true);
  registry_.verify_responses[1].set_entries(12);
  Ran ran = RunInCounty({"verify", "book", "--output", "json"});
  EXPECT_EQ(ran.exit_code, 0) << ran.err;
  EXPECT_THAT(ran.out, HasSubstr("\"entries\":12"));
  registry_.verify_responses[1].add_faults("leaf 3 does not hash to the tree");
  ran = RunInCounty({"verify", "book"});
  EXPECT_EQ(ran.exit_code, 1);
  EXPECT_THAT(ran.err, HasSubstr("leaf 3 does not hash to the tree"));
  registry_.verify_responses.pop_back();
  EXPECT_EQ(RunInCounty({"verify", "book"}).exit_code, 1) << "an answer without its end";
}

TEST_F(CommandLineTest, VerifyWithoutACountyCoversEveryBook) {
  registry_.counties.emplace_back().set_code("990101");
  registry_.counties.emplace_back().set_code("990102");
  registry_.verify_responses.emplace_back().set_done(true);
  const Ran ran = Run({"verify", "book"});
  EXPECT_EQ(ran.exit_code, 0) << ran.err;
  EXPECT_THAT(ran.out, HasSubstr("990101"));
  EXPECT_THAT(ran.out, HasSubstr("990102"));
  const Ran json = Run({"verify", "book", "--output", "json"});
  EXPECT_EQ(std::count(json.out.begin(), json.out.end(), '\n'), 2);
  for (const char* start : {"{\"county\":\"990101\",\"", "{\"county\":\"990102\",\""}) {
    EXPECT_THAT(json.out, HasSubstr(start));
  }
}

TEST_F(CommandLineTest, VerifyNamesTheBookThatItCouldNotRead) {
  registry_.counties.emplace_back().set_code("990101");
  const Ran ran = Run({"verify", "book"});
  EXPECT_EQ(ran.exit_code, 1);
  EXPECT_THAT(ran.err, HasSubstr("990101: the book was not verified"));
}

TEST_F(CommandLineTest, TheJournalIsALineAnEntry) {
  registry_.journal.emplace_back().set_sequence(5);
  registry_.journal.emplace_back().set_sequence(6);
  const Ran ran = RunInCounty({"watch", "--from", "5", "--once"});
  EXPECT_EQ(ran.exit_code, 0) << ran.err;
  EXPECT_EQ(std::count(ran.out.begin(), ran.out.end(), '\n'), 2);
  EXPECT_EQ(registry_.watch.from_sequence(), 5u);
  EXPECT_TRUE(registry_.watch.once());
  EXPECT_THAT(ran.err, IsEmpty());
}

}  // namespace
}  // namespace landbook::tools
