#include "services/registry/view.h"

#include <algorithm>
#include <functional>
#include <iterator>
#include <map>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "services/registry/keys.h"
#include "storage/check.h"
#include "storage/prefetch.h"

namespace landbook::registry {
namespace {

// The bytes of a key that say its book and space, and those that say its table too.
constexpr std::size_t kSpaceBytes = 5;
constexpr std::size_t kTableBytes = 6;

std::string_view ViewOf(std::span<const char> bytes) { return {bytes.data(), bytes.size()}; }

// What the keys of one table of changes begin with. Only current and past are divided into tables.
std::string_view TablePrefix(std::string_view key) {
  const char space = key.size() < kSpaceBytes ? '\0' : key[kSpaceBytes - 1];
  const bool has_tables =
      space == static_cast<char>(Space::kCurrent) || space == static_cast<char>(Space::kPast);
  return key.substr(0, has_tables ? kTableBytes : kSpaceBytes);
}

// The same as one number, which is compared in one step: a batch looks for a table with every key.
std::uint64_t TableNumber(std::string_view key) {
  const std::string_view prefix = TablePrefix(key);
  std::uint64_t number = prefix.size();
  for (const char c : prefix) number = number << 8 | static_cast<std::uint8_t>(c);
  return number;
}

}  // namespace

struct Overlay::Change {
  std::string_view key;
  std::string_view value = {};
  bool deleted = false;
  bool is_first = false;  // nothing below has ever had the key
};

// The changes of one table, one a key. Most tables of a commit get their keys in ascending order,
// and are searched as they are; others have an index, and an order, of the changes that were there
// when they were last asked.
class Overlay::Table {
 public:
  explicit Table(std::string_view prefix) : prefix_(prefix), number_(TableNumber(prefix)) {}

  std::string_view prefix() const { return prefix_; }
  std::uint64_t number() const { return number_; }
  std::size_t size() const { return changes_.size(); }

  const Change* Find(std::string_view key) const {
    if (IsBehindAll(key)) return nullptr;
    if (ascending_) {
      const auto found = LowerBound(key);
      return found != changes_.end() && found->key == key ? &*found : nullptr;
    }
    Index();
    const auto found = by_key_.find(key);
    return found == by_key_.end() ? nullptr : &changes_[found->second];
  }

  Change* Find(std::string_view key) { return const_cast<Change*>(std::as_const(*this).Find(key)); }

  // REQUIRES: the table has no change of the key.
  void Add(const Change& change) {
    ascending_ = IsBehindAll(change.key);
    changes_.push_back(change);
  }

  // Moves all changes of `other` here.
  void Absorb(Table other) {
    if (changes_.empty()) return std::swap(*this, other);
    for (const Change& change : other.changes_) {
      Change* known = change.is_first ? nullptr : Find(change.key);
      if (known == nullptr) {
        Add(change);
      } else {
        known->value = change.value;
        known->deleted = change.deleted;
      }
    }
  }

  // Adds the changes from `begin` to before `end` (empty: all others), in the order of the keys.
  void AppendRange(std::string_view begin, std::string_view end,
                   std::vector<const Change*>* out) const {
    const auto is_past = [&](std::string_view key) { return !end.empty() && key >= end; };
    if (ascending_) {
      for (auto change = LowerBound(begin); change != changes_.end(); ++change) {
        if (is_past(change->key)) return;
        out->push_back(&*change);
      }
      return;
    }
    for (; ordered_count_ < changes_.size(); ++ordered_count_) {
      ordered_.emplace(changes_[ordered_count_].key, ordered_count_);
    }
    for (auto change = ordered_.lower_bound(begin); change != ordered_.end(); ++change) {
      if (is_past(change->first)) return;
      out->push_back(&changes_[change->second]);
    }
  }

  // All in the order of the keys, without a change to what other threads read.
  std::vector<const Change*> Sorted() const {
    std::vector<const Change*> sorted;
    sorted.reserve(changes_.size());
    for (const Change& change : changes_) sorted.push_back(&change);
    const auto before = [](const Change* a, const Change* b) { return a->key < b->key; };
    if (!ascending_) std::sort(sorted.begin(), sorted.end(), before);
    return sorted;
  }

 private:
  // Hashing of the standard library's views, which this build of the map's library does not know.
  using ByKey = absl::flat_hash_map<std::string_view, std::size_t, std::hash<std::string_view>,
                                    std::equal_to<>>;

  bool IsBehindAll(std::string_view key) const {
    return ascending_ && (changes_.empty() || changes_.back().key < key);
  }

  std::vector<Change>::const_iterator LowerBound(std::string_view key) const {
    return std::lower_bound(
        changes_.begin(), changes_.end(), key,
        [](const Change& change, std::string_view k) { return change.key < k; });
  }

  void Index() const {
    if (indexed_count_ == changes_.size()) return;
    by_key_.reserve(changes_.size());
    for (; indexed_count_ < changes_.size(); ++indexed_count_) {
      by_key_.emplace(changes_[indexed_count_].key, indexed_count_);
    }
  }

