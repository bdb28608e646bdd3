// docs/rules.tsv against the stories that it names: every rule that refuses or warns is shown
// permitting and refusing, by its own id, or says why it is not.
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <map>
#include <set>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "fmt/format.h"

namespace landbook::law {
namespace {

// The columns of docs/rules.tsv.
struct Row {
  std::string id;
  std::string effect;
  std::string permits;  // "tests/acts/FILE:case"
  std::string refuses;
  std::string not_tested_because;

  bool is_enforced() const { return effect == "refuses" || effect == "warns"; }
};

std::vector<std::string> ColumnsOf(const std::string& line) {
  std::vector<std::string> columns;
  std::istringstream stream(line + "\t");
  for (std::string column; std::getline(stream, column, '\t');) columns.push_back(column);
  columns.resize(8);
  return columns;
}

std::vector<Row> Table() {
  std::vector<Row> rows;
  std::ifstream stream(LANDBOOK_SOURCE_DIR "/docs/rules.tsv");
  std::string line;
  std::getline(stream, line);  // the names of the columns
  while (std::getline(stream, line)) {
    const auto columns = ColumnsOf(line);
    rows.push_back({columns[0], columns[1], columns[5], columns[6], columns[7]});
  }
  return rows;
}

// What a case expects: the words behind the arrows of its rows, without their fields, and whether
// a row of it is accepted.
struct Case {
  std::set<std::string> refused_by;
  bool accepts = false;
};

void AddRow(const std::string& line, Case* of) {
  const std::size_t arrow = line.find("-> ");
  if (arrow == std::string::npos) {
    of->accepts = of->accepts || !line.empty();
    return;
  }
  std::istringstream words(line.substr(arrow + 3));
  for (std::string word; words >> word;) of->refused_by.insert(word.substr(0, word.find('@')));
}

// The cases of a file, by name.
std::map<std::string, Case> CasesOf(const std::string& path) {
  std::map<std::string, Case> cases;
  std::ifstream stream(fmt::format("{}/{}", LANDBOOK_SOURCE_DIR, path));
  Case* current = nullptr;
  for (std::string line; std::getline(stream, line);) {
    constexpr std::string_view kCase = "case ";
    if (line.starts_with(kCase)) {
      current = &cases[line.substr(kCase.size())];
    } else if (current != nullptr && !line.starts_with("#")) {
      AddRow(line, current);
    }
  }
  return cases;
}

// The case that "FILE:case" names; fails when there is none.
Case CaseNamed(const std::string& reference) {
  const std::size_t colon = reference.find(':');
  const auto cases = CasesOf(reference.substr(0, colon));
  const auto found = cases.find(reference.substr(std::min(colon, reference.size() - 1) + 1));
  EXPECT_NE(found, cases.end()) << reference;
  return found == cases.end() ? Case() : found->second;
}

TEST(RulesTable, ShowsEveryRulePermittingAndRefusing) {
  for (const Row& row : Table()) {
    SCOPED_TRACE(row.id);
    if (!row.permits.empty()) {
      EXPECT_TRUE(CaseNamed(row.permits).accepts);
    }
    if (!row.refuses.empty() && row.is_enforced()) {
      EXPECT_TRUE(CaseNamed(row.refuses).refused_by.contains(row.id)) << row.refuses;
    }
    const bool shown = !row.permits.empty() && !row.refuses.empty();
    EXPECT_TRUE(!row.is_enforced() || shown || !row.not_tested_because.empty());
  }
}

// The rule book numbers its rules within each chapter; every number has its row.
TEST(RulesTable, HasARowForEveryRuleOfTheBook) {
  std::set<std::string> ids;
  for (const Row& row : Table()) EXPECT_TRUE(ids.insert(row.id).second) << row.id;
  const std::vector<std::pair<char, int>> chapters = {{'D', 11}, {'C', 30}, {'H', 18},
                                                      {'G', 15}, {'W', 13}, {'I', 6}};
  for (const auto& [letter, last] : chapters) {
    for (int number = 1; number <= last; ++number) {
      const std::string id = fmt::format("{}-{:02}", letter, number);
      EXPECT_TRUE(ids.contains(id)) << id;
    }
  }
}

TEST(RulesTable, SaysWhyARuleIsNotEnforced) {
  for (const Row& row : Table()) {
    EXPECT_FALSE(row.effect == "none" && row.not_tested_because.empty()) << row.id;
  }
}

}  // namespace
}  // namespace landbook::law
