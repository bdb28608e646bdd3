// Reading keys, from the engine or from changes that lie over it and are not written yet.
#ifndef LANDBOOK_SERVICES_REGISTRY_VIEW_H_
#define LANDBOOK_SERVICES_REGISTRY_VIEW_H_

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "absl/functional/function_ref.h"
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
  void Scan(const storage::KeyRange& range, storage::Visitor visitor) const override;
  absl::Status status() const override { return status_; }

 private:
  const storage::Engine* engine_;
  mutable absl::Status status_;
};

// Changes over another view: what one commit, or one batch of commits, has changed so far.
class Overlay final : public View {
 public:
  // REQUIRES: `base` outlives the overlay.
  explicit Overlay(const View* base) : base_(base) {}
  std::optional<std::string> Get(const std::string& key) const override;
  void Scan(const storage::KeyRange& range, storage::Visitor visitor) const override;
  absl::Status status() const override { return base_->status(); }

  void Put(std::string key, std::string value) { changes_[std::move(key)] = std::move(value); }
  void Delete(std::string key) { changes_[std::move(key)] = std::nullopt; }

  // Moves every change of `other`, which lies over this overlay, into it.
  void Absorb(Overlay other);
  // Adds every change to `batch`.
  void AppendTo(storage::WriteBatch* batch) const;
  // Shows the keys of all changes that begin with `prefix`, in order.
  void ForEachKey(std::string_view prefix,
                  absl::FunctionRef<void(std::string_view key)> visitor) const;
  void Clear() { changes_.clear(); }
  bool empty() const { return changes_.empty(); }

 private:
  const View* base_;
  std::map<std::string, std::optional<std::string>, std::less<>> changes_;
};

}  // namespace landbook::registry

#endif  // LANDBOOK_SERVICES_REGISTRY_VIEW_H_
