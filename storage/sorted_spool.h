// Pairs of a key and a value that come in any order, need not outlive the process, and are read in
// the order of their keys once all are there: what a large import works on. Memory does not grow
// with their number but for a key a block of some 16 kB; the rest lies in a scratch file.
//
// What was added last is in memory. When it has grown to the limit it is sorted and becomes a run
// in the file. Sort merges the runs into one.
#ifndef LANDBOOK_STORAGE_SORTED_SPOOL_H_
#define LANDBOOK_STORAGE_SORTED_SPOOL_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "storage/engine.h"
#include "storage/scratch_file.h"

namespace landbook::storage {

// One thread adds and sorts. After Sort any number of threads read.
class SortedSpool {
 public:
  struct Options {
    std::string directory;                    // on whose disk the file is made; it must exist
    std::size_t memory_bytes_max = 8u << 20;  // how much is held before it becomes a run
  };
  explicit SortedSpool(Options options) : options_(std::move(options)) {}

  // Makes room for what is added next: writes a run when enough is in memory. UNAVAILABLE when the
  // disk does not take it; nothing is lost then, and it may be called again.
  absl::Status MakeRoom();
  // Adds a pair, in memory. Of pairs with one key all are kept, in no stated order. REQUIRES: not
  // sorted yet.
  void Add(std::string_view key, std::string_view value);
  // Ends adding. UNAVAILABLE when the disk does not take or give bytes.
  absl::Status Sort();
  bool sorted() const { return sorted_; }

  // As Engine::Scan and Engine::Read, over all keys, 0xff included; ranges are visited forward.
  // REQUIRES: sorted.
  absl::StatusOr<RemainingRanges> Scan(std::span<const KeyRange> ranges, const ScanLimit& limit,
                                       Visitor visitor) const;
  absl::StatusOr<std::vector<std::optional<std::string>>> Read(
      std::span<const std::string> keys) const;

  // Forgets everything and gives the room back; pairs may be added anew.
  void Clear();

 private:
  // Pairs in the order of their keys, in blocks of the file one behind the other.
  struct Block {
    std::string first_key;
    std::uint64_t offset = 0;
    std::size_t size = 0;
  };
  using Run = std::vector<Block>;
  // A pair in memory: where its bytes lie in `held_`.
  struct Held {
    std::size_t offset = 0;
    std::uint32_t key_size = 0;
    std::uint32_t value_size = 0;
  };
  class RunWriter;
  class Cursor;

  std::string_view KeyOf(const Held& pair) const;
  std::string_view ValueOf(const Held& pair) const;
  absl::Status WriteRun();
  absl::Status MergeRuns();

  const Options options_;
  std::string held_;
  std::vector<Held> pairs_;
  std::optional<ScratchFile> file_;
  std::vector<Run> runs_;
  Run blocks_;  // the one run of a sorted spool
  bool sorted_ = false;
};

}  // namespace landbook::storage

#endif  // LANDBOOK_STORAGE_SORTED_SPOOL_H_
