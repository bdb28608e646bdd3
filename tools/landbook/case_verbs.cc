// case apply, accept, show, list; explain: an application on its way into the book, and what stands
// in the way of it.
#include <fmt/format.h>

#include <cstdint>
#include <memory>
#include <ostream>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "tools/landbook/case_answer.h"
#include "tools/landbook/command.h"
#include "tools/landbook/commit.h"
#include "tools/landbook/json.h"
#include "tools/landbook/outcome.h"
#include "tools/landbook/request_id.h"
#include "tools/landbook/text_file.h"

namespace landbook::tools {
namespace {

struct CaseOptions {
  std::string file;
  std::string id;
  std::string draft;
  std::string day;
  std::string officer;
  std::vector<std::string> overrides;  // RULE=REASON
  std::string document_number;
  bool queue = false;
  bool overdue = false;
  bool drafts = false;
};

absl::Status Apply(const Command& command, Session& session, const CaseOptions& options) {
  absl::StatusOr<v1::Application> application = ReadApplication(options.file);
  if (!application.ok()) return application.status();
  return KeepDraft(command, session, *std::move(application), NewRequestId());
}

absl::Status Accept(const Command& command, Session& session, const CaseOptions& options) {
  const absl::StatusOr<std::uint64_t> number = NumberFrom(options.id, "a draft");
  if (!number.ok()) return number.status();
  v1::GetDraftRequest wanted;
  wanted.set_county(session.settings().county);
  wanted.set_draft(*number);
  const auto draft = session.Call(&Session::Conveyance::GetDraft, wanted);
  if (!draft.ok()) return draft.status();
  v1::AcceptCaseRequest request;
  request.set_county(session.settings().county);
  request.set_draft(*number);
  request.set_etag(draft->etag());
  request.set_request_id(NewRequestId());
  const absl::Status read =
      ReadOverrides(options.overrides, options.document_number, request.mutable_overrides());
  if (!read.ok()) return read;
  const auto accepted = session.Call(&Session::Conveyance::AcceptCase, request);
  if (!accepted.ok()) return accepted.status();
  AnswerCase(command, *accepted);
  return absl::OkStatus();
}

absl::Status Show(const Command& command, Session& session, const CaseOptions& options) {
  const auto the_case = CaseNamed(session, options.id);
  if (!the_case.ok()) return the_case.status();
  command.Answer(*the_case);
  return absl::OkStatus();
}

absl::Status ListDrafts(const Command& command, Session& session) {
  v1::ListDraftsRequest request;
  request.set_county(session.settings().county);
  const auto drafts = session.CallAllPages(&Session::Conveyance::ListDrafts, request);
  if (!drafts.ok()) return drafts.status();
  Table table({"draft", "kind", "made by", "etag"});
  for (const v1::Draft& draft : drafts->drafts()) {
    table.Add({fmt::to_string(draft.number()), draft.application().kind(), draft.created_by(),
               draft.etag()});
  }
  command.Answer(*drafts, table);
  return absl::OkStatus();
}

absl::Status ListQueue(const Command& command, Session& session, const CaseOptions& options) {
  v1::ListQueueRequest request;
  request.set_county(session.settings().county);
  request.set_principal(options.officer);
  const auto queue = session.CallAllPages(&Session::Conveyance::ListQueue, request);
  if (!queue.ok()) return queue.status();
  Table table({"case", "code", "kind", "next step", "due", "days left", "officer"});
  for (const v1::QueuedCase& queued : queue->cases()) {
    const v1::Deadline& deadline = queued.deadline();
    table.Add({fmt::to_string(queued.case_().number()), queued.case_().code(),
               queued.case_().kind(), queued.next_step(), deadline.due_date(),
               deadline.due_date().empty() ? "" : fmt::to_string(deadline.days_left()),
               queued.assigned_to()});
  }
  command.Answer(*queue, table);
  return absl::OkStatus();
}

absl::Status ListOverdue(const Command& command, Session& session, const CaseOptions& options) {
  v1::ListDeadlinesRequest request;
  request.set_county(session.settings().county);
  request.set_overdue_only(true);
  request.set_principal(options.officer);
  const auto deadlines = session.CallAllPages(&Session::Conveyance::ListDeadlines, request);
  if (!deadlines.ok()) return deadlines.status();
  Table table({"what", "case", "caution", "due", "days left", "officer", "source"});
  for (const v1::Deadline& deadline : deadlines->deadlines()) {
    constexpr std::string_view kPrefix = "DEADLINE_KIND_";
    table.Add({v1::DeadlineKind_Name(deadline.kind()).substr(kPrefix.size()),
               fmt::to_string(deadline.case_()), fmt::to_string(deadline.caution()),
               deadline.due_date(), fmt::to_string(deadline.days_left()), deadline.assigned_to(),
               deadline.source()});
  }
  command.Answer(*deadlines, table);
  return absl::OkStatus();
}

absl::Status ListCases(const Command& command, Session& session) {
  v1::ListCasesRequest request;
  request.set_county(session.settings().county);
  const auto cases = session.CallAllPages(&Session::Registry::ListCases, request);
  if (!cases.ok()) return cases.status();
  Table table({"case", "code", "kind", "state", "accepted", "due"});
  for (const v1::Case& the_case : cases->cases()) {
    table.Add({fmt::to_string(the_case.number()), the_case.code(), the_case.kind(),
               StateWord(the_case.state()), the_case.accepted_date(), the_case.due_date()});
  }
  command.Answer(*cases, table);
  return absl::OkStatus();
}

absl::Status List(const Command& command, Session& session, const CaseOptions& options) {
  if (options.drafts) return ListDrafts(command, session);
  if (options.queue) return ListQueue(command, session, options);
  if (options.overdue) return ListOverdue(command, session, options);
  return ListCases(command, session);
}

// --- explain ------------------------------------------------------------------------------------

// By rule and article, in Chinese: the refusals themselves go to stderr, in English.
void PrintInTheWay(const v1::ExplainResponse& explained, std::ostream& out) {
  if (explained.refusals().empty()) return;
  Table table({"rule", "not before", "article", "障碍"});
  for (const v1::Refusal& refusal : explained.refusals()) {
    table.Add({refusal.rule().empty() ? refusal.reason() : refusal.rule(), refusal.not_before(),
               refusal.source(), refusal.message_zh()});
  }
  table.Print(out);
}

void PrintMissing(const v1::ExplainResponse& explained, std::ostream& out) {
  if (explained.missing().empty()) return;
  Table table({"missing", "缺少", "source"});
  for (const v1::MissingDocument& missing : explained.missing()) {
    table.Add({missing.title_en(), missing.title_zh(), missing.source()});
  }
  table.Print(out);
}

void PrintForPeople(const v1::ExplainResponse& explained, std::ostream& out) {
  out << fmt::format("pack {} version {}\n", explained.pack(), explained.pack_version());
  for (const v1::Deadline& deadline : explained.deadlines()) {
    out << fmt::format("due {} 办理期限 ({})\n", deadline.due_date(), deadline.source());
  }
  if (explained.notice_working_days() > 0) {
    out << fmt::format("public notice of {} working days 公告\n", explained.notice_working_days());
  }
  if (explained.cured_by_time()) {
    out << fmt::format("only time stands in the way, until {} 期满可办\n", explained.not_before());
  }
  PrintInTheWay(explained, out);
  PrintMissing(explained, out);
  if (explained.refusals().empty()) out << "nothing stands in the way 可以办理\n";
}

void PrintExplanation(const Command& command, const v1::ExplainResponse& explained) {
  if (command.json()) {
    command.Answer(explained);
  } else {
    PrintForPeople(explained, command.out);
  }
  for (const v1::Finding& warning : explained.warnings()) {
    command.err << warning.rule() << ": " << warning.message_en() << "\n";
  }
}

absl::Status ExplainBy(const Command& command, Session& session, v1::ExplainRequest request,
                       const std::string& day) {
  request.set_county(session.settings().county);
  request.set_day(day);
  const auto explained = session.Call(&Session::Conveyance::Explain, request);
  if (!explained.ok()) return explained.status();
  PrintExplanation(command, *explained);
  if (!explained->refusals().empty()) return Refused(explained->refusals());
  return absl::OkStatus();
}

// A Commit is asked of the book; it is told from an application by having no kind of case.
absl::Status ExplainFile(const Command& command, Session& session, const CaseOptions& options) {
  const absl::StatusOr<std::string> text = ReadTextFile(options.file);
  if (!text.ok()) return text.status();
  v1::ExplainRequest request;
  const bool is_application = ParseJson(*text, options.file, *request.mutable_application()).ok() &&
                              !request.application().kind().empty();
  if (is_application) return ExplainBy(command, session, std::move(request), options.day);
  if (!options.day.empty()) return UsageError("--day is for applications, drafts and cases");
  v1::CommitRequest commit;
  const absl::Status parsed = ParseJson(*text, options.file, *commit.mutable_commit());
  if (!parsed.ok()) return parsed;
  commit.set_county(session.settings().county);
  commit.set_validate_only(true);
  // A question may go without an id: it leaves nothing that could be doubled.
  if (commit.commit().request_id().empty()) {
    commit.mutable_commit()->set_request_id(NewRequestId());
  }
  return SendCommit(command, session, commit);
}

absl::Status Explain(const Command& command, Session& session, const CaseOptions& options) {
  if (!options.file.empty()) return ExplainFile(command, session, options);
  v1::ExplainRequest request;
  if (!options.draft.empty()) {
    const absl::StatusOr<std::uint64_t> number = NumberFrom(options.draft, "a draft");
    if (!number.ok()) return number.status();
    request.set_draft(*number);
  } else {
    const auto the_case = CaseNamed(session, options.id);
    if (!the_case.ok()) return the_case.status();
    request.set_case_(the_case->number());
  }
  return ExplainBy(command, session, std::move(request), options.day);
}

// --- The verbs ----------------------------------------------------------------------------------

using CaseVerb = absl::Status (*)(const Command&, Session&, const CaseOptions&);

void RunVerb(CLI::App& verb, Command& command, std::shared_ptr<CaseOptions> options, CaseVerb run) {
  verb.callback([options, run, &command] {
    command.RunInCounty(
        [options, run, &command](Session& session) { return run(command, session, *options); });
  });
}

void AddExplain(CLI::App& app, Command& command) {
  auto options = std::make_shared<CaseOptions>();
  CLI::App* verb =
      app.add_subcommand("explain", "what stands in the way; exit 0 when nothing does");
  CLI::Option_group* what = verb->add_option_group("what");
  what->add_option("FILE", options->file,
                   "an application or a Commit in protobuf JSON; - reads the standard input");
  what->add_option("--draft", options->draft, "a draft's number");
  what->add_option("--case", options->id,
                   "a case's number or code, as if it were registered today");
  what->require_option(1);
  verb->add_option("--day", options->day, "ask for a later day, YYYY-MM-DD");
  RunVerb(*verb, command, options, Explain);
}

void AddList(CLI::App& case_verb, Command& command) {
  auto options = std::make_shared<CaseOptions>();
  CLI::App* list =
      case_verb.add_subcommand("list", "cases; or what waits, is overdue, is prepared");
  auto* queue = list->add_flag("--queue", options->queue, "what waits for an officer");
  auto* overdue = list->add_flag("--overdue", options->overdue, "deadlines that have passed");
  list->add_flag("--drafts", options->drafts, "applications that are being prepared")
      ->excludes(queue)
      ->excludes(overdue);
  queue->excludes(overdue);
  list->add_option("--officer", options->officer, "of this officer (queue: the caller's else)");
  RunVerb(*list, command, options, List);
}

}  // namespace

void AddCaseVerbs(CLI::App& app, Command& command) {
  AddExplain(app, command);
  CLI::App* case_verb = app.add_subcommand("case", "applications and their way into the book");
  case_verb->require_subcommand(1);
  auto apply_options = std::make_shared<CaseOptions>();
  CLI::App* apply = case_verb->add_subcommand("apply", "keeps an application as a draft");
  apply->add_option("FILE", apply_options->file, "an Application in protobuf JSON")->required();
  RunVerb(*apply, command, apply_options, Apply);
  auto accept_options = std::make_shared<CaseOptions>();
  CLI::App* accept = case_verb->add_subcommand("accept", "accepts a draft: it becomes a case");
  accept->add_option("ID", accept_options->id, "the draft's number")->required();
  AddOverrides(*accept, accept_options->overrides, accept_options->document_number);
  RunVerb(*accept, command, accept_options, Accept);
  auto show_options = std::make_shared<CaseOptions>();
  CLI::App* show = case_verb->add_subcommand("show", "a case");
  show->add_option("ID", show_options->id, "the case's number or code")->required();
  RunVerb(*show, command, show_options, Show);
  AddList(*case_verb, command);
  AddCaseStepVerbs(*case_verb, command);
}

}  // namespace landbook::tools
