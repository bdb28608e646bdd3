#include "services/conveyance/draft_desk.h"

#include <utility>

#include "absl/strings/numbers.h"
#include "fmt/format.h"
#include "services/conveyance/paging.h"

namespace landbook::conveyance {
namespace {

using common::Reason;
using Stub = RegistryClient::Stub;

v1::Refusal Ended(const v1::Draft& draft) {
  const bool accepted = draft.state() == v1::DRAFT_STATE_ACCEPTED;
  return common::Refuse(
      Reason::RECORD_ENDED, "draft",
      {accepted ? fmt::format("Draft {} became case {}. Go on with the case.", draft.number(),
                              draft.case_number())
                : fmt::format("Draft {} was declined by document {}. Begin another one.",
                              draft.number(), draft.declined_document()),
       accepted ? fmt::format("申请草稿 {} 已受理为案件 {}，请办理该案件。", draft.number(),
                              draft.case_number())
                : fmt::format("申请草稿 {} 已以 {} 号文书不予受理，请另行提交。", draft.number(),
                              draft.declined_document())});
}

v1::Refusal Moved(const v1::Draft& draft) {
  return common::Refuse(Reason::RECORD_MOVED, "etag",
                        {fmt::format("Draft {} has changed: its etag is {} now. Look at it again.",
                                     draft.number(), draft.etag()),
                         fmt::format("申请草稿 {} 已有变动，现版本为 {}。请重新查看。",
                                     draft.number(), draft.etag())});
}

// What is missing, a sentence each in both languages.
std::vector<std::string> SentencesOf(const v1::ExplainResponse& explained) {
  std::vector<std::string> sentences;
  for (const v1::Refusal& refusal : explained.refusals()) {
    sentences.push_back(fmt::format("{} {}", refusal.message_zh(), refusal.message_en()));
  }
  return sentences;
}

std::string TurnTo(const std::string& office) {
  return fmt::format("请向{}申请。 Apply to {}.", office, office);
}

Outcome<v1::Draft> DraftOf(Outcome<KeptDraft> kept) {
  if (!kept.ok()) return std::move(kept.refusals());
  return std::move(kept->draft);
}

// The call in the name of the officer who asked first.
CallContext InNameOf(const v1::Actor& officer, const CallContext& call) {
  CallContext of_officer = call;
  of_officer.actor = officer;
  return of_officer;
}

}  // namespace

Task<Outcome<v1::Draft>> DraftDesk::Create(const CallContext& call,
                                           const v1::CreateDraftRequest& request) {
  const auto admitted = co_await parts_.laws.Read(call, request.county(), 0);
  if (!admitted.ok()) co_return Outcome<v1::Draft>(admitted.refusals());
  co_return parts_.drafts.Create(request, call.actor.principal());
}

Task<Outcome<DraftDesk::Answered>> DraftDesk::AskBook(const CallContext& call, std::string county,
                                                      KeptDraft kept) {
  const CallContext asker = InNameOf(kept.asked->officer, call);
  const v1::CommitRequest request = kept.asked->request;
  const auto answer = co_await parts_.registry.Ask<v1::CommitRequest, v1::CommitResponse>(
      &Stub::Commit, asker, request);
  if (!answer.ok() && IsNoAnswer(answer.refusals())) {
    co_return Outcome<Answered>(answer.refusals());
  }
  kept.asked.reset();
  if (answer.ok()) {
    kept.draft.set_state(v1::DRAFT_STATE_ACCEPTED);
    kept.draft.set_case_number(NumberLeftBy(*answer, v1::RECORD_KIND_CASE));
  }
  auto replaced = parts_.drafts.Replace({county, kept.draft.number()}, kept);
  if (!replaced.ok()) co_return Outcome<Answered>(std::move(replaced.refusals()));
  Answered answered{*std::move(replaced), {}};
  if (!answer.ok()) answered.refused = answer.refusals();
  co_return Outcome<Answered>(std::move(answered));
}

Task<Outcome<KeptDraft>> DraftDesk::Settled(const CallContext& call, std::string county,
                                            std::uint64_t number) {
  const auto admitted = co_await parts_.laws.Read(call, county, 0);
  if (!admitted.ok()) co_return Outcome<KeptDraft>(admitted.refusals());
  auto kept = parts_.drafts.Get(call.actor, {county, number});
  if (!kept.ok() || !kept->asked) co_return kept;
  auto answered = co_await AskBook(call, std::move(county), *std::move(kept));
  if (!answered.ok()) co_return Outcome<KeptDraft>(std::move(answered.refusals()));
  co_return Outcome<KeptDraft>(std::move(answered->kept));
}

Task<Outcome<v1::Draft>> DraftDesk::Get(const CallContext& call,
                                        const v1::GetDraftRequest& request) {
  const auto admitted = co_await parts_.laws.Read(call, request.county(), 0);
  if (!admitted.ok()) co_return Outcome<v1::Draft>(admitted.refusals());
  co_return DraftOf(parts_.drafts.Get(call.actor, {request.county(), request.draft()}));
}

Task<Outcome<v1::ListDraftsResponse>> DraftDesk::List(const CallContext& call,
                                                      const v1::ListDraftsRequest& request) {
  using Result = Outcome<v1::ListDraftsResponse>;
  const auto admitted = co_await parts_.laws.Read(call, request.county(), 0);
  if (!admitted.ok()) co_return Result(admitted.refusals());
  const auto size = PageSize(request.page_size());
  if (!size.ok()) co_return Result(size.refusals());
  std::uint64_t from = 1;
  if (!request.page_token().empty() && !absl::SimpleAtoi(request.page_token(), &from)) {
    co_return Result(NoPageToken());
  }
  v1::ListDraftsResponse response;
  while (response.next_page_token().empty()) {
    auto some = parts_.drafts.List({request.county(), from}, *size);
    if (!some.ok()) co_return Result(std::move(some.refusals()));
    for (v1::Draft& draft : *some) {
      if (static_cast<std::size_t>(response.drafts_size()) == *size) {
        response.set_next_page_token(std::to_string(draft.number()));
        break;
      }
      from = draft.number() + 1;
      const bool wanted = request.include_ended() || draft.state() == v1::DRAFT_STATE_OPEN;
      if (wanted && MaySee(call.actor, draft)) *response.add_drafts() = std::move(draft);
    }
    if (some->size() < *size) break;
  }
  co_return Result(std::move(response));
}

Task<Outcome<KeptDraft>> DraftDesk::ForChange(const CallContext& call, Change change) {
  auto kept = co_await Settled(call, std::move(change.county), change.number);
  if (!kept.ok()) co_return kept;
  if (kept->draft.state() != v1::DRAFT_STATE_OPEN) {
    co_return Outcome<KeptDraft>(Ended(kept->draft));
  }
  if (kept->draft.etag() != change.etag) co_return Outcome<KeptDraft>(Moved(kept->draft));
  co_return kept;
}

Task<Outcome<v1::Draft>> DraftDesk::Update(const CallContext& call,
                                           const v1::UpdateDraftRequest& request) {
  const Change change{request.county(), request.draft(), request.etag()};
  auto kept = co_await ForChange(call, change);
  if (!kept.ok()) co_return Outcome<v1::Draft>(std::move(kept.refusals()));
  *kept->draft.mutable_application() = request.application();
  co_return DraftOf(parts_.drafts.Replace({request.county(), request.draft()}, *kept));
}

Task<Outcome<v1::DeleteDraftResponse>> DraftDesk::Delete(const CallContext& call,
                                                         const v1::DeleteDraftRequest& request) {
  using Result = Outcome<v1::DeleteDraftResponse>;
  const Change change{request.county(), request.draft(), request.etag()};
  const auto kept = co_await ForChange(call, change);
  if (!kept.ok()) co_return Result(kept.refusals());
  const auto deleted = parts_.drafts.Delete({request.county(), request.draft()}, kept->revision);
  if (!deleted.ok()) co_return Result(deleted.refusals());
  co_return Result(v1::DeleteDraftResponse());
}

Task<Outcome<v1::Draft>> DraftDesk::Decline(const CallContext& call,
                                            const v1::DeclineDraftRequest& request) {
  const Change change{request.county(), request.draft(), request.etag()};
  auto kept = co_await ForChange(call, change);
  if (!kept.ok()) co_return Outcome<v1::Draft>(std::move(kept.refusals()));
  v1::ExplainRequest question;
  question.set_county(request.county());
  *question.mutable_application() = kept->draft.application();
  const auto explained = co_await explainer_.Explain(call, question);
  if (!explained.ok()) co_return Outcome<v1::Draft>(explained.refusals());
  kept->draft.set_state(v1::DRAFT_STATE_DECLINED);
  kept->draft.set_declined_document(request.document_number());
  for (std::string& sentence : SentencesOf(*explained)) {
    kept->draft.add_missing(std::move(sentence));
  }
  if (!request.competent_office().empty()) {
    kept->draft.add_missing(TurnTo(request.competent_office()));
  }
  co_return DraftOf(parts_.drafts.Replace({request.county(), request.draft()}, *kept));
}

Task<Outcome<v1::Case>> DraftDesk::CaseOf(const CallContext& call, std::string county,
                                          const v1::Draft& draft) {
  CaseDesk::CaseAt wanted;
  wanted.county = std::move(county);
  wanted.number_or_code = std::to_string(draft.case_number());
  return parts_.cases.GetCase(call, std::move(wanted));
}

Task<Outcome<v1::Case>> DraftDesk::Accept(const CallContext& call,
                                          const v1::AcceptCaseRequest& request) {
  using Result = Outcome<v1::Case>;
  auto kept = co_await Settled(call, request.county(), request.draft());
  if (!kept.ok()) co_return Result(std::move(kept.refusals()));
  // Asked again, or asked before and only now answered: the draft is the case already.
  if (kept->draft.state() == v1::DRAFT_STATE_ACCEPTED) {
    co_return co_await CaseOf(call, request.county(), kept->draft);
  }
  if (kept->draft.state() != v1::DRAFT_STATE_OPEN) co_return Result(Ended(kept->draft));
  if (kept->draft.etag() != request.etag()) co_return Result(Moved(kept->draft));

  kept->asked = KeptDraft::Asked{call.actor, AcceptanceOf(request, kept->draft.application())};
  auto noted = parts_.drafts.Replace({request.county(), request.draft()}, *kept);
  if (!noted.ok()) co_return Result(std::move(noted.refusals()));
  auto answered = co_await AskBook(call, request.county(), *std::move(noted));
  if (!answered.ok()) co_return Result(std::move(answered.refusals()));
  if (!answered->refused.empty()) co_return Result(std::move(answered->refused));
  co_return co_await CaseOf(call, request.county(), answered->kept.draft);
}

}  // namespace landbook::conveyance
