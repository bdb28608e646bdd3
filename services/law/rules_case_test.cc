#include "services/law/state_testing.h"

namespace landbook::law {
namespace {

// A transfer of Zhangs' field to Suns, as a case of the book.
class CaseRulesTest : public Village {
 protected:
  static constexpr char kTransfer[] =
      "transfer_right { right: $Contract cause: TRANSFER_CAUSE_ASSIGNMENT holders { party: $Suns } "
      "}";
  std::string Accept(const std::string& applicants, const std::string& documents,
                     const std::string& kind = "contract-transfer",
                     const std::string& act = kTransfer, const std::string& unit = "FieldU") {
    std::string text = "accept_case { application { kind: '" + kind + "' units: $" + unit +
                       " acts { " + act + " } " + applicants;
    for (std::size_t from = 0; from < documents.size();) {
      const std::size_t to = std::min(documents.find(' ', from), documents.size());
      text += " evidence { kind: EVIDENCE_KIND_" + documents.substr(from, to - from) +
              " date: '2026-03-01' }";
      from = to + 1;
    }
    return text + " } }";
  }
  static std::string By(const std::string& party, const std::string& side,
                        const std::string& more = "") {
    return "applicants { party: $" + party + " side: APPLICANT_SIDE_" + side + " " + more + " } ";
  }
  const std::string both_ = By("Suns", "HOLDER") + By("Zhangs", "OBLIGOR");
  const std::string documents_ = "APPLICATION IDENTITY CONTRACT";

