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

SortedSpool SpoolOf(std::size_t memory_bytes_max, std::size_t chunk_bytes = 400) {
  return SortedSpool({.directory = std::filesystem::temp_directory_path().string(),
                      .memory_bytes_max = memory_bytes_max,
                      .chunk_bytes = chunk_bytes});
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

TEST(SortedSpool, GivesAllInOrderFromMemoryFromTheFileAndFromBoth) {
  const Pairs pairs = ManyPairs(2'000);
  for (const std::size_t memory : {std::size_t{1}, std::size_t{20'000}, std::size_t{1} << 30}) {
    for (const std::size_t chunk : {std::size_t{1}, std::size_t{3'000}, std::size_t{1} << 20}) {
      SortedSpool spool = SpoolOf(memory, chunk);
      Fill(spool, pairs, 7);
      EXPECT_EQ(ItemsOf(spool, {}), pairs) << memory;
      EXPECT_EQ(ItemsOf(spool, {}, {.max_items = 7}).size(), pairs.size()) << memory;
    }
  }
}

class SortedSpoolReading : public ::testing::TestWithParam<std::size_t> {};

INSTANTIATE_TEST_SUITE_P(MemoryAndFile, SortedSpoolReading,
                         ::testing::Values(std::size_t{30'000}, std::size_t{1} << 30));

TEST_P(SortedSpoolReading, ReadsByKeyAndByRange) {
  const Pairs pairs = ManyPairs(1'000);
  SortedSpool spool = SpoolOf(GetParam());
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

TEST_P(SortedSpoolReading, ACursorSeeksForwardsAndBackwards) {
  const Pairs pairs = ManyPairs(1'000);
  SortedSpool spool = SpoolOf(GetParam());
  Fill(spool, pairs, 5);
  SortedSpool::Cursor cursor = spool.MakeCursor();
  EXPECT_FALSE(cursor.valid());
  for (const std::uint64_t number : {30, 31, 34, 2'997, 0, 600, 2'998, 3}) {
    std::string key;
    AppendU64(key, number);
    ASSERT_TRUE(cursor.Seek(key).ok());
    auto wanted = pairs.lower_bound(key);
    EXPECT_EQ(cursor.valid(), wanted != pairs.end()) << number;
    for (int i = 0; i < 3 && cursor.valid(); ++i, ++wanted) {
      EXPECT_EQ(cursor.key(), wanted->first) << number;
      EXPECT_EQ(cursor.value(), wanted->second) << number;
      ASSERT_TRUE(cursor.Next().ok());
    }
  }
}

TEST(SortedSpool, NeedsNoDiskForWhatFitsInMemory) {
  SortedSpool spool({.directory = "/nonexistent", .memory_bytes_max = 1u << 20, .chunk_bytes = 9});
  const Pairs pairs = ManyPairs(50);
  Fill(spool, pairs, 2);
  EXPECT_EQ(ItemsOf(spool, {}), pairs);
}

TEST(SortedSpool, LosesNothingWhenTheDiskTakesNoRun) {
  SortedSpool spool({.directory = "/nonexistent", .memory_bytes_max = 1, .chunk_bytes = 1});
  spool.Add("key", "value");
  spool.Add("a key", "its value");
  EXPECT_TRUE(absl::IsUnavailable(spool.MakeRoom()));
  ASSERT_TRUE(spool.Sort().ok());
  EXPECT_EQ(ItemsOf(spool, {}), (Pairs{{"a key", "its value"}, {"key", "value"}}));
}

TEST(PairList, GivesWhatWasAddedAndNothingAfterClear) {
  PairList pairs;
  const auto add = [&](std::string_view key, std::string_view value) {
    pairs.BeginKey().append(key);
    pairs.BeginValue().append(value);
    pairs.End();
  };
  const auto items = [&] {
    std::vector<std::pair<std::string, std::string>> all;
    pairs.ForEach([&](std::string_view key, std::string_view value) {
      all.emplace_back(std::string(key), std::string(value));
    });
    return all;
  };
  using Items = std::vector<std::pair<std::string, std::string>>;
  add("b", "one");
  add("", "two");
  add("a", "");
  EXPECT_EQ(items(), (Items{{"b", "one"}, {"", "two"}, {"a", ""}}));
  pairs.Clear();
  EXPECT_TRUE(pairs.empty());
  add("c", "three");
  EXPECT_EQ(items(), (Items{{"c", "three"}}));
}

TEST(SortedSpool, LeavesNoFileBehind) {
  const auto directory = std::filesystem::temp_directory_path() / "landbook-sorted-spool-test";
  std::filesystem::create_directory(directory);
  SortedSpool spool({.directory = directory.string(), .memory_bytes_max = 1, .chunk_bytes = 100});
  Fill(spool, ManyPairs(10), 1);
  EXPECT_TRUE(std::filesystem::is_empty(directory));
  std::filesystem::remove(directory);
}

RC_GTEST_PROP(SortedSpool, AnswersAsASortedMap, (const std::vector<std::string>& keys)) {
  Pairs pairs;
  for (const std::string& key : keys) pairs.emplace(key, "value of " + key);
  SortedSpool spool = SpoolOf(*rc::gen::element<std::size_t>(1, 30, 200, 100'000),
                              *rc::gen::inRange<std::size_t>(1, 100));
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
