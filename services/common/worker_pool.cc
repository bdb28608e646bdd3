#include "services/common/worker_pool.h"

#include <utility>

#include "storage/check.h"

namespace landbook::common {

WorkerPool::WorkerPool(const Options& options) : queue_max_(options.queue_max) {
  LANDBOOK_CHECK(options.threads >= 1 && options.queue_max >= 1);
  for (std::size_t i = 0; i < options.threads; ++i) threads_.emplace_back([this] { Run(); });
}

WorkerPool::~WorkerPool() { Stop(); }

bool WorkerPool::Submit(std::function<void()> task) {
  storage::MutexLock lock(mutex_);
  if (stopping_ || waiting_.size() >= queue_max_) return false;
  waiting_.push_back(std::move(task));
  changed_.NotifyOne();
  return true;
}

bool WorkerPool::Continue(std::function<void()> task) {
  storage::MutexLock lock(mutex_);
  if (stopping_) return false;
  waiting_.push_back(std::move(task));
  changed_.NotifyOne();
  return true;
}

void WorkerPool::Stop() {
  {
    storage::MutexLock lock(mutex_);
    stopping_ = true;
    changed_.NotifyAll();
  }
  for (std::thread& thread : threads_) {
    if (thread.joinable()) thread.join();
  }
}

std::size_t WorkerPool::Waiting() const {
  storage::MutexLock lock(mutex_);
  return waiting_.size();
}

void WorkerPool::Run() {
  for (;;) {
    std::function<void()> task;
    {
      storage::MutexLock lock(mutex_);
      while (waiting_.empty() && !stopping_) changed_.Wait(mutex_);
      if (waiting_.empty()) return;
      task = std::move(waiting_.front());
      waiting_.pop_front();
    }
    task();
  }
}

}  // namespace landbook::common
