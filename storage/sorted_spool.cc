#include "storage/sorted_spool.h"

#include <algorithm>
#include <bit>
#include <cstring>
#include <deque>
#include <numeric>
#include <queue>
#include <utility>

#include "storage/check.h"
#include "storage/engine_internal.h"
#include "storage/prefetch.h"

namespace landbook::storage {
namespace {

// Large enough that finding and reading a block costs little a pair, small enough that looking for
// a few pairs does: a window among rows seeks a dozen places for some hundred rows.
constexpr std::size_t kBlockBytes = 4u << 10;
// How much is written at once.
constexpr std::size_t kWriteBytes = 1u << 20;
// Pairs in memory lie in the order in which they came. So far ahead of a cursor they are asked for
// from memory, which then has them when the cursor gets there.
constexpr std::size_t kPairsFetchedAhead = 6;

std::size_t CommonSize(std::string_view a, std::string_view b) {
  const auto end = std::mismatch(a.begin(), a.end(), b.begin(), b.end()).first;
  return static_cast<std::size_t>(end - a.begin());
}

}  // namespace

// --- PairList ------------------------------------------------------------------------------------

std::string& PairList::BeginKey() {
  key_begin_ = bytes_.size();
  return bytes_;
}

std::string& PairList::BeginValue() {
  value_begin_ = bytes_.size();
  return bytes_;
}

void PairList::End() {
  pairs_.emplace_back(static_cast<std::uint32_t>(value_begin_ - key_begin_),
                      static_cast<std::uint32_t>(bytes_.size() - value_begin_));
}

void PairList::Clear() {
  bytes_.clear();
  pairs_.clear();
}

// --- Runs in the file ----------------------------------------------------------------------------

// Writes pairs, which come in order, as blocks behind what the file has.
class SortedSpool::RunWriter {
 public:
  explicit RunWriter(ScratchFile* file) : file_(file) {}

