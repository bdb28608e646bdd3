#include "storage/sorted_spool.h"

#include <algorithm>
#include <deque>
#include <numeric>
#include <queue>
#include <utility>

#include "storage/bytes.h"
#include "storage/check.h"
#include "storage/engine_internal.h"

namespace landbook::storage {
namespace {

// Large enough that finding and reading a block costs little a pair, small enough that looking for
// one pair does.
constexpr std::size_t kBlockBytes = 16u << 10;
// How much is written at once.
constexpr std::size_t kWriteBytes = 1u << 20;

// A pair as it lies in a block.
struct Pair {
  std::string_view key;
  std::string_view value;
};

Pair ReadPair(ByteReader* block) {
  Pair pair;
  pair.key = block->ReadLengthPrefixed();
  pair.value = block->ReadLengthPrefixed();
  LANDBOOK_CHECK(block->Ok());
  return pair;
}

}  // namespace

// Writes pairs, which come in order, as blocks behind what the file has.
class SortedSpool::RunWriter {
 public:
  explicit RunWriter(ScratchFile* file) : file_(file) {}

  absl::Status Add(const Pair& pair) {
    if (run_.empty() || bytes_.size() - block_begin_ >= kBlockBytes) {
      if (absl::Status status = EndBlock(); !status.ok()) return status;
      run_.push_back({std::string(pair.key), file_->size() + bytes_.size(), 0});
    }
    AppendLengthPrefixed(bytes_, pair.key);
    AppendLengthPrefixed(bytes_, pair.value);
    return absl::OkStatus();
  }

  absl::StatusOr<Run> Finish() {
    if (absl::Status status = EndBlock(); !status.ok()) return status;
    if (absl::Status status = file_->Append(bytes_); !status.ok()) return status;
    return std::move(run_);
  }

 private:
  absl::Status EndBlock() {
    if (!run_.empty()) run_.back().size = bytes_.size() - block_begin_;
    if (bytes_.size() >= kWriteBytes) {
      if (absl::Status status = file_->Append(bytes_); !status.ok()) return status;
      bytes_.clear();
    }
    block_begin_ = bytes_.size();
    return absl::OkStatus();
  }

  ScratchFile* file_;
  Run run_;
  std::string bytes_;  // of whole blocks, and of the last one so far
  std::size_t block_begin_ = 0;
};

// Goes through the pairs of a run, block by block.
class SortedSpool::Cursor {
 public:
  // REQUIRES: both outlive the cursor; the file may be missing where the run is empty.
  Cursor(const ScratchFile* file, const Run* run) : file_(file), run_(run) {}

  // True while the cursor is at a pair. False before the first Next or Seek, and at the end.
  bool valid() const { return valid_; }
  const Pair& pair() const { return pair_; }

  absl::Status Next() {
    valid_ = false;
    while (rest_.Rest().empty()) {
      if (next_block_ == run_->size()) return absl::OkStatus();
      if (absl::Status status = Load(next_block_); !status.ok()) return status;
    }
    pair_ = ReadPair(&rest_);
    valid_ = true;
    return absl::OkStatus();
  }

  // Goes to the first pair whose key is not before `key`. Costs no reading where that lies in the
  // block at hand, further on.
  absl::Status Seek(std::string_view key) {
    const std::size_t block = BlockOf(key);
    const bool ahead = valid_ && pair_.key < key && next_block_ > block;
    if (!ahead) {
      if (absl::Status status = Restart(block); !status.ok()) return status;
    }
    while (valid_ && pair_.key < key) {
      if (absl::Status status = Next(); !status.ok()) return status;
    }
    return absl::OkStatus();
  }

 private:
  // The block in which `key` lies if it is there. Pairs of one key may begin in the block before
  // the one that begins with it.
  std::size_t BlockOf(std::string_view key) const {
    const auto found = std::lower_bound(
        run_->begin(), run_->end(), key,
        [](const Block& block, std::string_view k) { return block.first_key < k; });
    const auto index = static_cast<std::size_t>(found - run_->begin());
    return index == 0 ? 0 : index - 1;
  }

  absl::Status Restart(std::size_t block) {
    next_block_ = block;
    rest_ = ByteReader(std::string_view());
    return Next();
  }

  absl::Status Load(std::size_t index) {
    const Block& block = (*run_)[index];
    if (absl::Status status = file_->Read(block.offset, block.size, &bytes_); !status.ok()) {
      return status;
    }
    rest_ = ByteReader(bytes_);
    next_block_ = index + 1;
    return absl::OkStatus();
  }

