// Counts of a book, from the counters that the fold keeps: as cheap for a county as for a village.
#ifndef LANDBOOK_SERVICES_REGISTRY_STATISTICS_H_
#define LANDBOOK_SERVICES_REGISTRY_STATISTICS_H_

#include "absl/status/statusor.h"
#include "landbook/v1/registry_service.pb.h"
#include "services/common/call_frame.h"
#include "services/common/refusal.h"
#include "services/registry/book.h"
#include "services/registry/keys.h"
#include "storage/engine.h"

namespace landbook::registry {

// The counts of the newest state, all of one entry, by kind in the order of the kinds' codes.
// NOT_FOUND for a book without entries; DATA_LOSS when counters cannot be read.
absl::StatusOr<v1::Statistics> CountBook(const storage::Engine& engine, BookNumber book);

common::Outcome<v1::Statistics> GetStatistics(const Book& book, const common::CallContext& call,
                                              const v1::GetStatisticsRequest& request);

}  // namespace landbook::registry

#endif  // LANDBOOK_SERVICES_REGISTRY_STATISTICS_H_
