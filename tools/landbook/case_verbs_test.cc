// landbook case ..., landbook explain: what each verb asks a server, and what it answers.
#include <gmock/gmock.h>
#include <google/protobuf/text_format.h>
#include <grpcpp/server.h>
#include <grpcpp/server_builder.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "fmt/format.h"
#include "landbook/v1/conveyance_service.grpc.pb.h"
#include "landbook/v1/registry_service.grpc.pb.h"
#include "services/common/refusal_wire.h"
#include "tools/landbook/outcome.h"
#include "tools/landbook/run_testing.h"

namespace landbook::tools {
namespace {

using ::testing::ContainsRegex;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

template <class Message>
Message Parse(const std::string& text) {
  Message message;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(text, &message)) << text;
  return message;
}

// The registry, as far as the verbs ask it.
class Books final : public v1::RegistryService::Service {
 public:
  v1::Case the_case = Parse<v1::Case>(R"(number: 4 code: "370303202603020001" etag: "9"
      kind: "contract-transfer" state: CASE_STATE_ACCEPTED
      applicants { party: 3 } applicants { party: 5 } applicants {}
      reviews { outcome: REVIEW_OUTCOME_PASSED })");
  v1::CommitRequest commit;

  grpc::Status GetCase(grpc::ServerContext*, const v1::GetCaseRequest* request,
                       v1::Case* response) override {
    if (request->case_() != "4" && request->case_() != the_case.code()) {
      return common::StatusFromRefusals(std::vector{common::Refuse(
          common::Reason::RECORD_NOT_FOUND, "case", {"There is no such case.", "没有该案件。"})});
    }
    *response = the_case;
    return grpc::Status::OK;
  }
  grpc::Status ListCases(grpc::ServerContext*, const v1::ListCasesRequest*,
                         v1::ListCasesResponse* response) override {
    *response->add_cases() = the_case;
    return grpc::Status::OK;
  }
  grpc::Status GetPlot(grpc::ServerContext*, const v1::GetPlotRequest* request,
                       v1::Plot* response) override {
    response->set_number(std::stoull(request->plot()));
    response->set_etag("seen-" + request->plot());
    return grpc::Status::OK;
  }
  grpc::Status ListUnits(grpc::ServerContext*, const v1::ListUnitsRequest* request,
                         v1::ListUnitsResponse* response) override {
    response->add_units()->set_number(100 + std::stoull(request->plot()));
    return grpc::Status::OK;
  }
  grpc::Status Commit(grpc::ServerContext*, const v1::CommitRequest* request,
                      v1::CommitResponse*) override {
    commit = *request;
    return grpc::Status::OK;
  }
};

// The conveyance service: notes what each step asked, and answers with the case.
class Office final : public v1::ConveyanceService::Service {
 public:
  v1::CreateDraftRequest created;
  v1::AcceptCaseRequest accepted;
  v1::ReviewCaseRequest reviewed;
  v1::RefuseCaseRequest refused;
  v1::BeginNoticeRequest begun;
  v1::ConcludeNoticeRequest concluded;
  v1::RegisterCaseRequest registered;
  v1::RequestSupplementRequest asked;
  v1::SupplementCaseRequest supplemented;
  v1::RetractCaseRequest retracted;
  v1::SuspendCaseRequest suspended;
  v1::ResumeCaseRequest resumed;
  v1::DeliverCertificateRequest delivered;
  v1::ArchiveCaseRequest archived;
  v1::ExplainRequest explained;
  v1::ExplainResponse explanation;

#define LANDBOOK_STEP(Method, field)                                                   \
  grpc::Status Method(grpc::ServerContext*, const v1::Method##Request* request,        \
                      v1::Case* response) override {                                   \
    field = *request;                                                                  \
    *response = Parse<v1::Case>(R"(number: 4 state: CASE_STATE_REVIEWED etag: "10")"); \
    return grpc::Status::OK;                                                           \
  }
  LANDBOOK_STEP(AcceptCase, accepted)
  LANDBOOK_STEP(ReviewCase, reviewed)
  LANDBOOK_STEP(RefuseCase, refused)
  LANDBOOK_STEP(BeginNotice, begun)
  LANDBOOK_STEP(ConcludeNotice, concluded)
  LANDBOOK_STEP(RegisterCase, registered)
  LANDBOOK_STEP(RequestSupplement, asked)
  LANDBOOK_STEP(SupplementCase, supplemented)
  LANDBOOK_STEP(RetractCase, retracted)
  LANDBOOK_STEP(SuspendCase, suspended)
  LANDBOOK_STEP(ResumeCase, resumed)
  LANDBOOK_STEP(DeliverCertificate, delivered)
  LANDBOOK_STEP(ArchiveCase, archived)
#undef LANDBOOK_STEP

