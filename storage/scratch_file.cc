#include "storage/scratch_file.h"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/types.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>
#include <utility>

#include "fmt/format.h"
#include "storage/check.h"

namespace landbook::storage {

absl::StatusOr<ScratchFile> ScratchFile::Make(const std::string& directory) {
  std::string name = directory + "/scratch-XXXXXX";
  const int descriptor = mkostemp(name.data(), O_CLOEXEC);
  ScratchFile file(descriptor, directory);
  if (descriptor < 0 || unlink(name.c_str()) != 0) return file.Failure("make");
  return file;
}

ScratchFile::ScratchFile(ScratchFile&& other) noexcept
    : descriptor_(std::exchange(other.descriptor_, -1)),
      directory_(std::move(other.directory_)),
      size_(other.size_) {}

ScratchFile& ScratchFile::operator=(ScratchFile&& other) noexcept {
  std::swap(descriptor_, other.descriptor_);
  std::swap(directory_, other.directory_);
  std::swap(size_, other.size_);
  return *this;
}

ScratchFile::~ScratchFile() {
  if (descriptor_ >= 0) close(descriptor_);
}

absl::Status ScratchFile::Failure(std::string_view what) const {
  return absl::UnavailableError(fmt::format("cannot {} a scratch file in {}: {}", what, directory_,
                                            std::generic_category().message(errno)));
}

absl::Status ScratchFile::Append(std::string_view bytes) {
  std::size_t written = 0;
  while (written < bytes.size()) {
    const ssize_t done = pwrite(descriptor_, bytes.data() + written, bytes.size() - written,
                                static_cast<off_t>(size_ + written));
    if (done < 0 && errno == EINTR) continue;
    if (done < 0) return Failure("write");
    written += static_cast<std::size_t>(done);
  }
  size_ += bytes.size();
  return absl::OkStatus();
}

absl::Status ScratchFile::Read(std::uint64_t offset, std::size_t size, std::string* out) const {
  LANDBOOK_CHECK(offset + size <= size_);
  out->resize(size);
  std::size_t taken = 0;
  while (taken < size) {
    const ssize_t done =
        pread(descriptor_, out->data() + taken, size - taken, static_cast<off_t>(offset + taken));
    if (done < 0 && errno == EINTR) continue;
    if (done <= 0) return Failure("read");
    taken += static_cast<std::size_t>(done);
  }
  return absl::OkStatus();
}

}  // namespace landbook::storage
