// Reading many keys of a book's tables at once, as of a sequence.
//
// VersionReader (versions.h) asks for one key after another and suits the writer, whose state lies
// in memory. Readers beside it go to the engine, where a round trip costs more than what it brings:
// here one call takes any number of keys, or a page of any number of ranges.
#ifndef LANDBOOK_SERVICES_REGISTRY_TABLE_READER_H_
#define LANDBOOK_SERVICES_REGISTRY_TABLE_READER_H_

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "services/registry/keys.h"
#include "services/registry/versions.h"
#include "storage/engine.h"

namespace landbook::registry {

// One item of a table: its key without book and space, the entry it holds from, and its value.
struct TableItem {
  std::string key;
  std::uint64_t from = 0;
  std::string value;
  friend bool operator==(const TableItem&, const TableItem&) = default;
};

// Some items of ranges of a table, in key order, and what of the ranges was not read.
struct TablePage {
  std::vector<TableItem> items;
  std::vector<storage::KeyRange> remaining;  // empty at the end
};

// Says whether an item is wanted, from its key without book and space and its value.
using ItemFilter = absl::FunctionRef<bool(std::string_view key, std::string_view value)>;

// The range of all keys of a table that begin with those bytes, for Page.
storage::KeyRange RangeOf(const TableKey& prefix);

// Reads the tables of one book as of one sequence, beside a writer that goes on: what is newer than
// the sequence is passed over, and what has been replaced since is found in the past space. A
// failure of the engine, or stored bytes that cannot be read, are kept in status() and the read
// answers absence; whoever acts on what was read asks for status() at the end. One thread at a
// time.
class TableReader {
 public:
  // REQUIRES: `engine` outlives the reader.
  TableReader(const storage::Engine* engine, BookNumber book, std::uint64_t as_of)
      : engine_(engine), book_(book), as_of_(as_of) {}

  // The versions that hold, in the order of the keys; nullopt where there is none. One round trip,
  // and one more for each key that was changed after the sequence or is not there.
  std::vector<std::optional<Version>> Get(std::span<const TableKey> keys);
  std::optional<Version> Get(const TableKey& key);

  // The same with keys of other spaces beside, in the same round trip: what lies under each of
  // them.
  struct Mixed {
    std::vector<std::optional<Version>> versions;
    std::vector<std::optional<std::string>> others;
  };
  Mixed GetWith(std::span<const TableKey> keys, std::span<const std::string> other_keys);

  // What holds in `ranges` (bytes of TableKey) until the limit, which counts current items read; a
  // page holds no more items than the limit says and may hold none while something remains. One
  // round trip, two when the limit ends it. REQUIRES: ranges ascending and disjoint.
  TablePage Page(std::span<const storage::KeyRange> ranges, const storage::ScanLimit& limit,
                 ItemFilter wanted);
  TablePage Page(std::span<const storage::KeyRange> ranges, const storage::ScanLimit& limit);

  // All versions of a key up to the sequence, oldest first.
  std::vector<Version> History(const TableKey& key);

  // The values of whole keys (book and space included) in one round trip.
  std::vector<std::optional<std::string>> ReadKeys(std::span<const std::string> keys);

  // False leaves the past space out: right only while the book has no entry after `as_of`, and for
  // the caller to make sure of.
  void set_reads_past(bool reads_past) { reads_past_ = reads_past; }

  void Fail(absl::Status status) { status_.Update(std::move(status)); }
  const absl::Status& status() const { return status_; }
  const storage::Engine& engine() const { return *engine_; }
  BookNumber book() const { return book_; }
  std::uint64_t as_of() const { return as_of_; }

 private:
  class PageScan;

  // A stored value as a version; fails the reader when it cannot be read.
  std::optional<Version> Decode(std::string_view stored);
  std::optional<Version> GetPast(const TableKey& key);

  const storage::Engine* engine_;
  BookNumber book_;
  std::uint64_t as_of_;
  bool reads_past_ = true;
  absl::Status status_;
};

}  // namespace landbook::registry

#endif  // LANDBOOK_SERVICES_REGISTRY_TABLE_READER_H_
