// Random operations on an engine, judged by a sorted map. Instantiated beside EngineConformance.
#ifndef LANDBOOK_STORAGE_ENGINE_MODEL_TESTING_H_
#define LANDBOOK_STORAGE_ENGINE_MODEL_TESTING_H_

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <algorithm>
#include <map>
#include <string>
#include <vector>

#include "storage/engine.h"

namespace landbook::storage {

// What the engine should hold.
class EngineModelMap {
 public:
  void Apply(const WriteBatch::Operation& operation) {
    if (operation.kind == WriteBatch::Kind::kPut) {
      items_[std::string(operation.key)] = operation.value;
    } else if (operation.kind == WriteBatch::Kind::kDelete) {
      items_.erase(std::string(operation.key));
    } else {
      std::erase_if(items_, [&](const auto& item) {
        return Holds({std::string(operation.key), std::string(operation.value)}, item.first);
      });
    }
  }

  std::vector<KeyValue> Items(const KeyRange& range) const {
    std::vector<KeyValue> items;
    for (const auto& [key, value] : items_) {
      if (Holds(range, key)) items.push_back({key, value});
    }
    if (range.reverse) std::reverse(items.begin(), items.end());
    return items;
  }

  std::optional<std::string> Value(const std::string& key) const {
    auto found = items_.find(key);
    return found == items_.end() ? std::nullopt : std::optional(found->second);
  }

 private:
  static bool Holds(const KeyRange& range, const std::string& key) {
    return key >= range.begin && (range.end.empty() || key < range.end);
  }

  std::map<std::string, std::string> items_;
};

// Keys of few bytes, so that random operations meet on the same ones.
inline rc::Gen<std::string> AnyModelKey() {
  const auto byte = rc::gen::element('\0', 'a', 'b', '\x80', '\xfe');
  return rc::gen::resize(4, rc::gen::nonEmpty(rc::gen::container<std::string>(byte)));
}

inline rc::Gen<KeyRange> AnyModelRange() {
  return rc::gen::map(
      rc::gen::tuple(AnyModelKey(), AnyModelKey(), rc::gen::inRange(0, 4),
                     rc::gen::arbitrary<bool>()),
      [](std::tuple<std::string, std::string, int, bool> parts) {
        auto [first, second, open, reverse] = parts;
        KeyRange range = {std::min(first, second), std::max(first, second), reverse};
        if (open == 1) range.begin.clear();
        if (open == 2) range.end.clear();
        return range;
      });
}

template <class Store>
class EngineModel : public testing::Test {
 protected:
  static void WriteSome(Engine& engine, EngineModelMap& model) {
    WriteBatch batch;
    for (int left = *rc::gen::inRange(0, 6); left > 0; --left) {
      const int kind = *rc::gen::inRange(0, 8);
      if (kind == 0) {
        batch.DeleteRange(*AnyModelRange());
      } else if (kind <= 2) {
        batch.Delete(*AnyModelKey());
      } else {
        batch.Put(*AnyModelKey(), *rc::gen::string<std::string>());
      }
    }
    const bool durable = *rc::gen::arbitrary<bool>();
    RC_ASSERT(engine.Write(batch, kUnfenced, durable ? Durability::kDurable : Durability::kBuffered)
                  .ok());
    for (const auto& operation : batch.Operations()) model.Apply(operation);
  }

  static void CompareReads(const Engine& engine, const EngineModelMap& model) {
    const auto keys = *rc::gen::container<std::vector<std::string>>(AnyModelKey());
    const auto values = engine.Read(keys);
    RC_ASSERT(values.ok());
    for (std::size_t i = 0; i < keys.size(); ++i) RC_ASSERT((*values)[i] == model.Value(keys[i]));
  }

  // All ranges, page by page.
  static void CompareScans(const Engine& engine, const EngineModelMap& model) {
    const auto ranges = *rc::gen::container<std::vector<KeyRange>>(AnyModelRange());
    const ScanLimit limit = {.max_items = *rc::gen::inRange<std::size_t>(1, 9),
                             .max_bytes = *rc::gen::inRange<std::size_t>(1, 99)};
    std::vector<KeyValue> wanted;
    for (const KeyRange& range : ranges) {
      for (KeyValue& item : model.Items(range)) wanted.push_back(std::move(item));
    }
    std::vector<KeyValue> found;
    for (RemainingRanges left = ranges; !left.empty();) {
      auto next = engine.Scan(left, limit, [&](std::string_view key, std::string_view value) {
        found.push_back({std::string(key), std::string(value)});
        return true;
      });
      RC_ASSERT(next.ok());
      left = *next;
    }
    RC_ASSERT(found == wanted);
  }
};

TYPED_TEST_SUITE_P(EngineModel);

TYPED_TEST_P(EngineModel, AgreesWithASortedMap) {
  const bool holds = rc::check("an engine agrees with a sorted map", [] {
    TypeParam store;
    EngineModelMap model;
    for (int step = *rc::gen::inRange(1, 12); step > 0; --step) {
      const int action = *rc::gen::inRange(0, 20);
      if (action == 0) store.Reopen();
      if (action == 1) RC_ASSERT(store.Get().Flush().ok());
      if (action == 2) RC_ASSERT(store.Get().Purge(*AnyModelRange()).ok());
      TestFixture::WriteSome(store.Get(), model);
      TestFixture::CompareReads(store.Get(), model);
      TestFixture::CompareScans(store.Get(), model);
    }
  });
  EXPECT_TRUE(holds);
}

REGISTER_TYPED_TEST_SUITE_P(EngineModel, AgreesWithASortedMap);

}  // namespace landbook::storage

#endif  // LANDBOOK_STORAGE_ENGINE_MODEL_TESTING_H_
