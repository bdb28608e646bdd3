#include "storage/rocksdb/rocksdb_engine.h"

#include <fmt/format.h>
#include <rocksdb/db.h>
#include <rocksdb/utilities/checkpoint.h>
#include <rocksdb/write_batch.h>

#include <cstdint>
#include <filesystem>
#include <limits>
#include <system_error>
#include <utility>

#include "storage/bytes.h"
#include "storage/check.h"
#include "storage/engine_internal.h"
#include "storage/fence_table.h"
#include "storage/mutex.h"
#include "storage/rocksdb/rocksdb_database.h"
#include "storage/rocksdb/rocksdb_engine_internal.h"
#include "storage/rocksdb/rocksdb_status.h"
#include "storage/rocksdb/table_load.h"
#include "storage/rocksdb/write_ahead_log.h"
#include "storage/store_directory.h"

namespace landbook::storage {
namespace {

constexpr std::string_view kEngineName = "rocksdb";
// Where the epoch of a fence is kept; its name follows.
constexpr std::string_view kFencePrefix(
    "\xff"
    "fence/",
    7);

// Put into the log before tables are taken in.
constexpr std::string_view kLoadNote(
    "\xff"
    "load",
    5);

// What flushing has left is spread between two writes when it is not more: some tens of
// milliseconds.
constexpr std::uint64_t kSpreadAtOnceBytesMax = 4u << 20;

rocksdb::Slice ToSlice(std::string_view text) { return {text.data(), text.size()}; }
std::string_view ToView(const rocksdb::Slice& slice) { return {slice.data(), slice.size()}; }

// Copies the files as of one moment into a new directory and marks it as a store at the very end,
// so that half a copy is never taken for one.
absl::Status CopyStore(rocksdb::DB& database, const std::string& from, const std::string& to) {
  std::error_code error;
  if (!std::filesystem::create_directory(to, error)) {
    return absl::FailedPreconditionError(
        fmt::format("cannot copy the store {} to {}: {}; name a directory that does not exist, in "
                    "one that does",
                    from, to, error ? error.message() : "it exists"));
  }
  rocksdb::Checkpoint* made = nullptr;
  rocksdb::Status status = rocksdb::Checkpoint::Create(&database, &made);
  const std::unique_ptr<rocksdb::Checkpoint> checkpoint(made);
  if (status.ok()) status = checkpoint->CreateCheckpoint(to + "/rocksdb");
  if (!status.ok()) return FromRocksdb(status, from);
  return WriteMarker(to, kEngineName);
}

// The engine. RocksDB's own methods are safe from any thread.
class RocksdbEngine final : public Engine {
 public:
  RocksdbEngine(StoreDirectory directory, std::unique_ptr<RocksdbDatabase> database)
      : directory_(std::move(directory)), database_(std::move(database)) {}

  absl::StatusOr<std::vector<std::optional<std::string>>> Read(
      std::span<const std::string> keys) const override;
  absl::StatusOr<RemainingRanges> Scan(std::span<const KeyRange> ranges, const ScanLimit& limit,
                                       Visitor visitor) const override;
  absl::Status Write(const WriteBatch& batch, const Fence& fence, Durability durability) override;
  absl::StatusOr<Fence> AcquireFence(std::string_view name) override
      LANDBOOK_EXCLUDES(acquire_mutex_);
  absl::Status Purge(const KeyRange& range) override;
  absl::Status Flush() override;
  absl::Status Checkpoint(const std::string& directory) const override;
  absl::StatusOr<std::uint64_t> ApproximateSizeBytes(const KeyRange& range) const override;
  std::uint64_t Sequence() const override { return database_->Sequence(); }

  // Reads the fences as they were last acquired.
  absl::Status LoadFences();

 private:
  absl::StatusOr<std::vector<std::optional<std::string>>> ReadSingle(const std::string& key) const;
  absl::Status Translate(const rocksdb::Status& status) const {
    return FromRocksdb(status, directory_.Path());
  }
  absl::Status Apply(rocksdb::WriteBatch& batch, Durability durability);
  absl::Status WriteToLog(const WriteBatch& batch, const Fence& fence, Durability durability);
  absl::Status WriteAsTables(const WriteBatch& batch, const Fence& fence);

