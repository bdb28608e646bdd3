// What the office has to do, and by when: queues, assignments, deadlines, reminders, the calendar,
// and what has run out.
//
// All of it is computed from the book at each call; kept is only who has which case, and which
// reminders were seen.
#ifndef LANDBOOK_SERVICES_CONVEYANCE_DUTY_DESK_H_
#define LANDBOOK_SERVICES_CONVEYANCE_DUTY_DESK_H_

#include <initializer_list>
#include <map>
#include <string>
#include <vector>

#include "landbook/v1/conveyance_service.pb.h"
#include "services/conveyance/draft_store.h"
#include "services/conveyance/office_law.h"
#include "services/conveyance/queues.h"
#include "services/conveyance/registry_client.h"
#include "services/conveyance/task.h"

namespace landbook::conveyance {

// What an office looks at on a day: its law, its calendar, its cases.
struct OfficeDay {
  common::CivilDate today;
  SharedLaw in_force;
  // By the number of the pack that a case was accepted under.
  std::map<std::uint64_t, SharedLaw> accepted_under;
  std::shared_ptr<const KnownDays> days;
  std::vector<v1::Case> cases;

  const Law& LawOf(const v1::Case& the_case) const;
};

// May be used from any thread. Calls and requests outlive the tasks.
class DutyDesk {
 public:
  struct Parts {
    RegistryClient& registry;
    DraftStore& drafts;
    LawReader& laws;
  };
  explicit DutyDesk(const Parts& parts) : parts_(parts) {}
  DutyDesk(const DutyDesk&) = delete;
  DutyDesk& operator=(const DutyDesk&) = delete;

  Task<Outcome<v1::ListQueueResponse>> ListQueue(const CallContext& call,
                                                 const v1::ListQueueRequest& request);
  Task<Outcome<v1::Assignment>> AssignCase(const CallContext& call,
                                           const v1::AssignCaseRequest& request);
  Task<Outcome<v1::ListDeadlinesResponse>> ListDeadlines(const CallContext& call,
                                                         const v1::ListDeadlinesRequest& request);
  Task<Outcome<v1::AcknowledgeReminderResponse>> AcknowledgeReminder(
      const CallContext& call, const v1::AcknowledgeReminderRequest& request);
  Task<Outcome<v1::ListCalendarResponse>> ListCalendar(const CallContext& call,
                                                       const v1::ListCalendarRequest& request);
  Task<Outcome<v1::ListCaseKindsResponse>> ListCaseKinds(const CallContext& call,
                                                         const v1::ListCaseKindsRequest& request);
  // Ends what has run out, in the caller's name. What was ended meanwhile is left alone; what the
  // book refuses for any other reason ends the work, and is told.
  Task<Outcome<v1::LapseDueResponse>> LapseDue(const CallContext& call,
                                               const v1::LapseDueRequest& request);

 private:
  Task<Outcome<OfficeDay>> Look(const CallContext& call, std::string county,
                                std::vector<v1::CaseState> states);
  Task<Outcome<std::vector<v1::Caution>>> LapsingCautions(const CallContext& call,
                                                          std::string county);
  // Commits a lapse; false when there was nothing to end any more.
  Task<Outcome<bool>> Lapse(const CallContext& call, v1::CommitRequest commit);

  Parts parts_;
};

}  // namespace landbook::conveyance

#endif  // LANDBOOK_SERVICES_CONVEYANCE_DUTY_DESK_H_
