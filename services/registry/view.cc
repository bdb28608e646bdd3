#include "services/registry/view.h"

#include <algorithm>
#include <cstdint>
#include <iterator>
#include <map>
#include <utility>
#include <vector>

#include "storage/check.h"

namespace landbook::registry {
namespace {

// The bytes of a key that say its book, space and table, or what else follows the space.
constexpr std::size_t kTableBytes = 6;

}  // namespace

std::optional<std::string> EngineView::Get(const std::string& key) const {
  auto value = storage::ReadOne(*engine_, key);
  if (!value.ok()) {
    status_.Update(value.status());
    return std::nullopt;
  }
  return *std::move(value);
}

std::vector<std::optional<std::string>> View::GetAll(std::span<const std::string> keys) const {
  std::vector<std::optional<std::string>> values;
  values.reserve(keys.size());
  for (const std::string& key : keys) values.push_back(Get(key));
  return values;
}

std::vector<std::optional<std::string>> EngineView::GetAll(
    std::span<const std::string> keys) const {
  auto values = engine_->Read(keys);
  if (values.ok()) return *std::move(values);
  status_.Update(values.status());
  return std::vector<std::optional<std::string>>(keys.size());
}

void EngineView::Scan(const storage::KeyRange& range, storage::Visitor visitor) const {
  status_.Update(engine_->Scan({&range, 1}, storage::ScanLimit{}, visitor).status());
}

std::optional<std::string> Overlay::Get(const std::string& key) const {
  const auto change = by_key_.find(key);
  if (change != by_key_.end()) return change->second->value;
  if (absent_below_.contains(key)) return std::nullopt;
  auto below = base_->Get(key);
  if (!below) absent_below_.insert(key);
  return below;
}

std::vector<std::optional<std::string>> Overlay::GetAll(std::span<const std::string> keys) const {
  std::vector<std::optional<std::string>> values(keys.size());
  std::vector<std::size_t> places;
  std::vector<std::string> below;
  for (std::size_t i = 0; i < keys.size(); ++i) {
    if (const auto change = by_key_.find(keys[i]); change != by_key_.end()) {
      values[i] = change->second->value;
    } else if (!absent_below_.contains(keys[i])) {
      places.push_back(i);
      below.push_back(keys[i]);
    }
  }
  if (below.empty()) return values;
  auto found = base_->GetAll(below);
  absent_below_.reserve(absent_below_.size() + below.size());
  for (std::size_t i = 0; i < below.size(); ++i) {
    if (!found[i]) absent_below_.insert(std::move(below[i]));
    values[places[i]] = std::move(found[i]);
  }
  return values;
}

Overlay::Change* Overlay::Set(std::string key, std::optional<std::string> value) {
  if (const auto known = by_key_.find(key); known != by_key_.end()) {
    known->second->value = std::move(value);
    return known->second;
  }
  Change& change = changes_.emplace_back(Change{std::move(key), std::move(value)});
  by_key_.emplace(change.key, &change);
  return &change;
}

std::string* Overlay::PutInPlace(std::string key, std::string value) {
  return &*Set(std::move(key), std::move(value))->value;
}

const Overlay::Ordered& Overlay::InOrder() const {
  for (; ordered_count_ < changes_.size(); ++ordered_count_) {
    const Change& change = changes_[ordered_count_];
    ordered_.emplace(change.key, &change);
  }
  return ordered_;
}

void Overlay::Scan(const storage::KeyRange& range, storage::Visitor visitor) const {
  const Ordered& changes = InOrder();
  auto change = changes.lower_bound(range.begin);
  const auto end = range.end.empty() ? changes.end() : changes.lower_bound(range.end);
  bool going = true;
  // Shows the changes before `key` (all of them without one); a change hides what lies below it.
  const auto show_changes = [&](const std::string_view* key) {
    for (; going && change != end && (key == nullptr || change->first < *key); ++change) {
      const auto& value = change->second->value;
      if (value) going = visitor(change->first, *value);
    }
  };
  base_->Scan(range, [&](std::string_view key, std::string_view value) {
    show_changes(&key);
    if (!going) return false;
    if (change != end && change->first == key) {
      const auto& changed = change->second->value;
      if (changed) going = visitor(key, *changed);
      ++change;
      return going;
    }
    going = visitor(key, value);
    return going;
  });
  show_changes(nullptr);
}

void Overlay::Absorb(Overlay other) {
  LANDBOOK_CHECK(other.base_ == this);
  if (changes_.empty()) {
    other.base_ = base_;
    other.era_ = era_ + 1;
    *this = std::move(other);
    return;
  }
  for (Change& change : other.changes_) Set(std::move(change.key), std::move(change.value));
}

void Overlay::CopyTo(storage::WriteBatch* batch) const {
  batch->Reserve(changes_.size());
  auto tables = ByTable();
  for (auto& [prefix, changes] : tables) {
    const auto before = [](const Change* a, const Change* b) { return a->key < b->key; };
    if (!std::is_sorted(changes.begin(), changes.end(), before)) {
      std::sort(changes.begin(), changes.end(), before);
    }
    for (const Change* change : changes) {
      if (change->value) {
        batch->Put(change->key, *change->value);
      } else {
        batch->Delete(change->key);
      }
    }
  }
}

void Overlay::MoveTo(storage::WriteBatch* batch) {
  CopyTo(batch);
  const std::uint64_t next_era = era_ + 1;
  *this = Overlay(base_);
  era_ = next_era;
}

std::map<std::string, std::vector<const Overlay::Change*>> Overlay::ByTable() const {
  std::map<std::string, std::vector<const Change*>> tables;
  std::vector<decltype(tables)::iterator> known;  // few, and quicker to look through
  for (const Change& change : changes_) {
    const std::string_view prefix = std::string_view(change.key).substr(0, kTableBytes);
    auto table = std::find_if(known.begin(), known.end(),
                              [&](const auto& item) { return item->first == prefix; });
    if (table == known.end()) {
      known.push_back(tables.try_emplace(std::string(prefix)).first);
      table = std::prev(known.end());
    }
    (*table)->second.push_back(&change);
  }
  return tables;
}

}  // namespace landbook::registry
