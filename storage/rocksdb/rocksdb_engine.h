// The engine on disk: RocksDB embedded in the process, the default of every county office.
//
// A store is a directory of its own:
//   LANDBOOK   the marker: which format wrote this; nothing without it is touched
//   OWNER      locked by the process that has the store open, and naming it
//   rocksdb/   the bytes
//   LOAD-*     for a moment only: the tables of a large write (table_load.h), until it is taken in
//   ROOM       for a moment only, after the disk was full: asks whether there is room again
#ifndef LANDBOOK_STORAGE_ROCKSDB_ROCKSDB_ENGINE_H_
#define LANDBOOK_STORAGE_ROCKSDB_ROCKSDB_ENGINE_H_

#include <cstddef>
#include <memory>
#include <string>

#include "storage/engine.h"

namespace landbook::storage {

struct RocksdbOptions {
  // Make a new store when the directory does not exist or is empty. Otherwise that is NOT_FOUND.
  bool create_if_missing = false;
  // Memory for blocks read from disk. Indexes and filters lie beside it: about two bytes a key.
  std::size_t cache_bytes = 64u << 20;
  // Memory for what was written last and is in the log only. The log is bounded by it too, and so
  // is the time that opening takes after a crash.
  std::size_t write_buffer_bytes = 32u << 20;
  // Kinds of keys, each the fifth byte of its keys, that are read in stretches more often than one
  // by one, and never looked for in vain. What large writes bring of them lies in large blocks,
  // which take a tenth less room and are made in two thirds of the time, and has no filter.
  std::string kinds_in_stretches = {};
};

// Opens the store in `directory`. It is closed, and free for others, when the engine is destroyed.
//
// Refuses, changing nothing:
//   NOT_FOUND            no store there, and none was to be made
//   FAILED_PRECONDITION  another process has it open (named by its id); the directory holds other
//                        files; or a newer format, or another engine, wrote it
//   DATA_LOSS            the log or the files contradict their checksums. A last record of the log
//                        that a power cut left unfinished was never acknowledged and is dropped.
absl::StatusOr<std::unique_ptr<Engine>> OpenRocksdb(const std::string& directory,
                                                    const RocksdbOptions& options = {});

}  // namespace landbook::storage

#endif  // LANDBOOK_STORAGE_ROCKSDB_ROCKSDB_ENGINE_H_
