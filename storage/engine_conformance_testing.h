// The one suite that every engine passes.
//
// An engine's test names a store type and instantiates both suites:
//
//   struct MyStore {
//     Engine& Get();      // the engine under test, empty at first
//     void Reopen();      // closes and opens it again; nothing where nothing outlives the object
//   };
//   INSTANTIATE_TYPED_TEST_SUITE_P(Mine, EngineConformance, MyStore);
//   INSTANTIATE_TYPED_TEST_SUITE_P(Mine, EngineModel, MyStore);   // engine_model_testing.h
#ifndef LANDBOOK_STORAGE_ENGINE_CONFORMANCE_TESTING_H_
#define LANDBOOK_STORAGE_ENGINE_CONFORMANCE_TESTING_H_

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <string>
#include <thread>
#include <vector>

#include "storage/bytes.h"
#include "storage/engine.h"

namespace landbook::storage {

// A store to test, and the short hands that the tests read by.
template <class Store>
class EngineConformance : public testing::Test {
 protected:
  Engine& engine() { return store_.Get(); }

  void Put(const std::string& key, const std::string& value) {
    WriteBatch batch;
    batch.Put(key, value);
    ASSERT_TRUE(engine().Write(batch, kUnfenced, Durability::kDurable).ok());
  }
  void PutAll(const std::vector<std::string>& keys) {
    for (const std::string& key : keys) Put(key, "v" + key);
  }
  // The value, or "(absent)", or the error.
  std::string Get(const std::string& key) {
    auto value = ReadOne(engine(), key);
    if (!value.ok()) return std::string(value.status().message());
    return value->value_or("(absent)");
  }
  // The keys in the order of visit.
  std::vector<std::string> Keys(std::vector<KeyRange> ranges, const ScanLimit& limit = {}) {
    std::vector<std::string> keys;
    auto remaining = engine().Scan(ranges, limit, [&](std::string_view key, std::string_view) {
      keys.emplace_back(key);
      return true;
    });
    EXPECT_TRUE(remaining.ok()) << remaining.status();
    return keys;
  }
  absl::StatusCode CodeOfScan(const KeyRange& range) {
    return engine()
        .Scan(std::span(&range, 1), {}, [](std::string_view, std::string_view) { return true; })
        .status()
        .code();
  }

