#include "storage/rocksdb/rocksdb_status.h"

#include <fmt/format.h>

namespace landbook::storage {

absl::Status FromRocksdb(const rocksdb::Status& status, const std::string& directory) {
  if (status.ok()) return absl::OkStatus();
  if (status.IsNoSpace() || status.subcode() == rocksdb::Status::kSpaceLimit) {
    return absl::UnavailableError(fmt::format(
        "the disk that holds the store {} is full: reading goes on; make room, 64 MB or more, and "
        "writing goes on by itself ({})",
        directory, status.ToString()));
  }
  if (status.IsCorruption()) {
    return absl::DataLossError(
        fmt::format("the store {} is damaged: {}; keep it as it is and restore from a backup",
                    directory, status.ToString()));
  }
  if (status.IsInvalidArgument() || status.IsNotSupported()) {
    return absl::InternalError(
        fmt::format("RocksDB refused a call on the store {}: {}", directory, status.ToString()));
  }
  return absl::UnavailableError(
      fmt::format("the store {} cannot be used for now: {}", directory, status.ToString()));
}

}  // namespace landbook::storage
