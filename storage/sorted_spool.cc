#include "storage/sorted_spool.h"

#include <algorithm>
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

// Reads a run from its first pair to its last.
class SortedSpool::RunReader {
 public:
  RunReader(const ScratchFile* file, Run run) : file_(file), run_(std::move(run)) {}

  // Goes to the next pair; false at the end.
  absl::StatusOr<bool> Next() {
    if (rest_.Rest().empty()) {
      if (next_block_ == run_.size()) return false;
      const Block& block = run_[next_block_++];
      absl::Status status = file_->Read(block.offset, block.size, &bytes_);
      if (!status.ok()) return status;
      rest_ = ByteReader(bytes_);
    }
    pair_ = ReadPair(&rest_);
    return true;
  }
  const Pair& pair() const { return pair_; }

 private:
  const ScratchFile* file_;
  Run run_;
  std::size_t next_block_ = 0;
  std::string bytes_;
  ByteReader rest_{std::string_view()};
  Pair pair_;
};

// Reads blocks of the sorted run, and keeps the last one for the next question.
class SortedSpool::BlockReader {
 public:
  explicit BlockReader(const SortedSpool& spool) : spool_(spool) {}

  absl::StatusOr<std::string_view> Read(std::size_t index) {
    if (index != index_) {
      const Block& block = spool_.blocks_[index];
      absl::Status status = spool_.file_->Read(block.offset, block.size, &bytes_);
      if (!status.ok()) return status;
      index_ = index;
    }
    return bytes_;
  }

 private:
  const SortedSpool& spool_;
  std::size_t index_ = ~std::size_t{0};
  std::string bytes_;
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
  const auto later = [](const RunReader* a, const RunReader* b) {
    return b->pair().key < a->pair().key;
  };
  std::vector<RunReader> readers;
  readers.reserve(runs_.size());
  std::priority_queue<RunReader*, std::vector<RunReader*>, decltype(later)> queue(later);
  const auto advance = [&](RunReader* reader) {
    const absl::StatusOr<bool> more = reader->Next();
    if (more.ok() && *more) queue.push(reader);
    return more.status();
  };
  for (Run& run : runs_) {
    absl::Status status = advance(&readers.emplace_back(&*file_, std::move(run)));
    if (!status.ok()) return status;
  }
  RunWriter writer(&*merged);
  while (!queue.empty()) {
    RunReader* first = queue.top();
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

std::size_t SortedSpool::BlockOf(std::string_view key) const {
  // Pairs of one key may begin in the block before the one that begins with it.
  const auto found =
      std::lower_bound(blocks_.begin(), blocks_.end(), key,
                       [](const Block& block, std::string_view k) { return block.first_key < k; });
  const auto index = static_cast<std::size_t>(found - blocks_.begin());
  return index == 0 ? 0 : index - 1;
}

absl::StatusOr<RemainingRanges> SortedSpool::Scan(std::span<const KeyRange> ranges,
                                                  const ScanLimit& limit, Visitor visitor) const {
  LANDBOOK_CHECK(sorted_);
  ScanProgress progress(ranges, limit, visitor);
  BlockReader blocks(*this);
  for (std::size_t i = 0; i < ranges.size(); ++i) {
    const KeyRange& range = ranges[i];
    bool passed = false;
    for (std::size_t b = BlockOf(range.begin); b < blocks_.size() && !passed; ++b) {
      const absl::StatusOr<std::string_view> bytes = blocks.Read(b);
      if (!bytes.ok()) return bytes.status();
      for (ByteReader rest(*bytes); !rest.Rest().empty() && !passed;) {
        const Pair pair = ReadPair(&rest);
        if (pair.key < range.begin) continue;
        passed = !range.end.empty() && pair.key >= range.end;
        if (!passed && !progress.Visit(i, pair.key, pair.value)) return progress.TakeRemaining();
      }
    }
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
  BlockReader blocks(*this);
  std::vector<std::optional<std::string>> values(keys.size());
  for (const std::size_t i : order) {
    bool passed = false;
    for (std::size_t b = BlockOf(keys[i]); b < blocks_.size() && !passed; ++b) {
      const absl::StatusOr<std::string_view> bytes = blocks.Read(b);
      if (!bytes.ok()) return bytes.status();
      for (ByteReader rest(*bytes); !rest.Rest().empty() && !passed;) {
        const Pair pair = ReadPair(&rest);
        passed = pair.key >= keys[i];
        if (pair.key == keys[i]) values[i].emplace(pair.value);
      }
    }
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