  grpc::Status CreateDraft(grpc::ServerContext*, const v1::CreateDraftRequest* request,
                           v1::Draft* response) override {
    created = *request;
    response->set_number(3);
    response->set_etag("1");
    *response->mutable_application() = request->application();
    return grpc::Status::OK;
  }
  grpc::Status GetDraft(grpc::ServerContext*, const v1::GetDraftRequest* request,
                        v1::Draft* response) override {
    response->set_number(request->draft());
    response->set_etag("2");
    return grpc::Status::OK;
  }
  grpc::Status ListDrafts(grpc::ServerContext*, const v1::ListDraftsRequest*,
                          v1::ListDraftsResponse* response) override {
    response->add_drafts()->set_number(3);
    return grpc::Status::OK;
  }
  grpc::Status ListQueue(grpc::ServerContext*, const v1::ListQueueRequest*,
                         v1::ListQueueResponse* response) override {
    *response->add_cases() = Parse<v1::QueuedCase>(R"(case { number: 4 } next_step: "ReviewCase"
        deadline { due_date: "2026-04-13" days_left: 7 })");
    return grpc::Status::OK;
  }
  grpc::Status ListDeadlines(grpc::ServerContext*, const v1::ListDeadlinesRequest*,
                             v1::ListDeadlinesResponse* response) override {
    *response->add_deadlines() = Parse<v1::Deadline>(
        R"(kind: DEADLINE_KIND_REGISTRATION case: 4 due_date: "2026-03-01" days_left: -2)");
    return grpc::Status::OK;
  }
  grpc::Status Explain(grpc::ServerContext*, const v1::ExplainRequest* request,
                       v1::ExplainResponse* response) override {
    explained = *request;
    *response = explanation;
    return grpc::Status::OK;
  }
};

class CaseVerbsTest : public testing::Test {
 protected:
  CaseVerbsTest() {
    grpc::ServerBuilder builder;
    int port = 0;
    builder.AddListeningPort("127.0.0.1:0", grpc::InsecureServerCredentials(), &port);
    builder.RegisterService(&books_);
    builder.RegisterService(&office_);
    server_ = builder.BuildAndStart();
    address_ = fmt::format("127.0.0.1:{}", port);
  }
  ~CaseVerbsTest() override { server_->Shutdown(); }

  Ran Verb(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(),
                     {"--server", address_, "--as", "li:intake", "--county", "370303"});
    return RunLandbook(arguments);
  }
  // A verb that goes well.
  Ran Done(std::vector<std::string> arguments) {
    Ran ran = Verb(std::move(arguments));
    EXPECT_EQ(ran.exit_code, kExitDone) << ran.err;
    return ran;
  }

  Books books_;
  Office office_;
  std::unique_ptr<grpc::Server> server_;
  std::string address_;
  std::string application_ =
      WriteFile(TestFolder() / "application.json",
                R"({"kind": "contract-transfer", "legal_basis": "RLCL 34"})");
};

TEST_F(CaseVerbsTest, ApplyKeepsADraftAndPrintsItsNumber) {
  const Ran ran = Done({"case", "apply", application_});
  EXPECT_THAT(ran.out, HasSubstr("3"));
  EXPECT_EQ(office_.created.application().kind(), "contract-transfer");
  EXPECT_EQ(office_.created.county(), "370303");
  EXPECT_EQ(office_.created.request_id().size(), 32u);
  EXPECT_THAT(Done({"case", "apply", application_, "--output", "json"}).out,
              HasSubstr(R"("number":"3")"));
  EXPECT_EQ(Verb({"case", "apply", "no-such-file"}).exit_code, kExitFailed);
}

