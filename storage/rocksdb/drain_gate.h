// A gate that many pass at once, and that one may shut when nobody is inside.
#ifndef LANDBOOK_STORAGE_ROCKSDB_DRAIN_GATE_H_
#define LANDBOOK_STORAGE_ROCKSDB_DRAIN_GATE_H_

#include <atomic>
#include <chrono>
#include <cstddef>
#include <thread>

namespace landbook::storage {

// Guards a thing that is used by many threads and seldom exchanged. Passing costs two atomic
// additions. It is no std::shared_mutex, whose readers may keep a writer waiting for ever, or,
// where the writer goes first, all wait with it for the slowest of them: here the one who shuts
// gives up after a while, and those at the gate pass.
class DrainGate {
 public:
  // Goes in, after waiting for the gate to open if it is shut. Who went in must Leave.
  void Enter() {
    while (true) {
      inside_.fetch_add(1);
      if (!shut_.load()) return;
      inside_.fetch_sub(1);
      shut_.wait(true);
    }
  }
  void Leave() { inside_.fetch_sub(1); }

  // Lets nobody in, and waits until those inside have left: then the gate is shut until Open.
  // False, with the gate open, when that took longer than `limit`. One thread at a time.
  bool Shut(std::chrono::milliseconds limit) {
    const auto deadline = std::chrono::steady_clock::now() + limit;
    shut_.store(true);
    while (inside_.load() != 0) {
      if (std::chrono::steady_clock::now() >= deadline) {
        Open();
        return false;
      }
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
    return true;
  }
  void Open() {
    shut_.store(false);
    shut_.notify_all();
  }

 private:
  std::atomic<bool> shut_ = false;
  std::atomic<std::size_t> inside_ = 0;
};

}  // namespace landbook::storage

#endif  // LANDBOOK_STORAGE_ROCKSDB_DRAIN_GATE_H_