  void OpenCase(const std::string& state, const std::string& more = "",
                const std::string& kind = "contract-transfer") {
    case_ = v1::Case();
    case_number_ = 7;
    EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(
        Expand("code: '990101202603020001' kind: '" + kind + "' state: CASE_STATE_" + state +
               " accepted_date: '2026-03-02' accepted_by: 'Wu' " + more),
        &*case_));
  }
  void As(const std::string& principal, v1::Role role = v1::ROLE_REVIEWER) {
    actor_ = v1::Actor();
    actor_->set_principal(principal);
    actor_->set_role(role);
  }
  static constexpr char kPassed[] =
      "reviews { step: 1 reviewer: 'Qi' outcome: REVIEW_OUTCOME_PASSED } ";
  static constexpr char kReview[] = "review_case { step: 1 outcome: REVIEW_OUTCOME_PASSED }";
};

TEST_F(CaseRulesTest, P11BothSidesApplyButWhereTheLawLetsOne) {
  EXPECT_EQ(Ask(Accept(both_, documents_)), "");
  EXPECT_EQ(Ask(Accept(By("Suns", "HOLDER"), documents_)),
            "P-11@application.applicants P-13@application.applicants");
  const std::string lost = "extinguish_right { right: $Contract cause: EXTINGUISH_CAUSE_LOSS }";
  EXPECT_EQ(Ask(Accept(By("Zhangs", "HOLDER"), "APPLICATION IDENTITY OTHER",
                       "contract-cancellation", lost)),
            "");
}

TEST_F(CaseRulesTest, P12AllThatIsMissingIsToldAtOnce) {
  EXPECT_EQ(Ask(Accept(both_, "")),
            "P-12@application.evidence P-12@application.evidence P-12@application.evidence");
  EXPECT_EQ(Ask(Accept(both_, documents_, "no-such-kind")), "P-12@application.kind");
  const std::string agent = By("Suns", "HOLDER", "agent: $Son") + By("Zhangs", "OBLIGOR");
  EXPECT_EQ(Ask(Accept(agent, documents_ + " AUTHORITY")),
            "P-12@application.applicants[0].authority_document");
  EXPECT_EQ(Ask(Accept(By("Suns", "HOLDER", "agent: $Son authority_document: 'W-1'") +
                           By("Zhangs", "OBLIGOR"),
                       documents_)),
            "P-12@application.evidence");
}

TEST_F(CaseRulesTest, P12WhatIsDueAtTimesIsMissingThenOnly) {
  Put<v1::Certificate>("Paper", "right { number: #Contract } state: RECORD_STATE_LIVE");
  EXPECT_EQ(Ask(Accept(both_, documents_)), "P-12@application.evidence");
  EXPECT_EQ(Ask(Accept(both_, documents_ + " CERTIFICATE")), "");
  const std::string home =
      "grant_right { unit: $Yard2U type: 'homestead' holders { party: $Lis } basis: "
      "GRANT_BASIS_EXISTING }";
  const auto first = [&] {
    return Ask(Accept(By("Lis", "HOLDER"), "APPLICATION IDENTITY TITLE SURVEY", "homestead-first",
                      home, "Yard2U"));
  };
  EXPECT_EQ(first(), "");
  Change<v1::Plot>("Yard2", "structures { description: '房屋' }");
  EXPECT_EQ(first(), "P-12@application.evidence");
}

TEST_F(CaseRulesTest, P13TheApplicationAgreesWithTheBook) {
  Change<v1::Right>("Contract", "holders { party: #Lis }");  // Zhangs no longer alone
  EXPECT_EQ(Ask(Accept(both_, documents_)), "P-13@application.applicants");
  EXPECT_EQ(Ask(Accept(both_ + By("Lis", "OBLIGOR"), documents_)), "");
  EXPECT_EQ(
      Ask(Accept(By("Lis", "HOLDER") + By("Zhangs", "OBLIGOR") + By("Lis", "OBLIGOR"), documents_)),
      "P-13@application.applicants");
  EXPECT_EQ(Ask(Accept(both_ + By("Lis", "OBLIGOR"), documents_, "contract-transfer",
                       "vary_right { right: $Contract }")),
            "P-13@application.acts[0]");
}

TEST_F(CaseRulesTest, K01RegistrationIsByACaseOrAnAdministratorsHand) {
  const std::string end = "extinguish_right { right: $Contract2 }";
  EXPECT_EQ(AskCommit({end}), "");  // the book is being prepared
  book_open_ = true;
  EXPECT_EQ(AskCommit({end}), "K-01");
  As("Ren", v1::ROLE_REGISTRAR);
  commit_.set_document_number("D-7");
  EXPECT_EQ(AskCommit({end}), "K-01");
  As("Root", v1::ROLE_ADMINISTRATOR);
  EXPECT_EQ(AskCommit({end}), "");
  by_hand_ = false;  // a service's commit is no hand's, whoever it is for
  EXPECT_EQ(AskCommit({end}), "K-01");
  by_hand_ = true;
  commit_.clear_document_number();
  EXPECT_EQ(AskCommit({end}), "K-01");
  EXPECT_EQ(AskCommit({"record_filing {}"}), "");
}

TEST_F(CaseRulesTest, K03WhatWasAcceptedFirstIsRegisteredFirst) {
  Put<v1::Caution>("Q",
                   "unit: #FieldU state: RECORD_STATE_LIVE effective_date: '2026-03-01' "
                   "cause: CAUTION_CAUSE_ACCEPTED_CASE case_number: 7");
  EXPECT_EQ(Ask(kTransfer, "consent=Group1"), "K-03@right");
  EXPECT_EQ(last().refusals[0].refusal.retryable(), true);
  OpenCase("REVIEWED");
  EXPECT_EQ(Ask(kTransfer, "consent=Group1"), "");  // its own
  case_number_ = 8;
  EXPECT_EQ(Ask(kTransfer, "consent=Group1"), "K-03@right");
}

TEST_F(CaseRulesTest, K04StepsComeInTheirOrder) {
  As("Qi");
  EXPECT_EQ(Ask(kReview), "K-04@case");  // no case at all
  OpenCase("ACCEPTED");
  EXPECT_EQ(Ask(kReview), "");
  EXPECT_EQ(Ask("review_case { step: 2 outcome: REVIEW_OUTCOME_PASSED }"), "K-04@case");
  EXPECT_EQ(Ask("register_case {}"), "K-04@case");
  EXPECT_EQ(Ask("request_supplement {}"), "");
  EXPECT_EQ(Ask("supplement_case {}"), "K-04@case P-12@application.kind");
  EXPECT_EQ(Ask("conclude_notice {}"), "K-04@case");
  EXPECT_EQ(Ask("resume_case {}"), "K-04@case");
  EXPECT_EQ(Ask("archive_case {}"), "K-04@case");
  OpenCase("REVIEWED", kPassed);
  EXPECT_EQ(Ask("request_supplement {}"), "K-04@case");
  As("Ren");
  EXPECT_EQ(Ask("register_case {}"), "");
  EXPECT_EQ(Ask("review_case { step: 1 outcome: REVIEW_OUTCOME_SENT_BACK }"), "");
  OpenCase("ACCEPTED", std::string(kPassed) + "reviews { outcome: REVIEW_OUTCOME_SENT_BACK }");
  EXPECT_EQ(Ask("register_case {}"), "K-04@case");
  OpenCase("REGISTERED", kPassed);
  for (const char* step : {"refuse_case {}", "register_case {}", "suspend_case {}"}) {
    EXPECT_EQ(Ask(step), "K-04@case") << step;
  }
  EXPECT_EQ(Ask("deliver_certificate {}"), "");
  EXPECT_EQ(Ask("archive_case {}"), "");
}

TEST_F(CaseRulesTest, K05WhoReviewsDidNotAccept) {
  OpenCase("ACCEPTED");
  As("Wu");
  EXPECT_EQ(Ask(kReview), "K-05@case");
  As("Qi");
  EXPECT_EQ(Ask(kReview), "");
  actor_.reset();
  EXPECT_EQ(Ask(kReview), "K-05@case");
}

TEST_F(CaseRulesTest, K06WhoRegistersDidNotReview) {
  OpenCase("REVIEWED", kPassed);
  As("Qi");
  EXPECT_EQ(Ask("register_case {}"), "K-06@case");
  As("Wu");
  EXPECT_EQ(Ask("register_case {}"), "");
}

TEST_F(CaseRulesTest, K07WhatWasAcceptedIsWhatIsRegistered) {
  OpenCase("REVIEWED", kPassed);
  v1::Application application;
  *application.add_acts() = ActOf(kTransfer);
  state_.Put(v1::RECORD_KIND_APPLICATION, case_number_, application.SerializeAsString());
  const std::string later =
      "transfer_right { right: $Contract etag: '9' evidence: 3 cause: TRANSFER_CAUSE_ASSIGNMENT "
      "holders { party: $Suns } }";
  const std::string other =
      "transfer_right { right: $Contract cause: TRANSFER_CAUSE_ASSIGNMENT holders { party: $Lis } "
      "}";
  EXPECT_EQ(AskCommit({kTransfer, "register_case {}"}), "");
  EXPECT_EQ(AskCommit({later, "register_case {}", "issue_certificate { right: $Contract }"}), "");
  EXPECT_EQ(AskCommit({other, "register_case {}"}), "K-07@case");
  EXPECT_EQ(last().refusals[0].act, 1U);
  EXPECT_EQ(AskCommit({"register_case {}"}), "K-07@case");
  EXPECT_EQ(AskCommit({kTransfer, kTransfer, "register_case {}"}), "K-07@case");
  case_number_ = 8;
  EXPECT_EQ(AskCommit({kTransfer, "register_case {}"}), "K-07@case");
}

TEST_F(CaseRulesTest, K08NothingGoesOnWhileTheClockStands) {
  OpenCase("ACCEPTED", "stops { cause: CLOCK_STOP_CAUSE_SUSPENSION from_date: '2026-03-02' }");
  As("Qi");
  EXPECT_EQ(Ask(kReview), "K-08@case");
  EXPECT_EQ(Ask("resume_case {}"), "");
  EXPECT_EQ(Ask("refuse_case {}"), "");
  case_->mutable_stops(0)->set_until_date("2026-03-02");
  EXPECT_EQ(Ask(kReview), "");
}

TEST_F(CaseRulesTest, K09ASupplementsDayHasToBeOver) {
  OpenCase("ACCEPTED",
           "stops { cause: CLOCK_STOP_CAUSE_SUPPLEMENT from_date: '2026-03-02' due_date: "
           "'2026-03-20' }");
  EXPECT_EQ(Ask("lapse_case {}"), "K-09@case");
  EXPECT_EQ(last().refusals[0].refusal.not_before(), "2026-03-21");
  days_.today = {2026, 3, 21};
  EXPECT_EQ(Ask("lapse_case {}"), "");
  case_->clear_stops();
  EXPECT_EQ(Ask("lapse_case {}"), "K-09@case");
}

TEST_F(CaseRulesTest, K10AllApplicantsRetract) {
  OpenCase("ACCEPTED", "applicants { party: #Suns } applicants { party: #Zhangs }");
  EXPECT_EQ(Ask("retract_case { applicants: $Suns }"), "K-10@applicants");
  EXPECT_EQ(Ask("retract_case { applicants: $Suns applicants: $Zhangs }"), "");
}

TEST_F(CaseRulesTest, K11AndP16ANoticeThatIsDueHasRunWithoutAFoundedObjection) {
  As("Ren");
  OpenCase("ACCEPTED", kPassed, "contract-first");
  EXPECT_EQ(Ask("register_case {}"), "K-11@case");
  EXPECT_EQ(Ask("begin_notice {}"), "");
  OpenCase("IN_NOTICE", std::string(kPassed) + "notice { until_date: '2026-03-24' }",
           "contract-first");
  days_.today = {2026, 3, 24};
  EXPECT_EQ(Ask("conclude_notice {}"), "K-11@case");
  EXPECT_EQ(last().refusals[0].refusal.not_before(), "2026-03-25");
  days_.today = {2026, 3, 25};
  EXPECT_EQ(Ask("conclude_notice {}"), "");
  OpenCase("REVIEWED", std::string(kPassed) + "notice { concluded: true }", "contract-first");
  EXPECT_EQ(Ask("register_case {}"), "");
  case_->mutable_notice()->set_objections_founded(1);
  EXPECT_EQ(Ask("register_case {}"), "P-16@case");
}

TEST_F(CaseRulesTest, P31AnObjectionLapsesWithoutALawsuit) {
  Put<v1::Caution>(
      "Q",
      "unit: #FieldU right: #Contract state: RECORD_STATE_LIVE effective_date: '2026-03-02' "
      "cause: CAUTION_CAUSE_OBJECTION");
  EXPECT_EQ(Ask(kTransfer, "consent=Group1"), "P-31@right");
  days_.today = {2026, 3, 17};
  EXPECT_EQ(Ask("lapse_caution { caution: $Q }"), "P-31@caution");
  EXPECT_EQ(Ask("record_caution_step { caution: $Q step_date: '2026-03-17' }"), "");
  EXPECT_EQ(Ask("record_caution_step { caution: $Q step_date: '2026-03-18' }"), "P-31@step_date");
  days_.today = {2026, 3, 18};
  EXPECT_EQ(Ask("lapse_caution { caution: $Q }"), "");
  EXPECT_EQ(Ask(kTransfer, "consent=Group1"), "");  // run out, it bars nothing
  Change<v1::Caution>("Q", "step_date: '2026-03-16'");
  EXPECT_EQ(Ask("lapse_caution { caution: $Q }"), "P-31@caution");
  EXPECT_EQ(Ask(kTransfer, "consent=Group1"), "P-31@right");
}

TEST_F(CaseRulesTest, P32ACorrectionUnderWayWarns) {
  Put<v1::Caution>("Q",
                   "unit: #FieldU state: RECORD_STATE_LIVE effective_date: '2026-03-02' "
                   "cause: CAUTION_CAUSE_CORRECTION");
  EXPECT_EQ(Ask(kTransfer, "consent=Group1"), "P-32@right");
  commit_.add_overrides()->set_rule("P-32");
  EXPECT_EQ(Ask(kTransfer, "consent=Group1"), "");
  EXPECT_EQ(Ask(kTransfer), "C-01@evidence");  // it accepts a caution, not a refusal
}

TEST_F(CaseRulesTest, P33AnAdvanceNoticeBindsAndLapses) {
  Put<v1::Caution>(
      "Q",
      "unit: #FieldU right: #Contract state: RECORD_STATE_LIVE effective_date: '2026-03-02' "
      "cause: CAUTION_CAUSE_ADVANCE_NOTICE beneficiaries: #Lis");
  EXPECT_EQ(Ask(kTransfer, "consent=Group1"), "P-33@right");
  EXPECT_EQ(Ask(kTransfer, "consent=Group1,Lis"), "");
  EXPECT_EQ(Ask("lapse_caution { caution: $Q }"), "P-33@caution");
  Change<v1::Caution>("Q", "registrable_date: '2026-12-01'");
  days_.today = {2027, 3, 1};
  EXPECT_EQ(Ask("lapse_caution { caution: $Q }"), "P-33@caution");
  days_.today = {2027, 3, 2};
  EXPECT_EQ(Ask("lapse_caution { caution: $Q }"), "");
}

TEST_F(CaseRulesTest, P34ASeizureStandsToItsDayAndIsExtendedBefore) {
  Put<v1::Caution>(
      "Q",
      "unit: #FieldU state: RECORD_STATE_LIVE effective_date: '2026-03-02' expiry_date: "
      "'2026-09-01' cause: CAUTION_CAUSE_SEIZURE");
  EXPECT_EQ(Ask(kTransfer, "consent=Group1"), "P-34@right");
  EXPECT_EQ(Ask("lapse_caution { caution: $Q }"), "P-34@caution");
  EXPECT_EQ(Ask("extend_caution { caution: $Q expiry_date: '2029-09-01' }"), "");
  days_.today = {2026, 9, 2};
  EXPECT_EQ(Ask("extend_caution { caution: $Q expiry_date: '2029-09-01' }"), "P-34@caution");
  EXPECT_EQ(Ask("lapse_caution { caution: $Q }"), "");
  Change<v1::Caution>("Q", "expiry_date: ''");
  EXPECT_EQ(Ask("lapse_caution { caution: $Q }"), "P-34@caution");
}

TEST_F(CaseRulesTest, P16ADisputeWaitsAndAFreezeBars) {
  const auto told = [&](const std::string& cause) {
    Put<v1::Caution>("Q",
                     "unit: #FieldU state: RECORD_STATE_LIVE effective_date: '2026-03-02' cause: "
                     "CAUTION_CAUSE_" +
                         cause);
    return Ask(kTransfer, "consent=Group1");
  };
  EXPECT_EQ(told("DISPUTE"), "P-16@right");
  EXPECT_EQ(told("EXPROPRIATION"), "P-16@right");
  EXPECT_EQ(told("TRADING"), "P-16@right");  // no pack speaks of it: refused
}

TEST_F(CaseRulesTest, SeizuresAndFilingsPassAnAcceptedCase) {
  Put<v1::Caution>("Q",
                   "unit: #FieldU state: RECORD_STATE_LIVE effective_date: '2026-03-02' cause: "
                   "CAUTION_CAUSE_ACCEPTED_CASE case_number: 9");
  EXPECT_EQ(Ask("place_caution { unit: $FieldU cause: CAUTION_CAUSE_SEIZURE }"), "");
  EXPECT_EQ(Ask("record_filing { rights: $Contract }"), "");
  EXPECT_EQ(Ask("vary_right { right: $Contract }"), "K-03@right");
}

}  // namespace
}  // namespace landbook::law