TEST_F(CaseVerbsTest, AcceptIsOfTheDraftAsItIs) {
  Done({"case", "accept", "3", "--override", "C-10=seen", "--document", "d"});
  EXPECT_EQ(office_.accepted.draft(), 3u);
  EXPECT_EQ(office_.accepted.etag(), "2");
  EXPECT_EQ(office_.accepted.overrides(0).rule(), "C-10");
  EXPECT_EQ(office_.accepted.overrides(0).document_number(), "d");
  EXPECT_EQ(Verb({"case", "accept", "three"}).exit_code, kExitUsage);
  EXPECT_EQ(Verb({"case", "accept", "3", "--override", "C-10"}).exit_code, kExitUsage);
}

TEST_F(CaseVerbsTest, ReviewTakesTheNextStep) {
  const Ran ran = Done({"case", "review", "4", "--approve", "--site-viewed"});
  EXPECT_THAT(ran.out, HasSubstr("REVIEWED"));
  EXPECT_EQ(office_.reviewed.review().step(), 2u);
  EXPECT_EQ(office_.reviewed.review().etag(), "9");
  EXPECT_EQ(office_.reviewed.review().outcome(), v1::REVIEW_OUTCOME_PASSED);
  EXPECT_TRUE(office_.reviewed.review().site_viewed());
  Done({"case", "review", "4", "--send-back", "boundary unclear"});
  EXPECT_EQ(office_.reviewed.review().step(), 1u);
  EXPECT_EQ(office_.reviewed.review().outcome(), v1::REVIEW_OUTCOME_SENT_BACK);
}

TEST_F(CaseVerbsTest, ReviewRefusesInWriting) {
  Done({"case", "review", "370303202603020001", "--refuse", "RLCL 34", "--document", "n1"});
  EXPECT_THAT(office_.refused.refusal().grounds(), ElementsAre("RLCL 34"));
  EXPECT_EQ(office_.refused.refusal().document_number(), "n1");
  EXPECT_EQ(Verb({"case", "review", "4", "--refuse", "RLCL 34"}).exit_code, kExitUsage);
  EXPECT_EQ(Verb({"case", "review", "4"}).exit_code, kExitUsage);
  EXPECT_EQ(Verb({"case", "review", "4", "--approve", "--refuse", "w"}).exit_code, kExitUsage);
  Done({"case", "refuse", "4", "--ground", "a", "--ground", "b", "--document", "n2"});
  EXPECT_THAT(office_.refused.refusal().grounds(), ElementsAre("a", "b"));
}

TEST_F(CaseVerbsTest, TheNoticeBeginsAndEnds) {
  const std::string text = WriteFile(TestFolder() / "notice.txt", "notice");
  Done({"case", "notice", "4", "--document", "n", "--from", "2026-03-03", "--place", "site",
        "--place", "village board", "--text", text});
  EXPECT_THAT(office_.begun.notice().places(), ElementsAre("site", "village board"));
  EXPECT_EQ(office_.begun.notice().text_hash().size(), 32u);
  EXPECT_EQ(office_.begun.notice().from_date(), "2026-03-03");
  Done({"case", "conclude", "4", "--objections", "2", "--founded", "1", "--answer", "a"});
  EXPECT_EQ(office_.concluded.notice().objections(), 2u);
  EXPECT_EQ(office_.concluded.notice().objections_founded(), 1u);
  EXPECT_THAT(office_.concluded.notice().answers(), ElementsAre("a"));
}

TEST_F(CaseVerbsTest, RegisterTakesPrivateValuesFromAFile) {
  const std::string values =
      WriteFile(TestFolder() / "private.json",
                R"({"private_values": [{"act": 1, "amend_party": {"party": {"number": "8"}}}]})");
  Done({"case", "register", "4", "--certificates", "--private", values, "--opinion", "ok"});
  EXPECT_TRUE(office_.registered.issue_certificates());
  EXPECT_EQ(office_.registered.registration().etag(), "9");
  EXPECT_EQ(office_.registered.registration().opinion(), "ok");
  EXPECT_EQ(office_.registered.private_values(0).amend_party().party().number(), 8u);
}

TEST_F(CaseVerbsTest, ASupplementIsAskedForAndBrought) {
  Done({"case", "ask", "4", "--item", "contract", "--item", "survey", "--due", "2026-04-01"});
  EXPECT_THAT(office_.asked.supplement().items(), ElementsAre("contract", "survey"));
  EXPECT_EQ(office_.asked.supplement().due_date(), "2026-04-01");
  Done({"case", "supplement", "4", application_});
  EXPECT_EQ(office_.supplemented.supplement().application().kind(), "contract-transfer");
}

