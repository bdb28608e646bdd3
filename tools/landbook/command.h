// What the verbs stand on: where they write, how they reach a server, and how each puts itself into
// the command line.
#ifndef LANDBOOK_TOOLS_LANDBOOK_COMMAND_H_
#define LANDBOOK_TOOLS_LANDBOOK_COMMAND_H_

#include <CLI/CLI.hpp>
#include <functional>
#include <iosfwd>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "google/protobuf/message.h"
#include "landbook/v1/book.pb.h"
#include "landbook/v1/common.pb.h"
#include "tools/landbook/session.h"
#include "tools/landbook/settings.h"
#include "tools/landbook/table.h"

namespace landbook::tools {

// One run of the program. Parsing fills `settings` and chooses `action`; then the action runs.
struct Command {
  std::ostream& out;  // answers
  std::ostream& err;  // messages, refusals, progress
  bool err_is_terminal = false;
  Settings settings;
  std::function<absl::Status()> action;

  // Runs `verb` as the action with a session to the server.
  void RunWithSession(std::function<absl::Status(Session&)> verb);
  // The same for verbs of one county: without --county the usage is wrong.
  void RunInCounty(std::function<absl::Status(Session&)> verb);

  bool json() const { return settings.output == OutputFormat::kJson; }

  // Writes `answer`: as JSON, or else as a record for people.
  void Answer(const google::protobuf::Message& answer) const;
  // Writes `answer` as JSON, or else `table`.
  void Answer(const google::protobuf::Message& answer, const Table& table) const;
};

// The book that --county names.
absl::StatusOr<v1::County> CountyOf(Session& session);

// What --as-of asks for: digits are an entry's sequence, anything else is a time as RFC 3339, which
// the server reads. Nothing for an empty text.
v1::ReadOptions ReadAsOf(const std::string& as_of);

// A number that people write, of a record. `what` names it in the usage error for anything else.
absl::StatusOr<std::uint64_t> NumberFrom(const std::string& text, const std::string& what);

// Each adds its verbs to `app`; their actions borrow `command`, which has to outlive them.
void AddCountyVerbs(CLI::App& app, Command& command);
void AddPlotVerbs(CLI::App& app, Command& command);
void AddPlotChangeVerbs(CLI::App& plot, Command& command);
void AddPlotMapVerb(CLI::App& plot, Command& command);
void AddRecordVerbs(CLI::App& app, Command& command);
void AddCommitVerbs(CLI::App& app, Command& command);
void AddCaseVerbs(CLI::App& app, Command& command);
// Those that take a case from one step to the next, under `landbook case`.
void AddCaseStepVerbs(CLI::App& case_verb, Command& command);
void AddJournalVerbs(CLI::App& app, Command& command);
void AddVerifyVerbs(CLI::App& app, Command& command);
void AddImportVerb(CLI::App& app, Command& command);
void AddControlVerbs(CLI::App& app, Command& command);
void AddCheckVerb(CLI::App& app, Command& command);
void AddExportVerb(CLI::App& app, Command& command);
void AddOfficeCaVerbs(CLI::App& app, Command& command);
void AddBenchVerb(CLI::App& app, Command& command);

}  // namespace landbook::tools

#endif  // LANDBOOK_TOOLS_LANDBOOK_COMMAND_H_