  absl::Status Add(std::string_view key, std::string_view value) {
    if (run_.empty() || bytes_.size() - block_begin_ >= kBlockBytes) {
      if (absl::Status status = EndBlock(); !status.ok()) return status;
      run_.push_back({std::string(key), file_->size() + bytes_.size(), 0});
    }
    AppendLengthPrefixed(bytes_, key);
    AppendLengthPrefixed(bytes_, value);
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

absl::Status SortedSpool::WriteRun(const Chunk& chunk) {
  if (!file_) {
    absl::StatusOr<ScratchFile> made = ScratchFile::Make(options_.directory);
    if (!made.ok()) return made.status();
    file_ = *std::move(made);
  }
  RunWriter writer(&*file_);
  for (const Held& pair : chunk.pairs) {
    if (absl::Status status = writer.Add(pair.key(), pair.value()); !status.ok()) return status;
  }
  absl::StatusOr<Run> run = writer.Finish();
  if (!run.ok()) return run.status();
  runs_.push_back(*std::move(run));
  return absl::OkStatus();
}

// Merges the runs, and what is in memory, into one run of a new file.
absl::Status SortedSpool::MergeRuns() {
  absl::StatusOr<ScratchFile> merged = ScratchFile::Make(options_.directory);
  if (!merged.ok()) return merged.status();
  const auto later = [](const Cursor* a, const Cursor* b) { return b->key() < a->key(); };
  std::priority_queue<Cursor*, std::vector<Cursor*>, decltype(later)> queue(later);
  const auto advance = [&](Cursor* run) {
    absl::Status status = run->Next();
    if (status.ok() && run->valid()) queue.push(run);
    return status;
  };
  std::deque<Cursor> cursors;
  cursors.push_back(Cursor(this, nullptr));
  for (const Run& run : runs_) cursors.push_back(Cursor(this, &run));
  for (Cursor& cursor : cursors) {
    if (absl::Status status = advance(&cursor); !status.ok()) return status;
  }
  RunWriter writer(&*merged);
  while (!queue.empty()) {
    Cursor* first = queue.top();
    queue.pop();
    absl::Status status = writer.Add(first->key(), first->value());
    if (status.ok()) status = advance(first);
    if (!status.ok()) return status;
  }
  absl::StatusOr<Run> run = writer.Finish();
  if (!run.ok()) return run.status();
  blocks_ = *std::move(run);
  file_ = *std::move(merged);
  return absl::OkStatus();
}

// --- Adding and sorting --------------------------------------------------------------------------

std::uint64_t SortedSpool::OrderOf(std::string_view key) const {
  // A key that ends earlier is filled up with zeros: it may then seem equal, never greater.
  std::uint64_t bytes = 0;
  const std::string_view rest = key.substr(common_->size());
  std::memcpy(&bytes, rest.data(), std::min(rest.size(), sizeof bytes));
  return std::endian::native == std::endian::little ? __builtin_bswap64(bytes) : bytes;
}

void SortedSpool::Add(std::string_view key, std::string_view value) {
  LANDBOOK_CHECK(!sorted_);
  const std::size_t size = key.size() + value.size();
  if (chunks_.empty() || chunks_.back().capacity - chunks_.back().size < size) {
    if (!chunks_.empty()) SortChunk(&chunks_.back());
    Chunk& chunk = chunks_.emplace_back();
    chunk.capacity = std::max(options_.chunk_bytes, size);
    chunk.bytes = std::make_unique_for_overwrite<char[]>(chunk.capacity);
  }
  if (!common_) common_ = key;
  if (!key.starts_with(*common_)) common_->resize(CommonSize(*common_, key));
  Chunk& chunk = chunks_.back();
  char* const bytes = chunk.bytes.get() + chunk.size;
  std::copy(key.begin(), key.end(), bytes);
  std::copy(value.begin(), value.end(), bytes + key.size());
  chunk.size += size;
  chunk.pairs.push_back(
      {0, bytes, static_cast<std::uint32_t>(key.size()), static_cast<std::uint32_t>(value.size())});
}

absl::Status SortedSpool::MakeRoom() {
  const std::size_t chunks_max =
      std::max<std::size_t>(1, options_.memory_bytes_max / options_.chunk_bytes);
  while (chunks_.size() > chunks_max) {
    const auto last_full = chunks_.end() - 2;
    if (absl::Status status = WriteRun(*last_full); !status.ok()) return status;
    chunks_.erase(last_full);
  }
  return absl::OkStatus();
}

void SortedSpool::SortChunk(Chunk* chunk) const {
  chunk->common_bytes = common_->size();
  for (Held& pair : chunk->pairs) pair.order = OrderOf(pair.key());
  // What comes from a file is often in order already.
  if (std::is_sorted(chunk->pairs.begin(), chunk->pairs.end())) return;
  std::sort(chunk->pairs.begin(), chunk->pairs.end());
}

// Merges the chunks' pairs two chunks at a time, until all are in one order.
void SortedSpool::OrderChunks() {
  std::vector<std::size_t> ends;
  std::size_t count = 0;
  for (const Chunk& chunk : chunks_) count += chunk.pairs.size();
  order_.reserve(count);
  for (Chunk& chunk : chunks_) {
    // What all keys begin with may have become shorter since the chunk was sorted.
    if (chunk.common_bytes != common_->size()) SortChunk(&chunk);
    order_.insert(order_.end(), chunk.pairs.begin(), chunk.pairs.end());
    ends.push_back(order_.size());
    std::vector<Held>().swap(chunk.pairs);
  }
  const auto at = [this](std::size_t index) {
    return order_.begin() + static_cast<std::ptrdiff_t>(index);
  };
  while (ends.size() > 1) {
    std::vector<std::size_t> merged;
    for (std::size_t i = 0; i < ends.size(); i += 2) {
      const std::size_t begin = merged.empty() ? 0 : merged.back();
      const std::size_t end = ends[std::min(i + 1, ends.size() - 1)];
      std::inplace_merge(at(begin), at(ends[i]), at(end));
      merged.push_back(end);
    }
    ends = std::move(merged);
  }
}

absl::Status SortedSpool::Sort() {
  LANDBOOK_CHECK(!sorted_);
  // Sorted anew when an earlier call could not write: by then it is in order.
  if (order_.empty()) {
    if (!chunks_.empty()) SortChunk(&chunks_.back());
    OrderChunks();
  }
  if (!runs_.empty()) {
    if (absl::Status status = MergeRuns(); !status.ok()) return status;
    runs_.clear();
    std::vector<Held>().swap(order_);
    chunks_.clear();
  }
  sorted_ = true;
  return absl::OkStatus();
}

// --- Reading -------------------------------------------------------------------------------------

std::size_t SortedSpool::LowerBound(std::string_view key, std::size_t begin) const {
  if (order_.empty()) return 0;
  const int side = key.substr(0, common_->size()).compare(*common_);
  if (side < 0) return begin;  // also what is shorter and begins so
  if (side > 0) return order_.size();
  const Held wanted{OrderOf(key), key.data(), static_cast<std::uint32_t>(key.size()), 0};
  const auto found =
      std::lower_bound(order_.begin() + static_cast<std::ptrdiff_t>(begin), order_.end(), wanted);
  return static_cast<std::size_t>(found - order_.begin());
}

SortedSpool::Cursor SortedSpool::MakeCursor() const {
  LANDBOOK_CHECK(sorted_);
  return Cursor(this, blocks_.empty() ? nullptr : &blocks_);
}

absl::Status SortedSpool::Cursor::Next() { return run_ == nullptr ? NextInMemory() : NextInRun(); }

absl::Status SortedSpool::Cursor::NextInMemory() {
  const std::vector<Held>& pairs = spool_->order_;
  valid_ = next_ < pairs.size();
  if (!valid_) return absl::OkStatus();
  if (next_ + kPairsFetchedAhead < pairs.size()) {
    const Held& ahead = pairs[next_ + kPairsFetchedAhead];
    Prefetch({ahead.bytes, ahead.size()});
  }
  key_ = pairs[next_].key();
  value_ = pairs[next_].value();
  ++next_;
  return absl::OkStatus();
}

absl::Status SortedSpool::Cursor::NextInRun() {
  valid_ = false;
  while (rest_.Rest().empty()) {
    if (next_ == run_->size()) return absl::OkStatus();
    if (absl::Status status = Load(next_); !status.ok()) return status;
  }
  key_ = rest_.ReadLengthPrefixed();
  value_ = rest_.ReadLengthPrefixed();
  LANDBOOK_CHECK(rest_.Ok());
  valid_ = true;
  return absl::OkStatus();
}

absl::Status SortedSpool::Cursor::Seek(std::string_view key) {
  if (run_ == nullptr) {
    next_ = spool_->LowerBound(key, valid_ && key_ < key ? next_ : 0);
    return Next();
  }
  const std::size_t block = BlockOf(key);
  const bool ahead = valid_ && key_ < key && next_ > block;
  if (!ahead) {
    next_ = block;
    rest_ = ByteReader(std::string_view());
    if (absl::Status status = Next(); !status.ok()) return status;
  }
  while (valid_ && key_ < key) {
    if (absl::Status status = Next(); !status.ok()) return status;
  }
  return absl::OkStatus();
}

// The block in which `key` lies if it is there. Pairs of one key may begin in the block before the
// one that begins with it.
std::size_t SortedSpool::Cursor::BlockOf(std::string_view key) const {
  const auto found =
      std::lower_bound(run_->begin(), run_->end(), key,
                       [](const Block& block, std::string_view k) { return block.first_key < k; });
  const auto index = static_cast<std::size_t>(found - run_->begin());
  return index == 0 ? 0 : index - 1;
}

absl::Status SortedSpool::Cursor::Load(std::size_t index) {
  const Block& block = (*run_)[index];
  absl::Status status = spool_->file_->Read(block.offset, block.size, &block_);
  if (!status.ok()) return status;
  rest_ = ByteReader(block_);
  next_ = index + 1;
  return absl::OkStatus();
}

absl::StatusOr<RemainingRanges> SortedSpool::Scan(std::span<const KeyRange> ranges,
                                                  const ScanLimit& limit, Visitor visitor) const {
  ScanProgress progress(ranges, limit, visitor);
  Cursor cursor = MakeCursor();
  for (std::size_t i = 0; i < ranges.size(); ++i) {
    const KeyRange& range = ranges[i];
    absl::Status status = cursor.Seek(range.begin);
    while (status.ok() && cursor.valid()) {
      if (!range.end.empty() && cursor.key() >= range.end) break;
      if (!progress.Visit(i, cursor.key(), cursor.value())) return progress.TakeRemaining();
      status = cursor.Next();
    }
    if (!status.ok()) return status;
  }
  return progress.TakeRemaining();
}

absl::StatusOr<std::vector<std::optional<std::string>>> SortedSpool::Read(
    std::span<const std::string> keys) const {
  // In the order of the keys, whatever order they come in, so that no block is read twice.
  std::vector<std::size_t> order(keys.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::sort(order.begin(), order.end(),
            [&](std::size_t a, std::size_t b) { return keys[a] < keys[b]; });
  Cursor cursor = MakeCursor();
  std::vector<std::optional<std::string>> values(keys.size());
  for (const std::size_t i : order) {
    if (absl::Status status = cursor.Seek(keys[i]); !status.ok()) return status;
    if (cursor.valid() && cursor.key() == keys[i]) values[i].emplace(cursor.value());
  }
  return values;
}

void SortedSpool::Clear() {
  common_.reset();
  chunks_.clear();
  std::vector<Held>().swap(order_);
  file_.reset();
  runs_.clear();
  blocks_.clear();
  sorted_ = false;
}

}  // namespace landbook::storage
