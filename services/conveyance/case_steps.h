// The steps of a case, each as the one commit that it is: pure functions from what an officer asked
// to what the book is asked.
//
// A step's commit has the request id that the officer's request had, so a step that was asked
// twice, by whomever and through whichever server, is done once.
#ifndef LANDBOOK_SERVICES_CONVEYANCE_CASE_STEPS_H_
#define LANDBOOK_SERVICES_CONVEYANCE_CASE_STEPS_H_

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "google/protobuf/message.h"
#include "landbook/v1/conveyance_service.pb.h"
#include "landbook/v1/journal.pb.h"
#include "landbook/v1/registry_service.pb.h"
#include "services/common/refusal.h"

namespace landbook::conveyance {

using common::Outcome;

// --- Steps that are an act alone ----------------------------------------------------------------

v1::CommitRequest StepOf(const v1::RequestSupplementRequest& request);
v1::CommitRequest StepOf(const v1::SupplementCaseRequest& request);
v1::CommitRequest StepOf(const v1::ReviewCaseRequest& request);
v1::CommitRequest StepOf(const v1::BeginNoticeRequest& request);
v1::CommitRequest StepOf(const v1::ConcludeNoticeRequest& request);
v1::CommitRequest StepOf(const v1::RefuseCaseRequest& request);
v1::CommitRequest StepOf(const v1::RetractCaseRequest& request);
v1::CommitRequest StepOf(const v1::SuspendCaseRequest& request);
v1::CommitRequest StepOf(const v1::ResumeCaseRequest& request);
v1::CommitRequest StepOf(const v1::DeliverCertificateRequest& request);
v1::CommitRequest StepOf(const v1::ArchiveCaseRequest& request);
v1::CommitRequest StepOf(const v1::AmendCalendarRequest& request);

// --- Acceptance and registration ----------------------------------------------------------------

// The acceptance of an application (受理). The evidence stays in the application: its acts are part
// of the case, not of the commit.
v1::CommitRequest AcceptanceOf(const v1::AcceptCaseRequest& request,
                               const v1::Application& application);

// The registration of a case (登簿): the application's acts and evidence as they were accepted,
// each act at the position that it has there, then RegisterCase, then a certificate of every right
// and mortgage that was granted, transferred or varied, when certificates are asked for.
// VALUE_OUT_OF_RANGE when private values are brought for an act that is not there or amends no
// party.
Outcome<v1::CommitRequest> RegistrationOf(const v1::RegisterCaseRequest& request,
                                          const v1::Application& application);

// --- Lapse --------------------------------------------------------------------------------------

// What has run out, as the book has it. The request id is made of number and etag, so that the same
// lapse asked again is the same request.
struct Lapsed {
  std::string county;
  std::uint64_t number = 0;
  std::string etag;
};
v1::CommitRequest LapseOfCaution(const Lapsed& lapsed);
v1::CommitRequest LapseOfCase(const Lapsed& lapsed);

// --- What a commit names and what it made -------------------------------------------------------

// A record that an act names together with the etag that was seen of it.
struct NamedVersion {
  v1::RecordKind kind = v1::RECORD_KIND_UNSPECIFIED;
  std::uint64_t number = 0;
  // The act's own message that has the field `etag`; lives as long as the commit.
  google::protobuf::Message* holder = nullptr;
};

// All of them among the first `act_count` acts. What was accepted is registered over the records as
// they stand on the day (K-07 leaves etags out): between the two a neighbour's split may have put a
// vertex into a plot's ring, and a court its seizure on a unit. References to what the commit
// creates have no etag to refresh.
std::vector<NamedVersion> NamedVersions(v1::CommitRequest* request, int act_count);
// Writes the etag into the act that named the record.
void SetEtag(const NamedVersion& named, const std::string& etag);

// The number of the record of that kind that the commit created or changed first; 0 for none.
std::uint64_t NumberLeftBy(const v1::CommitResponse& response, v1::RecordKind kind);

}  // namespace landbook::conveyance

#endif  // LANDBOOK_SERVICES_CONVEYANCE_CASE_STEPS_H_
