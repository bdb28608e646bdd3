// Drafts and acceptance over gRPC, against a registry that remembers as a book does.
#include "services/conveyance/draft_desk.h"

#include <gmock/gmock.h>
#include <grpcpp/create_channel.h>
#include <grpcpp/security/credentials.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "services/conveyance/office_testing.h"

namespace landbook::conveyance {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::SizeIs;
using Stub = v1::ConveyanceService::Stub;

TEST(DraftsTest, ADraftIsKeptUnderItsRequestId) {
  Office office;
  const auto draft = office.Draft();
  EXPECT_EQ(office.Draft().number(), draft.number());
  EXPECT_NE(office.Draft("d-2").number(), draft.number());
  v1::GetDraftRequest request;
  request.set_county("370303");
  request.set_draft(draft.number());
  const auto got = office.As("wang:reviewer", &Stub::GetDraft, request);
  ASSERT_TRUE(got.ok());
  EXPECT_EQ(got->application().kind(), "contract-transfer");
}

TEST(DraftsTest, ACountyWithoutABookIsRefusedAsTheRegistryRefuses) {
  Office office;
  v1::GetDraftRequest request;
  request.set_county("370399");
  request.set_draft(1);
  const auto refused = office.As("li:intake", &Stub::GetDraft, request);
  EXPECT_EQ(ReasonOf(refused), "RECORD_NOT_FOUND");
  EXPECT_EQ(refused.refusals()[0].field(), "county");
}

TEST(DraftsTest, DraftsAreListedPageByPage) {
  Office office;
  for (const char* id : {"a", "b", "c"}) office.Draft(id);
  v1::ListDraftsRequest request;
  request.set_county("370303");
  request.set_page_size(2);
  const auto first = office.As("li:intake", &Stub::ListDrafts, request);
  ASSERT_TRUE(first.ok());
  EXPECT_THAT(first->drafts(), SizeIs(2));
  request.set_page_token(first->next_page_token());
  const auto second = office.As("li:intake", &Stub::ListDrafts, request);
  ASSERT_TRUE(second.ok());
  ASSERT_THAT(second->drafts(), SizeIs(1));
  EXPECT_EQ(second->drafts(0).number(), 3u);
  EXPECT_EQ(second->next_page_token(), "");
  request.set_page_token("x");
  EXPECT_EQ(ReasonOf(office.As("li:intake", &Stub::ListDrafts, request)), "PAGE_TOKEN_MALFORMED");
  request.set_page_size(1'001);
  EXPECT_EQ(ReasonOf(office.As("li:intake", &Stub::ListDrafts, request)), "PAGE_SIZE_TOO_LARGE");
}

TEST(DraftsTest, AChangeNamesTheEtagItSaw) {
  Office office;
  const auto draft = office.Draft();
  v1::UpdateDraftRequest request;
  request.set_county("370303");
  request.set_draft(draft.number());
  request.set_etag(draft.etag());
  *request.mutable_application() = draft.application();
  request.mutable_application()->set_by_post(true);
  const auto updated = office.As("li:intake", &Stub::UpdateDraft, request);
  ASSERT_TRUE(updated.ok());
  EXPECT_EQ(updated->etag(), "2");
  EXPECT_EQ(ReasonOf(office.As("li:intake", &Stub::UpdateDraft, request)), "RECORD_MOVED");
  v1::DeleteDraftRequest deletion;
  deletion.set_county("370303");
  deletion.set_draft(draft.number());
  deletion.set_etag("1");
  EXPECT_EQ(ReasonOf(office.As("li:intake", &Stub::DeleteDraft, deletion)), "RECORD_MOVED");
  deletion.set_etag("2");
  EXPECT_TRUE(office.As("li:intake", &Stub::DeleteDraft, deletion).ok());
  EXPECT_EQ(ReasonOf(office.As("li:intake", &Stub::DeleteDraft, deletion)), "RECORD_NOT_FOUND");
}

TEST(DraftsTest, ADeclinedDraftSaysAllThatIsMissing) {
  Office office;
  const auto draft = office.Draft();
  office.registry.validated = Parse<v1::CommitResponse>(
      R"(refusals { reason: "CASE_INCOMPLETE" number: 906 message_en: "Missing: contract."
                    message_zh: "缺少：合同。" })");
  v1::DeclineDraftRequest request;
  request.set_county("370303");
  request.set_draft(draft.number());
  request.set_etag(draft.etag());
  request.set_document_number("不受理〔2026〕1号");
  request.set_competent_office("博山区不动产登记中心");
  const auto declined = office.As("li:intake", &Stub::DeclineDraft, request);
  ASSERT_TRUE(declined.ok());
  EXPECT_EQ(declined->state(), v1::DRAFT_STATE_DECLINED);
  ASSERT_THAT(declined->missing(), SizeIs(2));
  EXPECT_THAT(declined->missing(0), HasSubstr("合同"));
  EXPECT_THAT(declined->missing(1), HasSubstr("博山区"));
  EXPECT_EQ(ReasonOf(office.As("li:intake", &Stub::AcceptCase, office.Acceptance(*declined, "a"))),
            "RECORD_ENDED");
}

TEST(AcceptanceTest, ADraftBecomesACaseInTheOfficersName) {
  Office office;
  const auto draft = office.Draft();
  const auto accepted =
      office.As("李:intake@370303", &Stub::AcceptCase, office.Acceptance(draft, "a-1"));
  ASSERT_TRUE(accepted.ok());
  EXPECT_EQ(accepted->number(), 1u);
  ASSERT_THAT(office.registry.commits, SizeIs(1));
  EXPECT_EQ(office.registry.commits[0].commit().request_id(), "a-1");
  const v1::Actor& actor = office.registry.actors[0];
  EXPECT_EQ(actor.principal(), "李");
  EXPECT_EQ(actor.role(), v1::ROLE_INTAKE);
  EXPECT_EQ(actor.county(), "370303");
  EXPECT_THAT(actor.via(), ElementsAre("ConveyanceService"));
}

TEST(AcceptanceTest, AskedTwiceItIsDoneOnce) {
  Office office;
  const auto request = office.Acceptance(office.Draft(), "a-1");
  ASSERT_TRUE(office.As("li:intake", &Stub::AcceptCase, request).ok());
  const auto again = office.As("li:intake", &Stub::AcceptCase, request);
  ASSERT_TRUE(again.ok());
  EXPECT_EQ(again->number(), 1u);
  EXPECT_THAT(office.registry.cases, SizeIs(1));
  EXPECT_THAT(office.registry.commits, SizeIs(1));
}

TEST(AcceptanceTest, AfterALostAnswerTheSameIsAskedAgain) {
  Office office;
  const auto draft = office.Draft();
  office.registry.answers_to_lose = 1;
  const auto lost = office.As("li:intake", &Stub::AcceptCase, office.Acceptance(draft, "a-1"));
  ASSERT_FALSE(lost.ok());
  EXPECT_TRUE(lost.refusals()[0].retryable());
  EXPECT_THAT(office.registry.cases, SizeIs(1));
  // Somebody else, by another request: the draft is settled first, by what li asked.
  const auto other = office.As("wang:intake", &Stub::AcceptCase, office.Acceptance(draft, "b-1"));
  ASSERT_TRUE(other.ok());
  EXPECT_EQ(other->number(), 1u);
  EXPECT_THAT(office.registry.cases, SizeIs(1));
  ASSERT_THAT(office.registry.commits, SizeIs(2));
  EXPECT_EQ(office.registry.commits[1].SerializeAsString(),
            office.registry.commits[0].SerializeAsString());
  EXPECT_EQ(office.registry.actors[1].principal(), "li");
}

TEST(AcceptanceTest, ADraftThatWasAskedAboutIsSettledBeforeItIsChanged) {
  Office office;
  const auto draft = office.Draft();
  office.registry.answers_to_lose = 2;
  ASSERT_FALSE(office.As("li:intake", &Stub::AcceptCase, office.Acceptance(draft, "a-1")).ok());
  v1::UpdateDraftRequest request;
  request.set_county("370303");
  request.set_draft(draft.number());
  request.set_etag(draft.etag());
  *request.mutable_application() = draft.application();
  // Still no answer: nothing is changed while it is not known what became of the draft.
  EXPECT_TRUE(office.As("li:intake", &Stub::UpdateDraft, request).refusals()[0].retryable());
  EXPECT_EQ(ReasonOf(office.As("li:intake", &Stub::UpdateDraft, request)), "RECORD_ENDED");
}

TEST(AcceptanceTest, WhatTheBookRefusesComesBackUnchangedAndTheDraftStaysOpen) {
  Office office;
  const auto draft = office.Draft();
  office.registry.refused = {
      common::Refuse(common::Reason::CASE_INCOMPLETE, "application.evidence",
                     {"Missing: contract.", "缺少：合同。"}, "RLCL 34"),
      common::Refuse(common::Reason::CASE_APPLICANTS, "application.applicants",
                     {"Name both.", "请列明双方。"})};
  const auto refused = office.As("li:intake", &Stub::AcceptCase, office.Acceptance(draft, "a-1"));
  ASSERT_FALSE(refused.ok());
  ASSERT_THAT(refused.refusals(), SizeIs(2));
  EXPECT_EQ(refused.refusals()[0].SerializeAsString(),
            office.registry.refused[0].SerializeAsString());
  EXPECT_EQ(refused.refusals()[1].SerializeAsString(),
            office.registry.refused[1].SerializeAsString());
  // The draft is as the clerk saw it: its etag has not moved, and it can be accepted later.
  office.registry.refused.clear();
  EXPECT_TRUE(office.As("li:intake", &Stub::AcceptCase, office.Acceptance(draft, "a-2")).ok());
}

TEST(AcceptanceTest, WhatHasToWaitForAnotherCaseWasDecidedAndTheDraftCanBeChanged) {
  Office office;
  const auto draft = office.Draft();
  office.registry.refused = {
      common::Refuse(common::Reason::CAUTION_WAITS, "application.acts[0]",
                     {"Another case was accepted first.", "另一案件受理在先。"})};
  EXPECT_EQ(ReasonOf(office.As("li:intake", &Stub::AcceptCase, office.Acceptance(draft, "a-1"))),
            "CAUTION_WAITS");
  v1::DeleteDraftRequest request;
  request.set_county("370303");
  request.set_draft(draft.number());
  request.set_etag(draft.etag());
  EXPECT_TRUE(office.As("wang:intake", &Stub::DeleteDraft, request).ok());
  EXPECT_THAT(office.registry.commits, SizeIs(1));
}

TEST(AcceptanceTest, ARegistryThatIsNotReachedIsToldAsOneThatMayAnswerLater) {
  Office office;
  const auto draft = office.Draft();
  office.client.Connect(grpc::CreateChannel("127.0.0.1:1", grpc::InsecureChannelCredentials()));
  const auto lost = office.As("li:intake", &Stub::AcceptCase, office.Acceptance(draft, "a-1"));
  EXPECT_EQ(ReasonOf(lost), "STORE_UNAVAILABLE");
  EXPECT_EQ(lost.refusals()[0].code(), "UNAVAILABLE");
  EXPECT_TRUE(lost.refusals()[0].retryable());
}

TEST(AcceptanceTest, TheEtagHasToBeTheDrafts) {
  Office office;
  auto request = office.Acceptance(office.Draft(), "a-1");
  request.set_etag("9");
  EXPECT_EQ(ReasonOf(office.As("li:intake", &Stub::AcceptCase, request)), "RECORD_MOVED");
  EXPECT_THAT(office.registry.commits, SizeIs(0));
}

}  // namespace
}  // namespace landbook::conveyance
