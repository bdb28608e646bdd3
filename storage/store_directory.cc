#include "storage/store_directory.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <cstring>
#include <filesystem>
#include <optional>
#include <system_error>

#include "storage/check.h"

namespace landbook::storage {
namespace {

namespace fs = std::filesystem;

std::string In(const std::string& directory, std::string_view name) {
  return fmt::format("{}/{}", directory, name);
}

absl::Status IoFailure(std::string_view action, const std::string& path, int error) {
  return absl::UnavailableError(fmt::format(
      "cannot {} {}: {}", action, path, std::error_code(error, std::generic_category()).message()));
}

// A file descriptor that closes itself.
class File {
 public:
  File(const std::string& path, int flags) : descriptor_(::open(path.c_str(), flags, 0640)) {}
  ~File() {
    if (descriptor_ >= 0) ::close(descriptor_);
  }
  File(const File&) = delete;
  File& operator=(const File&) = delete;

  bool IsOpen() const { return descriptor_ >= 0; }
  int Get() const { return descriptor_; }
  int Release() { return std::exchange(descriptor_, -1); }

 private:
  int descriptor_;
};

absl::Status WriteAll(int descriptor, std::string_view text, const std::string& path) {
  while (!text.empty()) {
    const ssize_t written = ::write(descriptor, text.data(), text.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return IoFailure("write", path, errno);
    text.remove_prefix(static_cast<std::size_t>(written));
  }
  return absl::OkStatus();
}

absl::Status SyncDirectory(const std::string& path) {
  File directory(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (!directory.IsOpen()) return IoFailure("open", path, errno);
  if (::fsync(directory.Get()) != 0) return IoFailure("sync", path, errno);
  return absl::OkStatus();
}

absl::Status WriteDurably(const std::string& path, std::string_view text) {
  File file(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC);
  if (!file.IsOpen()) return IoFailure("create", path, errno);
  if (absl::Status status = WriteAll(file.Get(), text, path); !status.ok()) return status;
  if (::fsync(file.Get()) != 0) return IoFailure("sync", path, errno);
  return SyncDirectory(fs::path(path).parent_path().string());
}

// The beginning of a small file; nullopt when it cannot be read.
std::optional<std::string> ReadSmallFile(const std::string& path) {
  File file(path, O_RDONLY | O_CLOEXEC);
  if (!file.IsOpen()) return std::nullopt;
  std::string text(4096, '\0');
  const ssize_t size = ::read(file.Get(), text.data(), text.size());
  if (size < 0) return std::nullopt;
  text.resize(static_cast<std::size_t>(size));
  return text;
}

std::string MarkerText(std::string_view engine) {
  return fmt::format("landbook store\nformat {}\nengine {}\n", kStoreFormat, engine);
}

// What follows `name` and a space on the line that starts with it.
std::optional<std::string_view> MarkerField(std::string_view text, std::string_view name) {
  const std::string start = fmt::format("\n{} ", name);
  const std::size_t found = text.find(start);
  if (found == std::string_view::npos) return std::nullopt;
  text.remove_prefix(found + start.size());
  const std::size_t end = text.find('\n');
  if (end == std::string_view::npos) return std::nullopt;
  return text.substr(0, end);
}

absl::Status CheckMarker(const std::string& directory, std::string_view engine) {
  const std::string path = In(directory, kMarkerName);
  const std::optional<std::string> text = ReadSmallFile(path);
  if (!text) return IoFailure("read", path, errno);
  const auto format_text = MarkerField(*text, "format");
  const auto written_by = MarkerField(*text, "engine");
  int format = 0;
  if (format_text) std::from_chars(format_text->begin(), format_text->end(), format);
  if (!text->starts_with("landbook store\n") || format < 1 || !written_by) {
    return absl::DataLossError(fmt::format(
        "{} does not read as the marker of a store; restore the store from a backup", path));
  }
  if (format > kStoreFormat) {
    return absl::FailedPreconditionError(fmt::format(
        "the store {} has format {} and this program reads formats up to {}; use a newer landbook",
        directory, format, kStoreFormat));
  }
  if (*written_by != engine) {
    return absl::FailedPreconditionError(
        fmt::format("the store {} was made by the engine {} and cannot be opened with {}",
                    directory, *written_by, engine));
  }
  return absl::OkStatus();
}

enum class Contents { kNothing, kDraft, kStore, kForeign };

absl::StatusOr<Contents> LookInto(const std::string& directory) {
  std::error_code error;
  if (fs::exists(In(directory, kMarkerName), error)) return Contents::kStore;
  if (fs::exists(In(directory, kMarkerDraftName), error)) return Contents::kDraft;
  const fs::file_status status = fs::status(directory, error);
  if (status.type() == fs::file_type::not_found) return Contents::kNothing;
  if (status.type() != fs::file_type::directory) return Contents::kForeign;
  const bool is_empty = fs::is_empty(directory, error);
  if (error) return IoFailure("look into", directory, error.value());
  return is_empty ? Contents::kNothing : Contents::kForeign;
}

absl::Status StartCreation(const std::string& directory, std::string_view engine) {
  std::error_code error;
  fs::create_directories(directory, error);
  if (error) return IoFailure("create", directory, error.value());
  if (absl::Status status = WriteDurably(In(directory, kMarkerDraftName), MarkerText(engine));
      !status.ok()) {
    return status;
  }
  const fs::path parent = fs::absolute(directory, error).lexically_normal().parent_path();
  return SyncDirectory(parent.string());
}

absl::Status HeldElsewhere(const std::string& directory, std::string_view owner) {
  const std::size_t end = owner.find('\n');
  return absl::FailedPreconditionError(
      fmt::format("the store {} is open in process {}; stop that process first", directory,
                  end == std::string_view::npos ? "of unknown id" : owner.substr(0, end)));
}

// Locks the owner file and writes this process into it. The lock decides and ends with its process,
// so an owner file that a crash left behind is only overwritten.
absl::StatusOr<int> Lock(const std::string& directory) {
  const std::string path = In(directory, kOwnerName);
  File file(path, O_RDWR | O_CREAT | O_CLOEXEC);
  if (!file.IsOpen()) return IoFailure("open", path, errno);
  if (::flock(file.Get(), LOCK_EX | LOCK_NB) != 0) {
    if (errno != EWOULDBLOCK) return IoFailure("lock", path, errno);
    return HeldElsewhere(directory, ReadSmallFile(path).value_or(""));
  }
  if (::ftruncate(file.Get(), 0) != 0) return IoFailure("write", path, errno);
  const std::string owner = fmt::format("{}\n", ::getpid());
  if (absl::Status status = WriteAll(file.Get(), owner, path); !status.ok()) return status;
  return file.Release();
}

absl::Status RefuseContents(const std::string& directory, Contents contents) {
  if (contents == Contents::kForeign) {
    return absl::FailedPreconditionError(
        fmt::format("{} holds files but no store ({} is missing); name an empty directory, or the "
                    "directory of a store",
                    directory, kMarkerName));
  }
  return absl::NotFoundError(fmt::format("there is no store in {}", directory));
}

}  // namespace

absl::StatusOr<StoreDirectory> StoreDirectory::Open(const std::string& path,
                                                    std::string_view engine,
                                                    bool create_if_missing) {
  auto contents = LookInto(path);
  if (!contents.ok()) return contents.status();
  if (*contents == Contents::kForeign || (*contents != Contents::kStore && !create_if_missing)) {
    return RefuseContents(path, *contents);
  }
  if (*contents == Contents::kNothing) {
    if (absl::Status status = StartCreation(path, engine); !status.ok()) return status;
  }
  auto lock = Lock(path);
  if (!lock.ok()) return lock.status();
  // Looked at again under the lock: another process may have finished the creation meanwhile.
  std::error_code error;
  const bool is_new = !fs::exists(In(path, kMarkerName), error);
  StoreDirectory directory(path, is_new, *lock);
  if (!directory.is_new_) {
    if (absl::Status status = CheckMarker(path, engine); !status.ok()) return status;
  }
  return directory;
}

StoreDirectory::~StoreDirectory() {
  if (lock_descriptor_ >= 0) ::close(lock_descriptor_);
}

absl::Status StoreDirectory::FinishCreation(std::string_view engine) {
  LANDBOOK_CHECK(is_new_);
  // Written again, since a crash may have left the draft unfinished.
  if (absl::Status status = WriteDurably(In(path_, kMarkerDraftName), MarkerText(engine));
      !status.ok()) {
    return status;
  }
  std::error_code error;
  fs::rename(In(path_, kMarkerDraftName), In(path_, kMarkerName), error);
  if (error) return IoFailure("create", In(path_, kMarkerName), error.value());
  if (absl::Status status = SyncDirectory(path_); !status.ok()) return status;
  is_new_ = false;
  return absl::OkStatus();
}

absl::Status WriteMarker(const std::string& directory, std::string_view engine) {
  return WriteDurably(In(directory, kMarkerName), MarkerText(engine));
}

}  // namespace landbook::storage
