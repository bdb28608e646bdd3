// How law is asked of a commit, and where what it accepts is kept.
#include "services/registry/act_law.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/registry/act_testing.h"
#include "services/registry/book_testing.h"
#include "services/registry/journal.h"

namespace landbook::registry {
namespace {

using testing::ElementsAre;

void AddPerson(v1::Commit* commit) {
  v1::Person& person =
      *commit->add_acts()->mutable_register_party()->mutable_party()->mutable_person();
  person.set_identity_document(v1::IDENTITY_DOCUMENT_PASSPORT);
  person.mutable_private_()->set_full_name("户主");
  person.mutable_private_()->set_identity_number("P1");
  person.mutable_private_()->set_birth_date("1970-01-01");
}

// A collective, a person, and the person's household: parties 1 to 3.
v1::Commit Village() {
  v1::Commit commit;
  v1::Collective& collective =
      *commit.add_acts()->mutable_register_party()->mutable_party()->mutable_collective();
  collective.set_title("样例村农民集体");
  collective.set_level(v1::COLLECTIVE_LEVEL_VILLAGE);
  collective.set_division("990101001001");
  AddPerson(&commit);
  v1::RegisterParty& made = *commit.add_acts()->mutable_register_party();
  made.mutable_party()->mutable_household();
  made.mutable_collective()->mutable_created_by()->set_act(0);
  v1::MemberReference& member = *made.add_members();
  member.mutable_person()->mutable_created_by()->set_act(1);
  member.set_standing(v1::MEMBER_STANDING_MEMBER);
  member.set_head(true);
  member.set_co_holder(true);
  return commit;
}

// As it is before the book is opened.
void EnterVillage(ActBench* bench) {
  bench->SetBookState(v1::BOOK_STATE_PREPARING);
  ASSERT_TRUE(bench->Commit(Village()).accepted());
  bench->SetBookState(v1::BOOK_STATE_OPEN);
}

// After a divorce the person holds the household's land no longer, which law warns of (D-10).
v1::Commit Divorce(const std::string& etag) {
  v1::Commit commit;
  v1::ChangeMembership& change = *commit.add_acts()->mutable_change_membership();
  change.mutable_household()->set_number(3);
  change.set_etag(etag);
  change.mutable_person()->set_number(2);
  change.set_standing(v1::MEMBER_STANDING_MEMBER);
  change.set_ground(v1::MEMBERSHIP_GROUND_DIVORCE);
  change.set_since_date("2026-01-01");
  change.set_co_holder(false);
  return commit;
}

void Accept(const std::string& rule, v1::Commit* commit) {
  v1::Override& accepted = *commit->add_overrides();
  accepted.set_rule(rule);
  accepted.set_reason("双方书面确认");
  accepted.set_document_number("样字1号");
}

TEST(AskLaw, KeepsAnAcceptedWarningInTheHeaderAndWithTheAct) {
  TestBook book;
  v1::Commit open;
  open.add_acts()->mutable_open_book();
  open.set_document_number("样字0号");
  ASSERT_TRUE(book.CommitAs(ActorOf("admin", v1::ROLE_ADMINISTRATOR), open).ok());
  const auto village = book.Commit(Village());
  ASSERT_TRUE(village.ok());
  v1::Commit divorce = Divorce(std::to_string(village->sequence()));
  const auto warned = book.Commit(divorce);
  ASSERT_THAT(ReasonsOf(warned.refusals()), ElementsAre("LAW_WARNS"));
  EXPECT_EQ(warned.refusals()[0].rule(), "D-10");
  EXPECT_EQ(warned.refusals()[0].field(), "commit.acts[0].change_membership.co_holder");
  Accept("D-10", &divorce);
  const auto accepted = book.Commit(divorce);
  ASSERT_TRUE(accepted.ok()) << accepted.refusals().front().message_en();
  const EngineView view(&book.engine());
  const auto entry = ReadEntry(view, 1, accepted->sequence());
  ASSERT_TRUE(entry.ok());
  ASSERT_EQ(entry->header.overrides_size(), 1);
  EXPECT_EQ(entry->header.overrides(0).rule(), "D-10");
  ASSERT_EQ(entry->acts[0].findings_size(), 1);
  EXPECT_EQ(entry->acts[0].findings(0).rule(), "D-10");
}

TEST(AskLaw, TakesNoOverrideOfARuleThatDoesNotWarn) {
  ActBench bench;
  EnterVillage(&bench);
  v1::Commit divorce = Divorce(bench.EtagOf(v1::RECORD_KIND_PARTY, 3));
  divorce.mutable_acts(0)->mutable_change_membership()->set_standing(v1::MEMBER_STANDING_LOST);
  divorce.mutable_acts(0)->mutable_change_membership()->set_co_holder(true);
  Accept("D-09", &divorce);
  EXPECT_THAT(bench.Commit(divorce).reasons(), ElementsAre("GROUND_NOT_STATUTORY"));
}

TEST(LawState, ReadsWhatTheBookHolds) {
  ActBench bench;
  EnterVillage(&bench);
  v1::Right right;
  right.add_holders()->set_party(3);
  right.set_state(v1::RECORD_STATE_ENDED);
  bench.Given(right);
  bench.AskState([](const law::State& state) {
    EXPECT_EQ(state.BirthDate(2), (common::CivilDate{1970, 1, 1}));
    EXPECT_EQ(state.BirthDate(1), std::nullopt);                               // no person
    EXPECT_EQ(state.BirthDate(99), std::nullopt);                              // nobody
    EXPECT_THAT(state.Linked(law::Link::kRightsOfHolder, 3), ElementsAre(1));  // ended ones too
    EXPECT_THAT(state.Linked(law::Link::kCertificatesOfRight, 1), ElementsAre());
    v1::Reference reference;
    EXPECT_EQ(state.Resolve(reference, v1::RECORD_KIND_PARTY), std::nullopt);
    reference.set_number(3);
    EXPECT_EQ(state.Resolve(reference, v1::RECORD_KIND_PARTY), 3U);
    EXPECT_EQ(state.Resolve(reference, v1::RECORD_KIND_RIGHT), std::nullopt);
    EXPECT_EQ(state.Record(v1::RECORD_KIND_PARTY, 4), std::nullopt);
  });
}

TEST(SayBreach, NamesReasonRuleAndSource) {
  v1::Refusal breach =
      common::Refuse(Reason::HOLDER_NOT_ALLOWED, "", {"Not so.", "不得如此。"}, "RLCL 16");
  EXPECT_EQ(SayBreach(breach), "HOLDER_NOT_ALLOWED: Not so. [RLCL 16]");
  breach.set_rule("R-02");
  EXPECT_EQ(SayBreach(breach), "HOLDER_NOT_ALLOWED: Not so. [R-02, RLCL 16]");
}

}  // namespace
}  // namespace landbook::registry