TEST_F(CaseVerbsTest, ARetractionNamesEveryApplicant) {
  Done({"case", "retract", "4", "--document", "n"});
  ASSERT_EQ(office_.retracted.retraction().applicants_size(), 2);
  EXPECT_EQ(office_.retracted.retraction().applicants(0).number(), 3u);
  EXPECT_EQ(office_.retracted.retraction().applicants(1).number(), 5u);
}

TEST_F(CaseVerbsTest, ACaseStandsStillAndGoesOn) {
  Done({"case", "suspend", "4", "--cause", "inquiry", "--ground", "g", "--document", "d"});
  EXPECT_EQ(office_.suspended.suspension().cause(), v1::CLOCK_STOP_CAUSE_INQUIRY);
  Done({"case", "suspend", "4", "--ground", "g"});
  EXPECT_EQ(office_.suspended.suspension().cause(), v1::CLOCK_STOP_CAUSE_SUSPENSION);
  EXPECT_EQ(Verb({"case", "suspend", "4", "--cause", "x", "--ground", "g"}).exit_code, kExitUsage);
  Done({"case", "resume", "4", "--ground", "settled"});
  EXPECT_EQ(office_.resumed.resumption().ground(), "settled");
}

TEST_F(CaseVerbsTest, CertificatesAreDeliveredAndPapersFiled) {
  Done({"case", "deliver", "4", "--certificate", "鲁(2026)01", "--taken-by", "5", "--date",
        "2026-03-20", "--manner", "village_point"});
  EXPECT_EQ(office_.delivered.delivery().certificate().code(), "鲁(2026)01");
  EXPECT_EQ(office_.delivered.delivery().taken_by().number(), 5u);
  EXPECT_EQ(office_.delivered.delivery().manner(), v1::DELIVERY_MANNER_VILLAGE_POINT);
  EXPECT_EQ(Verb({"case", "deliver", "4", "--certificate", "c", "--taken-by", "5", "--date",
                  "2026-03-20", "--manner", "pigeon"})
                .exit_code,
            kExitUsage);
  Done({"case", "archive", "4", "--file", "A-1", "--pieces", "2", "--pages", "30"});
  EXPECT_EQ(office_.archived.archive().file_number(), "A-1");
  EXPECT_EQ(office_.archived.archive().pages(), 30u);
}

TEST_F(CaseVerbsTest, CasesAreShownAndListed) {
  EXPECT_THAT(Done({"case", "show", "4"}).out, HasSubstr("contract-transfer"));
  const Ran unknown = Verb({"case", "show", "5"});
  EXPECT_EQ(unknown.exit_code, kExitFailed);
  EXPECT_THAT(unknown.err, HasSubstr("NOT_FOUND RECORD_NOT_FOUND"));
  EXPECT_THAT(Done({"case", "list"}).out, HasSubstr("ACCEPTED"));
  EXPECT_THAT(Done({"case", "list", "--queue"}).out, HasSubstr("ReviewCase"));
  EXPECT_THAT(Done({"case", "list", "--overdue"}).out, HasSubstr("REGISTRATION"));
  EXPECT_THAT(Done({"case", "list", "--drafts"}).out, HasSubstr("3"));
  EXPECT_EQ(Verb({"case", "list", "--queue", "--overdue"}).exit_code, kExitUsage);
}

TEST_F(CaseVerbsTest, ExplainAsksAboutAnApplication) {
  office_.explanation = Parse<v1::ExplainResponse>(R"(pack: "national" notice_working_days: 15
      deadlines { due_date: "2026-04-13" source: "IR 20" })");
  const Ran ran = Done({"explain", application_, "--day", "2026-09-02"});
  EXPECT_EQ(office_.explained.application().kind(), "contract-transfer");
  EXPECT_EQ(office_.explained.day(), "2026-09-02");
  EXPECT_THAT(ran.out, HasSubstr("due 2026-04-13"));
  EXPECT_THAT(ran.out, HasSubstr("15 working days"));
  EXPECT_THAT(ran.out, HasSubstr("nothing stands in the way"));
  Done({"explain", "--draft", "3"});
  EXPECT_EQ(office_.explained.draft(), 3u);
  Done({"explain", "--case", "370303202603020001"});
  EXPECT_EQ(office_.explained.case_(), 4u);
}

