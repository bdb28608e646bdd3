// Acts as rows of text, so that cases can be read and written by people who know the law and not
// the program. tests/acts/README.md says what a row may hold.
#ifndef LANDBOOK_SERVICES_REGISTRY_ACT_ROWS_TESTING_H_
#define LANDBOOK_SERVICES_REGISTRY_ACT_ROWS_TESTING_H_

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
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
  // For what an earlier act of the commit under way makes: the act, and the place among what it
  // makes of that kind.
  std::optional<v1::CreatedBy> within = {};
};
using NamedRecords = std::map<std::string, NamedRecord>;

// The act that a row says, with its evidence in `commit`; nullopt for a verb that is no act. Names
// and etags come from the scene.
struct RowScene {
  const ActBench& bench;
  const NamedRecords& named;
  // What the earlier acts of the commit under way have changed, by kind and number.
  const std::set<std::pair<int, std::uint64_t>>& changed;
};
std::optional<v1::Act> ActOfRow(const ActRow& row, const RowScene& scene, v1::Commit* commit);

// What a case applies for, as rows: "apply A kind=... by=... units=..." and the acts up to
// "drafted". The acts are made when they are accepted and when they are registered, each time with
// the etags of the day.
struct Draft {
  ActRow applied;
  std::vector<ActRow> rows;
};

// The application of a draft, with its acts and their evidence in `planned`. The kind of case is
// looked up in the packs.
v1::Application ApplicationOfDraft(const Draft& draft, const v1::Commit& planned,
                                   const RowScene& scene);

// Who sits in the office, as rows: "officer Wu role=intake from=... until=...". Intake, Reviewer
// and Registrar are there already.
class OfficerRows {
 public:
  void Add(const ActRow& row);
  // The officer in the role that brings the act, where an appointment gives it on the day;
  // otherwise in a role that the officer has, or as a citizen.
  v1::Actor ActorFor(const std::string& officer, const v1::Act& act, const std::string& day) const;

 private:
  struct Appointed {
    v1::Role role;
    std::string from;
    std::string until;
  };
  std::map<std::string, std::vector<Appointed>> appointed_ = {
      {"Intake", {{v1::ROLE_INTAKE, "2000-01-01", "9999-12-31"}}},
      {"Reviewer", {{v1::ROLE_REVIEWER, "2000-01-01", "9999-12-31"}}},
      {"Registrar", {{v1::ROLE_REGISTRAR, "2000-01-01", "9999-12-31"}}}};
};

// Runs rows on a bench of its own.
class ActRowRunner {
 public:
  // Does the row and compares. Empty when all was as expected, otherwise what was not.
  std::string Run(const ActRow& row);

 private:
  // The acts of one commit, with the rows that say them.
  struct Together {
    v1::Commit commit;
    std::vector<ActRow> rows;
    std::set<std::pair<int, std::uint64_t>> changed;
    NamedRecords named_before;
    std::string officer;  // who brings it; empty for the actor of the rows before
  };

  // The row with {c} as the county's code.
  ActRow InCounty(ActRow row) const;
  std::string RunWorld(const std::string& name);
  std::string AddAct(const ActRow& row);
  std::string RunCommit(const ActRow& row);
  // Cases.
  bool RunDraft(const ActRow& row);
  std::string GatherDraft(const Draft& draft);
  std::string BringApplication(const ActRow& row);
  std::string RegisterCase(const ActRow& row);
  std::string Explain(const ActRow& row);
  std::string LoadPack(const ActRow& row) const;
  std::string CheckOverdue(const ActRow& row) const;
  std::string DueOfCase(const std::string& what, std::uint64_t number) const;
  // The named rights in the plot that a split takes along, by number: "Contract" for
  // "Contract.FieldA".
  std::vector<std::string> RightsInPlot(const std::string& plot) const;
  void NameWithin(const ActRow& row, std::uint32_t act);
  void Name(const ActRow& row, const std::vector<std::uint64_t>& created);
  bool RunSetting(const ActRow& row);
  bool RunOffice(const ActRow& row);
  void ByHand(const ActRow& row);
  void Build(const ActRow& row);
  // What is not as it should be; empty when all is, nullopt for a row that checks nothing.
  std::optional<std::string> Check(const ActRow& row) const;
  std::string CheckRecord(const ActRow& row) const;
  std::string CheckUnchanged(const ActRow& row) const;
  std::string CheckHousehold(const ActRow& row) const;
  std::string NamesOf(v1::RecordKind kind, const std::vector<std::uint64_t>& numbers) const;
  std::string CheckOrder(const ActRow& row) const;
  std::string CheckDue(const ActRow& row) const;
  std::string CheckJournal(const ActRow& row) const;

  BenchCounty county_;
  std::unique_ptr<ActBench> bench_ = std::make_unique<ActBench>(county_);
  std::optional<Together> together_;
  std::string document_number_;
  NamedRecords named_;
  OfficerRows officers_;
  std::map<std::string, Draft> drafts_;
  std::optional<Draft> drafting_;
  std::map<std::pair<int, std::uint64_t>, std::string> before_;  // the last act's
  Decided last_;
};

}  // namespace landbook::registry

#endif  // LANDBOOK_SERVICES_REGISTRY_ACT_ROWS_TESTING_H_
