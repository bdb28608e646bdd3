#include "storage/rocksdb/rocksdb_database.h"

#include <fmt/format.h>
#include <rocksdb/cache.h>
#include <rocksdb/filter_policy.h>
#include <rocksdb/listener.h>
#include <rocksdb/table.h>

#include <algorithm>
#include <utility>
#include <vector>

#include "storage/rocksdb/rocksdb_status.h"
#include "storage/rocksdb/table_load.h"
#include "storage/rocksdb/write_ahead_log.h"

namespace landbook::storage {
namespace {

// The file that asks the disk for room. One that a crash left is overwritten and removed by the
// next question, or at the next opening.
constexpr std::string_view kRoomName = "ROOM";
// Room for the next write, beside what opening writes: the largest commit takes as much.
constexpr std::uint64_t kSpareBytes = 16u << 20;
// Readers that arrive wait no longer than this for those who are inside already.
constexpr std::chrono::milliseconds kDrainTimeMax{50};

rocksdb::BlockBasedTableOptions TableOptions(const RocksdbOptions& options) {
  rocksdb::BlockBasedTableOptions table;
  table.block_cache = rocksdb::NewLRUCache(options.cache_bytes);
  table.filter_policy.reset(rocksdb::NewBloomFilterPolicy(10));
  // Indexes and filters lie in memory beside the cache, whole: some two bytes a key. A look-up
  // finds them without asking the cache and costs a third less than with small pieces of them kept
  // there; large ones kept there drove each other out (an import took six times as long).
  table.cache_index_and_filter_blocks = false;
  table.block_size = 8u << 10;
  table.format_version = 5;
  table.checksum = rocksdb::kXXH3;
  return table;
}

void SetCompression(rocksdb::Options& database) {
  database.compression = rocksdb::kLZ4Compression;
  database.bottommost_compression = rocksdb::kZSTD;
}

// Files on disk, the log among them, stay bounded whatever happens.
void SetFileBounds(const RocksdbOptions& options, rocksdb::Options& database) {
  database.write_buffer_size = options.write_buffer_bytes / 2;
  // Most keys that a writer looks for are new, and in memory too a filter says so sooner than a
  // search.
  database.memtable_whole_key_filtering = true;
  database.memtable_prefix_bloom_size_ratio = 0.02;
  database.max_write_buffer_number = 3;
  database.max_total_wal_size = options.write_buffer_bytes;
  database.target_file_size_base = 16u << 20;
  database.level_compaction_dynamic_level_bytes = true;
  database.sst_partitioner_factory = TableLoad::PartitionerForCompactions();
  // Each load leaves a few small files that overlap others, of counters and of codes. Gathering
  // many of them before they are merged costs a look-up less than merging them often costs a load.
  database.level0_file_num_compaction_trigger = 48;
  database.level0_slowdown_writes_trigger = 80;
  database.level0_stop_writes_trigger = 112;
  // Of what waits in the first level the oldest is merged first. Otherwise the table of codes, which
  // every load adds to, was written anew for each few loads, while small files kept their places.
  database.compaction_pri = rocksdb::kOldestSmallestSeqFirst;
  database.max_bytes_for_level_base = 32u << 20;
  database.max_manifest_file_size = 16u << 20;
  database.info_log_level = rocksdb::WARN_LEVEL;
  database.max_log_file_size = 4u << 20;
  database.keep_log_file_num = 3;
  database.stats_dump_period_sec = 0;
  database.stats_persist_period_sec = 0;
}

rocksdb::Options DatabaseOptions(const RocksdbSetting& setting) {
  rocksdb::Options database;
  database.create_if_missing = setting.is_new;
  database.paranoid_checks = true;
  // The default mode stops in silence at the first bad record and loses what was acknowledged
  // behind it. This one refuses a bad record; TrimUnfinishedTail took away the one that a power cut
  // may leave.
  database.wal_recovery_mode = rocksdb::WALRecoveryMode::kTolerateCorruptedTailRecords;
  database.track_and_verify_wals_in_manifest = true;
  database.max_background_jobs = 2;
  database.table_factory.reset(rocksdb::NewBlockBasedTableFactory(TableOptions(setting.options)));
  SetCompression(database);
  SetFileBounds(setting.options, database);
  return database;
}

absl::Status OpenFailure(const rocksdb::Status& status, const std::string& directory) {
  if (status.IsInvalidArgument() || status.IsPathNotFound()) {
    return absl::DataLossError(
        fmt::format("files of the store {} are missing: {}; restore from a backup", directory,
                    status.ToString()));
  }
  return FromRocksdb(status, directory);
}

}  // namespace

class RocksdbDatabase::Listener final : public rocksdb::EventListener {
 public:
  explicit Listener(std::shared_ptr<std::atomic<bool>> ailing) : ailing_(std::move(ailing)) {}

  // A disk that fails can come back; files that contradict their checksums do not.
  void OnBackgroundError(rocksdb::BackgroundErrorReason, rocksdb::Status* status) override {
    if (!status->ok() && !status->IsCorruption()) ailing_->store(true);
  }

  // Keeps RocksDB from resuming by itself: it would write on to the log that failed, which ends the
  // process by an assertion (RocksDB 7.8 as Debian builds it).
  void OnErrorRecoveryBegin(rocksdb::BackgroundErrorReason, rocksdb::Status,
                            bool* automatic) override {
    *automatic = false;
  }

