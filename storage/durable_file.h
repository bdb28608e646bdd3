// Small files that are there in whole or not at all, also after a power cut: heads and keys, which
// lie outside the database.
#ifndef LANDBOOK_STORAGE_DURABLE_FILE_H_
#define LANDBOOK_STORAGE_DURABLE_FILE_H_

#include <cstddef>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace landbook::storage {

// The permissions of a new file, as chmod takes them.
enum class FileMode : unsigned { kOwnerOnly = 0600, kEveryoneReads = 0644 };

// Makes `path` a file of exactly `bytes`: written beside it under another name, synced, renamed
// over it, and the directory synced. Whoever reads sees the old file or the new one. UNAVAILABLE,
// with the path and the reason, when the disk or the permissions do not let it; the old file then
// still stands.
absl::Status WriteDurableFile(const std::string& path, std::string_view bytes, FileMode mode);

// The bytes of a file. NOT_FOUND when there is none, INVALID_ARGUMENT when it is larger than
// `size_max`, UNAVAILABLE when it cannot be read.
absl::StatusOr<std::string> ReadSmallFile(const std::string& path, std::size_t size_max);

// Makes the names in a directory as durable as its files.
absl::Status SyncDirectory(const std::string& path);

}  // namespace landbook::storage

#endif  // LANDBOOK_STORAGE_DURABLE_FILE_H_
