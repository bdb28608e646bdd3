// The RocksDB database of one store, and how it comes back after its disk was full or failed.
//
// RocksDB stops at the first error of its disk. Nothing that it has in memory is wrong then, so
// reading goes on; but the end of its log may hold a torn record, or a whole one that was answered
// as failed, and resuming in place would write on behind it. So the database is not resumed. When
// there is room again the next write closes it, cuts the log behind the last acknowledged write,
// and opens it anew, while readers wait at the gate for as long as that takes.
#ifndef LANDBOOK_STORAGE_ROCKSDB_ROCKSDB_DATABASE_H_
#define LANDBOOK_STORAGE_ROCKSDB_ROCKSDB_DATABASE_H_

#include <absl/status/status.h>
#include <absl/status/statusor.h>
#include <rocksdb/db.h>
#include <rocksdb/env.h>
#include <rocksdb/file_system.h>
#include <rocksdb/options.h>

#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <string>

#include "storage/mutex.h"
#include "storage/rocksdb/drain_gate.h"
#include "storage/rocksdb/rocksdb_engine.h"

namespace landbook::storage {

// What a database is opened with.
struct RocksdbSetting {
  std::string directory;  // the store's, whose folder `rocksdb` holds the database
  bool is_new = false;
  RocksdbOptions options;
  std::shared_ptr<rocksdb::FileSystem> file_system = rocksdb::FileSystem::Default();
  // How long after one attempt to come back the next is made. Each costs a probe of the disk.
  std::chrono::milliseconds mend_every{1'000};
};

class RocksdbDatabase {
 public:
  // A use of the database, which is not closed before it ends. One that lasts, such as a long scan,
  // puts off the return from a full disk, so nothing is waited for meanwhile.
  class Use {
   public:
    ~Use() { owner_.gate_.Leave(); }
    Use(const Use&) = delete;
    Use& operator=(const Use&) = delete;

    // Why the database cannot be used; OK when it can.
    const absl::Status& status() const { return status_; }
    // REQUIRES: status() is OK.
    rocksdb::DB* operator->() const { return owner_.database_.get(); }
    rocksdb::DB& operator*() const { return *owner_.database_; }

   private:
    friend class RocksdbDatabase;
    Use(const RocksdbDatabase& owner, const absl::Status& status) : owner_(owner), status_(status) {
      owner_.gate_.Enter();
    }
    const RocksdbDatabase& owner_;
    const absl::Status& status_;  // of the owner; looked at from inside the gate only
  };

  // Opens the database as OpenRocksdb says, what a crash left at the end of its log cut off.
  static absl::StatusOr<std::unique_ptr<RocksdbDatabase>> Open(RocksdbSetting setting);
  RocksdbDatabase(const RocksdbDatabase&) = delete;
  RocksdbDatabase& operator=(const RocksdbDatabase&) = delete;

  Use ForReading() const { return Use(*this, readable_); }
  // Comes back first, where the disk had failed and there is room again.
  Use ForWriting() LANDBOOK_EXCLUDES(mend_mutex_);

  // Says that tables could not be taken in, which the manifest may tell otherwise. Where the disk
  // failed meanwhile, the database is then not opened again by this process: what was answered as
  // failed must not come to life under those who were told.
  void DoubtLastTables();

  // As of the options.
  const std::string& kinds_in_stretches() const { return setting_.options.kinds_in_stretches; }

  // The number of the last write that was applied, also while the database is closed.
  std::uint64_t Sequence() const;

 private:
  // Hears of errors in RocksDB's own threads.
  class Listener;
  enum class Access { kRead, kWrite };

  explicit RocksdbDatabase(RocksdbSetting setting);

  // Comes back from a failure of the disk if it can be done now.
  void Mend() LANDBOOK_EXCLUDES(mend_mutex_);
  // Whether the disk takes what opening the database and the next write put on it.
  bool HasRoom() const;
  bool TakesBytes(std::uint64_t size_bytes) const;
  // Exchanges the database for one that can be written; for one that can be read only when that
  // fails. REQUIRES: the gate is shut.
  void Reopen();
  absl::Status CutUnacknowledged() const;
  absl::Status OpenFor(Access access);

  const RocksdbSetting setting_;
  const std::string path_;
  // Outlives the database, which writes through it.
  const std::unique_ptr<rocksdb::Env> env_;
  // True from an error of the disk until the database was opened again.
  const std::shared_ptr<std::atomic<bool>> ailing_;

  // True when what the manifest holds is not known.
  std::atomic<bool> doubted_ = false;

  // Exchanged only while the gate is shut, and read only inside it.
  mutable DrainGate gate_;
  rocksdb::Options options_;
  std::unique_ptr<rocksdb::DB> database_;
  absl::Status readable_;
  absl::Status writable_;
  // What was applied when the database was closed: no less may be found when it is opened again.
  std::uint64_t last_sequence_ = 0;

  Mutex mend_mutex_;
  std::chrono::steady_clock::time_point next_mend_ LANDBOOK_GUARDED_BY(mend_mutex_);
};

}  // namespace landbook::storage

#endif  // LANDBOOK_STORAGE_ROCKSDB_ROCKSDB_DATABASE_H_
