// A case the whole way through the writer: what it applies for is checked when it is accepted and
// changes nothing until it is registered.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "services/registry/act_context.h"
#include "services/registry/act_testing.h"
#include "services/registry/book_testing.h"
#include "services/registry/journal.h"
#include "services/registry/plot_testing.h"
#include "services/registry/window_index.h"

namespace landbook::registry {
namespace {

using ::testing::StartsWith;

constexpr Block kPlot{0, 0, 10, 10};
constexpr Block kNeighbour{10, 0, 10, 10};
constexpr Block kSmaller{0, 0, 9, 10};
constexpr Block kIntoNeighbour{0, 0, 12, 10};

class CaseInBook : public ::testing::Test {
 protected:
  void SetUp() override {
    v1::Commit commit;
    for (const Block& block : {kPlot, kNeighbour}) {
      *commit.add_acts()->mutable_establish_plot()->mutable_plot() =
          NewContractedPlot(BoundaryOfBlock(block));
    }
    auto& party = *commit.add_acts()->mutable_register_party()->mutable_party();
    party.mutable_organisation()->set_title("某合作社");
    party.mutable_organisation()->set_organisation_kind(v1::ORGANISATION_KIND_ENTERPRISE);
    auto& unit = *commit.add_acts()->mutable_establish_unit();
    unit.mutable_plot()->mutable_created_by()->set_act(0);
    unit.set_fixture("W");
    const auto entered = Enter(ActorOf("registrar", v1::ROLE_REGISTRAR), commit);
    plot_ = NumberIn(entered, 0, v1::RECORD_KIND_PLOT);
    party_ = NumberIn(entered, 2, v1::RECORD_KIND_PARTY);
    unit_ = NumberIn(entered, 3, v1::RECORD_KIND_UNIT);
    v1::Commit opening;
    opening.set_document_number("D-1");
    opening.add_acts()->mutable_open_book();
    Enter(ActorOf("admin", v1::ROLE_ADMINISTRATOR), opening);
  }

  // An officer whose steps come through the service around cases.
  static v1::Actor Officer(std::string_view principal, v1::Role role) {
    v1::Actor actor = ActorOf(principal, role);
    actor.add_via("ConveyanceService");
    return actor;
  }
  v1::CommitResponse Enter(const v1::Actor& actor, const v1::Commit& commit) {
    auto outcome = book_.CommitAs(actor, commit);
    if (outcome.ok()) return *outcome;
    for (const v1::Refusal& refusal : outcome.refusals()) {
      ADD_FAILURE() << refusal.field() << ": " << refusal.message_en();
    }
    return {};
  }
  template <typename Record>
  Record Read(std::uint64_t number) {
    const EngineView view(&book_.engine());
    Record record;
    const auto bytes = VersionReader(&view, 1).Value(RecordKey(kKindOf<Record>, number));
    EXPECT_TRUE(bytes && record.ParseFromString(*bytes)) << "record " << number;
    return record;
  }
  std::string Etag(v1::RecordKind kind, std::uint64_t number) {
    const EngineView view(&book_.engine());
    const auto version = VersionReader(&view, 1).Get(RecordKey(kind, number));
    return version ? std::to_string(version->from) : "";
  }
  std::string BoundaryNow() {
    const EngineView view(&book_.engine());
    const auto stored = BoundaryOf(VersionReader(&view, 1), plot_);
    return stored ? stored->compact : "";
  }
  v1::EntryHeader LastHeader() { return **ReadLastHeader(book_.engine(), 1); }