  // Declared before the database, so that the lock is given back after it was closed.
  StoreDirectory directory_;
  std::unique_ptr<RocksdbDatabase> database_;
  FenceTable fences_;
  // Epochs of one name are stored in the order in which they were given.
  Mutex acquire_mutex_;
};

// One key without the arrangements that MultiGet makes for many.
absl::StatusOr<std::vector<std::optional<std::string>>> RocksdbEngine::ReadSingle(
    const std::string& key) const {
  const RocksdbDatabase::Use database = database_->ForReading();
  if (!database.status().ok()) return database.status();
  rocksdb::PinnableSlice found;
  const rocksdb::Status status =
      database->Get(rocksdb::ReadOptions(), database->DefaultColumnFamily(), key, &found);
  if (!status.ok() && !status.IsNotFound()) return Translate(status);
  std::vector<std::optional<std::string>> values(1);
  if (status.ok()) values.front().emplace(ToView(found));
  return values;
}

absl::StatusOr<std::vector<std::optional<std::string>>> RocksdbEngine::Read(
    std::span<const std::string> keys) const {
  if (absl::Status status = ValidateKeys(keys); !status.ok()) return status;
  if (keys.size() == 1) return ReadSingle(keys.front());
  const RocksdbDatabase::Use database = database_->ForReading();
  if (!database.status().ok()) return database.status();
  const std::vector<rocksdb::Slice> slices(keys.begin(), keys.end());
  std::vector<rocksdb::PinnableSlice> found(keys.size());
  std::vector<rocksdb::Status> statuses(keys.size());
  database->MultiGet(rocksdb::ReadOptions(), database->DefaultColumnFamily(), keys.size(),
                     slices.data(), found.data(), statuses.data());
  std::vector<std::optional<std::string>> values(keys.size());
  for (std::size_t i = 0; i < keys.size(); ++i) {
    if (statuses[i].IsNotFound()) continue;
    if (!statuses[i].ok()) return Translate(statuses[i]);
    values[i].emplace(ToView(found[i]));
  }
  return values;
}

// Visits one range with an iterator that serves several; false when the scan is to stop.
bool ScanForward(rocksdb::Iterator& iterator, const KeyRange& range, std::size_t index,
                 ScanProgress& progress) {
  const std::string_view end = EndBound(range.end);
  for (iterator.Seek(range.begin); iterator.Valid(); iterator.Next()) {
    const std::string_view key = ToView(iterator.key());
    if (key >= end) return true;
    if (!progress.Visit(index, key, ToView(iterator.value()))) return false;
  }
  return true;
}

bool ScanBackward(rocksdb::Iterator& iterator, const KeyRange& range, std::size_t index,
                  ScanProgress& progress) {
  const std::string_view end = EndBound(range.end);
  iterator.SeekForPrev(ToSlice(end));
  if (iterator.Valid() && ToView(iterator.key()) == end) iterator.Prev();
  for (; iterator.Valid(); iterator.Prev()) {
    const std::string_view key = ToView(iterator.key());
    if (key < range.begin) return true;
    if (!progress.Visit(index, key, ToView(iterator.value()))) return false;
  }
  return true;
}

absl::StatusOr<RemainingRanges> RocksdbEngine::Scan(std::span<const KeyRange> ranges,
                                                    const ScanLimit& limit, Visitor visitor) const {
  if (absl::Status status = ValidateRanges(ranges); !status.ok()) return status;
  const RocksdbDatabase::Use database = database_->ForReading();
  if (!database.status().ok()) return database.status();
  ScanProgress progress(ranges, limit, visitor);
  // An iterator is made anew for each call: one that was kept would keep purged files alive.
  const std::unique_ptr<rocksdb::Iterator> iterator(database->NewIterator(rocksdb::ReadOptions()));
  for (std::size_t i = 0; i < ranges.size(); ++i) {
    const bool go_on = ranges[i].reverse ? ScanBackward(*iterator, ranges[i], i, progress)
                                         : ScanForward(*iterator, ranges[i], i, progress);
    if (!go_on) break;
    if (!iterator->status().ok()) return Translate(iterator->status());
  }
  return progress.TakeRemaining();
}

rocksdb::Status AddOperation(const WriteBatch::Operation& operation, rocksdb::WriteBatch& batch) {
  switch (operation.kind) {
    case WriteBatch::Kind::kPut:
      return batch.Put(ToSlice(operation.key), ToSlice(operation.value));
    case WriteBatch::Kind::kDelete:
      return batch.Delete(ToSlice(operation.key));
    case WriteBatch::Kind::kDeleteRange:
      return batch.DeleteRange(ToSlice(operation.key), ToSlice(EndBound(operation.value)));
  }
  return rocksdb::Status::InvalidArgument("unknown operation");
}

absl::Status RocksdbEngine::Apply(rocksdb::WriteBatch& batch, Durability durability) {
  const RocksdbDatabase::Use database = database_->ForWriting();
  if (!database.status().ok()) return database.status();
  rocksdb::WriteOptions options;
  options.sync = durability == Durability::kDurable;
  return Translate(database->Write(options, &batch));
}

absl::Status RocksdbEngine::Write(const WriteBatch& batch, const Fence& fence,
                                  Durability durability) {
  if (absl::Status status = ValidateBatch(batch); !status.ok()) return status;
  const bool as_tables = durability == Durability::kDurable && TableLoad::Suits(batch);
  return as_tables ? WriteAsTables(batch, fence) : WriteToLog(batch, fence, durability);
}

absl::Status RocksdbEngine::WriteToLog(const WriteBatch& batch, const Fence& fence,
                                       Durability durability) {
  rocksdb::WriteBatch native(batch.SizeBytes() + 16 * batch.Operations().size() + 16);
  if (durability == Durability::kDurable) MarkDurable(native);
  for (const WriteBatch::Operation& operation : batch.Operations()) {
    if (rocksdb::Status added = AddOperation(operation, native); !added.ok()) {
      return Translate(added);
    }
  }
  if (absl::Status status = fences_.Enter(fence); !status.ok()) return status;
  absl::Status status = Apply(native, durability);
  fences_.Leave(fence);
  return status;
}

absl::Status RocksdbEngine::WriteAsTables(const WriteBatch& batch, const Fence& fence) {
  const RocksdbDatabase::Use database = database_->ForWriting();
  if (!database.status().ok()) return database.status();
  TableLoad load(directory_.Path(), database->GetOptions(), database_->kinds_in_stretches());
  if (rocksdb::Status written = load.Write(batch); !written.ok()) return Translate(written);
  if (absl::Status status = fences_.Enter(fence); !status.ok()) return status;
  // The log before it has to be durable too, and to say so. The note makes the sequence grow, which
  // tables need not do.
  rocksdb::WriteBatch note;
  MarkDurable(note);
  rocksdb::WriteOptions synced;
  synced.sync = true;
  rocksdb::Status taken = note.Put(ToSlice(kLoadNote), rocksdb::Slice());
  if (taken.ok()) taken = database->Write(synced, &note);
  if (taken.ok()) {
    taken = load.TakeInto(*database);
    if (!taken.ok()) database_->DoubtLastTables();
  }
  fences_.Leave(fence);
  // Taking tables in may have flushed what was in memory. What cannot be done now is done later.
  if (taken.ok()) SpreadFlushes(*database, kSpreadAtOnceBytesMax).PermitUncheckedError();
  return Translate(taken);
}

absl::StatusOr<Fence> RocksdbEngine::AcquireFence(std::string_view name) {
  if (absl::Status status = ValidateFenceName(name); !status.ok()) return status;
  MutexLock lock(acquire_mutex_);
  Fence fence = fences_.Advance(name);
  std::string epoch;
  AppendU64(epoch, fence.epoch);
  rocksdb::WriteBatch native;
  MarkDurable(native);
  if (rocksdb::Status added = native.Put(fmt::format("{}{}", kFencePrefix, name), epoch);
      !added.ok()) {
    return Translate(added);
  }
  if (absl::Status status = Apply(native, Durability::kDurable); !status.ok()) return status;
  return fence;
}

absl::Status RocksdbEngine::LoadFences() {
  const RocksdbDatabase::Use database = database_->ForReading();
  const std::unique_ptr<rocksdb::Iterator> iterator(database->NewIterator(rocksdb::ReadOptions()));
  for (iterator->Seek(ToSlice(kFencePrefix)); iterator->Valid(); iterator->Next()) {
    std::string_view name = ToView(iterator->key());
    if (!name.starts_with(kFencePrefix)) break;
    name.remove_prefix(kFencePrefix.size());
    ByteReader epoch(ToView(iterator->value()));
    fences_.Load(name, epoch.ReadU64());
    if (!epoch.FinishedOk()) {
      return absl::DataLossError(fmt::format("the store {} holds a fence of {} bytes, not 8",
                                             directory_.Path(), iterator->value().size()));
    }
  }
  return Translate(iterator->status());
}

rocksdb::Status FlushMemory(rocksdb::DB& database) {
  rocksdb::FlushOptions options;
  options.wait = true;
  options.allow_write_stall = true;
  return database.Flush(options);
}

absl::Status RocksdbEngine::Flush() {
  const RocksdbDatabase::Use database = database_->ForWriting();
  if (!database.status().ok()) return database.status();
  rocksdb::Status status = FlushMemory(*database);
  constexpr auto kAnySize = std::numeric_limits<std::uint64_t>::max();
  if (status.ok()) status = SpreadFlushes(*database, kAnySize);
  if (status.ok()) status = MergeLoads(*database);
  return Translate(status);
}

absl::Status RocksdbEngine::Purge(const KeyRange& range) {
  if (absl::Status status = ValidateRange(range); !status.ok()) return status;
  const RocksdbDatabase::Use database = database_->ForWriting();
  if (!database.status().ok()) return database.status();
  rocksdb::Status status = FlushMemory(*database);
  if (!status.ok()) return Translate(status);
  rocksdb::CompactRangeOptions options;
  options.bottommost_level_compaction = rocksdb::BottommostLevelCompaction::kForce;
  const rocksdb::Slice begin(range.begin);
  const rocksdb::Slice end = ToSlice(EndBound(range.end));
  status = database->CompactRange(options, &begin, &end);
  // Replaced files are unlinked in the background; this waits for that and takes what is left.
  if (status.ok()) status = database->DisableFileDeletions();
  if (status.ok()) status = database->EnableFileDeletions(/*force=*/true);
  return Translate(status);
}

absl::Status RocksdbEngine::Checkpoint(const std::string& directory) const {
  const RocksdbDatabase::Use database = database_->ForReading();
  if (!database.status().ok()) return database.status();
  return CopyStore(*database, directory_.Path(), directory);
}

absl::StatusOr<std::uint64_t> RocksdbEngine::ApproximateSizeBytes(const KeyRange& range) const {
  if (absl::Status status = ValidateRange(range); !status.ok()) return status;
  const RocksdbDatabase::Use database = database_->ForReading();
  if (!database.status().ok()) return database.status();
  rocksdb::SizeApproximationOptions options;
  options.include_memtables = true;
  const rocksdb::Range native(range.begin, ToSlice(EndBound(range.end)));
  std::uint64_t size_bytes = 0;
  const rocksdb::Status status = database->GetApproximateSizes(
      options, database->DefaultColumnFamily(), &native, 1, &size_bytes);
  if (!status.ok()) return Translate(status);
  return size_bytes;
}

}  // namespace

absl::StatusOr<std::unique_ptr<Engine>> OpenRocksdbWith(RocksdbSetting setting) {
  auto held =
      StoreDirectory::Open(setting.directory, kEngineName, setting.options.create_if_missing);
  if (!held.ok()) return held.status();
  setting.is_new = held->IsNew();
  auto database = RocksdbDatabase::Open(std::move(setting));
  if (!database.ok()) return database.status();
  if (held->IsNew()) {
    if (absl::Status finished = held->FinishCreation(kEngineName); !finished.ok()) return finished;
  }
  auto engine = std::make_unique<RocksdbEngine>(*std::move(held), *std::move(database));
  if (absl::Status loaded = engine->LoadFences(); !loaded.ok()) return loaded;
  return engine;
}

absl::StatusOr<std::unique_ptr<Engine>> OpenRocksdb(const std::string& directory,
                                                    const RocksdbOptions& options) {
  return OpenRocksdbWith({.directory = directory, .options = options});
}

}  // namespace landbook::storage
