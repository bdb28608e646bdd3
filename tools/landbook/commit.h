// Asking a book for acts.
#ifndef LANDBOOK_TOOLS_LANDBOOK_COMMIT_H_
#define LANDBOOK_TOOLS_LANDBOOK_COMMIT_H_

#include "absl/status/status.h"
#include "landbook/v1/registry_service.pb.h"
#include "tools/landbook/command.h"
#include "tools/landbook/session.h"

namespace landbook::tools {

// Sends `request`, which its request id makes safe to repeat, and writes what it left. A request
// that only validates writes what would happen and fails with all refusals when anything stands in
// the way.
absl::Status SendCommit(const Command& command, Session& session, const v1::CommitRequest& request);

}  // namespace landbook::tools

#endif  // LANDBOOK_TOOLS_LANDBOOK_COMMIT_H_
