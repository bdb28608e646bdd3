// What a crash may have left at the end of RocksDB's write-ahead log, told apart from damage.
//
// A power cut may leave the last, never acknowledged record unfinished; the store must open. Damage
// to a record that was acknowledged must be refused. RocksDB tells the two apart by where the file
// ends, so one changed byte in the length of a record makes it drop every record behind in silence.
// Here a record that cannot be read is an unfinished one only when nothing durable follows it.
#ifndef LANDBOOK_STORAGE_ROCKSDB_WRITE_AHEAD_LOG_H_
#define LANDBOOK_STORAGE_ROCKSDB_WRITE_AHEAD_LOG_H_

#include <absl/status/status.h>
#include <absl/status/statusor.h>
#include <rocksdb/write_batch.h>

#include <cstdint>
#include <string>

namespace landbook::storage {

// Marks a batch, which must be empty as yet, as one that is synced before it is acknowledged. The
// mark is a note in the log (PutLogData) and no part of the data.
void MarkDurable(rocksdb::WriteBatch& batch);

// Looks through the logs of the database in `path`, before it is opened. Cuts off what a power cut
// left unfinished, together with the buffered writes behind it. DATA_LOSS, with file and offset and
// nothing changed, when a durable write follows a record that cannot be read: such a record was
// synced, so it was damaged later. A database that does not exist yet is in order.
absl::Status TrimUnfinishedTail(const std::string& path);

// Cuts every write behind `last_sequence` off the logs of the database in `path`, which is closed.
// For a process that closed it after an error and knows what it acknowledged: a write that was
// answered as failed may lie in the log all the same, whole, when only syncing it failed. It must
// not come to life when the database is opened again under callers who were told.
// REQUIRES: TrimUnfinishedTail has been through the logs.
absl::Status CutBehind(const std::string& path, std::uint64_t last_sequence);

// The bytes of all logs of the database in `path`.
absl::StatusOr<std::uint64_t> LogBytes(const std::string& path);

}  // namespace landbook::storage

#endif  // LANDBOOK_STORAGE_ROCKSDB_WRITE_AHEAD_LOG_H_
