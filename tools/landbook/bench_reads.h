// Look-ups in Landbook: in this process, and over gRPC.
#ifndef LANDBOOK_TOOLS_LANDBOOK_BENCH_READS_H_
#define LANDBOOK_TOOLS_LANDBOOK_BENCH_READS_H_

#include "absl/status/statusor.h"
#include "landbook/v1/book.pb.h"
#include "tools/landbook/bench_book.h"
#include "tools/landbook/bench_ground.h"

namespace landbook::tools {

// How many look-ups a second one thread does in the store of a stopped server. A plot comes with
// its boundary and units; a point gives plots without boundaries. Fails when a plot is not there.
absl::StatusOr<double> ReadInProcess(const BenchBook& book, const v1::County& county, ReadLoad load,
                                     double seconds);

// How many a second over gRPC, with kBenchStreams times kBenchInFlight requests in flight.
absl::StatusOr<double> ReadOverGrpc(BenchBook& book, ReadLoad load, double seconds);

}  // namespace landbook::tools

#endif  // LANDBOOK_TOOLS_LANDBOOK_BENCH_READS_H_
