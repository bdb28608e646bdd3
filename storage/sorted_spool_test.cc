#include "storage/sorted_spool.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <filesystem>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "storage/bytes.h"

namespace landbook::storage {
namespace {

using Pairs = std::multimap<std::string, std::string>;

SortedSpool SpoolOf(std::size_t memory_bytes_max) {
  return SortedSpool({.directory = std::filesystem::temp_directory_path().string(),
                      .memory_bytes_max = memory_bytes_max});
}

void Fill(SortedSpool& spool, const Pairs& pairs, std::uint32_t seed) {
  std::vector<std::pair<std::string, std::string>> shuffled(pairs.begin(), pairs.end());
  for (std::size_t i = shuffled.size(); i > 1; --i) {
    seed = seed * 1'664'525 + 1'013'904'223;
    std::swap(shuffled[i - 1], shuffled[seed % i]);
  }
  for (const auto& [key, value] : shuffled) {
    ASSERT_TRUE(spool.MakeRoom().ok());
    spool.Add(key, value);
  }
  ASSERT_TRUE(spool.Sort().ok());
}

// Many pairs of some hundred bytes: several blocks, and several runs of the memory that is given.
Pairs ManyPairs(std::uint64_t count) {
  Pairs pairs;
  for (std::uint64_t i = 0; i < count; ++i) {
    std::string key;
    AppendU64(key, i * 3);
    pairs.emplace(key, std::string(i % 500, static_cast<char>('a' + i % 26)));
  }
  return pairs;
}

Pairs ItemsOf(const SortedSpool& spool, const KeyRange& range, const ScanLimit& limit = {}) {
  Pairs items;
  RemainingRanges remaining = {range};
  while (!remaining.empty()) {
    std::string last;
    auto left = spool.Scan(remaining, limit, [&](std::string_view key, std::string_view value) {
      EXPECT_LE(last, key);
      last = key;
      items.emplace(std::string(key), std::string(value));
      return true;
    });
    EXPECT_TRUE(left.ok());
    remaining = left.ok() ? *left : RemainingRanges();
  }
  return items;
}

TEST(SortedSpool, GivesAllInOrderFromOneRunOrMany) {
  const Pairs pairs = ManyPairs(2'000);
  for (const std::size_t memory : {std::size_t{1}, std::size_t{20'000}, std::size_t{1} << 30}) {
    SortedSpool spool = SpoolOf(memory);
    Fill(spool, pairs, 7);
    EXPECT_EQ(ItemsOf(spool, {}), pairs) << memory;
    EXPECT_EQ(ItemsOf(spool, {}, {.max_items = 7}).size(), pairs.size()) << memory;
  }
}

TEST(SortedSpool, ReadsByKeyAndByRange) {
  const Pairs pairs = ManyPairs(1'000);
  SortedSpool spool = SpoolOf(30'000);
  Fill(spool, pairs, 3);
  std::vector<std::string> keys;
  for (const std::uint64_t number : {0, 3, 4, 2'997, 2'998, 5'000}) {
    AppendU64(keys.emplace_back(), number);
  }
  const auto values = spool.Read(keys);
  ASSERT_TRUE(values.ok());
  for (std::size_t i = 0; i < keys.size(); ++i) {
    const auto found = pairs.find(keys[i]);
    EXPECT_EQ((*values)[i].has_value(), found != pairs.end()) << i;
    if (found != pairs.end()) {
      EXPECT_EQ((*values)[i], found->second) << i;
    }
  }
  EXPECT_EQ(ItemsOf(spool, {keys[1], keys[3]}).size(), 998u);
  EXPECT_EQ(ItemsOf(spool, {keys[5], ""}).size(), 0u);
}

TEST(SortedSpool, HoldsNothingAndIsFilledAgainAfterClear) {
  SortedSpool spool = SpoolOf(1'000);
  ASSERT_TRUE(spool.Sort().ok());
  EXPECT_TRUE(ItemsOf(spool, {}).empty());
  EXPECT_EQ(spool.Read(std::vector<std::string>{"key"})->front(), std::nullopt);
  spool.Clear();
  const Pairs pairs = ManyPairs(50);
  Fill(spool, pairs, 1);
  EXPECT_EQ(ItemsOf(spool, {}), pairs);
}

TEST(SortedSpool, LosesNothingWhenTheDiskTakesNoRun) {
  SortedSpool spool({.directory = "/nonexistent", .memory_bytes_max = 1});
  spool.Add("key", "value");
  EXPECT_TRUE(absl::IsUnavailable(spool.MakeRoom()));
  EXPECT_TRUE(absl::IsUnavailable(spool.Sort()));
  EXPECT_FALSE(spool.sorted());
}

TEST(SortedSpool, LeavesNoFileBehind) {
  const auto directory = std::filesystem::temp_directory_path() / "landbook-sorted-spool-test";
  std::filesystem::create_directory(directory);
  SortedSpool spool({.directory = directory.string(), .memory_bytes_max = 1});
  Fill(spool, ManyPairs(10), 1);
  EXPECT_TRUE(std::filesystem::is_empty(directory));
  std::filesystem::remove(directory);
}

RC_GTEST_PROP(SortedSpool, AnswersAsASortedMap, (const std::vector<std::string>& keys)) {
  Pairs pairs;
  for (const std::string& key : keys) pairs.emplace(key, "value of " + key);
  SortedSpool spool = SpoolOf(*rc::gen::inRange<std::size_t>(1, 200));
  Fill(spool, pairs, *rc::gen::arbitrary<std::uint32_t>());
  const auto begin = *rc::gen::arbitrary<std::string>();
  const auto end = *rc::gen::arbitrary<std::string>();
  Pairs wanted;
  for (const auto& [key, value] : pairs) {
    if (key >= begin && (end.empty() || key < end)) wanted.emplace(key, value);
  }
  const auto limit = *rc::gen::inRange<std::size_t>(1, 20);
  // Pairs of one key may be parted by a limit, and the rest of them is then not visited again.
  const bool distinct = std::set<std::string>(keys.begin(), keys.end()).size() == keys.size();
  RC_ASSERT(ItemsOf(spool, {begin, end}, distinct ? ScanLimit{.max_items = limit} : ScanLimit{}) ==
            wanted);
}

}  // namespace
}  // namespace landbook::storage
