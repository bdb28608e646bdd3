// Several acts in one commit: what one makes, the next may use; what one refuses, refuses them all.
#include "services/registry/acts.h"

#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/registry/act_testing.h"

namespace landbook::registry {
namespace {

using testing::ElementsAre;

// Makes the reference mean what an earlier act of the commit creates.
void Refer(std::uint32_t act, v1::Reference* reference) {
  reference->mutable_created_by()->set_act(act);
}

std::uint64_t GivePlot(ActBench* bench) {
  v1::Plot plot;
  plot.set_code("990101101201JB00001");
  plot.set_kind("construction");
  plot.set_division("990101101201");
  plot.set_state(v1::RECORD_STATE_LIVE);
  return bench->Given(plot);
}

void AddFirm(const std::string& title, v1::Commit* commit) {
  v1::Organisation& firm =
      *commit->add_acts()->mutable_register_party()->mutable_party()->mutable_organisation();
  firm.set_title(title);
  firm.set_organisation_kind(v1::ORGANISATION_KIND_ENTERPRISE);
}

// Two firms, a unit, a right of the first with its contract: acts 0 to 3.
v1::Commit FoundingCommit(std::uint64_t plot) {
  v1::Commit commit;
  AddFirm("first", &commit);
  AddFirm("second", &commit);
  v1::EstablishUnit& unit = *commit.add_acts()->mutable_establish_unit();
  unit.mutable_plot()->set_number(plot);
  unit.set_fixture("W");
  v1::GrantRight& grant = *commit.add_acts()->mutable_grant_right();
  Refer(2, grant.mutable_unit());
  grant.set_type("construction");
  grant.set_co_ownership(v1::CO_OWNERSHIP_SOLE);
  Refer(0, grant.add_holders()->mutable_party());
  grant.mutable_term()->set_start_date("2020-01-01");
  grant.mutable_term()->set_end_date("2069-12-31");
  v1::NewContract& contract = *grant.mutable_new_contract();
  Refer(1, contract.mutable_issuer());
  Refer(0, contract.mutable_taker());
  contract.set_signed_date("2019-12-01");
  contract.set_method("210");
  contract.set_price_fen(0);
  return commit;
}

// Act 4: the right that act 3 made passes to the second firm.
v1::TransferRight* AddTransfer(const std::string& etag, v1::Commit* commit) {
  v1::TransferRight& transfer = *commit->add_acts()->mutable_transfer_right();
  Refer(3, transfer.mutable_right());
  transfer.set_etag(etag);
  transfer.set_cause(v1::TRANSFER_CAUSE_ASSIGNMENT);
  transfer.set_co_ownership(v1::CO_OWNERSHIP_SOLE);
  Refer(1, transfer.add_holders()->mutable_party());
  // The owner of construction land is told of a transfer.
  v1::Evidence& notice = *commit->add_evidence();
  notice.set_kind(v1::EVIDENCE_KIND_NOTICE);
  Refer(0, notice.add_given_by());
  transfer.add_evidence(0);
  return &transfer;
}

TEST(DecideAct, LetsLaterActsUseWhatEarlierOnesMade) {
  ActBench bench;
  v1::Commit commit = FoundingCommit(GivePlot(&bench));
  AddTransfer(std::string(kEtagOfThisCommit), &commit);
  Refer(3, commit.add_acts()->mutable_issue_certificate()->mutable_right());
  const Decided decided = bench.Commit(commit);
  ASSERT_THAT(decided.reasons(), ElementsAre());
  const auto right = bench.Read<v1::Right>(1);
  EXPECT_EQ(right.holders(0).party(), 2U);
  EXPECT_EQ(right.contract(), 1U);
  EXPECT_EQ(bench.Read<v1::Contract>(1).issuer(), 2U);
  EXPECT_EQ(bench.Read<v1::Certificate>(1).right().holders(0).party(), 2U);
  // The journal has the contract before the right that names it.
  ASSERT_EQ(decided.records[3].effects_size(), 2);
  EXPECT_EQ(decided.records[3].effects(0).kind(), v1::RECORD_KIND_CONTRACT);
  EXPECT_EQ(decided.records[3].effects(1).kind(), v1::RECORD_KIND_RIGHT);
}

TEST(DecideAct, RefusesTheWholeCommitForOneAct) {
  ActBench bench;
  v1::Commit commit = FoundingCommit(GivePlot(&bench));
  AddTransfer("7", &commit);
  const auto before = bench.AllRecords();
  const Decided decided = bench.Commit(commit);
  ASSERT_THAT(decided.reasons(), ElementsAre("RIGHT_HAS_MOVED"));
  EXPECT_EQ(decided.refusals[0].field(), "commit.acts[4].transfer_right.right");
  EXPECT_EQ(bench.AllRecords(), before);
}

TEST(DecideAct, AsksForTheDocumentOnceACommit) {
  ActBench bench;
  bench.actor.set_role(v1::ROLE_ADMINISTRATOR);
  v1::Commit commit = FoundingCommit(GivePlot(&bench));
  const Decided decided = bench.Commit(commit);
  ASSERT_THAT(decided.reasons(), ElementsAre("DOCUMENT_NUMBER_REQUIRED"));
  EXPECT_EQ(decided.refusals[0].field(), "commit.document_number");
  commit.set_document_number("D-1");
  EXPECT_TRUE(bench.Commit(commit).accepted());
}

TEST(DecideAct, CitesTheLawInBothLanguages) {
  ActBench bench;
  v1::Commit commit = FoundingCommit(GivePlot(&bench));
  commit.mutable_acts(3)->mutable_grant_right()->mutable_holders(0)->mutable_share()->set_numerator(
      1);
  const Decided decided = bench.Commit(commit);
  ASSERT_THAT(decided.reasons(), ElementsAre("SHARES_NOT_WANTED"));
  const v1::Refusal& refusal = decided.refusals[0];
  EXPECT_NE(refusal.source().find("Civil Code"), std::string::npos);
  EXPECT_NE(refusal.source().find("民法典"), std::string::npos);
  EXPECT_NE(refusal.message_en(), "");
  EXPECT_NE(refusal.message_zh(), "");
}

TEST(ActName, IsTheFieldsName) {
  v1::Act act;
  EXPECT_EQ(ActName(act), "");
  act.mutable_transfer_right();
  EXPECT_EQ(ActName(act), "transfer_right");
}

}  // namespace
}  // namespace landbook::registry