  Store store_;
};

TYPED_TEST_SUITE_P(EngineConformance);

TYPED_TEST_P(EngineConformance, AbsenceIsNotAnEmptyValue) {
  this->Put("empty", "");
  auto values = this->engine().Read(std::vector<std::string>{"empty", "missing"});
  ASSERT_TRUE(values.ok());
  EXPECT_EQ(*values, (std::vector<std::optional<std::string>>{"", std::nullopt}));
}

TYPED_TEST_P(EngineConformance, ReadsInTheOrderOfTheKeysRepeatedOnesToo) {
  this->PutAll({"a", "b"});
  auto values = this->engine().Read(std::vector<std::string>{"b", "a", "b"});
  ASSERT_TRUE(values.ok());
  EXPECT_EQ(*values, (std::vector<std::optional<std::string>>{"vb", "va", "vb"}));
  EXPECT_TRUE(this->engine().Read({})->empty());
}

TYPED_TEST_P(EngineConformance, OrdersKeysAsUnsignedBytes) {
  const std::string zero("\0", 1);
  this->PutAll({"\xfe", "a", "\x7f", "\x80", zero, zero + zero, "a" + zero, "aa"});
  EXPECT_THAT(this->Keys({{}}), testing::ElementsAre(zero, zero + zero, "a", "a" + zero, "aa",
                                                     "\x7f", "\x80", "\xfe"));
}

TYPED_TEST_P(EngineConformance, KeepsValuesOfAnyBytesAndSize) {
  const std::string every_byte = [] {
    std::string bytes;
    for (int i = 0; i < 256; ++i) bytes.push_back(static_cast<char>(i));
    return bytes;
  }();
  const std::string large(3u << 20, 'x');
  this->Put(every_byte.substr(0, 255), every_byte);
  this->Put("large", large);
  this->store_.Reopen();
  EXPECT_EQ(this->Get(every_byte.substr(0, 255)), every_byte);
  EXPECT_TRUE(this->Get("large") == large);
}

TYPED_TEST_P(EngineConformance, ARangeHoldsItsBeginAndNotItsEnd) {
  this->PutAll({"a", "b", "c", "d"});
  EXPECT_THAT(this->Keys({{"b", "d"}}), testing::ElementsAre("b", "c"));
  EXPECT_THAT(this->Keys({{"b", "d", true}}), testing::ElementsAre("c", "b"));
  EXPECT_THAT(this->Keys({{"aa", "ab"}}), testing::IsEmpty());
  EXPECT_THAT(this->Keys({{"b", "b"}}), testing::IsEmpty());
  EXPECT_THAT(this->Keys({{"bb", "", true}}), testing::ElementsAre("d", "c"));
  EXPECT_THAT(this->Keys({{"", "", true}}), testing::ElementsAre("d", "c", "b", "a"));
}

TYPED_TEST_P(EngineConformance, ScansManyRangesInTheOrderAsked) {
  this->PutAll({"a", "b", "c", "d", "e"});
  EXPECT_THAT(this->Keys({{"d", ""}, {"a", "c", true}, {"c", "cc"}, {"a", "b"}}),
              testing::ElementsAre("d", "e", "b", "a", "c", "a"));
  EXPECT_THAT(this->Keys({}), testing::IsEmpty());
}

TYPED_TEST_P(EngineConformance, StopsAtTheItemLimitAndSaysWhatIsLeft) {
  this->PutAll({"a", "b", "c"});
  auto page = ScanPage(this->engine(), {}, {.max_items = 2});
  ASSERT_TRUE(page.ok());
  EXPECT_THAT(page->items, testing::ElementsAre(KeyValue{"a", "va"}, KeyValue{"b", "vb"}));
  EXPECT_THAT(page->remaining, testing::ElementsAre(KeyRange{"c", ""}));
  EXPECT_THAT(ScanPage(this->engine(), {}, {.max_items = 3})->remaining, testing::IsEmpty());
}

TYPED_TEST_P(EngineConformance, StopsAtTheByteLimitButVisitsAtLeastOne) {
  this->PutAll({"a", "b", "c"});
  EXPECT_THAT(this->Keys({{}}, {.max_bytes = 6}), testing::ElementsAre("a", "b"));
  EXPECT_THAT(this->Keys({{}}, {.max_bytes = 5}), testing::ElementsAre("a"));
  EXPECT_THAT(this->Keys({{}}, {.max_bytes = 0}), testing::ElementsAre("a"));
}

TYPED_TEST_P(EngineConformance, ResumesWhateverTheLimitForwardsAndBackwards) {
  this->PutAll({"a", std::string("a\0", 2), "b", "c", "d", "e"});
  const std::vector<KeyRange> ranges = {{"b", "e", true}, {"", "c"}, {"d", ""}};
  const std::vector<std::string> whole = this->Keys(ranges);
  for (std::size_t max_items = 1; max_items <= whole.size(); ++max_items) {
    std::vector<std::string> pieces;
    RemainingRanges remaining = ranges;
    while (!remaining.empty()) {
      auto left = this->engine().Scan(remaining, {.max_items = max_items},
                                      [&](std::string_view key, std::string_view) {
                                        pieces.emplace_back(key);
                                        return true;
                                      });
      ASSERT_TRUE(left.ok());
      remaining = *left;
    }
    EXPECT_EQ(pieces, whole) << "in pages of " << max_items;
  }
}

TYPED_TEST_P(EngineConformance, AVisitorThatStopsIsResumedBehindItsLastItem) {
  this->PutAll({"a", "b", "c"});
  for (const bool reverse : {false, true}) {
    const std::vector<KeyRange> ranges = {{"", "", reverse}, {"c", ""}};
    auto left = this->engine().Scan(
        ranges, {}, [](std::string_view key, std::string_view) { return key != "b"; });
    ASSERT_TRUE(left.ok());
    EXPECT_THAT(this->Keys(*left), testing::ElementsAre(reverse ? "a" : "c", "c"));
  }
}

TYPED_TEST_P(EngineConformance, TheEnginesOwnKeysAreSeenByNobody) {
  this->Put("a", "1");
  ASSERT_TRUE(this->engine().AcquireFence("county").ok());
  EXPECT_THAT(this->Keys({{}}), testing::ElementsAre("a"));
  EXPECT_THAT(this->Keys({{"", "", true}}), testing::ElementsAre("a"));
  EXPECT_EQ(Last(this->engine(), {})->value().key, "a");
}

TYPED_TEST_P(EngineConformance, LastFindsTheGreatestKeyOfARange) {
  this->PutAll({"a1", "a2", "b1"});
  EXPECT_EQ(Last(this->engine(), PrefixRange("a"))->value(), (KeyValue{"a2", "va2"}));
  EXPECT_EQ(Last(this->engine(), {"a", "a2"})->value().key, "a1");
  EXPECT_EQ(*Last(this->engine(), PrefixRange("c")), std::nullopt);
}

TYPED_TEST_P(EngineConformance, AppliesABatchInItsOrder) {
  this->PutAll({"a", "b", "c"});
  WriteBatch batch;
  batch.Put("a", "first");
  batch.DeleteRange({"a", "c"});
  batch.Put("b", "second");
  batch.Put("b", "third");
  batch.Delete("c");
  batch.Delete("never there");
  ASSERT_TRUE(this->engine().Write(batch, kUnfenced, Durability::kBuffered).ok());
  EXPECT_EQ(this->Get("a"), "(absent)");
  EXPECT_EQ(this->Get("b"), "third");
  EXPECT_EQ(this->Get("c"), "(absent)");
}

TYPED_TEST_P(EngineConformance, AnOpenRangeDeletesToTheLastKeyAndNoFence) {
  this->PutAll({"a", "b", "\xfe\xfe"});
  auto fence = this->engine().AcquireFence("county");
  ASSERT_TRUE(fence.ok());
  WriteBatch batch;
  batch.DeleteRange({"b", ""});
  ASSERT_TRUE(this->engine().Write(batch, *fence, Durability::kDurable).ok());
  EXPECT_THAT(this->Keys({{}}), testing::ElementsAre("a"));
  this->store_.Reopen();
  EXPECT_TRUE(this->engine().Write(batch, *fence, Durability::kDurable).ok());
}

TYPED_TEST_P(EngineConformance, RefusesKeysThatCannotBe) {
  const std::string longest(kKeyBytesMax, 'k');
  this->Put(longest, "fits");
  EXPECT_EQ(this->Get(longest), "fits");
  for (const std::string& key :
       {std::string(), std::string("\xff"), std::string("\xff mine"), longest + "k"}) {
    EXPECT_EQ(ReadOne(this->engine(), key).status().code(), absl::StatusCode::kInvalidArgument);
    WriteBatch batch;
    batch.Put("beside", "x");
    batch.Put(key, "x");
    EXPECT_EQ(this->engine().Write(batch, kUnfenced, Durability::kDurable).code(),
              absl::StatusCode::kInvalidArgument);
  }
  EXPECT_EQ(this->Get("beside"), "(absent)");
}

TYPED_TEST_P(EngineConformance, RefusesRangesThatCannotBe) {
  const std::string longest(kKeyBytesMax, 'k');
  EXPECT_EQ(this->CodeOfScan({longest, longest + "k"}), absl::StatusCode::kOk);
  for (const KeyRange& range : std::vector<KeyRange>{
           {"b", "a"}, {"", "\xff\x01"}, {"\xff\x01", ""}, {"", longest + "kk"}}) {
    EXPECT_EQ(this->CodeOfScan(range), absl::StatusCode::kInvalidArgument);
    EXPECT_EQ(this->engine().Purge(range).code(), absl::StatusCode::kInvalidArgument);
    EXPECT_EQ(this->engine().ApproximateSizeBytes(range).status().code(),
              absl::StatusCode::kInvalidArgument);
    WriteBatch batch;
    batch.DeleteRange(range);
    EXPECT_EQ(this->engine().Write(batch, kUnfenced, Durability::kDurable).code(),
              absl::StatusCode::kInvalidArgument);
  }
}

TYPED_TEST_P(EngineConformance, RefusesAValueThatIsTooLong) {
  WriteBatch batch;
  batch.Put("a", std::string(kValueBytesMax + 1, 'v'));
  EXPECT_EQ(this->engine().Write(batch, kUnfenced, Durability::kDurable).code(),
            absl::StatusCode::kInvalidArgument);
}

TYPED_TEST_P(EngineConformance, OnlyTheLatestHolderOfAFenceWrites) {
  auto older = this->engine().AcquireFence("county");
  auto newer = this->engine().AcquireFence("county");
  auto other = this->engine().AcquireFence("other");
  ASSERT_TRUE(older.ok() && newer.ok() && other.ok());
  EXPECT_GT(newer->epoch, older->epoch);
  WriteBatch batch;
  batch.Put("a", "1");
  const Fence ahead = {.name = "county", .epoch = newer->epoch + 1};
  const Fence never = {.name = "never", .epoch = 0};
  for (const Fence& fence : {*older, ahead, never}) {
    EXPECT_EQ(this->engine().Write(batch, fence, Durability::kDurable).code(),
              absl::StatusCode::kFailedPrecondition);
  }
  EXPECT_EQ(this->Get("a"), "(absent)");
  EXPECT_TRUE(this->engine().Write(batch, *newer, Durability::kDurable).ok());
  EXPECT_TRUE(this->engine().Write(batch, *other, Durability::kDurable).ok());
}

TYPED_TEST_P(EngineConformance, FencesAreKept) {
  auto older = this->engine().AcquireFence("county");
  this->store_.Reopen();
  auto newer = this->engine().AcquireFence("county");
  ASSERT_TRUE(older.ok() && newer.ok());
  EXPECT_GT(newer->epoch, older->epoch);
  EXPECT_EQ(this->engine().Write({}, *older, Durability::kDurable).code(),
            absl::StatusCode::kFailedPrecondition);
}

TYPED_TEST_P(EngineConformance, RefusesFencesWithoutANameOrWithOneTooLong) {
  EXPECT_EQ(this->engine().AcquireFence("").status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(this->engine().AcquireFence(std::string(kKeyBytesMax, 'f')).status().code(),
            absl::StatusCode::kInvalidArgument);
}

TYPED_TEST_P(EngineConformance, NothingOfAnOlderHolderArrivesAfterATakeover) {
  auto older = this->engine().AcquireFence("county");
  ASSERT_TRUE(older.ok());
  std::atomic<int> written = 0;
  std::thread writer([&] {
    absl::Status status;
    while (status.ok()) {
      WriteBatch batch;
      batch.Put("count", std::to_string(written.load() + 1));
      status = this->engine().Write(batch, *older, Durability::kBuffered);
      if (status.ok()) ++written;
    }
    EXPECT_EQ(status.code(), absl::StatusCode::kFailedPrecondition);
  });
  while (written.load() < 10) std::this_thread::yield();
  ASSERT_TRUE(this->engine().AcquireFence("county").ok());
  const std::string seen = this->Get("count");
  writer.join();
  EXPECT_EQ(seen, std::to_string(written.load()));
  EXPECT_EQ(this->Get("count"), seen);
}

TYPED_TEST_P(EngineConformance, ReadersSeeABatchWholeOrNotAtAll) {
  std::atomic<bool> done = false;
  std::thread writer([&] {
    for (int i = 0; i < 300; ++i) {
      WriteBatch batch;
      batch.Put("first", std::to_string(i));
      batch.Put("second", std::to_string(i));
      EXPECT_TRUE(this->engine().Write(batch, kUnfenced, Durability::kBuffered).ok());
    }
    done = true;
  });
  int looks = 0;
  while (!done.load() || looks == 0) {
    auto values = this->engine().Read(std::vector<std::string>{"first", "second"});
    auto page = ScanPage(this->engine(), {}, {});
    ++looks;
    if (!values.ok() || !page.ok() || (*values)[0] != (*values)[1]) break;
    if (page->items.size() == 2 && page->items[0].value != page->items[1].value) break;
    if (page->items.size() == 1) break;
  }
  const bool saw_a_torn_batch = !done.load();
  writer.join();
  EXPECT_FALSE(saw_a_torn_batch);
}

TYPED_TEST_P(EngineConformance, TheSequenceGrowsWithWritesAndIsKept) {
  const std::uint64_t at_first = this->engine().Sequence();
  this->Put("a", "1");
  const std::uint64_t after_one = this->engine().Sequence();
  EXPECT_GT(after_one, at_first);
  this->Put("a", "1");
  const std::uint64_t after_two = this->engine().Sequence();
  EXPECT_GT(after_two, after_one);
  this->store_.Reopen();
  EXPECT_GE(this->engine().Sequence(), after_two);
}

TYPED_TEST_P(EngineConformance, FlushAndPurgeChangeNothingThatStands) {
  this->PutAll({"a", "b", "c"});
  WriteBatch batch;
  batch.Delete("b");
  ASSERT_TRUE(this->engine().Write(batch, kUnfenced, Durability::kBuffered).ok());
  ASSERT_TRUE(this->engine().Flush().ok());
  EXPECT_THAT(this->Keys({{}}), testing::ElementsAre("a", "c"));
  ASSERT_TRUE(this->engine().Purge({}).ok());
  EXPECT_THAT(this->Keys({{}}), testing::ElementsAre("a", "c"));
  this->store_.Reopen();
  EXPECT_THAT(this->Keys({{}}), testing::ElementsAre("a", "c"));
}

TYPED_TEST_P(EngineConformance, TheSizeOfARangeIsAboutThatOfItsValues) {
  std::string noise;
  for (std::uint64_t i = 0, x = 1; i < (1u << 17); ++i) {
    x = x * 6364136223846793005u + 1442695040888963407u;
    AppendU64(noise, x ^ x >> 29);
  }
  this->Put("a", noise);
  this->Put("b", "short");
  ASSERT_TRUE(this->engine().Flush().ok());
  EXPECT_GT(*this->engine().ApproximateSizeBytes({"a", "b"}), noise.size() / 2);
  EXPECT_LT(*this->engine().ApproximateSizeBytes({"a", "b"}), noise.size() * 2);
  EXPECT_LT(*this->engine().ApproximateSizeBytes({"c", ""}), noise.size() / 10);
}

REGISTER_TYPED_TEST_SUITE_P(
    EngineConformance, AbsenceIsNotAnEmptyValue, ReadsInTheOrderOfTheKeysRepeatedOnesToo,
    OrdersKeysAsUnsignedBytes, KeepsValuesOfAnyBytesAndSize, ARangeHoldsItsBeginAndNotItsEnd,
    ScansManyRangesInTheOrderAsked, StopsAtTheItemLimitAndSaysWhatIsLeft,
    StopsAtTheByteLimitButVisitsAtLeastOne, ResumesWhateverTheLimitForwardsAndBackwards,
    AVisitorThatStopsIsResumedBehindItsLastItem, TheEnginesOwnKeysAreSeenByNobody,
    LastFindsTheGreatestKeyOfARange, AppliesABatchInItsOrder,
    AnOpenRangeDeletesToTheLastKeyAndNoFence, RefusesKeysThatCannotBe, RefusesRangesThatCannotBe,
    RefusesAValueThatIsTooLong, OnlyTheLatestHolderOfAFenceWrites, FencesAreKept,
    RefusesFencesWithoutANameOrWithOneTooLong, NothingOfAnOlderHolderArrivesAfterATakeover,
    ReadersSeeABatchWholeOrNotAtAll, TheSequenceGrowsWithWritesAndIsKept,
    FlushAndPurgeChangeNothingThatStands, TheSizeOfARangeIsAboutThatOfItsValues);

}  // namespace landbook::storage

#endif  // LANDBOOK_STORAGE_ENGINE_CONFORMANCE_TESTING_H_
