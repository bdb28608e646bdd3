// Reading keys, from the engine or from changes that lie over it and are not written yet.
#ifndef LANDBOOK_SERVICES_REGISTRY_VIEW_H_
#define LANDBOOK_SERVICES_REGISTRY_VIEW_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_set.h"
#include "absl/status/status.h"
#include "storage/byte_arena.h"
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
  // Shows the items of `range`, each key once, in key order until the visitor says stop. What it is
  // shown lives until it returns. REQUIRES: the range is not reversed; the visitor neither changes
  // the view nor asks it for anything, for storage::Visitor may not call the engine below.
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
// lies below does not change while the overlay holds changes. Keys and values are packed into
// large pieces of memory, for an import changes a hundred thousand keys at once.
class Overlay final : public View {
 public:
  // REQUIRES: `base` outlives the overlay.
  explicit Overlay(const View* base);
  Overlay(Overlay&&) noexcept;
  Overlay& operator=(Overlay&&) noexcept;
  ~Overlay() override;
  std::optional<std::string> Get(const std::string& key) const override;
  // Which of them are absent is remembered, so that asking for many at first makes Get cheap.
  std::vector<std::optional<std::string>> GetAll(std::span<const std::string> keys) const override;
  void Scan(const storage::KeyRange& range, storage::Visitor visitor) const override;
  absl::Status status() const override { return base_->status(); }

  void Put(std::string_view key, std::string_view value);
  void Delete(std::string_view key);
  // The same as Put without looking what the key held. REQUIRES: neither the overlay nor what lies
  // below has ever had it. Gives the value where it lies.
  std::string_view PutFirst(std::string_view key, std::string_view value);
  // Puts `value`, and gives where it lies, to be changed in place: good until the next Put or
  // Delete of the key, and as long as era() stays the same.
  std::span<char> PutInPlace(std::string_view key, std::string_view value);
  // Changes when the changes move elsewhere.
  std::uint64_t era() const { return era_; }

  // Moves every change of `other` into this overlay. REQUIRES: `other` lies over this one.
  void Absorb(Overlay other);
  // Adds every change to `batch`, in the order of the keys. Another thread may read this overlay
  // meanwhile, and none may change it. REQUIRES: the overlay outlives the batch.
  void LendTo(storage::WriteBatch* batch) const;
  // The same for good: nothing is left here.
  void MoveTo(storage::WriteBatch* batch);
  // Lies over `base` from now on, which holds what the one before held.
  void Rebase(const View* base) { base_ = base; }
  bool empty() const { return tables_.empty(); }

 private:
  struct Change;
  class Table;

  const Table* FindTable(std::string_view key) const;
  Table& TableOf(std::string_view key);
  const Change* Find(std::string_view key) const;
  // The changes of a range, in the order of their keys.
  std::vector<const Change*> ChangesIn(const storage::KeyRange& range) const;
  std::vector<const Table*> TablesInOrder() const;

  const View* base_;
  std::vector<std::unique_ptr<Table>> tables_;  // few: as they came
  // Of keys and of values, apart: keys are looked at again and again.
  storage::ByteArena keys_;
  storage::ByteArena values_;
  // Keys that were looked for in vain below: a new record's are looked for by its rules and again
  // by the fold.
  mutable absl::flat_hash_set<std::string, std::hash<std::string>, std::equal_to<>> absent_below_;
  std::uint64_t era_ = 0;
};

}  // namespace landbook::registry

#endif  // LANDBOOK_SERVICES_REGISTRY_VIEW_H_