  // Gives the plot the boundary of the block.
  v1::Act Amend(const Block& block) {
    v1::Act act;
    v1::AmendPlot& amend = *act.mutable_amend_plot();
    amend.mutable_plot()->set_number(plot_);
    amend.set_etag(Etag(v1::RECORD_KIND_PLOT, plot_));
    amend.mutable_boundary()->set_compact(geo::EncodeCompact(BoundaryOfBlock(block)));
    return act;
  }
  // Divides the plot into two halves.
  v1::Act Split() {
    v1::Act act;
    v1::SplitPlot& split = *act.mutable_split_plot();
    split.mutable_plot()->set_number(plot_);
    split.set_etag(Etag(v1::RECORD_KIND_PLOT, plot_));
    for (const Block& half : {Block{0, 0, 5, 10}, Block{5, 0, 5, 10}}) {
      *split.add_parts() = NewContractedPlot(BoundaryOfBlock(half));
    }
    return act;
  }
  v1::Commit Acceptance(const Block& block) { return AcceptanceOf(Amend(block)); }
  v1::Commit AcceptanceOf(const v1::Act& act) {
    v1::Commit commit;
    auto& application = *commit.add_acts()->mutable_accept_case()->mutable_application();
    application.set_kind("plot-change");
    application.set_registration_type(v1::REGISTRATION_TYPE_CHANGE);
    application.set_filing_place(v1::FILING_PLACE_WINDOW);
    auto& applicant = *application.add_applicants();
    applicant.mutable_party()->set_number(party_);
    applicant.set_side(v1::APPLICANT_SIDE_HOLDER);
    application.add_units()->set_number(unit_);
    *application.add_acts() = act;
    for (const auto kind :
         {v1::EVIDENCE_KIND_APPLICATION, v1::EVIDENCE_KIND_IDENTITY, v1::EVIDENCE_KIND_SURVEY}) {
      v1::Evidence& piece = *application.add_evidence();
      piece.set_kind(kind);
      piece.set_date("2026-03-02");
    }
    return commit;
  }
  std::uint64_t Accept(const Block& block) {
    return NumberIn(Enter(Officer("wu", v1::ROLE_INTAKE), Acceptance(block)), 0,
                    v1::RECORD_KIND_CASE);
  }
  void Review(std::uint64_t number) {
    v1::Commit commit;
    v1::ReviewCase& review = *commit.add_acts()->mutable_review_case();
    review.mutable_case_()->set_number(number);
    review.set_etag(Etag(v1::RECORD_KIND_CASE, number));
    review.set_step(1);
    review.set_outcome(v1::REVIEW_OUTCOME_PASSED);
    review.set_opinion("符合");
    Enter(Officer("qi", v1::ROLE_REVIEWER), commit);
  }
  v1::Commit Registration(std::uint64_t number, const Block& block) {
    return RegistrationOf(number, Amend(block));
  }
  v1::Commit RegistrationOf(std::uint64_t number, const v1::Act& act) {
    v1::Commit commit;
    *commit.add_acts() = act;
    v1::RegisterCase& step = *commit.add_acts()->mutable_register_case();
    step.mutable_case_()->set_number(number);
    step.set_etag(Etag(v1::RECORD_KIND_CASE, number));
    return commit;
  }

