#include "storage/durable_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>

#include "fmt/format.h"

namespace landbook::storage {
namespace {

absl::Status SystemError(std::string_view what, const std::string& path) {
  const int error = errno;
  const std::string message = fmt::format("cannot {} {}: {}", what, path, std::strerror(error));
  return error == ENOENT ? absl::NotFoundError(message) : absl::UnavailableError(message);
}

// A file descriptor that closes itself.
class Descriptor {
 public:
  explicit Descriptor(int number) : number_(number) {}
  ~Descriptor() {
    if (number_ >= 0) ::close(number_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;

  bool open() const { return number_ >= 0; }
  int number() const { return number_; }

 private:
  int number_;
};

bool WriteAll(int file, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(file, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  return true;
}

absl::Status WriteAndSync(const std::string& path, std::string_view bytes, FileMode mode) {
  const auto permissions = static_cast<mode_t>(mode);
  const Descriptor file(::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, permissions));
  if (!file.open()) return SystemError("create", path);
  // The process's umask may have taken permissions away.
  if (::fchmod(file.number(), permissions) != 0) return SystemError("set the mode of", path);
  if (!WriteAll(file.number(), bytes)) return SystemError("write", path);
  if (::fsync(file.number()) != 0) return SystemError("sync", path);
  return absl::OkStatus();
}

}  // namespace

absl::Status WriteDurableFile(const std::string& path, std::string_view bytes, FileMode mode) {
  const std::string unfinished = fmt::format("{}.{}.unfinished", path, ::getpid());
  ::unlink(unfinished.c_str());  // left by an earlier process of the same number
  absl::Status written = WriteAndSync(unfinished, bytes, mode);
  if (written.ok() && std::rename(unfinished.c_str(), path.c_str()) != 0) {
    written = SystemError("replace", path);
  }
  if (!written.ok()) {
    ::unlink(unfinished.c_str());
    return written;
  }
  const std::string directory = std::filesystem::path(path).parent_path().string();
  return SyncDirectory(directory.empty() ? "." : directory);
}

absl::StatusOr<std::string> ReadSmallFile(const std::string& path, std::size_t size_max) {
  const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!file.open()) return SystemError("open", path);
  std::string bytes;
  char buffer[4096];
  while (true) {
    const ssize_t came = ::read(file.number(), buffer, sizeof(buffer));
    if (came < 0 && errno == EINTR) continue;
    if (came < 0) return SystemError("read", path);
    if (came == 0) return bytes;
    bytes.append(buffer, static_cast<std::size_t>(came));
    if (bytes.size() > size_max) {
      return absl::InvalidArgumentError(fmt::format(
          "{} is larger than {} bytes, so it is not what was written there", path, size_max));
    }
  }
}

absl::Status SyncDirectory(const std::string& path) {
  const Descriptor directory(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!directory.open()) return SystemError("open", path);
  if (::fsync(directory.number()) != 0) return SystemError("sync", path);
  return absl::OkStatus();
}

}  // namespace landbook::storage
