#include "services/registry/piece_queue.h"

#include <gtest/gtest.h>

#include <atomic>
#include <string>
#include <thread>

#include "services/registry/import_testing.h"

namespace landbook::registry {
namespace {

std::vector<PassedRow> RowsNamed(const std::string& name) {
  std::vector<PassedRow> rows(1);
  v1::ImportRow row;
  row.set_code(name);
  rows.front().staged = StagedRowOf(row, geo::Box());
  return rows;
}

std::string NameOf(const std::optional<std::vector<PassedRow>>& rows) {
  return rows ? std::string(rows->front().staged.code()) : "none";
}

TEST(PieceQueueTest, GivesPiecesInTheirOrderWhateverOrderTheyCameIn) {
  PieceQueue queue({.workers = 1, .ahead_max = 3});
  queue.Put(2, RowsNamed("third"));
  queue.Put(0, RowsNamed("first"));
  queue.Put(1, RowsNamed("second"));
  queue.EndWorker(absl::OkStatus());
  EXPECT_EQ(NameOf(queue.Take()), "first");
  EXPECT_EQ(NameOf(queue.Take()), "second");
  EXPECT_EQ(NameOf(queue.Take()), "third");
  EXPECT_EQ(NameOf(queue.Take()), "none");
}

TEST(PieceQueueTest, HoldsWorkersBackThatAreTooFarAhead) {
  PieceQueue queue({.workers = 1, .ahead_max = 2});
  std::atomic<bool> begun = false;
  ASSERT_TRUE(queue.AwaitTurn(1));
  std::thread worker([&] {
    EXPECT_TRUE(queue.AwaitTurn(2));
    begun = true;
    queue.Put(2, RowsNamed("third"));
    queue.EndWorker(absl::OkStatus());
  });
  queue.Put(0, RowsNamed("first"));
  queue.Put(1, RowsNamed("second"));
  EXPECT_FALSE(begun);
  EXPECT_EQ(NameOf(queue.Take()), "first");
  worker.join();
  EXPECT_TRUE(begun);
  EXPECT_EQ(NameOf(queue.Take()), "second");
  EXPECT_EQ(NameOf(queue.Take()), "third");
}

TEST(PieceQueueTest, EndsBeforeThePieceThatAWorkerFailedAt) {
  PieceQueue queue({.workers = 2, .ahead_max = 4});
  queue.Put(0, RowsNamed("first"));
  queue.Put(2, RowsNamed("third"));
  queue.EndWorker(absl::UnavailableError("the disk"));
  EXPECT_FALSE(queue.AwaitTurn(3)) << "the other worker has to end too";
  queue.EndWorker(absl::OkStatus());
  EXPECT_EQ(NameOf(queue.Take()), "first");
  EXPECT_EQ(NameOf(queue.Take()), "none");
  EXPECT_EQ(queue.status().message(), "the disk");
}

TEST(PieceQueueTest, LetsWorkersGoWhenNothingMoreIsWanted) {
  PieceQueue queue({.workers = 1, .ahead_max = 1});
  std::thread worker([&] {
    EXPECT_FALSE(queue.AwaitTurn(1));
    queue.EndWorker(absl::OkStatus());
  });
  queue.Stop();
  worker.join();
  EXPECT_EQ(NameOf(queue.Take()), "none");
}

}  // namespace
}  // namespace landbook::registry
