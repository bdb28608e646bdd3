// A disk that fills up, and fails, on command: for tests that need neither a small disk nor the
// right to mount one.
#ifndef LANDBOOK_STORAGE_ROCKSDB_FAILING_DISK_TESTING_H_
#define LANDBOOK_STORAGE_ROCKSDB_FAILING_DISK_TESTING_H_

#include <rocksdb/file_system.h>

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <limits>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

namespace landbook::storage {

// The files lie where they would without it, so that they are read and changed by any other means.
// Room is taken by what is appended and never given back by itself: a test says how much there is.
class FailingDisk final : public rocksdb::FileSystemWrapper {
 public:
  static constexpr std::uint64_t kAmpleBytes = std::numeric_limits<std::uint64_t>::max() / 2;

  FailingDisk() : rocksdb::FileSystemWrapper(rocksdb::FileSystem::Default()) {}
  static const char* kClassName() { return "FailingDisk"; }
  const char* Name() const override { return kClassName(); }

  // From now on this many bytes fit. What does not fit is written as far as it does.
  void SetRoom(std::uint64_t bytes) { room_bytes_ = bytes; }
  // Whether syncing fails for want of room, after everything was written.
  void FailSyncs(bool fails) { syncs_fail_ = fails; }
  // The next file whose path holds `part` cannot be made. An empty part ends that.
  // REQUIRES: nothing is written meanwhile.
  void FailNextFileNamed(std::string part) { failing_name_ = std::move(part); }
  // How many files were begun whose path holds the word ROOM: the engine's questions for room.
  int Probes() const { return probes_; }
  // How often a file was synced whose path held the word LOAD when it was made, and how many files
  // were opened to be written on.
  int LoadSyncs() const { return load_syncs_; }
  int Reopened() const { return reopened_; }

  rocksdb::IOStatus NewWritableFile(const std::string& path, const rocksdb::FileOptions& options,
                                    std::unique_ptr<rocksdb::FSWritableFile>* file,
                                    rocksdb::IODebugContext* debug) override;
  rocksdb::IOStatus ReopenWritableFile(const std::string& path, const rocksdb::FileOptions& options,
                                       std::unique_ptr<rocksdb::FSWritableFile>* file,
                                       rocksdb::IODebugContext* debug) override {
    ++reopened_;
    return target()->ReopenWritableFile(path, options, file, debug);
  }
  rocksdb::IOStatus GetFreeSpace(const std::string&, const rocksdb::IOOptions&,
                                 std::uint64_t* free_bytes, rocksdb::IODebugContext*) override {
    *free_bytes = tells_room_ ? room_bytes_.load() : kAmpleBytes;
    return rocksdb::IOStatus::OK();
  }
  // Whether the room is told to those who ask, as under a quota it is not.
  void TellRoom(bool tells) { tells_room_ = tells; }

  static rocksdb::IOStatus Full() {
    rocksdb::IOStatus status = rocksdb::IOStatus::NoSpace("No space left on device");
    status.SetRetryable(true);
    return status;
  }

 private:
  class File;

  // Takes up to `bytes` of the room, and gives how many.
  std::uint64_t Take(std::uint64_t bytes) {
    std::uint64_t room = room_bytes_;
    while (!room_bytes_.compare_exchange_weak(room, room - std::min(room, bytes))) {
    }
    return std::min(room, bytes);
  }

  std::atomic<std::uint64_t> room_bytes_ = kAmpleBytes;
  std::atomic<bool> tells_room_ = true;
  std::atomic<bool> syncs_fail_ = false;
  std::atomic<int> probes_ = 0;
  std::atomic<int> load_syncs_ = 0;
  std::atomic<int> reopened_ = 0;
  std::string failing_name_;
};

class FailingDisk::File final : public rocksdb::FSWritableFileOwnerWrapper {
 public:
  File(std::unique_ptr<rocksdb::FSWritableFile> file, FailingDisk* disk, bool is_load)
      : rocksdb::FSWritableFileOwnerWrapper(std::move(file)), disk_(disk), is_load_(is_load) {}

  rocksdb::IOStatus Append(const rocksdb::Slice& data, const rocksdb::IOOptions& options,
                           rocksdb::IODebugContext* debug) override {
    const std::uint64_t fits = disk_->Take(data.size());
    const rocksdb::IOStatus status =
        target()->Append(rocksdb::Slice(data.data(), fits), options, debug);
    return status.ok() && fits < data.size() ? Full() : status;
  }
  rocksdb::IOStatus Append(const rocksdb::Slice& data, const rocksdb::IOOptions& options,
                           const rocksdb::DataVerificationInfo&,
                           rocksdb::IODebugContext* debug) override {
    return Append(data, options, debug);
  }
  rocksdb::IOStatus Sync(const rocksdb::IOOptions& options,
                         rocksdb::IODebugContext* debug) override {
    disk_->load_syncs_ += is_load_ ? 1 : 0;
    return disk_->syncs_fail_ ? Full() : target()->Sync(options, debug);
  }
  rocksdb::IOStatus Fsync(const rocksdb::IOOptions& options,
                          rocksdb::IODebugContext* debug) override {
    return disk_->syncs_fail_ ? Full() : target()->Fsync(options, debug);
  }

 private:
  FailingDisk* disk_;
  const bool is_load_;
};

inline rocksdb::IOStatus FailingDisk::NewWritableFile(
    const std::string& path, const rocksdb::FileOptions& options,
    std::unique_ptr<rocksdb::FSWritableFile>* file, rocksdb::IODebugContext* debug) {
  if (!failing_name_.empty() && path.find(failing_name_) != std::string::npos) {
    failing_name_.clear();
    return Full();
  }
  if (path.ends_with("/ROOM")) ++probes_;
  std::unique_ptr<rocksdb::FSWritableFile> made;
  rocksdb::IOStatus status = target()->NewWritableFile(path, options, &made, debug);
  if (status.ok())
    *file = std::make_unique<File>(std::move(made), this, path.find("LOAD") != path.npos);
  return status;
}

}  // namespace landbook::storage

#endif  // LANDBOOK_STORAGE_ROCKSDB_FAILING_DISK_TESTING_H_