  std::string prefix_;
  std::uint64_t number_;
  std::vector<Change> changes_;  // as they came
  bool ascending_ = true;
  // By place in `changes_`, of so many of them; the index is never iterated.
  mutable ByKey by_key_;
  mutable std::size_t indexed_count_ = 0;
  mutable std::map<std::string_view, std::size_t> ordered_;
  mutable std::size_t ordered_count_ = 0;
};

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

Overlay::Overlay(const View* base) : base_(base) {}
Overlay::Overlay(Overlay&&) noexcept = default;
Overlay& Overlay::operator=(Overlay&&) noexcept = default;
Overlay::~Overlay() = default;

const Overlay::Table* Overlay::FindTable(std::string_view key) const {
  const std::uint64_t number = TableNumber(key);
  const auto found = std::find_if(tables_.begin(), tables_.end(),
                                  [&](const auto& table) { return table->number() == number; });
  return found == tables_.end() ? nullptr : found->get();
}

Overlay::Table& Overlay::TableOf(std::string_view key) {
  const Table* known = FindTable(key);
  if (known != nullptr) return const_cast<Table&>(*known);
  return *tables_.emplace_back(std::make_unique<Table>(TablePrefix(key)));
}

const Overlay::Change* Overlay::Find(std::string_view key) const {
  const Table* table = FindTable(key);
  return table == nullptr ? nullptr : table->Find(key);
}

std::optional<std::string> Overlay::Get(const std::string& key) const {
  if (const Change* change = Find(key)) {
    return change->deleted ? std::nullopt : std::optional<std::string>(change->value);
  }
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
    if (const Change* change = Find(keys[i])) {
      if (!change->deleted) values[i].emplace(change->value);
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

std::span<char> Overlay::PutInPlace(std::string_view key, std::string_view value) {
  const std::span<char> kept = values_.Copy(value);
  Table& table = TableOf(key);
  if (Change* known = table.Find(key)) {
    known->value = ViewOf(kept);
    known->deleted = false;
  } else {
    table.Add({.key = ViewOf(keys_.Copy(key)), .value = ViewOf(kept)});
  }
  return kept;
}

void Overlay::Put(std::string_view key, std::string_view value) { PutInPlace(key, value); }

std::string_view Overlay::PutFirst(std::string_view key, std::string_view value) {
  const std::string_view kept = ViewOf(values_.Copy(value));
  TableOf(key).Add({.key = ViewOf(keys_.Copy(key)), .value = kept, .is_first = true});
  return kept;
}

void Overlay::Delete(std::string_view key) {
  Table& table = TableOf(key);
  if (Change* known = table.Find(key)) {
    known->value = {};
    known->deleted = true;
  } else {
    table.Add({.key = ViewOf(keys_.Copy(key)), .deleted = true});
  }
}

std::vector<const Overlay::Table*> Overlay::TablesInOrder() const {
  std::vector<const Table*> tables;
  for (const auto& table : tables_) tables.push_back(table.get());
  std::sort(tables.begin(), tables.end(),
            [](const Table* a, const Table* b) { return a->prefix() < b->prefix(); });
  return tables;
}

std::vector<const Overlay::Change*> Overlay::ChangesIn(const storage::KeyRange& range) const {
  std::vector<const Change*> changes;
  for (const Table* table : TablesInOrder()) {
    const bool before = table->prefix() < TablePrefix(range.begin);
    const bool behind = !range.end.empty() && table->prefix() > TablePrefix(range.end);
    if (!before && !behind) table->AppendRange(range.begin, range.end, &changes);
  }
  return changes;
}

void Overlay::Scan(const storage::KeyRange& range, storage::Visitor visitor) const {
  const std::vector<const Change*> changes = ChangesIn(range);
  auto next = changes.begin();
  bool going = true;
  // Shows the changes before `key` (all of them without one); a change hides what lies below it.
  const auto show_changes = [&](const std::string_view* key) {
    for (; going && next != changes.end() && (key == nullptr || (*next)->key < *key); ++next) {
      if (!(*next)->deleted) going = visitor((*next)->key, (*next)->value);
    }
  };
  base_->Scan(range, [&](std::string_view key, std::string_view value) {
    show_changes(&key);
    if (!going) return false;
    if (next != changes.end() && (*next)->key == key) {
      if (!(*next)->deleted) going = visitor(key, (*next)->value);
      ++next;
      return going;
    }
    going = visitor(key, value);
    return going;
  });
  show_changes(nullptr);
}

void Overlay::Absorb(Overlay other) {
  LANDBOOK_CHECK(other.base_ == this);
  ++era_;
  for (auto& table : other.tables_) TableOf(table->prefix()).Absorb(std::move(*table));
  keys_.Take(std::move(other.keys_));
  values_.Take(std::move(other.values_));
}

void Overlay::LendTo(storage::WriteBatch* batch) const {
  const bool from_here = batch->Empty();
  const std::vector<const Table*> tables = TablesInOrder();
  std::size_t changes = 0;
  for (const Table* table : tables) changes += table->size();
  batch->Reserve(changes + changes / 8);  // and for a few that follow them
  // Keys lie in memory as they came, each table's among the others': asked for early, they are
  // there.
  constexpr std::size_t kFetchedAhead = 8;
  for (const Table* table : tables) {
    const std::vector<const Change*> sorted = table->Sorted();
    for (std::size_t i = 0; i < sorted.size(); ++i) {
      if (i + kFetchedAhead < sorted.size()) {
        storage::Prefetch(sorted[i + kFetchedAhead]->key);
      }
      const Change* change = sorted[i];
      if (change->deleted) {
        batch->DeleteBorrowed(change->key);
      } else {
        batch->PutBorrowed(change->key, change->value);
      }
    }
  }
  // A key twice is one that was put as first and was not.
  LANDBOOK_CHECK(!from_here || batch->AscendingCount() == batch->Operations().size());
}

void Overlay::MoveTo(storage::WriteBatch* batch) {
  LendTo(batch);
  batch->Keep(std::move(keys_));
  batch->Keep(std::move(values_));
  tables_.clear();
  absent_below_.clear();
  ++era_;
}

}  // namespace landbook::registry
