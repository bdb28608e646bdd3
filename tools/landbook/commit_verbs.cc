// commit and explain: one Commit in protobuf JSON.
#include <memory>
#include <string>

#include "tools/landbook/command.h"
#include "tools/landbook/commit.h"
#include "tools/landbook/json.h"
#include "tools/landbook/request_id.h"
#include "tools/landbook/text_file.h"

namespace landbook::tools {
namespace {

absl::Status Ask(const Command& command, Session& session, const std::string& path,
                 bool validate_only) {
  const absl::StatusOr<std::string> text = ReadTextFile(path);
  if (!text.ok()) return text.status();
  v1::CommitRequest request;
  const absl::Status parsed = ParseJson(*text, path, *request.mutable_commit());
  if (!parsed.ok()) return parsed;
  request.set_county(session.settings().county);
  request.set_validate_only(validate_only);
  // A question may go without an id: it leaves nothing that could be doubled.
  if (validate_only && request.commit().request_id().empty()) {
    request.mutable_commit()->set_request_id(NewRequestId());
  }
  return SendCommit(command, session, request);
}

void AddVerb(CLI::App& app, Command& command, const char* name, const char* description,
             bool validate_only) {
  auto path = std::make_shared<std::string>();
  CLI::App* verb = app.add_subcommand(name, description);
  verb->add_option("FILE", *path, "a Commit in protobuf JSON; - reads the standard input")
      ->required();
  verb->callback([path, validate_only, &command] {
    command.RunInCounty([path, validate_only, &command](Session& session) {
      return Ask(command, session, *path, validate_only);
    });
  });
}

}  // namespace

void AddCommitVerbs(CLI::App& app, Command& command) {
  AddVerb(app, command, "commit", "ask the book for the acts of a file", false);
  AddVerb(app, command, "explain", "what stands in the way of the acts of a file", true);
}

}  // namespace landbook::tools
