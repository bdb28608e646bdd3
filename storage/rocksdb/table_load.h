// Large durable writes, which enter the database as finished tables and not through its log: an
// import is made of them. A batch is sorted into files beside the database, which are synced and
// then taken in by one change of the manifest, so all of it is there after a crash or nothing.
// Nothing of it is written twice, and files that overlap no others are never compacted.
#ifndef LANDBOOK_STORAGE_ROCKSDB_TABLE_LOAD_H_
#define LANDBOOK_STORAGE_ROCKSDB_TABLE_LOAD_H_

#include <rocksdb/db.h>
#include <rocksdb/file_system.h>
#include <rocksdb/options.h>
#include <rocksdb/sst_partitioner.h>
#include <rocksdb/status.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "storage/engine.h"

namespace landbook::storage {

// The tables of one write. Their files are gone when the object is, unless the database took them.
class TableLoad {
 public:
  // From so many bytes of keys and values on, files cost less than the log: each is synced.
  static constexpr std::size_t kBytesMin = 1u << 20;
  // Whether the batch is large enough, and of puts and deletions of single keys only.
  static bool Suits(const WriteBatch& batch);
  // Makes the files of compactions end where those of loads end.
  static std::shared_ptr<rocksdb::SstPartitionerFactory> PartitionerForCompactions();
  // `disk`, for a database that loads are taken into: that syncs no table again which Write has
  // synced. Each sync of each file costs a flush of the disk's cache, written to or not.
  static std::shared_ptr<rocksdb::FileSystem> WithoutSecondSyncs(
      std::shared_ptr<rocksdb::FileSystem> disk);
  // Removes the files that a crash has left in the store's directory.
  static void RemoveLeftovers(rocksdb::Env& env, const std::string& directory);

  // `directory` is the store's; `options` are those of the open database; `kinds_in_stretches` is
  // that of the store's options (rocksdb_engine.h).
  TableLoad(std::string directory, const rocksdb::Options& options,
            std::string_view kinds_in_stretches);
  ~TableLoad();
  TableLoad(const TableLoad&) = delete;
  TableLoad& operator=(const TableLoad&) = delete;

  // Writes the files and syncs them. When it fails nothing has happened to the database.
  rocksdb::Status Write(const WriteBatch& batch);
  // Takes them into the database, as of one moment. REQUIRES: Write has returned OK, and what was
  // written before is durable.
  rocksdb::Status TakeInto(rocksdb::DB& database);

 private:
  struct Group;
  rocksdb::Status WriteFiles(std::vector<Group> groups);
  bool IsInStretches(const Group& group) const;
  rocksdb::Status WriteFile(const Group& group, const std::string& file) const;

  const std::string directory_;
  rocksdb::Options options_;
  const std::string kinds_in_stretches_;
  std::vector<std::string> files_;
};

// Moves what flushing has left in the first level, in files that reach over many stretches, to
// files of one stretch each, in the level before the last. While such a file lies there, merging
// two small tables means writing anew everything that it reaches over. Nothing is done when the
// files have more than `bytes_max` bytes, for it takes its time; and what the database is merging
// itself is left to it.
rocksdb::Status SpreadFlushes(rocksdb::DB& database, std::uint64_t bytes_max);

// Merges the small files that loads leave in the first level, where every scan has to look into
// each. Files of many stretches are left to SpreadFlushes.
rocksdb::Status MergeLoads(rocksdb::DB& database);

}  // namespace landbook::storage

#endif  // LANDBOOK_STORAGE_ROCKSDB_TABLE_LOAD_H_
