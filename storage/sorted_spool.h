// Pairs of a key and a value that come in any order, need not outlive the process, and are read in
// the order of their keys once all are there: what a large import works on.
//
// Pairs lie in memory, in chunks, up to a limit; each chunk is sorted when it is full, so that
// little is left to do when the last pair has come. Chunks beyond the limit become sorted runs in a
// scratch file. Where all fits, Sort puts the chunks in one order and nothing is ever written;
// where it does not, Sort merges everything into one run in a file, and memory then does not grow
// with the number of pairs but for a key a block of some 4 kB.
#ifndef LANDBOOK_STORAGE_SORTED_SPOOL_H_
#define LANDBOOK_STORAGE_SORTED_SPOOL_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "storage/bytes.h"
#include "storage/engine.h"
#include "storage/scratch_file.h"

namespace landbook::storage {

// Pairs on their way into a spool, one behind the other in one piece of memory, which Clear keeps
// for the next ones.
class PairList {
 public:
  // Adds a pair bit by bit: its key is appended to what BeginKey gives, then its value to what
  // BeginValue gives. REQUIRES: what is there already stays as it is.
  std::string& BeginKey();
  std::string& BeginValue();
  void End();

  bool empty() const { return pairs_.empty(); }
  std::size_t size() const { return pairs_.size(); }
  void Clear();
  // Shows each pair: visit(std::string_view key, std::string_view value).
  template <typename Visit>
  void ForEach(Visit visit) const {
    std::string_view rest = bytes_;
    for (const auto& [key_size, value_size] : pairs_) {
      visit(rest.substr(0, key_size), rest.substr(key_size, value_size));
      rest.remove_prefix(std::size_t{key_size} + value_size);
    }
  }

 private:
  std::string bytes_;
  std::size_t key_begin_ = 0;
  std::size_t value_begin_ = 0;
  std::vector<std::pair<std::uint32_t, std::uint32_t>> pairs_;  // sizes of key and value
};

// One thread adds and sorts. After Sort any number of threads read.
class SortedSpool {
 public:
  struct Options {
    std::string directory;                     // on whose disk files are made; it must exist
    std::size_t memory_bytes_max = 64u << 20;  // of chunks; at least one is held all the same
    std::size_t chunk_bytes = 4u << 20;
  };
  explicit SortedSpool(Options options) : options_(std::move(options)) {}

  // Makes room for what is added next: writes chunks that are more than the memory is for.
  // UNAVAILABLE when the disk does not take them; nothing is lost then, and it may be called again.
  absl::Status MakeRoom();
  // Adds a pair, in memory. Of pairs with one key all are kept, in no stated order; a spool that is
  // read by key, or scanned from where an earlier scan stopped, is to have each key once (see
  // there). REQUIRES: not sorted yet.
  void Add(std::string_view key, std::string_view value);
  // Ends adding. UNAVAILABLE when the disk does not take or give bytes.
  absl::Status Sort();
  bool sorted() const { return sorted_; }

  // As Engine::Scan and Engine::Read, over all keys, 0xff included; ranges are visited forward.
  // What a scan leaves is told by a key: where several pairs have that key, a scan from there on
  // shows some again when the limit stopped it, and leaves some out when the visitor did. Read
  // gives one of them. REQUIRES: sorted.
  absl::StatusOr<RemainingRanges> Scan(std::span<const KeyRange> ranges, const ScanLimit& limit,
                                       Visitor visitor) const;
  absl::StatusOr<std::vector<std::optional<std::string>>> Read(
      std::span<const std::string> keys) const;

  // Goes through the pairs, before the first of them when it is made. REQUIRES: sorted; the spool
  // outlives the cursor and is not cleared meanwhile.
  class Cursor;
  Cursor MakeCursor() const;

  // Forgets everything and gives the room back; pairs may be added anew.
  void Clear();

 private:
  // A pair in memory: the value's bytes lie behind the key's.
  struct Held {
    // The eight bytes of the key behind `common_`, which order most pairs without a look at the
    // key.
    std::uint64_t order = 0;
    const char* bytes = nullptr;
    std::uint32_t key_size = 0;
    std::uint32_t value_size = 0;

    std::size_t size() const { return std::size_t{key_size} + value_size; }
    std::string_view key() const { return {bytes, key_size}; }
    std::string_view value() const { return {bytes + key_size, value_size}; }
    friend bool operator<(const Held& a, const Held& b) {
      return a.order != b.order ? a.order < b.order : a.key() < b.key();
    }
  };
  struct Chunk {
    std::unique_ptr<char[]> bytes;
    std::size_t size = 0;
    std::size_t capacity = 0;
    std::vector<Held> pairs;       // sorted once the chunk is full
    std::size_t common_bytes = 0;  // how much all keys had in common when they were sorted
  };
  // Pairs in the order of their keys, in blocks of the file one behind the other.
  struct Block {
    std::string first_key;
    std::uint64_t offset = 0;
    std::size_t size = 0;
  };
  using Run = std::vector<Block>;
  class RunWriter;

  std::uint64_t OrderOf(std::string_view key) const;
  // The first pair in `order_`, from `begin` on, whose key is not before `key`.
  std::size_t LowerBound(std::string_view key, std::size_t begin) const;
  void SortChunk(Chunk* chunk) const;
  void OrderChunks();
  absl::Status WriteRun(const Chunk& chunk);
  absl::Status MergeRuns();

  const Options options_;
  std::optional<std::string> common_;  // what the keys of all pairs that are held begin with
  std::vector<Chunk> chunks_;          // the last one is being filled
  std::vector<Held> order_;            // sorted, in memory: all pairs, in the order of their keys
  std::optional<ScratchFile> file_;
  std::vector<Run> runs_;
  Run blocks_;  // sorted, in the file: its one run
  bool sorted_ = false;
};

class SortedSpool::Cursor {
 public:
  // True while the cursor is at a pair. False before the first Next or Seek, and at the end.
  bool valid() const { return valid_; }
  // The pair it is at; the views live until it moves.
  std::string_view key() const { return key_; }
  std::string_view value() const { return value_; }

  // Goes to the next pair. UNAVAILABLE when the disk does not give bytes.
  absl::Status Next();
  // Goes to the first pair whose key is not before `key`. Costs no reading where that lies in the
  // block at hand, further on. Fails as Next.
  absl::Status Seek(std::string_view key);

 private:
  friend class SortedSpool;
  // Over what is in memory when `run` is null.
  Cursor(const SortedSpool* spool, const Run* run) : spool_(spool), run_(run) {}

  absl::Status NextInMemory();
  absl::Status NextInRun();
  std::size_t BlockOf(std::string_view key) const;
  absl::Status Load(std::size_t index);

  const SortedSpool* spool_;
  const Run* run_;
  std::size_t next_ = 0;  // the pair in memory, or the block of the run, behind the one at hand
  std::string block_;
  ByteReader rest_{std::string_view()};  // of the block
  std::string_view key_;
  std::string_view value_;
  bool valid_ = false;
};

}  // namespace landbook::storage

#endif  // LANDBOOK_STORAGE_SORTED_SPOOL_H_
