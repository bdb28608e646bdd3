#include "services/registry/view.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "storage/memory_engine.h"

namespace landbook::registry {
namespace {

using Model = std::map<std::string, std::string>;

std::string AnyKey() {
  return *rc::gen::nonEmpty(
      rc::gen::container<std::string>(rc::gen::elementOf(std::string("abc"))));
}

// Puts or deletes some keys in the overlay and in the model. `had` are the keys of all changes so
// far, of refused ones too.
void Change(Overlay* overlay, Model* model, std::set<std::string>* had) {
  for (int left = *rc::gen::inRange(0, 30); left > 0; --left) {
    const std::string key = AnyKey();
    const std::string value = *rc::gen::arbitrary<std::string>();
    const bool first = had->insert(key).second;
    switch (*rc::gen::inRange(0, 4)) {
      case 0:
        overlay->Put(key, value);
        model->insert_or_assign(key, value);
        break;
      case 1:
        std::ranges::copy(value, overlay->PutInPlace(key, std::string(value.size(), '?')).begin());
        model->insert_or_assign(key, value);
        break;
      case 2:
        if (!first) break;
        RC_ASSERT(overlay->PutFirst(key, value) == value);
        model->insert_or_assign(key, value);
        break;
      default:
        overlay->Delete(key);
        model->erase(key);
        break;
    }
  }
}

void CheckReads(const Overlay& overlay, const Model& model) {
  std::vector<std::string> keys;
  for (int left = *rc::gen::inRange(0, 20); left > 0; --left) keys.push_back(AnyKey());
  const auto values = overlay.GetAll(keys);
  RC_ASSERT(values.size() == keys.size());
  for (std::size_t i = 0; i < keys.size(); ++i) {
    const auto known = model.find(keys[i]);
    RC_ASSERT(values[i].has_value() == (known != model.end()));
    if (known != model.end()) RC_ASSERT(*values[i] == known->second);
    RC_ASSERT(overlay.Get(keys[i]) == values[i]);
  }
  Model seen;
  overlay.Scan({}, [&](std::string_view key, std::string_view value) {
    return seen.emplace(key, value).second;
  });
  RC_ASSERT(seen == model);
}

RC_GTEST_PROP(OverlayTest, ReadsAsIfItsChangesWereWrittenAndGivesThemInOrder, ()) {
  storage::MemoryEngine engine;
  Model model;
  std::set<std::string> had;
  for (int round = 0; round < 3; ++round) {
    const EngineView view(&engine);
    Overlay batch(&view);
    for (int commit = 0; commit < 3; ++commit) {
      Overlay changes(&batch);
      Model changed = model;
      Change(&changes, &changed, &had);
      CheckReads(changes, changed);
      if (*rc::gen::arbitrary<bool>()) continue;  // refused: nothing of it stays
      batch.Absorb(std::move(changes));
      model = std::move(changed);
      CheckReads(batch, model);
    }
    storage::WriteBatch write;
    batch.MoveTo(&write);
    const auto operations = write.Operations();
    RC_ASSERT(std::is_sorted(operations.begin(), operations.end(),
                             [](const auto& a, const auto& b) { return a.key < b.key; }));
    RC_ASSERT(engine.Write(write, storage::kUnfenced, storage::Durability::kBuffered).ok());
  }
  const EngineView view(&engine);
  CheckReads(Overlay(&view), model);
}

TEST(OverlayTest, SaysWhenItsChangesHaveMoved) {
  storage::MemoryEngine engine;
  const EngineView view(&engine);
  Overlay overlay(&view);
  overlay.Put("key", "value");
  const std::uint64_t before = overlay.era();
  storage::WriteBatch write;
  overlay.MoveTo(&write);
  EXPECT_NE(overlay.era(), before);
}

}  // namespace
}  // namespace landbook::registry
