// Tables whose every version is kept: the current one under its key, earlier ones in the past space
// under the sequence that ended them (architecture, idea 4). No snapshot, nothing to rebuild.
#ifndef LANDBOOK_SERVICES_REGISTRY_VERSIONS_H_
#define LANDBOOK_SERVICES_REGISTRY_VERSIONS_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/functional/function_ref.h"
#include "services/registry/keys.h"
#include "services/registry/view.h"

namespace landbook::registry {

// A value, the entry it holds from, and the entry that ended it.
struct Version {
  std::uint64_t from = 0;
  std::uint64_t to = 0;  // 0 while it holds
  std::string value;
};

// Reads the newest state.
inline constexpr std::uint64_t kNewest = ~std::uint64_t{0};

// Sees one item of a table: its key without book and space, and its value.
using VersionVisitor =
    absl::FunctionRef<bool(std::string_view key, std::uint64_t from, std::string_view value)>;

// Reads the tables of one book as of one sequence. Reading current first and past second is right
// while a writer goes on: a version leaves the one and enters the other in one write, so it is
// seen in at least one of them, and what is newer than the sequence is passed over.
class VersionReader {
 public:
  // REQUIRES: `view` outlives the reader.
  VersionReader(const View* view, BookNumber book, std::uint64_t as_of = kNewest)
      : view_(view), book_(book), as_of_(as_of) {}

  // The version that holds as of the sequence; nullopt when there is none.
  std::optional<Version> Get(const TableKey& key) const;
  // The same, for a value alone.
  std::optional<std::string> Value(const TableKey& key) const;
  // True when some version holds.
  bool Has(const TableKey& key) const { return Get(key).has_value(); }

  // Shows what holds under `prefix`, in key order, from the first key that is not before
  // `from_key`.
  void Scan(const TableKey& prefix, std::string_view from_key, VersionVisitor visitor) const;
  void Scan(const TableKey& prefix, VersionVisitor visitor) const {
    Scan(prefix, prefix.bytes(), visitor);
  }

  // All versions of a key up to the sequence, oldest first. What holds as of it has not ended, even
  // when a later entry ended it.
  std::vector<Version> History(const TableKey& key) const;

  const View& view() const { return *view_; }
  BookNumber book() const { return book_; }
  std::uint64_t as_of() const { return as_of_; }

 private:
  void ScanNewest(const storage::KeyRange& range, VersionVisitor visitor) const;

  const View* view_;
  BookNumber book_;
  std::uint64_t as_of_;
};

// Changes the tables of one book in an overlay.
class VersionWriter {
 public:
  // REQUIRES: `overlay` outlives the writer; `sequence` is the entry being made, and no version in
  // the overlay is of a later one.
  VersionWriter(Overlay* overlay, BookNumber book, std::uint64_t sequence);

  // Makes `value` what holds from this entry on. A version that this same entry made is replaced.
  void Put(const TableKey& key, std::string_view value);
  // The same where nothing has ever held, without looking. REQUIRES: that it has not.
  void PutFirst(const TableKey& key, std::string_view value);
  // Ends what holds; nothing happens when nothing does.
  void Remove(const TableKey& key);

 private:
  // Moves what holds under `key` to the past, unless this entry made it.
  void Retire(const TableKey& key);
  // The key among those that hold, and what is stored of a value; both good until the next call.
  const std::string& Current(const TableKey& key);
  const std::string& Stored(std::string_view value);

  Overlay* overlay_;
  BookNumber book_;
  std::uint64_t sequence_;
  const std::string current_prefix_;
  std::string current_;
  std::string stored_;
};

}  // namespace landbook::registry

#endif  // LANDBOOK_SERVICES_REGISTRY_VERSIONS_H_
