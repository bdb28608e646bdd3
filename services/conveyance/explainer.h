// Everything that stands in the way of an application, without changing anything.
//
// The book is asked by the commit that would be made, with validate_only; what this service adds is
// the list of documents, the deadlines that would run, and what only time still has to cure.
#ifndef LANDBOOK_SERVICES_CONVEYANCE_EXPLAINER_H_
#define LANDBOOK_SERVICES_CONVEYANCE_EXPLAINER_H_

#include <optional>
#include <string>

#include "landbook/v1/conveyance_service.pb.h"
#include "services/common/civil_date.h"
#include "services/conveyance/case_desk.h"
#include "services/conveyance/draft_store.h"
#include "services/conveyance/office_law.h"
#include "services/conveyance/queues.h"
#include "services/conveyance/registry_client.h"
#include "services/conveyance/task.h"

namespace landbook::conveyance {

// The name under which the service asks and acts of its own accord: it is nobody's officer, and the
// administrator of a county appoints it intake and registrar there.
inline constexpr char kServicePrincipal[] = "conveyance";

// The call in the service's own name and that role.
CallContext InOwnName(const CallContext& call, v1::Role role, std::string_view county);

// The question that an application or a case is.
struct Question {
  // What is asked of the book.
  v1::CommitRequest commit;
  // The application; absent for a commit that accepts none.
  std::optional<v1::Application> application;
  // The pack that governs: 0 for the one in force.
  std::uint64_t pack = 0;
  // The case that is asked about, whose clock runs; absent for what is not accepted yet.
  std::optional<v1::Case> the_case = {};
};

// What the book's answer says about the question, by that law and on that day. What is cured by
// time until `day` is left out. `division` is where the application's land lies; empty for nowhere
// in particular.
struct Circumstances {
  const Law& law;
  const law::Calendar& calendar;
  common::CivilDate day;
  std::string division;
  const v1::Case* the_case = nullptr;  // null for what is not accepted yet
};
v1::ExplainResponse ExplanationOf(const v1::CommitResponse& answer,
                                  const std::optional<v1::Application>& application,
                                  const Circumstances& at);

// May be used from any thread. Calls and requests outlive the tasks.
class Explainer {
 public:
  struct Parts {
    RegistryClient& registry;
    DraftStore& drafts;
    LawReader& laws;
    CaseDesk& cases;
  };
  explicit Explainer(const Parts& parts) : parts_(parts) {}
  Explainer(const Explainer&) = delete;
  Explainer& operator=(const Explainer&) = delete;

  // The book is asked in the caller's name; where the caller's role does not take the step (a
  // reviewer who asks about an acceptance), in the service's own.
  Task<Outcome<v1::ExplainResponse>> Explain(const CallContext& call,
                                             const v1::ExplainRequest& request);

 private:
  Task<Outcome<Question>> QuestionOf(const CallContext& call, const v1::ExplainRequest& request);
  Task<Outcome<Question>> AboutDraft(const CallContext& call, const v1::ExplainRequest& request);
  Task<Outcome<Question>> AboutCase(const CallContext& call, const v1::ExplainRequest& request);
  // Where the first unit of the application lies; empty when it has none that the book knows.
  Task<std::string> DivisionOf(const CallContext& call, std::string county,
                               const std::optional<v1::Application>& application);

  Parts parts_;
};

}  // namespace landbook::conveyance

#endif  // LANDBOOK_SERVICES_CONVEYANCE_EXPLAINER_H_
