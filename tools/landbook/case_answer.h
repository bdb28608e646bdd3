// What the verbs of cases have in common: a case by its number or code, how one is shown, drafts,
// and warnings that an officer accepts.
#ifndef LANDBOOK_TOOLS_LANDBOOK_CASE_ANSWER_H_
#define LANDBOOK_TOOLS_LANDBOOK_CASE_ANSWER_H_

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "landbook/v1/act.pb.h"
#include "landbook/v1/case.pb.h"
#include "landbook/v1/registry_service.pb.h"
#include "tools/landbook/command.h"
#include "tools/landbook/session.h"

namespace landbook::tools {

// The case of that number or code, as the book has it now.
absl::StatusOr<v1::Case> CaseNamed(Session& session, const std::string& number_or_code);

// Writes the case: as JSON, or else as a line of number, code, state, etag and the day it is due.
void AnswerCase(const Command& command, const v1::Case& the_case);

// "REVIEWED" for CASE_STATE_REVIEWED.
std::string StateWord(v1::CaseState state);

// The application of the file, in protobuf JSON.
absl::StatusOr<v1::Application> ReadApplication(const std::string& path);
// Keeps the application as a draft, which the request id makes safe to repeat, and writes the
// draft: as JSON, or else as a line of number, kind and etag.
absl::Status KeepDraft(const Command& command, Session& session, v1::Application application,
                       const std::string& request_id);

// Adds --override RULE=REASON and --document to a verb.
void AddOverrides(CLI::App& verb, std::vector<std::string>& overrides,
                  std::string& document_number);
// The warnings that `overrides` accept, by that document. A text that is not RULE=REASON is wrong
// usage.
absl::Status ReadOverrides(const std::vector<std::string>& overrides,
                           const std::string& document_number,
                           google::protobuf::RepeatedPtrField<v1::Override>* accepted);

}  // namespace landbook::tools

#endif  // LANDBOOK_TOOLS_LANDBOOK_CASE_ANSWER_H_
