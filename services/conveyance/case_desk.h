// The steps of cases, as an officer takes them: each is one commit in the officer's name, and its
// answer is the case as the commit left it.
#ifndef LANDBOOK_SERVICES_CONVEYANCE_CASE_DESK_H_
#define LANDBOOK_SERVICES_CONVEYANCE_CASE_DESK_H_

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "landbook/v1/conveyance_service.pb.h"
#include "services/conveyance/case_steps.h"
#include "services/conveyance/registry_client.h"
#include "services/conveyance/task.h"

namespace landbook::conveyance {

// May be used from any thread. Calls and requests outlive the tasks.
class CaseDesk {
 public:
  // `registry` is borrowed and outlives the desk.
  explicit CaseDesk(RegistryClient& registry) : registry_(registry) {}
  CaseDesk(const CaseDesk&) = delete;
  CaseDesk& operator=(const CaseDesk&) = delete;

  // Takes a step that is an act alone (case_steps.h).
  template <class Request>
  Task<Outcome<v1::Case>> TakeStep(const CallContext& call, const Request& request) {
    return Take(call, StepOf(request));
  }

  // Registers the case. Sent again after it was registered, the commit is asked again as it was,
  // over the records as they stood before that entry, so that the book knows it.
  Task<Outcome<v1::Case>> Register(const CallContext& call, const v1::RegisterCaseRequest& request);

  Task<Outcome<v1::AmendCalendarResponse>> AmendCalendar(const CallContext& call,
                                                         const v1::AmendCalendarRequest& request);

  // The commit that would register the case: its acts, over the etags of the records that they name
  // as the book has them, or had them before entry `before`.
  struct Planned {
    v1::Case the_case;
    v1::Application application;
    v1::CommitRequest commit;
  };
  Task<Outcome<Planned>> PlanRegistration(const CallContext& call,
                                          const v1::RegisterCaseRequest& request);

  // Commits, and gives the case that the commit accepted or took on.
  Task<Outcome<v1::Case>> Take(const CallContext& call, v1::CommitRequest commit);

  // The case by its number or code, as the book stands after entry `min_sequence`.
  struct CaseAt {
    std::string county;
    std::string number_or_code;
    std::uint64_t min_sequence = 0;
  };
  Task<Outcome<v1::Case>> GetCase(const CallContext& call, CaseAt wanted);
  // The application of a case, as it stood after entry `as_of`; 0 for now.
  Task<Outcome<v1::Application>> GetApplication(const CallContext& call, std::string county,
                                                std::uint64_t case_number, std::uint64_t as_of);

 private:
  // Fills in the etags of the records that the first `act_count` acts name.
  Task<Outcome<bool>> RefreshEtags(const CallContext& call, v1::CommitRequest* commit,
                                   int act_count, std::uint64_t as_of);
  // The etags of many records of one kind. Rights and plots are asked for in batches.
  using Etags = std::map<std::uint64_t, std::string>;
  Task<Outcome<Etags>> EtagsOfRights(const CallContext& call, std::string county,
                                     std::vector<std::uint64_t> numbers, v1::ReadOptions read);
  Task<Outcome<Etags>> EtagsOfPlots(const CallContext& call, std::string county,
                                    std::vector<std::uint64_t> numbers, v1::ReadOptions read);
  Task<Outcome<Etags>> EtagsOf(const CallContext& call, std::string county, v1::RecordKind kind,
                               std::vector<std::uint64_t> numbers, v1::ReadOptions read);
  Task<Outcome<std::string>> EtagOf(const CallContext& call, std::string county,
                                    v1::RecordKind kind, std::uint64_t number,
                                    v1::ReadOptions read);

  RegistryClient& registry_;
};

// A case's reference as RegistryService.GetCase takes it; empty when it names none.
std::string NumberOrCode(const v1::Reference& reference);

}  // namespace landbook::conveyance

#endif  // LANDBOOK_SERVICES_CONVEYANCE_CASE_DESK_H_
