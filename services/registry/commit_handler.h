// The way of a commit from a call to the writer.
#ifndef LANDBOOK_SERVICES_REGISTRY_COMMIT_HANDLER_H_
#define LANDBOOK_SERVICES_REGISTRY_COMMIT_HANDLER_H_

#include <functional>
#include <memory>

#include "landbook/v1/registry_service.pb.h"
#include "services/common/call_frame.h"
#include "services/common/refusal.h"
#include "services/common/worker_pool.h"
#include "services/registry/book.h"

namespace landbook::registry {

// The most acts of one commit (architecture, "Every server").
inline constexpr int kActsMax = 10'000;

// Checks the commit's boundaries on a worker when it has any, gives it to the book's writer, and
// answers through `answer` from the writer's thread once it is durable. With validate_only the
// refusals are the answer instead of an error. `request` and `call` have to live until the answer.
// Acts of an import (`request.import` is set) wait behind clerks and enter as made by the import; an
// act that an import does not bring is refused with IMPORT_ACT_NOT_TAKEN.
// REQUIRES: the request has passed the door; the caller made the import that it names.
void HandleCommit(std::shared_ptr<Book> book, common::WorkerPool& workers,
                  const common::CallContext& call, const v1::CommitRequest& request,
                  std::function<void(common::Outcome<v1::CommitResponse>)> answer);

}  // namespace landbook::registry

#endif  // LANDBOOK_SERVICES_REGISTRY_COMMIT_HANDLER_H_
