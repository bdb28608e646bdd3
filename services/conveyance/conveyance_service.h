// ConveyanceService over gRPC: each method hands its call to a desk, whose coroutine answers it.
#ifndef LANDBOOK_SERVICES_CONVEYANCE_CONVEYANCE_SERVICE_H_
#define LANDBOOK_SERVICES_CONVEYANCE_CONVEYANCE_SERVICE_H_

#include <string>
#include <string_view>

#include "landbook/v1/conveyance_service.grpc.pb.h"
#include "services/common/call_frame.h"
#include "services/common/clock.h"
#include "services/conveyance/case_desk.h"
#include "services/conveyance/draft_desk.h"
#include "services/conveyance/draft_store.h"
#include "services/conveyance/duty_desk.h"
#include "services/conveyance/explainer.h"
#include "services/conveyance/extension.h"
#include "services/conveyance/office_law.h"
#include "services/conveyance/registry_client.h"

namespace landbook::conveyance {

// What each rpc takes, gives and refuses is said in conveyance_service.proto. A method returns at
// once; what it does runs on FrameParts' workers, and no worker is held while the registry is
// asked.
class ConveyanceServer final : public v1::ConveyanceService::CallbackService {
 public:
  using Unary = grpc::ServerUnaryReactor;
  using Context = grpc::CallbackServerContext;

  // All is borrowed and outlives the server.
  ConveyanceServer(const common::FrameParts& parts, RegistryClient& registry, DraftStore& drafts,
                   common::Clock& clock);

  // What the timer works with (lapse_timer.h).
  LawReader& laws() { return laws_; }
  DutyDesk& duties() { return duties_; }

  // --- Drafts and what stands in their way ------------------------------------------------------

  Unary* CreateDraft(Context* context, const v1::CreateDraftRequest* request,
                     v1::Draft* response) override;
  Unary* GetDraft(Context* context, const v1::GetDraftRequest* request,
                  v1::Draft* response) override;
  Unary* ListDrafts(Context* context, const v1::ListDraftsRequest* request,
                    v1::ListDraftsResponse* response) override;
  Unary* UpdateDraft(Context* context, const v1::UpdateDraftRequest* request,
                     v1::Draft* response) override;
  Unary* DeleteDraft(Context* context, const v1::DeleteDraftRequest* request,
                     v1::DeleteDraftResponse* response) override;
  Unary* DeclineDraft(Context* context, const v1::DeclineDraftRequest* request,
                      v1::Draft* response) override;
  Unary* Explain(Context* context, const v1::ExplainRequest* request,
                 v1::ExplainResponse* response) override;
  Unary* PreviewExtension(Context* context, const v1::PreviewExtensionRequest* request,
                          v1::PreviewExtensionResponse* response) override;

  // --- The steps of a case ----------------------------------------------------------------------

  Unary* AcceptCase(Context* context, const v1::AcceptCaseRequest* request,
                    v1::Case* response) override;
  Unary* RequestSupplement(Context* context, const v1::RequestSupplementRequest* request,
                           v1::Case* response) override;
  Unary* SupplementCase(Context* context, const v1::SupplementCaseRequest* request,
                        v1::Case* response) override;
  Unary* ReviewCase(Context* context, const v1::ReviewCaseRequest* request,
                    v1::Case* response) override;
  Unary* BeginNotice(Context* context, const v1::BeginNoticeRequest* request,
                     v1::Case* response) override;
  Unary* ConcludeNotice(Context* context, const v1::ConcludeNoticeRequest* request,
                        v1::Case* response) override;
  Unary* RegisterCase(Context* context, const v1::RegisterCaseRequest* request,
                      v1::Case* response) override;
  Unary* RefuseCase(Context* context, const v1::RefuseCaseRequest* request,
                    v1::Case* response) override;
  Unary* RetractCase(Context* context, const v1::RetractCaseRequest* request,
                     v1::Case* response) override;
  Unary* SuspendCase(Context* context, const v1::SuspendCaseRequest* request,
                     v1::Case* response) override;
  Unary* ResumeCase(Context* context, const v1::ResumeCaseRequest* request,
                    v1::Case* response) override;
  Unary* DeliverCertificate(Context* context, const v1::DeliverCertificateRequest* request,
                            v1::Case* response) override;
  Unary* ArchiveCase(Context* context, const v1::ArchiveCaseRequest* request,
                     v1::Case* response) override;

  // --- Duties -----------------------------------------------------------------------------------

  Unary* LapseDue(Context* context, const v1::LapseDueRequest* request,
                  v1::LapseDueResponse* response) override;
  Unary* ListQueue(Context* context, const v1::ListQueueRequest* request,
                   v1::ListQueueResponse* response) override;
  Unary* AssignCase(Context* context, const v1::AssignCaseRequest* request,
                    v1::Assignment* response) override;
  Unary* ListDeadlines(Context* context, const v1::ListDeadlinesRequest* request,
                       v1::ListDeadlinesResponse* response) override;
  Unary* AcknowledgeReminder(Context* context, const v1::AcknowledgeReminderRequest* request,
                             v1::AcknowledgeReminderResponse* response) override;
  Unary* ListCalendar(Context* context, const v1::ListCalendarRequest* request,
                      v1::ListCalendarResponse* response) override;
  Unary* AmendCalendar(Context* context, const v1::AmendCalendarRequest* request,
                       v1::AmendCalendarResponse* response) override;
  Unary* ListCaseKinds(Context* context, const v1::ListCaseKindsRequest* request,
                       v1::ListCaseKindsResponse* response) override;

 private:
  // Serves a call by the task that a desk's method gives.
  template <class Desk, class Request, class Response>
  Unary* By(Desk& desk, Task<Outcome<Response>> (Desk::*method)(const CallContext&, const Request&),
            const common::CallFrame::Incoming& incoming, const Request* request,
            Response* response);
  // The same for a step that is an act alone.
  template <class Request>
  Unary* Step(const common::CallFrame::Incoming& incoming, const Request* request,
              v1::Case* response);

  common::CallFrame frame_;
  LawReader laws_;
  CaseDesk cases_;
  Explainer explainer_;
  DraftDesk drafts_;
  ExtensionDesk extensions_;
  DutyDesk duties_;
};

}  // namespace landbook::conveyance

#endif  // LANDBOOK_SERVICES_CONVEYANCE_CONVEYANCE_SERVICE_H_
