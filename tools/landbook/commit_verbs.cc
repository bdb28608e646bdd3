// commit: one Commit in protobuf JSON.
#include <fmt/format.h>

#include <memory>
#include <string>

#include "tools/landbook/command.h"
#include "tools/landbook/commit.h"
#include "tools/landbook/json.h"
#include "tools/landbook/outcome.h"
#include "tools/landbook/text_file.h"

namespace landbook::tools {
namespace {

struct CommitOptions {
  std::string path;
  std::string document_number;
};

// Gives the commit the document that was named beside it; of two it cannot be told which is meant.
absl::Status NameDocument(const std::string& document_number, v1::Commit& commit) {
  if (document_number.empty()) return absl::OkStatus();
  if (!commit.document_number().empty() && commit.document_number() != document_number) {
    return UsageError(fmt::format("--document {} came, and the file says document_number {}",
                                  document_number, commit.document_number()));
  }
  commit.set_document_number(document_number);
  return absl::OkStatus();
}

absl::Status Ask(const Command& command, Session& session, const CommitOptions& options) {
  const absl::StatusOr<std::string> text = ReadTextFile(options.path);
  if (!text.ok()) return text.status();
  v1::CommitRequest request;
  absl::Status read = ParseJson(*text, options.path, *request.mutable_commit());
  if (read.ok()) read = NameDocument(options.document_number, *request.mutable_commit());
  if (!read.ok()) return read;
  request.set_county(session.settings().county);
  return SendCommit(command, session, request);
}

}  // namespace

void AddCommitVerbs(CLI::App& app, Command& command) {
  auto options = std::make_shared<CommitOptions>();
  CLI::App* verb = app.add_subcommand("commit", "ask the book for the acts of a file");
  verb->add_option("FILE", options->path, "a Commit in protobuf JSON; - reads the standard input")
      ->required();
  verb->add_option(
      "--document", options->document_number,
      "the document that instructs an administrator's hand, where the file names none");
  verb->callback([options, &command] {
    command.RunInCounty(
        [options, &command](Session& session) { return Ask(command, session, *options); });
  });
}

}  // namespace landbook::tools