  const ScratchFile* file_;
  const Run* run_;
  std::size_t next_block_ = 0;  // the one behind the block at hand
  std::string bytes_;
  ByteReader rest_{std::string_view()};
  Pair pair_;
  bool valid_ = false;
};

std::string_view SortedSpool::KeyOf(const Held& pair) const {
  return std::string_view(held_).substr(pair.offset, pair.key_size);
}

std::string_view SortedSpool::ValueOf(const Held& pair) const {
  return std::string_view(held_).substr(pair.offset + pair.key_size, pair.value_size);
}

void SortedSpool::Add(std::string_view key, std::string_view value) {
  LANDBOOK_CHECK(!sorted_);
  pairs_.push_back({held_.size(), static_cast<std::uint32_t>(key.size()),
                    static_cast<std::uint32_t>(value.size())});
  held_.append(key).append(value);
}

absl::Status SortedSpool::MakeRoom() {
  return held_.size() < options_.memory_bytes_max ? absl::OkStatus() : WriteRun();
}

absl::Status SortedSpool::WriteRun() {
  if (!file_) {
    absl::StatusOr<ScratchFile> made = ScratchFile::Make(options_.directory);
    if (!made.ok()) return made.status();
    file_ = *std::move(made);
  }
  std::sort(pairs_.begin(), pairs_.end(),
            [this](const Held& a, const Held& b) { return KeyOf(a) < KeyOf(b); });
  RunWriter writer(&*file_);
  for (const Held& pair : pairs_) {
    if (absl::Status status = writer.Add({KeyOf(pair), ValueOf(pair)}); !status.ok()) return status;
  }
  absl::StatusOr<Run> run = writer.Finish();
  if (!run.ok()) return run.status();
  runs_.push_back(*std::move(run));
  pairs_.clear();
  held_.clear();
  return absl::OkStatus();
}

absl::Status SortedSpool::MergeRuns() {
  absl::StatusOr<ScratchFile> merged = ScratchFile::Make(options_.directory);
  if (!merged.ok()) return merged.status();
  const auto later = [](const Cursor* a, const Cursor* b) { return b->pair().key < a->pair().key; };
  std::priority_queue<Cursor*, std::vector<Cursor*>, decltype(later)> queue(later);
  const auto advance = [&](Cursor* run) {
    absl::Status status = run->Next();
    if (status.ok() && run->valid()) queue.push(run);
    return status;
  };
  std::deque<Cursor> cursors;
  for (const Run& run : runs_) {
    absl::Status status = advance(&cursors.emplace_back(&*file_, &run));
    if (!status.ok()) return status;
  }
  RunWriter writer(&*merged);
  while (!queue.empty()) {
    Cursor* first = queue.top();
    queue.pop();
    if (absl::Status status = writer.Add(first->pair()); !status.ok()) return status;
    if (absl::Status status = advance(first); !status.ok()) return status;
  }
  absl::StatusOr<Run> run = writer.Finish();
  if (!run.ok()) return run.status();
  blocks_ = *std::move(run);
  file_ = *std::move(merged);
  return absl::OkStatus();
}

absl::Status SortedSpool::Sort() {
  LANDBOOK_CHECK(!sorted_);
  if (!pairs_.empty()) {
    if (absl::Status status = WriteRun(); !status.ok()) return status;
  }
  std::string().swap(held_);
  std::vector<Held>().swap(pairs_);
  if (runs_.size() > 1) {
    if (absl::Status status = MergeRuns(); !status.ok()) return status;
  } else if (!runs_.empty()) {
    blocks_ = std::move(runs_.front());
  }
  runs_.clear();
  sorted_ = true;
  return absl::OkStatus();
}

absl::StatusOr<RemainingRanges> SortedSpool::Scan(std::span<const KeyRange> ranges,
                                                  const ScanLimit& limit, Visitor visitor) const {
  LANDBOOK_CHECK(sorted_);
  ScanProgress progress(ranges, limit, visitor);
  Cursor cursor(file_ ? &*file_ : nullptr, &blocks_);
  for (std::size_t i = 0; i < ranges.size(); ++i) {
    const KeyRange& range = ranges[i];
    absl::Status status = cursor.Seek(range.begin);
    while (status.ok() && cursor.valid()) {
      const Pair& pair = cursor.pair();
      if (!range.end.empty() && pair.key >= range.end) break;
      if (!progress.Visit(i, pair.key, pair.value)) return progress.TakeRemaining();
      status = cursor.Next();
    }
    if (!status.ok()) return status;
  }
  return progress.TakeRemaining();
}

absl::StatusOr<std::vector<std::optional<std::string>>> SortedSpool::Read(
    std::span<const std::string> keys) const {
  LANDBOOK_CHECK(sorted_);
  // In the order of the keys, whatever order they come in, so that no block is read twice.
  std::vector<std::size_t> order(keys.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::sort(order.begin(), order.end(),
            [&](std::size_t a, std::size_t b) { return keys[a] < keys[b]; });
  Cursor cursor(file_ ? &*file_ : nullptr, &blocks_);
  std::vector<std::optional<std::string>> values(keys.size());
  for (const std::size_t i : order) {
    if (absl::Status status = cursor.Seek(keys[i]); !status.ok()) return status;
    if (cursor.valid() && cursor.pair().key == keys[i]) values[i].emplace(cursor.pair().value);
  }
  return values;
}

void SortedSpool::Clear() {
  std::string().swap(held_);
  std::vector<Held>().swap(pairs_);
  file_.reset();
  runs_.clear();
  blocks_.clear();
  sorted_ = false;
}

}  // namespace landbook::storage
