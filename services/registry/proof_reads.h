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

// A signed head that covers the entry asked for, or the newest. SEQUENCE_NOT_REACHED for an entry
// that the book does not have yet. A head that is kept is given again without writing.
common::Outcome<v1::Head> GetHead(const Book& book, const common::CallContext& call,
                                  const v1::GetHeadRequest& request);
// The kept heads, the oldest first.
common::Outcome<v1::ListHeadsResponse> ListHeads(const Book& book, const common::CallContext& call,
                                                 const v1::ListHeadsRequest& request);

// That the header (leaf 0) or an act of an entry is in the tree of that size, which is the newest
// head's for 0, with the leaf's bytes. PROOF_OUT_OF_RANGE for an entry, act or size that is not
// there, or a leaf beyond the size.
common::Outcome<v1::InclusionProof> GetInclusionProof(const Book& book,
                                                      const common::CallContext& call,
                                                      const v1::GetInclusionProofRequest& request);
// That the tree of the old size begins the one of the new size, with both roots. PROOF_OUT_OF_RANGE
// when the book has fewer leaves, or the old size is above the new one.
common::Outcome<v1::ConsistencyProof> GetConsistencyProof(
    const Book& book, const common::CallContext& call,
    const v1::GetConsistencyProofRequest& request);

// Whether a certificate stands or by which entry it ended, and that this is in the status tree.
// PROOF_OUT_OF_RANGE for a certificate that was never issued. With a head whose status root is the
// proof's: a fresh one when certificates have changed since the last. NO_HEAD, worth trying again,
// when they change faster than heads are signed.
common::Outcome<v1::StatusProof> GetStatusProof(const Book& book, const common::CallContext& call,
                                                const v1::GetStatusProofRequest& request);

}  // namespace landbook::registry

#endif  // LANDBOOK_SERVICES_REGISTRY_PROOF_READS_H_
