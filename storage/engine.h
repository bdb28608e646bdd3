// An ordered, durable key space: all that the book asks of whatever keeps its bytes.
//
// Keys and values are byte strings; keys are ordered as unsigned bytes. An engine is asked for keys
// and ranges and knows nothing of plots. Every engine passes engine_conformance_testing.h.
//
// Errors mean the same in every engine:
//   INVALID_ARGUMENT     the call itself is wrong (a reserved key, an inverted range, too long)
//   FAILED_PRECONDITION  the fence is not, or no longer, held; or the place is not ours to open
//   DATA_LOSS            stored bytes contradict their checksums; wrong bytes are never returned
//   UNAVAILABLE          the disk is full or failing; reading goes on, and writing too once there
//                        is room: the next write finds out
// Messages name files and sizes, never a key or a value.
#ifndef LANDBOOK_STORAGE_ENGINE_H_
#define LANDBOOK_STORAGE_ENGINE_H_

#include <absl/functional/function_ref.h>
#include <absl/status/status.h>
#include <absl/status/statusor.h>

#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "storage/byte_arena.h"

namespace landbook::storage {

// The longest key and value, in bytes. The key is bounded by what a B-tree page of a relational
// engine takes, the value by what one write should hold in memory.
inline constexpr std::size_t kKeyBytesMax = 1024;
inline constexpr std::size_t kValueBytesMax = 64u << 20;

// Keys that begin with this byte are the engine's own. No caller reads or writes them.
inline constexpr char kReservedByte = '\xff';

// The keys from `begin` (included) to `end` (excluded). An empty `begin` starts at the first key,
// an empty `end` goes to the last one, so `KeyRange{}` is everything a caller ever stored.
struct KeyRange {
  std::string begin = {};
  std::string end = {};
  // A scan visits the range from its last key to its first. Other calls ignore this.
  bool reverse = false;
  friend bool operator==(const KeyRange&, const KeyRange&) = default;
};

// The range of all keys that start with `prefix`. REQUIRES: `prefix` is not all 0xff.
KeyRange PrefixRange(std::string_view prefix);

// When a scan stops. The first item is visited however large it is, so a scan always moves on.
struct ScanLimit {
  std::size_t max_items = std::numeric_limits<std::size_t>::max();
  // Of keys and values together.
  std::size_t max_bytes = std::numeric_limits<std::size_t>::max();
};

// Sees one item and tells whether to go on. The views live until it returns. It must not call the
// engine that called it.
using Visitor = absl::FunctionRef<bool(std::string_view key, std::string_view value)>;

// What a scan left unvisited: pass it to the next scan to resume after the last item visited. It is
// empty when every range was exhausted. After a stop by the limit it holds at least one item; after
// a stop by the visitor it may turn out to hold none.
using RemainingRanges = std::vector<KeyRange>;

// How long an acknowledged write lasts.
enum class Durability {
  // It survives the end of the process (kill -9), but a power cut may take it back. A power cut
  // never takes back one buffered write and leaves a later one.
  kBuffered,
  // It survives a power cut, and so does every write acknowledged before it.
  kDurable,
};

// The right to write under a name, held by the one who acquired it last. The book's writer takes
// one for each county; a writer that was replaced but does not know it is refused.
struct Fence {
  std::string name = {};
  std::uint64_t epoch = 0;
};

// For keys that no single writer owns: a write with it is not checked against any fence.
inline const Fence kUnfenced = {};

// Changes that happen together or not at all, in the order in which they were added: a later one
// wins over an earlier one of the same key. What is added is copied, but for what is borrowed.
class WriteBatch {
 public:
  enum class Kind : std::uint8_t { kPut, kDelete, kDeleteRange };
  struct Operation {
    Kind kind;
    // The key, or the first key of a range.
    std::string_view key;
    // The value; the end of a range (empty: to the last key); empty for a deletion.
    std::string_view value;
  };

  WriteBatch() = default;
  // A batch that was moved from is empty.
  WriteBatch(WriteBatch&& other) noexcept { *this = std::move(other); }
  WriteBatch& operator=(WriteBatch&& other) noexcept;

  // Stores `value`, which may be empty, under `key`.
  void Put(std::string_view key, std::string_view value);
  // Makes `key` absent; it need not be present.
  void Delete(std::string_view key);
  // Makes every key of the range absent. For rare, large ranges: each one slows reading until it
  // has been compacted away.
  void DeleteRange(const KeyRange& range);

  // The same as Put and Delete without a copy. REQUIRES: the bytes outlive the batch, or lie in
  // memory that it is given to keep.
  void PutBorrowed(std::string_view key, std::string_view value);
  void DeleteBorrowed(std::string_view key);
  void Keep(ByteArena memory) { memory_.Take(std::move(memory)); }

