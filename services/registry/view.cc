#include "services/registry/view.h"

#include <utility>

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
  const auto change = changes_.find(key);
  return change == changes_.end() ? base_->Get(key) : change->second;
}

void Overlay::Scan(const storage::KeyRange& range, storage::Visitor visitor) const {
  auto change = changes_.lower_bound(range.begin);
  const auto end = range.end.empty() ? changes_.end() : changes_.lower_bound(range.end);
  bool going = true;
  // Shows the changes before `key` (all of them without one); a change hides what lies below it.
  const auto show_changes = [&](const std::string_view* key) {
    for (; going && change != end && (key == nullptr || change->first < *key); ++change) {
      if (change->second) going = visitor(change->first, *change->second);
    }
  };
  base_->Scan(range, [&](std::string_view key, std::string_view value) {
    show_changes(&key);
    if (!going) return false;
    if (change != end && change->first == key) {
      if (change->second) going = visitor(change->first, *change->second);
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
  for (auto& [key, value] : other.changes_) changes_[key] = std::move(value);
}

void Overlay::AppendTo(storage::WriteBatch* batch) const {
  for (const auto& [key, value] : changes_) {
    if (value) {
      batch->Put(key, *value);
    } else {
      batch->Delete(key);
    }
  }
}

void Overlay::ForEachKey(std::string_view prefix,
                         absl::FunctionRef<void(std::string_view key)> visitor) const {
  for (auto change = changes_.lower_bound(prefix);
       change != changes_.end() && change->first.starts_with(prefix); ++change) {
    visitor(change->first);
  }
}

}  // namespace landbook::registry
