#include "services/registry/part_cache.h"

#include <gtest/gtest.h>

#include <atomic>
#include <random>
#include <string>
#include <thread>
#include <vector>

namespace landbook::registry {
namespace {

using Cache = PartCache<std::string>;
constexpr std::size_t kPlenty = 1u << 20;

std::shared_ptr<const std::string> Text(const std::string& text) {
  return std::make_shared<const std::string>(text);
}

TEST(ChangeStampsTest, TellOfTheLastChangeAndOfNothingBeforeTheyBegan) {
  ChangeStamps stamps(7);
  EXPECT_EQ(stamps.Of(1), 7u);
  stamps.Stamp(1, 9);
  EXPECT_EQ(stamps.Of(1), 9u);
  EXPECT_EQ(stamps.Of(2), 7u);
}

TEST(PartCacheTest, ShowsAPartToWhomItHolds) {
  ChangeStamps stamps(5);
  Cache cache(kPlenty);
  EXPECT_EQ(cache.Find({1, 10}, stamps, 5), nullptr);
  cache.Keep({1, 10}, 6, Text("a"), 1);
  ASSERT_NE(cache.Find({1, 10}, stamps, 5), nullptr);
  EXPECT_EQ(*cache.Find({1, 10}, stamps, 8), "a");
  // What changed before the stamps began is not known.
  EXPECT_EQ(cache.Find({1, 10}, stamps, 4), nullptr);
  // Another part, and the same part of another book.
  EXPECT_EQ(cache.Find({1, 11}, stamps, 6), nullptr);
  EXPECT_EQ(cache.Find({2, 10}, stamps, 6), nullptr);
}

TEST(PartCacheTest, AChangeEndsWhatWasReadBefore) {
  ChangeStamps stamps(5);
  Cache cache(kPlenty);
  cache.Keep({1, 10}, 5, Text("a"), 1);
  stamps.Stamp(10, 6);
  EXPECT_EQ(cache.Find({1, 10}, stamps, 6), nullptr);
  EXPECT_EQ(cache.Find({1, 10}, stamps, 5), nullptr);  // it may have been read in between
  // Kept after the change, but read before it.
  cache.Keep({1, 10}, 5, Text("a"), 1);
  EXPECT_EQ(cache.Find({1, 10}, stamps, 6), nullptr);
  cache.Keep({1, 10}, 6, Text("b"), 1);
  EXPECT_EQ(*cache.Find({1, 10}, stamps, 7), "b");
  EXPECT_EQ(cache.Find({1, 10}, stamps, 5), nullptr);
}

TEST(PartCacheTest, WhatWasReadLaterStays) {
  ChangeStamps stamps(0);
  Cache cache(kPlenty);
  cache.Keep({1, 10}, 6, Text("new"), 1);
  cache.Keep({1, 10}, 5, Text("old"), 1);
  EXPECT_EQ(*cache.Find({1, 10}, stamps, 6), "new");
}

TEST(PartCacheTest, TakesNoMoreThanItMayAndKeepsWhatIsAskedFor) {
  constexpr std::size_t kBytesMax = 64u << 10;
  ChangeStamps stamps(0);
  Cache cache(kBytesMax);
  cache.Keep({1, 0}, 1, Text("asked for"), 100);
  for (PartName name = 1; name < 2'000; ++name) {
    cache.Keep({1, name}, 1, Text("not asked for"), 100);
    ASSERT_NE(cache.Find({1, 0}, stamps, 1), nullptr) << name;
    ASSERT_LE(cache.bytes(), kBytesMax);
  }
  EXPECT_GT(cache.bytes(), kBytesMax / 2);
  EXPECT_EQ(cache.Find({1, 1}, stamps, 1), nullptr);
  EXPECT_NE(cache.Find({1, 1'999}, stamps, 1), nullptr);
  cache.Keep({1, 3'000}, 1, Text("too large"), kBytesMax);
  EXPECT_EQ(cache.Find({1, 3'000}, stamps, 1), nullptr);
}

// A state of a few parts whose every version is known, written by one thread by the writer's rule
// (written, stamped, then published) and read by others by the readers' rule.
class Simulation {
 public:
  static constexpr PartName kParts = 8;

  void Write(std::mt19937& random) {
    const std::uint64_t sequence = position_.load() + 1;
    const PartName changed = random() % kParts;
    {
      storage::MutexLock lock(mutex_);
      versions_[changed].push_back(sequence);
    }
    stamps_.Stamp(changed, sequence);
    position_.store(sequence);
  }

  // Reads every part as of one position, from the cache where it is there; false when one is wrong.
  bool Read(std::mt19937& random) {
    const std::uint64_t as_of = position_.load();
    if (random() % 4 == 0) std::this_thread::yield();
    for (PartName part = 0; part < kParts; ++part) {
      const std::uint64_t wanted = VersionAt(part, as_of);
      if (const auto kept = cache_.Find({1, part}, stamps_, as_of)) {
        if (*kept != wanted) return false;
        ++hits_;
      } else {
        cache_.Keep({1, part}, as_of, std::make_shared<const std::uint64_t>(wanted), 8);
      }
    }
    return true;
  }

  std::uint64_t hits() const { return hits_; }

 private:
  // As a reader as of an entry finds it, whatever came since.
  std::uint64_t VersionAt(PartName part, std::uint64_t as_of) {
    storage::MutexLock lock(mutex_);
    std::uint64_t version = 0;
    for (const std::uint64_t from : versions_[part]) {
      if (from <= as_of) version = from;
    }
    return version;
  }

  storage::Mutex mutex_;
  std::array<std::vector<std::uint64_t>, kParts> versions_ LANDBOOK_GUARDED_BY(mutex_);
  ChangeStamps stamps_{0};
  PartCache<std::uint64_t> cache_{kPlenty};
  std::atomic<std::uint64_t> position_ = 0;
  std::atomic<std::uint64_t> hits_ = 0;
};

TEST(PartCacheTest, NobodyIsShownAnotherEntrysPartWhileTheWriterGoesOn) {
  Simulation simulation;
  std::atomic<bool> written = false;
  std::atomic<int> wrong = 0;
  std::vector<std::thread> readers;
  for (unsigned seed = 0; seed < 3; ++seed) {
    readers.emplace_back([&, seed] {
      std::mt19937 random(seed);
      // Once more when all is written, so that something is found in memory on any machine.
      for (int after = 0; after < 3; after += written ? 1 : 0)
        wrong += simulation.Read(random) ? 0 : 1;
    });
  }
  std::mt19937 random(42);
  for (int entry = 0; entry < 2'000; ++entry) simulation.Write(random);
  written = true;
  for (std::thread& reader : readers) reader.join();
  EXPECT_EQ(wrong, 0);
  EXPECT_GT(simulation.hits(), 0u);
}

}  // namespace
}  // namespace landbook::registry
