#include "services/common/worker_pool.h"

#include <gtest/gtest.h>

#include <atomic>
#include <latch>
#include <vector>

namespace landbook::common {
namespace {

TEST(WorkerPoolTest, RunsEveryTaskOnce) {
  std::atomic<int> ran = 0;
  {
    WorkerPool pool({.threads = 3, .queue_max = 1'000});
    for (int i = 0; i < 1'000; ++i) {
      while (!pool.Submit([&] { ++ran; })) std::this_thread::yield();
    }
  }
  EXPECT_EQ(ran, 1'000);
}

TEST(WorkerPoolTest, OneThreadKeepsTheOrder) {
  std::vector<int> order;
  WorkerPool pool({.threads = 1, .queue_max = 100});
  for (int i = 0; i < 100; ++i) {
    while (!pool.Submit([&order, i] { order.push_back(i); })) std::this_thread::yield();
  }
  pool.Stop();
  for (int i = 0; i < 100; ++i) EXPECT_EQ(order[static_cast<std::size_t>(i)], i);
}

TEST(WorkerPoolTest, AFullQueueRefusesButContinuesWhatItAdmitted) {
  std::latch started(1);
  std::latch release(1);
  std::atomic<int> ran = 0;
  WorkerPool pool({.threads = 1, .queue_max = 2});
  ASSERT_TRUE(pool.Submit([&] {
    started.count_down();
    release.wait();
  }));
  started.wait();
  EXPECT_TRUE(pool.Submit([&] { ++ran; }));
  EXPECT_TRUE(pool.Submit([&] { ++ran; }));
  EXPECT_FALSE(pool.Submit([&] { ++ran; }));
  EXPECT_TRUE(pool.Continue([&] { ++ran; }));
  EXPECT_EQ(pool.Waiting(), 3u);
  release.count_down();
  pool.Stop();
  EXPECT_EQ(ran, 3);
  EXPECT_FALSE(pool.Submit([] {}));
  EXPECT_FALSE(pool.Continue([] {}));
}

}  // namespace
}  // namespace landbook::common
