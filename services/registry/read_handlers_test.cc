#include "services/registry/read_handlers.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <future>

#include "geo/compact.h"
#include "services/registry/access_log.h"
#include "services/registry/book_testing.h"
#include "services/registry/plot_testing.h"
#include "storage/merkle_tree.h"
#include "storage/signed_head.h"

namespace landbook::registry {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

// A county with a collective, a household of one person, five plots in a row with a unit each, and
// a contract right in the first two.
class ReadHandlersTest : public testing::Test {
 protected:
  static constexpr std::uint64_t kPerson = 2;
  static constexpr std::uint64_t kHousehold = 3;

  void SetUp() override {
    v1::Commit open;
    open.add_acts()->mutable_open_book();
    open.set_document_number("open-1");
    ASSERT_TRUE(test_.CommitAs(ActorOf("admin", v1::ROLE_ADMINISTRATOR), open).ok());
    RegisterParties();
    for (int i = 0; i < 5; ++i) EstablishPlot(i);
    Grant(1);
    Grant(2);
  }

  void Commit(const v1::Commit& commit) {
    const auto outcome = test_.Commit(commit);
    ASSERT_TRUE(outcome.ok()) << outcome.refusals().front().message_en();
  }

  void RegisterParties() {
    v1::Commit commit;
    auto& collective =
        *commit.add_acts()->mutable_register_party()->mutable_party()->mutable_collective();
    collective.set_title("一村集体");
    collective.set_level(v1::COLLECTIVE_LEVEL_VILLAGE);
    collective.set_division("990101001001");
    auto& person = *commit.add_acts()->mutable_register_party()->mutable_party()->mutable_person();
    person.set_identity_document(v1::IDENTITY_DOCUMENT_PASSPORT);
    person.mutable_private_()->set_full_name("李四");
    person.mutable_private_()->set_identity_number("P1");
    person.mutable_private_()->set_birth_date("1970-01-01");
    auto& household = *commit.add_acts()->mutable_register_party();
    household.mutable_party()->mutable_household();
    household.mutable_collective()->mutable_created_by()->set_act(0);
    auto& member = *household.add_members();
    member.mutable_person()->mutable_created_by()->set_act(1);
    member.set_standing(v1::MEMBER_STANDING_MEMBER);
    member.set_head(true);
    member.set_co_holder(true);
    Commit(commit);
  }

  // The n-th plot lies 10 n metres east of the origin.
  void EstablishPlot(int n) {
    v1::Commit commit;
    *commit.add_acts()->mutable_establish_plot()->mutable_plot() =
        NewContractedPlot(BoundaryOfBlock({.east = 10.0 * n}));
    auto& unit = *commit.add_acts()->mutable_establish_unit();
    unit.mutable_plot()->mutable_created_by()->set_act(0);
    unit.set_fixture("W");
    Commit(commit);
  }

  void Grant(std::uint64_t unit) {
    v1::Commit commit;
    auto& grant = *commit.add_acts()->mutable_grant_right();
    grant.mutable_unit()->set_number(unit);
    grant.set_type("contract");
    grant.set_co_ownership(v1::CO_OWNERSHIP_JOINT);
    grant.add_holders()->mutable_party()->set_number(kHousehold);
    grant.mutable_term()->set_start_date("2020-01-01");
    grant.mutable_term()->set_end_date("2049-12-31");
    Commit(commit);
  }

  void Issue(std::uint64_t right) {
    v1::Commit commit;
    commit.add_acts()->mutable_issue_certificate()->mutable_right()->set_number(right);
    Commit(commit);
  }

  const Book& book() { return test_.book(); }
  std::shared_ptr<const Book> shared() {
    return {&test_.book(), [](const Book*) {}};
  }
  std::uint64_t newest() { return book().writer().position().sequence; }

  static common::CallContext CallOf(v1::Role role) {
    common::CallContext call;
    call.actor = ActorOf("wang", role);
    call.request_id = "call";
    return call;
  }
  const common::CallContext call_ = CallOf(v1::ROLE_REGISTRAR);