 private:
  const std::shared_ptr<std::atomic<bool>> ailing_;
};

RocksdbDatabase::RocksdbDatabase(RocksdbSetting setting)
    : setting_(std::move(setting)),
      path_(setting_.directory + "/rocksdb"),
      env_(rocksdb::NewCompositeEnv(TableLoad::WithoutSecondSyncs(setting_.file_system))),
      ailing_(std::make_shared<std::atomic<bool>>(false)),
      options_(DatabaseOptions(setting_)) {
  options_.env = env_.get();
  options_.listeners.push_back(std::make_shared<Listener>(ailing_));
}

absl::StatusOr<std::unique_ptr<RocksdbDatabase>> RocksdbDatabase::Open(RocksdbSetting setting) {
  std::unique_ptr<RocksdbDatabase> made(new RocksdbDatabase(std::move(setting)));
  const std::string room = fmt::format("{}/{}", made->setting_.directory, kRoomName);
  made->env_->DeleteFile(room).PermitUncheckedError();  // There is hardly ever one.
  TableLoad::RemoveLeftovers(*made->env_, made->setting_.directory);
  if (absl::Status status = TrimUnfinishedTail(made->path_); !status.ok()) return status;
  if (absl::Status status = made->OpenFor(Access::kWrite); !status.ok()) return status;
  made->options_.create_if_missing = false;
  return made;
}

void RocksdbDatabase::DoubtLastTables() {
  if (ailing_->load()) doubted_ = true;
}

RocksdbDatabase::Use RocksdbDatabase::ForWriting() {
  if (ailing_->load()) Mend();
  return Use(*this, writable_);
}

std::uint64_t RocksdbDatabase::Sequence() const {
  const Use database = ForReading();
  return database_ ? database->GetLatestSequenceNumber() : last_sequence_;
}

void RocksdbDatabase::Mend() {
  MutexLock lock(mend_mutex_);
  const auto now = std::chrono::steady_clock::now();
  if (!ailing_->load() || doubted_ || now < next_mend_) return;
  next_mend_ = now + setting_.mend_every;
  if (!HasRoom() || !gate_.Shut(kDrainTimeMax)) return;
  Reopen();
  gate_.Open();
}

bool RocksdbDatabase::HasRoom() const {
  const auto log_bytes = LogBytes(path_);
  if (!log_bytes.ok()) return false;
  // Opening writes what the logs hold to the main files.
  const std::uint64_t wanted_bytes = *log_bytes + kSpareBytes;
  std::uint64_t free_bytes = 0;
  const bool told =
      setting_.file_system->GetFreeSpace(path_, rocksdb::IOOptions(), &free_bytes, nullptr).ok();
  if (told && free_bytes < wanted_bytes) return false;
  return TakesBytes(wanted_bytes);
}

// What the file system tells is not all: quotas and failing disks show when something is written.
bool RocksdbDatabase::TakesBytes(std::uint64_t size_bytes) const {
  constexpr std::uint64_t kPieceBytes = 1u << 20;
  const std::string room = fmt::format("{}/{}", setting_.directory, kRoomName);
  std::unique_ptr<rocksdb::WritableFile> file;
  rocksdb::Status status = env_->NewWritableFile(room, &file, rocksdb::EnvOptions());
  const std::string piece(kPieceBytes, '\0');
  for (std::uint64_t at = 0; status.ok() && at < size_bytes; at += kPieceBytes) {
    status = file->Append(piece);
  }
  if (status.ok()) status = file->Sync();
  if (file) {
    const rocksdb::Status closed = file->Close();
    if (status.ok()) status = closed;
  }
  return env_->DeleteFile(room).ok() && status.ok();
}

void RocksdbDatabase::Reopen() {
  if (database_) last_sequence_ = database_->GetLatestSequenceNumber();
  database_.reset();
  const absl::Status cut = CutUnacknowledged();
  ailing_->store(false);
  writable_ = cut.ok() ? OpenFor(Access::kWrite) : cut;
  readable_ = writable_;
  if (cut.ok() && !writable_.ok()) readable_ = OpenFor(Access::kRead);
  if (absl::IsUnavailable(writable_)) ailing_->store(true);
}

absl::Status RocksdbDatabase::CutUnacknowledged() const {
  if (absl::Status status = TrimUnfinishedTail(path_); !status.ok()) return status;
  return CutBehind(path_, last_sequence_);
}

absl::Status RocksdbDatabase::OpenFor(Access access) {
  rocksdb::DB* opened = nullptr;
  const rocksdb::Status status = access == Access::kWrite
                                     ? rocksdb::DB::Open(options_, path_, &opened)
                                     : rocksdb::DB::OpenForReadOnly(options_, path_, &opened);
  std::unique_ptr<rocksdb::DB> database(opened);
  if (!status.ok()) return OpenFailure(status, setting_.directory);
  if (database->GetLatestSequenceNumber() < last_sequence_) {
    return absl::DataLossError(fmt::format(
        "the store {} was opened again and ends at {}, but had acknowledged {}; keep it as it is "
        "and restore from a backup",
        setting_.directory, database->GetLatestSequenceNumber(), last_sequence_));
  }
  database_ = std::move(database);
  return absl::OkStatus();
}

}  // namespace landbook::storage
