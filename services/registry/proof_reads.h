// The calls for heads and proofs. Whoever holds a head can check each proof without this program
// (RFC 9162, 2.1.3 and 2.1.4; storage/FORMAT.md). Requests have passed the door; every function may
// be called from any thread.
#ifndef LANDBOOK_SERVICES_REGISTRY_PROOF_READS_H_
#define LANDBOOK_SERVICES_REGISTRY_PROOF_READS_H_

#include "landbook/v1/registry_service.pb.h"
#include "services/common/call_frame.h"
#include "services/common/refusal.h"
#include "services/registry/book.h"

namespace landbook::registry {

// SEQUENCE_NOT_REACHED for an entry that the book does not have yet.
common::Outcome<v1::Head> GetHead(const Book& book, const common::CallContext& call,
                                  const v1::GetHeadRequest& request);
common::Outcome<v1::ListHeadsResponse> ListHeads(const Book& book, const common::CallContext& call,
                                                 const v1::ListHeadsRequest& request);

// PROOF_OUT_OF_RANGE for an entry, act or size that is not there, or a leaf beyond the size.
common::Outcome<v1::InclusionProof> GetInclusionProof(const Book& book,
                                                      const common::CallContext& call,
                                                      const v1::GetInclusionProofRequest& request);
common::Outcome<v1::ConsistencyProof> GetConsistencyProof(
    const Book& book, const common::CallContext& call,
    const v1::GetConsistencyProofRequest& request);

// With a head whose status root is the proof's: a fresh one when certificates have changed since
// the last. NO_HEAD, worth trying again, when they change faster than heads are signed.
common::Outcome<v1::StatusProof> GetStatusProof(const Book& book, const common::CallContext& call,
                                                const v1::GetStatusProofRequest& request);

}  // namespace landbook::registry

#endif  // LANDBOOK_SERVICES_REGISTRY_PROOF_READS_H_
