#include "services/registry/versions.h"

#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

#include <map>
#include <string>
#include <vector>

#include "services/registry/keys.h"
#include "services/registry/view.h"
#include "storage/memory_engine.h"

namespace landbook::registry {
namespace {

constexpr BookNumber kBook = 7;

// A book's tables over a memory engine, changed one entry at a time.
class Tables {
 public:
  // Runs `change` as entry `sequence` and writes what it did.
  template <typename Change>
  void Entry(std::uint64_t sequence, Change change) {
    const EngineView view(&engine_);
    Overlay overlay(&view);
    VersionWriter writer(&overlay, kBook, sequence);
    change(writer);
    storage::WriteBatch batch;
    overlay.MoveTo(&batch);
    ASSERT_TRUE(engine_.Write(batch, storage::kUnfenced, storage::Durability::kDurable).ok());
  }

  std::optional<std::string> ValueAt(const TableKey& key, std::uint64_t sequence) const {
    const EngineView view(&engine_);
    return VersionReader(&view, kBook, sequence).Value(key);
  }

  std::map<std::string, std::string> AllAt(std::uint64_t sequence) const {
    const EngineView view(&engine_);
    std::map<std::string, std::string> all;
    VersionReader(&view, kBook, sequence)
        .Scan(TableKey(Table::kAlias),
              [&](std::string_view key, std::uint64_t, std::string_view value) {
                all[std::string(key)] = value;
                return true;
              });
    return all;
  }

  std::vector<Version> History(const TableKey& key, std::uint64_t as_of = kNewest) const {
    const EngineView view(&engine_);
    return VersionReader(&view, kBook, as_of).History(key);
  }

