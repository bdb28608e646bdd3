#include "services/registry/piece_queue.h"

#include <utility>

#include "storage/check.h"

namespace landbook::registry {

PieceQueue::PieceQueue(const Options& options)
    : ahead_max_(options.ahead_max), working_(options.workers) {
  LANDBOOK_CHECK(options.workers > 0 && options.ahead_max > 0);
}

bool PieceQueue::AwaitTurn(std::size_t number) {
  storage::MutexLock lock(mutex_);
  while (!stopped_ && number >= taken_ + ahead_max_) changed_.Wait(mutex_);
  return !stopped_;
}

void PieceQueue::Put(std::size_t number, std::vector<PassedRow> rows) {
  storage::MutexLock lock(mutex_);
  LANDBOOK_CHECK(number >= taken_);
  const bool is_new = pieces_.emplace(number, std::move(rows)).second;
  LANDBOOK_CHECK(is_new);
  changed_.NotifyAll();
}

void PieceQueue::EndWorker(const absl::Status& status) {
  storage::MutexLock lock(mutex_);
  LANDBOOK_CHECK(working_ > 0);
  --working_;
  status_.Update(status);
  stopped_ = stopped_ || !status.ok();
  changed_.NotifyAll();
}

std::optional<std::vector<PassedRow>> PieceQueue::Take() {
  storage::MutexLock lock(mutex_);
  auto next = pieces_.find(taken_);
  while (next == pieces_.end() && working_ > 0) {
    changed_.Wait(mutex_);
    next = pieces_.find(taken_);
  }
  if (next == pieces_.end()) return std::nullopt;
  std::vector<PassedRow> rows = std::move(next->second);
  pieces_.erase(next);
  ++taken_;
  changed_.NotifyAll();
  return rows;
}

void PieceQueue::Stop() {
  storage::MutexLock lock(mutex_);
  stopped_ = true;
  changed_.NotifyAll();
}

absl::Status PieceQueue::status() const {
  storage::MutexLock lock(mutex_);
  return status_;
}

}  // namespace landbook::registry
