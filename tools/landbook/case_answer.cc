#include "tools/landbook/case_answer.h"

#include <fmt/format.h>

#include <string_view>

#include "tools/landbook/outcome.h"
#include "tools/landbook/table.h"

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
