#include "storage/mutex.h"

#include <gtest/gtest.h>

#include <chrono>
#include <thread>

namespace landbook::storage {
namespace {

TEST(Mutex, AWaiterSeesWhatWasChangedUnderTheLock) {
  Mutex mutex;
  ConditionVariable changed;
  int value = 0;
  std::thread other([&] {
    MutexLock lock(mutex);
    value = 1;
    changed.NotifyAll();
    while (value != 2) changed.Wait(mutex);
    value = 3;
    changed.NotifyOne();
  });
  {
    MutexLock lock(mutex);
    while (value != 1) changed.Wait(mutex);
    value = 2;
    changed.NotifyOne();
    while (value != 3) changed.Wait(mutex);
  }
  other.join();
  EXPECT_EQ(value, 3);
}

TEST(Mutex, AWaitEndsAtItsDeadlineWithTheLockHeld) {
  Mutex mutex;
  ConditionVariable changed;
  MutexLock lock(mutex);
  EXPECT_FALSE(changed.WaitUntil(mutex, std::chrono::steady_clock::now()));
}

}  // namespace
}  // namespace landbook::storage
