// commit: one Commit in protobuf JSON.
#include <memory>
#include <string>

#include "tools/landbook/command.h"
#include "tools/landbook/commit.h"
#include "tools/landbook/json.h"
#include "tools/landbook/text_file.h"

namespace landbook::tools {
namespace {

absl::Status Ask(const Command& command, Session& session, const std::string& path) {
  const absl::StatusOr<std::string> text = ReadTextFile(path);
  if (!text.ok()) return text.status();
  v1::CommitRequest request;
  const absl::Status parsed = ParseJson(*text, path, *request.mutable_commit());
  if (!parsed.ok()) return parsed;
  request.set_county(session.settings().county);
  return SendCommit(command, session, request);
}

}  // namespace

void AddCommitVerbs(CLI::App& app, Command& command) {
  auto path = std::make_shared<std::string>();
  CLI::App* verb = app.add_subcommand("commit", "ask the book for the acts of a file");
  verb->add_option("FILE", *path, "a Commit in protobuf JSON; - reads the standard input")
      ->required();
  verb->callback([path, &command] {
    command.RunInCounty(
        [path, &command](Session& session) { return Ask(command, session, *path); });
  });
}

}  // namespace landbook::tools
