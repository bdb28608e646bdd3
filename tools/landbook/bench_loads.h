// What the benchmarks do: each load runs for some seconds and gives how many a second it did.
#ifndef LANDBOOK_TOOLS_LANDBOOK_BENCH_LOADS_H_
#define LANDBOOK_TOOLS_LANDBOOK_BENCH_LOADS_H_

#include "absl/status/statusor.h"
#include "tools/landbook/bench_book.h"

namespace landbook::tools {

// Windows of 200 m over gRPC, two callers with one outstanding call each.
absl::StatusOr<double> FindOverGrpc(BenchBook& book, double seconds);

// Durable commits of one new organisation each, 64 outstanding over gRPC.
absl::StatusOr<double> CommitOverGrpc(BenchBook& book, double seconds);

// The store of a stopped server, read in this process by one thread.
enum class ReadLoad { kWindow, kPoint, kPlot };
absl::StatusOr<double> ReadInProcess(const BenchBook& book, const v1::County& county, ReadLoad load,
                                     double seconds);

}  // namespace landbook::tools

#endif  // LANDBOOK_TOOLS_LANDBOOK_BENCH_LOADS_H_
