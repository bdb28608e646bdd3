// The directory of a store on disk: whose it is, who has it open, and which format wrote it.
#ifndef LANDBOOK_STORAGE_STORE_DIRECTORY_H_
#define LANDBOOK_STORAGE_STORE_DIRECTORY_H_

#include <absl/status/status.h>
#include <absl/status/statusor.h>

#include <string>
#include <string_view>
#include <utility>

namespace landbook::storage {

// The format that this program writes, and the newest that it reads.
inline constexpr int kStoreFormat = 1;

// The names of the files that make a directory a store.
inline constexpr std::string_view kMarkerName = "LANDBOOK";
inline constexpr std::string_view kMarkerDraftName = "LANDBOOK.new";
inline constexpr std::string_view kOwnerName = "OWNER";

// A store's directory, held under a lock from opening to destruction.
//
// A new store is marked in two steps so that a crash while it is made is told from a store whose
// files were lost: a draft of the marker comes first, and becomes the marker when the engine's own
// files are durable.
class StoreDirectory {
 public:
  // Takes the directory for `engine` (such as "rocksdb"). With `create_if_missing` a directory that
  // does not exist or is empty becomes a store. Otherwise, and for a directory that is not a store,
  // is open elsewhere, or was written by a newer format or another engine, refuses as OpenRocksdb
  // says.
  static absl::StatusOr<StoreDirectory> Open(const std::string& path, std::string_view engine,
                                             bool create_if_missing);

  ~StoreDirectory();
  StoreDirectory(StoreDirectory&& other) noexcept
      : path_(std::move(other.path_)),
        is_new_(other.is_new_),
        lock_descriptor_(std::exchange(other.lock_descriptor_, -1)) {}
  StoreDirectory& operator=(StoreDirectory&&) = delete;

  const std::string& Path() const { return path_; }

  // True until FinishCreation: the engine's files are yet to be made.
  bool IsNew() const { return is_new_; }

  // Writes the marker in the draft's place, durably. REQUIRES: IsNew().
  absl::Status FinishCreation(std::string_view engine);

 private:
  StoreDirectory(std::string path, bool is_new, int lock_descriptor)
      : path_(std::move(path)), is_new_(is_new), lock_descriptor_(lock_descriptor) {}

  std::string path_;
  bool is_new_;
  int lock_descriptor_;
};

// Writes the marker of `engine` into `directory`, which holds a finished copy of a store.
absl::Status WriteMarker(const std::string& directory, std::string_view engine);

}  // namespace landbook::storage

#endif  // LANDBOOK_STORAGE_STORE_DIRECTORY_H_
