// Runs the cases of tests/acts: every rule of the acts, permitted and refused, as rows of text.
#include <algorithm>
#include <filesystem>
#include <string>
#include <vector>

#include "gtest/gtest.h"
#include "services/registry/act_rows_testing.h"

namespace landbook::registry {
namespace {

std::vector<std::string> CaseFiles() {
  std::vector<std::string> files;
  for (const auto& entry :
       std::filesystem::directory_iterator(std::string(LANDBOOK_SOURCE_DIR) + "/tests/acts")) {
    if (entry.path().extension() == ".txt") files.push_back(entry.path().string());
  }
  std::sort(files.begin(), files.end());
  return files;
}

std::string NameOf(const testing::TestParamInfo<std::string>& info) {
  std::string name = std::filesystem::path(info.param).stem().string();
  std::replace(name.begin(), name.end(), '-', '_');
  return name;
}

class ActCases : public testing::TestWithParam<std::string> {};

TEST_P(ActCases, EveryRowEndsAsItSays) {
  const ActCaseFile file = ReadActCases(GetParam());
  ASSERT_FALSE(file.cases.empty());
  for (const ActCase& one : file.cases) {
    SCOPED_TRACE(one.name);
    ActRowRunner runner;
    for (const ActRow& row : file.world) ASSERT_EQ(runner.Run(row), "");
    for (const ActRow& row : one.rows) EXPECT_EQ(runner.Run(row), "");
  }
}

INSTANTIATE_TEST_SUITE_P(TestsActs, ActCases, testing::ValuesIn(CaseFiles()), NameOf);

// A runner that could not fail would pass everything.
TEST(ActRowRunner, TellsWhatWasNotAsExpected) {
  ActRowRunner runner;
  ActRow row;
  row.line = 7;
  row.verb = "open";
  EXPECT_TRUE(runner.Run(row).starts_with("line 7: expected [], was [ACT_ROLE_NOT_ALLOWED@]"));
  row.expected = {"ACT_ROLE_NOT_ALLOWED"};
  EXPECT_EQ(runner.Run(row), "");
  row.verb = "fly";
  EXPECT_EQ(runner.Run(row), "line 7: no such act: fly");
}

}  // namespace
}  // namespace landbook::registry
