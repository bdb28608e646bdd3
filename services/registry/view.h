// Reading keys, from the engine or from changes that lie over it and are not written yet.
#ifndef LANDBOOK_SERVICES_REGISTRY_VIEW_H_
#define LANDBOOK_SERVICES_REGISTRY_VIEW_H_

#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "absl/status/status.h"
#include "storage/engine.h"

namespace landbook::registry {

// What the book reads from. A failure of the engine is kept in `status()` and the failed read
// answers absence, so that rules read plainly; whoever acts on what was read asks for status() at
// the end and drops everything when it is not OK (fail closed). One thread at a time.
class View {
 public:
  virtual ~View() = default;
  // The value of `key`, or nullopt when it is absent.
  virtual std::optional<std::string> Get(const std::string& key) const = 0;
  // The values of many keys, in their order.
  virtual std::vector<std::optional<std::string>> GetAll(std::span<const std::string> keys) const;
  // Shows the items of `range` in key order until the visitor says stop.
  virtual void Scan(const storage::KeyRange& range, storage::Visitor visitor) const = 0;
  // The first failure of the engine below, or OK.
  virtual absl::Status status() const = 0;
};

// The engine as it is.
class EngineView final : public View {
 public:
  // REQUIRES: `engine` outlives the view.
  explicit EngineView(const storage::Engine* engine) : engine_(engine) {}
  std::optional<std::string> Get(const std::string& key) const override;
  std::vector<std::optional<std::string>> GetAll(std::span<const std::string> keys) const override;
  void Scan(const storage::KeyRange& range, storage::Visitor visitor) const override;
  absl::Status status() const override { return status_; }

 private:
  const storage::Engine* engine_;
  mutable absl::Status status_;
};

// Changes over another view: what one commit, or one batch of commits, has changed so far. What
// lies below does not change while the overlay holds changes.
class Overlay final : public View {
 public:
  // REQUIRES: `base` outlives the overlay.
  explicit Overlay(const View* base) : base_(base) {}
  Overlay(Overlay&&) = default;
  Overlay& operator=(Overlay&&) = default;
  std::optional<std::string> Get(const std::string& key) const override;
  // Which of them are absent is remembered, so that asking for many at first makes Get cheap.
  std::vector<std::optional<std::string>> GetAll(std::span<const std::string> keys) const override;
  void Scan(const storage::KeyRange& range, storage::Visitor visitor) const override;
  absl::Status status() const override { return base_->status(); }

  void Put(std::string key, std::string value) { Set(std::move(key), std::move(value)); }
  void Delete(std::string key) { Set(std::move(key), std::nullopt); }
  // Puts `value`, and gives where it lies, to be changed in place: good until the next Put or
  // Delete of the key, and as long as era() stays the same.
  std::string* PutInPlace(std::string key, std::string value);
  // Changes when the changes move elsewhere.
  std::uint64_t era() const { return era_; }

  // Makes room for so many changes more, which costs less than making it as they come.
  void Reserve(std::size_t changes) { by_key_.reserve(by_key_.size() + changes); }

  // Moves every change of `other` into this overlay. REQUIRES: `other` lies over this one.
  void Absorb(Overlay other);
  // Adds a copy of every change to `batch`, in the order of the keys. Another thread may read this
  // overlay meanwhile, and none may change it.
  void CopyTo(storage::WriteBatch* batch) const;
  // As CopyTo; nothing is left here.
  void MoveTo(storage::WriteBatch* batch);
  // Lies over `base` from now on, which holds what the one before held.
  void Rebase(const View* base) { base_ = base; }
  bool empty() const { return changes_.empty(); }

 private:
  struct Change {
    std::string key;
    std::optional<std::string> value;  // nullopt for a deletion
  };
  using Ordered = std::map<std::string_view, const Change*>;

  // Hashing of the standard library's views, which this build of the map's library does not know.
  using ByKey =
      absl::flat_hash_map<std::string_view, Change*, std::hash<std::string_view>, std::equal_to<>>;

  // The changes of each table, which mostly come in the order of their keys.
  std::map<std::string, std::vector<const Change*>> ByTable() const;
  Change* Set(std::string key, std::optional<std::string> value);
  // The changes by key. Orders those that came since it was asked last, so that a commit which only
  // reads by key never pays for the order.
  const Ordered& InOrder() const;

  const View* base_;
  std::deque<Change> changes_;  // as they came, one a key
  ByKey by_key_;                // never iterated
  // Keys that were looked for in vain below: a new record's are looked for by its rules and again
  // by the fold.
  mutable absl::flat_hash_set<std::string, std::hash<std::string>, std::equal_to<>> absent_below_;
  std::uint64_t era_ = 0;
  mutable Ordered ordered_;
  mutable std::size_t ordered_count_ = 0;  // the first ones of `changes_`
};

}  // namespace landbook::registry

#endif  // LANDBOOK_SERVICES_REGISTRY_VIEW_H_
