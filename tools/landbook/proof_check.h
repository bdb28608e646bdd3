// What a client checks by itself of a book's proofs, with nothing of the server but its bytes.
#ifndef LANDBOOK_TOOLS_LANDBOOK_PROOF_CHECK_H_
#define LANDBOOK_TOOLS_LANDBOOK_PROOF_CHECK_H_

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "landbook/v1/journal.pb.h"
#include "landbook/v1/registry_service.pb.h"
#include "landbook/v1/right.pb.h"
#include "storage/signed_head.h"
#include "storage/suite.h"

namespace landbook::tools {

// A head whose signature holds.
struct CheckedHead {
  const storage::Suite* suite = nullptr;
  storage::Head head;
};

// The head of `sent` when its signature is that of the key it names, which is `trusted_key_id` (16
// hexadecimal digits) unless that is empty, and when it was signed for what the answer says. Every
// failure is DATA_LOSS: it says that someone lied or something broke.
absl::StatusOr<CheckedHead> CheckHead(const v1::Head& sent, const std::string& trusted_key_id);

// That `proof` leads from its leaf to the root of `head`. Fails with DATA_LOSS.
absl::Status CheckInclusion(const v1::InclusionProof& proof, const CheckedHead& head);

// That the tree with `old_root` begins the one with `new_root`. Fails with DATA_LOSS.
absl::Status CheckConsistency(const v1::ConsistencyProof& proof, const storage::Suite& suite);

// That `proof` states the status of its certificate under the status root of `head`. Fails with
// DATA_LOSS.
absl::Status CheckStatus(const v1::StatusProof& proof, const CheckedHead& head);

// Whether the act `record` left `certificate` as it stands in the caller's hand; fields that a
// server computes when it answers are left out of the comparison.
bool ActLeft(const v1::ActRecord& record, const v1::Certificate& certificate);

}  // namespace landbook::tools

#endif  // LANDBOOK_TOOLS_LANDBOOK_PROOF_CHECK_H_
