// From a RocksDB status to ours.
#ifndef LANDBOOK_STORAGE_ROCKSDB_ROCKSDB_STATUS_H_
#define LANDBOOK_STORAGE_ROCKSDB_ROCKSDB_STATUS_H_

#include <absl/status/status.h>
#include <rocksdb/status.h>

#include <string>

namespace landbook::storage {

// The meaning of `status` for the store in `directory`, as engine.h lists meanings. The text names
// files, offsets and the system's own error, and what to do.
absl::Status FromRocksdb(const rocksdb::Status& status, const std::string& directory);

}  // namespace landbook::storage

#endif  // LANDBOOK_STORAGE_ROCKSDB_ROCKSDB_STATUS_H_
