#include "services/registry/view.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "storage/check.h"

namespace landbook::registry {

std::optional<std::string> EngineView::Get(const std::string& key) const {
  auto value = storage::ReadOne(*engine_, key);
  if (!value.ok()) {
    status_.Update(value.status());
    return std::nullopt;
  }
  return *std::move(value);
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

void Overlay::Set(std::string key, std::optional<std::string> value) {
  if (const auto known = by_key_.find(key); known != by_key_.end()) {
    known->second->value = std::move(value);
    return;
  }
  Change& change = changes_.emplace_back(Change{std::move(key), std::move(value)});
  by_key_.emplace(change.key, &change);
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
    *this = std::move(other);
    return;
  }
  for (Change& change : other.changes_) Set(std::move(change.key), std::move(change.value));
}

void Overlay::MoveTo(storage::WriteBatch* batch) {
  std::vector<Change*> sorted;
  sorted.reserve(changes_.size());
  for (Change& change : changes_) sorted.push_back(&change);
  std::sort(sorted.begin(), sorted.end(),
            [](const Change* a, const Change* b) { return a->key < b->key; });
  for (Change* change : sorted) {
    if (change->value) {
      batch->Put(std::move(change->key), *std::move(change->value));
    } else {
      batch->Delete(std::move(change->key));
    }
  }
  *this = Overlay(base_);
}

}  // namespace landbook::registry
