#include "services/conveyance/conveyance_service.h"

namespace landbook::conveyance {
namespace {

// Of methods that citizens and trading centres call about drafts of their own.
constexpr bool kServesOwn = true;

const google::protobuf::ServiceDescriptor& Descriptor() {
  return *v1::Draft::descriptor()->file()->FindServiceByName("ConveyanceService");
}

}  // namespace

ConveyanceServer::ConveyanceServer(const common::FrameParts& parts, RegistryClient& registry,
                                   DraftStore& drafts, common::Clock& clock)
    : frame_(parts, Descriptor()),
      laws_(registry, clock),
      cases_(registry),
      explainer_({registry, drafts, laws_, cases_}),
      drafts_({registry, drafts, laws_, cases_}, explainer_),
      extensions_(registry, laws_),
      duties_({registry, drafts, laws_}) {}

template <class Desk, class Request, class Response>
ConveyanceServer::Unary* ConveyanceServer::By(
    Desk& desk, Task<Outcome<Response>> (Desk::*method)(const CallContext&, const Request&),
    const common::CallFrame::Incoming& incoming, const Request* request, Response* response) {
  return frame_.UnaryLater(
      incoming, request, response,
      [this, &desk, method](const CallContext& call, const Request& asked,
                            const common::Answer<Response>& answer) {
        const bool taken = frame_.workers().Submit([&desk, method, &call, &asked, answer] {
          if (call.Ended()) return answer(common::DeadlinePassed());
          Run((desk.*method)(call, asked),
              [answer](Outcome<Response> outcome) { answer(std::move(outcome)); });
        });
        if (!taken) answer(common::Busy());
      });
}

template <class Request>
ConveyanceServer::Unary* ConveyanceServer::Step(const common::CallFrame::Incoming& incoming,
                                                const Request* request, v1::Case* response) {
  return By(cases_, &CaseDesk::TakeStep<Request>, incoming, request, response);
}

ConveyanceServer::Unary* ConveyanceServer::CreateDraft(Context* context,
                                                       const v1::CreateDraftRequest* request,
                                                       v1::Draft* response) {
  return By(drafts_, &DraftDesk::Create, {context, "CreateDraft"}, request, response);
}

ConveyanceServer::Unary* ConveyanceServer::GetDraft(Context* context,
                                                    const v1::GetDraftRequest* request,
                                                    v1::Draft* response) {
  return By(drafts_, &DraftDesk::Get, {context, "GetDraft", kServesOwn}, request, response);
}

ConveyanceServer::Unary* ConveyanceServer::ListDrafts(Context* context,
                                                      const v1::ListDraftsRequest* request,
                                                      v1::ListDraftsResponse* response) {
  return By(drafts_, &DraftDesk::List, {context, "ListDrafts", kServesOwn}, request, response);
}

ConveyanceServer::Unary* ConveyanceServer::UpdateDraft(Context* context,
                                                       const v1::UpdateDraftRequest* request,
                                                       v1::Draft* response) {
  return By(drafts_, &DraftDesk::Update, {context, "UpdateDraft", kServesOwn}, request, response);
}

ConveyanceServer::Unary* ConveyanceServer::DeleteDraft(Context* context,
                                                       const v1::DeleteDraftRequest* request,
                                                       v1::DeleteDraftResponse* response) {
  return By(drafts_, &DraftDesk::Delete, {context, "DeleteDraft", kServesOwn}, request, response);
}

ConveyanceServer::Unary* ConveyanceServer::DeclineDraft(Context* context,
                                                        const v1::DeclineDraftRequest* request,
                                                        v1::Draft* response) {
  return By(drafts_, &DraftDesk::Decline, {context, "DeclineDraft"}, request, response);
}

ConveyanceServer::Unary* ConveyanceServer::Explain(Context* context,
                                                   const v1::ExplainRequest* request,
                                                   v1::ExplainResponse* response) {
  return By(explainer_, &Explainer::Explain, {context, "Explain", kServesOwn}, request, response);
}

ConveyanceServer::Unary* ConveyanceServer::PreviewExtension(
    Context* context, const v1::PreviewExtensionRequest* request,
    v1::PreviewExtensionResponse* response) {
  return By(extensions_, &ExtensionDesk::Preview, {context, "PreviewExtension"}, request, response);
}

ConveyanceServer::Unary* ConveyanceServer::AcceptCase(Context* context,
                                                      const v1::AcceptCaseRequest* request,
                                                      v1::Case* response) {
  return By(drafts_, &DraftDesk::Accept, {context, "AcceptCase"}, request, response);
}

ConveyanceServer::Unary* ConveyanceServer::RequestSupplement(
    Context* context, const v1::RequestSupplementRequest* request, v1::Case* response) {
  return Step({context, "RequestSupplement"}, request, response);
}

ConveyanceServer::Unary* ConveyanceServer::SupplementCase(Context* context,
                                                          const v1::SupplementCaseRequest* request,
                                                          v1::Case* response) {
  return Step({context, "SupplementCase"}, request, response);
}

ConveyanceServer::Unary* ConveyanceServer::ReviewCase(Context* context,
                                                      const v1::ReviewCaseRequest* request,
                                                      v1::Case* response) {
  return Step({context, "ReviewCase"}, request, response);
}

ConveyanceServer::Unary* ConveyanceServer::BeginNotice(Context* context,
                                                       const v1::BeginNoticeRequest* request,
                                                       v1::Case* response) {
  return Step({context, "BeginNotice"}, request, response);
}

ConveyanceServer::Unary* ConveyanceServer::ConcludeNotice(Context* context,
                                                          const v1::ConcludeNoticeRequest* request,
                                                          v1::Case* response) {
  return Step({context, "ConcludeNotice"}, request, response);
}

ConveyanceServer::Unary* ConveyanceServer::RegisterCase(Context* context,
                                                        const v1::RegisterCaseRequest* request,
                                                        v1::Case* response) {
  return By(cases_, &CaseDesk::Register, {context, "RegisterCase"}, request, response);
}

ConveyanceServer::Unary* ConveyanceServer::RefuseCase(Context* context,
                                                      const v1::RefuseCaseRequest* request,
                                                      v1::Case* response) {
  return Step({context, "RefuseCase"}, request, response);
}

ConveyanceServer::Unary* ConveyanceServer::RetractCase(Context* context,
                                                       const v1::RetractCaseRequest* request,
                                                       v1::Case* response) {
  return Step({context, "RetractCase"}, request, response);
}

ConveyanceServer::Unary* ConveyanceServer::SuspendCase(Context* context,
                                                       const v1::SuspendCaseRequest* request,
                                                       v1::Case* response) {
  return Step({context, "SuspendCase"}, request, response);
}

ConveyanceServer::Unary* ConveyanceServer::ResumeCase(Context* context,
                                                      const v1::ResumeCaseRequest* request,
                                                      v1::Case* response) {
  return Step({context, "ResumeCase"}, request, response);
}

ConveyanceServer::Unary* ConveyanceServer::DeliverCertificate(
    Context* context, const v1::DeliverCertificateRequest* request, v1::Case* response) {
  return Step({context, "DeliverCertificate"}, request, response);
}

ConveyanceServer::Unary* ConveyanceServer::ArchiveCase(Context* context,
                                                       const v1::ArchiveCaseRequest* request,
                                                       v1::Case* response) {
  return Step({context, "ArchiveCase"}, request, response);
}

ConveyanceServer::Unary* ConveyanceServer::LapseDue(Context* context,
                                                    const v1::LapseDueRequest* request,
                                                    v1::LapseDueResponse* response) {
  return By(duties_, &DutyDesk::LapseDue, {context, "LapseDue"}, request, response);
}

ConveyanceServer::Unary* ConveyanceServer::ListQueue(Context* context,
                                                     const v1::ListQueueRequest* request,
                                                     v1::ListQueueResponse* response) {
  return By(duties_, &DutyDesk::ListQueue, {context, "ListQueue"}, request, response);
}

ConveyanceServer::Unary* ConveyanceServer::AssignCase(Context* context,
                                                      const v1::AssignCaseRequest* request,
                                                      v1::Assignment* response) {
  return By(duties_, &DutyDesk::AssignCase, {context, "AssignCase"}, request, response);
}

ConveyanceServer::Unary* ConveyanceServer::ListDeadlines(Context* context,
                                                         const v1::ListDeadlinesRequest* request,
                                                         v1::ListDeadlinesResponse* response) {
  return By(duties_, &DutyDesk::ListDeadlines, {context, "ListDeadlines"}, request, response);
}

ConveyanceServer::Unary* ConveyanceServer::AcknowledgeReminder(
    Context* context, const v1::AcknowledgeReminderRequest* request,
    v1::AcknowledgeReminderResponse* response) {
  return By(duties_, &DutyDesk::AcknowledgeReminder, {context, "AcknowledgeReminder"}, request,
            response);
}

ConveyanceServer::Unary* ConveyanceServer::ListCalendar(Context* context,
                                                        const v1::ListCalendarRequest* request,
                                                        v1::ListCalendarResponse* response) {
  return By(duties_, &DutyDesk::ListCalendar, {context, "ListCalendar"}, request, response);
}

ConveyanceServer::Unary* ConveyanceServer::AmendCalendar(Context* context,
                                                         const v1::AmendCalendarRequest* request,
                                                         v1::AmendCalendarResponse* response) {
  return By(cases_, &CaseDesk::AmendCalendar, {context, "AmendCalendar"}, request, response);
}

ConveyanceServer::Unary* ConveyanceServer::ListCaseKinds(Context* context,
                                                         const v1::ListCaseKindsRequest* request,
                                                         v1::ListCaseKindsResponse* response) {
  return By(duties_, &DutyDesk::ListCaseKinds, {context, "ListCaseKinds"}, request, response);
}

}  // namespace landbook::conveyance
