#include "tools/landbook/commit.h"

#include <fmt/format.h>
#include <google/protobuf/util/time_util.h>

#include <ostream>
#include <string>

namespace landbook::tools {
namespace {

// "PLOT" for RECORD_KIND_PLOT.
std::string KindWord(v1::RecordKind kind) {
  constexpr std::string_view kPrefix = "RECORD_KIND_";
  const std::string& name = v1::RecordKind_Name(kind);
  return name.starts_with(kPrefix) ? name.substr(kPrefix.size()) : name;
}

Table ResultTable(const v1::CommitResponse& response) {
  Table table({"act", "record", "number", "code"});
  for (const v1::ActResult& result : response.results()) {
    if (result.records().empty()) table.Add({result.act(), "", "", ""});
    for (const v1::RecordName& record : result.records()) {
      table.Add(
          {result.act(), KindWord(record.kind()), fmt::to_string(record.number()), record.code()});
    }
  }
  return table;
}

void AnswerCommit(const Command& command, const v1::CommitResponse& response) {
  if (!command.json() && response.sequence() != 0) {
    command.out << fmt::format("entry {} recorded at {}\n", response.sequence(),
                               google::protobuf::util::TimeUtil::ToString(response.recorded_at()));
  }
  command.Answer(response, ResultTable(response));
  for (const v1::Finding& finding : response.findings()) {
    command.err << finding.rule() << ": " << finding.message_en() << "\n";
  }
}

}  // namespace

absl::Status SendCommit(const Command& command, Session& session,
                        const v1::CommitRequest& request) {
  const auto response = session.Call(&Session::Registry::Commit, request);
  if (!response.ok()) return response.status();
  AnswerCommit(command, *response);
  if (!response->refusals().empty()) return Refused(response->refusals());
  return absl::OkStatus();
}

}  // namespace landbook::tools
