// Watching the journal: every entry in order from one on, and then each new one as it comes.
#ifndef LANDBOOK_SERVICES_REGISTRY_JOURNAL_READS_H_
#define LANDBOOK_SERVICES_REGISTRY_JOURNAL_READS_H_

#include <memory>

#include "landbook/v1/registry_service.pb.h"
#include "services/common/call_frame.h"
#include "services/common/call_stream.h"
#include "services/common/refusal.h"
#include "services/registry/book.h"

namespace landbook::registry {

// One entry a page, read when the client has taken the last one: a slow client costs the book
// nothing, and the writer does no more for a watcher than to wake `gate`. The source keeps the book
// and takes its bell away when it ends. A client resumes by asking from one after the last entry
// that it has.
common::Outcome<common::PageSource<v1::JournalEntry>> OpenWatch(
    std::shared_ptr<const Book> book, const common::CallContext& call,
    const v1::WatchRequest& request, const std::shared_ptr<common::StreamGate>& gate);

}  // namespace landbook::registry

#endif  // LANDBOOK_SERVICES_REGISTRY_JOURNAL_READS_H_
