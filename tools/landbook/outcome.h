// How a verb ends: well, refused or failed, or wrongly used. Each has its exit code, and each its
// lines on stderr.
#ifndef LANDBOOK_TOOLS_LANDBOOK_OUTCOME_H_
#define LANDBOOK_TOOLS_LANDBOOK_OUTCOME_H_

#include <iosfwd>
#include <string>

#include <google/protobuf/repeated_field.h>
#include <grpcpp/support/status.h>

#include "absl/status/status.h"
#include "landbook/v1/error.pb.h"
#include "services/common/refusal.h"

namespace landbook::tools {

inline constexpr int kExitDone = 0;
inline constexpr int kExitFailed = 1;
inline constexpr int kExitUsage = 2;

// That the command was written wrongly: PrintOutcome gives kExitUsage for it.
absl::Status UsageError(const std::string& sentence);

// What a server answered. A refusal keeps every reason it was given, as lines; a server that could
// not be reached is named with what to do. OK for an answer that is OK.
absl::Status OutcomeOfCall(const grpc::Status& status, const std::string& server);

// All `refusals` as lines of `CODE REASON: sentence [source]`, the last one without an end of line.
std::string RefusalLines(const google::protobuf::RepeatedPtrField<v1::Refusal>& refusals);

// That `refusals` stand in the way: FAILED_PRECONDITION whose lines are theirs. REQUIRES: not
// empty.
absl::Status Refused(const google::protobuf::RepeatedPtrField<v1::Refusal>& refusals);

// The same for refusals that were given in this process.
absl::Status RefusedBy(const common::RefusalList& refusals);

// Writes nothing for OK, the lines of a refusal, or `CODE: sentence` for any other failure, and
// gives the exit code.
int PrintOutcome(const absl::Status& outcome, std::ostream& err);

}  // namespace landbook::tools

#endif  // LANDBOOK_TOOLS_LANDBOOK_OUTCOME_H_
