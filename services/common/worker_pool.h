// A fixed number of threads behind a bounded queue: what a call needs that may wait or compute runs
// here, never on a thread of gRPC.
#ifndef LANDBOOK_SERVICES_COMMON_WORKER_POOL_H_
#define LANDBOOK_SERVICES_COMMON_WORKER_POOL_H_

#include <cstddef>
#include <deque>
#include <functional>
#include <thread>
#include <vector>

#include "storage/mutex.h"

namespace landbook::common {

// All methods may be called from any thread; tasks may submit further tasks.
class WorkerPool {
 public:
  struct Options {
    // How many threads; at least 1.
    std::size_t threads = 2;
    // How many tasks may wait that Submit took; at least 1.
    std::size_t queue_max = 256;
  };

  explicit WorkerPool(const Options& options);
  // Runs what waits, then ends the threads.
  ~WorkerPool();
  WorkerPool(const WorkerPool&) = delete;
  WorkerPool& operator=(const WorkerPool&) = delete;

  // Takes `task` to be run once by some thread, in the order of submission. False, and the task is
  // dropped, when the queue is full or the pool is stopping: the caller says so to its own caller.
  [[nodiscard]] bool Submit(std::function<void()> task) LANDBOOK_EXCLUDES(mutex_);

  // Takes the next step of work that was admitted before, such as a stream's next page. Its number
  // is bounded by what was admitted, so the queue's limit does not apply; false only when the pool
  // has ended.
  [[nodiscard]] bool Continue(std::function<void()> task) LANDBOOK_EXCLUDES(mutex_);

  // Takes nothing more, runs what waits and returns when all threads have ended. Called again it
  // does nothing. REQUIRES: not called from a task.
  void Stop() LANDBOOK_EXCLUDES(mutex_);

  // How many tasks wait now.
  std::size_t Waiting() const LANDBOOK_EXCLUDES(mutex_);

 private:
  void Run() LANDBOOK_EXCLUDES(mutex_);

  const std::size_t queue_max_;
  mutable storage::Mutex mutex_;
  storage::ConditionVariable changed_;
  std::deque<std::function<void()>> waiting_ LANDBOOK_GUARDED_BY(mutex_);
  bool stopping_ LANDBOOK_GUARDED_BY(mutex_) = false;
  std::vector<std::thread> threads_;
};

}  // namespace landbook::common

#endif  // LANDBOOK_SERVICES_COMMON_WORKER_POOL_H_
