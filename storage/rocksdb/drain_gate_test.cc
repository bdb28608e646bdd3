#include "storage/rocksdb/drain_gate.h"

#include <gtest/gtest.h>

#include <vector>

namespace landbook::storage {
namespace {

using std::chrono::milliseconds;

TEST(DrainGate, IsNotShutWhileSomebodyIsInside) {
  DrainGate gate;
  gate.Enter();
  gate.Enter();
  EXPECT_FALSE(gate.Shut(milliseconds(2)));
  gate.Leave();
  EXPECT_FALSE(gate.Shut(milliseconds(2)));
  gate.Enter();  // A gate that could not be shut stands open.
  gate.Leave();
  gate.Leave();
  EXPECT_TRUE(gate.Shut(milliseconds(0)));
}

TEST(DrainGate, WhoeverComesToAShutGateWaitsForItToOpen) {
  DrainGate gate;
  ASSERT_TRUE(gate.Shut(milliseconds(0)));
  std::atomic<bool> opened = false;
  std::thread caller([&] {
    gate.Enter();
    EXPECT_TRUE(opened.load());
    gate.Leave();
  });
  std::this_thread::sleep_for(milliseconds(5));
  opened = true;
  gate.Open();
  caller.join();
}

TEST(DrainGate, ThreadsInsideNeverSeeTheThingExchanged) {
  DrainGate gate;
  int first = 0;  // What the gate guards: both are changed together, without any other lock.
  int second = 0;
  std::atomic<bool> done = false;
  std::vector<std::thread> readers;
  for (int i = 0; i < 3; ++i) {
    readers.emplace_back([&] {
      while (!done.load()) {
        gate.Enter();
        EXPECT_EQ(first, second);
        gate.Leave();
      }
    });
  }
  for (int exchanged = 0; exchanged < 50;) {
    if (!gate.Shut(milliseconds(100))) continue;
    ++first;
    std::this_thread::yield();
    ++second;
    gate.Open();
    ++exchanged;
  }
  done = true;
  for (std::thread& reader : readers) reader.join();
  EXPECT_EQ(first, 50);
}

}  // namespace
}  // namespace landbook::storage
