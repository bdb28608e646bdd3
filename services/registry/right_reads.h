// The calls that read rights, contracts, certificates, mortgages and cautions. Requests have passed
// the door; every function may be called from any thread. What is absent is refused with
// RECORD_NOT_FOUND; where a call reads is read_point.h's.
#ifndef LANDBOOK_SERVICES_REGISTRY_RIGHT_READS_H_
#define LANDBOOK_SERVICES_REGISTRY_RIGHT_READS_H_

#include "landbook/v1/registry_service.pb.h"
#include "services/common/call_frame.h"
#include "services/common/refusal.h"
#include "services/registry/book.h"

namespace landbook::registry {

// One right by its number, judged expired or not by the day that the read looks at.
common::Outcome<v1::Right> GetRight(const Book& book, const common::CallContext& call,
                                    const v1::GetRightRequest& request);
// The rights in the order in which they were named; one that is absent refuses all.
// VALUE_OUT_OF_RANGE for more than 1,000 (kBatchMax).
common::Outcome<v1::BatchGetRightsResponse> BatchGetRights(
    const Book& book, const common::CallContext& call, const v1::BatchGetRightsRequest& request);
// The rights of a plot, a unit or a holder, or all of the book; those that have ended only when
// they are asked for. A plot's rights are those of all its units.
common::Outcome<v1::ListRightsResponse> ListRights(const Book& book,
                                                   const common::CallContext& call,
                                                   const v1::ListRightsRequest& request);
// Every version of the right's record up to where the book stands, the oldest first.
common::Outcome<v1::GetRightHistoryResponse> GetRightHistory(
    const Book& book, const common::CallContext& call, const v1::GetRightHistoryRequest& request);

// One contract or certificate, named by its number or its code.
common::Outcome<v1::Contract> GetContract(const Book& book, const common::CallContext& call,
                                          const v1::GetContractRequest& request);
common::Outcome<v1::Certificate> GetCertificate(const Book& book, const common::CallContext& call,
                                                const v1::GetCertificateRequest& request);

common::Outcome<v1::Mortgage> GetMortgage(const Book& book, const common::CallContext& call,
                                          const v1::GetMortgageRequest& request);
// The mortgages on a right, or of a mortgagee; those that have ended only when they are asked for.
// ONEOF_REQUIRED without a right or a mortgagee.
common::Outcome<v1::ListMortgagesResponse> ListMortgages(const Book& book,
                                                         const common::CallContext& call,
                                                         const v1::ListMortgagesRequest& request);

common::Outcome<v1::Caution> GetCaution(const Book& book, const common::CallContext& call,
                                        const v1::GetCautionRequest& request);
// The cautions of a unit, or those of the whole book that stand and that time can end; those that
// were lifted only when they are asked for. Those on the unit's rights are among them.
common::Outcome<v1::ListCautionsResponse> ListCautions(const Book& book,
                                                       const common::CallContext& call,
                                                       const v1::ListCautionsRequest& request);

}  // namespace landbook::registry

#endif  // LANDBOOK_SERVICES_REGISTRY_RIGHT_READS_H_