// A clerk's change of plots is what an application applies for; the book is not asked to commit.
TEST_F(CaseVerbsTest, AChangeOfPlotsIsKeptAsADraft) {
  const std::string file =
      WriteFile(TestFolder() / "change.json",
                R"({"applicants": [{"party": {"number": "9"}, "side": "APPLICANT_SIDE_HOLDER"}]})");
  const Ran ran = Done({"plot", "merge", "7", "8", "--apply", file, "--basis", "IR 14"});
  EXPECT_THAT(ran.out, HasSubstr("plot-change"));
  const v1::Application& application = office_.created.application();
  EXPECT_EQ(application.kind(), "plot-change");
  EXPECT_EQ(application.registration_type(), v1::REGISTRATION_TYPE_CHANGE);
  EXPECT_EQ(application.filing_place(), v1::FILING_PLACE_WINDOW);
  EXPECT_EQ(application.legal_basis(), "IR 14");
  EXPECT_EQ(application.applicants(0).party().number(), 9u);
  ASSERT_EQ(application.acts_size(), 1);
  EXPECT_EQ(application.acts(0).merge_plots().plots(1).etag(), "seen-8");
  ASSERT_EQ(application.units_size(), 2);
  EXPECT_EQ(application.units(1).number(), 108u);
  EXPECT_EQ(books_.commit.commit().acts_size(), 0);
}

TEST_F(CaseVerbsTest, AChangeOfPlotsNamesADocumentOrAnApplication) {
  EXPECT_EQ(Verb({"plot", "merge", "7", "8"}).exit_code, kExitUsage);
  EXPECT_EQ(Verb({"plot", "merge", "7", "8", "--apply", application_, "--document", "d"}).exit_code,
            kExitUsage);
  EXPECT_EQ(Verb({"plot", "merge", "7", "8", "--apply", application_, "--explain"}).exit_code,
            kExitUsage);
  Done({"plot", "merge", "7", "8", "--document", "d"});
  EXPECT_EQ(books_.commit.commit().document_number(), "d");
  const std::string with_acts =
      WriteFile(TestFolder() / "acts.json", R"({"acts": [{"open_book": {}}]})");
  const Ran ran = Verb({"plot", "merge", "7", "8", "--apply", with_acts});
  EXPECT_EQ(ran.exit_code, kExitFailed);
  EXPECT_THAT(ran.err, HasSubstr("acts of its own"));
}

TEST_F(CaseVerbsTest, ExplainFailsWithEverythingThatStandsInTheWay) {
  office_.explanation = Parse<v1::ExplainResponse>(R"(
      refusals { reason: "CASE_INCOMPLETE" code: "FAILED_PRECONDITION" message_en: "Missing: contract." }
      refusals { reason: "PERIOD_RUNNING" code: "FAILED_PRECONDITION" message_en: "Not yet."
                 message_zh: "期未满" rule: "W-01" source: "RLCL 30" not_before: "2026-09-03" }
      warnings { rule: "C-10" message_en: "look" }
      missing { title_en: "contract" title_zh: "合同" source: "RLCL 34" })");
  const Ran ran = Verb({"explain", application_});
  EXPECT_EQ(ran.exit_code, kExitFailed);
  EXPECT_THAT(ran.err, HasSubstr("FAILED_PRECONDITION CASE_INCOMPLETE: Missing: contract."));
  EXPECT_THAT(ran.err, HasSubstr("FAILED_PRECONDITION PERIOD_RUNNING: Not yet."));
  EXPECT_THAT(ran.err, HasSubstr("C-10: look"));
  EXPECT_THAT(ran.out, HasSubstr("合同"));
  EXPECT_THAT(ran.out, ContainsRegex("W-01 +2026-09-03 +RLCL 30 +期未满"));
  EXPECT_THAT(ran.out, Not(HasSubstr("nothing stands in the way")));
}

TEST_F(CaseVerbsTest, ExplainAsksTheBookAboutACommit) {
  const std::string commit =
      WriteFile(TestFolder() / "commit.json", R"({"acts": [{"open_book": {}}]})");
  Done({"explain", commit});
  EXPECT_TRUE(books_.commit.validate_only());
  EXPECT_TRUE(books_.commit.commit().acts(0).has_open_book());
  EXPECT_EQ(Verb({"explain", commit, "--day", "2026-09-02"}).exit_code, kExitUsage);
  EXPECT_EQ(Verb({"explain"}).exit_code, kExitUsage);
}

}  // namespace
}  // namespace landbook::tools
