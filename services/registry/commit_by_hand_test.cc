// What an open book takes without a case, and what its journal says of it (K-01): the whole way
// through the writer.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <utility>

#include "services/registry/book_testing.h"
#include "services/registry/journal.h"
#include "services/registry/plot_testing.h"

namespace landbook::registry {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

class CommitByHand : public ::testing::Test {
 protected:
  // A plot in which nothing stands, so that it may be retired: an act that needs a case.
  void SetUp() override {
    v1::Commit commit;
    *commit.add_acts()->mutable_establish_plot()->mutable_plot() =
        NewContractedPlot(BoundaryOfBlock({0, 0, 10, 10}));
    const auto made = book_.CommitAs(registrar_, commit);
    ASSERT_TRUE(made.ok());
    plot_ = NumberIn(*made, 0, v1::RECORD_KIND_PLOT);
    etag_ = std::to_string(made->sequence());
  }

  void Open() {
    v1::Commit commit;
    commit.add_acts()->mutable_open_book();
    commit.set_document_number("样字1号");
    ASSERT_TRUE(book_.CommitAs(administrator_, commit).ok());
  }

  v1::Commit Retire(const std::string& document_number) const {
    v1::Commit commit;
    v1::RetirePlot& retire = *commit.add_acts()->mutable_retire_plot();
    retire.mutable_plot()->set_number(plot_);
    retire.set_etag(etag_);
    retire.set_ground("灭失");
    commit.set_document_number(document_number);
    return commit;
  }

  common::RefusalList RefusalsOf(const v1::Actor& actor, const v1::Commit& commit) {
    const auto outcome = book_.CommitAs(actor, commit);
    return outcome.ok() ? common::RefusalList() : outcome.refusals();
  }
  v1::EntryHeader LastHeader() { return **ReadLastHeader(book_.engine(), 1); }

  TestBook book_;
  const v1::Actor registrar_ = ActorOf("ren", v1::ROLE_REGISTRAR);
  const v1::Actor administrator_ = ActorOf("admin", v1::ROLE_ADMINISTRATOR);
  std::uint64_t plot_ = 0;
  std::string etag_;
};

TEST_F(CommitByHand, IsRefusedToARegistrarWhateverDocumentItNames) {
  Open();
  const std::uint64_t before = LastHeader().sequence();
  for (const char* document : {"", "样字2号"}) {
    const auto refusals = RefusalsOf(registrar_, Retire(document));
    ASSERT_THAT(ReasonsOf(refusals), ElementsAre("CASE_REQUIRED"));
    EXPECT_EQ(refusals[0].rule(), "K-01");
    EXPECT_EQ(refusals[0].field(), "commit.acts[0].retire_plot");
  }
  EXPECT_EQ(LastHeader().sequence(), before);
}

TEST_F(CommitByHand, IsAnAdministratorsUnderADocumentAndMarkedInTheEntry) {
  Open();
  EXPECT_THAT(ReasonsOf(RefusalsOf(administrator_, Retire(""))),
              ElementsAre("DOCUMENT_NUMBER_REQUIRED"));
  EXPECT_THAT(ReasonsOf(RefusalsOf(administrator_, Retire("样字2号"))), IsEmpty());
  const v1::EntryHeader header = LastHeader();
  EXPECT_TRUE(header.hand_made());
  EXPECT_EQ(header.document_number(), "样字2号");
  EXPECT_EQ(header.actor().role(), v1::ROLE_ADMINISTRATOR);
  EXPECT_EQ(header.case_number(), 0u);
}

// What comes through a service would not be marked, so it is taken as no hand; who only asks
// through one is told what a hand could do.
TEST_F(CommitByHand, ComesThroughNoService) {
  Open();
  v1::Actor passed_on = administrator_;
  passed_on.add_via("ConveyanceService");
  EXPECT_THAT(ReasonsOf(RefusalsOf(passed_on, Retire("样字2号"))), ElementsAre("CASE_REQUIRED"));
  const auto asked = book_.CommitAs(passed_on, Retire("样字2号"), /*validate_only=*/true);
  ASSERT_TRUE(asked.ok());
  EXPECT_EQ(asked->refusals_size(), 0);
  const auto without = book_.CommitAs(registrar_, Retire("样字2号"), /*validate_only=*/true);
  ASSERT_TRUE(without.ok());
  ASSERT_EQ(without->refusals_size(), 1);
  EXPECT_EQ(without->refusals(0).rule(), "K-01");
}

TEST_F(CommitByHand, IsAnybodysWhileTheBookIsPrepared) {
  EXPECT_THAT(ReasonsOf(RefusalsOf(registrar_, Retire(""))), IsEmpty());
}

// An act in front of the one that opens the book is no way round a case either.
TEST_F(CommitByHand, NeedsItsDocumentInTheCommitThatOpensTheBook) {
  v1::Commit commit = Retire("");
  commit.add_acts()->mutable_open_book();
  EXPECT_THAT(ReasonsOf(RefusalsOf(administrator_, commit)), ElementsAre("CASE_REQUIRED"));
  commit.set_document_number("样字2号");
  EXPECT_THAT(ReasonsOf(RefusalsOf(administrator_, commit)), IsEmpty());
}

// Each act is told that needs a case, and none besides.
TEST_F(CommitByHand, TellsEveryActThatNeedsACase) {
  v1::Commit commit;
  v1::Organisation& firm =
      *commit.add_acts()->mutable_register_party()->mutable_party()->mutable_organisation();
  firm.set_title("某合作社");
  firm.set_organisation_kind(v1::ORGANISATION_KIND_ENTERPRISE);
  *commit.add_acts()->mutable_establish_plot()->mutable_plot() =
      NewContractedPlot(BoundaryOfBlock({20, 0, 10, 10}));
  Open();
  const auto made = book_.CommitAs(registrar_, commit);
  ASSERT_TRUE(made.ok()) << "neither needs a case";
  commit.mutable_acts()->RemoveLast();
  firm.set_title("另一合作社");
  *commit.add_acts() = Retire("").acts(0);
  v1::RetirePlot& second = *commit.add_acts()->mutable_retire_plot();
  second.mutable_plot()->set_number(NumberIn(*made, 1, v1::RECORD_KIND_PLOT));
  second.set_etag(std::to_string(made->sequence()));
  second.set_ground("灭失");
  const auto refusals = RefusalsOf(registrar_, commit);
  ASSERT_THAT(ReasonsOf(refusals), ElementsAre("CASE_REQUIRED", "CASE_REQUIRED"));
  EXPECT_EQ(refusals[0].field(), "commit.acts[1].retire_plot");
  EXPECT_EQ(refusals[1].field(), "commit.acts[2].retire_plot");
}

}  // namespace
}  // namespace landbook::registry