  TestBook test_;
};

template <typename T>
std::string ReasonOf(const common::Outcome<T>& outcome) {
  return outcome.ok() ? "" : outcome.refusals().front().reason();
}

template <typename Records>
std::vector<std::uint64_t> NumbersOf(const Records& records) {
  std::vector<std::uint64_t> numbers;
  for (const auto& record : records) numbers.push_back(record.number());
  return numbers;
}

// All pages of a source that ends.
template <typename Response>
std::vector<Response> AllOf(const common::PageSource<Response>& source) {
  std::vector<Response> pages;
  while (true) {
    Response page;
    const auto step = source(page);
    EXPECT_TRUE(step.ok());
    if (!step.ok() || *step != common::PageStep::kPage) return pages;
    pages.push_back(std::move(page));
  }
}

TEST_F(ReadHandlersTest, GetsAPlotByNumberAndByCode) {
  v1::GetPlotRequest request;
  request.set_plot("2");
  const auto by_number = GetPlot(book(), call_, request);
  ASSERT_TRUE(by_number.ok());
  request.set_plot(by_number->code());
  const auto by_code = GetPlot(book(), call_, request);
  ASSERT_TRUE(by_code.ok());
  EXPECT_EQ(by_code->SerializeAsString(), by_number->SerializeAsString());
  EXPECT_THAT(by_code->units(), ElementsAre(2u));
  request.set_plot("no such plot");
  const auto none = GetPlot(book(), call_, request);
  EXPECT_EQ(ReasonOf(none), "RECORD_NOT_FOUND");
  EXPECT_EQ(none.refusals().front().field(), "plot");
}

TEST_F(ReadHandlersTest, ReadsAsOfAnEntryAndATime) {
  v1::GetPlotRequest request;
  request.set_plot("5");
  const auto now = GetPlot(book(), call_, request);
  ASSERT_TRUE(now.ok());
  const std::uint64_t made = std::stoull(now->etag());
  request.mutable_read()->set_sequence(made - 1);
  EXPECT_EQ(ReasonOf(GetPlot(book(), call_, request)), "RECORD_NOT_FOUND");
  request.mutable_read()->set_sequence(made);
  EXPECT_TRUE(GetPlot(book(), call_, request).ok());
  request.mutable_read()->set_sequence(newest() + 1);
  EXPECT_EQ(ReasonOf(GetPlot(book(), call_, request)), "AS_OF_IN_FUTURE");
  v1::GetPlotHistoryRequest history;
  history.set_plot("5");
  EXPECT_EQ(GetPlotHistory(book(), call_, history)->versions_size(), 1);
  history.mutable_read()->set_sequence(made - 1);
  EXPECT_EQ(ReasonOf(GetPlotHistory(book(), call_, history)), "RECORD_NOT_FOUND");

  request.mutable_read()->set_time(common::FormatTime(test_.clock().NowMicros()));
  EXPECT_TRUE(GetPlot(book(), call_, request).ok());
  request.mutable_read()->set_time("2001-01-01T00:00:00Z");
  EXPECT_EQ(ReasonOf(GetPlot(book(), call_, request)), "RECORD_NOT_FOUND");
  request.mutable_read()->set_time("2999-01-01T00:00:00Z");
  EXPECT_EQ(ReasonOf(GetPlot(book(), call_, request)), "AS_OF_IN_FUTURE");
  request.mutable_read()->set_time("yesterday");
  EXPECT_EQ(ReasonOf(GetPlot(book(), call_, request)), "TIME_MALFORMED");
}

TEST_F(ReadHandlersTest, WaitsForItsOwnWriteUntilTheDeadline) {
  v1::GetPlotRequest request;
  request.set_plot("6");
  request.mutable_read()->set_min_sequence(newest() + 1);
  common::CallContext short_of_time = call_;
  short_of_time.deadline = std::chrono::system_clock::now() + std::chrono::milliseconds(20);
  EXPECT_EQ(ReasonOf(GetPlot(book(), short_of_time, request)), "SEQUENCE_NOT_REACHED");
  auto waiting =
      std::async(std::launch::async, [&] { return GetPlot(book(), call_, request).ok(); });
  EstablishPlot(5);
  EXPECT_TRUE(waiting.get());
}

TEST_F(ReadHandlersTest, BatchesAnswerInOrderOrNotAtAll) {
  v1::BatchGetPlotsRequest request;
  for (const char* plot : {"3", "1", "3"}) request.add_plots(plot);
  const auto found = BatchGetPlots(book(), call_, request);
  ASSERT_TRUE(found.ok());
  EXPECT_THAT(NumbersOf(found->plots()), ElementsAre(3u, 1u, 3u));
  request.set_plots(1, "99");
  const auto missing = BatchGetPlots(book(), call_, request);
  EXPECT_EQ(ReasonOf(missing), "RECORD_NOT_FOUND");
  EXPECT_EQ(missing.refusals().front().field(), "plots[1]");
  for (int i = 0; i < 1'000; ++i) request.add_plots("1");
  EXPECT_EQ(ReasonOf(BatchGetPlots(book(), call_, request)), "VALUE_OUT_OF_RANGE");

  v1::BatchGetRightsRequest rights;
  rights.add_rights(2);
  rights.add_rights(9);
  EXPECT_EQ(BatchGetRights(book(), call_, rights).refusals().front().field(), "rights[1]");
  rights.set_rights(1, 1);
  EXPECT_THAT(NumbersOf(BatchGetRights(book(), call_, rights)->rights()), ElementsAre(2u, 1u));
}

TEST_F(ReadHandlersTest, AllPagesOfAListAreOfOneMoment) {
  v1::ListPlotsRequest request;
  request.set_page_size(2);
  std::vector<std::uint64_t> all;
  int pages = 0;
  do {
    const auto page = ListPlots(book(), call_, request);
    ASSERT_TRUE(page.ok());
    for (const std::uint64_t number : NumbersOf(page->plots())) all.push_back(number);
    request.set_page_token(page->next_page_token());
    if (++pages == 1) EstablishPlot(7);  // must not show up any more
  } while (!request.page_token().empty());
  EXPECT_THAT(all, ElementsAre(1u, 2u, 3u, 4u, 5u));
  request.set_page_size(1'001);
  EXPECT_EQ(ReasonOf(ListPlots(book(), call_, request)), "PAGE_SIZE_TOO_LARGE");
  request.set_page_size(1);
  request.set_page_token("7a7a");
  EXPECT_EQ(ReasonOf(ListPlots(book(), call_, request)), "PAGE_TOKEN_MALFORMED");
}

TEST_F(ReadHandlersTest, ListsByHolderPlotAndUnit) {
  v1::ListPlotsRequest plots;
  plots.set_holder(kHousehold);
  EXPECT_THAT(NumbersOf(ListPlots(book(), call_, plots)->plots()), ElementsAre(1u, 2u));
  v1::ListUnitsRequest units;
  units.set_plot("4");
  EXPECT_THAT(NumbersOf(ListUnits(book(), call_, units)->units()), ElementsAre(4u));
  v1::GetUnitRequest unit;
  unit.set_unit(ListUnits(book(), call_, units)->units(0).code());
  EXPECT_EQ(GetUnit(book(), call_, unit)->number(), 4u);

  v1::ListRightsRequest rights;
  EXPECT_THAT(NumbersOf(ListRights(book(), call_, rights)->rights()), ElementsAre(1u, 2u));
  rights.set_plot("2");
  EXPECT_THAT(NumbersOf(ListRights(book(), call_, rights)->rights()), ElementsAre(2u));
  rights.set_unit("3");
  EXPECT_THAT(NumbersOf(ListRights(book(), call_, rights)->rights()), IsEmpty());
  rights.set_unit("33");
  EXPECT_EQ(ReasonOf(ListRights(book(), call_, rights)), "RECORD_NOT_FOUND");
  rights.set_holder(kHousehold);
  EXPECT_THAT(NumbersOf(ListRights(book(), call_, rights)->rights()), ElementsAre(1u, 2u));

  v1::GetRightHistoryRequest history;
  history.set_right(1);
  EXPECT_EQ(GetRightHistory(book(), call_, history)->versions_size(), 1);
  history.mutable_read()->set_sequence(1);
  EXPECT_EQ(ReasonOf(GetRightHistory(book(), call_, history)), "RECORD_NOT_FOUND");
  history.clear_read();
  history.set_right(8);
  EXPECT_EQ(ReasonOf(GetRightHistory(book(), call_, history)), "RECORD_NOT_FOUND");
  EXPECT_EQ(ReasonOf(ListMortgages(book(), call_, {})), "ONEOF_REQUIRED");
  v1::ListCautionsRequest cautions;
  cautions.set_unit("1");
  EXPECT_TRUE(ListCautions(book(), call_, cautions)->cautions().empty());
}

TEST_F(ReadHandlersTest, FindsOnTheGround) {
  v1::LocatePlotsRequest point;
  EXPECT_EQ(ReasonOf(LocatePlots(book(), call_, point)), "FIELD_REQUIRED");
  const geo::Vertex on_edge = TestPoint(10, 5);
  point.mutable_point()->set_x(on_edge.x);
  point.mutable_point()->set_y(on_edge.y);
  EXPECT_THAT(NumbersOf(LocatePlots(book(), call_, point)->plots()), ElementsAre(1u, 2u));

  v1::FindPlotsRequest window;
  EXPECT_EQ(ReasonOf(OpenFindPlots(shared(), call_, window)), "FIELD_REQUIRED");
  window.mutable_window()->set_min_x(TestPoint(11, 0).x);
  window.mutable_window()->set_max_x(TestPoint(29, 0).x);
  window.mutable_window()->set_min_y(TestPoint(0, 2).y);
  window.mutable_window()->set_max_y(TestPoint(0, 1).y);
  EXPECT_EQ(ReasonOf(OpenFindPlots(shared(), call_, window)), "VALUE_OUT_OF_RANGE");
  window.mutable_window()->set_max_y(TestPoint(0, 3).y);
  window.set_tier("no such tier");
  EXPECT_EQ(ReasonOf(OpenFindPlots(shared(), call_, window)), "VALUE_OUT_OF_RANGE");
  window.set_tier("surface");
  const auto pages = AllOf(*OpenFindPlots(shared(), call_, window));
  ASSERT_EQ(pages.size(), 1u);
  EXPECT_EQ(pages.front().count(), 2u);
  EXPECT_EQ(pages.front().sequence(), newest());
}

TEST_F(ReadHandlersTest, BrowsesWindowAfterWindow) {
  PlotBrowser browser([this](
                          std::string_view county) -> common::Outcome<std::shared_ptr<const Book>> {
    if (county == book().code()) return shared();
    return common::Refuse(common::Reason::COUNTY_UNKNOWN, "county", {"no such county", "无此县"});
  });
  const auto asked = [&](std::uint64_t tag, double from_m, double to_m) {
    v1::BrowsePlotsRequest question;
    question.set_tag(tag);
    question.set_county(std::string(book().code()));
    question.mutable_window()->set_min_x(TestPoint(from_m, 0).x);
    question.mutable_window()->set_max_x(TestPoint(to_m, 0).x);
    question.mutable_window()->set_min_y(TestPoint(0, 2).y);
    question.mutable_window()->set_max_y(TestPoint(0, 3).y);
    return question;
  };
  const auto answered = [&](v1::BrowsePlotsRequest question, common::RefusalList refusals = {}) {
    browser.Take(call_, std::move(refusals), question);
    v1::BrowsePlotsResponse answer;
    EXPECT_FALSE(browser.Next(answer));
    EXPECT_TRUE(answer.last());
    return answer;
  };
  const auto two = answered(asked(7, 11, 29));
  EXPECT_EQ(two.tag(), 7u);
  EXPECT_EQ(two.plots().count(), 2u);
  EXPECT_EQ(two.plots().sequence(), newest());
  const auto none = answered(asked(8, 1'000, 1'001));
  EXPECT_EQ(none.plots().count(), 0u);
  EXPECT_EQ(none.plots().sequence(), newest());

  EXPECT_EQ(answered(asked(9, 29, 11)).refusals().refusals(0).reason(), "VALUE_OUT_OF_RANGE");
  auto elsewhere = asked(10, 11, 29);
  elsewhere.set_county("999999");
  const auto unknown = answered(elsewhere);
  EXPECT_EQ(unknown.tag(), 10u);
  EXPECT_EQ(unknown.refusals().refusals(0).reason(), "COUNTY_UNKNOWN");
  const auto stopped = answered(asked(11, 11, 29), {common::Busy()});
  EXPECT_EQ(stopped.refusals().refusals(0).reason(), "WRITER_BUSY");
  EXPECT_EQ(answered(asked(12, 11, 29)).plots().page(), two.plots().page());
}

TEST_F(ReadHandlersTest, PrivateFieldsAreForRolesThatNeedThemAndLeaveARow) {
  AccessLog log(&test_.engine(), &test_.clock());
  v1::GetPartyRequest request;
  request.set_party(kPerson);
  const auto seen = GetParty(book(), log, CallOf(v1::ROLE_INTAKE), request);
  ASSERT_TRUE(seen.ok());
  EXPECT_EQ(seen->person().private_().full_name(), "李四");
  common::CallContext auditing = CallOf(v1::ROLE_AUDITOR);
  EXPECT_EQ(ReasonOf(GetParty(book(), log, auditing, request)), "PURPOSE_MISSING");
  auditing.purpose = "yearly audit";
  const auto audited = GetParty(book(), log, auditing, request);
  ASSERT_TRUE(audited.ok());
  EXPECT_FALSE(audited->person().has_private_());
  EXPECT_EQ(audited->person().commitments_size(), 3);

  v1::ListPartiesRequest search;
  search.set_identity_number("P1");
  EXPECT_EQ(ReasonOf(ListParties(book(), log, CallOf(v1::ROLE_AUDITOR), search)),
            "ROLE_NOT_ALLOWED");
  EXPECT_THAT(NumbersOf(ListParties(book(), log, call_, search)->parties()), ElementsAre(kPerson));
  search.set_identity_number("P404");
  EXPECT_THAT(NumbersOf(ListParties(book(), log, call_, search)->parties()), IsEmpty());
  EXPECT_EQ(ListParties(book(), log, CallOf(v1::ROLE_AUDITOR), {})->parties_size(), 3);

  // A holder sees itself, and no row says so.
  common::CallContext own = CallOf(v1::ROLE_CITIZEN);
  own.own_only = true;
  own.own_party = kPerson;
  EXPECT_EQ(GetParty(book(), log, own, request)->person().private_().full_name(), "李四");
  own.own_party = kHousehold;
  EXPECT_EQ(ReasonOf(GetParty(book(), log, own, request)), "RECORD_NOT_FOUND");

  const auto accesses = ListAccesses(book(), CallOf(v1::ROLE_AUDITOR), {});
  ASSERT_TRUE(accesses.ok());
  ASSERT_EQ(accesses->accesses_size(), 4);
  EXPECT_TRUE(accesses->next_page_token().empty());
  const v1::Access& read = accesses->accesses(0);
  EXPECT_EQ(read.method(), "GetParty");
  EXPECT_EQ(read.principal(), "wang");
  EXPECT_EQ(read.role(), v1::ROLE_INTAKE);
  EXPECT_GT(read.time().seconds(), 0);
  ASSERT_EQ(read.shown_size(), 1);
  EXPECT_EQ(read.shown(0).party(), kPerson);
  EXPECT_THAT(read.shown(0).fields(), ElementsAre("full_name", "identity_number", "birth_date"));
  EXPECT_FALSE(read.shown(0).found_by_identity_number());
  EXPECT_EQ(accesses->accesses(1).role(), v1::ROLE_AUDITOR);
  EXPECT_THAT(accesses->accesses(1).shown(0).fields(), IsEmpty()) << "looked, and saw nothing";
  EXPECT_TRUE(accesses->accesses(2).shown(0).found_by_identity_number());
  EXPECT_THAT(accesses->accesses(3).shown(), IsEmpty());
}

TEST_F(ReadHandlersTest, AccessesAreListedInPagesByPartyAndFromATime) {
  AccessLog log(&test_.engine(), &test_.clock());
  for (const std::uint64_t party : {5u, 6u, 5u, 6u, 5u}) {
    AccessRow row;
    row.method = "GetParty";
    row.shown = {{party, 0b10}};
    ASSERT_TRUE(log.Add(book().number(), row).ok());
  }
  v1::ListAccessesRequest request;
  request.set_page_size(2);
  request.set_party(5);
  std::vector<int> sizes;
  do {
    const auto page = ListAccesses(book(), call_, request);
    ASSERT_TRUE(page.ok());
    sizes.push_back(page->accesses_size());
    for (const auto& access : page->accesses()) EXPECT_EQ(access.shown(0).party(), 5u);
    request.set_page_token(page->next_page_token());
  } while (!request.page_token().empty() && sizes.size() < 9);
  EXPECT_THAT(sizes, ElementsAre(2, 1));

  v1::ListAccessesRequest later;
  later.set_from("2999-01-01T00:00:00Z");
  EXPECT_EQ(ListAccesses(book(), call_, later)->accesses_size(), 0);
  later.set_from("yesterday");
  EXPECT_EQ(ReasonOf(ListAccesses(book(), call_, later)), "TIME_MALFORMED");
  later.set_from("");
  later.set_page_size(1'001);
  EXPECT_EQ(ReasonOf(ListAccesses(book(), call_, later)), "PAGE_SIZE_TOO_LARGE");
}

// A vault that opens something else than the journal committed to shows nothing of it.
TEST_F(ReadHandlersTest, PrivateFieldsThatAreNotTheCommittedOnesAreNotShown) {
  const auto sealed = ItemsOf(test_.engine(), book().number(), Space::kPrivate);
  ASSERT_FALSE(sealed.empty());
  std::string damaged = sealed.front().value;
  damaged.back() = static_cast<char>(damaged.back() ^ 1);
  storage::WriteBatch batch;
  batch.Put(sealed.front().key, damaged);
  ASSERT_TRUE(test_.engine().Write(batch, storage::kUnfenced, storage::Durability::kDurable).ok());
  AccessLog log(&test_.engine(), &test_.clock());
  v1::GetPartyRequest request;
  request.set_party(kPerson);
  EXPECT_EQ(ReasonOf(GetParty(book(), log, CallOf(v1::ROLE_INTAKE), request)), "STORE_CORRUPT");
  EXPECT_EQ(ListAccesses(book(), call_, {})->accesses_size(), 0);
}

storage::Hash HashOf(const std::string& bytes) { return *storage::HashFromBytes(bytes); }

std::vector<storage::Hash> PathOf(const google::protobuf::RepeatedPtrField<std::string>& path) {
  std::vector<storage::Hash> hashes;
  for (const std::string& hash : path) hashes.push_back(HashOf(hash));
  return hashes;
}

TEST_F(ReadHandlersTest, ProofsHoldAgainstASignedHead) {
  const auto head = GetHead(book(), call_, {});
  ASSERT_TRUE(head.ok());
  EXPECT_EQ(head->sequence(), newest());
  const auto key = storage::VerifyingKey::FromDer(book().suite(), head->public_key());
  ASSERT_TRUE(key.ok());
  EXPECT_TRUE(key->Verify(head->signed_bytes(), head->signature()).ok());

  v1::GetInclusionProofRequest inclusion;
  inclusion.set_sequence(4);
  inclusion.set_leaf(2);
  const auto proof = GetInclusionProof(book(), call_, inclusion);
  ASSERT_TRUE(proof.ok());
  EXPECT_EQ(proof->tree_size(), head->tree_size());
  EXPECT_TRUE(storage::VerifyInclusion(
                  book().suite(), {proof->leaf_index(), proof->tree_size(), PathOf(proof->path())},
                  {storage::LeafHash(book().suite(), proof->leaf()), HashOf(head->root())})
                  .ok());

  v1::GetConsistencyProofRequest consistency;
  consistency.set_old_size(5);
  const auto grown = GetConsistencyProof(book(), call_, consistency);
  ASSERT_TRUE(grown.ok());
  EXPECT_EQ(grown->new_root(), head->root());
  EXPECT_TRUE(storage::VerifyConsistency(book().suite(),
                                         {5, grown->new_size(), PathOf(grown->path())},
                                         {HashOf(grown->old_root()), HashOf(grown->new_root())})
                  .ok());
}

TEST_F(ReadHandlersTest, ProofsOutOfRangeAreRefusedByTheirField) {
  v1::GetInclusionProofRequest inclusion;
  const auto field_of = [&] {
    const auto refused = GetInclusionProof(book(), call_, inclusion);
    EXPECT_EQ(ReasonOf(refused), "PROOF_OUT_OF_RANGE");
    return refused.ok() ? "" : refused.refusals().front().field();
  };
  inclusion.set_sequence(newest() + 1);
  EXPECT_EQ(field_of(), "sequence");
  inclusion.set_sequence(4);
  inclusion.set_leaf(3);
  EXPECT_EQ(field_of(), "leaf");
  inclusion.set_leaf(0);
  inclusion.set_tree_size(1);
  EXPECT_EQ(field_of(), "tree_size");
  inclusion.set_tree_size(1'000);
  EXPECT_EQ(field_of(), "tree_size");
  v1::GetConsistencyProofRequest consistency;
  consistency.set_old_size(6);
  consistency.set_new_size(5);
  EXPECT_EQ(ReasonOf(GetConsistencyProof(book(), call_, consistency)), "PROOF_OUT_OF_RANGE");
  v1::GetHeadRequest head;
  head.set_min_sequence(newest() + 1);
  EXPECT_EQ(ReasonOf(GetHead(book(), call_, head)), "SEQUENCE_NOT_REACHED");
  v1::GetStatusProofRequest status;
  status.set_certificate(1);
  EXPECT_EQ(ReasonOf(GetStatusProof(book(), call_, status)), "PROOF_OUT_OF_RANGE");
}

TEST_F(ReadHandlersTest, AStatusProofComesWithAHeadOfTheSameRoot) {
  ASSERT_TRUE(GetHead(book(), call_, {}).ok());
  Issue(1);
  Issue(2);
  v1::GetStatusProofRequest request;
  request.set_certificate(2);
  const auto proof = GetStatusProof(book(), call_, request);
  ASSERT_TRUE(proof.ok());
  EXPECT_EQ(proof->status(), "live");
  EXPECT_EQ(proof->ended_sequence(), 0u);
  EXPECT_EQ(proof->head().sequence(), newest());
  EXPECT_TRUE(
      storage::VerifyInclusion(
          book().suite(), {1, proof->head().status_size(), PathOf(proof->path())},
          {storage::LeafHash(book().suite(), proof->leaf()), HashOf(proof->head().status_root())})
          .ok());
  v1::GetCertificateRequest certificate;
  certificate.set_certificate("2");
  EXPECT_EQ(GetCertificate(book(), call_, certificate)->right().number(), 2u);
}

TEST_F(ReadHandlersTest, HeadsAreListedInPages) {
  ASSERT_TRUE(GetHead(book(), call_, {}).ok());
  EstablishPlot(6);
  ASSERT_TRUE(GetHead(book(), call_, {}).ok());
  v1::ListHeadsRequest request;
  request.set_page_size(1);
  std::vector<std::uint64_t> sequences;
  do {
    const auto page = ListHeads(book(), call_, request);
    ASSERT_TRUE(page.ok());
    ASSERT_LE(page->heads_size(), 1);
    for (const auto& head : page->heads()) sequences.push_back(head.sequence());
    request.set_page_token(page->next_page_token());
  } while (!request.page_token().empty());
  EXPECT_TRUE(std::is_sorted(sequences.begin(), sequences.end()));
  EXPECT_EQ(sequences.back(), newest());
  EXPECT_GE(sequences.size(), 2u);
}

TEST_F(ReadHandlersTest, WatchingOnceShowsTheJournalFromAnEntryOn) {
  v1::WatchRequest request;
  request.set_once(true);
  request.set_from_sequence(3);
  const auto gate = std::make_shared<common::StreamGate>([] {});
  const auto entries = AllOf(*OpenWatch(shared(), call_, request, gate));
  ASSERT_EQ(entries.size(), newest() - 2);
  for (std::size_t i = 0; i < entries.size(); ++i) EXPECT_EQ(entries[i].sequence(), 3 + i);
  EXPECT_EQ(entries.front().header().SerializeAsString(), entries.front().header_bytes());
  EXPECT_EQ(entries.front().acts_size(), entries.front().act_bytes_size());
  request.set_bytes_only(true);
  EXPECT_FALSE(AllOf(*OpenWatch(shared(), call_, request, gate)).front().has_header());
}

TEST_F(ReadHandlersTest, AWatcherWaitsAndIsWokenByTheNextEntry) {
  v1::WatchRequest request;
  request.set_from_sequence(newest() + 1);
  std::promise<void> woken;
  const auto gate = std::make_shared<common::StreamGate>([&] { woken.set_value(); });
  {
    const auto source = OpenWatch(shared(), call_, request, gate);
    v1::JournalEntry entry;
    EXPECT_EQ(*(*source)(entry), common::PageStep::kWait);
    ASSERT_TRUE(gate->Park());
    EstablishPlot(6);
    woken.get_future().get();
    EXPECT_EQ(*(*source)(entry), common::PageStep::kPage);
    EXPECT_EQ(entry.sequence(), newest());
  }
  // The bell was taken away with the source: nobody is woken, and nothing is touched that is gone.
  EstablishPlot(8);
}

TEST_F(ReadHandlersTest, CountsWhatStands) {
  const auto statistics = GetStatistics(book(), call_, {});
  ASSERT_TRUE(statistics.ok());
  EXPECT_EQ(statistics->sequence(), newest());
  EXPECT_EQ(statistics->entries(), newest());
  EXPECT_EQ(statistics->leaves(), book().writer().position().tree_size);
  EXPECT_EQ(statistics->units(), 5u);
  EXPECT_EQ(statistics->parties(), 3u);
  ASSERT_EQ(statistics->plots_size(), 1);
  EXPECT_EQ(statistics->plots(0).kind(), "contracted");
  EXPECT_EQ(statistics->plots(0).count(), 5u);
  EXPECT_EQ(statistics->plots(0).recorded_area_m2(), "500.00");
  ASSERT_EQ(statistics->rights_size(), 1);
  EXPECT_EQ(statistics->rights(0).count(), 2u);
}

TEST_F(ReadHandlersTest, VerifiesTheBookAsItIsServed) {
  Issue(1);
  ASSERT_TRUE(GetHead(book(), call_, {}).ok());
  v1::VerifyBookRequest request;
  request.set_recheck(true);
  const auto pages = AllOf(*OpenVerifyBook(shared(), call_, request, testing::TempDir()));
  ASSERT_FALSE(pages.empty());
  const v1::VerifyBookResponse& last = pages.back();
  EXPECT_TRUE(last.done());
  EXPECT_THAT(last.faults(), IsEmpty());
  EXPECT_THAT(last.findings(), IsEmpty());
  EXPECT_EQ(last.entries(), newest());
  EXPECT_EQ(last.leaves(), book().writer().position().tree_size);
  EXPECT_GE(last.heads(), 1u);
}

}  // namespace
}  // namespace landbook::registry