 private:
  storage::MemoryEngine engine_;
};

TableKey KeyOf(int key) { return TableKey(Table::kAlias).U64(static_cast<std::uint64_t>(key)); }

TEST(VersionsTest, AValueHoldsFromItsEntryUntilTheNext) {
  Tables tables;
  tables.Entry(3, [](VersionWriter& writer) { writer.Put(KeyOf(1), "first"); });
  tables.Entry(5, [](VersionWriter& writer) { writer.Put(KeyOf(1), "second"); });
  tables.Entry(9, [](VersionWriter& writer) { writer.Remove(KeyOf(1)); });
  EXPECT_EQ(tables.ValueAt(KeyOf(1), 2), std::nullopt);
  EXPECT_EQ(tables.ValueAt(KeyOf(1), 3), "first");
  EXPECT_EQ(tables.ValueAt(KeyOf(1), 4), "first");
  EXPECT_EQ(tables.ValueAt(KeyOf(1), 5), "second");
  EXPECT_EQ(tables.ValueAt(KeyOf(1), 8), "second");
  EXPECT_EQ(tables.ValueAt(KeyOf(1), 9), std::nullopt);
  EXPECT_EQ(tables.ValueAt(KeyOf(1), kNewest), std::nullopt);
}

TEST(VersionsTest, AnEmptyValueIsNotAbsence) {
  Tables tables;
  tables.Entry(1, [](VersionWriter& writer) { writer.Put(KeyOf(1), ""); });
  EXPECT_EQ(tables.ValueAt(KeyOf(1), 1), "");
  EXPECT_EQ(tables.ValueAt(KeyOf(2), 1), std::nullopt);
}

TEST(VersionsTest, WhatOneEntryMakesAndReplacesLeavesNothingInThePast) {
  Tables tables;
  tables.Entry(2, [](VersionWriter& writer) {
    writer.Put(KeyOf(1), "draft");
    writer.Put(KeyOf(1), "final");
    writer.Put(KeyOf(2), "draft");
    writer.Remove(KeyOf(2));
  });
  ASSERT_EQ(tables.History(KeyOf(1)).size(), 1u);
  EXPECT_EQ(tables.History(KeyOf(1)).front().value, "final");
  EXPECT_TRUE(tables.History(KeyOf(2)).empty());
}

TEST(VersionsTest, HistoryIsOldestFirstWithTheEntriesThatBoundIt) {
  Tables tables;
  tables.Entry(2, [](VersionWriter& writer) { writer.Put(KeyOf(1), "a"); });
  tables.Entry(4, [](VersionWriter& writer) { writer.Put(KeyOf(1), "b"); });
  tables.Entry(6, [](VersionWriter& writer) { writer.Remove(KeyOf(1)); });
  tables.Entry(8, [](VersionWriter& writer) { writer.Put(KeyOf(1), "c"); });
  const auto history = tables.History(KeyOf(1));
  ASSERT_EQ(history.size(), 3u);
  EXPECT_EQ(history[0].from, 2u);
  EXPECT_EQ(history[0].to, 4u);
  EXPECT_EQ(history[1].to, 6u);
  EXPECT_EQ(history[2].from, 8u);
  EXPECT_EQ(history[2].to, 0u);
}

TEST(VersionsTest, AnEarlierHistoryKnowsNothingOfLaterEntries) {
  Tables tables;
  tables.Entry(2, [](VersionWriter& writer) { writer.Put(KeyOf(1), "a"); });
  tables.Entry(4, [](VersionWriter& writer) { writer.Put(KeyOf(1), "b"); });
  tables.Entry(6, [](VersionWriter& writer) { writer.Put(KeyOf(1), "c"); });
  EXPECT_TRUE(tables.History(KeyOf(1), 1).empty());
  const auto first = tables.History(KeyOf(1), 3);
  ASSERT_EQ(first.size(), 1u);
  EXPECT_EQ(first[0].to, 0u);
  const auto second = tables.History(KeyOf(1), 5);
  ASSERT_EQ(second.size(), 2u);
  EXPECT_EQ(second[0].to, 4u);
  EXPECT_EQ(second[1].to, 0u);
  EXPECT_EQ(tables.History(KeyOf(1), 6).size(), 3u);
}

// Any run of changes against a list of maps, one for each entry.
RC_GTEST_PROP(VersionsTest, EveryPastStateIsReadAsItWas, ()) {
  const auto entries = *rc::gen::container<std::vector<std::vector<std::pair<int, int>>>>(
      rc::gen::container<std::vector<std::pair<int, int>>>(
          rc::gen::pair(rc::gen::inRange(0, 5), rc::gen::inRange(-2, 4))));
  Tables tables;
  std::vector<std::map<std::string, std::string>> model(1);
  for (std::size_t i = 0; i < entries.size(); ++i) {
    auto next = model.back();
    tables.Entry(i + 1, [&](VersionWriter& writer) {
      for (const auto& [key, value] : entries[i]) {
        if (value < 0) {
          writer.Remove(KeyOf(key));
          next.erase(KeyOf(key).bytes());
        } else {
          writer.Put(KeyOf(key), std::to_string(value));
          next[KeyOf(key).bytes()] = std::to_string(value);
        }
      }
    });
    model.push_back(next);
  }
  for (std::size_t sequence = 0; sequence < model.size(); ++sequence) {
    RC_ASSERT(tables.AllAt(sequence) == model[sequence]);
    for (int key = 0; key < 5; ++key) {
      const auto expected = model[sequence].find(KeyOf(key).bytes());
      const auto value = tables.ValueAt(KeyOf(key), sequence);
      RC_ASSERT(value.has_value() == (expected != model[sequence].end()));
      if (value) RC_ASSERT(*value == expected->second);
    }
  }
}

TEST(OverlayTest, AScanMergesChangesWithWhatLiesBelow) {
  storage::MemoryEngine engine;
  storage::WriteBatch batch;
  for (const char* key : {"a", "c", "e"}) batch.Put(key, "below");
  ASSERT_TRUE(engine.Write(batch, storage::kUnfenced, storage::Durability::kDurable).ok());
  const EngineView view(&engine);
  Overlay overlay(&view);
  overlay.Put("b", "above");
  overlay.Put("c", "above");
  overlay.Delete("e");
  overlay.Put("f", "above");
  std::string seen;
  overlay.Scan({"a", "g"}, [&](std::string_view key, std::string_view value) {
    seen += std::string(key) + "=" + std::string(value) + " ";
    return true;
  });
  EXPECT_EQ(seen, "a=below b=above c=above f=above ");
  seen.clear();
  overlay.Scan({"a", "g"}, [&](std::string_view key, std::string_view) {
    seen += key;
    return seen.size() < 2;
  });
  EXPECT_EQ(seen, "ab");
}

TEST(OverlayTest, AbsorbingTakesChangesAndDeletionsAlong) {
  storage::MemoryEngine engine;
  const EngineView view(&engine);
  Overlay lower(&view);
  lower.Put("x", "1");
  Overlay upper(&lower);
  upper.Delete("x");
  upper.Put("y", "2");
  EXPECT_EQ(lower.Get("x"), "1");
  lower.Absorb(std::move(upper));
  EXPECT_EQ(lower.Get("x"), std::nullopt);
  EXPECT_EQ(lower.Get("y"), "2");
}

}  // namespace
}  // namespace landbook::registry
