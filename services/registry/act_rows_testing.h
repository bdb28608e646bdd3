// Acts as rows of text, so that cases can be read and written by people who know the law and not
// the program. tests/acts/README.md says what a row may hold.
#ifndef LANDBOOK_SERVICES_REGISTRY_ACT_ROWS_TESTING_H_
#define LANDBOOK_SERVICES_REGISTRY_ACT_ROWS_TESTING_H_

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "services/registry/act_testing.h"

namespace landbook::registry {

// One row: what is done, the name of what it is done to or makes, facts, and what is expected.
struct ActRow {
  int line = 0;
  std::string verb;
  std::string name;
  std::map<std::string, std::string> facts;
  std::vector<std::string> expected;  // reasons, each maybe with @field; none: it is accepted

  // The fact, or what it is without one.
  std::string Fact(const std::string& key, std::string_view otherwise = "") const;
  bool Has(const std::string& key) const { return facts.contains(key); }
};

// A named case with its rows.
struct ActCase {
  std::string name;
  std::vector<ActRow> rows;
};

// A file of cases; the rows before the first case are done before each of them.
struct ActCaseFile {
  std::vector<ActRow> world;
  std::vector<ActCase> cases;
};

// REQUIRES: a file that is there.
ActCaseFile ReadActCases(const std::string& path);

// The parts of a list; none of an empty text.
std::vector<std::string> Parts(std::string_view text, char separator);

// The records that rows have named, by name.
struct NamedRecord {
  v1::RecordKind kind = v1::RECORD_KIND_UNSPECIFIED;
  std::uint64_t number = 0;
};
using NamedRecords = std::map<std::string, NamedRecord>;

// The act that a row says, with its evidence in `commit`; nullopt for a verb that is no act. Names
// and etags come from the scene.
struct RowScene {
  const ActBench& bench;
  const NamedRecords& named;
};
std::optional<v1::Act> ActOfRow(const ActRow& row, const RowScene& scene, v1::Commit* commit);

// Runs rows on a bench of its own.
class ActRowRunner {
 public:
  // Does the row and compares. Empty when all was as expected, otherwise what was not.
  std::string Run(const ActRow& row);

 private:
  std::string RunAct(const ActRow& row);
  void Name(const ActRow& row);
  bool RunSetting(const ActRow& row);
  std::string CheckRecord(const ActRow& row) const;
  std::string CheckUnchanged(const ActRow& row) const;

  ActBench bench_;
  std::string document_number_;
  NamedRecords named_;
  std::map<std::pair<int, std::uint64_t>, std::string> before_;  // the last act's
  Decided last_;
};

}  // namespace landbook::registry

#endif  // LANDBOOK_SERVICES_REGISTRY_ACT_ROWS_TESTING_H_
