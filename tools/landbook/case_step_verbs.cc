// case review, notice, conclude, register, ask, supplement, retract, refuse, suspend, resume,
// deliver, archive: the steps of a case, each the rpc of that name over the case as it stands.
#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "services/law/case_progress.h"
#include "storage/digest.h"
#include "storage/suite.h"
#include "tools/landbook/case_answer.h"
#include "tools/landbook/command.h"
#include "tools/landbook/json.h"
#include "tools/landbook/outcome.h"
#include "tools/landbook/request_id.h"
#include "tools/landbook/text_file.h"

namespace landbook::tools {
namespace {

struct StepOptions {
  std::string id;
  std::string file;
  std::string opinion;
  std::string refuse_why;
  std::string send_back_why;
  std::string document_number;
  std::string date;
  std::string ground;
  std::string cause = "suspension";
  std::string manner = "window";
  std::string certificate;
  std::string taken_by;
  std::string postal_number;
  std::vector<std::string> items;
  std::vector<std::string> overrides;
  std::uint32_t objections = 0;
  std::uint32_t founded = 0;
  std::uint32_t pieces = 0;
  std::uint32_t pages = 0;
  bool approve = false;
  bool site_viewed = false;
  bool certificates = false;
};

// A request about the county, under an id of its own, with its act about the case as it stands.
template <typename Request, typename Act>
Request Begin(const Session& session, const v1::Case& the_case, Act* (Request::*act)()) {
  Request request;
  request.set_county(session.settings().county);
  request.set_request_id(NewRequestId());
  Act& named = *(request.*act)();
  named.mutable_case_()->set_number(the_case.number());
  named.set_etag(the_case.etag());
  return request;
}

template <typename Request>
absl::Status Take(const Command& command, Session& session,
                  Session::Method<Session::Conveyance, Request, v1::Case> method,
                  const Request& request) {
  const auto taken = session.Call(method, request);
  if (!taken.ok()) return taken.status();
  AnswerCase(command, *taken);
  return absl::OkStatus();
}

// The enum value of that lower-case word after `prefix`; 0 when there is none.
template <typename Enum, typename Parse>
Enum EnumNamed(const std::string& prefix, std::string word, Parse parse) {
  for (char& c : word) {
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  }
  Enum value{};
  return parse(prefix + word, &value) ? value : Enum{};
}

absl::Status Refuse(const Command& command, Session& session, const v1::Case& the_case,
                    std::vector<std::string> grounds, const std::string& document_number) {
  if (document_number.empty()) {
    return UsageError("a refusal needs --document: the number of the written refusal");
  }
  auto request = Begin(session, the_case, &v1::RefuseCaseRequest::mutable_refusal);
  for (std::string& ground : grounds) request.mutable_refusal()->add_grounds(std::move(ground));
  request.mutable_refusal()->set_document_number(document_number);
  return Take(command, session, &Session::Conveyance::RefuseCase, request);
}

absl::Status Review(const Command& command, Session& session, const v1::Case& the_case,
                    const StepOptions& options) {
  if (!options.refuse_why.empty()) {
    return Refuse(command, session, the_case, {options.refuse_why}, options.document_number);
  }
  auto request = Begin(session, the_case, &v1::ReviewCaseRequest::mutable_review);
  v1::ReviewCase& review = *request.mutable_review();
  const std::uint32_t passed = law::StepsPassed(the_case);
  if (options.approve) {
    review.set_step(passed + 1);
    review.set_outcome(v1::REVIEW_OUTCOME_PASSED);
    review.set_opinion(options.opinion.empty() ? "通过" : options.opinion);
  } else {
    review.set_step(std::max(passed, 1u));
    review.set_outcome(v1::REVIEW_OUTCOME_SENT_BACK);
    review.set_opinion(options.send_back_why);
  }
  review.set_site_viewed(options.site_viewed);
  return Take(command, session, &Session::Conveyance::ReviewCase, request);
}

absl::Status BeginNotice(const Command& command, Session& session, const v1::Case& the_case,
                         const StepOptions& options) {
  auto request = Begin(session, the_case, &v1::BeginNoticeRequest::mutable_notice);
  v1::BeginNotice& notice = *request.mutable_notice();
  notice.set_document_number(options.document_number);
  notice.set_from_date(options.date);
  for (const std::string& place : options.items) notice.add_places(place);
  if (!options.file.empty()) {
    const absl::StatusOr<std::string> text = ReadTextFile(options.file);
    if (!text.ok()) return text.status();
    const storage::Hash hash = storage::Suite::Sha256Ed25519().HashOf(*text);
    notice.set_text_hash(std::string(storage::BytesOf(hash)));
  }
  return Take(command, session, &Session::Conveyance::BeginNotice, request);
}

absl::Status ConcludeNotice(const Command& command, Session& session, const v1::Case& the_case,
                            const StepOptions& options) {
  auto request = Begin(session, the_case, &v1::ConcludeNoticeRequest::mutable_notice);
  v1::ConcludeNotice& notice = *request.mutable_notice();
  notice.set_objections(options.objections);
  notice.set_objections_founded(options.founded);
  for (const std::string& answer : options.items) notice.add_answers(answer);
  return Take(command, session, &Session::Conveyance::ConcludeNotice, request);
}

// The private values come in a file, since they do not belong on a command line.
absl::Status Register(const Command& command, Session& session, const v1::Case& the_case,
                      const StepOptions& options) {
  auto request = Begin(session, the_case, &v1::RegisterCaseRequest::mutable_registration);
  if (!options.file.empty()) {
    const absl::StatusOr<std::string> text = ReadTextFile(options.file);
    if (!text.ok()) return text.status();
    v1::RegisterCaseRequest brought;
    const absl::Status parsed = ParseJson(*text, options.file, brought);
    if (!parsed.ok()) return parsed;
    *request.mutable_private_values() = brought.private_values();
  }
  request.mutable_registration()->set_opinion(options.opinion);
  request.set_issue_certificates(options.certificates);
  const absl::Status read =
      ReadOverrides(options.overrides, options.document_number, request.mutable_overrides());
  if (!read.ok()) return read;
  return Take(command, session, &Session::Conveyance::RegisterCase, request);
}

absl::Status AskSupplement(const Command& command, Session& session, const v1::Case& the_case,
                           const StepOptions& options) {
  auto request = Begin(session, the_case, &v1::RequestSupplementRequest::mutable_supplement);
  for (const std::string& item : options.items) request.mutable_supplement()->add_items(item);
  request.mutable_supplement()->set_due_date(options.date);
  return Take(command, session, &Session::Conveyance::RequestSupplement, request);
}

absl::Status Supplement(const Command& command, Session& session, const v1::Case& the_case,
                        const StepOptions& options) {
  auto request = Begin(session, the_case, &v1::SupplementCaseRequest::mutable_supplement);
  const absl::StatusOr<std::string> text = ReadTextFile(options.file);
  if (!text.ok()) return text.status();
  const absl::Status parsed =
      ParseJson(*text, options.file, *request.mutable_supplement()->mutable_application());
  if (!parsed.ok()) return parsed;
  const absl::Status read =
      ReadOverrides(options.overrides, options.document_number, request.mutable_overrides());
  if (!read.ok()) return read;
  return Take(command, session, &Session::Conveyance::SupplementCase, request);
}

// All who applied take a case back together, so all of them are named.
absl::Status Retract(const Command& command, Session& session, const v1::Case& the_case,
                     const StepOptions& options) {
  auto request = Begin(session, the_case, &v1::RetractCaseRequest::mutable_retraction);
  for (const v1::Applicant& applicant : the_case.applicants()) {
    if (applicant.party() == 0) continue;
    request.mutable_retraction()->add_applicants()->set_number(applicant.party());
  }
  request.mutable_retraction()->set_document_number(options.document_number);
  return Take(command, session, &Session::Conveyance::RetractCase, request);
}

absl::Status RefuseOutright(const Command& command, Session& session, const v1::Case& the_case,
                            const StepOptions& options) {
  return Refuse(command, session, the_case, options.items, options.document_number);
}

absl::Status Suspend(const Command& command, Session& session, const v1::Case& the_case,
                     const StepOptions& options) {
  const auto cause =
      EnumNamed<v1::ClockStopCause>("CLOCK_STOP_CAUSE_", options.cause, v1::ClockStopCause_Parse);
  if (cause == v1::CLOCK_STOP_CAUSE_UNSPECIFIED) {
    return UsageError(
        fmt::format("--cause {} came; suspension or inquiry is wanted", options.cause));
  }
  auto request = Begin(session, the_case, &v1::SuspendCaseRequest::mutable_suspension);
  request.mutable_suspension()->set_cause(cause);
  request.mutable_suspension()->set_ground(options.ground);
  request.mutable_suspension()->set_document_number(options.document_number);
  return Take(command, session, &Session::Conveyance::SuspendCase, request);
}

absl::Status Resume(const Command& command, Session& session, const v1::Case& the_case,
                    const StepOptions& options) {
  auto request = Begin(session, the_case, &v1::ResumeCaseRequest::mutable_resumption);
  request.mutable_resumption()->set_ground(options.ground);
  return Take(command, session, &Session::Conveyance::ResumeCase, request);
}

absl::Status Deliver(const Command& command, Session& session, const v1::Case& the_case,
                     const StepOptions& options) {
  const auto manner =
      EnumNamed<v1::DeliveryManner>("DELIVERY_MANNER_", options.manner, v1::DeliveryManner_Parse);
  if (manner == v1::DELIVERY_MANNER_UNSPECIFIED) {
    return UsageError(fmt::format(
        "--manner {} came; window, post, village_point or electronic is wanted", options.manner));
  }
  const absl::StatusOr<std::uint64_t> taken_by = NumberFrom(options.taken_by, "a party");
  if (!taken_by.ok()) return taken_by.status();
  auto request = Begin(session, the_case, &v1::DeliverCertificateRequest::mutable_delivery);
  v1::DeliverCertificate& delivery = *request.mutable_delivery();
  delivery.mutable_certificate()->set_code(options.certificate);
  delivery.set_manner(manner);
  delivery.mutable_taken_by()->set_number(*taken_by);
  delivery.set_date(options.date);
  delivery.set_postal_number(options.postal_number);
  return Take(command, session, &Session::Conveyance::DeliverCertificate, request);
}

absl::Status Archive(const Command& command, Session& session, const v1::Case& the_case,
                     const StepOptions& options) {
  auto request = Begin(session, the_case, &v1::ArchiveCaseRequest::mutable_archive);
  request.mutable_archive()->set_file_number(options.document_number);
  request.mutable_archive()->set_pieces(options.pieces);
  request.mutable_archive()->set_pages(options.pages);
  return Take(command, session, &Session::Conveyance::ArchiveCase, request);
}

// --- The verbs ----------------------------------------------------------------------------------

using StepVerb = absl::Status (*)(const Command&, Session&, const v1::Case&, const StepOptions&);

// A verb about a case, which is looked up before the step.
struct AddedVerb {
  CLI::App& verb;
  StepOptions& options;
};
AddedVerb AddStep(CLI::App& case_verb, Command& command, const char* name, const char* what,
                  StepVerb step) {
  auto options = std::make_shared<StepOptions>();
  CLI::App* verb = case_verb.add_subcommand(name, what);
  verb->add_option("ID", options->id, "the case's number or code")->required();
  verb->callback([options, step, &command] {
    command.RunInCounty([options, step, &command](Session& session) -> absl::Status {
      const auto the_case = CaseNamed(session, options->id);
      if (!the_case.ok()) return the_case.status();
      return step(command, session, *the_case, *options);
    });
  });
  return {*verb, *options};  // the callback keeps the options
}

void AddReview(CLI::App& case_verb, Command& command) {
  auto [verb, options] = AddStep(case_verb, command, "review", "reviews the next step", Review);
  CLI::Option_group* outcome = verb.add_option_group("outcome");
  outcome->add_flag("--approve", options.approve, "the step has passed");
  outcome->add_option("--refuse", options.refuse_why, "WHY the case is refused, with the article");
  outcome->add_option("--send-back", options.send_back_why, "WHY the step before is done again");
  outcome->require_option(1);
  verb.add_option("--opinion", options.opinion, "the opinion; names no natural person");
  verb.add_option("--document", options.document_number, "the number of the written refusal");
  verb.add_flag("--site-viewed", options.site_viewed, "the place was looked at");
}

void AddNotice(CLI::App& case_verb, Command& command) {
  auto [begin, begun] =
      AddStep(case_verb, command, "notice", "begins the public notice", BeginNotice);
  begin.add_option("--document", begun.document_number, "the notice's number")->required();
  begin.add_option("--from", begun.date, "its first day, YYYY-MM-DD")->required();
  begin.add_option("--place", begun.items, "where it hangs; as often as there are places")
      ->required()
      ->expected(1)
      ->take_all();
  begin.add_option("--text", begun.file, "its text, of which the hash is kept");
  auto [conclude, concluded] =
      AddStep(case_verb, command, "conclude", "concludes the public notice", ConcludeNotice);
  conclude.add_option("--objections", concluded.objections, "how many objections came");
  conclude.add_option("--founded", concluded.founded, "how many of them were founded");
  conclude.add_option("--answer", concluded.items, "what became of one")->expected(1)->take_all();
}

void AddRegister(CLI::App& case_verb, Command& command) {
  auto [verb, options] =
      AddStep(case_verb, command, "register", "registers the case: its acts and its end", Register);
  verb.add_flag("--certificates", options.certificates, "issues certificates of what it registers");
  verb.add_option("--opinion", options.opinion, "the opinion; names no natural person");
  verb.add_option("--private", options.file,
                  "a file {\"private_values\": [...]} for the parties that it amends");
  AddOverrides(verb, options.overrides, options.document_number);
}

void AddSupplement(CLI::App& case_verb, Command& command) {
  auto [ask, asked] =
      AddStep(case_verb, command, "ask", "tells the applicants what is missing", AskSupplement);
  ask.add_option("--item", asked.items, "what is missing; as often as there are items")
      ->required()
      ->expected(1)
      ->take_all();
  ask.add_option("--due", asked.date, "the last day to bring it, YYYY-MM-DD")->required();
  auto [bring, brought] =
      AddStep(case_verb, command, "supplement", "takes what was missing", Supplement);
  bring.add_option("FILE", brought.file, "the Application as it is now, in protobuf JSON")
      ->required();
  AddOverrides(bring, brought.overrides, brought.document_number);
}

void AddEnds(CLI::App& case_verb, Command& command) {
  auto [retract, retracted] = AddStep(case_verb, command, "retract",
                                      "takes the case back, on all applicants' wish", Retract);
  retract.add_option("--document", retracted.document_number, "their written retraction")
      ->required();
  auto [refuse, refused] =
      AddStep(case_verb, command, "refuse", "refuses the case in writing", RefuseOutright);
  refuse.add_option("--ground", refused.items, "a ground with its article")
      ->required()
      ->expected(1)
      ->take_all();
  refuse.add_option("--document", refused.document_number, "the written refusal")->required();
}

void AddStops(CLI::App& case_verb, Command& command) {
  auto [suspend, suspended] =
      AddStep(case_verb, command, "suspend", "makes the case stand still", Suspend);
  suspend.add_option("--cause", suspended.cause, "suspension or inquiry")->capture_default_str();
  suspend.add_option("--ground", suspended.ground, "why")->required();
  suspend.add_option("--document", suspended.document_number, "what it rests on");
  auto [resume, resumed] = AddStep(case_verb, command, "resume", "goes on with the case", Resume);
  resume.add_option("--ground", resumed.ground, "what ended the suspension")->required();
}

void AddAfter(CLI::App& case_verb, Command& command) {
  auto [deliver, delivered] =
      AddStep(case_verb, command, "deliver", "records that a certificate was handed over", Deliver);
  deliver.add_option("--certificate", delivered.certificate, "the number on the paper")->required();
  deliver.add_option("--manner", delivered.manner, "window, post, village_point or electronic")
      ->capture_default_str();
  deliver.add_option("--taken-by", delivered.taken_by, "the number of the party that took it")
      ->required();
  deliver.add_option("--date", delivered.date, "when, YYYY-MM-DD")->required();
  deliver.add_option("--postal", delivered.postal_number, "the postal item's number");
  auto [archive, archived] = AddStep(case_verb, command, "archive", "files the papers", Archive);
  archive.add_option("--file", archived.document_number, "the file's number")->required();
  archive.add_option("--pieces", archived.pieces, "how many pieces")->required();
  archive.add_option("--pages", archived.pages, "how many pages")->required();
}

}  // namespace

void AddCaseStepVerbs(CLI::App& case_verb, Command& command) {
  AddReview(case_verb, command);
  AddNotice(case_verb, command);
  AddRegister(case_verb, command);
  AddSupplement(case_verb, command);
  AddEnds(case_verb, command);
  AddStops(case_verb, command);
  AddAfter(case_verb, command);
}

}  // namespace landbook::tools
