// A mutex whose discipline the compiler checks.
//
// clang's -Wthread-safety knows these types: a member marked LANDBOOK_GUARDED_BY(mutex_) that is
// touched without the lock does not compile. Under other compilers the marks vanish and the types
// are std::mutex and std::condition_variable with nothing added.
#ifndef LANDBOOK_STORAGE_MUTEX_H_
#define LANDBOOK_STORAGE_MUTEX_H_

#include <chrono>
#include <condition_variable>
#include <mutex>

#if defined(__clang__)
#define LANDBOOK_THREAD_ATTRIBUTE(x) __attribute__((x))
#else
#define LANDBOOK_THREAD_ATTRIBUTE(x)
#endif

// The type is something that can be held.
#define LANDBOOK_CAPABILITY(name) LANDBOOK_THREAD_ATTRIBUTE(capability(name))
// The type holds a capability from its construction to its destruction.
#define LANDBOOK_SCOPED_CAPABILITY LANDBOOK_THREAD_ATTRIBUTE(scoped_lockable)
// The member may only be touched while the named mutex is held.
#define LANDBOOK_GUARDED_BY(mutex) LANDBOOK_THREAD_ATTRIBUTE(guarded_by(mutex))
// What the member points at may only be touched while the named mutex is held.
#define LANDBOOK_POINTEE_GUARDED_BY(mutex) LANDBOOK_THREAD_ATTRIBUTE(pt_guarded_by(mutex))
// The function must be called with the mutexes held.
#define LANDBOOK_REQUIRES(...) LANDBOOK_THREAD_ATTRIBUTE(requires_capability(__VA_ARGS__))
// The function must be called with the mutexes free, because it takes them itself.
#define LANDBOOK_EXCLUDES(...) LANDBOOK_THREAD_ATTRIBUTE(locks_excluded(__VA_ARGS__))
// The function takes, or gives back, the mutexes.
#define LANDBOOK_ACQUIRE(...) LANDBOOK_THREAD_ATTRIBUTE(acquire_capability(__VA_ARGS__))
#define LANDBOOK_RELEASE(...) LANDBOOK_THREAD_ATTRIBUTE(release_capability(__VA_ARGS__))

namespace landbook::storage {

// std::mutex with its marks. Not recursive. Held through MutexLock rather than by hand.
class LANDBOOK_CAPABILITY("mutex") Mutex {
 public:
  void Lock() LANDBOOK_ACQUIRE() { mutex_.lock(); }
  void Unlock() LANDBOOK_RELEASE() { mutex_.unlock(); }

 private:
  friend class ConditionVariable;
  std::mutex mutex_;
};

// Holds a mutex for the length of a scope.
class LANDBOOK_SCOPED_CAPABILITY MutexLock {
 public:
  explicit MutexLock(Mutex& mutex) LANDBOOK_ACQUIRE(mutex) : mutex_(mutex) { mutex_.Lock(); }
  ~MutexLock() LANDBOOK_RELEASE() { mutex_.Unlock(); }
  MutexLock(const MutexLock&) = delete;
  MutexLock& operator=(const MutexLock&) = delete;

 private:
  Mutex& mutex_;
};

// Waits for what a Mutex guards to change. A waiter may wake without cause, so it asks its question
// again in a loop: `while (!ready_) changed_.Wait(mutex_);`
class ConditionVariable {
 public:
  // Gives `mutex` back while it sleeps and holds it again when it returns.
  void Wait(Mutex& mutex) LANDBOOK_REQUIRES(mutex) {
    std::unique_lock<std::mutex> lock(mutex.mutex_, std::adopt_lock);
    condition_.wait(lock);
    lock.release();
  }

  // The same, until `deadline` at the latest; false when the deadline was what ended it.
  template <class Clock, class Duration>
  bool WaitUntil(Mutex& mutex, const std::chrono::time_point<Clock, Duration>& deadline)
      LANDBOOK_REQUIRES(mutex) {
    std::unique_lock<std::mutex> lock(mutex.mutex_, std::adopt_lock);
    const std::cv_status status = condition_.wait_until(lock, deadline);
    lock.release();
    return status == std::cv_status::no_timeout;
  }

  void NotifyOne() { condition_.notify_one(); }
  void NotifyAll() { condition_.notify_all(); }

 private:
  std::condition_variable condition_;
};

}  // namespace landbook::storage

#endif  // LANDBOOK_STORAGE_MUTEX_H_
