// Durable commits to Landbook over gRPC, kBenchCommits of them outstanding.
#ifndef LANDBOOK_TOOLS_LANDBOOK_BENCH_COMMITS_H_
#define LANDBOOK_TOOLS_LANDBOOK_BENCH_COMMITS_H_

#include "absl/status/statusor.h"
#include "tools/landbook/bench_book.h"

namespace landbook::tools {

// How many commits a second, each of one new organisation.
absl::StatusOr<double> CommitOrganisations(BenchBook& book, double seconds);

// How many transfers a second, each of a right of construction to another holder and back. Opens
// the book and makes the plots, units and rights first, which is not counted.
absl::StatusOr<double> TransferRights(BenchBook& book, double seconds);

}  // namespace landbook::tools

#endif  // LANDBOOK_TOOLS_LANDBOOK_BENCH_COMMITS_H_