  // Makes room for so many operations more, which costs less than making it as they come.
  void Reserve(std::size_t operations) { operations_.reserve(operations_.size() + operations); }
  // Adds copies of the operations of `other` after those of this batch.
  void Append(const WriteBatch& other);
  void Clear();

  bool Empty() const { return operations_.empty(); }
  std::span<const Operation> Operations() const { return operations_; }
  // How many of the first operations have keys each greater than the one before.
  std::size_t AscendingCount() const { return ascending_count_; }
  // Bytes of all keys and values.
  std::size_t SizeBytes() const { return size_bytes_; }

 private:
  void Add(Kind kind, std::string_view key, std::string_view value);
  std::string_view CopyOf(std::string_view bytes);

  std::vector<Operation> operations_;
  ByteArena memory_;
  std::size_t ascending_count_ = 0;
  std::size_t size_bytes_ = 0;
};

// The key space. All methods may be called from any thread at any time.
class Engine {
 public:
  virtual ~Engine() = default;
  Engine(const Engine&) = delete;
  Engine& operator=(const Engine&) = delete;

  // The values of `keys`, in their order, as of one moment; nullopt says that a key is absent,
  // which an empty value never does. One round trip however many keys.
  virtual absl::StatusOr<std::vector<std::optional<std::string>>> Read(
      std::span<const std::string> keys) const = 0;

  // Shows the items of `ranges` to `visitor`, range after range, each in key order (or in the
  // opposite one), as of one moment, until the limit or the visitor says stop. One round trip, and
  // one iterator, however many ranges: ask for all of a query's ranges at once, best in ascending
  // order. Gives what was left. On failure some items may have been visited.
  virtual absl::StatusOr<RemainingRanges> Scan(std::span<const KeyRange> ranges,
                                               const ScanLimit& limit, Visitor visitor) const = 0;

  // Applies `batch` at once or not at all. FAILED_PRECONDITION when `fence` is not the one acquired
  // last under its name. When it fails with UNAVAILABLE no reader of this engine ever sees it, but
  // a crash may leave it applied in whole, as any write whose answer was lost. An empty batch with
  // kDurable makes the earlier writes durable; once a write under a fence has returned OK, none
  // that failed before it under the same fence is still under way, so what became of it can be
  // read.
  virtual absl::Status Write(const WriteBatch& batch, const Fence& fence,
                             Durability durability) = 0;

  // Takes the fence `name` (not empty), durably. From the moment it returns, no write under an
  // earlier fence of that name is or will be applied. Epochs grow by at least one each time.
  virtual absl::StatusOr<Fence> AcquireFence(std::string_view name) = 0;

  // Makes what was deleted or overwritten in `range` physically gone: when it returns, no file of
  // the engine holds a value that was replaced in the range before the call. (A scan that was under
  // way keeps them until it ends.) Keys may stay as file boundaries, so a key must not hold what is
  // to be erased. Costs a rewrite of the range.
  virtual absl::Status Purge(const KeyRange& range) = 0;

  // Writes what is in memory to the main files, durably, and merges what large writes have left.
  // The log is short afterwards, opening fast, and reading too. Worth its cost after a large
  // import.
  virtual absl::Status Flush() = 0;

  // Makes a copy of everything, as of one moment, that can be opened in its own right. `directory`
  // must not exist yet. An engine that keeps nothing on disk refuses with FAILED_PRECONDITION.
  virtual absl::Status Checkpoint(const std::string& directory) const = 0;

  // About how many bytes the range takes as stored, after compression.
  virtual absl::StatusOr<std::uint64_t> ApproximateSizeBytes(const KeyRange& range) const = 0;

  // A number that grows with every write that changed something and never goes back while the
  // engine is open. After opening it tells how far the recovered writes reach: it is at least what
  // it was at the last durable write. Comparable only within one store.
  virtual std::uint64_t Sequence() const = 0;

 protected:
  Engine() = default;
};

// The value of one key; nullopt when it is absent.
absl::StatusOr<std::optional<std::string>> ReadOne(const Engine& engine, const std::string& key);

// An item as a caller keeps it.
struct KeyValue {
  std::string key;
  std::string value;
  friend bool operator==(const KeyValue&, const KeyValue&) = default;
};

// The item with the greatest key of `range`; nullopt when the range is empty. Costs one seek.
absl::StatusOr<std::optional<KeyValue>> Last(const Engine& engine, const KeyRange& range);

// The items of one range up to the limit, and what was left of it.
struct Page {
  std::vector<KeyValue> items;
  RemainingRanges remaining;
};
absl::StatusOr<Page> ScanPage(const Engine& engine, const KeyRange& range, const ScanLimit& limit);

}  // namespace landbook::storage

#endif  // LANDBOOK_STORAGE_ENGINE_H_
