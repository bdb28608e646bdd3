// Opening a store on a file system of the caller's, for tests whose disk fills up or fails.
#ifndef LANDBOOK_STORAGE_ROCKSDB_ROCKSDB_ENGINE_INTERNAL_H_
#define LANDBOOK_STORAGE_ROCKSDB_ROCKSDB_ENGINE_INTERNAL_H_

#include <memory>

#include "storage/rocksdb/rocksdb_database.h"

namespace landbook::storage {

// As OpenRocksdb with `setting.options` in `setting.directory`, everything written through
// `setting.file_system`. Whether the store is new is found out, whatever `setting.is_new` says.
absl::StatusOr<std::unique_ptr<Engine>> OpenRocksdbWith(RocksdbSetting setting);

}  // namespace landbook::storage

#endif  // LANDBOOK_STORAGE_ROCKSDB_ROCKSDB_ENGINE_INTERNAL_H_
