// Applications that are being prepared, and their acceptance.
//
// Acceptance is the one step in which this service and the book have to agree: a draft becomes a
// case. The draft keeps whole what is asked of the book before it is asked, and the case after.
// Whatever touches a draft that was asked about and not answered first asks again, as it was asked,
// and the book answers what it answered: so no draft is accepted twice, and no case is without its
// draft.
#ifndef LANDBOOK_SERVICES_CONVEYANCE_DRAFT_DESK_H_
#define LANDBOOK_SERVICES_CONVEYANCE_DRAFT_DESK_H_

#include <string>
#include <vector>

#include "landbook/v1/conveyance_service.pb.h"
#include "services/conveyance/case_desk.h"
#include "services/conveyance/draft_store.h"
#include "services/conveyance/explainer.h"
#include "services/conveyance/office_law.h"
#include "services/conveyance/registry_client.h"
#include "services/conveyance/task.h"

namespace landbook::conveyance {

// What desks work on. Borrowed.
struct DeskParts {
  RegistryClient& registry;
  DraftStore& drafts;
  LawReader& laws;
  CaseDesk& cases;
};

// May be used from any thread. Calls and requests outlive the tasks.
class DraftDesk {
 public:
  DraftDesk(const DeskParts& parts, Explainer& explainer) : parts_(parts), explainer_(explainer) {}
  DraftDesk(const DraftDesk&) = delete;
  DraftDesk& operator=(const DraftDesk&) = delete;

  Task<Outcome<v1::Draft>> Create(const CallContext& call, const v1::CreateDraftRequest& request);
  Task<Outcome<v1::Draft>> Get(const CallContext& call, const v1::GetDraftRequest& request);
  Task<Outcome<v1::ListDraftsResponse>> List(const CallContext& call,
                                             const v1::ListDraftsRequest& request);
  Task<Outcome<v1::Draft>> Update(const CallContext& call, const v1::UpdateDraftRequest& request);
  Task<Outcome<v1::DeleteDraftResponse>> Delete(const CallContext& call,
                                                const v1::DeleteDraftRequest& request);
  Task<Outcome<v1::Draft>> Decline(const CallContext& call, const v1::DeclineDraftRequest& request);
  Task<Outcome<v1::Case>> Accept(const CallContext& call, const v1::AcceptCaseRequest& request);

 private:
  // The draft, when the caller may see it, after whatever acceptance was left unanswered.
  Task<Outcome<KeptDraft>> Settled(const CallContext& call, std::string county,
                                   std::uint64_t number);
  // A draft after the book answered about its acceptance.
  struct Answered {
    KeptDraft kept;
    // Why the book refused; empty when it accepted.
    common::RefusalList refused;
  };
  // Asks the book what the draft says was asked, in the name of who asked it, and keeps the answer
  // in the draft. Refused when no answer came: the draft then still says what was asked.
  Task<Outcome<Answered>> AskBook(const CallContext& call, std::string county, KeptDraft kept);
  // The draft of a change: settled, still open, and at the etag that the caller saw.
  struct Change {
    std::string county;
    std::uint64_t number = 0;
    std::string etag;
  };
  Task<Outcome<KeptDraft>> ForChange(const CallContext& call, Change change);
  Task<Outcome<v1::Case>> CaseOf(const CallContext& call, std::string county,
                                 const v1::Draft& draft);

  DeskParts parts_;
  Explainer& explainer_;
};

}  // namespace landbook::conveyance

#endif  // LANDBOOK_SERVICES_CONVEYANCE_DRAFT_DESK_H_
