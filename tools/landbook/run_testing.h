// Runs the command line in a test and keeps what it wrote.
#ifndef LANDBOOK_TOOLS_LANDBOOK_RUN_TESTING_H_
#define LANDBOOK_TOOLS_LANDBOOK_RUN_TESTING_H_

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "tools/landbook/command_line.h"

namespace landbook::tools {

struct Ran {
  int exit_code = 0;
  std::string out;
  std::string err;
};

inline Ran RunLandbook(const std::vector<std::string>& arguments) {
  std::ostringstream out;
  std::ostringstream err;
  Ran ran;
  ran.exit_code = RunCommandLine(arguments, {out, err});
  ran.out = out.str();
  ran.err = err.str();
  return ran;
}

// A folder of the running test's own, empty at first.
inline std::filesystem::path TestFolder() {
  const auto& test = *testing::UnitTest::GetInstance()->current_test_info();
  const auto folder = std::filesystem::path(testing::TempDir()) /
                      (std::string("landbook-") + test.test_suite_name() + "-" + test.name());
  std::filesystem::remove_all(folder);
  std::filesystem::create_directories(folder);
  return folder;
}

inline std::string WriteFile(const std::filesystem::path& path, const std::string& text) {
  std::ofstream(path, std::ios::binary) << text;
  return path.string();
}

}  // namespace landbook::tools

#endif  // LANDBOOK_TOOLS_LANDBOOK_RUN_TESTING_H_