  const v1::Actor registrar_ = Officer("ren", v1::ROLE_REGISTRAR);
  TestBook book_;
  std::uint64_t plot_ = 0;
  std::uint64_t unit_ = 0;
  std::uint64_t party_ = 0;
};

TEST_F(CaseInBook, ChangesNothingUntilItIsRegistered) {
  const std::string before = BoundaryNow();
  const std::uint64_t number = Accept(kSmaller);
  EXPECT_EQ(BoundaryNow(), before);
  EXPECT_FALSE(LastHeader().has_verdict()) << "nothing of the application was entered";
  const auto accepted = Read<v1::Case>(number);
  EXPECT_EQ(accepted.state(), v1::CASE_STATE_ACCEPTED);
  EXPECT_THAT(accepted.code(), StartsWith(kTestCounty));
  ASSERT_EQ(accepted.cautions_size(), 1);
  EXPECT_EQ(Read<v1::Caution>(accepted.cautions(0)).case_number(), number);
  EXPECT_EQ(Read<v1::Application>(number).acts_size(), 1);
  Review(number);
  Enter(registrar_, Registration(number, kSmaller));
  EXPECT_NE(BoundaryNow(), before);
  const auto registered = Read<v1::Case>(number);
  EXPECT_EQ(registered.state(), v1::CASE_STATE_REGISTERED);
  EXPECT_EQ(registered.registered_sequence(), LastHeader().sequence());
  EXPECT_EQ(Read<v1::Caution>(accepted.cautions(0)).state(), v1::RECORD_STATE_ENDED);
}

TEST_F(CaseInBook, TheBoundaryCheckIsToldAtAcceptance) {
  const auto outcome = book_.CommitAs(Officer("wu", v1::ROLE_INTAKE), Acceptance(kIntoNeighbour));
  ASSERT_FALSE(outcome.ok());
  EXPECT_EQ(outcome.refusals()[0].reason(), "PLOT_OVERLAPS_NEIGHBOUR");
  for (const v1::Refusal& refusal : outcome.refusals()) {
    EXPECT_EQ(refusal.field(), "commit.acts[0].accept_case.application.acts[0]");
  }
}

TEST_F(CaseInBook, WhatWasAcceptedIsWhatIsRegistered) {
  const std::uint64_t number = Accept(kSmaller);
  Review(number);
  const auto outcome = book_.CommitAs(registrar_, Registration(number, {0, 0, 8, 10}));
  ASSERT_FALSE(outcome.ok());
  EXPECT_EQ(ReasonsOf(outcome.refusals()), std::vector<std::string>{"CASE_ACTS_DIFFER"});
  EXPECT_EQ(Read<v1::Case>(number).state(), v1::CASE_STATE_REVIEWED);
}

TEST_F(CaseInBook, OtherActsOnItsUnitWait) {
  Accept(kSmaller);
  v1::Commit other;
  *other.add_acts() = Amend(kSmaller);
  const auto outcome = book_.CommitAs(registrar_, other);
  ASSERT_FALSE(outcome.ok());
  EXPECT_EQ(outcome.refusals()[0].rule(), "K-03");
}

// The pack of the acceptance day governs a case though another was adopted since.
TEST_F(CaseInBook, ThePackOfTheAcceptanceDayGoverns) {
  const std::uint64_t number = Accept(kSmaller);
  const std::uint32_t version = LastHeader().pack_version();
  v1::Commit adoption;
  adoption.set_document_number("D-2");
  v1::AdoptPack& adopt = *adoption.add_acts()->mutable_adopt_pack();
  for (std::string text : SampleChainForTests()) {
    constexpr std::string_view kHead = "code: \"sample\"\nversion: ";
    const std::size_t place = text.find(kHead);
    if (place != std::string::npos) text.insert(place + kHead.size(), "9");
    adopt.add_chain(text);
  }
  Enter(ActorOf("admin", v1::ROLE_ADMINISTRATOR), adoption);
  Review(number);
  EXPECT_EQ(LastHeader().pack_version(), version);
  Enter(registrar_, Registration(number, kSmaller));
  const v1::EntryHeader header = LastHeader();
  EXPECT_EQ(header.pack_version(), version);
  EXPECT_EQ(header.governing_pack(), Read<v1::Case>(number).pack());
  EXPECT_EQ(header.case_number(), number);
  EXPECT_EQ(header.law_day(), Read<v1::Case>(number).accepted_date());
}

// The unit that a division ends bears the case's caution, which ends with it.
TEST_F(CaseInBook, DividesThePlotThatItHoldsBack) {
  const auto accepted = Enter(Officer("wu", v1::ROLE_INTAKE), AcceptanceOf(Split()));
  const std::uint64_t number = NumberIn(accepted, 0, v1::RECORD_KIND_CASE);
  Review(number);
  Enter(registrar_, RegistrationOf(number, Split()));
  EXPECT_EQ(Read<v1::Plot>(plot_).made_into_size(), 2);
  EXPECT_EQ(Read<v1::Unit>(unit_).state(), v1::RECORD_STATE_ENDED);
  const auto caution = Read<v1::Caution>(Read<v1::Case>(number).cautions(0));
  EXPECT_EQ(caution.state(), v1::RECORD_STATE_ENDED);
  EXPECT_EQ(caution.ended_cause(), "registered");
}

TEST_F(CaseInBook, IsFoldedFromTheJournal) {
  const std::uint64_t number = Accept(kSmaller);
  Review(number);
  Enter(registrar_, Registration(number, kSmaller));
  const auto refolded = book_.Refolded();
  for (const Space space : {Space::kCurrent, Space::kPast, Space::kCounter}) {
    EXPECT_EQ(ItemsOf(book_.engine(), 1, space), ItemsOf(*refolded, 1, space));
  }
  EXPECT_TRUE(book_.Reopen().ok());
}

}  // namespace
}  // namespace landbook::registry
