// The way of an import's pieces from the workers that check them, several at once, to the one
// thread that commits them, in the order of the curve.
#ifndef LANDBOOK_SERVICES_REGISTRY_PIECE_QUEUE_H_
#define LANDBOOK_SERVICES_REGISTRY_PIECE_QUEUE_H_

#include <cstddef>
#include <map>
#include <optional>
#include <vector>

#include "absl/status/status.h"
#include "services/registry/import_check.h"
#include "storage/mutex.h"

namespace landbook::registry {

// Any thread. Pieces are numbered from 0 in the order in which they are to be taken. Workers get no
// further ahead of the taker than a stated number of pieces, which is what the queue may hold.
class PieceQueue {
 public:
  struct Options {
    int workers = 1;
    std::size_t ahead_max = 4;
  };
  // REQUIRES: both are above zero.
  explicit PieceQueue(const Options& options);

  // --- The workers' part -----------------------------------------------------------------------

  // Waits until piece `number` may be begun. False when no more pieces are wanted, because a worker
  // failed or the taker has stopped.
  bool AwaitTurn(std::size_t number);
  // Gives what the check of the piece let through.
  void Put(std::size_t number, std::vector<PassedRow> rows);
  // A worker ends; it has put all pieces that it began, or says why not.
  void EndWorker(const absl::Status& status);

  // --- The taker's part ------------------------------------------------------------------------

  // Waits for the next piece; nullopt when there is none or a worker failed before it.
  std::optional<std::vector<PassedRow>> Take();
  // Wants no more.
  void Stop();
  // Of the workers that have ended.
  absl::Status status() const;

 private:
  const std::size_t ahead_max_;
  mutable storage::Mutex mutex_;
  storage::ConditionVariable changed_;
  std::map<std::size_t, std::vector<PassedRow>> pieces_ LANDBOOK_GUARDED_BY(mutex_);
  std::size_t taken_ LANDBOOK_GUARDED_BY(mutex_) = 0;
  int working_ LANDBOOK_GUARDED_BY(mutex_);
  bool stopped_ LANDBOOK_GUARDED_BY(mutex_) = false;
  absl::Status status_ LANDBOOK_GUARDED_BY(mutex_);
};

}  // namespace landbook::registry

#endif  // LANDBOOK_SERVICES_REGISTRY_PIECE_QUEUE_H_
