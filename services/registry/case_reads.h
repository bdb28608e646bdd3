// The calls that read cases (登记案件), and the packs and the working calendar that they run by.
// Requests have passed the door; every function may be called from any thread. What is absent
// is refused with RECORD_NOT_FOUND; where a call reads is read_point.h's.
#ifndef LANDBOOK_SERVICES_REGISTRY_CASE_READS_H_
#define LANDBOOK_SERVICES_REGISTRY_CASE_READS_H_

#include "landbook/v1/registry_service.pb.h"
#include "services/common/call_frame.h"
#include "services/common/refusal.h"
#include "services/registry/book.h"

namespace landbook::registry {

// One case, named by its number or its code (业务号).
common::Outcome<v1::Case> GetCase(const Book& book, const common::CallContext& call,
                                  const v1::GetCaseRequest& request);
// The cases of a unit, of an applicant or agent, or all of the book, in the order of acceptance;
// only those in certain states when states are named. Cases that are all still open are found
// without looking at the others, so a queue costs what waits in it.
common::Outcome<v1::ListCasesResponse> ListCases(const Book& book, const common::CallContext& call,
                                                 const v1::ListCasesRequest& request);
// What a case applies for, as it was accepted and supplemented up to the read's point.
common::Outcome<v1::Application> GetApplication(const Book& book, const common::CallContext& call,
                                                const v1::GetApplicationRequest& request);

// A pack as the book adopted it, by its number, or the one in force.
common::Outcome<v1::AdoptedPack> GetPack(const Book& book, const common::CallContext& call,
                                         const v1::GetPackRequest& request);

// The days of a stretch that count otherwise than their weekday, in order. VALUE_OUT_OF_RANGE when
// the stretch has more than 1,000 of them.
common::Outcome<v1::ListCalendarDaysResponse> ListCalendarDays(
    const Book& book, const common::CallContext& call, const v1::ListCalendarDaysRequest& request);

}  // namespace landbook::registry

#endif  // LANDBOOK_SERVICES_REGISTRY_CASE_READS_H_
