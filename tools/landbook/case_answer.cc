#include "tools/landbook/case_answer.h"

#include <fmt/format.h>

#include <string_view>
#include <utility>

#include "tools/landbook/json.h"
#include "tools/landbook/outcome.h"
#include "tools/landbook/table.h"
#include "tools/landbook/text_file.h"

namespace landbook::tools {

absl::StatusOr<v1::Case> CaseNamed(Session& session, const std::string& number_or_code) {
  v1::GetCaseRequest request;
  request.set_county(session.settings().county);
  request.set_case_(number_or_code);
  return session.Call(&Session::Registry::GetCase, request);
}

std::string StateWord(v1::CaseState state) {
  constexpr std::string_view kPrefix = "CASE_STATE_";
  const std::string& name = v1::CaseState_Name(state);
  return name.starts_with(kPrefix) ? name.substr(kPrefix.size()) : name;
}

void AnswerCase(const Command& command, const v1::Case& the_case) {
  Table table({"case", "code", "kind", "state", "etag", "due"});
  table.Add({fmt::to_string(the_case.number()), the_case.code(), the_case.kind(),
             StateWord(the_case.state()), the_case.etag(), the_case.due_date()});
  command.Answer(the_case, table);
}

absl::StatusOr<v1::Application> ReadApplication(const std::string& path) {
  const absl::StatusOr<std::string> text = ReadTextFile(path);
  if (!text.ok()) return text.status();
  v1::Application application;
  if (absl::Status parsed = ParseJson(*text, path, application); !parsed.ok()) return parsed;
  return application;
}

absl::Status KeepDraft(const Command& command, Session& session, v1::Application application,
                       const std::string& request_id) {
  v1::CreateDraftRequest request;
  request.set_county(session.settings().county);
  request.set_request_id(request_id);
  *request.mutable_application() = std::move(application);
  const auto draft = session.Call(&Session::Conveyance::CreateDraft, request);
  if (!draft.ok()) return draft.status();
  Table table({"draft", "kind", "etag"});
  table.Add({fmt::to_string(draft->number()), draft->application().kind(), draft->etag()});
  command.Answer(*draft, table);
  return absl::OkStatus();
}

void AddOverrides(CLI::App& verb, std::vector<std::string>& overrides,
                  std::string& document_number) {
  verb.add_option("--override", overrides, "RULE=REASON: a warning that is accepted")
      ->take_all()
      ->expected(1);
  verb.add_option("--document", document_number, "the document that allows it");
}

absl::Status ReadOverrides(const std::vector<std::string>& overrides,
                           const std::string& document_number,
                           google::protobuf::RepeatedPtrField<v1::Override>* accepted) {
  for (const std::string& text : overrides) {
    const std::size_t equals = text.find('=');
    if (equals == std::string::npos || equals == 0 || equals + 1 == text.size()) {
      return UsageError(fmt::format("--override {} came; RULE=REASON is wanted", text));
    }
    v1::Override& one = *accepted->Add();
    one.set_rule(text.substr(0, equals));
    one.set_reason(text.substr(equals + 1));
    one.set_document_number(document_number);
  }
  return absl::OkStatus();
}

}  // namespace landbook::tools
